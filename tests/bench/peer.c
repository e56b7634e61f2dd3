/* bench_peer DATABASE SECONDS FIRST STATEMENTS: the work of a beat by a plain program: the same statements on a copy of
 * the same database with the same settings, each beat in a transaction of its own. STATEMENTS is a file with a line for
 * each of PEER_PLAY to PEER_DAY; standard input is that of bench_beats.
 * Prints {"acked","s","p99_us","max_us","next"}.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tally.h"

enum { PLAYS_MAX = 1000, TIMES_MAX = 4000000, RANGES_ROOM = 4096, LINE_MAX_BYTES = 4096 };
enum {
	PEER_BEGIN,
	PEER_COMMIT,
	PEER_PLAY,
	PEER_SAVE,
	PEER_COVERAGE,
	PEER_GRANT,
	PEER_ENTRY,
	PEER_DAY,
	PEER_STATEMENTS
};

enum { PARAMS_MAX = 16 };

static sqlite3 *db;
static sqlite3_stmt *statements[PEER_STATEMENTS];
static int params[PEER_STATEMENTS]
		 [PARAMS_MAX]; /* SQLite's index of $1, $2, …: it counts them as they appear */

/* What a beat reads and changes. */
struct play {
	char id[40], person[40], cohort[40], unit[40], version[40], boot[64];
	sqlite3_int64 budget_ms, spent_s, boot_ms;
	int doubted;
	struct spans {
		unsigned char bytes[RANGES_ROOM];
		int len;
	} seqs, seen, credited;
};

static void need(int rc, int want)
{
	if (rc == want)
		return;
	(void)fprintf(stderr, "peer: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static void open_database(const char *path)
{
	need(sqlite3_open(path, &db), SQLITE_OK);
	need(sqlite3_exec(db,
	                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; "
	                  "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA recursive_triggers = ON; "
	                  "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; "
	                  "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;",
	                  NULL, NULL, NULL),
	     SQLITE_OK);
}

static void prepare(int which, const char *sql)
{
	char name[8];
	need(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statements[which], NULL), SQLITE_OK);
	for (int i = 1; i < PARAMS_MAX; i++) {
		(void)snprintf(name, sizeof name, "$%d", i);
		params[which][i] = sqlite3_bind_parameter_index(statements[which], name);
	}
}

static void prepare_all(const char *path)
{
	char line[LINE_MAX_BYTES];
	FILE *file = fopen(path, "re");
	prepare(PEER_BEGIN, "BEGIN IMMEDIATE");
	prepare(PEER_COMMIT, "COMMIT");
	for (int i = PEER_PLAY; i < PEER_STATEMENTS; i++) {
		if (!file || !fgets(line, sizeof line, file)) {
			(void)fprintf(stderr, "peer: %s has too few statements\n", path);
			exit(1);
		}
		prepare(i, line);
	}
	(void)fclose(file);
}

static void run(int which)
{
	need(sqlite3_step(statements[which]), SQLITE_DONE);
	need(sqlite3_reset(statements[which]), SQLITE_OK);
}

/* A statement that found no row would be no work to compare with. */
static void change(int which)
{
	run(which);
	if (sqlite3_changes(db) == 1)
		return;
	(void)fprintf(stderr, "peer: %s changed nothing\n", sqlite3_sql(statements[which]));
	exit(1);
}

/* ---- values ---- */

static void text(int which, int i, const char *value)
{
	need(sqlite3_bind_text(statements[which], params[which][i], value, -1, SQLITE_STATIC), SQLITE_OK);
}

static void number(int which, int i, sqlite3_int64 value)
{
	need(sqlite3_bind_int64(statements[which], params[which][i], value), SQLITE_OK);
}

static void blob(int which, int i, const struct spans *spans)
{
	need(sqlite3_bind_blob(statements[which], params[which][i], spans->bytes, spans->len, SQLITE_STATIC),
	     SQLITE_OK);
}

static void copy(char *to, size_t size, sqlite3_stmt *stmt, int column)
{
	const char *from = (const char *)sqlite3_column_text(stmt, column);
	(void)snprintf(to, size, "%s", from ? from : "");
}

static void copy_spans(struct spans *to, sqlite3_stmt *stmt, int column)
{
	const void *from = sqlite3_column_blob(stmt, column);
	to->len = sqlite3_column_bytes(stmt, column);
	if (to->len > RANGES_ROOM - 8)
		exit(1);
	if (from)
		memcpy(to->bytes, from, (size_t)to->len);
}

static void put_u32(unsigned char *to, sqlite3_int64 value)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(value >> (24 - 8 * i));
}

/* Adds second n, which lies at the end or behind it. */
static void grow(struct spans *spans, sqlite3_int64 n)
{
	unsigned char from[4];
	put_u32(from, n);
	if (spans->len == 0 || memcmp(spans->bytes + spans->len - 4, from, 4) != 0) {
		memcpy(spans->bytes + spans->len, from, 4);
		spans->len += 8;
	}
	put_u32(spans->bytes + spans->len - 4, n + 1);
}

static sqlite3_int64 total(const struct spans *spans)
{
	sqlite3_int64 sum = 0;
	for (int i = 0; i < spans->len; i += 8) {
		const unsigned char *p = spans->bytes + i;
		sum += ((sqlite3_int64)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7]) -
		       ((sqlite3_int64)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]);
	}
	return sum;
}

/* ---- a beat ---- */

