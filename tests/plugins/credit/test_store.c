/* Classes and who is in them, row by row, and each statement that fails. */
#include "broken.h"
#include "credit.h"
#include "credit_embedded.h"
#include "curb/err.h"
#include "helper.h"

static struct curb_host credit_host = { .magic = CURB_HOST_MAGIC, .owner = "credit" };
static struct credit credit = { .host = &credit_host };

static const struct curb_id class_id = { "class" }, ann = { "ann" }, nobody = { "nobody" }, unit = { "u" };

/* Open from 100 to 900; no two figures are equal. */
static const struct credit_cohort opened = {
	.id = { "class" },
	.institution = { "school" },
	.opened_by = { "staff" },
	.programme = { "Baking", 6 },
	.total_c = 4000,
	.share_m = 400,
	.hour_s = 2700,
	.rate_m = 3000,
	.starts_ms = 100,
	.ends_ms = 900,
	.opened_ms = 90,
	.kind = { "skill", 5 },
	.policy = { "rule" },
	.basis = COUNT_PLANNED,
	.daily_s = 7200,
	.completion_m = 901,
	.decides = POLICY_CITY,
	.entry = 13,
	.presence_s = 1200,
};

static const struct credit_offline plans[] = {
	{ .name = { "Workshop", 8 }, .hours_c = 100 },
	{ .name = { "Visit", 5 }, .place = { "Room 4", 6 }, .hours_c = 200 },
	{ .name = { "Exam", 4 }, .hours_c = 300, .day = 20000 },
};
enum { PLANS = sizeof plans / sizeof *plans };

static int open_class(struct curb_tx *tx, void *arg)
{
	static const struct curb_user trainees[] = { { .id = { "ann" }, .name = { "Ann", 3 } },
		                                     { .id = { "bob" }, .name = { "Bob", 3 } },
		                                     { .id = { "eve" }, .name = { "Annabel", 7 } } };
	(void)arg;
	int err = credit_cohort_add(&credit, tx, &opened);
	if (!err)
		err = credit_cohort_add_course(&credit, tx, &class_id, curb_str("later"), 2);
	if (!err)
		err = credit_cohort_add_course(&credit, tx, &class_id, curb_str("version"), 1);
	for (size_t i = 0; !err && i < PLANS; i++)
		err = credit_cohort_add_offline(&credit, tx, &class_id, &plans[i], (int64_t)i);
	for (size_t i = 0; !err && i < 3; i++)
		err = credit_trainee_add(&credit, tx, &class_id, &trainees[i], &opened.opened_by, 95);
	return err ? err : credit_place_save(&credit, tx, &ann, &unit, 77, 110);
}

static int setup(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	err = err ? err : store_migrate(f->store, &credit_host, credit_migrations);
	return err;
}

static int setup_class(void **state)
{
	int err = setup(state);
	return err ? err : write_fn(*state, open_class, NULL);
}

static struct curb_tx *look(struct fixture *f)
{
	curb_arena_reset(f->arena);
	return store_begin(f->reader, f->arena);
}

static void change(struct fixture *f, const char *sql)
{
	assert_int_equal(write_sql(f, &credit_host, sql, CURB_NO_BINDS), 0);
}

static int64_t count(struct fixture *f, const char *sql)
{
	return read_int(f, &credit_host, sql, CURB_NO_BINDS);
}

/* ---- what comes back ---- */

