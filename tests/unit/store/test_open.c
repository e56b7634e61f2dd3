#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "curb/cleanup.h"
#include "helper.h"
#include "inside.h"

#define COUNT "SELECT count(*) FROM shop_thing"
#define ADD "INSERT INTO shop_thing (id, name) VALUES ($1, $1)"

static int open_path(const char *path, bool fresh, struct curb_store **ret_store)
{
	return store_open(&(struct store_options){ .path = path, .fresh_ok = fresh }, ret_store);
}

static int64_t pragma(struct store_conn *conn, const char *sql)
{
	int64_t value = -1;
	assert_int_equal(conn_run(conn, sql, &value), 0);
	return value;
}

static void open__connections_are_set_up(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(pragma(f->reader->conn, "PRAGMA wal_autocheckpoint"), 0);
	assert_int_equal(pragma(f->reader->conn, "PRAGMA query_only"), 1);
	assert_int_equal(pragma(f->reader->conn, "PRAGMA mmap_size"), 0);
	assert_int_equal(pragma(f->reader->conn, "PRAGMA temp_store"), 2);
	assert_int_equal(pragma(f->reader->conn, "PRAGMA cache_size"), -2048);
	assert_int_equal(pragma(f->reader->conn, "PRAGMA trusted_schema"), 0);
	assert_int_equal(pragma(f->store->writer, "PRAGMA synchronous"), 2);
	assert_int_equal(pragma(f->store->writer, "PRAGMA foreign_keys"), 1);
	assert_int_equal(pragma(f->store->writer, "PRAGMA mmap_size"), 0);
	int on = 0;
	(void)sqlite3_db_config(f->store->writer->db, SQLITE_DBCONFIG_DEFENSIVE, -1, &on);
	assert_int_equal(on, 1);
}

static void open__a_second_store_is_refused(void **state)
{
	struct fixture *f = *state;
	struct curb_store *second = NULL;
	assert_int_equal(open_path(f->path, true, &second), CURB_EBUSY);
	assert_null(second);
	assert_non_null(strstr(curb_error_text(), "another process"));
}

static void open__a_second_process_is_refused(void **state)
{
	struct fixture *f = *state;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct curb_store *second = NULL;
		_exit(open_path(f->path, true, &second) == CURB_EBUSY ? 42 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring("1"))), 0);
}

static void open__what_is_missing_or_not_ours_is_refused(void **state)
{
	struct fixture *f = *state;
	struct curb_store *store = NULL;
	char path[512];
	temp_path(&f->folder, "none.db", path);
	assert_int_equal(open_path(path, false, &store), CURB_ENOTFOUND);
	assert_int_not_equal(access(path, F_OK), 0);

	temp_path(&f->folder, "text.db", path);
	CURB_AUTO(file) FILE *text = fopen(path, "w");
	for (int i = 0; i < 100; i++)
		assert_true(fputs("this is no database, it only looks like a file\n", text) >= 0);
	assert_int_equal(fflush(text), 0);
	assert_true(open_path(path, true, &store) < 0);

	temp_path(&f->folder, "foreign.db", path);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE notes (a)", NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
	assert_int_equal(open_path(path, true, &store), CURB_EINVAL);
	assert_null(store);
}

static mode_t mode_of(const char *path, const char *more)
{
	char name[520];
	struct stat info = { 0 };
	(void)snprintf(name, sizeof name, "%s%s", path, more);
	assert_int_equal(stat(name, &info), 0);
	return info.st_mode & 0777;
}

static void open__files_are_for_us_alone(void **state)
{
	struct fixture *f = *state;
	static const char *const more[] = { "", "-wal", "-shm", ".lock" };
	for (int i = 0; i < 4; i++)
		assert_int_equal(mode_of(f->path, more[i]), 0600);
	char copy[512];
	temp_path(&f->folder, "copy.db", copy);
	assert_int_equal(store_copy(f->store, copy), 0);
	assert_int_equal(mode_of(copy, ""), 0600);
}

static void open__rows_are_there_after_a_restart(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring("1"))), 0);
	fixture_reopen(f);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 1);
}

/* ---- kill -9 ---- */

struct acked {
	int round, thread;
	int number;
};

struct killed {
	struct curb_store *store;
	int pipe, round, thread;
};

static int add_numbered(struct curb_tx *tx, void *arg)
{
	return curb_exec(&shop, tx, ADD, CURB_BINDS(curb_cstring(arg)), NULL);
}

static void name_row(const struct acked *a, char ret_id[static 40])
{
	(void)snprintf(ret_id, 40, "%d-%d-%d", a->round, a->thread, a->number);
}

static void *write_until_killed(void *arg)
{
	struct killed *k = arg;
	struct acked a = { .round = k->round, .thread = k->thread };
	char id[40];
	for (;; a.number++) {
		name_row(&a, id);
		struct store_write job = { .fn = add_numbered, .arg = id };
		if (store_write(k->store, &job) != 0 || write(k->pipe, &a, sizeof a) != (ssize_t)sizeof a)
			_exit(1);
	}
	return NULL;
}

enum { ROUNDS = 20, KILL_THREADS = 4, KILL_AFTER = 60 };

