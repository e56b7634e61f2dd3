#include "visits.h"

#include "curb/cleanup.h"
#include "curb/err.h"

enum { MOST = 50 };

int people_visits(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                  struct people_visit **ret_visits, size_t *ret_n)
{
	static const char sql[] =
		"SELECT s.id, s.agent, h.shown, s.shared, s.made_ms, s.seen_ms, s.ends_ms FROM core_session "
		"s "
		"LEFT JOIN core_person h ON h.id = s.helper WHERE s.person = $1 AND s.ends_ms > $2 "
		"ORDER BY s.seen_ms DESC, s.id LIMIT $3";
	struct curb_arena *arena = curb_tx_arena(tx);
	struct people_visit *visits = curb_alloc_n(arena, MOST, sizeof *visits);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_int(now_ms), curb_int(MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		visits[n++] = (struct people_visit){ .id = curb_col_id(stmt, 0),
			                             .agent = curb_dup(arena, curb_col_text(stmt, 1)),
			                             .helper = curb_dup(arena, curb_col_text(stmt, 2)),
			                             .shared = curb_col_int(stmt, 3) != 0,
			                             .made_ms = curb_col_int(stmt, 4),
			                             .seen_ms = curb_col_int(stmt, 5),
			                             .ends_ms = curb_col_int(stmt, 6) };
		err = 0;
	}
	if (err)
		return err;
	*ret_visits = visits;
	*ret_n = n;
	return 0;
}

int people_visit_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *session,
                     int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_session SET ends_ms = $3 WHERE id = $1 AND person = $2 AND ends_ms > $3";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(session), curb_bind_id(person), curb_int(now_ms)),
	                    &changed);
	return err || changed ? err : curb_fail(CURB_ENOTFOUND, "This device is signed out already");
}

int people_visits_end(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *but,
                      int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_session SET ends_ms = $3 WHERE (person = $1 OR helper = $1) AND "
		"id <> $2 AND ends_ms > $3";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(but), curb_int(now_ms)), NULL);
}

int people_visits_end_all(struct curb_tx *tx, int64_t now_ms)
{
	int err = curb_exec(&curb_core_host, tx, "UPDATE core_session SET ends_ms = $1 WHERE ends_ms > $1",
	                    CURB_BINDS(curb_int(now_ms)), NULL);
	return err ? err : curb_exec(&curb_core_host, tx, "DELETE FROM core_step", CURB_NO_BINDS, NULL);
}

int people_session_seen(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_session SET seen_ms = $2, ends_ms = CASE WHEN shared = 0 AND ends_ms < $3 "
		"THEN $3 ELSE ends_ms END WHERE id = $1 AND ends_ms > $2";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(session), curb_int(now_ms),
	                            curb_int(now_ms + PEOPLE_SESSION_OWN_S * INT64_C(1000))),
	                 NULL);
}

int people_session_extend(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms)
{
	static const char sql[] =
		"UPDATE core_session SET seen_ms = $2, ends_ms = CASE WHEN shared = 0 THEN $3 "
		"ELSE $4 END WHERE id = $1 AND ends_ms > $2";
	int64_t changed = 0;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_bind_id(session), curb_int(now_ms),
	                               curb_int(now_ms + PEOPLE_SESSION_OWN_S * INT64_C(1000)),
	                               curb_int(now_ms + PEOPLE_SESSION_SHARED_S * INT64_C(1000))),
	                    &changed);
	return err || changed ? err :
	                        curb_fail(CURB_EAUTH, "You are signed out. Sign in again; nothing is lost");
}
