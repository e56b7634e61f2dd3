/* Entries of the time before the ledger are carried into it once, in their order. */
#include "curb/cleanup.h"
#include "entry.h"
#include "house.h"

static int add_rows(struct curb_tx *tx, void *arg)
{
	const int64_t *range = arg;
	for (int64_t n = range[0]; n < range[1]; n++) {
		static const char sql[] =
			"INSERT INTO credit_entry (n, kind, at_ms, day, person, cohort, unit, version, play, "
			"seq, "
			"played_s, granted_s, again_s, share_s, hours_s, clock_s, undelivered_s, actor) "
			"VALUES ($1, 'online', $1 * 60000 + 59999, 20000, 'p', 'c', 'u', 'v', 'play', $1 + "
			"7, 9, 4, "
			"1, 1, 1, 1, 1, 'p')";
		int err = curb_exec(&credit_host, tx, sql, CURB_BINDS(curb_int(n)), NULL);
		if (err)
			return err;
	}
	return 0;
}

static void add(struct house *house, int64_t from, int64_t to)
{
	assert_int_equal(write_fn(&house->f, add_rows, (int64_t[]){ from, to }), 0);
}

static int64_t count(struct house *house)
{
	return read_int(&house->f, &ledger_host, "SELECT count(*) FROM ledger_entry", NULL);
}

static void carry__takes_old_entries_once_and_in_their_order(void **state)
{
	struct house *house = *state;
	add(house, 1, 1000);
	assert_int_equal(credit_carry(&house->credit), 0);
	assert_int_equal(count(house), 999);
	assert_int_equal(credit_carry(&house->credit), 0);
	assert_int_equal(count(house), 999);
	add(house, 1000, 1003); /* of a start that broke off */
	assert_int_equal(credit_carry(&house->credit), 0);
	assert_int_equal(count(house), 1002);

	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(curb_query(&ledger_host, tx, "SELECT body FROM ledger_entry ORDER BY n",
	                            CURB_NO_BINDS, &stmt),
	                 0);
	for (int64_t n = 1; n < 1003; n++) {
		struct entry_fact facts[ENTRY_FACTS];
		size_t facts_n;
		assert_int_equal(curb_step(stmt), 1);
		assert_int_equal(entry_read(curb_col_blob(stmt, 0), facts, &facts_n), 0);
		assert_int_equal(entry_find(facts, facts_n, "at")->number, n * 60000);
		assert_int_equal(entry_find(facts, facts_n, "key")->bytes.len, 16);
		assert_int_equal(entry_find(facts, facts_n, "played")->number, 9);
		assert_int_equal(entry_find(facts, facts_n, "granted")->number, 4);
		assert_true(curb_str_is(entry_find(facts, facts_n, "cohort")->bytes, "c"));
	}
}

static void carry__of_a_new_server_does_nothing(void **state)
{
	struct house *house = *state;
	assert_int_equal(credit_carry(&house->credit), 0);
	assert_int_equal(count(house), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(carry__takes_old_entries_once_and_in_their_order, house_setup,
		                                house_teardown),
		cmocka_unit_test_setup_teardown(carry__of_a_new_server_does_nothing, house_setup,
		                                house_teardown),
	};
	return cmocka_run_group_tests_name("carry", tests, NULL, NULL);
}
