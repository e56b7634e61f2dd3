/* Backups: whole or not there, keys never in them, never where they would harm. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "helper.h"

/* ---- making ---- */

static void backup__holds_the_database_and_what_it_names_but_no_key(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	house_blob(house, "a film", hex);
	assert_int_equal(mkdir(curb_printf(house->arena, "%s/keys", house->data), 0700), 0);
	temp_write(&house->folder, "data/keys/master", "5 secret", 8);
	struct backup_row row = make(house), *rows;
	size_t n;
	backup_list(house->to, house->arena, &rows, &n);
	assert_int_equal(n, 1);
	assert_true(rows[0].whole);
	assert_string_equal(rows[0].name, row.name);
	assert_string_equal(rows[0].version, "1.2.3");
	assert_int_equal(rows[0].key_id, 5);
	assert_int_equal(rows[0].blobs, 1);
	assert_int_equal(rows[0].blob_bytes, 6);
	assert_true(rows[0].database_bytes > 0 && rows[0].made_ms > 0);
	assert_string_equal(
		ask_database(house, in(house, row.name, "curbcut.db"), "SELECT sha256 FROM core_blob"), hex);
	assert_true(is_there(blob_path(house, house->to, hex)));
	assert_false(is_there(in(house, row.name, "keys")));
	assert_false(is_there(curb_printf(house->arena, "%s/keys", house->to)));
}

static void backup__copies_a_blob_once(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE], other[HEX_SIZE];
	struct stat first, second;
	house_blob(house, "a film", hex);
	struct backup_row one = make(house);
	assert_int_equal(stat(blob_path(house, house->to, hex), &first), 0);
	house_blob(house, "another", other);
	struct backup_row two = make(house);
	assert_int_equal(stat(blob_path(house, house->to, hex), &second), 0);
	assert_int_equal(first.st_ino, second.st_ino);
	assert_true(strcmp(one.name, two.name) < 0);
	assert_int_equal(two.blobs, 2);
	assert_true(is_there(blob_path(house, house->to, other)));
}

static void backup__cut_short_blob_is_copied_again(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	house_blob(house, "a film", hex);
	(void)make(house);
	const char *path = blob_path(house, house->to, hex);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 2), 0);
	(void)make(house);
	struct stat info;
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_size, 6);
}

/* Each call that writes fails once, with a full disk and with a broken one. */
static void backup__is_whole_or_not_there(void **state)
{
	enum { MOST = 200 };
	static const int errors[] = { ENOSPC, EIO };
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	int failures = 0;
	for (int i = 0; i < 2; i++) {
		house_blob(house, i ? "a film" : "a song", hex);
		int err = -1;
		size_t before = count_backups(house, NULL), whole;
		for (int n = 1; err && n < MOST; n++) {
			disk_fails_at(n, errors[i]);
			err = backup_make(house->backups, NULL, &quiet, &row);
			disk_fails_at(0, 0);
			failures += err != 0;
			/* The folder may have been synced for nothing: then the name is there, and whole. */
			size_t now = count_backups(house, &whole);
			assert_int_equal(now, whole);
			if (err)
				assert_true(now == before || now == before + 1);
			if (err && now > before)
				before = now;
			assert_false(is_there(curb_printf(house->arena, "%s/.making", house->to)));
		}
		assert_int_equal(err, 0);
		assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
		assert_true(is_there(blob_path(house, house->back, hex)));
		assert_int_equal(system(curb_printf(house->arena, "rm -r %s", house->back)), 0);
	}
	assert_true(failures > 14); /* two rounds, and what was there already is not written again */
}

/* True when a process of its own has made a backup; it is killed at its n-th call that writes. */
static bool make_and_die(struct house *house, int n)
{
	struct backup_row row;
	house_lock(house);
	pid_t child = fork();
	if (child == 0) {
		house_unlock(house);
		disk_fails_at(n, 0);
		_exit(backup_make(house->backups, NULL, &quiet, &row) ? 1 : 0);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGKILL);
	house_unlock(house);
	return WIFEXITED(status);
}

static void backup__that_is_killed_leaves_the_last_whole_one(void **state)
{
	enum { MOST = 100 };
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	size_t whole;
	house_blob(house, "a film", hex);
	const struct backup_row first = make(house);
	house_blob(house, "a song", hex);
	int n = 1;
	while (n < MOST && !make_and_die(house, n)) {
		n += 3;
		size_t now = count_backups(house, &whole);
		assert_int_equal(now, whole);
		assert_true(is_there(in(house, first.name, "manifest.json")));
		assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
		assert_int_equal(system(curb_printf(house->arena, "rm -r %s", house->back)), 0);
	}
	assert_true(n > 8 && n < MOST);
	assert_false(is_there(in(house, ".making", "curbcut.db")));
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	assert_true(is_there(blob_path(house, house->back, hex)));
}

static void backup__without_room_says_how_much_is_missing(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	disk_free(1 << 16);
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EFULL);
	assert_non_null(strstr(curb_error_text(), "MB are missing"));
	assert_int_equal(count_backups(house, NULL), 0);
	disk_free(-1);
	(void)make(house);
}

static bool always(void *arg)
{
	(void)arg;
	return true;
}

