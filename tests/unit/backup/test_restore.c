/* What is too old goes; what is damaged is found before a data folder is made of it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "helper.h"
#include "signing.h"

/* ---- keeping ---- */

static void keep__the_newest_whole_ones_and_their_blobs(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE], unnamed[HEX_SIZE];
	house_blob(house, "a film", hex);
	house_backups(house, house->to, 2);
	struct backup_row first = make(house);
	memset(unnamed, 'e', BLOB_HEX);
	unnamed[BLOB_HEX] = '\0';
	assert_int_equal(mkdir(in(house, "blobs", "ee"), 0700), 0);
	temp_write(&house->folder, curb_printf(house->arena, "to/blobs/ee/%s", unnamed), "x", 1);
	struct backup_row second = make(house), third = make(house);
	assert_int_equal(count_backups(house, NULL), 2);
	assert_false(is_there(in(house, first.name, "manifest.json")));
	assert_true(is_there(in(house, second.name, "manifest.json")));
	assert_true(is_there(in(house, third.name, "manifest.json")));
	assert_true(is_there(blob_path(house, house->to, hex)));
	assert_false(is_there(blob_path(house, house->to, unnamed)));
}

static void keep__a_damaged_one_counts_for_nothing_and_keeps_all_blobs(void **state)
{
	struct house *house = *state;
	char unnamed[HEX_SIZE];
	house_backups(house, house->to, 1);
	struct backup_row first = make(house);
	flip_byte(in(house, first.name, "manifest.json"));
	memset(unnamed, 'e', BLOB_HEX);
	unnamed[BLOB_HEX] = '\0';
	assert_int_equal(mkdir(in(house, "blobs", "ee"), 0700), 0);
	temp_write(&house->folder, curb_printf(house->arena, "to/blobs/ee/%s", unnamed), "x", 1);
	(void)make(house);
	struct backup_row third = make(house);
	size_t whole;
	assert_int_equal(count_backups(house, &whole), 2);
	assert_int_equal(whole, 1);
	assert_true(is_there(in(house, first.name, "manifest.json")));
	assert_true(is_there(in(house, third.name, "manifest.json")));
	assert_true(is_there(blob_path(house, house->to, unnamed)));
}

static void keep__another_folder_is_left_as_it_is(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	house_backups(house, "", 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(backup_make(house->backups, house->to, &quiet, &row), 0);
	assert_int_equal(count_backups(house, NULL), 3);
}

static void late__counts_whole_days(void **state)
{
	enum { DAY_MS = 86400000 };
	const struct house *house = *state;
	assert_false(backups_late(house->backups, 0, 2LL * DAY_MS));
	assert_true(backups_late(house->backups, 0, 2LL * DAY_MS + 1));
}

/* ---- restoring ---- */

static void restore__gives_the_same_database_and_blobs(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct backup_row row;
	size_t size = 0;
	house_blob(house, "a film", hex);
	house_running(house);
	struct backup_row made = make(house);
	assert_int_equal(mkdir(house->back, 0700), 0); /* an empty folder will do */
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	assert_string_equal(row.name, made.name);
	const char *db = curb_printf(house->arena, "%s/curbcut.db", house->back);
	assert_string_equal(ask_database(house, db, "SELECT sha256 FROM core_blob"), hex);
	assert_string_equal(ask_database(house, db, "SELECT state FROM core_job"), "cancelled");
	CURB_AUTO(mem)
	char *bytes = temp_read(&house->folder, curb_printf(house->arena, "back/blobs/%.2s/%s", hex, hex),
	                        &size);
	assert_int_equal(size, 6);
	assert_string_equal(bytes, "a film");
	/* One backup of the folder by its own name, into a folder that is not there yet. */
	const char *again = curb_printf(house->arena, "%s/again/", house->folder.path);
	assert_int_equal(backup_restore(in(house, made.name, ""), again, &quiet, &row), 0);
	assert_true(is_there(curb_printf(house->arena, "%s/curbcut.db", again)));
}

static void restore__finds_what_is_damaged_or_missing(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE], other[HEX_SIZE];
	struct finding finding = { .count = 0 };
	const struct backup_call noted = { .found = note, .arg = &finding };
	struct backup_row row;
	house_blob(house, "a film", hex);
	house_blob(house, "a song", other);
	struct backup_row made = make(house);
	flip_byte(blob_path(house, house->to, hex));
	assert_int_equal(backup_restore(house->to, house->back, &noted, &row), CURB_EUNFIT);
	assert_string_equal(finding.name, hex);
	assert_false(finding.missing);
	assert_int_equal(unlink(blob_path(house, house->to, other)), 0);
	finding.count = 0;
	assert_int_equal(backup_restore(house->to, house->back, &noted, &row), CURB_EUNFIT);
	assert_int_equal(finding.count, 2); /* all are told, not the first alone */
	flip_byte(in(house, made.name, "curbcut.db"));
	assert_int_equal(backup_restore(house->to, house->back, &noted, &row), CURB_EUNFIT);
	assert_string_equal(finding.name, "curbcut.db");
	assert_false(is_there(house->back));
	assert_false(is_there(curb_printf(house->arena, "%s.restoring", house->back)));
}

