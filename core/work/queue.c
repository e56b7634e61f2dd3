#include "queue.h"

#include "curb/cleanup.h"
#include "curb/err.h"

static int run(struct curb_tx *tx, const char *sql, const struct curb_bind *binds, int64_t *ret_changed)
{
	return curb_exec(&curb_core_host, tx, sql, binds, ret_changed);
}

int64_t queue_backoff(int tries)
{
	const int64_t longest = 3600 * 1000;
	if (tries > 12)
		return longest;
	int64_t wait = (int64_t)1000 << (tries > 1 ? tries - 1 : 0);
	return wait < longest ? wait : longest;
}

int queue_add(struct curb_tx *tx, const struct queue_row *row, int64_t now_ms)
{
	return run(
		tx,
		"INSERT INTO core_job (id, owner, kind, event_id, person, payload, state, tries, tries_max,"
		" cancel, run_after_ms, permille, made_ms)"
		" VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, 0, $8, 0, $8)",
		CURB_BINDS(curb_bind_id(&row->id), curb_text(row->owner), curb_text(row->kind),
	                   curb_text(row->event_id), curb_bind_id(&row->person), curb_text(row->payload),
	                   curb_int(row->tries_max), curb_int(now_ms)),
		NULL);
}

/* ---- claim ---- */

/* One that says the same as one that runs waits until that has ended. */
static int first_waiting(struct curb_tx *tx, struct curb_arena *arena, const char *owner,
                         const char *const not [QUEUE_NOT], struct queue_row *ret_row, int64_t *ret_due_ms)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx,
	                     "SELECT id, person, kind, event_id, payload, tries, tries_max, run_after_ms"
	                     " FROM core_job j WHERE state = 'waiting' AND owner = $1 AND kind NOT IN ($2, "
	                     "$3, $4) AND NOT EXISTS"
	                     " (SELECT 1 FROM core_job r WHERE r.state = 'running' AND r.owner = j.owner"
	                     " AND r.kind = j.kind AND r.person = j.person AND r.payload = j.payload"
	                     " AND r.event_id IS NULL AND j.event_id IS NULL)"
	                     " ORDER BY run_after_ms, id LIMIT 1",
	                     CURB_BINDS(curb_cstring(owner), curb_cstring(not [0] ? not [0] : ""),
	                                curb_cstring(not [1] ? not [1] : ""),
	                                curb_cstring(not [2] ? not [2] : "")),
	                     &stmt);
	int row = err ? err : curb_step(stmt);
	if (row < 0)
		return row;
	*ret_due_ms = INT64_MAX;
	if (row == 0)
		return 0;
	*ret_row = (struct queue_row){ .id = curb_col_id(stmt, 0),
		                       .person = curb_col_id(stmt, 1),
		                       .kind = curb_dup(arena, curb_col_text(stmt, 2)),
		                       .payload = curb_dup(arena, curb_col_text(stmt, 4)),
		                       .tries = (int)curb_col_int(stmt, 5),
		                       .tries_max = (int)curb_col_int(stmt, 6) };
	if (!curb_col_null(stmt, 3))
		ret_row->event_id = curb_dup(arena, curb_col_text(stmt, 3));
	*ret_due_ms = curb_col_int(stmt, 7);
	return 0;
}

int queue_claim(struct curb_tx *tx, struct curb_arena *arena, const char *owner,
                const char *const not [QUEUE_NOT], int64_t now_ms, struct queue_row *ret_row,
                int64_t *ret_next_ms)
{
	struct queue_row row = { .tries = 0 };
	int64_t due_ms;
	int err = first_waiting(tx, arena, owner, not, &row, &due_ms);
	if (err)
		return err;
	if (due_ms > now_ms) {
		*ret_next_ms = due_ms;
		return CURB_ENOTFOUND;
	}
	row.owner = curb_str(owner);
	row.tries++;
	err = run(tx, "UPDATE core_job SET state = 'running', tries = $2, run_after_ms = $3 WHERE id = $1",
	          CURB_BINDS(curb_bind_id(&row.id), curb_int(row.tries),
	                     curb_int(now_ms + queue_backoff(row.tries))),
	          NULL);
	if (!err)
		*ret_row = row;
	return err;
}

