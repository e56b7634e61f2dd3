/* Jobs as those see them who run the machine: a list by state, how many there are, one more try. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "queue.h"

int work_counts(struct curb_tx *tx, struct work_counts *ret_counts)
{
	static const char sql[] = "SELECT state, count(*) FROM core_job GROUP BY state";
	struct work_counts counts = { 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_str state = curb_col_text(stmt, 0);
		int64_t n = curb_col_int(stmt, 1);
		if (curb_str_is(state, "waiting"))
			counts.waiting = n;
		else if (curb_str_is(state, "running"))
			counts.running = n;
		else if (curb_str_is(state, "failed"))
			counts.failed = n;
		else
			counts.ended += n;
		err = 0;
	}
	if (!err)
		*ret_counts = counts;
	return err;
}

static int read_ids(struct curb_tx *tx, struct curb_str state, int64_t skip, struct curb_id ids[WORK_PAGE],
                    size_t *ret_n)
{
	static const char sql[] = "SELECT id FROM core_job WHERE ($1 = '' OR state = $1) "
				  "ORDER BY made_ms DESC, id DESC LIMIT $2 OFFSET $3";
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(state), curb_int(WORK_PAGE), curb_int(skip)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		ids[n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	*ret_n = n;
	return err;
}

int work_list(struct curb_tx *tx, struct curb_str state, int64_t page, struct work_job **ret_jobs,
              size_t *ret_n)
{
	struct curb_id ids[WORK_PAGE];
	size_t n = 0;
	struct work_job *jobs = curb_alloc_n(curb_tx_arena(tx), WORK_PAGE, sizeof *jobs);
	int err = read_ids(tx, state.ptr ? state : curb_str(""), (page - 1) * WORK_PAGE, ids, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = work_job(tx, curb_id_str(&ids[i]), &jobs[i]);
	if (err)
		return err;
	*ret_jobs = jobs;
	*ret_n = n;
	return 0;
}

int work_retry(struct curb_tx *tx, struct curb_str id)
{
	static const char sql[] =
		"UPDATE core_job SET state = 'waiting', tries = 0, cancel = 0, run_after_ms = $2, "
		"permille = 0, progress = NULL, result = NULL, error = NULL, ended_ms = NULL "
		"WHERE id = $1 AND state IN ('failed', 'cancelled')";
	struct work_job job;
	int64_t changed = 0;
	int err = queue_look(tx, id, &job);
	if (!err)
		err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_text(id), curb_int(curb_wall_ms())),
		                &changed);
	if (!err && !changed)
		return curb_fail(CURB_ECONFLICT,
		                 "Only a job that has failed or was cancelled can be tried again.");
	if (!err)
		work_poke();
	return err;
}

int work_due(struct curb_tx *tx, const struct curb_id *id, int64_t at_ms)
{
	static const char sql[] = "UPDATE core_job SET run_after_ms = $2 WHERE id = $1 AND state = 'waiting'";
	int err = curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(id), curb_int(at_ms)), NULL);
	if (!err)
		work_poke();
	return err;
}

int work_newest(struct curb_tx *tx, const char *kind, struct work_job *ret_job)
{
	static const char sql[] = "SELECT id FROM core_job WHERE owner = $1 AND kind = $2 "
				  "ORDER BY made_ms DESC, id DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_cstring(curb_core_host.owner), curb_cstring(kind)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such job.");
	struct curb_id id = curb_col_id(stmt, 0);
	return work_job(tx, curb_id_str(&id), ret_job);
}

int work_under_way(struct curb_tx *tx, const char *kind, bool *ret_yes)
{
	static const char sql[] = "SELECT count(*) FROM core_job WHERE owner = $1 AND kind = $2 "
				  "AND state IN ('waiting', 'running')";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_cstring(curb_core_host.owner), curb_cstring(kind)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_yes = curb_col_int(stmt, 0) > 0;
	return 0;
}

int work_end_core(struct curb_tx *tx)
{
	static const char sql[] =
		"UPDATE core_job SET state = CASE WHEN state = 'running' AND result IS NOT NULL THEN 'done' "
		"ELSE 'cancelled' END, ended_ms = $2 "
		"WHERE owner = $1 AND event_id IS NULL AND state IN ('waiting', 'running')";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_cstring(curb_core_host.owner), curb_int(curb_wall_ms())), NULL);
}
