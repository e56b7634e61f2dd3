/* Blobs that nobody holds: they go a week later, and none that somebody may still need. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "house.h"

enum { MANY = 200 };
#define DAY_MS (24 * 3600 * INT64_C(1000))

/* ---- the clock, and a process that died ---- */

static _Atomic int64_t later_ms;
static atomic_bool dead; /* nothing is removed any more */

int64_t __real_curb_wall_ms(void);
int64_t __wrap_curb_wall_ms(void);
int64_t __wrap_curb_wall_ms(void)
{
	return __real_curb_wall_ms() + atomic_load(&later_ms);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
	return atomic_load(&dead) ? 0 : __real_unlink(path);
}

int __real_unlinkat(int at, const char *path, int flags);
int __wrap_unlinkat(int at, const char *path, int flags);
int __wrap_unlinkat(int at, const char *path, int flags)
{
	return atomic_load(&dead) ? 0 : __real_unlinkat(at, path, flags);
}

/* ---- the house ---- */

static int set_up(void **state)
{
	struct house *house = calloc(1, sizeof *house);
	house->folder = temp_folder();
	atomic_store(&later_ms, 0);
	open_house(house);
	*state = house;
	return 0;
}

static int tear_down(void **state)
{
	struct house *house = *state;
	atomic_store(&dead, false);
	close_house(house);
	temp_remove(&house->folder);
	free(house);
	return 0;
}

static int run_sql(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, arg, CURB_NO_BINDS, NULL);
}

static void change(struct house *house, const char *sql)
{
	struct store_write write = { .fn = run_sql, .arg = (void *)(uintptr_t)sql };
	assert_int_equal(store_write(house->store, &write), 0);
}

/* The look of the next day does not come by itself: each is asked for. */
static void pass_days(struct house *house, int days)
{
	change(house, "DELETE FROM core_job WHERE state = 'waiting'");
	atomic_fetch_add(&later_ms, days * DAY_MS);
}

static int queue_fn(struct curb_tx *tx, void *arg)
{
	const struct curb_id nobody = { "" };
	struct curb_id id;
	(void)arg;
	return curb_job_enqueue(&curb_core_host, tx, "unused", &nobody, curb_str("{}"), &id);
}

static void look(struct house *house, int jobs)
{
	struct store_write write = { .fn = queue_fn };
	if (!house->work)
		start_work(house, 2);
	for (int i = 0; i < jobs; i++)
		assert_int_equal(store_write(house->store, &write), 0);
	for (int i = 0; i < jobs; i++)
		wait_end();
}

/* A course whose track is the blob, and the same course gone. */
static void import_course(struct house *house)
{
	assert_int_equal(import_honest(house), 0);
	assert_true(blobs_has(house->blobs, curb_str(BLOB)));
}

static void forget_courses(struct house *house)
{
	change(house, "DELETE FROM core_track");
	change(house, "DELETE FROM core_unit");
	change(house, "DELETE FROM core_version");
}

/* A file that no row names; its name, in hex. */
static void put_file(struct house *house, const char *text, char ret_hex[static BLOB_HEX + 1])
{
	struct blob_batch *batch = blob_batch_new(house->blobs);
	struct blob_file *file = NULL;
	assert_int_equal(blob_new(batch, &file), 0);
	assert_int_equal(blob_write(file, text, strlen(text)), 0);
	assert_int_equal(blob_seal(file), 0);
	assert_int_equal(blob_batch_publish(batch), 0);
	(void)snprintf(ret_hex, BLOB_HEX + 1, "%.64s", blob_sha256(file).ptr);
	blob_batch_drop(batch);
}

static bool is_there(struct house *house)
{
	return blobs_has(house->blobs, curb_str(BLOB));
}

/* ---- stories ---- */

