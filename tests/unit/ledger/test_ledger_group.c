/* Entries of several functions in one transaction, of which one fails. */
#include <semaphore.h>

#include "ledger_case.h"

struct hold {
	sem_t entered, go;
};

static int hold_writer(struct curb_tx *tx, void *arg)
{
	struct hold *hold = arg;
	(void)tx;
	(void)sem_post(&hold->entered);
	(void)sem_wait(&hold->go);
	return 0;
}

static void nothing(void *arg)
{
	(void)arg;
}

/* Waits for a part that is not there: found at the commit, which ends the whole transaction. */
static int append_and_dangle(struct curb_tx *tx, void *arg)
{
	int err = append_fn(tx, arg);
	return err ? err :
	             curb_exec(&shop, tx, "INSERT INTO shop_part (id, thing) VALUES ('p', 'none')",
	                       CURB_NO_BINDS, NULL);
}

/* good, bad, good in one group; the good ones are there afterwards, and nothing of the bad one. */
static void group_with(struct house *house, curb_write_fn bad, struct job *failing)
{
	struct hold hold;
	struct job before = { .count = 130, .err_at = -1 }, after = { .count = 140, .err_at = -1 };
	struct merkle_hash root;
	uint64_t size = case_tree(house, &root);
	(void)sem_init(&hold.entered, 0, 0);
	(void)sem_init(&hold.go, 0, 0);
	assert_int_equal(store_write_later(house->f.store, hold_writer, &hold, nothing), 0);
	(void)sem_wait(&hold.entered);
	assert_int_equal(store_write_later(house->f.store, append_fn, &before, nothing), 0);
	assert_int_equal(store_write_later(house->f.store, bad, failing, nothing), 0);
	assert_int_equal(store_write_later(house->f.store, append_fn, &after, nothing), 0);
	(void)sem_post(&hold.go);
	case_append_n(house, 1); /* behind them all */
	assert_true(before.runs > 1 && failing->runs > 1);
	assert_true(case_tree(house, &root) == size + 130 + 140 + 1);
	assert_int_equal(before.last - before.first, 129);
	assert_int_equal(after.first, before.last + 1);
	(void)sem_destroy(&hold.entered);
	(void)sem_destroy(&hold.go);
}

static void group__what_fails_in_it_leaves_nothing_and_harms_nobody(void **state)
{
	struct house *house = *state;
	struct job failing = { .count = 50, .err_at = 20 }, dangling = { .count = 50, .err_at = -1 };
	case_append_n(house, 200);
	group_with(house, append_fn, &failing);
	failing.runs = 0;
	case_append_n(house, 3); /* with savepoints still */
	group_with(house, append_and_dangle, &dangling);
	case_restart(house);
	case_append_n(house, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(group__what_fails_in_it_leaves_nothing_and_harms_nobody,
		                                case_setup, case_teardown),
	};
	return cmocka_run_group_tests_name("ledger_group", tests, NULL, NULL);
}
