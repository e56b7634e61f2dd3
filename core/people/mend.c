/* A wrong name is mended, and two accounts of one person become one. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "roles.h"
#include "signing.h"

enum { NAME_LONGEST = 90 };

/* What she signs in with. */
static int sign_in_of(struct curb_tx *tx, const struct curb_id *person, struct curb_str *ret_name)
{
	static const char sql[] = "SELECT sign_in FROM core_person WHERE id = $1 AND closed_ms IS NULL";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	*ret_name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
	return 0;
}

int curb_person_rename(struct curb_tx *tx, const struct curb_id *person, struct curb_str shown)
{
	static const char sql[] = "UPDATE core_person SET shown = $2 WHERE id = $1";
	struct curb_str sign_in;
	if (shown.len == 0 || shown.len > NAME_LONGEST || !curb_utf8_valid(shown))
		return curb_fail(CURB_EINVAL,
		                 "Write the name as it stands on the certificate, in at most %d "
		                 "characters",
		                 NAME_LONGEST / 3);
	int err = sign_in_of(tx, person, &sign_in);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_text(shown)),
		                NULL);
	return err ? err : people_list_put(tx, person, shown, sign_in);
}

/* ---- merging ---- */

int curb_person_may_merge(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into,
                          int64_t now_ms)
{
	struct curb_user first, second;
	struct curb_str sign_in;
	int err = sign_in_of(tx, from, &sign_in);
	if (!err)
		err = sign_in_of(tx, into, &sign_in);
	if (!err)
		err = curb_person_find(tx, curb_id_str(from), now_ms, &first);
	if (!err)
		err = curb_person_find(tx, curb_id_str(into), now_ms, &second);
	if (err)
		return err;
	if (strcmp(from->text, into->text) == 0)
		return curb_fail(CURB_EUNFIT, "This is the same account; give the number of the other one");
	if (!(first.roles & CURB_LEARNER) || (first.roles & ~(uint32_t)CURB_LEARNER))
		return curb_fail(CURB_EUNFIT,
		                 "Only a learner's account can be merged into another. If this one has "
		                 "other roles, an administrator ends them first");
	if (!(second.roles & CURB_LEARNER))
		return curb_fail(CURB_EUNFIT, "The other account is not a learner's; check its number");
	return 0;
}

/* The phone goes with her, when the other account has none. */
static int move_phone(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into)
{
	struct curb_str phone = { NULL, 0 }, theirs = { NULL, 0 };
	int err = people_phone(tx, from, &phone);
	if (!err)
		err = people_phone(tx, into, &theirs);
	if (!err && phone.ptr)
		err = people_set_phone(tx, from, curb_str(NULL));
	return err || !phone.ptr || theirs.ptr ? err : people_set_phone(tx, into, phone);
}

static int each(struct curb_tx *tx, const char *const *statements, const struct curb_bind *binds)
{
	int err = 0;
	for (; !err && *statements; statements++)
		err = curb_exec(&curb_core_host, tx, *statements, binds, NULL);
	return err;
}

/* What lets anybody in as her. */
static int end_access(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms)
{
	static const char *const ends[] = {
		"UPDATE core_session SET ends_ms = $2 WHERE (person = $1 OR helper = $1) AND ends_ms > $2",
		"UPDATE core_code SET ends_ms = $2 WHERE person = $1 AND ends_ms > $2",
		"UPDATE core_grant SET until_ms = $2 WHERE person = $1 AND (until_ms IS NULL OR until_ms > "
		"$2)",
		"UPDATE core_help SET until_ms = $2 WHERE (person = $1 OR helper = $1) AND until_ms IS NULL",
		NULL,
	};
	static const char *const goes[] = {
		"DELETE FROM core_passkey WHERE person = $1",
		"DELETE FROM core_listed WHERE id = $1",
		NULL,
	};
	int err = people_steps_end(tx, person);
	if (!err)
		err = people_device_forget(tx, person, curb_str(NULL));
	if (!err)
		err = each(tx, ends, CURB_BINDS(curb_bind_id(person), curb_int(now_ms)));
	return err ? err : each(tx, goes, CURB_BINDS(curb_bind_id(person)));
}

/* Why she may be a trainee: what holds goes with her where nothing does there; what waits is refused. */
static int move_eligible(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into,
                         int64_t now_ms)
{
	static const char *const goes[] = {
		"UPDATE core_eligible SET person = $2 WHERE person = $1 AND state = 1 AND NOT EXISTS "
		"(SELECT 1 FROM core_eligible e WHERE e.person = $2 AND e.state = 1)",
		NULL,
	};
	static const char *const ends[] = {
		"UPDATE core_eligible SET state = 3, decided_ms = $2 WHERE person = $1 AND state = 0",
		"UPDATE core_eligible SET state = 2, decided_ms = $2 WHERE person = $1 AND state = 1",
		NULL,
	};
	int err = each(tx, goes, CURB_BINDS(curb_bind_id(from), curb_bind_id(into)));
	return err ? err : each(tx, ends, CURB_BINDS(curb_bind_id(from), curb_int(now_ms)));
}

int curb_person_merge(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into,
                      int64_t now_ms)
{
	static const char *const leads[] = {
		"UPDATE core_person SET merged_into = $2 WHERE id = $1 OR merged_into = $1",
		NULL,
	};
	static const char *const closes[] = { "UPDATE core_person SET closed_ms = $2 WHERE id = $1", NULL };
	int err = curb_person_may_merge(tx, from, into, now_ms);
	if (!err)
		err = move_phone(tx, from, into);
	if (!err)
		err = end_access(tx, from, now_ms);
	if (!err)
		err = move_eligible(tx, from, into, now_ms);
	if (!err)
		err = each(tx, leads, CURB_BINDS(curb_bind_id(from), curb_bind_id(into)));
	return err ? err : each(tx, closes, CURB_BINDS(curb_bind_id(from), curb_int(now_ms)));
}
