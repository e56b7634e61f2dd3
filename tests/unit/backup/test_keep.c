/* Which backups stay, in which folders, and what becomes of damage that is found while one is made. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "helper.h"
#include "store.h"

enum { HOUR_MS = 3600 * 1000 };

/* What waits for ever is an end of the test. */
static int open_watched(void **state)
{
	(void)alarm(60);
	return house_open(state);
}

static void write_in(struct house *house, const char *path, const char *text)
{
	temp_write(&house->folder, curb_printf(house->arena, "to/%s", path), text, strlen(text));
}

static const char *read_in(struct house *house, const char *path)
{
	size_t size = 0;
	char *bytes = temp_read(&house->folder, path, &size);
	const char *text = curb_cstr(house->arena, curb_str_n(bytes, size));
	free(bytes);
	return text;
}

/* ---- time ---- */

static void keep__the_one_just_made_when_the_clock_has_gone_back(void **state)
{
	struct house *house = *state;
	struct backup_row first, second;
	house_backups(house, house->to, 1);
	first = make(house);
	clock_moves(-2 * HOUR_MS);
	second = make(house);
	assert_true(strcmp(second.name, first.name) > 0);
	assert_int_equal(count_backups(house, NULL), 1);
	assert_true(is_there(in(house, second.name, "manifest.json")));
	assert_true(backups_ahead(second.made_ms, curb_wall_ms()));
	assert_false(backups_ahead(second.made_ms, curb_wall_ms() + 3 * HOUR_MS));
}

static void list__does_not_believe_a_date_that_the_name_does_not_say(void **state)
{
	struct house *house = *state;
	size_t whole;
	const char *later = "2031-01-01T00-00-00.000Z";
	struct backup_row row = make(house);
	assert_int_equal(rename(in(house, row.name, ""), in(house, later, "")), 0);
	assert_int_equal(count_backups(house, &whole), 1);
	assert_int_equal(whole, 0);
	write_in(house, curb_printf(house->arena, "%s/manifest.json", later),
	         "{\"format\":1,\"made_ms\":9223372036854775807}");
	(void)count_backups(house, &whole);
	assert_int_equal(whole, 0);
}

static void list__has_the_newest_of_any_number(void **state)
{
	struct house *house = *state;
	struct backup_row *rows, row;
	size_t n;
	for (int i = 0; i < BACKUPS_LISTED; i++)
		assert_int_equal(
			mkdir(in(house, curb_printf(house->arena, "2001-01-01T00-00-00.%03dZ", i), ""), 0700),
			0);
	for (int i = 0; i < 40; i++)
		assert_int_equal(
			mkdir(in(house, curb_printf(house->arena, "2002-01-01T00-00-00.%03dZ", i), ""), 0700),
			0);
	row = make(house);
	backup_list(house->to, house->arena, &rows, &n);
	assert_int_equal(n, BACKUPS_LISTED);
	assert_string_equal(rows[0].name, row.name);
	assert_string_equal(rows[40].name, "2002-01-01T00-00-00.000Z");
}

/* ---- whose ---- */

static void keep__removes_only_those_of_its_own_server(void **state)
{
	struct house *house = *state;
	struct backup_row *rows, other, own;
	size_t n;
	(void)snprintf(house->mark, sizeof house->mark, "another");
	house_backups(house, house->to, 1);
	other = make(house);
	(void)snprintf(house->mark, sizeof house->mark, "mine");
	house_backups(house, house->to, 1);
	(void)make(house);
	own = make(house);
	assert_int_equal(count_backups(house, NULL), 2);
	assert_true(is_there(in(house, other.name, "manifest.json")));
	backups_list(house->backups, house->arena, &rows, &n);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].name, own.name);
	assert_string_equal(rows[0].mark, "mine");
}

