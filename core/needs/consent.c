/* Who may set the needs of a person for her: with her consent, until a day, taken back at once. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "needs.h"
#include "store.h"

enum { AGREEMENTS_MOST = 100 };

/* A helper is one by role; staff and teachers by an institution that they share with the person. */
static int is_helper(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *helper,
                     int64_t now_ms)
{
	static const char sql[] =
		"WITH RECURSIVE house (id, region) AS (SELECT i.id, i.region FROM core_grant l "
		"JOIN core_institution i ON i.id = l.institution WHERE l.person = $1 AND l.from_ms <= $3 "
		"AND (l.until_ms IS NULL OR l.until_ms > $3)), "
		"up (id) AS (SELECT region FROM house UNION SELECT r.parent FROM core_region r "
		"JOIN up u ON r.id = u.id WHERE r.parent IS NOT NULL) "
		"SELECT 1 FROM core_grant g JOIN core_person p ON p.id = g.person "
		"WHERE g.person = $2 AND p.closed_ms IS NULL AND g.from_ms <= $3 "
		"AND (g.until_ms IS NULL OR g.until_ms > $3) AND (g.role = $4 OR (g.role IN ($5, $6) AND ("
		"(g.region IS NULL AND g.institution IS NULL) OR g.institution IN (SELECT id FROM house) "
		"OR g.region IN (SELECT id FROM up))))";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(helper), curb_int(now_ms),
	                                curb_int(CURB_HELPER), curb_int(CURB_STAFF), curb_int(CURB_TEACHER)),
	                     &stmt);
	return err ? err : curb_step(stmt);
}

int needs_consent(struct curb_tx *tx, const struct curb_id *person, struct curb_str helper, int64_t until_ms,
                  int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO core_needs_consent (id, person, helper, until_ms) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (person, helper) DO UPDATE SET until_ms = $4";
	struct curb_user user;
	int err = curb_person_find(tx, helper, now_ms, &user), is = 0;
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!err && !curb_str_is(curb_id_str(&user.id), person->text))
		is = is_helper(tx, person, &user.id, now_ms);
	if (is < 0)
		return is;
	if (!is)
		return curb_fail(CURB_ENOTFOUND, "Nobody with this number can be your helper. Check it; a "
		                                 "helper has a helper's account, "
		                                 "or works at your institution");
	struct curb_id id = curb_id_new(now_ms);
	err = curb_exec(&curb_core_host, tx, sql,
	                CURB_BINDS(curb_bind_id(&id), curb_bind_id(person), curb_bind_id(&user.id),
	                           curb_int(until_ms)),
	                NULL);
	return err ? err : needs_note(tx, person, &user.id, NEEDS_CONSENT, now_ms);
}

int needs_actor(struct curb_tx *tx, const struct curb_id *session, const struct curb_id *person,
                struct curb_id *ret_actor)
{
	static const char sql[] = "SELECT helper FROM core_session WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(session)), &stmt);
	if (!err)
		err = curb_step(stmt);
	if (err < 0)
		return err;
	*ret_actor = err > 0 && !curb_col_null(stmt, 0) ? curb_col_id(stmt, 0) : *person;
	return 0;
}

static int helper_of(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *consent,
                     struct curb_id *ret_helper)
{
	static const char sql[] = "SELECT helper FROM core_needs_consent WHERE id = $1 AND person = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(consent), curb_bind_id(person)), &stmt);
	if (!err)
		err = curb_step(stmt);
	if (err < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This consent is not there any more; nobody can use it");
	*ret_helper = curb_col_id(stmt, 0);
	return 0;
}

int needs_consent_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *consent,
                      int64_t now_ms)
{
	static const char sql[] = "DELETE FROM core_needs_consent WHERE id = $1";
	struct curb_id helper;
	int err = helper_of(tx, person, consent, &helper);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(consent)), NULL);
	return err ? err : needs_note(tx, person, &helper, NEEDS_CONSENT_ENDED, now_ms);
}

static int consented(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *helper,
                     int64_t now_ms)
{
	static const char sql[] = "SELECT 1 FROM core_needs_consent c JOIN core_person p ON p.id = c.person "
				  "WHERE c.person = $1 AND c.helper = $2 AND c.until_ms > $3 AND "
				  "p.closed_ms IS NULL";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(helper), curb_int(now_ms)), &stmt);
	return err ? err : curb_step(stmt);
}

int needs_may_help(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *helper,
                   int64_t now_ms)
{
	int may = consented(tx, person, helper, now_ms);
	if (may > 0)
		may = is_helper(tx, person, helper, now_ms);
	if (may)
		return may < 0 ? may : 0;
	return curb_fail(
		CURB_ENOTFOUND,
		"Nobody lets you set this now. Ask the person to say yes to it, under What helps you");
}

int needs_agreements(struct curb_tx *tx, const struct curb_id *person, bool helped, int64_t now_ms,
                     struct needs_agreement **ret_rows, size_t *ret_n)
{
	static const char given[] =
		"SELECT c.id, c.helper, p.shown, c.until_ms FROM core_needs_consent c "
		"JOIN core_person p ON p.id = c.helper WHERE c.person = $1 AND c.until_ms > $2 "
		"ORDER BY p.shown, c.id LIMIT $3";
	static const char received[] =
		"SELECT c.id, c.person, p.shown, c.until_ms FROM core_needs_consent c "
		"JOIN core_person p ON p.id = c.person WHERE c.helper = $1 AND c.until_ms > $2 "
		"AND p.closed_ms IS NULL ORDER BY p.shown, c.id LIMIT $3";
	struct needs_agreement *rows = curb_alloc_n(curb_tx_arena(tx), AGREEMENTS_MOST, sizeof *rows);
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, helped ? received : given,
	                     CURB_BINDS(curb_bind_id(person), curb_int(now_ms), curb_int(AGREEMENTS_MOST)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		rows[n++] = (struct needs_agreement){
			.id = curb_col_id(stmt, 0),
			.other = curb_col_id(stmt, 1),
			.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2)),
			.until_ms = curb_col_int(stmt, 3),
		};
		err = 0;
	}
	if (err)
		return err;
	*ret_rows = rows;
	*ret_n = n;
	return 0;
}
