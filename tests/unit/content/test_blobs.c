#include "cm.h"

#include <fcntl.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blobs.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "pack.h"
#include "temp.h"
#include "zip.h"

struct bench {
	struct temp_folder folder;
	struct blobs *blobs;
	char root[512];
};

static int set_up(void **state)
{
	struct bench *bench = calloc(1, sizeof *bench);
	bench->folder = temp_folder();
	temp_path(&bench->folder, "blobs", bench->root);
	assert_int_equal(blobs_open(bench->root, &bench->blobs), 0);
	*state = bench;
	return 0;
}

static int tear_down(void **state)
{
	struct bench *bench = *state;
	blobs_close(bench->blobs);
	temp_remove(&bench->folder);
	free(bench);
	return 0;
}

/* SHA-256 of "abc" (FIPS 180-4). */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct blob_file *add(struct blob_batch *batch, const char *text)
{
	struct blob_file *file = NULL;
	assert_int_equal(blob_new(batch, &file), 0);
	assert_int_equal(blob_write(file, text, strlen(text)), 0);
	return file;
}

static void blobs__are_found_by_their_hash(void **state)
{
	struct bench *bench = *state;
	struct blob_batch *batch = blob_batch_new(bench->blobs);
	struct blob_file *file = add(batch, "xbc");
	assert_int_equal(blob_patch(file, 0, "a", 1), 0);
	assert_int_equal(blob_patch(file, 3, "d", 1), CURB_EINVAL);
	assert_int_equal(blob_patch(file, UINT64_MAX, "d", 1), CURB_EINVAL);
	assert_int_equal(blob_seal(file), 0);
	assert_true(curb_str_is(blob_sha256(file), ABC));
	assert_false(blobs_has(bench->blobs, curb_str(ABC)));
	assert_int_equal(blob_batch_publish(batch), 0);
	blob_batch_drop(batch);
	char text[8] = "";
	int fd = -1;
	uint64_t size = 0;
	assert_true(blobs_has(bench->blobs, curb_str(ABC)));
	assert_int_equal(blobs_read(bench->blobs, curb_str(ABC), &fd, &size), 0);
	assert_int_equal(size, 3);
	assert_int_equal(read(fd, text, sizeof text), 3);
	assert_string_equal(text, "abc");
	assert_int_equal(write(fd, "x", 1), -1);
	(void)close(fd);
	struct stat about;
	char path[512];
	temp_path(&bench->folder, "blobs/ba/" ABC, path);
	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0440);
	blobs_remove(bench->blobs, curb_str(ABC));
	assert_int_equal(blobs_read(bench->blobs, curb_str(ABC), &fd, &size), CURB_ENOTFOUND);
}

static void blobs__what_was_not_published_is_gone(void **state)
{
	struct bench *bench = *state;
	size_t before = temp_count(&bench->folder);
	struct blob_batch *batch = blob_batch_new(bench->blobs);
	assert_int_equal(blob_seal(add(batch, "abc")), 0);
	(void)add(batch, "half");
	assert_int_equal(temp_count(&bench->folder), before + 2);
	blob_batch_drop(batch);
	assert_int_equal(temp_count(&bench->folder), before);
}

static void blobs__the_next_start_removes_what_a_crash_left(void **state)
{
	struct bench *bench = *state;
	size_t before = temp_count(&bench->folder);
	temp_write(&bench->folder, "blobs/tmp/1-1", "half", 4);
	assert_int_equal(temp_count(&bench->folder), before + 1);
	blobs_close(bench->blobs);
	assert_int_equal(blobs_open(bench->root, &bench->blobs), 0);
	assert_int_equal(temp_count(&bench->folder), before);
}

static void blobs__names_are_hex_and_nothing_else(void **state)
{
	static const char *const names[] = {
		"",
		"..",
		"../../etc/passwd",
		"BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		ABC "0",
		"ba/816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	};
	struct bench *bench = *state;
	int fd = -1;
	uint64_t size = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_false(blobs_name_ok(curb_str(names[i])));
		assert_int_equal(blobs_read(bench->blobs, curb_str(names[i]), &fd, &size), CURB_ENOTFOUND);
	}
	assert_false(blobs_name_ok(curb_str(NULL)));
	char zero[BLOB_HEX];
	memset(zero, 0, sizeof zero);
	assert_false(blobs_name_ok(curb_str_n(zero, sizeof zero)));
}

