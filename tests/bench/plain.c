/* bench_plain DATABASE MS: rows as large as the last entry of the ledger in it, each durable before the next one is written, by a
 * plain program with the same settings: {"entries","s"}.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "tally.h"

static sqlite3 *db;

static void need(int rc, int want)
{
	if (rc == want)
		return;
	(void)fprintf(stderr, "plain: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static sqlite3_stmt *prepare(const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	need(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL), SQLITE_OK);
	return stmt;
}

static void open_database(const char *path)
{
	need(sqlite3_open(path, &db), SQLITE_OK);
	need(sqlite3_exec(db,
	                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; "
	                  "PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 4000; "
	                  "PRAGMA journal_size_limit = 33554432;",
	                  NULL, NULL, NULL),
	     SQLITE_OK);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	open_database(argv[1]);
	sqlite3_stmt *last = prepare("SELECT n, length(body) FROM ledger_entry ORDER BY n DESC LIMIT 1");
	sqlite3_stmt *add = prepare("INSERT INTO ledger_entry (n, body) VALUES (?1, randomblob(?2))");
	need(sqlite3_step(last), SQLITE_ROW);
	sqlite3_int64 n = sqlite3_column_int64(last, 0);
	need(sqlite3_bind_int64(add, 2, sqlite3_column_int64(last, 1)), SQLITE_OK);
	need(sqlite3_finalize(last), SQLITE_OK);
	int64_t began = tick_us(), until = began + number_of(argv[2]) * 1000, rows = 0;
	while (tick_us() < until) {
		need(sqlite3_bind_int64(add, 1, ++n), SQLITE_OK);
		need(sqlite3_step(add), SQLITE_DONE);
		need(sqlite3_reset(add), SQLITE_OK);
		rows++;
	}
	(void)printf("{\"entries\":%lld,\"s\":%.6f}\n", (long long)rows, (double)(tick_us() - began) / 1e6);
	need(sqlite3_finalize(add), SQLITE_OK);
	return sqlite3_close(db) != SQLITE_OK;
}
