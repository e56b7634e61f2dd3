#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sums.h"

enum { APPLICATION_ID = 0x43757262 };

static const char *const fixed_sql[FIXED_COUNT] = {
	[FIXED_BEGIN] = "BEGIN",          [FIXED_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[FIXED_COMMIT] = "COMMIT",        [FIXED_ROLLBACK] = "ROLLBACK",
	[FIXED_SAVE] = "SAVEPOINT one",   [FIXED_RELEASE] = "RELEASE one",
	[FIXED_UNDO] = "ROLLBACK TO one",
};

/* ---- errors ---- */

static bool breaks(int rc)
{
	int primary = rc & 0xff;
	return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

static int fail_conflict(int rc)
{
	switch (rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
		return curb_fail(CURB_ECONFLICT, "the same entry is there already");
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return curb_fail(CURB_ECONFLICT, "what the entry refers to is not there, or is still in use");
	default: return curb_fail(CURB_ECONFLICT, "a value of the entry is not allowed");
	}
}

static int fail_plain(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT: return fail_conflict(rc);
	case SQLITE_FULL:
		return curb_fail(CURB_EFULL,
		                 "the server's disk is full; nothing was changed, try again later");
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return curb_fail(CURB_EBUSY, "the database is busy; try again");
	case SQLITE_TOOBIG: return curb_fail(CURB_ETOOBIG, "a value is larger than the database takes");
	default: return curb_fail(CURB_EINTERNAL, "the database failed");
	}
}

int conn_fail(struct store_conn *conn, int rc, const char *what)
{
	char local[ERROR_TEXT], text[ERROR_TEXT];
	if (breaks(rc) && !conn->broken)
		conn->broken = rc;
	int err = fail_plain(rc);
	(void)snprintf(local, sizeof local, "%s", curb_error_local());
	(void)snprintf(text, sizeof text, "%s: %s (%d)%s%s", what,
	               conn->db ? sqlite3_errmsg(conn->db) : sqlite3_errstr(rc), rc,
	               conn->denied[0] ? ": " : "", conn->denied);
	curb_error_set(text, local);
	conn->denied[0] = '\0';
	return err;
}

/* ---- statements of the store's own ---- */

int conn_run(struct store_conn *conn, const char *sql, int64_t *ret_value)
{
	sqlite3_stmt *raw = NULL;
	enum guard before = conn->guard;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(raw);
		if (rc == SQLITE_ROW && ret_value)
			*ret_value = sqlite3_column_int64(raw, 0);
		while (rc == SQLITE_ROW)
			rc = sqlite3_step(raw);
	}
	int ended = sqlite3_finalize(raw);
	conn->guard = before;
	if (rc == SQLITE_DONE || (rc == SQLITE_OK && ended == SQLITE_OK))
		return 0;
	return conn_fail(conn, rc, sql);
}

int conn_fixed(struct store_conn *conn, enum fixed which)
{
	enum guard before = conn->guard;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_step(conn->fixed[which]);
	(void)sqlite3_reset(conn->fixed[which]);
	conn->guard = before;
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* ---- opening ---- */

static int run_all(struct store_conn *conn, const char *const *sqls)
{
	for (; *sqls; sqls++) {
		int err = conn_run(conn, *sqls, NULL);
		if (err)
			return err;
	}
	return 0;
}

static int configure(struct store_conn *conn)
{
	/* The writer alone runs triggers, and SQLite before 3.41 lets them reach an FTS5 table only in a trusted schema.
	 * No function of ours does anything outside of the database. */
	const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },   { SQLITE_DBCONFIG_TRUSTED_SCHEMA, conn->writing },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },     { SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		int rc = sqlite3_db_config(conn->db, options[i].option, options[i].value, NULL);
		if (rc != SQLITE_OK)
			return conn_fail(conn, rc, "configure");
	}
	(void)sqlite3_limit(conn->db, SQLITE_LIMIT_ATTACHED, 0);
	(void)sqlite3_busy_timeout(conn->db, 2000);
	return 0;
}

