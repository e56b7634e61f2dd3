#include <stdio.h>
#include <stdlib.h>

#include "inside.h"

/* ---- the cache ---- */

static struct curb_stmt **bucket(struct store_conn *conn, const char *sql, const char *owner)
{
	uintptr_t h = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15u ^ (uintptr_t)owner >> 4;
	return &conn->buckets[(h >> 16 ^ h) % BUCKETS];
}

static struct curb_stmt *find_idle(struct curb_stmt *stmt, const char *sql, const char *owner)
{
	while (stmt && (stmt->busy || stmt->sql != sql || stmt->owner != owner))
		stmt = stmt->next;
	return stmt;
}

static void take(struct curb_stmt *stmt)
{
	struct store_conn *conn = stmt->conn;
	stmt->busy = true;
	stmt->done = false;
	stmt->failed = 0;
	stmt->newer = NULL;
	stmt->older = conn->in_use;
	if (conn->in_use)
		conn->in_use->newer = stmt;
	conn->in_use = stmt;
}

void curb_reset(struct curb_stmt *stmt)
{
	if (!stmt)
		return;
	CURB_ASSERT(stmt->magic == STMT_MAGIC);
	if (!stmt->busy)
		return;
	(void)sqlite3_reset(stmt->raw);
	stmt->busy = false;
	if (stmt->newer)
		stmt->newer->older = stmt->older;
	else
		stmt->conn->in_use = stmt->older;
	if (stmt->older)
		stmt->older->newer = stmt->newer;
}

void stmts_free(struct store_conn *conn)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (conn->buckets[i]) {
			struct curb_stmt *stmt = conn->buckets[i];
			conn->buckets[i] = stmt->next;
			(void)sqlite3_finalize(stmt->raw);
			free(stmt);
		}
	}
	conn->in_use = NULL;
	conn->stmts = 0;
}

void stmts_reset(struct store_conn *conn)
{
	while (conn->in_use)
		curb_reset(conn->in_use);
	if (conn->stmts > STMTS_MAX)
		stmts_free(conn);
}

/* ---- preparing ---- */

static bool only_blanks(const char *tail)
{
	return tail[strspn(tail, " \t\r\n;")] == '\0';
}

/* SQLite numbers $n by first appearance; callers by n. */
static int number_params(struct curb_stmt *stmt)
{
	int params = sqlite3_bind_parameter_count(stmt->raw);
	if (params > BINDS_MAX)
		return curb_fail(CURB_EINTERNAL, "more than %d parameters: %s", BINDS_MAX, stmt->sql);
	for (int i = 1; i <= params; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt->raw, i);
		int64_t n = 0;
		if (!name || name[0] != '$' || !curb_str_int(curb_str(name + 1), &n) || n < 1 || n > params ||
		    stmt->param[n - 1])
			return curb_fail(CURB_EINTERNAL, "parameters are $1, $2, … without a gap: %s",
			                 stmt->sql);
		stmt->param[n - 1] = (unsigned char)i;
	}
	stmt->params = (unsigned char)params;
	return 0;
}

static int prepare_raw(struct curb_stmt *stmt)
{
	struct store_conn *conn = stmt->conn;
	const char *tail = "";
	conn->guard = GUARD_OWNER;
	conn->owner = stmt->owner;
	conn->denied[0] = '\0';
	int rc = sqlite3_prepare_v3(conn->db, stmt->sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->raw, &tail);
	conn->guard = GUARD_SHUT;
	if (rc != SQLITE_OK) {
		int err = conn_fail(conn, rc, stmt->sql);
		return err == CURB_EFULL || err == CURB_EBUSY ? err : CURB_EINTERNAL;
	}
	if (!stmt->raw || !only_blanks(tail))
		return curb_fail(CURB_EINTERNAL, "not one statement: %s", stmt->sql);
	return number_params(stmt);
}

static int prepare(struct store_conn *conn, const char *sql, const char *owner, struct curb_stmt **ret_stmt)
{
	struct curb_stmt *stmt = curb_xcalloc(1, sizeof *stmt);
	stmt->magic = STMT_MAGIC;
	stmt->conn = conn;
	stmt->sql = sql;
	stmt->owner = owner;
	int err = prepare_raw(stmt);
	if (err) {
		(void)sqlite3_finalize(stmt->raw);
		free(stmt);
		return err;
	}
	stmt->readonly = sqlite3_stmt_readonly(stmt->raw);
	stmt->core = !stmt->readonly && strcmp(owner, curb_core_host.owner) == 0;
	struct curb_stmt **head = bucket(conn, sql, owner);
	stmt->next = *head;
	*head = stmt;
	conn->stmts++;
	*ret_stmt = stmt;
	return 0;
}

static int find_or_prepare(struct store_conn *conn, const char *sql, const char *owner,
                           struct curb_stmt **ret_stmt)
{
	struct curb_stmt *stmt = find_idle(*bucket(conn, sql, owner), sql, owner);
	if (!stmt)
		return prepare(conn, sql, owner, ret_stmt);
	if (strcmp(sqlite3_sql(stmt->raw), sql) != 0)
		return curb_fail(CURB_EINTERNAL, "the text of a statement must be static: %s", sql);
	*ret_stmt = stmt;
	return 0;
}

