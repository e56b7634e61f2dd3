/* bench_ledger fill DATA N                 N entries to the ledger of a data folder that no server has, many a commit
 * bench_ledger append DATA THREADS MS      entries one a write, by so many at once: {"entries","s"}
 * bench_ledger rows DATA THREADS MS        the same with rows of the same bytes that are in no tree
 * bench_ledger run PROGRAM ARG...          {"s","mb"}: how long it took, and its largest resident memory
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/plugin.h"
#include "ledger.h"
#include "signers.h"

enum { PATH_SIZE = 4096, AT_A_TIME = 1000, THREADS_MOST = 256, CHECKPOINT_MS = 20000 };

struct house {
	struct curb_store *store;
	struct ledger *ledger;
};

static int open_house(const char *data, struct house *ret_house)
{
	char path[PATH_SIZE], folder[PATH_SIZE];
	struct note_signer signer;
	(void)snprintf(path, sizeof path, "%s/curbcut.db", data);
	(void)snprintf(folder, sizeof folder, "%s/ledger", data);
	const struct store_options options = { .path = path };
	struct ledger_options ledger = { .signer = &signer, .folder = folder, .every_ms = CHECKPOINT_MS };
	int err = store_open(&options, &ret_house->store);
	if (!err)
		err = signer_read(data, "ledger", NOTE_ED25519, &signer);
	if (err)
		return err;
	ledger.store = ret_house->store;
	return ledger_open(&ledger, &ret_house->ledger);
}

static void close_house(struct house *house)
{
	ledger_close(house->ledger);
	store_close(house->store);
}

/* ---- entries, as beats make them ---- */

static int append(struct curb_tx *tx, int64_t n)
{
	const struct curb_str id = curb_str("01234567-89ab-7def-8123-456789abcdef");
	const struct curb_fact facts[] = {
		{ "cohort", 0, id },           { "unit", 0, id },
		{ "version", 0, id },          { "day", 20000, { NULL, 0 } },
		{ "played", 10, { NULL, 0 } }, { "granted", 10, { NULL, 0 } },
		{ "again", 0, { NULL, 0 } },   { "share", 0, { NULL, 0 } },
		{ "daily", 0, { NULL, 0 } },   { "hours", 0, { NULL, 0 } },
		{ "clock", 0, { NULL, 0 } },   { "undelivered", 0, { NULL, 0 } },
		{ "policy", 0, { NULL, 0 } },
	};
	struct curb_entry entry = { .kind = "online",
		                    .at_ms = curb_wall_ms(),
		                    .role = "learner",
		                    .key = id,
		                    .facts = facts,
		                    .fact_count = sizeof facts / sizeof *facts };
	(void)snprintf(entry.person.text, sizeof entry.person.text, "01234567-89ab-7def-8123-%012lld",
	               (long long)(n % AT_A_TIME));
	entry.by = entry.person;
	return curb_ledger_append(tx, &entry, NULL);
}

static int append_some(struct curb_tx *tx, void *arg)
{
	const int64_t *count = arg;
	int err = 0;
	for (int64_t i = 0; !err && i < *count; i++)
		err = append(tx, i);
	return err;
}

/* ---- rows instead ---- */

static struct curb_host rows_host = { .magic = CURB_HOST_MAGIC, .owner = "bench" };

static const struct curb_migration rows_table[] = {
	{ 1, "001_rows", "CREATE TABLE bench_row (n {INT64} PRIMARY KEY, body {BLOB} NOT NULL) {STRICT};" },
	{ 0 },
};

/* Of the bytes that an entry has: `arg` counts them. */
static int insert_row(struct curb_tx *tx, void *arg)
{
	const int64_t *bytes = arg;
	char *body = curb_alloc(curb_tx_arena(tx), (size_t)*bytes);
	memset(body, 'b', (size_t)*bytes);
	return curb_exec(&rows_host, tx, "INSERT INTO bench_row (body) VALUES ($1)",
	                 CURB_BINDS(curb_blob(curb_str_n(body, (size_t)*bytes))), NULL);
}

static int read_bytes(struct curb_tx *tx, void *arg)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int64_t *bytes = arg;
	int err = curb_query(&ledger_host, tx,
	                     "SELECT length(body) FROM ledger_entry ORDER BY n DESC LIMIT 1", CURB_NO_BINDS,
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*bytes = err ? curb_col_int(stmt, 0) : 0;
	return *bytes ? 0 : curb_fail(CURB_ENOTFOUND, "the ledger has no entry to be compared with");
}

