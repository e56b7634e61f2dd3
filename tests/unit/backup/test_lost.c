/* What of a backup is lost: what is refused then, what goes on, and which backup is meant. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "helper.h"
#include "inside.h"

static void restore__goes_on_without_what_is_damaged_when_it_is_asked_to(void **state)
{
	struct house *house = *state;
	char film[HEX_SIZE], song[HEX_SIZE], book[HEX_SIZE];
	struct finding finding = { .count = 0 };
	const struct backup_call strict = { .found = note, .arg = &finding };
	const struct backup_call without = { .without_damaged = true, .found = note, .arg = &finding };
	struct backup_row row;
	house_blob(house, "a film", film);
	house_blob(house, "a song", song);
	house_blob(house, "a book", book);
	struct backup_row made = make(house);
	flip_byte(blob_path(house, house->to, film));
	assert_int_equal(unlink(blob_path(house, house->to, song)), 0);
	assert_int_equal(backup_restore(house->to, house->back, &strict, &row), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "--without-damaged"));
	assert_non_null(strstr(curb_error_text(), "2."));
	finding.count = 0;
	assert_int_equal(backup_restore(house->to, house->back, &without, &row), 0);
	assert_int_equal(finding.count, 2);
	assert_false(is_there(blob_path(house, house->back, film)));
	assert_false(is_there(blob_path(house, house->back, song)));
	assert_true(is_there(blob_path(house, house->back, book)));
	assert_string_equal(ask_database(house, curb_printf(house->arena, "%s/curbcut.db", house->back),
	                                 "SELECT count(*) FROM core_blob"),
	                    "3");
	/* The database is what nobody can make again: it is never left out. */
	flip_byte(in(house, made.name, "curbcut.db"));
	const char *again = curb_printf(house->arena, "%s/again", house->folder.path);
	assert_int_equal(backup_restore(house->to, again, &without, &row), CURB_EUNFIT);
}

/* Writes the manifest of a backup anew. */
static void rewrite(struct house *house, const char *name, const char *mark, const struct named_list *missing)
{
	struct manifest manifest;
	CURB_AUTO(fd) int fd = -1;
	assert_int_equal(file_open_folder(in(house, name, ""), &fd), 0);
	assert_int_equal(manifest_get(fd, ".", &manifest), 0);
	(void)snprintf(manifest.row.mark, sizeof manifest.row.mark, "%s", mark);
	manifest.row.missing = (int64_t)missing->n;
	if (missing->n)
		assert_int_equal(named_put_missing(fd, missing), 0);
	assert_int_equal(unlinkat(fd, "manifest.json", 0), 0);
	assert_int_equal(manifest_put(fd, &manifest), 0);
}

static void restore__lists_what_the_server_missed_itself_and_refuses_nothing(void **state)
{
	struct house *house = *state;
	char film[HEX_SIZE], song[HEX_SIZE];
	struct finding finding = { .count = 0 };
	const struct backup_call noted = { .found = note, .arg = &finding };
	const struct backup_call without = { .without_damaged = true };
	struct backup_row row;
	struct named one = { .size = 6 };
	house_blob(house, "a film", film);
	house_blob(house, "a song", song);
	struct backup_row made = make(house);
	assert_true(curb_unhex(curb_str(film), one.sha256, sizeof one.sha256));
	rewrite(house, made.name, made.mark, &(struct named_list){ .items = &one, .n = 1 });
	assert_int_equal(unlink(blob_path(house, house->to, film)), 0);
	assert_int_equal(backup_restore(house->to, house->back, &noted, &row), 0);
	assert_int_equal(finding.count, 1);
	assert_string_equal(finding.name, film);
	assert_true(is_there(blob_path(house, house->back, song)));
	assert_int_equal(unlink(blob_path(house, house->to, song)), 0); /* this one the server had */
	const char *again = curb_printf(house->arena, "%s/again", house->folder.path);
	assert_int_equal(backup_restore(house->to, again, &noted, &row), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "1."));
	assert_int_equal(unlink(in(house, made.name, "missing")), 0);
	assert_int_equal(backup_restore(house->to, again, &noted, &row), CURB_EUNFIT);
	assert_int_equal(backup_restore(house->to, again, &without, &row), 0);
}

static void restore__of_a_dated_folder_that_was_copied_alone(void **state)
{
	struct house *house = *state;
	char hex[HEX_SIZE];
	struct finding finding = { .count = 0 };
	const struct backup_call without = { .without_damaged = true, .found = note, .arg = &finding };
	struct backup_row row;
	house_blob(house, "a film", hex);
	struct backup_row made = make(house);
	assert_int_equal(mkdir(curb_printf(house->arena, "%s/alone", house->folder.path), 0700), 0);
	const char *alone = curb_printf(house->arena, "%s/alone/%s", house->folder.path, made.name);
	assert_int_equal(rename(in(house, made.name, ""), alone), 0);
	assert_int_equal(backup_restore(alone, house->back, &quiet, &row), CURB_ENOTFOUND);
	assert_non_null(strstr(curb_error_text(), "The folder blobs beside the backup"));
	assert_int_equal(backup_restore(alone, house->back, &without, &row), 0);
	assert_int_equal(finding.count, 1);
	assert_true(finding.missing);
	assert_true(is_there(curb_printf(house->arena, "%s/blobs", house->back)));
}

static void restore__asks_which_when_several_servers_have_backups_there(void **state)
{
	static const struct named_list none = { .n = 0 };
	struct house *house = *state;
	struct backup_row row;
	struct backup_row first = make(house), second = make(house), third = make(house);
	rewrite(house, first.name, "", &none); /* from before there were marks */
	rewrite(house, second.name, "theirs", &none);
	rewrite(house, third.name, "ours", &none);
	assert_int_equal(backup_restore(house->to, house->back, &quiet, &row), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "several servers"));
	assert_int_equal(backup_restore(in(house, second.name, ""), house->back, &quiet, &row), 0);
	assert_string_equal(row.name, second.name);
	rewrite(house, second.name, "ours", &none);
	const char *again = curb_printf(house->arena, "%s/again", house->folder.path);
	assert_int_equal(backup_restore(house->to, again, &quiet, &row), 0);
	assert_string_equal(row.name, third.name);
}

#define BACKUP_TEST(name) cmocka_unit_test_setup_teardown(name, house_open, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BACKUP_TEST(restore__goes_on_without_what_is_damaged_when_it_is_asked_to),
		BACKUP_TEST(restore__lists_what_the_server_missed_itself_and_refuses_nothing),
		BACKUP_TEST(restore__of_a_dated_folder_that_was_copied_alone),
		BACKUP_TEST(restore__asks_which_when_several_servers_have_backups_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
