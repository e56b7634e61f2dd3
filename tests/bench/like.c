/* bench_like DATABASE ROUNDS WORD…: what a search without an index does in the same rows: the first page of published
 * courses whose name has the word, and how many there are. Prints {"p50_us","p99_us","found"}.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "tally.h"

static sqlite3 *database;

static void must(int code)
{
	if (code == SQLITE_OK)
		return;
	(void)fprintf(stderr, "%s\n", sqlite3_errmsg(database));
	exit(1);
}

/* Steps through all rows; the first column of the last. */
static int64_t rows_of(sqlite3_stmt *stmt, const char *pattern)
{
	int64_t last = 0;
	int code;
	must(sqlite3_bind_text(stmt, 1, pattern, -1, SQLITE_STATIC));
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		last = sqlite3_column_int64(stmt, 0);
	must(code == SQLITE_DONE ? SQLITE_OK : code);
	must(sqlite3_reset(stmt));
	return last;
}

int main(int argc, char **argv)
{
	static const char list[] =
		"SELECT id, name, hours_c FROM catalog_course WHERE state = 'published' AND "
		"name LIKE $1 ORDER BY sort_key, id LIMIT 20";
	static const char count[] =
		"SELECT count(*) FROM catalog_course WHERE state = 'published' AND name LIKE $1";
	sqlite3_stmt *first = NULL, *all = NULL;
	if (argc < 4)
		return 2;
	must(sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL));
	must(sqlite3_prepare_v2(database, list, -1, &first, NULL));
	must(sqlite3_prepare_v2(database, count, -1, &all, NULL));
	int64_t rounds = number_of(argv[2]), found = 0;
	struct tally times = tally_new((size_t)(rounds * argc));
	for (int64_t i = 0; i < rounds; i++)
		for (int word = 3; word < argc; word++) {
			char pattern[200];
			(void)snprintf(pattern, sizeof pattern, "%%%s%%", argv[word]);
			int64_t began_us = tick_us();
			(void)rows_of(first, pattern);
			found += rows_of(all, pattern);
			tally_add(&times, tick_us() - began_us);
		}
	(void)printf("{\"p50_us\":%lld,\"p99_us\":%lld,\"found\":%lld}\n", (long long)tally_at(&times, 0.5),
	             (long long)tally_at(&times, 0.99), (long long)found);
	tally_free(&times);
	(void)sqlite3_finalize(first);
	(void)sqlite3_finalize(all);
	return sqlite3_close(database) != SQLITE_OK;
}
