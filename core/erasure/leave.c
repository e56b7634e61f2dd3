/* Leaving: an account is closed until its person is erased, or it is opened again. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "inside.h"
#include "roles.h"
#include "signing.h"
#include "work.h"

int curb_person_may_leave(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms)
{
	struct curb_user user;
	int err = curb_person_find(tx, curb_id_str(person), now_ms, &user);
	if (!err && (user.roles & ~(uint32_t)CURB_LEARNER))
		return curb_fail(CURB_EUNFIT,
		                 "Only a learner's records are erased. If this account has other "
		                 "roles, an administrator ends them first");
	return err;
}

/* What lets anybody in as her; what she would need to sign in again stays until she is erased. */
static int end_access(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms)
{
	static const char *const ends[] = {
		"UPDATE core_session SET ends_ms = $2 WHERE (person = $1 OR helper = $1) AND ends_ms > $2",
		"UPDATE core_code SET ends_ms = $2 WHERE person = $1 AND ends_ms > $2",
		"UPDATE core_person SET closed_ms = $2 WHERE id = $1",
		"INSERT INTO core_erasure (person, closed_ms) VALUES ($1, $2)",
	};
	static const char *const goes[] = {
		"DELETE FROM core_listed WHERE id = $1",
		"DELETE FROM core_to_list WHERE id = $1",
	};
	int err = people_steps_end(tx, person);
	for (size_t i = 0; !err && i < sizeof ends / sizeof *ends; i++)
		err = curb_exec(&curb_core_host, tx, ends[i],
		                CURB_BINDS(curb_bind_id(person), curb_int(now_ms)), NULL);
	for (size_t i = 0; !err && i < sizeof goes / sizeof *goes; i++)
		err = curb_exec(&curb_core_host, tx, goes[i], CURB_BINDS(curb_bind_id(person)), NULL);
	return err;
}

int curb_person_leave(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms)
{
	int err = curb_person_may_leave(tx, person, now_ms);
	if (!err)
		err = end_access(tx, person, now_ms);
	return err ? err : work_at(tx, erasure_jobs[0].name, now_ms);
}

int curb_person_left(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_closed_ms)
{
	static const char sql[] = "SELECT closed_ms FROM core_erasure WHERE person = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_closed_ms = err ? curb_col_int(stmt, 0) : 0;
	return 0;
}

int curb_person_stay(struct curb_tx *tx, const struct curb_id *person)
{
	static const char *const steps[] = {
		"DELETE FROM core_erasure WHERE person = $1 AND begun = 0 AND due = 0",
		"UPDATE core_person SET closed_ms = NULL WHERE id = $1",
	};
	static const char sql[] = "SELECT shown, sign_in FROM core_person WHERE id = $1";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, steps[0], CURB_BINDS(curb_bind_id(person)), &changed);
	if (!err && !changed)
		return curb_fail(CURB_EUNFIT, "This account is open, or its records are erased already");
	if (!err)
		err = curb_exec(&curb_core_host, tx, steps[1], CURB_BINDS(curb_bind_id(person)), NULL);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	if (!err)
		err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	struct curb_arena *arena = curb_tx_arena(tx);
	return people_list_put(tx, person, curb_dup(arena, curb_col_text(stmt, 0)),
	                       curb_dup(arena, curb_col_text(stmt, 1)));
}
