/* Presence checks in the database: what comes back, and each statement that fails. */
#include "broken.h"
#include "credit_embedded.h"
#include "curb/err.h"
#include "helper.h"
#include "presence.h"

static struct curb_host credit_host = { .magic = CURB_HOST_MAGIC, .owner = "credit" };
static struct credit credit = { .host = &credit_host };

static const struct curb_id class_id = { "class" }, ann = { "ann" }, bob = { "bob" };

static const struct presence armed = {
	.since_s = 1205, .answered = 4, .due_ms = 777, .unit = { "u2" }, .chapter = { 700, 1400 }, .number = 2
};

static void change(struct fixture *f, const char *sql)
{
	assert_int_equal(write_sql(f, &credit_host, sql, CURB_NO_BINDS), 0);
}

static int setup(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	err = err ? err : store_migrate(f->store, &credit_host, credit_migrations);
	if (err)
		return err;
	change(f, "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, hour_s, rate_m, "
	          "starts_ms, ends_ms, opened_ms, opened_by) VALUES ('class', 'p', 'i', 4000, 400, 2700, "
	          "3000, 1, 2, 1, 's')");
	change(f, "INSERT INTO credit_trainee (cohort, person, shown, added_ms, added_by) VALUES "
	          "('class', 'ann', 'Ann', 1, 's'), ('class', 'bob', 'Bob', 1, 's')");
	change(f, "INSERT INTO credit_play (id, person, cohort, unit, version, unit_s, media_s, live, "
	          "budget_ms, spent_s, seqs, boot, boot_ms, wall_ms, opened_ms) VALUES ('play', 'ann', "
	          "'class', 'u1', 'v', 2700, 2700, 0, 0, 0, x'', 'b', 1, 1, 1)");
	return 0;
}

static struct curb_tx *look(struct fixture *f)
{
	curb_arena_reset(f->arena);
	return store_begin(f->reader, f->arena);
}

/* ---- writing ---- */

static int hold(struct curb_tx *tx, const char *unit, int64_t day, uint32_t to)
{
	const struct span span = { 10, to };
	const struct presence_held held = { .unit = curb_id_of(curb_str(unit)),
		                            .play = { "play" },
		                            .day = day,
		                            .ranges = ranges_of(curb_tx_arena(tx), &span, 1) };
	return presence_held_save(&credit, tx, &ann, &class_id, &held);
}

static int say(struct curb_tx *tx, int64_t number, const char *modality)
{
	const struct presence_said said = { .number = number,
		                            .due_ms = 100 + number,
		                            .at_ms = 200 + number,
		                            .held_s = 300 + number,
		                            .granted_s = 400 + number,
		                            .unit = { "u1" },
		                            .by = { "staff" },
		                            .modality = curb_str(modality) };
	return presence_said_add(&credit, tx, &ann, &class_id, &said);
}

static int write_all(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = presence_save(&credit, tx, &ann, &class_id, &(struct presence){ .since_s = 5 });
	err = err ? err : presence_save(&credit, tx, &ann, &class_id, &armed);
	err = err ? err : hold(tx, "u2", 9, 20);
	err = err ? err : hold(tx, "u1", 9, 20);
	err = err ? err : hold(tx, "u3", 8, 20);
	err = err ? err : hold(tx, "u2", 9, 30); /* takes the place of the first */
	err = err ? err : say(tx, 1, PRESENCE_BUTTON);
	return err ? err : say(tx, 2, PRESENCE_FORM);
}

static int forget(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return presence_held_forget(&credit, tx, &ann, &class_id);
}

static void fill(struct fixture *f)
{
	assert_int_equal(write_fn(f, write_all, NULL), 0);
	change(f, "INSERT INTO credit_day (person, cohort, day, unit, played_s, granted_s, again_s, share_s, "
	          "hours_s, clock_s, undelivered_s, held_s) VALUES ('ann', 'class', 9, 'u1', 0, 0, 0, 0, 0, "
	          "0, 0, 30), ('ann', 'class', 9, 'u2', 0, 0, 0, 0, 0, 0, 0, 12)");
}

/* ---- what comes back ---- */

static void presence__comes_back_as_it_was_kept(void **state)
{
	struct presence read = { .since_s = 99 };
	fill(*state);
	assert_int_equal(presence_of(&credit, look(*state), &ann, &class_id, &read), 0);
	assert_int_equal(read.since_s, 1205);
	assert_int_equal(read.answered, 4);
	assert_string_equal(read.unit.text, "u2");
	assert_int_equal(read.chapter.from, 700);
	assert_int_equal(read.chapter.to, 1400);
	assert_int_equal(read.due_ms, 777);
	assert_int_equal(read.number, 2);
	assert_int_equal(presence_of(&credit, look(*state), &bob, &class_id, &read), 0);
	assert_int_equal(read.since_s + read.due_ms + read.answered, 0);
	assert_string_equal(read.unit.text, "");
}

static void presence__hours_that_wait_are_not_free(void **state)
{
	struct curb_str any = curb_str(""), here = curb_str("class"), elsewhere = curb_str("other");
	fill(*state);
	assert_int_equal(presence_check_free(&credit, look(*state), &ann, any), CURB_EUNFIT);
	assert_int_equal(presence_check_free(&credit, look(*state), &ann, here), CURB_EUNFIT);
	assert_int_equal(presence_check_free(&credit, look(*state), &ann, elsewhere), 0);
	assert_int_equal(presence_check_free(&credit, look(*state), &bob, any), 0);
	change(*state, "UPDATE credit_presence SET due_ms = 0");
	assert_int_equal(presence_check_free(&credit, look(*state), &ann, any), 0);
}

