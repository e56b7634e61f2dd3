/* What the doctor asks credit: whether its sums are those of the entries. */
#include "curb/doctor.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "house.h"
#include "placed.h"

enum { DAYS = 3, BEATS = 5, PLAYED = 9, GRANTED = 4 };

static struct credit_entry entry_of(int day, int seq)
{
	return (struct credit_entry){
		.person = { "person-1" },
		.cohort = { "class-1" },
		.unit = curb_id_of(curb_str(day % 2 ? "unit-1" : "unit-2")),
		.version = { "version-1" },
		.play = { "play-1" },
		.at_ms = 1763800000000,
		.day = 20000 + day,
		.seq = seq,
		.sums = { .played_s = PLAYED,
		          .granted_s = GRANTED,
		          .again_s = 1,
		          .share_s = 1,
		          .hours_s = 1,
		          .clock_s = 1,
		          .undelivered_s = 1,
		          .day_s = 2 },
	};
}

static int run_sql(struct curb_tx *tx, void *arg)
{
	return curb_exec(&credit_host, tx, arg, CURB_NO_BINDS, NULL);
}

static void change(struct house *house, const char *sql)
{
	assert_int_equal(write_fn(&house->f, run_sql, (void *)(uintptr_t)sql), 0);
}

static int learn(struct curb_tx *tx, void *arg)
{
	int64_t place;
	int err = 0;
	(void)arg;
	for (int i = 0; !err && i < DAYS * BEATS; i++) {
		const struct credit_entry entry = entry_of(i / BEATS, i);
		err = credit_entry_add(tx, &entry, &place);
	}
	return err;
}

/* Rows as beats leave them behind: three days, the first and the last in unit-2. A class that nobody learned in has sums of 0. */
static void learn_all(struct house *house)
{
	assert_int_equal(write_fn(&house->f, learn, NULL), 0);
	change(house,
	       "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, hour_s, rate_m, "
	       "starts_ms, ends_ms, "
	       "opened_ms, opened_by) VALUES ('class-1', 'p', 'i', 100, 400, 2700, 3000, 1, 2, 1, 's'), "
	       "('class-2', 'p', 'i', 100, 400, 2700, 3000, 1, 2, 1, 's')");
	change(house,
	       "INSERT INTO credit_trainee (cohort, person, shown, online_s, added_ms, added_by) VALUES "
	       "('class-1', 'person-1', 'A', 60, 1, 's'), ('class-2', 'person-1', 'A', 0, 1, 's')");
	change(house,
	       "INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
	       "hours_s, clock_s, "
	       "undelivered_s) VALUES ('person-1', 'class-1', 20000, 'unit-2', 45, 20, 5, 5, 5, 5, 5), "
	       "('person-1', 'class-1', 20001, 'unit-1', 45, 20, 5, 5, 5, 5, 5), "
	       "('person-1', 'class-1', 20002, 'unit-2', 45, 20, 5, 5, 5, 5, 5)");
	change(house,
	       "INSERT INTO credit_coverage (person, cohort, unit, seen, credited, seen_s, credited_s, "
	       "position_s, at_ms) VALUES "
	       "('person-1', 'class-1', 'unit-1', x'0000000000000015', x'0000000000000014', 21, 20, 0, 1), "
	       "('person-1', 'class-1', 'unit-2', x'0000000000000028', x'0000000000000028', 40, 40, 0, 1)");
	change(house, "UPDATE credit_day SET day_s = 10");
	change(house,
	       "INSERT INTO credit_play (id, person, cohort, unit, version, unit_s, media_s, live, "
	       "budget_ms, spent_s, seqs, boot, boot_ms, wall_ms, doubted, opened_ms, places) VALUES "
	       "('play-1', 'person-1', 'class-1', 'unit-1', 'version-1', 1, 1, 0, 1, 1, x'01', 'b', 1, 1, "
	       "0, 1, x'000101010101010101010101010101'), ('play-2', 'person-1', 'class-1', 'unit-1', "
	       "'version-1', 1, 1, 0, 1, 1, x'', 'b', 1, 1, 0, 1, NULL)");
}

struct told {
	int n;
	bool stop;
	char last[256];
};

static void note(void *arg, const char *text)
{
	struct told *told = arg;
	told->n++;
	(void)snprintf(told->last, sizeof told->last, "%s", text);
}

