/* The job "unused": blobs that nobody holds go, a week after that was seen first.
 *
 * A row of core_blob that no holder holds is marked with the moment; one that is held again loses the mark; a week later
 * row and file go. A file without a row goes a week after it got its name. Rows go first, each part in one write that
 * asks the holders once more, then their files: broken off in between, the mark of an import lies there and the next
 * start removes them. Nothing goes while an import or a backup is under way (blobs_keep), nor a file that got its name
 * anew within the week: a write may still come that names it.
 */
#include <stdlib.h>
#include <string.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"
#include "work.h"

enum { PART = 64, FILES_MOST = 4096, ROWS_OF_1000 = 800 };
static const int64_t minute_ms = 60 * 1000, day_ms = 24LL * 3600 * 1000, grace_ms = 7 * 24LL * 3600 * 1000;

struct unused_item {
	char sha256[BLOB_HEX + 1];
	int64_t size;
	bool file;         /* it has no row */
	bool old;          /* nobody held it for a week */
	bool there, fresh; /* its file; fresh: it got its name within the week */
	bool gone, waits;  /* what came of it */
};

struct unused {
	struct ingest *ingest;
	struct curb_job *job;
	int64_t now_ms;
	struct unused_item part[PART];
	size_t n;
	bool may_remove, busy,
		full; /* busy: somebody keeps all; full: there are more files than were looked at */
	char last[BLOB_HEX + 1];   /* row that was looked at */
	struct unused_item *files; /* without rows; FILES_MOST of them */
	size_t file_count;
	bool quiet;                /* no import is under way: a file without a row is nobody's */
	struct ingest_unused told; /* of this run */
};

static struct unused_item item_of(struct curb_str sha256, int64_t size)
{
	struct unused_item item = { .size = size };
	memcpy(item.sha256, sha256.ptr, BLOB_HEX);
	return item;
}

static void count_waiting(struct unused *u, int64_t bytes)
{
	u->told.waiting++;
	u->told.waiting_bytes += bytes;
}

/* ---- one part, in one write ---- */

static int read_mark(struct curb_tx *tx, const struct unused_item *item, bool *ret_there,
                     int64_t *ret_since_ms)
{
	static const char sql[] = "SELECT unused_ms FROM core_blob WHERE sha256 = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(item->sha256)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_there = err == 1;
	*ret_since_ms = err == 1 && !curb_col_null(stmt, 0) ? curb_col_int(stmt, 0) : INT64_MAX;
	return 0;
}

static int set_mark(struct curb_tx *tx, const struct unused_item *item, struct curb_bind since)
{
	static const char sql[] = "UPDATE core_blob SET unused_ms = $2 WHERE sha256 = $1";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(item->sha256), since), NULL);
}

static int settle_row(struct curb_tx *tx, struct unused *u, struct unused_item *item, int64_t since_ms)
{
	static const char sql[] = "DELETE FROM core_blob WHERE sha256 = $1";
	bool held = true;
	int err = holders_hold(tx, u->ingest, curb_str(item->sha256), &held);
	if (err || held)
		return err ? err : set_mark(tx, item, curb_null());
	item->waits = true;
	if (since_ms == INT64_MAX)
		return set_mark(tx, item, curb_int(u->now_ms));
	if (!u->may_remove || item->fresh || since_ms > u->now_ms - grace_ms)
		return 0;
	item->waits = false;
	item->gone = true;
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(item->sha256)), NULL);
}

static int count_gone(struct curb_tx *tx, const struct unused *u)
{
	static const char sql[] = "UPDATE core_unused SET removed = removed + $1, "
				  "removed_bytes = removed_bytes + $2";
	int64_t n = 0, bytes = 0;
	for (size_t i = 0; i < u->n; i++)
		if (u->part[i].gone) {
			n++;
			bytes += u->part[i].size;
		}
	return n ? curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_int(n), curb_int(bytes)), NULL) : 0;
}

static int settle_fn(struct curb_tx *tx, void *arg)
{
	struct unused *u = arg;
	int err = 0;
	for (size_t i = 0; !err && i < u->n; i++) {
		struct unused_item *item = &u->part[i];
		bool row = false;
		int64_t since_ms = 0;
		item->gone = item->waits = false;
		err = read_mark(tx, item, &row, &since_ms);
		if (!err && row && !item->file)
			err = settle_row(tx, u, item, since_ms);
		else if (!err && !row && item->file)
			item->waits = !(item->gone = u->may_remove && item->there && !item->fresh);
	}
	return err ? err : count_gone(tx, u);
}

