/* Guesses of what a plugin shows to whoever knows its code, counted by the address that asks. */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"
#include "signing.h"

enum { TEXT_SIZE = 512 };

struct guess {
	struct people_try try;
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
	int err = people_try_allowed(tx, &guess->try, guess->now_ms, &wait_s);
	if (!err)
		err = guess->look(tx, guess->arg);
	guess->wrong = err == CURB_ENOTFOUND;
	(void)snprintf(guess->text, sizeof guess->text, "%s", curb_error_text());
	(void)snprintf(guess->local, sizeof guess->local, "%s", curb_error_local());
	return guess->wrong ? people_note_try(tx, &guess->try, false, guess->now_ms) : err;
}

int curb_guess(struct curb_req *req, const char *what, curb_write_fn look, void *arg)
{
	struct guess guess = {
		.try = { .kind = PEOPLE_TRY_GUESS, .name = curb_str(what), .address = http_address(req) },
		.now_ms = curb_wall_ms(),
		.look = look,
		.arg = arg
	};
	int err = curb_write(req, curb_str(NULL), look_once, &guess);
	if (err || !guess.wrong)
		return err;
	curb_error_set(guess.text, guess.local);
	return CURB_ENOTFOUND;
}