int queue_running(struct curb_tx *tx, const char *kind, int64_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx,
		"SELECT count(*) FROM core_job WHERE state = 'running' AND owner = $1 AND kind = $2",
		CURB_BINDS(curb_cstring(curb_core_host.owner), curb_cstring(kind)), &stmt);
	int row = err ? err : curb_step(stmt);
	*ret_n = row > 0 ? curb_col_int(stmt, 0) : 0;
	return row < 0 ? row : 0;
}

/* ---- the end of a try ---- */

static int finish_ended(struct curb_tx *tx, const struct queue_result *result, int64_t now_ms)
{
	static const char *const states[] = {
		[QUEUE_DONE] = "done", [QUEUE_FAILED] = "failed", [QUEUE_CANCELLED] = "cancelled"
	};
	if (result->end == QUEUE_DONE && result->forget)
		return run(tx, "DELETE FROM core_job WHERE id = $1", CURB_BINDS(curb_bind_id(&result->id)),
		           NULL);
	return run(tx,
	           "UPDATE core_job SET state = $2, result = $3, error = $4, ended_ms = $5, reason = $6,"
	           " permille = CASE WHEN $2 = 'done' THEN 1000 ELSE permille END WHERE id = $1",
	           CURB_BINDS(curb_bind_id(&result->id), curb_cstring(states[result->end]),
	                      curb_text(result->result), curb_text(result->error), curb_int(now_ms),
	                      curb_text(result->reason)),
	           NULL);
}

int queue_finish(struct curb_tx *tx, const struct queue_result *result, int64_t now_ms)
{
	switch (result->end) {
	case QUEUE_DONE:
	case QUEUE_FAILED:
	case QUEUE_CANCELLED: return finish_ended(tx, result, now_ms);
	case QUEUE_AGAIN: break;
	case QUEUE_UNCOUNTED:
		return run(tx,
		           "UPDATE core_job SET state = 'waiting', tries = tries - 1, run_after_ms = $2"
		           " WHERE id = $1",
		           CURB_BINDS(curb_bind_id(&result->id), curb_int(now_ms)), NULL);
	}
	return run(tx,
	           "UPDATE core_job SET state = 'waiting', run_after_ms = $2, error = $3, reason = $4"
	           " WHERE id = $1",
	           CURB_BINDS(curb_bind_id(&result->id), curb_int(now_ms + queue_backoff(result->tries)),
	                      curb_text(result->error), curb_text(result->reason)),
	           NULL);
}

int queue_cancel(struct curb_tx *tx, struct curb_str id, int64_t now_ms)
{
	struct work_job job;
	int err = queue_look(tx, id, &job);
	if (err)
		return err;
	int64_t changed = 0;
	err = run(tx,
	          "UPDATE core_job SET cancel = 1,"
	          " ended_ms = CASE WHEN state = 'waiting' THEN $2 END,"
	          " state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END"
	          " WHERE id = $1 AND state IN ('waiting', 'running')",
	          CURB_BINDS(curb_text(id), curb_int(now_ms)), &changed);
	if (!err && !changed)
		return curb_fail(CURB_ECONFLICT, "This job has ended already; there is nothing to cancel.");
	return err;
}

int queue_progress(struct curb_tx *tx, const struct curb_id *id, int permille, const char *text)
{
	return run(tx, "UPDATE core_job SET permille = $2, progress = $3 WHERE id = $1 AND state = 'running'",
	           CURB_BINDS(curb_bind_id(id), curb_int(permille), curb_cstring(text)), NULL);
}

