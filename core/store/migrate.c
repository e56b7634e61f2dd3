#include <sodium.h>
#include <stdio.h>

#include "curb/clock.h"
#include "inside.h"

enum { SQL_MAX = 1 << 20, PART_MAX = 128 };

struct migrating {
	const char *part, *owner; /* as recorded; whose tables they are */
	const struct curb_migration *migrations;
};

/* ---- the words that differ between databases ---- */

static const char *word_of(struct curb_str word)
{
	static const struct {
		const char *ours, *theirs;
	} words[] = { { "INT64", "INTEGER" },
		      { "BLOB", "BLOB" },
		      { "STRICT", "STRICT" },
		      { "CLUSTERED", "WITHOUT ROWID" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (curb_str_is(word, words[i].ours))
			return words[i].theirs;
	return NULL;
}

/* Braces that hold anything but capitals and digits are left alone: '{}' may be a value. */
static int put_words(const char *sql, struct curb_buf *out)
{
	while (*sql) {
		size_t plain = strcspn(sql, "{");
		curb_buf_add(out, sql, plain);
		sql += plain;
		if (!*sql)
			break;
		size_t n = strspn(sql + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
		if (!n || sql[n + 1] != '}') {
			curb_buf_char(out, *sql++);
			continue;
		}
		const char *word = word_of(curb_str_n(sql + 1, n));
		if (!word)
			return curb_fail(CURB_EINVAL, "a migration has the unknown word %.*s", (int)n + 2,
			                 sql);
		curb_buf_text(out, word);
		sql += n + 2;
	}
	return curb_buf_check(out);
}

static void checksum(const char *sql, char ret_hex[static 65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(hash, (const unsigned char *)sql, strlen(sql));
	curb_hex(hash, sizeof hash, ret_hex);
}

/* ---- what was applied ---- */

static sqlite3_stmt *prepare_own(struct store_conn *conn, const char *sql)
{
	sqlite3_stmt *raw = NULL;
	conn->guard = GUARD_STORE;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	conn->guard = GUARD_SHUT;
	CURB_ASSERT(rc == SQLITE_OK || rc == SQLITE_IOERR || raw == NULL);
	return raw;
}

static int check_row(const struct migrating *m, int count, sqlite3_stmt *raw)
{
	int version = sqlite3_column_int(raw, 0);
	if (version > count)
		return curb_fail(
			CURB_ECONFLICT,
			"the database has version %d of %s, this program knows %d: install a newer one",
			version, m->part, count);
	char hex[65];
	checksum(m->migrations[version - 1].sql, hex);
	if (!curb_str_is(curb_str((const char *)sqlite3_column_text(raw, 1)), hex))
		return curb_fail(CURB_ECONFLICT, "migration %d of %s was changed after it had been applied",
		                 version, m->part);
	return 0;
}

static int check_applied(struct store_conn *conn, const struct migrating *m, int count, int *ret_applied)
{
	sqlite3_stmt *raw = prepare_own(
		conn, "SELECT version, checksum FROM core_migration WHERE plugin = $1 ORDER BY version");
	if (!raw)
		return conn_fail(conn, sqlite3_errcode(conn->db), "core_migration");
	(void)sqlite3_bind_text(raw, 1, m->part, -1, SQLITE_STATIC);
	int err = 0, rc = SQLITE_ROW, applied = 0;
	while (!err && (rc = sqlite3_step(raw)) == SQLITE_ROW) {
		err = check_row(m, count, raw);
		applied++;
	}
	(void)sqlite3_finalize(raw);
	if (!err && rc != SQLITE_DONE)
		err = conn_fail(conn, rc, "core_migration");
	if (!err)
		*ret_applied = applied;
	return err;
}

static int record(struct store_conn *conn, const struct migrating *m, const struct curb_migration *migration)
{
	sqlite3_stmt *raw = prepare_own(conn,
	                                "INSERT INTO core_migration (plugin, version, checksum, applied_ms) "
	                                "VALUES ($1, $2, $3, $4)");
	if (!raw)
		return conn_fail(conn, sqlite3_errcode(conn->db), "core_migration");
	char hex[65];
	checksum(migration->sql, hex);
	(void)sqlite3_bind_text(raw, 1, m->part, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int(raw, 2, migration->version);
	(void)sqlite3_bind_text(raw, 3, hex, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(raw, 4, curb_wall_ms());
	int rc = sqlite3_step(raw);
	(void)sqlite3_finalize(raw);
	return rc == SQLITE_DONE ? 0 : conn_fail(conn, rc, "core_migration");
}

/* ---- one migration ---- */

static int run_next(struct store_conn *conn, const char **sql)
{
	sqlite3_stmt *raw = NULL;
	conn->denied[0] = '\0';
	conn->guard = GUARD_MIGRATION;
	int rc = sqlite3_prepare_v2(conn->db, *sql, -1, &raw, sql);
	if (rc == SQLITE_OK && raw)
		while ((rc = sqlite3_step(raw)) == SQLITE_ROW)
			continue;
	(void)sqlite3_finalize(raw);
	conn->guard = GUARD_SHUT;
	return rc == SQLITE_OK || rc == SQLITE_DONE ? 0 : conn_fail(conn, rc, "migration");
}

static int check_references(struct store_conn *conn)
{
	int64_t broken = 0;
	int err = conn_run(conn, "SELECT count(*) FROM pragma_foreign_key_check", &broken);
	if (!err && broken)
		err = curb_fail(CURB_ECONFLICT,
		                "after the migration %lld rows refer to rows that are not there",
		                (long long)broken);
	return err;
}

static int run_sql(struct store_conn *conn, const struct migrating *m, const struct curb_migration *migration)
{
	CURB_AUTO(buf) struct curb_buf sql = curb_buf(SQL_MAX);
	int err = put_words(migration->sql, &sql);
	conn->owner = m->owner;
	for (const char *rest = sql.data ? sql.data : ""; !err && *rest;)
		err = run_next(conn, &rest);
	if (!err)
		err = check_references(conn);
	return err ? err : record(conn, m, migration);
}

static int apply(struct store_conn *conn, const struct migrating *m, const struct curb_migration *migration)
{
	int rc = conn_fixed(conn, FIXED_BEGIN_WRITE);
	if (rc != SQLITE_OK)
		return conn_fail(conn, rc, "BEGIN");
	int err = run_sql(conn, m, migration);
	if (!err) {
		rc = conn_fixed(conn, FIXED_COMMIT);
		err = rc == SQLITE_OK ? 0 : conn_fail(conn, rc, "COMMIT");
	}
	if (err && !conn->broken && !sqlite3_get_autocommit(conn->db))
		(void)conn_fixed(conn, FIXED_ROLLBACK);
	return err;
}

/* ---- all of them ---- */

static int count_migrations(const struct migrating *m, int *ret_count)
{
	int n = 0;
	for (; m->migrations && m->migrations[n].sql; n++)
		if (m->migrations[n].version != n + 1)
			return curb_fail(CURB_EINVAL, "migrations of %s are not numbered 1, 2, 3 …", m->part);
	*ret_count = n;
	return 0;
}

static int apply_new(struct store_conn *conn, const struct migrating *m)
{
	int count = 0, applied = 0;
	int err = count_migrations(m, &count);
	if (!err)
		err = conn_run(conn,
		               "CREATE TABLE IF NOT EXISTS core_migration (plugin TEXT NOT NULL, version "
		               "INTEGER NOT NULL, "
		               "checksum TEXT NOT NULL, applied_ms INTEGER NOT NULL, PRIMARY KEY (plugin, "
		               "version)) STRICT",
		               NULL);
	if (!err)
		err = check_applied(conn, m, count, &applied);
	if (!err && conn->store->as_is && applied < count)
		return curb_fail(
			CURB_ECONFLICT,
			"the database is of an older version of this program: start the server once, "
			"which makes it a newer one");
	for (int i = applied; !err && i < count; i++)
		err = apply(conn, m, &m->migrations[i]);
	return err;
}

/* Foreign keys rest meanwhile, or dropping a table that is being rebuilt would empty those that refer to it; each
 * migration is checked as a whole before it is committed. */
static int migrate_task(struct curb_store *store, void *arg)
{
	int err = conn_run(store->writer, "PRAGMA foreign_keys = OFF", NULL);
	if (err)
		return err;
	err = apply_new(store->writer, arg);
	char text[ERROR_TEXT];
	(void)snprintf(text, sizeof text, "%s", curb_error_text());
	int on = conn_run(store->writer, "PRAGMA foreign_keys = ON", NULL);
	if (err)
		curb_error_set(text, text);
	return err ? err : on;
}

int store_migrate_part(struct curb_store *store, struct curb_host *host, const char *part,
                       const struct curb_migration *migrations)
{
	CURB_ASSERT(host && host->magic == CURB_HOST_MAGIC);
	char name[PART_MAX];
	(void)snprintf(name, sizeof name, "%s%s%s", host->owner, part ? "." : "", part ? part : "");
	struct migrating m = { .part = name, .owner = host->owner, .migrations = migrations };
	return writer_task(store, migrate_task, &m);
}

int store_migrate(struct curb_store *store, struct curb_host *host, const struct curb_migration *migrations)
{
	return store_migrate_part(store, host, NULL, migrations);
}