static bool is_cancelled(void *arg)
{
	return ((const struct told *)arg)->stop;
}

static int ask(struct house *house, struct told *told)
{
	const struct curb_doctor_check check = credit_doctor_check(&house->credit);
	const struct curb_doctor_call call = { note, is_cancelled, told };
	int err = check.run(check.self, store_begin(house->f.reader, house->f.arena), &call);
	store_end(house->f.reader);
	return err;
}

static void check__sums_that_are_those_of_the_entries_are_sound(void **state)
{
	struct house *house = *state;
	struct told told = { 0 };
	assert_int_equal(ask(house, &told), 0); /* of nothing */
	learn_all(house);
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 0);
}

static const struct {
	const char *change, *back, *told;
	int n;
} cases[] = {
	{ "UPDATE credit_trainee SET online_s = 61 WHERE cohort = 'class-1'",
	  "UPDATE credit_trainee SET online_s = 60 WHERE cohort = 'class-1'",
	  "the online seconds of a trainee are not those of the entries: class class-1, person "
	  "person-1",
	  1 },
	{ "UPDATE credit_trainee SET online_s = 1 WHERE cohort = 'class-2'",
	  "UPDATE credit_trainee SET online_s = 0 WHERE cohort = 'class-2'", "class class-2", 1 },
	{ "UPDATE credit_day SET undelivered_s = 4 WHERE day = 20001",
	  "UPDATE credit_day SET undelivered_s = 5 WHERE day = 20001",
	  "the sums of a day are not those of the entries: class class-1, person person-1, unit "
	  "unit-1, day 20001",
	  1 },
	{ "UPDATE credit_day SET day_s = 11 WHERE day = 20001",
	  "UPDATE credit_day SET day_s = 10 WHERE day = 20001",
	  "the sums of a day are not those of the entries", 1 },
	{ "UPDATE credit_day SET day = 20003 WHERE day = 20002",
	  "UPDATE credit_day SET day = 20002 WHERE day = 20003",
	  "sums of a day without entries: class class-1, person person-1, unit unit-2, day 20003", 2 },
	{ "UPDATE credit_day SET day = 19999 WHERE day = 20002",
	  "UPDATE credit_day SET day = 20002 WHERE day = 19999",
	  "entries without the sums of their day: class class-1, person person-1, unit unit-2, day "
	  "20002",
	  2 },
	{ "UPDATE credit_coverage SET credited_s = 39, credited = x'0000000000000027' WHERE unit = "
	  "'unit-2'",
	  "UPDATE credit_coverage SET credited_s = 40, credited = x'0000000000000028' WHERE unit = "
	  "'unit-2'",
	  "the counted seconds of a unit are not those of the entries", 1 },
	{ "UPDATE credit_coverage SET seen = x'0000000000000016' WHERE unit = 'unit-1'",
	  "UPDATE credit_coverage SET seen = x'0000000000000015' WHERE unit = 'unit-1'",
	  "the seconds of a unit are not as many as were counted", 1 },
	{ "UPDATE credit_play SET places = x'0001010101010101010101010101' WHERE id = 'play-1'",
	  "UPDATE credit_play SET places = x'000101010101010101010101010101' WHERE id = 'play-1'",
	  "the places of somebody's entries are not those of the ledger: class class-1, person person-1", 1 },
	{ "UPDATE credit_play SET places = x'010101010101010101010101010101' WHERE id = 'play-1'",
	  "UPDATE credit_play SET places = x'000101010101010101010101010101' WHERE id = 'play-1'",
	  "the places of somebody's entries are not those of the ledger: class class-1, person person-1", 1 },
	{ "UPDATE credit_play SET places = x'80' WHERE id = 'play-2'",
	  "UPDATE credit_play SET places = NULL WHERE id = 'play-2'",
	  "the places of somebody's entries are not those of the ledger: class class-1, person person-1", 1 },
	{ "UPDATE credit_play SET places = x'07', person = 'person-9' WHERE id = 'play-2'",
	  "UPDATE credit_play SET places = NULL, person = 'person-1' WHERE id = 'play-2'",
	  "not those of the ledger: class class-1, person person-9", 1 },
	{ "UPDATE credit_play SET places = NULL WHERE id = 'play-1'",
	  "UPDATE credit_play SET places = x'000101010101010101010101010101' WHERE id = 'play-1'",
	  "the places of somebody's entries are not those of the ledger: class class-1, person person-1", 1 },
	{ "UPDATE credit_coverage SET credited = x'01' WHERE unit = 'unit-1'",
	  "UPDATE credit_coverage SET credited = x'0000000000000014' WHERE unit = 'unit-1'",
	  "the seconds of a unit are not as many as were counted", 1 },
};

