/* What is too old goes; what is damaged is found before a data folder is made of it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "helper.h"

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
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ENOTFOUND);
	assert_int_equal(mkdir(house->to, 0700), 0);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ENOTFOUND);
	(void)make(house);
	assert_int_equal(mkdir(house->back, 0700), 0);
	temp_write(&house->folder, "back/mine", "x", 1);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ECONFLICT);
	assert_int_equal(temp_count(&house->folder) > 0, 1);
	assert_true(is_there(curb_printf(house->arena, "%s/mine", house->back)));
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
		BACKUP_TEST(key__another_one_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
