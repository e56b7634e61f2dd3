#include "credit_embedded.h"
#include "helper.h"

static struct curb_host credit = { .magic = CURB_HOST_MAGIC, .owner = "credit" };

static int setup_entries(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	return err ? err : store_migrate(f->store, &credit, credit_migrations);
}

static int add_entry(struct fixture *f, const char *verb, const char *id, int64_t seq, int64_t granted_s)
{
	char sql[512];
	(void)snprintf(
		sql, sizeof sql,
		"%s INTO credit_entry (id, kind, at_ms, day, person, cohort, unit, version, play, seq, "
		"played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s, actor) "
		"VALUES ($1, 'online', 1, 1, 'p', 'c', 'u', 'v', 'play', $2, $3, $3, 0, 0, 0, 0, 0, 'p')",
		verb);
	return write_sql(f, &credit, sql,
	                 CURB_BINDS(curb_text(curb_str(id)), curb_int(seq), curb_int(granted_s)));
}

static int64_t sum_of(struct fixture *f)
{
	return read_int(f, &credit, "SELECT sum(granted_s) FROM credit_entry", NULL);
}

static void entries__are_added_and_never_changed(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_entry(f, "INSERT", "a", 0, 10), 0);
	assert_int_equal(add_entry(f, "INSERT", "b", 1, 5), 0);
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
	assert_int_equal(add_entry(f, "INSERT", "a", 0, 10), 0);
	assert_int_not_equal(add_entry(f, "INSERT OR REPLACE", "a", 7, 99), 0);
	assert_int_not_equal(add_entry(f, "INSERT OR REPLACE", "b", 0, 99), 0);
	assert_int_equal(sum_of(f), 10);
}

static void entries__are_closed_to_other_plugins(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_entry(f, "INSERT", "a", 0, 10), 0);
	assert_int_not_equal(write_sql(f, &shop, "UPDATE credit_entry SET seq = $1", CURB_BINDS(curb_int(9))),
	                     0);
	assert_int_equal(sum_of(f), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(entries__are_added_and_never_changed, setup_entries,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(entries__are_not_replaced, setup_entries, teardown_fixture),
		cmocka_unit_test_setup_teardown(entries__are_closed_to_other_plugins, setup_entries,
		                                teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