/* The order matters: a file that is not ours is refused before anything is written to it. */
static int check_application(struct store_conn *conn)
{
	int64_t id = 0, tables = 0;
	int err = conn_run(conn, "PRAGMA application_id", &id);
	if (!err)
		err = conn_run(conn, "SELECT count(*) FROM sqlite_master", &tables);
	if (err || id == APPLICATION_ID)
		return err;
	if (id || tables)
		return curb_fail(CURB_EINVAL, "%s is not a database of Curbcut", conn->store->path);
	if (!conn->writing)
		return 0;
	int rc = sums_begin(conn->db);
	return rc == SQLITE_OK ? conn_run(conn, "PRAGMA application_id = 1131770466", NULL) :
	                         conn_fail(conn, rc, "make room for checksums");
}

static int set_up_writer(struct store_conn *conn)
{
	static const char *const pragmas[] = {
		"PRAGMA synchronous = FULL",
		"PRAGMA wal_autocheckpoint = 0",
		"PRAGMA cache_size = -16384",
		"PRAGMA temp_store = MEMORY",
		"PRAGMA mmap_size = 0",
		"PRAGMA recursive_triggers = ON",
		"PRAGMA secure_delete = ON", /* what was erased is nowhere in the file */
		"PRAGMA cell_size_check = ON",
		"PRAGMA journal_size_limit = 33554432",
		NULL,
	};
	int err = check_application(conn);
	if (!err)
		err = conn_run(conn, "PRAGMA journal_mode = WAL", NULL);
	return err ? err : run_all(conn, pragmas);
}

static int set_up_reader(struct store_conn *conn)
{
	static const char *const pragmas[] = {
		"PRAGMA query_only = ON",     "PRAGMA wal_autocheckpoint = 0", "PRAGMA cache_size = -2048",
		"PRAGMA temp_store = MEMORY", "PRAGMA mmap_size = 0",          NULL,
	};
	return run_all(conn, pragmas);
}

static int prepare_fixed(struct store_conn *conn)
{
	conn->guard = GUARD_STORE;
	int rc = SQLITE_OK;
	for (int i = 0; i < FIXED_COUNT && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(conn->db, fixed_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
		                        &conn->fixed[i], NULL);
	conn->guard = GUARD_SHUT;
	return rc == SQLITE_OK ? 0 : conn_fail(conn, rc, "prepare");
}

static int set_up(struct store_conn *conn)
{
	int err = configure(conn);
	if (!err)
		err = conn->writing ? set_up_writer(conn) : set_up_reader(conn);
	if (!err)
		err = hanbigram_register(conn);
	if (err)
		return err;
	/* Set once and never again: each call would make SQLite prepare every statement anew. */
	(void)sqlite3_set_authorizer(conn->db, guard_check, conn);
	return prepare_fixed(conn);
}

/* SQLite keeps neither a lock nor shared memory for a file that it is told never to change. */
static int open_still(struct store_conn *conn, int flags)
{
	const char *path = conn->store->path;
	CURB_AUTO(buf) struct curb_buf name = curb_buf(3 * strlen(path) + 32);
	curb_buf_text(&name, "file:");
	for (; *path; path++)
		if (strchr("%?#", *path))
			curb_buf_printf(&name, "%%%02x", (unsigned)(unsigned char)*path);
		else
			curb_buf_char(&name, *path);
	curb_buf_text(&name, "?immutable=1");
	return curb_buf_check(&name) ? SQLITE_NOMEM :
	                               sqlite3_open_v2(name.data, &conn->db, flags | SQLITE_OPEN_URI, NULL);
}

int conn_open(struct curb_store *store, bool writing, bool fresh, struct store_conn **ret_conn)
{
	struct store_conn *conn = curb_xcalloc(1, sizeof *conn);
	conn->store = store;
	conn->writing = writing;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE |
	            (writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) |
	            (fresh ? SQLITE_OPEN_CREATE : 0);
	int rc = store->still ? open_still(conn, flags) :
	                        sqlite3_open_v2(store->path, &conn->db, flags, NULL);
	int err = rc == SQLITE_OK ? set_up(conn) : conn_fail(conn, rc, store->path);
	if (err) {
		conn_close(conn);
		return err;
	}
	*ret_conn = conn;
	return 0;
}

void conn_close(struct store_conn *conn)
{
	if (!conn)
		return;
	stmts_free(conn);
	for (int i = 0; i < FIXED_COUNT; i++)
		(void)sqlite3_finalize(conn->fixed[i]);
	/* A file after an I/O error is left to the next start, which reads the log again from the disk. */
	if (conn->db && conn->broken)
		(void)sqlite3_db_config(conn->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_close_v2(conn->db);
	free(conn);
}