int queue_keep(struct curb_tx *tx, const struct curb_id *id, struct curb_str result)
{
	return run(tx, "UPDATE core_job SET result = $2 WHERE id = $1",
	           CURB_BINDS(curb_bind_id(id), curb_text(result)), NULL);
}

int queue_recover(struct curb_tx *tx, int64_t now_ms)
{
	static const char stopped[] = CURB_TEXT("The server stopped each time while this ran");
	int err = run(tx,
	              "UPDATE core_job SET state = 'done', ended_ms = $1, permille = 1000"
	              " WHERE state = 'running' AND result IS NOT NULL",
	              CURB_BINDS(curb_int(now_ms)), NULL);
	if (!err)
		err = run(tx,
		          "UPDATE core_job SET state = 'cancelled', ended_ms = $1"
		          " WHERE state = 'running' AND cancel = 1",
		          CURB_BINDS(curb_int(now_ms)), NULL);
	if (!err)
		err = run(tx,
		          "UPDATE core_job SET state = 'failed', ended_ms = $1, error = $2"
		          " WHERE state = 'running' AND tries >= tries_max",
		          CURB_BINDS(curb_int(now_ms), curb_cstring(stopped)), NULL);
	if (!err)
		err = run(tx, "UPDATE core_job SET state = 'waiting' WHERE state = 'running'", CURB_NO_BINDS,
		          NULL);
	if (!err)
		err = run(tx, "DELETE FROM core_job WHERE ended_ms < $1",
		          CURB_BINDS(curb_int(now_ms - (int64_t)30 * 86400 * 1000)), NULL);
	return err;
}

/* ---- subscriptions ---- */

int queue_subscribe(struct curb_tx *tx, const char *plugin, const struct curb_hook *hooks)
{
	int err = run(tx, "DELETE FROM core_subscription WHERE plugin = $1", CURB_BINDS(curb_cstring(plugin)),
	              NULL);
	for (; !err && hooks && hooks->event; hooks++)
		err = run(tx,
		          "INSERT INTO core_subscription (event, plugin) VALUES ($1, $2)"
		          " ON CONFLICT DO NOTHING",
		          CURB_BINDS(curb_cstring(hooks->event), curb_cstring(plugin)), NULL);
	return err;
}

bool queue_subscribed(struct curb_tx *tx, const char *plugin, const char *event)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx,
	                     "SELECT 1 FROM core_subscription WHERE event = $1 AND plugin = $2",
	                     CURB_BINDS(curb_cstring(event), curb_cstring(plugin)), &stmt);
	return !err && curb_step(stmt) == 1;
}

/* ---- looking ---- */

int queue_look(struct curb_tx *tx, struct curb_str id, struct work_job *ret_job)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&curb_core_host, tx,
		"SELECT id, person, kind, state, tries, permille, progress, result, error, made_ms,"
		" ended_ms, reason FROM core_job WHERE id = $1",
		CURB_BINDS(curb_text(id)), &stmt);
	int row = err ? err : curb_step(stmt);
	if (row < 0)
		return row;
	if (row == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such job.");
	struct curb_arena *arena = curb_tx_arena(tx);
	*ret_job = (struct work_job){ .id = curb_col_id(stmt, 0),
		                      .person = curb_col_id(stmt, 1),
		                      .kind = curb_dup(arena, curb_col_text(stmt, 2)),
		                      .state = curb_dup(arena, curb_col_text(stmt, 3)),
		                      .tries = (int)curb_col_int(stmt, 4),
		                      .permille = (int)curb_col_int(stmt, 5),
		                      .text = curb_dup(arena, curb_col_text(stmt, 6)),
		                      .result = curb_dup(arena, curb_col_text(stmt, 7)),
		                      .error = curb_dup(arena, curb_col_text(stmt, 8)),
		                      .made_ms = curb_col_int(stmt, 9),
		                      .ended_ms = curb_col_int(stmt, 10),
		                      .reason = curb_dup(arena, curb_col_text(stmt, 11)) };
	return 0;
}