static int fill(struct house *house, int64_t n)
{
	int err = 0;
	for (int64_t from = 0; !err && from < n; from += AT_A_TIME) {
		int64_t count = n - from < AT_A_TIME ? n - from : AT_A_TIME;
		const struct store_write write = { .fn = append_some, .arg = &count };
		err = store_write(house->store, &write);
	}
	return err;
}

/* ---- many at once ---- */

struct crowd {
	struct house *house;
	curb_write_fn fn;
	int64_t arg; /* of each write */
	int64_t until_ms;
	atomic_llong entries;
	atomic_int err;
};

static void *write_on(void *arg)
{
	struct crowd *crowd = arg;
	int64_t own = crowd->arg;
	const struct store_write write = { .fn = crowd->fn, .arg = &own };
	while (curb_tick_ms() < crowd->until_ms) {
		int err = store_write(crowd->house->store, &write);
		if (err) {
			atomic_store(&crowd->err, err);
			break;
		}
		atomic_fetch_add(&crowd->entries, 1);
	}
	return NULL;
}

static int write_for(struct house *house, curb_write_fn fn, int64_t arg, int threads, int64_t ms)
{
	pthread_t ids[THREADS_MOST];
	int64_t from_us = curb_tick_us();
	struct crowd crowd = { .house = house, .fn = fn, .arg = arg, .until_ms = curb_tick_ms() + ms };
	int n = 0;
	while (n < threads && n < THREADS_MOST && pthread_create(&ids[n], NULL, write_on, &crowd) == 0)
		n++;
	for (int i = 0; i < n; i++)
		(void)pthread_join(ids[i], NULL);
	(void)printf("{\"entries\":%lld,\"s\":%.6f}\n", (long long)atomic_load(&crowd.entries),
	             (double)(curb_tick_us() - from_us) / 1e6);
	return n == threads ? atomic_load(&crowd.err) : CURB_EINTERNAL;
}

static int append_for(struct house *house, int threads, int64_t ms)
{
	return write_for(house, append_some, 1, threads, ms);
}

static int insert_for(struct house *house, int threads, int64_t ms)
{
	int64_t bytes = 0;
	const struct store_write read = { .fn = read_bytes, .arg = &bytes };
	int err = store_migrate(house->store, &rows_host, rows_table);
	if (!err)
		err = store_write(house->store, &read);
	return err ? err : write_for(house, insert_row, bytes, threads, ms);
}

/* ---- another program ---- */

static int run_program(char **argv)
{
	int64_t from_us = curb_tick_us();
	pid_t pid = fork();
	int status = 0;
	struct rusage usage;
	if (pid == 0) {
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		(void)execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid || status != 0)
		return curb_fail(CURB_EINTERNAL, "%s failed", argv[0]);
	(void)printf("{\"s\":%.6f,\"mb\":%.3f}\n", (double)(curb_tick_us() - from_us) / 1e6,
	             (double)usage.ru_maxrss / 1024);
	return 0;
}

int main(int argc, char **argv)
{
	struct house house = { NULL, NULL };
	int64_t n = 0, ms = 0;
	int err = CURB_EINVAL;
	if (argc > 2 && strcmp(argv[1], "run") == 0)
		err = run_program(argv + 2);
	else if (argc == 4 && strcmp(argv[1], "fill") == 0 && curb_str_int(curb_str(argv[3]), &n))
		err = open_house(argv[2], &house) ? CURB_EINTERNAL : fill(&house, n);
	else if (argc == 5 && strcmp(argv[1], "append") == 0 && curb_str_int(curb_str(argv[3]), &n) &&
	         curb_str_int(curb_str(argv[4]), &ms))
		err = open_house(argv[2], &house) ? CURB_EINTERNAL : append_for(&house, (int)n, ms);
	else if (argc == 5 && strcmp(argv[1], "rows") == 0 && curb_str_int(curb_str(argv[3]), &n) &&
	         curb_str_int(curb_str(argv[4]), &ms))
		err = open_house(argv[2], &house) ? CURB_EINTERNAL : insert_for(&house, (int)n, ms);
	if (err)
		(void)fprintf(stderr, "bench_ledger: %s\n", curb_error_text());
	if (house.ledger)
		close_house(&house);
	return err != 0;
}