static void write_as_child(const char *path, int pipe, int round)
{
	struct curb_store *store = NULL;
	struct killed killed[KILL_THREADS];
	pthread_t thread;
	if (open_path(path, true, &store) != 0)
		_exit(2);
	for (int i = 0; i < KILL_THREADS; i++) {
		killed[i] = (struct killed){ .store = store, .pipe = pipe, .round = round, .thread = i };
		if (pthread_create(&thread, NULL, write_until_killed, &killed[i]) != 0)
			_exit(3);
	}
	(void)pause();
}

/* Kills the child after some acknowledgements, then takes in those that were still on their way. */
static int take_acks(pid_t child, int from, int kill_after, struct acked *acks, int max)
{
	int n = 0;
	while (n < max && read(from, &acks[n], sizeof *acks) == (ssize_t)sizeof *acks)
		if (++n == kill_after)
			(void)kill(child, SIGKILL);
	return n;
}

static void check_acks(struct fixture *f, const struct acked *acks, int n)
{
	char id[40];
	for (int i = 0; i < n; i++) {
		name_row(&acks[i], id);
		assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_thing WHERE id = $1",
		                          CURB_BINDS(curb_cstring(id))),
		                 1);
	}
}

static void open__killed_while_writing_loses_nothing_acknowledged(void **state)
{
	struct fixture *f = *state;
	static struct acked acks[20000];
	store_reader_close(f->reader);
	store_close(f->store);
	for (int round = 0; round < ROUNDS; round++) {
		int pipes[2];
		assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			(void)close(pipes[0]);
			write_as_child(f->path, pipes[1], round);
			_exit(4);
		}
		(void)close(pipes[1]);
		int n = take_acks(child, pipes[0], KILL_AFTER + 17 * round, acks, 20000);
		(void)close(pipes[0]);
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_true(n >= KILL_AFTER);
		assert_int_equal(open_path(f->path, false, &f->store), 0);
		assert_int_equal(store_reader_open(f->store, &f->reader), 0);
		check_acks(f, acks, n);
		assert_int_equal(store_check(f->store), 0);
		store_reader_close(f->reader);
		store_close(f->store);
	}
	assert_int_equal(open_path(f->path, false, &f->store), 0);
	assert_int_equal(store_reader_open(f->store, &f->reader), 0);
}

/* ---- copies and checks ---- */

static void open__a_copy_is_whole_and_searchable(void **state)
{
	struct fixture *f = *state;
	static const struct curb_search searches[] = { { "shop_thing", "name", "1" }, { NULL, NULL, NULL } };
	assert_int_equal(store_make_searches(f->store, &shop, searches), 0);
	static const char *const names[] = { "盲人", "按摩", "读屏" };
	for (int i = 0; i < 3; i++)
		assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring(names[i]))), 0);
	assert_int_equal(write_sql(f, &shop, "DELETE FROM shop_thing WHERE id = '盲人'", CURB_NO_BINDS), 0);
	struct fixture copy = *f;
	temp_path(&f->folder, "copy.db", copy.path);
	assert_int_equal(store_copy(f->store, copy.path), 0);
	assert_int_equal(store_copy(f->store, copy.path), 0); /* replaces an older one */
	assert_int_equal(open_path(copy.path, false, &copy.store), 0);
	assert_int_equal(store_reader_open(copy.store, &copy.reader), 0);
	assert_int_equal(store_check(copy.store), 0);
	assert_int_equal(read_int(&copy, &shop, COUNT, CURB_NO_BINDS), 2);
	assert_int_equal(store_make_searches(copy.store, &shop, searches), 0);
	struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_search(&shop, store_begin(copy.reader, f->arena), "shop_thing",
	                             curb_str("按摩"), 9, 0, &stmt),
	                 0);
	assert_int_equal(curb_step(stmt), 1);
	assert_true(curb_str_is(curb_col_text(stmt, 0), "按摩"));
	assert_int_equal(curb_step(stmt), 0);
	store_reader_close(copy.reader);
	store_close(copy.store);
	assert_true(store_copy(f->store, "/nowhere/at/all.db") < 0);
}

/* Writes rubbish over the middle of the file, as a bad disk would. */
static void open__damage_is_found(void **state)
{
	struct fixture *f = *state;
	for (int i = 0; i < 300; i++) {
		char id[300];
		(void)snprintf(id, sizeof id, "%d-%0250d", i, i);
		assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring(id))), 0);
	}
	assert_int_equal(store_check(f->store), 0);
	fixture_reopen(f); /* all of it is in the file now */
	CURB_AUTO(fd) int fd = open(f->path, O_RDWR | O_CLOEXEC);
	struct stat info;
	assert_int_equal(fstat(fd, &info), 0);
	char rubbish[4096];
	memset(rubbish, 0x5a, sizeof rubbish);
	for (off_t at = info.st_size / 4096 / 2 * 4096; at < info.st_size; at += 4096)
		assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, at), sizeof rubbish);
	assert_int_equal(store_check(f->store), CURB_EINTERNAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(open__connections_are_set_up),
		TEST(open__a_second_store_is_refused),
		TEST(open__a_second_process_is_refused),
		TEST(open__what_is_missing_or_not_ours_is_refused),
		TEST(open__files_are_for_us_alone),
		TEST(open__rows_are_there_after_a_restart),
		TEST(open__killed_while_writing_loses_nothing_acknowledged),
		TEST(open__a_copy_is_whole_and_searchable),
		TEST(open__damage_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