static void backup__that_is_stopped_leaves_nothing(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	const struct backup_call stopped = { .cancelled = always };
	house_blob(house, "a film", hex);
	assert_int_equal(backup_make(house->backups, NULL, &stopped, &row), CURB_EBUSY);
	assert_int_equal(count_backups(house, NULL), 0);
	assert_false(is_there(curb_printf(house->arena, "%s/.making", house->to)));
}

static void backup__removes_what_one_before_it_left(void **state)
{
	struct house *house = *state;
	for (int i = 0; i < 2; i++) {
		const char *name = i ? "to/.going-2020-01-01T00-00-00.000Z" : "to/.making";
		assert_int_equal(mkdir(curb_printf(house->arena, "%s/%s", house->folder.path, name), 0700),
		                 0);
		temp_write(&house->folder, curb_printf(house->arena, "%s/curbcut.db", name), "half", 4);
	}
	struct backup_row row = make(house);
	assert_false(is_there(in(house, ".going-2020-01-01T00-00-00.000Z", "")));
	assert_false(is_there(in(house, ".making", "")));
	assert_int_equal(count_backups(house, NULL), 1);
	assert_true(row.whole);
}

static void backup__one_at_a_time(void **state)
{
	struct house *house = *state;
	struct backup_row row = make(house);
	CURB_AUTO(fd) int fd = open(in(house, ".lock", ""), O_RDWR);
	if (fd < 0)
		fd = open(curb_printf(house->arena, "%s/.lock", house->to), O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EBUSY);
	assert_int_equal(count_backups(house, NULL), 1);
}

static void backup__of_a_damaged_server_names_the_file(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	struct finding finding = { .count = 0 };
	const struct backup_call noted = { .found = note, .arg = &finding };
	house_blob(house, "a film", hex);
	flip_byte(blob_path(house, house->data, hex));
	assert_int_equal(backup_make(house->backups, NULL, &noted, &row), 0);
	assert_int_equal(row.missing, 1);
	assert_string_equal(finding.name, hex);
	assert_false(finding.missing);
	assert_int_equal(unlink(blob_path(house, house->data, hex)), 0);
	assert_int_equal(backup_make(house->backups, NULL, &noted, &row), 0);
	assert_true(finding.missing);
	assert_false(is_there(blob_path(house, house->to, hex)));
}

static void bring_another(void *arg, int permille)
{
	struct house *house = arg;
	char hex[HEX_SIZE];
	(void)permille;
	if (blobs_has(house->blobs, curb_str(house->later)))
		return;
	house_blob(house, "comes later", hex);
	(void)snprintf(house->later, sizeof house->later, "%s", hex);
}

static void backup__is_of_one_moment_whatever_comes_meanwhile(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	const struct backup_call busy = { .progress = bring_another, .arg = house };
	house_blob(house, "a film", hex);
	assert_int_equal(backup_make(house->backups, NULL, &busy, &row), 0);
	assert_true(blobs_has(house->blobs, curb_str(house->later)));
	assert_int_equal(row.blobs, 1);
	assert_string_equal(ask_database(house, in(house, row.name, "curbcut.db"),
	                                 "SELECT group_concat(sha256) FROM core_blob"),
	                    hex);
	assert_false(is_there(blob_path(house, house->to, house->later)));
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	row = make(house);
	assert_int_equal(row.blobs, 2);
	assert_true(is_there(blob_path(house, house->to, house->later)));
}

/* ---- where ---- */

static void backup__never_among_what_the_server_works_with(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	const char *link = curb_printf(house->arena, "%s/link", house->folder.path);
	assert_int_equal(symlink(house->data, link), 0);
	const char *const wrong[] = { house->data, curb_printf(house->arena, "%s/blobs", house->data),
		                      curb_printf(house->arena, "%s/blobs/ab", house->data),
		                      curb_printf(house->arena, "%s/keys", house->data), link };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		house_backups(house, wrong[i], 7);
		assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EINVAL);
	}
	house_backups(house, curb_printf(house->arena, "%s/not/there", house->folder.path), 7);
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EINVAL);
	house_backups(house, "", 7);
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), 0);
	assert_true(is_there(curb_printf(house->arena, "%s/backups/%s", house->data, row.name)));
	assert_true(backups_same_disk(house->backups));
}

#define BACKUP_TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BACKUP_TEST(backup__holds_the_database_and_what_it_names_but_no_key),
		BACKUP_TEST(backup__copies_a_blob_once),
		BACKUP_TEST(backup__cut_short_blob_is_copied_again),
		BACKUP_TEST(backup__is_whole_or_not_there),
		BACKUP_TEST(backup__that_is_killed_leaves_the_last_whole_one),
		BACKUP_TEST(backup__without_room_says_how_much_is_missing),
		BACKUP_TEST(backup__that_is_stopped_leaves_nothing),
		BACKUP_TEST(backup__removes_what_one_before_it_left),
		BACKUP_TEST(backup__one_at_a_time),
		BACKUP_TEST(backup__of_a_damaged_server_names_the_file),
		BACKUP_TEST(backup__is_of_one_moment_whatever_comes_meanwhile),
		BACKUP_TEST(backup__never_among_what_the_server_works_with),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
