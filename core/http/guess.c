/* Guesses of what a plugin shows to whoever knows its code: of who is signed in counted by her account, so that one who mistypes slows
 * nobody in her room; of others by the address that asks. */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"
#include "signing.h"

enum { TEXT_SIZE = 512 };

struct guess {
	struct people_try tries[2]; /* the second, of a room, only where somebody is signed in */
	size_t n;
	int64_t now_ms;
	curb_write_fn look;
	void *arg;
	bool wrong; /* result: an error would take back that it was counted */
	char text[TEXT_SIZE], local[TEXT_SIZE];
};

static int look_once(struct curb_tx *tx, void *arg)
{
	struct guess *guess = arg;
	int64_t wait_s = 0;
	int err = 0;
	for (size_t i = 0; !err && i < guess->n; i++)
		err = people_try_allowed(tx, &guess->tries[i], guess->now_ms, &wait_s);
	if (!err)
		err = guess->look(tx, guess->arg);
	guess->wrong = err == CURB_ENOTFOUND;
	(void)snprintf(guess->text, sizeof guess->text, "%s", curb_error_text());
	(void)snprintf(guess->local, sizeof guess->local, "%s", curb_error_local());
	if (!guess->wrong)
		return err;
	err = 0;
	for (size_t i = 0; !err && i < guess->n; i++)
		err = people_note_try(tx, &guess->tries[i], false, guess->now_ms);
	return err;
}

int curb_guess(struct curb_req *req, const char *what, curb_write_fn look, void *arg)
{
	const struct curb_id *user = &curb_req_user(req)->id;
	bool known = curb_id_some(user);
	struct guess guess = { .tries = { { .kind = PEOPLE_TRY_GUESS,
		                            .name = curb_str(what),
		                            .address = known ? curb_id_str(user) : http_address(req) },
		                          { .kind = PEOPLE_TRY_ROOM,
		                            .name = curb_str(what),
		                            .address = http_address(req) } },
		               .n = known ? 2 : 1,
		               .now_ms = curb_wall_ms(),
		               .look = look,
		               .arg = arg };
	int err = curb_write(req, curb_str(NULL), look_once, &guess);
	if (err || !guess.wrong)
		return err;
	curb_error_set(guess.text, guess.local);
	return CURB_ENOTFOUND;
}