static void check__every_sum_that_was_changed_is_named(void **state)
{
	struct house *house = *state;
	learn_all(house);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct told told = { 0 };
		change(house, cases[i].change);
		assert_int_equal(ask(house, &told), 0);
		assert_int_equal(told.n, cases[i].n);
		if (!strstr(told.last, cases[i].told))
			fail_msg("%s: %s", cases[i].told, told.last);
		change(house, cases[i].back);
		told.n = 0;
		assert_int_equal(ask(house, &told), 0);
		assert_int_equal(told.n, 0);
	}
}

static void check__places_from_before_they_were_kept_are_filled_in_once(void **state)
{
	struct house *house = *state;
	struct told told = { 0 };
	learn_all(house);
	/* some of one play, none of the other, which was opened later */
	change(house, "UPDATE credit_play SET places = x'0201', opened_ms = 1 WHERE id = 'play-1'");
	change(house,
	       "UPDATE credit_play SET unit = 'unit-2', opened_ms = 1763800000000 WHERE id = 'play-2'");
	assert_int_equal(write_fn(&house->f, placed_fill, &house->credit), 0);
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 1); /* nothing was to be done */
	change(house, "INSERT INTO credit_once VALUES ('places')");
	assert_int_equal(write_fn(&house->f, placed_fill, &house->credit), 0);
	told.n = 0;
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 0);
	assert_int_equal(read_int(&house->f, &credit_host, "SELECT count(*) FROM credit_once", NULL), 0);
	assert_int_equal(read_int(&house->f, &credit_host,
	                          "SELECT length(places) FROM credit_play WHERE id = 'play-2'", NULL),
	                 8); /* those of unit-2, but for the two that another play has */
}

/* ---- attended hours ---- */

static int attend(struct curb_tx *tx, void *arg)
{
	static const struct {
		const char *kind, *mode;
		int64_t seconds;
	} said[] = { { "sheet", "onsite", 300 },       { "sheet", "live", 200 },
		     { "countersign", "onsite", 300 }, { "countersign", "live", 200 },
		     { "correction", "onsite", -100 }, { "sheet", "visit", 40 } };
	int err = 0;
	(void)arg;
	for (size_t i = 0; !err && i < sizeof said / sizeof *said; i++) {
		const struct curb_fact facts[] = {
			{ "cohort", 0, curb_str("class-2") },
			{ "sheet", 0, curb_str("sheet-1") },
			{ "mode", 0, curb_str(said[i].mode) },
			{ "seconds", said[i].seconds, { NULL, 0 } },
		};
		const struct curb_entry entry = { .kind = said[i].kind,
			                          .at_ms = 1763800000000,
			                          .person = { "person-1" },
			                          .facts = facts,
			                          .fact_count = sizeof facts / sizeof *facts };
		err = curb_ledger_append(tx, &entry, NULL);
	}
	return err;
}

static void attend_all(struct house *house)
{
	learn_all(house);
	assert_int_equal(write_fn(&house->f, attend, NULL), 0);
	change(house, "UPDATE credit_trainee SET offline_s = 300, live_s = 200, pending_s = -60 "
	              "WHERE cohort = 'class-2'");
	change(house,
	       "INSERT INTO credit_sheet (id, cohort, unit, mode, from_ms, to_ms, place, teacher, key, "
	       "entered_ms, entered_by) VALUES ('s1', 'class-2', 0, 'onsite', 1, 2, 'p', 't', 'k1', 1, 's'), "
	       "('s2', 'class-2', 0, 'live', 1, 2, 'p', 't', 'k2', 1, 's'), "
	       "('s3', 'class-2', 0, 'visit', 1, 2, 'p', 't', 'k3', 1, 's')");
	change(house,
	       "INSERT INTO credit_attended (sheet, person, number, seconds, reason, entry, entered_ms, "
	       "entered_by, signed_ms) VALUES ('s1', 'person-1', 0, 300, '', 1, 1, 's', 1), "
	       "('s2', 'person-1', 0, 200, '', 2, 1, 's', 1), "
	       "('s1', 'person-1', 1, -100, 'r', 3, 1, 's', NULL), "
	       "('s3', 'person-1', 0, 40, '', 4, 1, 's', NULL)");
}

