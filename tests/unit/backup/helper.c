#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "people.h"
#include "roles.h"
#include "work.h"

const struct backup_call quiet = { 0 };

/* ---- the disk ---- */

static atomic_int calls, fails_at, error_then;
static atomic_llong free_bytes = -1;

void disk_fails_at(int n, int error)
{
	calls = 0;
	fails_at = n;
	error_then = error;
}

void disk_free(int64_t bytes)
{
	free_bytes = bytes;
}

static bool fails(void)
{
	if (++calls != fails_at)
		return false;
	if (!error_then)
		(void)kill(getpid(), SIGKILL);
	errno = error_then;
	return true;
}

ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
	return fails() ? -1 : __real_write(fd, bytes, n);
}

ssize_t __real_pwrite(int fd, const void *bytes, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	return fails() ? -1 : __real_pwrite(fd, bytes, n, at);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	return fails() ? -1 : __real_fsync(fd);
}

int __real_renameat(int from, const char *a, int to, const char *b);
int __wrap_renameat(int from, const char *a, int to, const char *b);
int __wrap_renameat(int from, const char *a, int to, const char *b)
{
	return fails() ? -1 : __real_renameat(from, a, to, b);
}

int __real_fstatvfs(int fd, struct statvfs *disk);
int __wrap_fstatvfs(int fd, struct statvfs *disk);
int __wrap_fstatvfs(int fd, struct statvfs *disk)
{
	int result = __real_fstatvfs(fd, disk);
	if (free_bytes >= 0)
		disk->f_bavail = (fsblkcnt_t)free_bytes / disk->f_frsize;
	return result;
}

/* ---- the clock ---- */

static atomic_llong moved_ms;

void clock_moves(int64_t ms)
{
	moved_ms = ms;
}

int64_t __real_curb_wall_ms(void);
int64_t __wrap_curb_wall_ms(void);
int64_t __wrap_curb_wall_ms(void)
{
	return __real_curb_wall_ms() + moved_ms;
}

/* ---- the house ---- */

static const struct curb_migration blob_rows[] = {
	{ 1, "blob",
	  "CREATE TABLE core_blob (sha256 TEXT PRIMARY KEY, size {INT64} NOT NULL, "
	  "made_ms {INT64} NOT NULL) {STRICT};" },
	{ 0 },
};

void house_unlock(struct house *house)
{
	char path[PATH_ROOM];
	temp_path(&house->folder, "data/curbcut.db", path);
	const struct store_options store = { .path = path, .fresh_ok = true };
	assert_int_equal(store_open(&store, &house->store), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "work", work_migrations), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "ingest", blob_rows), 0);
	temp_path(&house->folder, "data/blobs", path);
	assert_int_equal(blobs_open(path, &house->blobs), 0);
	house_backups(house, house->to, 7);
}

void house_lock(struct house *house)
{
	backups_free(house->backups);
	blobs_close(house->blobs);
	store_close(house->store);
	house->backups = NULL;
	house->blobs = NULL;
	house->store = NULL;
}

int house_open(void **state)
{
	struct house *house = calloc(1, sizeof *house);
	assert_non_null(house);
	disk_fails_at(0, 0);
	disk_free(-1);
	clock_moves(0);
	house->folder = temp_folder();
	temp_path(&house->folder, "data", house->data);
	temp_path(&house->folder, "to", house->to);
	temp_path(&house->folder, "back", house->back);
	assert_int_equal(mkdir(house->data, 0700), 0);
	assert_int_equal(mkdir(house->to, 0700), 0);
	(void)snprintf(house->mark, sizeof house->mark, "house");
	house->arena = curb_arena_new(64 << 20);
	house_unlock(house);
	*state = house;
	return 0;
}

int house_close(void **state)
{
	struct house *house = *state;
	house_lock(house);
	curb_arena_free(house->arena);
	temp_remove(&house->folder);
	free(house);
	return 0;
}

void house_backups(struct house *house, const char *folder, int64_t keep)
{
	struct backups_options options = { .store = house->store,
		                           .blobs = house->blobs,
		                           .data = house->data,
		                           .folder = folder,
		                           .version = "1.2.3",
		                           .key_id = 5,
		                           .keep = keep,
		                           .warn_days = 2 };
	(void)snprintf(options.mark, sizeof options.mark, "%s", house->mark);
	backups_free(house->backups);
	house->backups = backups_new(&options);
}

