/* Guesses of what a plugin shows to whoever knows its code, counted by the address that asks. */
#include "curb/clock.h"
#include "inside.h"
#include "signing.h"

struct guess {
	struct people_try try;
	int64_t now_ms;
};

static struct guess guess_of(struct curb_req *req, const char *what)
{
	return (struct guess){
		.try = { .kind = PEOPLE_TRY_GUESS, .name = curb_str(what), .address = http_address(req) },
		.now_ms = curb_wall_ms()
	};
}

int curb_guess_allowed(struct curb_req *req, const char *what)
{
	const struct guess guess = guess_of(req, what);
	int64_t wait_s = 0;
	return people_try_allowed(curb_req_tx(req), &guess.try, guess.now_ms, &wait_s);
}

static int note_wrong(struct curb_tx *tx, void *arg)
{
	const struct guess *guess = arg;
	return people_note_try(tx, &guess->try, false, guess->now_ms);
}

int curb_guess_wrong(struct curb_req *req, const char *what)
{
	struct guess guess = guess_of(req, what);
	return curb_write(req, curb_str(NULL), note_wrong, &guess);
}