static void is_as_opened(const struct credit_cohort *read)
{
	assert_string_equal(read->id.text, "class");
	assert_string_equal(read->institution.text, "school");
	assert_string_equal(read->opened_by.text, "staff");
	assert_true(curb_str_is(read->programme, "Baking") && curb_str_is(read->kind, "skill"));
	assert_string_equal(read->policy.text, "rule");
	assert_int_equal(read->total_c, 4000);
	assert_int_equal(read->share_m, 400);
	assert_int_equal(read->hour_s, 2700);
	assert_int_equal(read->rate_m, 3000);
	assert_int_equal(read->starts_ms, 100);
	assert_int_equal(read->ends_ms, 900);
	assert_int_equal(read->opened_ms, 90);
	assert_int_equal(read->basis, COUNT_PLANNED);
	assert_int_equal(read->daily_s, 7200);
	assert_int_equal(read->completion_m, 901);
	assert_int_equal(read->decides, POLICY_CITY);
	assert_int_equal(read->entry, 13);
	assert_int_equal(read->presence_s, 1200);
}

static void store__a_class_comes_back_as_it_was_opened(void **state)
{
	struct credit_cohort read, *of_ann = NULL;
	struct curb_id *versions = NULL;
	size_t n = 0;
	struct curb_tx *tx = look(*state);
	assert_int_equal(credit_cohort_by_id(&credit, tx, curb_str("class"), &read), 0);
	is_as_opened(&read);
	assert_int_equal(credit_cohorts_of_person(&credit, tx, &ann, &of_ann, &n), 0);
	assert_int_equal(n, 1);
	is_as_opened(of_ann);
	assert_int_equal(credit_cohorts_of_person(&credit, tx, &nobody, &of_ann, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(credit_cohort_courses(&credit, tx, &class_id, &versions, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(versions[0].text, "version");
	assert_string_equal(versions[1].text, "later");
	assert_int_equal(credit_cohort_by_id(&credit, tx, curb_str("none"), &read), CURB_ENOTFOUND);
	assert_string_equal(curb_error_text(), "There is no such class");
}

static void store__a_meeting_stands_where_a_day_or_a_place_is_planned(void **state)
{
	struct credit_offline *read = NULL;
	size_t n = 0;
	assert_int_equal(count(*state, "SELECT count(*) FROM credit_meeting"), 2);
	assert_int_equal(credit_cohort_offline(&credit, look(*state), &class_id, &read, &n), 0);
	assert_int_equal(n, PLANS);
	for (size_t i = 0; i < n; i++) {
		assert_true(curb_str_eq(read[i].name, plans[i].name));
		assert_int_equal(read[i].hours_c, plans[i].hours_c);
		assert_int_equal(read[i].day, plans[i].day);
		assert_true(curb_str_eq(read[i].place, plans[i].place.ptr ? plans[i].place : curb_str("")));
	}
}

/* ---- who is in it ---- */

static struct credit_trainee *trainees(struct fixture *f, struct credit_part part, size_t n, int64_t total)
{
	struct credit_trainee *list = NULL;
	size_t read = 99;
	int64_t all = 99;
	assert_int_equal(credit_trainees(&credit, look(f), &class_id, &part, &list, &read, &all), 0);
	assert_int_equal(read, n);
	assert_int_equal(all, total);
	return list;
}

static void store__a_roster_is_read_in_parts_and_by_name(void **state)
{
	struct fixture *f = *state;
	change(f, "UPDATE credit_trainee SET online_s = 10, offline_s = 20, pending_s = 30, left_ms = 40, "
	          "left_by = 'm' WHERE person = 'bob'");
	change(f, "INSERT INTO credit_move (id, kind, person, cohort, institution, target, receiver, "
	          "sealed_reason, asked_ms, asked_by, entry) VALUES ('m', 'leave', 'bob', 'class', 'school', "
	          "'', '', x'00', 1, 's', 1)");
	struct credit_trainee *list = trainees(f, (struct credit_part){ .most = 9 }, 3, 3);
	assert_string_equal(list[0].person.text, "ann");
	assert_string_equal(list[1].person.text, "eve");
	assert_true(curb_str_is(list[2].shown, "Bob") && curb_str_is(list[2].left_word, "leave"));
	assert_int_equal(list[2].online_s, 10);
	assert_int_equal(list[2].offline_s, 20);
	assert_int_equal(list[2].pending_s, 30);
	assert_int_equal(list[2].left_ms, 40);
	list = trainees(f, (struct credit_part){ .skip = 1, .most = 1 }, 1, 3);
	assert_string_equal(list[0].person.text, "eve");
	(void)trainees(f, (struct credit_part){ .skip = 3, .most = 1 }, 0, 3);
	(void)trainees(f, (struct credit_part){ .most = 9, .here = true }, 2, 2);
	list = trainees(f, (struct credit_part){ .find = { "nna", 3 }, .most = 9 }, 1, 1);
	assert_string_equal(list[0].person.text, "eve");
	(void)trainees(f, (struct credit_part){ .find = { "Annabel and others", 18 }, .most = 9 }, 0, 0);
}

static int add_again(struct curb_tx *tx, void *arg)
{
	const struct curb_user user = { .id = ann, .name = { "Anna", 4 } };
	(void)arg;
	return credit_trainee_add(&credit, tx, &class_id, &user, &opened.opened_by, 120);
}

static void store__who_is_added_again_stays_as_she_is(void **state)
{
	struct fixture *f = *state;
	int64_t s = 99;
	change(f, "UPDATE credit_trainee SET online_s = 10 WHERE person = 'ann'");
	assert_int_equal(write_fn(f, add_again, NULL), 0);
	assert_int_equal(credit_online_s(&credit, look(f), &class_id, &ann, &s), 0);
	assert_int_equal(s, 10);
	assert_int_equal(credit_online_s(&credit, look(f), &class_id, &nobody, &s), CURB_ENOTFOUND);
	assert_string_equal(curb_error_text(), "This person is not on the roster of the class");
	assert_int_equal(count(f, "SELECT count(*) FROM credit_trainee"), 3);
}

/* ---- lessons ---- */

static void store__a_lesson_is_chosen_where_its_class_is_under_way(void **state)
{
	struct fixture *f = *state;
	const struct content_unit lesson = { .id = { "u" }, .version = { "version" } };
	struct credit_choice *choices = NULL;
	size_t n = 0;
	int64_t s = 99;
	assert_int_equal(credit_choices(&credit, look(f), &ann, &lesson, 500, &choices, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(choices[0].cohort.text, "class");
	assert_int_equal(choices[0].hour_s, 2700);
	assert_int_equal(choices[0].cap_s, 16 * 2700);
	assert_int_equal(choices[0].position_s + choices[0].seen_s + choices[0].credited_s, 0);
	assert_int_equal(credit_uncredited_s(&credit, look(f), &class_id, &ann, &s), 0);
	assert_int_equal(s, 0);
	change(f, "INSERT INTO credit_coverage (person, cohort, unit, seen, credited, seen_s, credited_s, "
	          "position_s, at_ms) VALUES ('ann', 'class', 'u', x'', x'', 60, 45, 33, 1)");
	change(f, "UPDATE credit_trainee SET online_s = 45, live_s = 5 WHERE person = 'ann'");
	change(f, "INSERT INTO credit_waiver (id, cohort, person, region, share_m, until_ms, document, "
	          "sealed_reason, asked_ms, asked_by) VALUES ('w', 'class', '', '370100', 1, 1, 'd', x'00', "
	          "1, 's')");
	change(f, "INSERT INTO credit_waiver_decision (waiver, cohort, person, granted, share_m, from_ms, "
	          "until_ms, sealed_words, decided_by) VALUES ('w', 'class', '', 1, 500, 200, 600, x'00', "
	          "'f')");
	assert_int_equal(credit_choices(&credit, look(f), &ann, &lesson, 500, &choices, &n), 0);
	assert_int_equal(choices[0].cap_s, 20 * 2700);
	assert_int_equal(choices[0].online_s, 50);
	assert_int_equal(choices[0].position_s, 33);
	assert_int_equal(choices[0].seen_s, 60);
	assert_int_equal(choices[0].credited_s, 45);
	assert_int_equal(credit_uncredited_s(&credit, look(f), &class_id, &ann, &s), 0);
	assert_int_equal(s, 15);
	static const int64_t not_now[] = { 99, 900 };
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(credit_choices(&credit, look(f), &ann, &lesson, not_now[i], &choices, &n),
		                 0);
		assert_int_equal(n, 0);
	}
	change(f, "UPDATE credit_trainee SET left_ms = 1 WHERE person = 'ann'");
	assert_int_equal(credit_choices(&credit, look(f), &ann, &lesson, 500, &choices, &n), 0);
	assert_int_equal(n, 0);
}

static void store__a_lesson_that_was_not_begun_begins_at_0(void **state)
{
	int64_t s = 99;
	assert_int_equal(credit_place_of(&credit, look(*state), &ann, &unit, &s), 0);
	assert_int_equal(s, 77);
	assert_int_equal(credit_place_of(&credit, look(*state), &nobody, &unit, &s), 0);
	assert_int_equal(s, 0);
}

/* ---- statements that fail ---- */

static int read_all(struct curb_tx *tx)
{
	const struct content_unit lesson = { .id = { "u" }, .version = { "version" } };
	const struct credit_part all = { .most = 9 };
	struct credit_cohort one, *classes;
	struct curb_id *versions;
	struct credit_offline *offline;
	struct credit_trainee *list;
	struct credit_choice *choices;
	size_t n;
	int64_t s;
	int err = credit_cohort_by_id(&credit, tx, curb_str("class"), &one);
	err = err ? err : credit_cohorts_of_person(&credit, tx, &ann, &classes, &n);
	err = err ? err : credit_cohort_courses(&credit, tx, &class_id, &versions, &n);
	err = err ? err : credit_cohort_offline(&credit, tx, &class_id, &offline, &n);
	err = err ? err : credit_trainees(&credit, tx, &class_id, &all, &list, &n, &s);
	err = err ? err : credit_online_s(&credit, tx, &class_id, &ann, &s);
	err = err ? err : credit_uncredited_s(&credit, tx, &class_id, &ann, &s);
	err = err ? err : credit_choices(&credit, tx, &ann, &lesson, 500, &choices, &n);
	return err ? err : credit_place_of(&credit, tx, &ann, &unit, &s);
}

static void store__each_reading_that_fails_is_told(void **state)
{
	int good = 0;
	for (int err = CURB_EINTERNAL; err; good++) {
		struct curb_tx *tx = look(*state);
		broken_after(good);
		err = read_all(tx);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
	}
	assert_true(good > 20);
}

static void store__a_class_that_cannot_be_opened_leaves_nothing(void **state)
{
	int good = 0;
	for (int err = CURB_EINTERNAL; err; good++) {
		broken_after(good);
		err = write_fn(*state, open_class, NULL);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
		assert_int_equal(count(*state, "SELECT count(*) FROM credit_cohort"), err ? 0 : 1);
	}
	assert_int_equal(
		good,
		13); /* 12 rows: a class, two courses, five of lessons in person, three trainees and a place */
}

int main(void)
{
#define TEST(name, before) cmocka_unit_test_setup_teardown(name, before, teardown_fixture)
	const struct CMUnitTest tests[] = {
		TEST(store__a_class_comes_back_as_it_was_opened, setup_class),
		TEST(store__a_meeting_stands_where_a_day_or_a_place_is_planned, setup_class),
		TEST(store__a_roster_is_read_in_parts_and_by_name, setup_class),
		TEST(store__who_is_added_again_stays_as_she_is, setup_class),
		TEST(store__a_lesson_is_chosen_where_its_class_is_under_way, setup_class),
		TEST(store__a_lesson_that_was_not_begun_begins_at_0, setup_class),
		TEST(store__each_reading_that_fails_is_told, setup_class),
		TEST(store__a_class_that_cannot_be_opened_leaves_nothing, setup),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