struct row {
	const char *hex;
	int64_t size;
};

static int add_row(struct curb_tx *tx, void *arg)
{
	const struct row *row = arg;
	return curb_exec(&curb_core_host, tx,
	                 "INSERT INTO core_blob (sha256, size, made_ms) VALUES ($1, $2, 0)",
	                 CURB_BINDS(curb_cstring(row->hex), curb_int(row->size)), NULL);
}

void house_blob(struct house *house, const char *text, char ret_hex[static HEX_SIZE])
{
	struct blob_batch *batch = blob_batch_new(house->blobs);
	struct blob_file *file = NULL;
	assert_int_equal(blob_new(batch, &file), 0);
	assert_int_equal(blob_write(file, text, strlen(text)), 0);
	assert_int_equal(blob_seal(file), 0);
	memcpy(ret_hex, blob_sha256(file).ptr, BLOB_HEX);
	ret_hex[BLOB_HEX] = '\0';
	assert_int_equal(blob_batch_publish(batch), 0);
	blob_batch_drop(batch);
	house_row(house, ret_hex, (int64_t)strlen(text));
}

void house_row(struct house *house, const char *hex, int64_t size)
{
	struct row row = { hex, size };
	const struct store_write write = { .fn = add_row, .arg = &row };
	assert_int_equal(store_write(house->store, &write), 0);
}

struct job {
	const char *id, *state;
	int64_t made_ms;
};

static int add_job(struct curb_tx *tx, void *arg)
{
	const struct job *job = arg;
	return curb_exec(&curb_core_host, tx,
	                 "INSERT INTO core_job (id, owner, kind, person, payload, state, tries, tries_max,"
	                 " cancel, run_after_ms, permille, made_ms, ended_ms)"
	                 " VALUES ($1, 'core', 'backup', '', '{}', $2, 1, 3, 0, 0, 0, $3,"
	                 " CASE $2 WHEN 'running' THEN NULL ELSE $3 END)",
	                 CURB_BINDS(curb_cstring(job->id), curb_cstring(job->state), curb_int(job->made_ms)),
	                 NULL);
}

void house_job(struct house *house, const char *id, const char *state, int64_t made_ms)
{
	struct job job = { id, state, made_ms };
	const struct store_write write = { .fn = add_job, .arg = &job };
	assert_int_equal(store_write(house->store, &write), 0);
}

void house_running(struct house *house)
{
	house_job(house, "j", "running", 0);
}

const char *ask_database(struct house *house, const char *path, const char *sql)
{
	const struct store_options options = { .path = path };
	struct curb_store *store = NULL;
	struct store_reader *reader = NULL;
	const char *text = NULL;
	assert_int_equal(store_open(&options, &store), 0);
	assert_int_equal(store_reader_open(store, &reader), 0);
	{
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		assert_int_equal(curb_query(&curb_core_host, store_begin(reader, house->arena), sql,
		                            CURB_NO_BINDS, &stmt),
		                 0);
		assert_int_equal(curb_step(stmt), 1);
		text = curb_cstr(house->arena, curb_col_text(stmt, 0));
	}
	store_reader_close(reader);
	store_close(store);
	return text;
}

/* ---- looking ---- */

size_t count_backups(struct house *house, size_t *ret_whole)
{
	struct backup_row *rows;
	size_t n, whole = 0;
	backup_list(house->to, house->arena, &rows, &n);
	for (size_t i = 0; i < n; i++)
		whole += rows[i].whole;
	if (ret_whole)
		*ret_whole = whole;
	return n;
}

const char *blob_path(struct house *house, const char *folder, const char *hex)
{
	return curb_printf(house->arena, "%s/blobs/%.2s/%s", folder, hex, hex);
}

void flip_byte(const char *path)
{
	unsigned char byte = 0;
	assert_int_equal(chmod(path, 0600), 0);
	CURB_AUTO(fd) int fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &byte, 1, 1), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 1), 1);
}

struct backup_row make(struct house *house)
{
	struct backup_row row = { .whole = false };
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), 0);
	return row;
}

const char *in(struct house *house, const char *name, const char *file)
{
	return curb_printf(house->arena, "%s/%s/%s", house->to, name, file);
}

bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

void note(void *arg, const char *name, bool missing)
{
	struct finding *finding = arg;
	finding->count++;
	finding->missing = missing;
	(void)snprintf(finding->name, sizeof finding->name, "%s", name);
}
