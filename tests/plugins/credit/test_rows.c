/* What a beat writes of its play, and the lines of a record as they are counted. */
#include "curb/err.h"
#include "house.h"

static int run_sql(struct curb_tx *tx, void *arg)
{
	return curb_exec(&credit_host, tx, arg, CURB_NO_BINDS, NULL);
}

static void change(struct house *house, const char *sql)
{
	assert_int_equal(write_fn(&house->f, run_sql, (void *)(uintptr_t)sql), 0);
}

static void open_class(struct house *house)
{
	change(house,
	       "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, hour_s, rate_m, "
	       "starts_ms, ends_ms, opened_ms, opened_by) VALUES "
	       "('class-1', 'p', 'i', 100, 400, 2700, 3000, 1, 2, 1, 's')");
}

/* ---- plays ---- */

/* Stops whoever sets the column, to whatever it may be. */
static const struct curb_migration watched[] = {
	{ 1, "001_watched",
	  "CREATE TRIGGER credit_watched BEFORE UPDATE OF live ON credit_play\n"
	  "BEGIN\n\tSELECT RAISE (ABORT, 'the index of live plays is written');\nEND;\n" },
	{ 0 },
};

struct saving {
	struct house *house;
	struct credit_play play;
};

static int save(struct curb_tx *tx, void *arg)
{
	struct saving *saving = arg;
	return credit_play_save_in_class(&saving->house->credit, tx, &saving->play);
}

static void open_play(struct house *house, struct saving *ret_saving)
{
	open_class(house);
	change(house,
	       "INSERT INTO credit_play (id, person, cohort, unit, version, unit_s, media_s, live, "
	       "budget_ms, spent_s, seqs, boot, boot_ms, wall_ms, doubted, opened_ms) VALUES "
	       "('play-1', 'person-1', 'class-1', 'unit-1', 'version-1', 1, 1, 1, 0, 0, x'', 'b', 1, 1, 0, "
	       "1)");
	*ret_saving = (struct saving){ .house = house,
		                       .play = { .id = { "play-1" },
		                                 .live = true,
		                                 .budget_ms = 7,
		                                 .spent_s = 6,
		                                 .last = { curb_str("boot"), 5, 4 },
		                                 .doubted = true,
		                                 .places = curb_str("\x03") } };
}

static void play__is_saved_without_a_word_of_its_lease(void **state)
{
	struct house *house = *state;
	struct saving saving;
	open_play(house, &saving);
	assert_int_equal(store_migrate_part(house->f.store, &credit_host, "watched", watched), 0);
	assert_int_equal(write_fn(&house->f, save, &saving), 0);
	assert_int_equal(read_int(&house->f, &credit_host,
	                          "SELECT count(*) FROM credit_play WHERE live = 1 AND budget_ms = 7 AND "
	                          "spent_s = 6 AND boot = 'boot' AND boot_ms = 5 AND wall_ms = 4 AND "
	                          "doubted = 1 AND places = x'03' AND seqs = x''",
	                          NULL),
	                 1);
}

static void play__without_the_lease_gives_it_up(void **state)
{
	struct house *house = *state;
	struct saving saving;
	open_play(house, &saving);
	saving.play.live = false;
	assert_int_equal(write_fn(&house->f, save, &saving), 0);
	assert_int_equal(read_int(&house->f, &credit_host,
	                          "SELECT count(*) FROM credit_play WHERE live = 0 AND budget_ms = 7", NULL),
	                 1);
}

/* ---- lines ---- */

static int64_t lines(struct house *house, const char *person, size_t *ret_n)
{
	const struct curb_id cohort = { "class-1" }, who = curb_id_of(curb_str(person));
	const struct credit_lines_part part = { 0, 2 };
	struct credit_line *some = NULL;
	int64_t total = -1;
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(credit_lines(&house->credit, tx, &cohort, &who, &part, &some, ret_n, &total), 0);
	store_end(house->f.reader);
	return total;
}