static void restore__only_into_a_new_or_empty_folder(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	assert_int_equal(rmdir(house->to), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ENOTFOUND);
	assert_int_equal(mkdir(house->to, 0700), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ENOTFOUND);
	(void)make(house);
	size_t before = temp_count(&house->folder);
	assert_int_equal(mkdir(house->back, 0700), 0);
	temp_write(&house->folder, "back/mine", "x", 1);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ECONFLICT);
	assert_true(is_there(curb_printf(house->arena, "%s/mine", house->back)));
	assert_int_equal(temp_count(&house->folder), before + 2); /* nothing but the folder and its file */
	assert_int_equal(backup_restore(house->to,
	                                curb_printf(house->arena, "%s/no/such", house->folder.path), &quiet,
	                                &row),
	                 CURB_EINVAL);
}

/* What cannot be replaced is refused before anything is copied. */
static void refused(struct house *house, const char *to, const char *text)
{
	struct backup_row row;
	size_t before = temp_count(&house->folder);
	assert_int_equal(backup_restore(house->to, to, &quiet, &row), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), text));
	assert_int_equal(temp_count(&house->folder), before);
}

static void restore__refuses_links_disks_and_folders_without_a_name(void **state)
{
	struct house *house = *state;
	const char *link = curb_printf(house->arena, "%s/link", house->folder.path);
	(void)make(house);
	assert_int_equal(mkdir(house->back, 0700), 0);
	assert_int_equal(symlink(house->back, link), 0);
	refused(house, link, "is a link");
	refused(house, curb_printf(house->arena, "%s/", link), "is a link");
	refused(house, curb_printf(house->arena, "%s/.", house->back), "by its own name");
	refused(house, curb_printf(house->arena, "%s/..", house->back), "by its own name");
	refused(house, "/", "by its own name");
	refused(house, "/proc", "where a disk begins");
}