static void presence__what_waits_is_read_by_day_and_unit(void **state)
{
	static const struct {
		const char *unit;
		int64_t day;
		uint32_t to;
	} in_order[] = { { "u3", 8, 20 }, { "u1", 9, 20 }, { "u2", 9, 30 } };
	struct presence_held *held = NULL;
	size_t n = 0;
	int64_t held_s = 0;
	fill(*state);
	assert_int_equal(presence_held_of(&credit, look(*state), &ann, &class_id, &held, &n), 0);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(held[i].unit.text, in_order[i].unit);
		assert_string_equal(held[i].play.text, "play");
		assert_int_equal(held[i].day, in_order[i].day);
		assert_int_equal(held[i].ranges.count, 1);
		assert_int_equal(held[i].ranges.spans[0].from, 10);
		assert_int_equal(held[i].ranges.spans[0].to, in_order[i].to);
	}
	assert_int_equal(presence_held_s(&credit, look(*state), &ann, &class_id, &held_s), 0);
	assert_int_equal(held_s, 42);
	change(*state, "UPDATE credit_held SET ranges = x'80' WHERE unit = 'u1'");
	assert_int_equal(presence_held_of(&credit, look(*state), &ann, &class_id, &held, &n), CURB_EINTERNAL);
	assert_string_equal(curb_error_text(), "a stored set of seconds cannot be read");
	assert_int_equal(write_fn(*state, forget, NULL), 0);
	assert_int_equal(presence_held_of(&credit, look(*state), &ann, &class_id, &held, &n), 0);
	assert_int_equal(n, 0);
}

static void presence__answers_are_told_the_latest_first(void **state)
{
	struct presence_said *said = NULL;
	size_t n = 0;
	int64_t total = 0;
	fill(*state);
	assert_int_equal(presence_said_of(&credit, look(*state), &ann, &class_id, 1, &said, &n, &total), 0);
	assert_int_equal(n, 1);
	assert_int_equal(total, 2);
	assert_int_equal(said->number, 2);
	assert_string_equal(said->unit.text, "u1");
	assert_int_equal(said->due_ms, 102);
	assert_int_equal(said->at_ms, 202);
	assert_true(curb_str_is(said->modality, "form"));
	assert_string_equal(said->by.text, "staff");
	assert_int_equal(said->held_s, 302);
	assert_int_equal(said->granted_s, 402);
}

static void presence__who_waits_in_a_class_is_told_the_longest_wait_first(void **state)
{
	struct presence_waiting *waiting = NULL;
	size_t n = 0;
	fill(*state);
	change(*state, "INSERT INTO credit_presence (person, cohort, since_s, answered, unit, from_s, to_s, "
	               "due_ms) VALUES ('bob', 'class', 1, 0, 'u1', 0, 9, 555)");
	assert_int_equal(presence_waiting_of(&credit, look(*state), &class_id, &waiting, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(waiting[0].person.text, "bob");
	assert_int_equal(waiting[0].check, 1);
	assert_int_equal(waiting[0].held_s, 0);
	assert_true(curb_str_is(waiting[1].shown, "Ann"));
	assert_string_equal(waiting[1].unit.text, "u2");
	assert_int_equal(waiting[1].check, 5);
	assert_int_equal(waiting[1].due_ms, 777);
	assert_int_equal(waiting[1].held_s, 42);
	change(*state, "UPDATE credit_trainee SET left_ms = 1 WHERE person = 'bob'");
	assert_int_equal(presence_waiting_of(&credit, look(*state), &class_id, &waiting, &n), 0);
	assert_int_equal(n, 1);
}

/* ---- statements that fail ---- */

static int read_all(struct curb_tx *tx)
{
	struct presence presence;
	struct presence_held *held;
	struct presence_said *said;
	struct presence_waiting *waiting;
	size_t n;
	int64_t number;
	int err = presence_of(&credit, tx, &ann, &class_id, &presence);
	err = err ? err : presence_check_free(&credit, tx, &bob, curb_str(""));
	err = err ? err : presence_held_of(&credit, tx, &ann, &class_id, &held, &n);
	err = err ? err : presence_held_s(&credit, tx, &ann, &class_id, &number);
	err = err ? err : presence_said_of(&credit, tx, &ann, &class_id, 9, &said, &n, &number);
	return err ? err : presence_waiting_of(&credit, tx, &class_id, &waiting, &n);
}

static void presence__each_reading_that_fails_is_told(void **state)
{
	int good = 0;
	fill(*state);
	for (int err = CURB_EINTERNAL; err; good++) {
		struct curb_tx *tx = look(*state);
		broken_after(good);
		err = read_all(tx);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
	}
	assert_true(good > 15);
}

static void presence__what_cannot_be_kept_leaves_nothing(void **state)
{
	int good = 0;
	for (int err = CURB_EINTERNAL; err; good++) {
		broken_after(good);
		err = write_fn(*state, write_all, NULL);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
		assert_int_equal(
			read_int(*state, &credit_host, "SELECT count(*) FROM credit_presence", CURB_NO_BINDS),
			err ? 0 : 1);
	}
	assert_int_equal(good, 9); /* 8 statements */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown_fixture)
	const struct CMUnitTest tests[] = {
		TEST(presence__comes_back_as_it_was_kept),
		TEST(presence__hours_that_wait_are_not_free),
		TEST(presence__what_waits_is_read_by_day_and_unit),
		TEST(presence__answers_are_told_the_latest_first),
		TEST(presence__who_waits_in_a_class_is_told_the_longest_wait_first),
		TEST(presence__each_reading_that_fails_is_told),
		TEST(presence__what_cannot_be_kept_leaves_nothing),
	};
#undef TEST
	return cmocka_run_group_tests(tests, NULL, NULL);
}