static void look_at_files(struct unused *u)
{
	for (size_t i = 0; i < u->n; i++) {
		struct unused_item *item = &u->part[i];
		int64_t named_ms = 0;
		uint64_t size = 0;
		item->there = blobs_about(u->ingest->o.blobs, curb_str(item->sha256), &named_ms, &size) == 0;
		item->fresh = item->there && named_ms > u->now_ms - grace_ms;
		item->size = item->there ? (int64_t)size : 0;
	}
}

static void end_part(struct unused *u)
{
	for (size_t i = 0; i < u->n; i++) {
		const struct unused_item *item = &u->part[i];
		if (item->waits)
			count_waiting(u, item->size);
		if (!item->gone)
			continue;
		blobs_remove(u->ingest->o.blobs, curb_str(item->sha256));
		u->told.removed++;
		u->told.removed_bytes += item->size;
	}
	u->n = 0;
}

static int settle(struct unused *u)
{
	bool old = false;
	for (size_t i = 0; i < u->n; i++)
		old = old || u->part[i].old;
	if (u->n == 0)
		return 0;
	if (old)
		leavings_mark(u->ingest);
	u->may_remove = old && blobs_begin_removing(u->ingest->o.blobs);
	u->busy = u->busy || (old && !u->may_remove);
	look_at_files(u);
	int err = curb_job_write(u->job, curb_str(NULL), settle_fn, u);
	if (err && u->may_remove) /* the rows may be gone all the same */
		leavings_leave(u->ingest);
	if (!err)
		end_part(u);
	if (u->may_remove)
		blobs_end_removing(u->ingest->o.blobs);
	if (old)
		leavings_unmark(u->ingest);
	return err;
}

/* ---- rows ---- */

static int look_at_row(struct unused *u, struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct unused_item item = item_of(curb_col_text(stmt, 0), curb_col_int(stmt, 1));
	bool marked = !curb_col_null(stmt, 2), held = true;
	item.old = marked && curb_col_int(stmt, 2) <= u->now_ms - grace_ms;
	int err = holders_hold(tx, u->ingest, curb_str(item.sha256), &held);
	if (err)
		return err;
	if (!held && marked && !item.old)
		count_waiting(u, item.size);
	else if (held ? marked : true)
		u->part[u->n++] = item;
	(void)memcpy(u->last, item.sha256, sizeof u->last);
	return 0;
}

/* Up to a full part. *ret_more: rows are left. */
static int look_at_rows(struct unused *u, bool *ret_more)
{
	static const char sql[] = "SELECT sha256, size, unused_ms FROM core_blob WHERE sha256 > $1 "
				  "ORDER BY sha256 LIMIT 1024";
	struct curb_tx *tx = curb_job_tx(u->job);
	char from[BLOB_HEX + 1];
	(void)memcpy(from, u->last, sizeof from);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_cstring(from)), &stmt);
	*ret_more = false;
	while (!err && u->n < PART && (err = curb_step(stmt)) > 0) {
		*ret_more = true;
		err = look_at_row(u, tx, stmt);
	}
	return err;
}

static void tell_progress(const struct unused *u)
{
	unsigned char first = 0;
	(void)curb_unhex(curb_str_n(u->last, 2), &first, 1);
	curb_job_progress(u->job, first * ROWS_OF_1000 / UINT8_MAX,
	                  CURB_TEXT("Looking for files that nothing needs"));
}

static int go_through_rows(struct unused *u)
{
	bool more = true;
	int err = 0;
	while (!err && more) {
		if (curb_job_cancelled(u->job))
			return curb_fail(CURB_EBUSY, "it was cancelled");
		err = look_at_rows(u, &more);
		if (!err)
			err = settle(u);
		tell_progress(u);
	}
	return err;
}

/* ---- files ---- */

static void look_at_file(void *arg, struct curb_str sha256)
{
	struct unused *u = arg;
	bool row = true;
	int64_t since_ms, named_ms = 0;
	uint64_t size = 0;
	struct unused_item item = item_of(sha256, 0);
	if (read_mark(curb_job_tx(u->job), &item, &row, &since_ms) != 0 || row ||
	    blobs_about(u->ingest->o.blobs, sha256, &named_ms, &size) != 0)
		return;
	item.file = item.old = true;
	if (named_ms > u->now_ms - grace_ms) {
		if (u->quiet)
			count_waiting(u, (int64_t)size);
	} else if (u->file_count == FILES_MOST) {
		u->full = true;
	} else {
		u->files[u->file_count++] = item;
	}
}

