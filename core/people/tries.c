/* Failed tries, counted by name and place. The place is a known device, or an address; codes and second steps have counts
 * of their own, so that one way in never slows another.
 */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"

enum {
	FREE_TRIES = 5,
	LONGEST_WAIT_S = 60,
	FORGET_MS = 3600 * 1000,
	PIN_TRIES = 20,
	DAY_MS = 24 * 3600 * 1000
};

/* The name that tries are counted under: nobody has a longer one. Cut between characters. */
static struct curb_str tried_name(struct curb_tx *tx, struct curb_str name)
{
	struct curb_str who = people_folded(tx, name);
	if (who.len <= PEOPLE_NAME_LONGEST)
		return who;
	who.len = PEOPLE_NAME_LONGEST;
	while (who.len > 0 && ((unsigned char)who.ptr[who.len] & 0xc0) == 0x80)
		who.len--;
	return who;
}

static struct curb_str place_of(struct curb_tx *tx, const struct people_try *try)
{
	static const char *const ways[] = { [PEOPLE_TRY_PASSWORD] = "",
		                            [PEOPLE_TRY_PIN] = "",
		                            [PEOPLE_TRY_CODE] = "code ",
		                            [PEOPLE_TRY_SECOND] = "second " };
	struct curb_str place = try->device.ptr ? try->device : try->address;
	return curb_str(curb_printf(curb_tx_arena(tx), "%s%.*s", ways[try->kind], (int)place.len, place.ptr));
}

/* All unknown devices together. */
static const char anywhere[] = "pin anywhere";

static bool counts_anywhere(const struct people_try *try)
{
	return try->kind == PEOPLE_TRY_PIN && !try->device.ptr;
}

static int failed_at(struct curb_tx *tx, struct curb_str name, struct curb_str place, int64_t *ret_failed,
                     int64_t *ret_last_ms)
{
	static const char sql[] = "SELECT failed, last_ms FROM core_try WHERE name = $1 AND address = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(name), curb_text(place)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_failed = err ? curb_col_int(stmt, 0) : 0;
	*ret_last_ms = err ? curb_col_int(stmt, 1) : 0;
	return 0;
}

int people_try_allowed(struct curb_tx *tx, const struct people_try *try, int64_t now_ms, int64_t *ret_wait_s)
{
	struct curb_str name = tried_name(tx, try->name);
	int64_t failed = 0, last_ms = 0;
	int err = counts_anywhere(try) ? failed_at(tx, name, curb_str(anywhere), &failed, &last_ms) : 0;
	if (err)
		return err;
	if (failed >= PIN_TRIES && now_ms - last_ms < DAY_MS) {
		*ret_wait_s = 0;
		return curb_fail(
			CURB_ESLOW,
			"Somebody tried many PINs, so on a new device your PIN is not taken for a day. Your "
			"account is not locked: use a device that you used before, a passkey, or ask your "
			"teacher for a sign-in code");
	}
	err = failed_at(tx, name, place_of(tx, try), &failed, &last_ms);
	int64_t since_ms = now_ms - last_ms;
	if (err || failed < FREE_TRIES || since_ms >= FORGET_MS || since_ms < 0)
		return err;
	int64_t doublings = failed - FREE_TRIES;
	int64_t wait_s = doublings > 5 ? LONGEST_WAIT_S : INT64_C(1) << doublings;
	if (since_ms >= wait_s * 1000)
		return 0;
	*ret_wait_s = wait_s - since_ms / 1000;
	return curb_fail(CURB_ESLOW, "Wait %lld seconds before the next try. Your account is not locked",
	                 (long long)*ret_wait_s);
}

static int count(struct curb_tx *tx, struct curb_str name, struct curb_str place, int64_t now_ms,
                 int64_t kept_ms)
{
	static const char sql[] =
		"INSERT INTO core_try (name, address, failed, last_ms) VALUES ($1, $2, 1, $3) "
		"ON CONFLICT (name, address) DO UPDATE SET last_ms = $3, "
		"failed = CASE WHEN core_try.last_ms < $4 THEN 1 ELSE core_try.failed + 1 END";
	return curb_exec(
		&curb_core_host, tx, sql,
		CURB_BINDS(curb_text(name), curb_text(place), curb_int(now_ms), curb_int(now_ms - kept_ms)),
		NULL);
}

int people_note_try(struct curb_tx *tx, const struct people_try *try, bool ok, int64_t now_ms)
{
	static const char forget[] = "DELETE FROM core_try WHERE name = $1 AND address = $2";
	static const char old[] = "DELETE FROM core_try WHERE last_ms < $1";
	struct curb_str name = tried_name(tx, try->name), place = place_of(tx, try);
	int err = curb_exec(&curb_core_host, tx, old, CURB_BINDS(curb_int(now_ms - DAY_MS)), NULL);
	if (!err && ok)
		return curb_exec(&curb_core_host, tx, forget, CURB_BINDS(curb_text(name), curb_text(place)),
		                 NULL);
	if (!err)
		err = count(tx, name, place, now_ms, FORGET_MS);
	if (!err && counts_anywhere(try))
		err = count(tx, name, curb_str(anywhere), now_ms, DAY_MS);
	return err;
}
