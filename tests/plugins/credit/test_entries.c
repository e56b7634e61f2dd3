#include "credit_embedded.h"
#include "helper.h"

static struct curb_host credit = { .magic = CURB_HOST_MAGIC, .owner = "credit" };

static int setup_entries(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	return err ? err : store_migrate(f->store, &credit, credit_migrations);
}

static int add_entry(struct fixture *f, const char *verb, int64_t n, int64_t seq, int64_t granted_s)
{
	char sql[512];
	(void)snprintf(
		sql, sizeof sql,
		"%s INTO credit_entry (n, kind, at_ms, day, person, cohort, unit, version, play, seq, "
		"played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s, actor) "
		"VALUES ($1, 'online', 1, 1, 'p', 'c', 'u', 'v', 'play', $2, $3, $3, 0, 0, 0, 0, 0, 'p')",
		verb);
	return write_sql(f, &credit, sql, CURB_BINDS(curb_int(n), curb_int(seq), curb_int(granted_s)));
}

static int64_t sum_of(struct fixture *f)
{
	return read_int(f, &credit, "SELECT sum(granted_s) FROM credit_entry", NULL);
}

static void entries__are_added_and_never_changed(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_entry(f, "INSERT", 1, 0, 10), 0);
	assert_int_equal(add_entry(f, "INSERT", 2, 1, 5), 0);
	static const char *const changes[] = {
		"UPDATE credit_entry SET granted_s = $1",
		"DELETE FROM credit_entry WHERE granted_s > $1",
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		assert_int_not_equal(write_sql(f, &credit, changes[i], CURB_BINDS(curb_int(0))), 0);
	assert_int_equal(sum_of(f), 15);
}

static void entries__are_not_replaced(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_entry(f, "INSERT", 1, 0, 10), 0);
	assert_int_not_equal(add_entry(f, "INSERT OR REPLACE", 1, 7, 99), 0);
	assert_int_equal(sum_of(f), 10);
}

static void entries__are_closed_to_other_plugins(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_entry(f, "INSERT", 1, 0, 10), 0);
	assert_int_not_equal(write_sql(f, &shop, "UPDATE credit_entry SET seq = $1", CURB_BINDS(curb_int(9))),
	                     0);
	assert_int_equal(sum_of(f), 10);
}

static int setup_before_days(void **state)
{
	struct curb_migration first[] = { credit_migrations[0], { 0 } };
	int err = setup_fixture(state);
	struct fixture *f = *state;
	return err ? err : store_migrate(f->store, &credit, first);
}

static int add_old_entry(struct fixture *f, const char *id, int64_t day, int64_t seq, int64_t granted_s)
{
	return write_sql(
		f, &credit,
		"INSERT INTO credit_entry (id, kind, at_ms, day, person, cohort, unit, version, play, seq, "
		"played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s, actor) "
		"VALUES ($1, 'online', 1, $2, 'p', 'c', 'u', 'v', 'play', $3, $4 + 1, $4, 1, 0, 0, 0, 0, "
		"'p')",
		CURB_BINDS(curb_text(curb_str(id)), curb_int(day), curb_int(seq), curb_int(granted_s)));
}

static void entries__written_before_days_were_summed_are_kept(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_old_entry(f, "b", 1, 1, 5), 0);
	assert_int_equal(add_old_entry(f, "a", 1, 0, 10), 0);
	assert_int_equal(add_old_entry(f, "c", 2, 2, 7), 0);
	assert_int_equal(store_migrate(f->store, &credit, credit_migrations), 0);
	assert_int_equal(sum_of(f), 22);
	assert_int_equal(read_int(f, &credit, "SELECT granted_s FROM credit_entry ORDER BY n LIMIT 1", NULL),
	                 10);
	static const char sql[] = "SELECT played_s * 100 + granted_s FROM credit_day "
				  "WHERE person = 'p' AND cohort = 'c' AND unit = 'u' AND day = $1";
	assert_int_equal(read_int(f, &credit, sql, CURB_BINDS(curb_int(1))), 1715);
	assert_int_equal(read_int(f, &credit, sql, CURB_BINDS(curb_int(2))), 807);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries__are_added_and_never_changed, setup_entries,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(entries__are_not_replaced, setup_entries, teardown_fixture),
		cmocka_unit_test_setup_teardown(entries__written_before_days_were_summed_are_kept,
		                                setup_before_days, teardown_fixture),
		cmocka_unit_test_setup_teardown(entries__are_closed_to_other_plugins, setup_entries,
		                                teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