static void check__of_attended_hours(void **state)
{
	static const struct {
		const char *change, *back, *told;
	} wrong[] = {
		{ "UPDATE credit_trainee SET offline_s = 301 WHERE cohort = 'class-2'",
		  "UPDATE credit_trainee SET offline_s = 300 WHERE cohort = 'class-2'",
		  "the attended seconds of a trainee are not those of the entries: class class-2, person "
		  "person-1" },
		{ "UPDATE credit_trainee SET live_s = 199 WHERE cohort = 'class-2'",
		  "UPDATE credit_trainee SET live_s = 200 WHERE cohort = 'class-2'", "attended seconds" },
		{ "UPDATE credit_trainee SET pending_s = 0 WHERE cohort = 'class-2'",
		  "UPDATE credit_trainee SET pending_s = -60 WHERE cohort = 'class-2'", "attended seconds" },
		{ "UPDATE credit_trainee SET offline_s = 9 WHERE cohort = 'class-1'",
		  "UPDATE credit_trainee SET offline_s = 0 WHERE cohort = 'class-1'",
		  "attended seconds without entries: class class-1" },
		{ "UPDATE credit_trainee SET person = 'person-0' WHERE cohort = 'class-2'",
		  "UPDATE credit_trainee SET person = 'person-1' WHERE cohort = 'class-2'",
		  "attendance of somebody who is not on the roster" },
	};
	struct house *house = *state;
	struct told told = { 0 };
	attend_all(house);
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		change(house, wrong[i].change);
		told.n = 0;
		assert_int_equal(ask(house, &told), 0);
		assert_true(told.n > 0);
		if (!strstr(told.last, wrong[i].told))
			fail_msg("%s: %s", wrong[i].told, told.last);
		change(house, wrong[i].back);
	}
	change(house,
	       "INSERT INTO credit_attended (sheet, person, number, seconds, reason, entry, entered_ms, "
	       "entered_by) VALUES ('s3', 'person-1', 1, 7, 'r', 5, 1, 's')");
	told.n = 0;
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 1);
	assert_non_null(strstr(told.last, "the lines of the sheets are not those of the entries"));
}

static void check__can_be_stopped(void **state)
{
	struct house *house = *state;
	struct told told = { .stop = true };
	learn_all(house);
	assert_int_equal(ask(house, &told), CURB_EBUSY);
	assert_int_equal(told.n, 0);
}

/* More places than the list begins with. */
static int learn_widely(struct curb_tx *tx, void *arg)
{
	int64_t place;
	int err = 0;
	for (int i = 0; !err && i < 3000; i++) {
		struct credit_entry entry = entry_of(0, i);
		(void)snprintf(entry.unit.text, sizeof entry.unit.text, "unit-%d", (i + *(int *)arg) % 1500);
		err = credit_entry_add(tx, &entry, &place);
	}
	return err;
}

static void check__of_many_places(void **state)
{
	struct house *house = *state;
	struct told told = { 0 };
	for (int i = 0; i < 3; i++)
		assert_int_equal(write_fn(&house->f, learn_widely, &i), 0);
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 1501); /* and the places */
	change(house,
	       "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, hour_s, rate_m, "
	       "starts_ms, ends_ms, "
	       "opened_ms, opened_by) VALUES ('class-1', 'p', 'i', 100, 400, 2700, 3000, 1, 2, 1, 's')");
	change(house,
	       "INSERT INTO credit_trainee (cohort, person, shown, online_s, added_ms, added_by) VALUES "
	       "('class-1', 'person-1', 'A', 36000, 1, 's')");
	assert_int_equal(ask(house, &told), 0);
	assert_int_equal(told.n, 3002);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(check__sums_that_are_those_of_the_entries_are_sound,
		                                house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(check__every_sum_that_was_changed_is_named, house_setup,
		                                house_teardown),
		cmocka_unit_test_setup_teardown(check__places_from_before_they_were_kept_are_filled_in_once,
		                                house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(check__of_attended_hours, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(check__can_be_stopped, house_setup, house_teardown),
		cmocka_unit_test_setup_teardown(check__of_many_places, house_setup, house_teardown),
	};
	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