/* A smaller form is needed as long as what it was made of is: with that it goes, rows and all. */
static void unused__a_rendition_goes_with_what_it_was_made_of(void **state)
{
	struct house *house = *state;
	char hex[BLOB_HEX + 1], row[256], track[512];
	import_course(house);
	put_file(house, "a smaller form", hex);
	(void)snprintf(row, sizeof row, "INSERT INTO core_blob (sha256, size, made_ms) VALUES ('%s', 14, 0)",
	               hex);
	(void)snprintf(
		track, sizeof track,
		"INSERT INTO core_rendition_track (picture, sound, form, position, kind, type, blob, idx, "
		"size, duration_ms, width, height, bitrate) VALUES ('" BLOB "', '', '240', 0, 'flat', "
		"'t', '%s', '%s', 14, 0, 0, 0, 0)",
		hex, hex);
	change(house, row);
	change(house, "INSERT INTO core_rendition (picture, sound, form, job, made_ms) VALUES ('" BLOB
	              "', '', '240', '', 1)");
	change(house, track);
	look(house, 1);
	pass_days(house, 30);
	look(house, 1);
	assert_true(blobs_has(house->blobs, curb_str(hex)));
	forget_courses(house);
	look(house, 1);
	pass_days(house, 8);
	look(house, 1);
	assert_false(is_there(house));
	assert_false(blobs_has(house->blobs, curb_str(hex)));
	assert_int_equal(count(house, "SELECT count(*) FROM core_rendition"), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_rendition_track"), 0);
}

static void unused__goes_a_week_after_it_was_found(void **state)
{
	struct house *house = *state;
	import_course(house);
	look(house, 1);
	pass_days(house, 30);
	look(house, 1);
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob WHERE unused_ms IS NOT NULL"), 0);
	forget_courses(house);
	look(house, 1);
	assert_int_equal(count(house, "SELECT waiting_bytes FROM core_unused"), 10);
	pass_days(house, 6);
	look(house, 1);
	assert_true(is_there(house));
	assert_int_equal(count(house, "SELECT waiting FROM core_unused"), 1);
	pass_days(house, 2);
	look(house, 1);
	assert_false(is_there(house));
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob"), 0);
	assert_int_equal(count(house, "SELECT removed_bytes FROM core_unused"), 10);
	assert_int_equal(count(house, "SELECT count(*) FROM core_job WHERE state = 'waiting'"), 1);
	assert_int_equal(count(house, "SELECT removed + waiting FROM core_unused"), 1);
}

static void unused__held_again_it_stays(void **state)
{
	struct house *house = *state;
	import_course(house);
	forget_courses(house);
	look(house, 1);
	pass_days(house, 8);
	import_course(house); /* the same bytes, which are there already */
	look(house, 1);
	assert_true(is_there(house));
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob WHERE unused_ms IS NULL"), 1);
	forget_courses(house);
	look(house, 1);
	assert_true(is_there(house)); /* the week begins anew */
}

static void unused__nothing_goes_while_somebody_keeps(void **state)
{
	struct house *house = *state;
	import_course(house);
	forget_courses(house);
	look(house, 1);
	pass_days(house, 8);
	blobs_keep(house->blobs); /* as an import or a backup does */
	look(house, 1);
	assert_true(is_there(house));
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob"), 1);
	blobs_let_go(house->blobs);
	look(house, 1);
	assert_false(is_there(house));
}

/* Whoever stored it has let go, and the write that names it may still come. */
static void unused__stored_anew_within_the_week_it_stays(void **state)
{
	struct house *house = *state;
	import_course(house);
	forget_courses(house);
	change(house, "UPDATE core_blob SET unused_ms = 1");
	look(house, 1);
	assert_true(is_there(house));
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob"), 1);
}

static int hold_it(void *self, struct curb_tx *tx, struct curb_str sha256, bool *ret_holds)
{
	(void)self;
	(void)tx;
	*ret_holds = curb_str_is(sha256, BLOB);
	return 0;
}

static void unused__who_names_it_keeps_it_and_who_is_away_keeps_all(void **state)
{
	struct house *house = *state;
	const struct content_holder holder = { house, "shelf", hold_it };
	const struct content_api *content = &house->ingest->api;
	char other[BLOB_HEX + 1];
	assert_int_equal(content->hold(content, &holder), 0);
	assert_int_equal(content->hold(content, &holder), CURB_EABI);
	start_work(house, 2);
	assert_int_equal(ingest_begin(house->ingest), 0);
	assert_int_equal(count(house, "SELECT count(*) FROM core_job WHERE state = 'waiting'"), 1);
	import_course(house);
	forget_courses(house);
	put_file(house, "nobody's", other);
	look(house, 1);
	pass_days(house, 8);
	content->let_go(content, "shelf");
	look(house, 1);
	assert_true(blobs_has(house->blobs, curb_str(other)));
	assert_int_equal(count(house, "SELECT away = 'shelf' FROM core_unused"), 1);
	assert_int_equal(content->hold(content, &holder), 0);
	look(house, 1);
	assert_true(is_there(house));
	assert_false(blobs_has(house->blobs, curb_str(other)));
	content->let_go(content, "shelf");
}

static void unused__a_file_without_a_row_goes_a_week_after_its_name(void **state)
{
	struct house *house = *state;
	char hex[BLOB_HEX + 1];
	put_file(house, "left over", hex);
	look(house, 1);
	assert_true(blobs_has(house->blobs, curb_str(hex)));
	assert_int_equal(count(house, "SELECT waiting FROM core_unused"), 1);
	pass_days(house, 8);
	look(house, 1);
	assert_false(blobs_has(house->blobs, curb_str(hex)));
	assert_int_equal(count(house, "SELECT removed FROM core_unused"), 1);
}

/* The row is gone, the file is not: the next start sees to it. */
static void unused__broken_off_between_row_and_file(void **state)
{
	struct house *house = *state;
	import_course(house);
	forget_courses(house);
	look(house, 1);
	pass_days(house, 8);
	atomic_store(&dead, true);
	look(house, 1);
	assert_true(is_there(house));
	assert_int_equal(count(house, "SELECT count(*) FROM core_blob"), 0);
	close_house(house);
	atomic_store(&dead, false);
	open_house(house);
	assert_false(is_there(house));
}

static void unused__two_at_once_count_each_once(void **state)
{
	struct house *house = *state;
	char hex[BLOB_HEX + 1], text[32];
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(text, sizeof text, "file %d", i);
		put_file(house, text, hex);
	}
	import_course(house);
	pass_days(house, 8);
	look(house, 2);
	assert_int_equal(count(house, "SELECT removed FROM core_unused"), MANY);
	assert_true(is_there(house));
	assert_false(blobs_has(house->blobs, curb_str(hex)));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(unused__goes_a_week_after_it_was_found),
		CASE(unused__a_rendition_goes_with_what_it_was_made_of),
		CASE(unused__held_again_it_stays),
		CASE(unused__nothing_goes_while_somebody_keeps),
		CASE(unused__stored_anew_within_the_week_it_stays),
		CASE(unused__who_names_it_keeps_it_and_who_is_away_keeps_all),
		CASE(unused__a_file_without_a_row_goes_a_week_after_its_name),
		CASE(unused__broken_off_between_row_and_file),
		CASE(unused__two_at_once_count_each_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