static void lines__are_counted_without_those_that_were_moved_away(void **state)
{
	struct house *house = *state;
	size_t n = 0;
	open_class(house);
	change(house,
	       "INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
	       "hours_s, clock_s, undelivered_s) VALUES "
	       "('stayed', 'class-1', 1, 'unit-1', 5, 5, 0, 0, 0, 0, 0), "
	       "('stayed', 'class-1', 2, 'unit-1', 5, 5, 0, 0, 0, 0, 0), "
	       "('stayed', 'class-1', 2, 'unit-2', 5, 5, 0, 0, 0, 0, 0), "
	       "('moved', 'class-1', 1, 'unit-1', 0, 0, 0, 0, 0, 0, 0), "
	       "('moved', 'class-1', 2, 'unit-1', 5, 5, 0, 0, 0, 0, 0)");
	change(house, "INSERT INTO credit_moved (person, cohort, places) VALUES ('moved', 'class-1', x'03')");
	assert_int_equal(lines(house, "stayed", &n), 3);
	assert_int_equal(n, 2);
	assert_int_equal(lines(house, "moved", &n), 1);
	assert_int_equal(n, 1);
	assert_int_equal(lines(house, "nobody", &n), 0);
	assert_int_equal(n, 0);
}

enum { DAYS = 5, UNITS = 4, LINES = DAYS * UNITS };

/* Days with as many lessons; of every third line nothing is left when it was moved. */
static int learn(struct curb_tx *tx, void *arg)
{
	static const char sql[] =
		"INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
		"hours_s, clock_s, undelivered_s) VALUES ('p', 'class-1', $1, $2, $3, 0, 0, 0, 0, 0, 0)";
	const int *moved = arg;
	int err = 0;
	for (int i = 0; !err && i < LINES; i++) {
		struct curb_id unit;
		(void)snprintf(unit.text, sizeof unit.text, "unit-%d", i % UNITS);
		err = curb_exec(&credit_host, tx, sql,
		                CURB_BINDS(curb_int(i / UNITS), curb_bind_id(&unit),
		                           curb_int(*moved && i % 3 == 0 ? 0 : 1 + i)),
		                NULL);
	}
	return err;
}

static int64_t played_at(struct house *house, int64_t skip)
{
	return read_int(&house->f, &credit_host,
	                "SELECT coalesce((SELECT played_s FROM credit_day WHERE played_s <> 0 ORDER BY day "
	                "DESC, unit LIMIT 1 OFFSET $1), 0)",
	                CURB_BINDS(curb_int(skip)));
}

static void look_at_parts(struct house *house, int64_t count)
{
	const struct curb_id cohort = { "class-1" }, who = { "p" };
	for (int64_t skip = 0; skip <= count + 1; skip++) {
		const struct credit_lines_part part = { skip, 3 };
		struct credit_line *some = NULL;
		int64_t total = -1, left = count > skip ? count - skip : 0;
		size_t n = 99;
		struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
		assert_int_equal(credit_lines(&house->credit, tx, &cohort, &who, &part, &some, &n, &total),
		                 0);
		store_end(house->f.reader);
		assert_int_equal(total, count);
		assert_int_equal(n, left < 3 ? left : 3);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(some[i].played_s, played_at(house, skip + (int64_t)i));
	}
}

static void lines__come_in_parts_the_latest_first(void **state)
{
	struct house *house = *state;
	open_class(house);
	assert_int_equal(write_fn(&house->f, learn, (int[]){ 0 }), 0);
	look_at_parts(house, LINES);
}

static void lines__of_who_moved_come_without_the_empty_ones(void **state)
{
	struct house *house = *state;
	open_class(house);
	assert_int_equal(write_fn(&house->f, learn, (int[]){ 1 }), 0);
	change(house, "INSERT INTO credit_moved (person, cohort, places) VALUES ('p', 'class-1', x'03')");
	look_at_parts(house, LINES - (LINES + 2) / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(play__is_saved_without_a_word_of_its_lease, house_setup,
		                                house_teardown),
		cmocka_unit_test_setup_teardown(play__without_the_lease_gives_it_up, house_setup,
		                                house_teardown),
		cmocka_unit_test_setup_teardown(lines__are_counted_without_those_that_were_moved_away,
		                                house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(lines__come_in_parts_the_latest_first, house_setup,
		                                house_teardown),
		cmocka_unit_test_setup_teardown(lines__of_who_moved_come_without_the_empty_ones, house_setup,
		                                house_teardown),
	};
	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