/* ---- binding ---- */

static int bind_one(sqlite3_stmt *raw, int index, const struct curb_bind *bind)
{
	switch (bind->type) {
	case CURB_BIND_INT: return sqlite3_bind_int64(raw, index, bind->i);
	case CURB_BIND_TEXT:
		return sqlite3_bind_text64(raw, index, bind->s.ptr, bind->s.len, SQLITE_STATIC, SQLITE_UTF8);
	case CURB_BIND_BLOB: return sqlite3_bind_blob64(raw, index, bind->s.ptr, bind->s.len, SQLITE_STATIC);
	case CURB_BIND_NULL:
	case CURB_BIND_END: break;
	}
	return sqlite3_bind_null(raw, index);
}

static int bind_all(struct curb_stmt *stmt, const struct curb_bind *binds)
{
	int n = 0;
	for (; binds && binds[n].type != CURB_BIND_END; n++) {
		if (n >= stmt->params)
			break;
		int rc = bind_one(stmt->raw, stmt->param[n], &binds[n]);
		if (rc != SQLITE_OK)
			return conn_fail(stmt->conn, rc, stmt->sql);
	}
	if (n != stmt->params || (binds && binds[n].type != CURB_BIND_END))
		return curb_fail(CURB_EINTERNAL, "%d parameters are wanted: %s", stmt->params, stmt->sql);
	return 0;
}

static int begin_lazily(struct curb_tx *tx)
{
	if (tx->begun)
		return 0;
	int rc = conn_fixed(tx->conn, FIXED_BEGIN);
	if (rc != SQLITE_OK)
		return conn_fail(tx->conn, rc, "BEGIN");
	tx->begun = true;
	return 0;
}

int curb_query(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
               struct curb_stmt **ret_stmt)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	CURB_ASSERT(tx && tx->magic == TX_MAGIC);
	struct curb_stmt *stmt = NULL;
	int err = begin_lazily(tx);
	if (!err)
		err = find_or_prepare(tx->conn, sql, host->owner, &stmt);
	if (err)
		return err;
	if (!tx->conn->writing && !stmt->readonly)
		return curb_fail(CURB_EINTERNAL, "changes are made in a function given to curb_write: %s",
		                 sql);
	err = bind_all(stmt, binds);
	if (err)
		return err;
	take(stmt);
	*ret_stmt = stmt;
	return 0;
}

/* ---- rows ---- */

int curb_step(struct curb_stmt *stmt)
{
	CURB_ASSERT(stmt && stmt->magic == STMT_MAGIC);
	if (!stmt->busy)
		return curb_fail(CURB_EINTERNAL, "the statement was reset: %s", stmt->sql);
	if (stmt->failed)
		return stmt->failed;
	if (stmt->done)
		return 0;
	struct store_conn *conn = stmt->conn;
	/* When an error has ended the transaction, what follows would be a transaction of its own. */
	if (sqlite3_get_autocommit(conn->db))
		return curb_fail(CURB_EINTERNAL, "the transaction has ended before: %s", stmt->sql);
	conn->core_changed = conn->core_changed || stmt->core;
	conn->guard = GUARD_OWNER;
	conn->owner = stmt->owner;
	int rc = sqlite3_step(stmt->raw);
	conn->guard = GUARD_SHUT;
	if (rc == SQLITE_ROW)
		return 1;
	stmt->done = true;
	if (rc == SQLITE_DONE)
		return 0;
	stmt->failed = conn_fail(conn, rc, stmt->sql);
	return stmt->failed;
}

int curb_exec(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
              int64_t *ret_changed)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(host, tx, sql, binds, &stmt);
	while (!err) {
		int row = curb_step(stmt);
		if (row < 0)
			return row;
		if (!row)
			break;
	}
	if (!err && ret_changed)
		*ret_changed = stmt->readonly ? 0 : sqlite3_changes64(tx->conn->db);
	return err;
}

int64_t curb_col_int(struct curb_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->raw, column);
}

struct curb_str curb_col_text(struct curb_stmt *stmt, int column)
{
	const char *text = (const char *)sqlite3_column_text(stmt->raw, column);
	return curb_str_n(text, text ? (size_t)sqlite3_column_bytes(stmt->raw, column) : 0);
}

struct curb_str curb_col_blob(struct curb_stmt *stmt, int column)
{
	if (curb_col_null(stmt, column))
		return curb_str_n(NULL, 0);
	const char *bytes = sqlite3_column_blob(stmt->raw, column);
	return curb_str_n(bytes ? bytes : "", (size_t)sqlite3_column_bytes(stmt->raw, column));
}

struct curb_id curb_col_id(struct curb_stmt *stmt, int column)
{
	return curb_id_of(curb_col_text(stmt, column));
}

bool curb_col_null(struct curb_stmt *stmt, int column)
{
	return sqlite3_column_type(stmt->raw, column) == SQLITE_NULL;
}

struct curb_arena *curb_tx_arena(struct curb_tx *tx)
{
	CURB_ASSERT(tx && tx->magic == TX_MAGIC);
	return tx->arena;
}
