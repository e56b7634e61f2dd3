/* Looking after the file: checking it and copying it while the server runs. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "inside.h"

/* ---- checking ---- */

static void auto_conn(struct store_conn **conn)
{
	conn_close(*conn);
}

static void auto_raw(sqlite3_stmt **raw)
{
	(void)sqlite3_finalize(*raw);
}

static int first_row(struct store_conn *conn, const char *sql, struct curb_buf *ret_text)
{
	__attribute__((cleanup(auto_raw))) sqlite3_stmt *raw = NULL;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(raw);
	conn->guard = GUARD_SHUT;
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return conn_fail(conn, rc, sql);
	const char *text = (const char *)sqlite3_column_text(raw, 0);
	curb_buf_text(ret_text, text ? text : "");
	return 0;
}

int store_check(struct curb_store *store)
{
	__attribute__((cleanup(auto_conn))) struct store_conn *conn = NULL;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(64 * 1024);
	int err = conn_open(store, false, false, &conn);
	if (!err)
		err = first_row(conn, "PRAGMA quick_check(1)", &text);
	if (err)
		return err;
	if (!curb_str_is(curb_buf_view(&text), "ok"))
		return curb_fail(CURB_EINTERNAL, "the database is damaged: %.300s",
		                 text.data ? text.data : "");
	curb_buf_clear(&text);
	err = first_row(conn, "PRAGMA foreign_key_check", &text);
	if (!err && text.len)
		err = curb_fail(CURB_EINTERNAL, "a row of %.100s refers to a row that is not there",
		                text.data);
	return err;
}

/* ---- copying ---- */

static void auto_db(sqlite3 **db)
{
	(void)sqlite3_close(*db);
}

/* Not through conn_open: this connection attaches the copy, which the others may never do. */
static int vacuum_into(struct curb_store *store, const char *to)
{
	__attribute__((cleanup(auto_db))) sqlite3 *db = NULL;
	__attribute__((cleanup(auto_raw))) sqlite3_stmt *raw = NULL;
	int rc = sqlite3_open_v2(store->path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
	struct store_conn conn = { .db = db, .store = store };
	if (rc == SQLITE_OK) {
		(void)sqlite3_busy_timeout(db, 2000);
		conn.guard = GUARD_STORE;
		int err = hanbigram_register(&conn);
		if (err)
			return err;
		rc = sqlite3_prepare_v2(db, "VACUUM INTO $1", -1, &raw, NULL);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(raw, 1, to, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(raw);
	return rc == SQLITE_DONE ? 0 : conn_fail(&conn, rc, "VACUUM INTO");
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
	int err = vacuum_into(store, part);
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