static void mark__is_made_once(void **state)
{
	struct house *house = *state;
	char first[BACKUP_MARK], second[BACKUP_MARK];
	assert_int_equal(store_migrate_part(house->store, &curb_core_host, "backup", backup_migrations), 0);
	assert_int_equal(backup_mark(house->store, first), 0);
	assert_int_equal(backup_mark(house->store, second), 0);
	assert_true(strlen(first) > 20);
	assert_string_equal(first, second);
}

/* ---- where ---- */

static void place__is_never_where_the_blobs_of_others_lie(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	char hex[HEX_SIZE];
	memset(hex, 'e', BLOB_HEX);
	hex[BLOB_HEX] = '\0';
	assert_int_equal(mkdir(in(house, "blobs", ""), 0700), 0);
	assert_int_equal(mkdir(in(house, "blobs", "ee"), 0700), 0);
	assert_int_equal(mkdir(in(house, "blobs", "tmp"), 0700), 0);
	write_in(house, curb_printf(house->arena, "blobs/ee/%s", hex), "x");
	write_in(house, "blobs/tmp/half", "x");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EINVAL);
		assert_false(is_there(in(house, ".lock", "")) || is_there(in(house, ".", ".lock")));
		assert_true(is_there(in(house, "blobs/tmp", "half")));
		assert_true(is_there(blob_path(house, house->to, hex)));
		if (i == 0)
			write_in(house, "curbcut.db", "x");
		else if (i == 1)
			assert_int_equal(rename(in(house, ".", "curbcut.db"), in(house, ".", "keys")), 0);
	}
}

static void place__must_be_there(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	const char *disk = curb_printf(house->arena, "%s/disk", house->folder.path);
	house_backups(house, disk, 7);
	assert_true(backups_gone(house->backups));
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EINVAL);
	assert_int_equal(backup_make(house->backups, disk, &quiet, &row), CURB_EINVAL);
	assert_false(is_there(disk));
	assert_int_equal(mkdir(disk, 0700), 0); /* the place of the disk, and not the disk */
	assert_false(backups_gone(house->backups));
	assert_true(backups_misplaced(house->backups));
	house_backups(house, "", 7);
	assert_false(backups_gone(house->backups) || backups_misplaced(house->backups));
}

/* ---- damage ---- */

static void damage__in_the_backups_is_mended_by_the_next(void **state)
{
	struct house *house = *state;
	char film[HEX_SIZE], song[HEX_SIZE];
	struct backup_row row;
	house_blob(house, "a film", film);
	house_blob(house, "a song", song);
	(void)make(house);
	flip_byte(blob_path(house, house->to, film));
	assert_int_equal(unlink(blob_path(house, house->to, song)), 0);
	assert_int_equal(mkfifo(blob_path(house, house->to, song), 0600), 0);
	row = make(house);
	assert_int_equal(row.missing, 0);
	assert_string_equal(read_in(house, curb_printf(house->arena, "to/blobs/%.2s/%s", film, film)),
	                    "a film");
	assert_string_equal(read_in(house, curb_printf(house->arena, "to/blobs/%.2s/%s", song, song)),
	                    "a song");
}

static void damage__in_the_server_does_not_stop_a_backup(void **state)
{
	struct house *house = *state;
	char hexes[4][HEX_SIZE];
	static const char *const texts[] = { "a film", "a song", "a text", "a word" };
	struct finding finding = { .count = 0 };
	const struct backup_call noted = { .found = note, .arg = &finding };
	struct backup_row row, *rows;
	size_t n;
	for (int i = 0; i < 4; i++)
		house_blob(house, texts[i], hexes[i]);
	flip_byte(blob_path(house, house->data, hexes[0]));
	assert_int_equal(unlink(blob_path(house, house->data, hexes[1])), 0);
	assert_int_equal(chmod(blob_path(house, house->data, hexes[2]), 0600), 0);
	assert_int_equal(truncate(blob_path(house, house->data, hexes[2]), 1LL << 40), 0);
	assert_int_equal(backup_make(house->backups, NULL, &noted, &row), 0);
	assert_int_equal(row.missing, 3);
	assert_int_equal(row.blobs, 4);
	assert_int_equal(finding.count, 3);
	assert_true(is_there(blob_path(house, house->to, hexes[3])));
	const char *list = read_in(house, curb_printf(house->arena, "to/%s/missing", row.name));
	for (int i = 0; i < 4; i++)
		assert_int_equal(strstr(list, curb_printf(house->arena, "%s 6\n", hexes[i])) != NULL, i < 3);
	assert_int_equal(strlen(list), 3 * (BLOB_HEX + 3));
	backup_list(house->to, house->arena, &rows, &n);
	assert_int_equal(rows[0].missing, 3);
}