static void restore__keeps_owner_and_mode_of_the_empty_folder(void **state)
{
	enum { OTHER = 1234, GROUP = 2345 };
	struct house *house = *state;
	struct backup_row row;
	struct stat info;
	const bool root = geteuid() == 0;
	(void)make(house);
	assert_int_equal(mkdir(house->back, 0700), 0);
	if (root)
		assert_int_equal(chown(house->back, OTHER, GROUP), 0);
	assert_int_equal(chmod(house->back, 0750), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	assert_int_equal(stat(house->back, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0750);
	assert_int_equal(info.st_uid, root ? OTHER : geteuid());
	assert_int_equal(stat(curb_printf(house->arena, "%s/curbcut.db", house->back), &info), 0);
	assert_int_equal(info.st_uid, root ? OTHER : geteuid());
	assert_int_equal(info.st_gid, root ? GROUP : getegid());
}

static void restore__one_at_a_time(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	const char *part = curb_printf(house->arena, "%s.restoring", house->back);
	(void)make(house);
	assert_int_equal(mkdir(part, 0700), 0);
	temp_write(&house->folder, "back.restoring/half", "x", 1);
	int other = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(other >= 0);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_EBUSY);
	assert_true(is_there(curb_printf(house->arena, "%s/half", part)));
	/* One that was cut off holds no lock; what it has left goes. */
	assert_int_equal(close(other), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	assert_true(is_there(curb_printf(house->arena, "%s/curbcut.db", house->back)));
	assert_false(is_there(curb_printf(house->arena, "%s/half", house->back)));
	assert_false(is_there(part));
}

/* ---- what went on ---- */

static int add_work(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"INSERT INTO core_job (id, owner, kind, event_id, person, payload, state, tries, tries_max,"
		" cancel, run_after_ms, permille, made_ms, result)"
		" VALUES ('a', 'core', 'import', NULL, '', '{}', 'waiting', 0, 3, 0, 0, 0, 0, NULL),"
		" ('b', 'core', 'import', NULL, '', '{}', 'running', 1, 3, 0, 0, 0, 0, NULL),"
		" ('c', 'core', 'import', NULL, '', '{}', 'running', 1, 3, 0, 0, 0, 0, '{}'),"
		" ('d', 'core', 'import', NULL, '', '{}', 'failed', 3, 3, 0, 0, 0, 0, NULL),"
		" ('e', 'credit', 'course.completed.v1', 'e', '', '{}', 'waiting', 0, 3, 0, 0, 0, 0, NULL)";
	const struct people_new li = { .name = curb_str("li"), .password_hash = "x", .role = CURB_LEARNER };
	char token[PEOPLE_TOKEN_SIZE];
	const int64_t now_ms = curb_wall_ms();
	struct curb_id person;
	(void)arg;
	int err = curb_exec(&curb_core_host, tx, sql, CURB_NO_BINDS, NULL);
	if (!err)
		err = people_add(tx, &li, now_ms, &person);
	if (!err)
		err = people_session_open(tx, &person, false, now_ms, token);
	return err ? err : people_step_open(tx, &person, PEOPLE_STEP_PASSWORD, curb_str(NULL), now_ms, token);
}

static void restore__ends_jobs_of_the_core_and_signs_everybody_out(void **state)
{
	struct house *house = *state;
	const struct store_write write = { .fn = add_work };
	struct backup_row row;
	assert_int_equal(store_write(house->store, &write), 0);
	(void)make(house);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), 0);
	const char *db = curb_printf(house->arena, "%s/curbcut.db", house->back);
	assert_string_equal(
		ask_database(house, db,
	                     "SELECT group_concat(state) FROM (SELECT state FROM core_job ORDER BY id)"),
		"cancelled,cancelled,done,failed,waiting");
	assert_string_equal(ask_database(house, db, "SELECT count(*) FROM core_session"), "1");
	assert_string_equal(ask_database(house, db,
	                                 curb_printf(house->arena,
	                                             "SELECT count(*) FROM core_session WHERE ends_ms > %lld",
	                                             (long long)curb_wall_ms())),
	                    "0");
	assert_string_equal(ask_database(house, db, "SELECT count(*) FROM core_step"), "0");
}

/* ---- the key behind a restore ---- */

static int check_key(struct house *house, unsigned char byte, uint32_t id)
{
	unsigned char key[32];
	char path[PATH_ROOM];
	struct curb_store *store = NULL;
	memset(key, byte, sizeof key);
	temp_path(&house->folder, "keyed.db", path);
	const struct store_options options = { .path = path, .key = key, .key_id = id, .fresh_ok = true };
	assert_int_equal(store_open(&options, &store), 0);
	assert_int_equal(store_migrate_part(store, &curb_core_host, "backup", backup_migrations), 0);
	int err = backup_check_key(store, id);
	store_close(store);
	return err;
}

static void key__another_one_is_refused(void **state)
{
	struct house *house = *state;
	assert_int_equal(check_key(house, 1, 5), 0);
	assert_int_equal(check_key(house, 1, 5), 0);
	assert_int_equal(check_key(house, 2, 5), CURB_EINVAL); /* the same number, of another server */
	assert_int_equal(check_key(house, 2, 4), CURB_EINVAL);
	assert_int_equal(check_key(house, 2, 6), 0); /* a newer one was given to this server */
	assert_int_equal(check_key(house, 3, 6), CURB_EINVAL);
	assert_int_equal(check_key(house, 1, 5), 0);
}

#define BACKUP_TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BACKUP_TEST(keep__the_newest_whole_ones_and_their_blobs),
		BACKUP_TEST(keep__a_damaged_one_counts_for_nothing_and_keeps_all_blobs),
		BACKUP_TEST(keep__another_folder_is_left_as_it_is),
		BACKUP_TEST(late__counts_whole_days),
		BACKUP_TEST(restore__gives_the_same_database_and_blobs),
		BACKUP_TEST(restore__finds_what_is_damaged_or_missing),
		BACKUP_TEST(restore__only_into_a_new_or_empty_folder),
		BACKUP_TEST(restore__refuses_links_disks_and_folders_without_a_name),
		BACKUP_TEST(restore__keeps_owner_and_mode_of_the_empty_folder),
		BACKUP_TEST(restore__one_at_a_time),
		BACKUP_TEST(restore__ends_jobs_of_the_core_and_signs_everybody_out),
		BACKUP_TEST(key__another_one_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
