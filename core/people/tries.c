/* Failed tries, counted by name and place. The place is a known device, or an address; codes and second steps have counts
 * of their own, so that one way in never slows another. What was typed may be a phone number, or a password in the wrong
 * field: a keyed hash of it is kept.
 */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "signing.h"

enum { FREE_TRIES = 5, LONGEST_WAIT_S = 60, FORGET_MS = 3600 * 1000, DAY_MS = 24 * 3600 * 1000, PROOFS = 20 };

/* Where tries from all unknown devices count together as well, and how many end it for a day. */
struct together {
	const char *place;
	int64_t most;
};

/* The name that tries are counted under: a phone number is one however it is spelled. */
static int tried_name(struct curb_tx *tx, struct curb_str name, struct curb_str *ret_who)
{
	struct curb_str phone = people_phone_plain(tx, name);
	*ret_who = curb_blind_index(tx, "core_try", "name", phone.ptr ? phone : people_folded(tx, name));
	return ret_who->ptr ? 0 : curb_fail(CURB_EINTERNAL, "there is no key for the tries of signing in");
}

static struct curb_str place_of(struct curb_tx *tx, const struct people_try *try)
{
	static const char *const ways[] = {
		[PEOPLE_TRY_PASSWORD] = "",          [PEOPLE_TRY_PIN] = "",
		[PEOPLE_TRY_CODE] = "code ",         [PEOPLE_TRY_SECOND] = "second ",
		[PEOPLE_TRY_RECOVERY] = "recovery ", [PEOPLE_TRY_PROOF] = "proof ",
		[PEOPLE_TRY_GUESS] = "guess ",       [PEOPLE_TRY_ROOM] = "room "
	};
	struct curb_str place = try->device.ptr ? try->device : try->address;
	return curb_str(curb_printf(curb_tx_arena(tx), "%s%.*s", ways[try->kind], (int)place.len, place.ptr));
}

/* Absent for what cannot be guessed within a life, and where she signed in before. */
static struct together together_of(const struct people_try *try)
{
	static const struct together togethers[] = { [PEOPLE_TRY_PIN] = { "pin anywhere", 20 },
		                                     [PEOPLE_TRY_SECOND] = { "second anywhere", 20 },
		                                     [PEOPLE_TRY_RECOVERY] = { "recovery anywhere", 100 },
		                                     [PEOPLE_TRY_PROOF] = { NULL, 0 },
		                                     [PEOPLE_TRY_GUESS] = { NULL, 0 },
		                                     [PEOPLE_TRY_ROOM] = { NULL, 0 } };
	return try->device.ptr ? (struct together){ NULL, 0 } : togethers[try->kind];
}

static int told_of(enum people_try_kind kind)
{
	if (kind == PEOPLE_TRY_PROOF)
		return curb_fail(
			CURB_ESLOW,
			"There were too many wrong tries here for one day. Sign out and in again: then this "
			"page asks for nothing for ten minutes. Your account is not locked");
	if (kind == PEOPLE_TRY_PIN)
		return curb_fail(
			CURB_ESLOW,
			"Somebody tried many PINs, so on a new device your PIN is not taken for a day. Your "
			"account is not locked: use a device that you used before, a passkey, or ask your "
			"teacher for a sign-in code");
	return curb_fail(
		CURB_ESLOW,
		"Somebody who knows your password tried many numbers, so on a new device none is taken for a "
		"day. Your account is not locked: use a device that you used before, a recovery code or a "
		"passkey, and then choose another password");
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
	struct together together = together_of(try);
	struct curb_str name;
	int64_t failed = 0, last_ms = 0;
	int err = tried_name(tx, try->name, &name);
	if (!err && together.place)
		err = failed_at(tx, name, curb_str(together.place), &failed, &last_ms);
	if (err)
		return err;
	if (together.place && failed >= together.most && now_ms - last_ms < DAY_MS) {
		*ret_wait_s = 0;
		return told_of(try->kind);
	}
	err = failed_at(tx, name, place_of(tx, try), &failed, &last_ms);
	int64_t since_ms = now_ms - last_ms;
	if (!err && try->kind == PEOPLE_TRY_PROOF && failed >= PROOFS && since_ms < DAY_MS)
		return told_of(try->kind);
	int64_t free_tries = try->kind == PEOPLE_TRY_ROOM ? PEOPLE_ROOM_TRIES : FREE_TRIES;
	if (err || failed < free_tries || since_ms >= FORGET_MS || since_ms < 0)
		return err;
	int64_t doublings = failed - free_tries;
	int64_t wait_s = doublings > 5 ? LONGEST_WAIT_S : INT64_C(1) << doublings;
	if (since_ms >= wait_s * 1000)
		return 0;
	*ret_wait_s = wait_s - since_ms / 1000;
	if (try->kind == PEOPLE_TRY_GUESS || try->kind == PEOPLE_TRY_ROOM)
		return curb_fail(CURB_ESLOW, "Wait %lld seconds before the next try", (long long)*ret_wait_s);
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

static int forget(struct curb_tx *tx, struct curb_str name, struct curb_str place)
{
	static const char sql[] = "DELETE FROM core_try WHERE name = $1 AND address = $2";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_text(name), curb_text(place)), NULL);
}

int people_note_try(struct curb_tx *tx, const struct people_try *try, bool ok, int64_t now_ms)
{
	static const char old[] = "DELETE FROM core_try WHERE last_ms < $1";
	struct together together = together_of(try);
	struct curb_str name, place = place_of(tx, try);
	int err = tried_name(tx, try->name, &name);
	if (!err)
		err = curb_exec(&curb_core_host, tx, old, CURB_BINDS(curb_int(now_ms - DAY_MS)), NULL);
	if (!err)
		err = ok ? forget(tx, name, place) :
		           count(tx, name, place, now_ms, try->kind == PEOPLE_TRY_PROOF ? DAY_MS : FORGET_MS);
	if (err || !together.place)
		return err;
	return ok ? forget(tx, name, curb_str(together.place)) :
	            count(tx, name, curb_str(together.place), now_ms, DAY_MS);
}

int people_take_try(struct curb_tx *tx, const struct people_try *try, int64_t now_ms)
{
	int64_t wait_s = 0;
	int err = people_try_allowed(tx, try, now_ms, &wait_s);
	return err ? err : people_note_try(tx, try, false, now_ms);
}

int people_forget_tries(struct curb_tx *tx, const struct curb_id *person)
{
	static const char sql[] = "DELETE FROM core_try WHERE name = $1";
	struct curb_str name;
	int err = tried_name(tx, curb_id_str(person), &name);
	return err ? err : curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_text(name)), NULL);
}
