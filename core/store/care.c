/* Looking after the file: checking it and copying it while the server runs. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "inside.h"
#include "sums.h"

/* ---- checking ---- */

static void auto_conn(struct store_conn **conn)
{
	conn_close(*conn);
}

static void auto_raw(sqlite3_stmt **raw)
{
	(void)sqlite3_finalize(*raw);
}

/* Tells the first column of each row until `row` has enough. */
static int each_row(struct store_conn *conn, const char *sql, bool (*row)(void *arg, const char *text),
                    void *arg)
{
	__attribute__((cleanup(auto_raw))) sqlite3_stmt *raw = NULL;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(raw)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(raw, 0);
		rc = row(arg, text ? text : "") ? SQLITE_OK : SQLITE_DONE;
	}
	conn->guard = GUARD_SHUT;
	return rc == SQLITE_DONE ? 0 : conn_fail(conn, rc, sql);
}

static bool keep_row(void *arg, const char *text)
{
	curb_buf_text(arg, text);
	return false;
}

int store_check(struct curb_store *store)
{
	__attribute__((cleanup(auto_conn))) struct store_conn *conn = NULL;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(64 * 1024);
	int err = conn_open(store, false, false, &conn);
	if (!err)
		err = each_row(conn, "PRAGMA quick_check(1)", keep_row, &text);
	if (err)
		return err;
	if (!curb_str_is(curb_buf_view(&text), "ok"))
		return curb_fail(CURB_EINTERNAL, "the database is damaged: %.300s",
		                 text.data ? text.data : "");
	curb_buf_clear(&text);
	err = each_row(conn, "PRAGMA foreign_key_check", keep_row, &text);
	if (!err && text.len)
		err = curb_fail(CURB_EINTERNAL, "a row of %.100s refers to a row that is not there",
		                text.data);
	return err;
}

enum { STEPS_BETWEEN_LOOKS = 10000 };

struct examining {
	const struct store_look *look;
	size_t n;
};

static int is_cancelled(void *arg)
{
	const struct examining *e = arg;
	return e->look->cancelled && e->look->cancelled(e->look->arg);
}

static void tell(struct examining *e, const char *text)
{
	e->n++;
	if (e->look->found)
		e->look->found(e->look->arg, text);
}

static bool tell_damage(void *arg, const char *text)
{
	if (strcmp(text, "ok") != 0)
		tell(arg, text);
	return true;
}

static bool tell_reference(void *arg, const char *table)
{
	char text[256];
	(void)snprintf(text, sizeof text, "a row of %.100s refers to a row that is not there", table);
	tell(arg, text);
	return true;
}

int store_examine(struct curb_store *store, const struct store_look *look)
{
	__attribute__((cleanup(auto_conn))) struct store_conn *conn = NULL;
	struct examining e = { .look = look };
	int err = conn_open(store, false, false, &conn);
	if (err)
		return err;
	sqlite3_progress_handler(conn->db, STEPS_BETWEEN_LOOKS, is_cancelled, &e);
	err = each_row(conn, "PRAGMA integrity_check", tell_damage, &e);
	if (!err)
		err = each_row(conn, "PRAGMA foreign_key_check", tell_reference, &e);
	if (is_cancelled(&e))
		return curb_fail(CURB_EBUSY, "it was cancelled");
	return err ? err : e.n ? curb_fail(CURB_EUNFIT, "the database is damaged in %zu places", e.n) : 0;
}

/* ---- scrubbing ---- */

static int scrub_task(struct curb_store *store, void *arg)
{
	(void)arg;
	int err = searches_settle(store);
	return err ? err : wal_empty(store);
}

int store_scrub(struct curb_store *store)
{
	return store_writable(store) ? writer_task(store, scrub_task, NULL) : store_broken_fail();
}

/* ---- copying ---- */

static void auto_db(sqlite3 **db)
{
	(void)sqlite3_close(*db);
}

/* Page by page, not VACUUM INTO: that numbers rows anew, and the search indexes know rows by their number. One step
 * is one snapshot, so what is written meanwhile neither waits nor shows. */
static int copy_pages(struct curb_store *store, const char *to)
{
	__attribute__((cleanup(auto_conn))) struct store_conn *from = NULL;
	__attribute__((cleanup(auto_db))) sqlite3 *db = NULL;
	int err = conn_open(store, false, false, &from);
	if (err)
		return err;
	struct store_conn copy = { .store = store };
	int rc = sqlite3_open_v2(to, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
	                         NULL);
	copy.db = db;
	sqlite3_backup *backup = rc == SQLITE_OK ? sqlite3_backup_init(db, "main", from->db, "main") : NULL;
	if (!backup)
		return conn_fail(&copy, rc == SQLITE_OK ? sqlite3_errcode(db) : rc, to);
	sums_like(db, from->db);
	from->guard = GUARD_STORE;
	int step = sqlite3_backup_step(backup, -1);
	from->guard = GUARD_SHUT;
	rc = sqlite3_backup_finish(backup);
	if (step != SQLITE_DONE) /* what only waits, a finish does not tell */
		return conn_fail(&copy, step == SQLITE_OK ? SQLITE_BUSY : step, to);
	return rc == SQLITE_OK ? 0 : conn_fail(&copy, rc, to);
}

static int sync_path(const char *path, int flags)
{
	CURB_AUTO(fd) int fd = open(path, flags | O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0)
		return curb_fail(errno == ENOSPC ? CURB_EFULL : CURB_EINTERNAL,
		                 "%s cannot be written: error %d", path, errno);
	return 0;
}

int store_copy(struct curb_store *store, const char *to_path)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(64 * 1024);
	const char *part = curb_printf(arena, "%s.part", to_path);
	(void)unlink(part);
	int err = store_touch(part);
	if (!err)
		err = copy_pages(store, part);
	if (!err)
		err = sync_path(part, 0);
	if (!err && rename(part, to_path) != 0)
		err = curb_fail(CURB_EINTERNAL, "%s cannot be renamed: error %d", part, errno);
	if (err) {
		(void)unlink(part);
		return err;
	}
	char *folder = curb_alloc(arena, strlen(to_path) + 1);
	memcpy(folder, to_path, strlen(to_path));
	return sync_path(dirname(folder), O_DIRECTORY);
}