static int go_through_files(struct unused *u)
{
	u->quiet = blobs_begin_removing(u->ingest->o.blobs);
	if (u->quiet)
		blobs_end_removing(u->ingest->o.blobs);
	int err = blobs_each(u->ingest->o.blobs, look_at_file, u);
	for (size_t i = 0; !err && i < u->file_count;) {
		if (curb_job_cancelled(u->job))
			return curb_fail(CURB_EBUSY, "it was cancelled");
		while (u->n < PART && i < u->file_count)
			u->part[u->n++] = u->files[i++];
		err = settle(u);
	}
	return err;
}

/* ---- the whole ---- */

static int end_fn(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"UPDATE core_unused SET looked_ms = $1, waiting = $2, waiting_bytes = $3, away = $4";
	const struct unused *u = arg;
	int64_t next_ms = u->busy || u->full ? 10 * minute_ms : day_ms;
	int err = curb_exec(&curb_core_host, tx, sql,
	                    CURB_BINDS(curb_int(u->now_ms), curb_int(u->told.waiting),
	                               curb_int(u->told.waiting_bytes), curb_text(u->told.away)),
	                    NULL);
	return err ? err : work_at(tx, "unused", u->now_ms + next_ms);
}

static int tell_end(struct unused *u)
{
	const struct ingest_unused *told = &u->told;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1024);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "removed", told->removed);
	curb_json_kint(&j, "removed_bytes", told->removed_bytes);
	curb_json_kint(&j, "waiting", told->waiting);
	curb_json_kint(&j, "waiting_bytes", told->waiting_bytes);
	curb_json_end(&j, '}');
	int err = curb_job_write(u->job, curb_str(NULL), end_fn, u);
	if (err)
		return err;
	curb_job_result(u->job, curb_buf_view(&out));
	if (told->away.len)
		curb_log(CURB_WARN, "unused_blobs removed=0 away=\"%.*s\"", (int)told->away.len,
		         told->away.ptr);
	else
		curb_log(CURB_INFO, "unused_blobs removed=%lld bytes=%lld waiting=%lld busy=%s",
		         (long long)told->removed, (long long)told->removed_bytes, (long long)told->waiting,
		         u->busy ? "yes" : "no");
	return 0;
}

int unused_run(struct curb_job *job, void *state)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(4 << 20);
	struct unused *u = curb_alloc_n(arena, 1, sizeof *u);
	*u = (struct unused){ .ingest = state, .job = job, .now_ms = curb_wall_ms() };
	u->files = curb_alloc_n(arena, FILES_MOST, sizeof *u->files);
	struct curb_str away = curb_str("");
	int err = holders_away(curb_job_tx(job), state, &away);
	u->told.away = curb_dup(arena, away);
	if (!err && !away.len)
		err = go_through_rows(u);
	if (!err && !away.len)
		err = go_through_files(u);
	return err ? err : tell_end(u);
}

/* ---- the start, and those who look ---- */

static int begin_fn(struct curb_tx *tx, void *arg)
{
	bool under_way = false;
	int err = holders_remember(tx, arg);
	if (!err)
		err = work_under_way(tx, "unused", &under_way);
	return err || under_way ? err : work_at(tx, "unused", curb_wall_ms() + 10 * minute_ms);
}

int ingest_begin(struct ingest *ingest)
{
	const struct store_write write = { .fn = begin_fn, .arg = ingest };
	return store_write(ingest->o.store, &write);
}

int ingest_unused(struct curb_tx *tx, struct ingest_unused *ret_unused)
{
	static const char sql[] =
		"SELECT looked_ms, waiting, waiting_bytes, removed, removed_bytes, away FROM core_unused";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_unused = (struct ingest_unused){
		.looked_ms = curb_col_int(stmt, 0),
		.waiting = curb_col_int(stmt, 1),
		.waiting_bytes = curb_col_int(stmt, 2),
		.removed = curb_col_int(stmt, 3),
		.removed_bytes = curb_col_int(stmt, 4),
		.away = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 5)),
	};
	return 0;
}