/* So many that they are made durable together; equal bytes are one blob. */
static void blobs__many_at_once(void **state)
{
	enum { MANY = 40 };
	struct bench *bench = *state;
	struct blob_batch *batch = blob_batch_new(bench->blobs);
	char hashes[MANY][BLOB_HEX + 1];
	for (int i = 0; i < MANY; i++) {
		char text[16];
		(void)snprintf(text, sizeof text, "%d", i / 2);
		struct blob_file *file = add(batch, text);
		assert_int_equal(blob_seal(file), 0);
		(void)snprintf(hashes[i], sizeof hashes[i], "%s", blob_sha256(file).ptr);
	}
	assert_int_equal(blob_batch_publish(batch), 0);
	blob_batch_drop(batch);
	for (int i = 0; i < MANY; i++) {
		assert_true(blobs_has(bench->blobs, curb_str(hashes[i])));
		assert_int_equal(strcmp(hashes[i], hashes[i / 2 * 2]), 0);
	}
}

/* A package of thousands of files must leave the server descriptors to answer with. */
static void bug_descriptors__sealed_files_hold_none(void **state)
{
	enum { MANY = 200, DESCRIPTORS = 64 };
	struct bench *bench = *state;
	struct rlimit before, few;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = DESCRIPTORS;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	struct blob_batch *batch = blob_batch_new(bench->blobs);
	for (int i = 0; i < MANY; i++) {
		char text[16];
		(void)snprintf(text, sizeof text, "%d", i);
		assert_int_equal(blob_seal(add(batch, text)), 0);
	}
	int err = blob_batch_publish(batch);
	blob_batch_drop(batch);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(err, 0);
	/* SHA-256 of "199" */
	assert_true(blobs_has(bench->blobs,
	                      curb_str("5a39cadd1b007093db50744797c7a04a34f73b35ed444704206705b02597d6fd")));
}

static void first_code(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	(void)a;
	(void)b;
	(void)snprintf(arg, 64, "%s", code);
}

static void pack__a_folder_becomes_a_zip_that_is_taken(void **state)
{
	struct bench *bench = *state;
	char path[512], code[64] = "";
	temp_path(&bench->folder, "course", path);
	assert_int_equal(mkdir(path, 0700), 0);
	temp_path(&bench->folder, "course/里面", path);
	assert_int_equal(mkdir(path, 0700), 0);
	temp_write(&bench->folder, "course/course.json", "{}", 2);
	temp_write(&bench->folder, "course/.hidden", "x", 1);
	temp_write(&bench->folder, "course/里面/a.txt", "abc", 3);
	temp_path(&bench->folder, "course", path);
	int fd = -1, folder = open(path, O_RDONLY | O_DIRECTORY), file = open("/dev/null", O_RDONLY);
	assert_int_equal(pack_folder(bench->blobs, folder, &fd), 0);
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct zip_names *names = zip_names_open();
	struct zip zip = { 0 };
	struct zip_report report = { first_code, code };
	assert_true(zip_open(arena, names, fd, 0, (uint64_t)lseek(fd, 0, SEEK_END), &report, &zip));
	assert_int_equal(zip.count, 2);
	struct zip_entry *entry = zip_find(&zip, curb_str("里面/a.txt"));
	assert_non_null(entry);
	assert_int_equal(entry->size, 3);
	assert_int_equal(entry->crc, 0x352441C2); /* of "abc" */
	zip_names_close(names);
	(void)close(fd);
	char link[512];
	temp_path(&bench->folder, "course/link", link);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(pack_folder(bench->blobs, folder, &fd), CURB_EINVAL);
	assert_int_equal(pack_folder(bench->blobs, file, &fd), CURB_ENOTFOUND);
	(void)close(folder);
	(void)close(file);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(blobs__are_found_by_their_hash),
		CASE(blobs__what_was_not_published_is_gone),
		CASE(blobs__the_next_start_removes_what_a_crash_left),
		CASE(blobs__names_are_hex_and_nothing_else),
		CASE(blobs__many_at_once),
		CASE(bug_descriptors__sealed_files_hold_none),
		CASE(pack__a_folder_becomes_a_zip_that_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
