/* The authorizer: statements reach the tables of their owner and nothing else. SQLite asks it while it prepares,
 * also when a changed schema makes it prepare again inside a step. */
#include <stdio.h>

#include "inside.h"

bool guard_owns(const char *owner, const char *name)
{
	size_t n = strlen(owner);
	return name && sqlite3_strnicmp(name, owner, (int)n) == 0 && name[n] == '_';
}

static bool starts(const char *text, const char *prefix)
{
	return text && sqlite3_strnicmp(text, prefix, (int)strlen(prefix)) == 0;
}

static bool is(const char *text, const char *other)
{
	return text && sqlite3_stricmp(text, other) == 0;
}

static int deny(struct store_conn *conn, const char *what, const char *name)
{
	(void)snprintf(conn->denied, sizeof conn->denied, "%s may not %s %s",
	               conn->owner ? conn->owner : "nobody", what, name ? name : "");
	return SQLITE_DENY;
}

/* Functions that another database does not know, or that reach out of the database. */
static bool is_forbidden_function(const char *name)
{
	static const char *const names[] = { "load_extension", "fts5",      "fts3_tokenizer",
		                             "date",           "time",      "datetime",
		                             "julianday",      "unixepoch", "strftime" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is(name, names[i]))
			return true;
	return starts(name, "json");
}

/* Where no column of a table is used SQLite asks by the name that was written, which may be that of a WITH clause.
 * Those have no underscore, tables always have one. */
static bool is_with_clause(const char *name, const char *column)
{
	return column && column[0] == '\0' && name && !strchr(name, '_');
}

/* Opening a full-text table asks for this. SQLite itself refuses an UPDATE of sqlite_master that somebody wrote. */
static bool is_opening_index(int action, const char *table, const char *column)
{
	return is(table, "sqlite_master") &&
	       (action == SQLITE_UPDATE || (action == SQLITE_READ && is(column, "ROWID")));
}

static int check_rows(struct store_conn *conn, int action, const char *table, const char *column,
                      const char *db)
{
	if (db && !is(db, "main"))
		return deny(conn, "use", db);
	if (guard_owns(conn->owner, table))
		return SQLITE_OK;
	if ((action == SQLITE_READ && is_with_clause(table, column)) ||
	    is_opening_index(action, table, column))
		return SQLITE_OK;
	return deny(conn, action == SQLITE_READ ? "read" : "change", table);
}

/* One rule for requests and migrations alike; the rest depends on which it is. */
static int check_common(struct store_conn *conn, int action, const char *a, const char *b, const char *db)
{
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_RECURSIVE: return SQLITE_OK;
	case SQLITE_FUNCTION: return is_forbidden_function(b) ? deny(conn, "call", b) : SQLITE_OK;
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_DELETE:
	case SQLITE_UPDATE: return check_rows(conn, action, a, b, db);
	/* full-text tables ask whether another connection has written */
	case SQLITE_PRAGMA: return is(a, "data_version") && !b ? SQLITE_OK : deny(conn, "use the pragma", a);
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT: return deny(conn, "begin or end a transaction:", a);
	case SQLITE_ATTACH:
	case SQLITE_DETACH: return deny(conn, "attach", a);
	default: return deny(conn, "change the schema:", a);
	}
}

/* What CREATE, DROP and ALTER do behind the scenes; a statement that does it openly is refused by SQLite itself. */
static bool is_schema_row(int action, const char *table)
{
	bool rows = action == SQLITE_READ || action == SQLITE_INSERT || action == SQLITE_UPDATE ||
	            action == SQLITE_DELETE;
	return rows && (is(table, "sqlite_master") || is(table, "sqlite_temp_master") ||
	                starts(table, "sqlite_stat"));
}

static int check_migration(struct store_conn *conn, int action, const char *a, const char *b, const char *db)
{
	switch (action) {
	case SQLITE_CREATE_TABLE:
	case SQLITE_DROP_TABLE:
	case SQLITE_CREATE_VIEW:
	case SQLITE_DROP_VIEW: return guard_owns(conn->owner, a) ? SQLITE_OK : deny(conn, "make or drop", a);
	case SQLITE_CREATE_INDEX:
	case SQLITE_DROP_INDEX:
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_DROP_TRIGGER:
		if (!guard_owns(conn->owner, b))
			return deny(conn, "make or drop something on", b);
		return guard_owns(conn->owner, a) || starts(a, "sqlite_autoindex_") ?
		               SQLITE_OK :
		               deny(conn, "name it", a);
	case SQLITE_ALTER_TABLE: return guard_owns(conn->owner, b) ? SQLITE_OK : deny(conn, "alter", b);
	case SQLITE_REINDEX: return SQLITE_OK; /* part of CREATE INDEX, whose own name was looked at */
	default: return is_schema_row(action, a) ? SQLITE_OK : check_common(conn, action, a, b, db);
	}
}

int guard_check(void *arg, int action, const char *a, const char *b, const char *db, const char *by)
{
	(void)by;
	struct store_conn *conn = arg;
	switch (conn->guard) {
	case GUARD_STORE: return SQLITE_OK;
	case GUARD_OWNER: return check_common(conn, action, a, b, db);
	case GUARD_MIGRATION: return check_migration(conn, action, a, b, db);
	case GUARD_SHUT: break;
	}
	return deny(conn, "use the database now:", a);
}