static void read_play(struct play *play, sqlite3_int64 now_ms)
{
	sqlite3_stmt *stmt = statements[PEER_PLAY];
	text(PEER_PLAY, 1, play->id);
	number(PEER_PLAY, 2, now_ms);
	need(sqlite3_step(stmt), SQLITE_ROW);
	copy(play->person, sizeof play->person, stmt, 1);
	copy(play->cohort, sizeof play->cohort, stmt, 2);
	copy(play->unit, sizeof play->unit, stmt, 3);
	copy(play->version, sizeof play->version, stmt, 4);
	play->budget_ms = sqlite3_column_int64(stmt, 8);
	play->spent_s = sqlite3_column_int64(stmt, 9);
	copy_spans(&play->seqs, stmt, 10);
	copy(play->boot, sizeof play->boot, stmt, 11);
	play->boot_ms = sqlite3_column_int64(stmt, 12);
	play->doubted = sqlite3_column_int(stmt, 14);
	copy_spans(&play->seen, stmt, 20);
	copy_spans(&play->credited, stmt, 21);
	need(sqlite3_reset(stmt), SQLITE_OK);
}

static void save_play(const struct play *play, sqlite3_int64 now_ms)
{
	text(PEER_SAVE, 1, play->id);
	number(PEER_SAVE, 2, play->budget_ms);
	number(PEER_SAVE, 3, play->spent_s);
	blob(PEER_SAVE, 4, &play->seqs);
	text(PEER_SAVE, 5, play->boot);
	number(PEER_SAVE, 6, play->boot_ms);
	number(PEER_SAVE, 7, now_ms);
	number(PEER_SAVE, 8, play->doubted);
	change(PEER_SAVE);
}

static void save_coverage(const struct play *play, sqlite3_int64 position_s, sqlite3_int64 now_ms)
{
	text(PEER_COVERAGE, 1, play->person);
	text(PEER_COVERAGE, 2, play->cohort);
	text(PEER_COVERAGE, 3, play->unit);
	blob(PEER_COVERAGE, 4, &play->seen);
	blob(PEER_COVERAGE, 5, &play->credited);
	number(PEER_COVERAGE, 6, total(&play->seen));
	number(PEER_COVERAGE, 7, total(&play->credited));
	number(PEER_COVERAGE, 8, position_s);
	number(PEER_COVERAGE, 9, now_ms);
	change(PEER_COVERAGE);
}

static void grant(const struct play *play)
{
	text(PEER_GRANT, 1, play->cohort);
	text(PEER_GRANT, 2, play->person);
	number(PEER_GRANT, 3, 1);
	change(PEER_GRANT);
}

/* The sums of an entry: a second was played and granted. */
static void bind_sums(int which, int first, int count)
{
	for (int i = 0; i < count; i++)
		number(which, first + i, i < 2);
}

static void add_entry(const struct play *play, sqlite3_int64 seq, sqlite3_int64 now_ms)
{
	enum { DAY_MS = 24 * 3600 * 1000, ENTRY_SUMS = 7, DAY_SUMS = 8 };
	number(PEER_ENTRY, 1, now_ms);
	number(PEER_ENTRY, 2, now_ms / DAY_MS);
	text(PEER_ENTRY, 3, play->person);
	text(PEER_ENTRY, 4, play->cohort);
	text(PEER_ENTRY, 5, play->unit);
	text(PEER_ENTRY, 6, play->version);
	text(PEER_ENTRY, 7, play->id);
	number(PEER_ENTRY, 8, seq);
	bind_sums(PEER_ENTRY, 9, ENTRY_SUMS);
	change(PEER_ENTRY);
	text(PEER_DAY, 1, play->person);
	text(PEER_DAY, 2, play->cohort);
	number(PEER_DAY, 3, now_ms / DAY_MS);
	text(PEER_DAY, 4, play->unit);
	bind_sums(PEER_DAY, 5, DAY_SUMS);
	change(PEER_DAY);
}

static void beat(struct play *play, sqlite3_int64 n)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	sqlite3_int64 now_ms = (sqlite3_int64)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	run(PEER_BEGIN);
	read_play(play, now_ms);
	grow(&play->seqs, n);
	grow(&play->seen, n);
	grow(&play->credited, n);
	play->spent_s++;
	save_play(play, now_ms);
	save_coverage(play, n + 1, now_ms);
	grant(play);
	add_entry(play, n, now_ms);
	run(PEER_COMMIT);
}

int main(int argc, char **argv)
{
	static struct play plays[PLAYS_MAX];
	char token[64];
	int n = 0;
	if (argc != 5)
		return 2;
	open_database(argv[1]);
	prepare_all(argv[4]);
	while (n < PLAYS_MAX && scanf("%63s %39s", token, plays[n].id) == 2)
		n++;
	if (n == 0)
		return 1;
	struct tally tally = tally_new(TIMES_MAX);
	int64_t began = tick_us(), until = began + number_of(argv[2]) * 1000000, before = began;
	sqlite3_int64 seq = number_of(argv[3]), done = 0;
	while (before < until) {
		beat(&plays[done % n], seq + done / n);
		done++;
		int64_t after = tick_us();
		tally_add(&tally, after - before);
		before = after;
	}
	(void)printf("{\"acked\":%lld,\"s\":%.6f,\"p99_us\":%lld,\"max_us\":%lld,\"next\":%lld}\n",
	             (long long)done, (double)(before - began) / 1e6, (long long)tally_at(&tally, 0.99),
	             (long long)tally_at(&tally, 1.0), (long long)(seq + done / n + 1));
	for (int i = 0; i < PEER_STATEMENTS; i++)
		(void)sqlite3_finalize(statements[i]);
	return sqlite3_close(db) != SQLITE_OK;
}