static void damage__in_rows_is_told(void **state)
{
	struct house *house = *state;
	struct backup_row row;
	char hex[HEX_SIZE];
	for (int i = 0; i < 2; i++) {
		memset(hex, 'a' + i, BLOB_HEX);
		hex[BLOB_HEX] = '\0';
		house_row(house, hex, INT64_MAX);
	}
	assert_int_equal(backup_make(house->backups, NULL, &quiet, &row), CURB_EUNFIT);
}

static void fifo__in_the_place_of_a_manifest_holds_nobody_up(void **state)
{
	struct house *house = *state;
	size_t whole;
	struct backup_row row = make(house);
	assert_int_equal(unlink(in(house, row.name, "manifest.json")), 0);
	assert_int_equal(mkfifo(in(house, row.name, "manifest.json"), 0600), 0);
	assert_int_equal(count_backups(house, &whole), 1);
	assert_int_equal(whole, 0);
	(void)make(house);
}

static void copy__is_read_without_anything_beside_it(void **state)
{
	struct house *house = *state;
	struct backup_row row = make(house);
	struct store_reader *reader = NULL;
	struct curb_store *store = NULL;
	const char *odd = in(house, row.name, "a?b#c%41.db");
	assert_int_equal(rename(in(house, row.name, "curbcut.db"), odd), 0);
	const struct store_options options = { .path = odd, .still = true };
	assert_int_equal(store_open(&options, &store), 0);
	assert_int_equal(store_check(store), 0);
	assert_int_equal(store_reader_open(store, &reader), 0);
	for (int i = 0; i < 3; i++) {
		static const char *const behind[] = { "-wal", "-shm", ".lock" };
		assert_false(is_there(curb_printf(house->arena, "%s%s", odd, behind[i])));
	}
	store_reader_close(reader);
	store_close(store);
}

/* ---- asking ---- */

static int ask(struct curb_tx *tx, void *arg)
{
	struct curb_id job;
	(void)arg;
	return backup_queue(tx, &(struct curb_id){ "p" }, &job);
}

static void queue__is_for_one_also_behind_one_that_has_ended(void **state)
{
	struct house *house = *state;
	const struct store_write write = { .fn = ask };
	house_job(house, "j1", "running", 1);
	house_job(house, "j2", "done", 2);
	assert_int_equal(store_write(house->store, &write), CURB_ECONFLICT);
}

#define KEEP_TEST(name) cmocka_unit_test_setup_teardown(name, open_watched, house_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		KEEP_TEST(keep__the_one_just_made_when_the_clock_has_gone_back),
		KEEP_TEST(list__does_not_believe_a_date_that_the_name_does_not_say),
		KEEP_TEST(list__has_the_newest_of_any_number),
		KEEP_TEST(keep__removes_only_those_of_its_own_server),
		KEEP_TEST(mark__is_made_once),
		KEEP_TEST(place__is_never_where_the_blobs_of_others_lie),
		KEEP_TEST(place__must_be_there),
		KEEP_TEST(damage__in_the_backups_is_mended_by_the_next),
		KEEP_TEST(damage__in_the_server_does_not_stop_a_backup),
		KEEP_TEST(damage__in_rows_is_told),
		KEEP_TEST(fifo__in_the_place_of_a_manifest_holds_nobody_up),
		KEEP_TEST(copy__is_read_without_anything_beside_it),
		KEEP_TEST(queue__is_for_one_also_behind_one_that_has_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
