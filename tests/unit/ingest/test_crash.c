/* Imports that are hit by a crash or by a disk that fails. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "flaky.h"
#include "house.h"

/* ---- what the system is asked for ---- */

static atomic_int folders_synced;
static atomic_bool crash_behind_commit; /* the file of an upload goes right behind the commit of its import */

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	struct stat about;
	if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode))
		atomic_fetch_add(&folders_synced, 1);
	return __real_fsync(fd);
}

/* The bytes are written, and whether they last is unknown. */
static void fail_the_disk(void)
{
	atomic_store(&flaky.code, SQLITE_IOERR_FSYNC);
	atomic_store(&flaky.syncs_left, 0);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
	if (strstr(path, "/uploads/") && !strstr(path, "/uploads/.") && atomic_load(&crash_behind_commit)) {
		atomic_store(&flaky.code, SQLITE_IOERR_WRITE);
		atomic_store(&flaky.writes_left, 0);
	}
	return __real_unlink(path);
}

static int set_up(void **state)
{
	struct house *house = calloc(1, sizeof *house);
	house->folder = temp_folder();
	atomic_store(&crash_behind_commit, false);
	open_house(house);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	struct house *house = *state;
	flaky_calm();
	close_house(house);
	temp_remove(&house->folder);
	free(house);
	return 0;
}

/* ---- an upload with its job ---- */

struct order {
	struct curb_id upload, job;
	int64_t expires_ms;
};

static int order_fn(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"INSERT INTO core_upload (id, person, name, length, made_ms, expires_ms, job) "
		"VALUES ($1, 'p', 'honest', 1, 0, $2, $3)";
	struct order *order = arg;
	CURB_AUTO(buf) struct curb_buf payload = curb_buf(500);
	struct curb_id nobody = { "" };
	curb_buf_printf(&payload, "{\"upload\":\"%s\",\"name\":\"honest\",\"person\":\"\",\"lang\":\"en\"}",
	                order->upload.text);
	int err = curb_job_enqueue(&curb_core_host, tx, "import", &nobody, curb_buf_view(&payload),
	                           &order->job);
	return err ? err :
	             curb_exec(&curb_core_host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&order->upload), curb_int(order->expires_ms),
	                                  curb_bind_id(&order->job)),
	                       NULL);
}

static void put_upload(struct house *house, struct order *order)
{
	int fd = -1;
	int64_t size = 0;
	order->upload = curb_id_new(curb_wall_ms());
	assert_int_equal(upload_open(house->ingest, &order->upload, true, &fd, &size), 0);
	assert_int_equal(write(fd, "x", 1), 1);
	(void)close(fd);
	struct store_write put = { .fn = order_fn, .arg = order };
	assert_int_equal(store_write(house->store, &put), 0);
}

/* ---- stories ---- */

static void bug_durable__the_name_of_an_upload_too(void **state)
{
	struct house *house = *state;
	struct curb_id id = curb_id_new(curb_wall_ms());
	int fd = -1;
	int64_t size = 0;
	atomic_store(&folders_synced, 0);
	assert_int_equal(upload_open(house->ingest, &id, true, &fd, &size), 0);
	(void)close(fd);
	assert_int_equal(atomic_load(&folders_synced), 1);
	assert_int_equal(upload_open(house->ingest, &id, false, &fd, &size), 0);
	(void)close(fd);
	assert_int_equal(atomic_load(&folders_synced), 1);
}

/* The commit that failed may have come to the disk: then the next start shows a course, which must have its bytes. */
static void bug_commit__an_error_of_the_disk_keeps_the_bytes(void **state)
{
	struct house *house = *state;
	house->while_made = fail_the_disk;
	assert_int_equal(import_honest(house), CURB_EINTERNAL);
	assert_int_equal(house->made, 1);
	assert_true(blobs_has(house->blobs, curb_str(BLOB)));
	house->while_made = NULL;
	flaky_calm();
	close_house(house);
	open_house(house);
	assert_int_equal(blobs_has(house->blobs, curb_str(BLOB)),
	                 count(house, "SELECT count(*) FROM core_blob"));
}

/* The course is made and the job could not say so: it is done all the same, and nothing is made twice. */
static void bug_crash__behind_the_commit_of_an_import(void **state)
{
	struct house *house = *state;
	struct order order = { .expires_ms = INT64_MAX };
	start_work(house, 1);
	atomic_store(&crash_behind_commit, true);
	put_upload(house, &order);
	wait_end();
	atomic_store(&crash_behind_commit, false);
	assert_false(store_writable(house->store));
	flaky_calm();
	close_house(house);
	open_house(house);
	start_work(house, 1);
	assert_int_equal(
		count(house, "SELECT count(*) FROM core_job WHERE state = 'done' AND result IS NOT NULL"), 1);
	assert_int_equal(count(house, "SELECT count(*) FROM core_version"), 1);
	assert_int_equal(count(house, "SELECT count(*) FROM core_upload"), 0);
	assert_int_equal(house->made, 1);
}

static int expire_fn(struct curb_tx *tx, void *arg)
{
	return upload_expire(tx, 1000, arg);
}

static int three_fn(struct curb_tx *tx, void *arg)
{
	static const char uploads[] =
		"INSERT INTO core_upload (id, person, name, length, made_ms, expires_ms, job) "
		"VALUES ('waits', 'p', 'n', 1, 0, 999, 'j1'), ('failed', 'p', 'n', 1, 0, 999, 'j2'), "
		"('young', 'p', 'n', 1, 0, 1001, NULL)";
	static const char jobs[] =
		"INSERT INTO core_job (id, owner, kind, person, payload, state, tries, tries_max, "
		"cancel, run_after_ms, permille, made_ms, ended_ms) VALUES "
		"('j1', 'core', 'import', 'p', '{}', 'waiting', 0, 3, 0, 0, 0, 0, NULL), "
		"('j2', 'core', 'import', 'p', '{}', 'failed', 3, 3, 0, 0, 0, 0, 5)";
	(void)arg;
	int err = curb_exec(&curb_core_host, tx, uploads, CURB_NO_BINDS, NULL);
	return err ? err : curb_exec(&curb_core_host, tx, jobs, CURB_NO_BINDS, NULL);
}

/* The week of an upload may be over while its job waits: the job still finds it. */
static void bug_expiry__what_a_job_holds_stays(void **state)
{
	struct house *house = *state;
	struct upload_expired expired;
	assert_int_equal(store_write(house->store, &(struct store_write){ .fn = three_fn }), 0);
	assert_int_equal(store_write(house->store, &(struct store_write){ .fn = expire_fn, .arg = &expired }),
	                 0);
	assert_int_equal(expired.n, 1);
	assert_string_equal(expired.ids[0].text, "failed");
	assert_int_equal(count(house, "SELECT count(*) FROM core_upload"), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	flaky_install();
	const struct CMUnitTest tests[] = {
		CASE(bug_durable__the_name_of_an_upload_too),
		CASE(bug_commit__an_error_of_the_disk_keeps_the_bytes),
		CASE(bug_crash__behind_the_commit_of_an_import),
		CASE(bug_expiry__what_a_job_holds_stays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
