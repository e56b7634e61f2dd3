/* The ledger over a real database: what was appended is there whole or not at all, the tree is that of the entries, and
 * checkpoints never contradict each other. */
#include "entry.h"
#include "ledger_case.h"

static void ledger__entries_are_rows_and_leaves_of_one_tree(void **state)
{
	struct house *house = *state;
	struct merkle_hash root;
	static const int sizes[] = { 1, 2, 100, 153, 1, 600, 66000 };
	uint64_t size = 0;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		case_append_n(house, sizes[i]);
		size += (uint64_t)sizes[i];
		assert_true(case_tree(house, &root) == size);
	}
	case_restart(house);
	case_append_n(house, 3);
	assert_true(case_tree(house, &root) == size + 3);
}

static void ledger__an_entry_says_what_happened_and_not_to_whom(void **state)
{
	struct house *house = *state;
	case_append_n(house, 2);
	struct job other_person = { .count = 1, .err_at = -1, .person = "person-2" },
		   nobody = { .count = 1, .err_at = -1 };
	assert_int_equal(case_append(house, &other_person), 0);
	assert_int_equal(case_append(house, &nobody), 0);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct entry_fact facts[4][ENTRY_FACTS];
	size_t n[4];
	struct curb_tx *tx = case_look(house);
	assert_int_equal(curb_query(&ledger_host, tx, "SELECT body FROM ledger_entry ORDER BY n",
	                            CURB_NO_BINDS, &stmt),
	                 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(curb_step(stmt), 1);
		struct curb_str body = curb_dup(house->f.arena, curb_col_blob(stmt, 0));
		assert_null(memmem(body.ptr, body.len, "person-", 7));
		assert_int_equal(entry_read(body, facts[i], &n[i]), 0);
		assert_int_equal(entry_find(facts[i], n[i], "v")->number, 1);
		assert_true(entry_find(facts[i], n[i], "at")->number == 1763799960000);
		assert_true(curb_str_is(entry_find(facts[i], n[i], "kind")->bytes, "online"));
		assert_true(curb_str_is(entry_find(facts[i], n[i], "unit")->bytes, "u1"));
		assert_int_equal(entry_find(facts[i], n[i], "salt")->bytes.len, 32);
	}
	assert_int_equal(entry_find(facts[1], n[1], "granted")->number, 1);
	struct curb_str sub = entry_find(facts[0], n[0], "sub")->bytes;
	assert_int_equal(sub.len, 16);
	assert_true(curb_str_eq(sub, entry_find(facts[0], n[0], "by")->bytes));
	assert_true(curb_str_eq(sub, entry_find(facts[1], n[1], "sub")->bytes));
	assert_false(curb_str_eq(sub, entry_find(facts[2], n[2], "sub")->bytes));
	assert_null(entry_find(facts[3], n[3], "sub"));
	assert_false(curb_str_eq(entry_find(facts[0], n[0], "salt")->bytes,
	                         entry_find(facts[1], n[1], "salt")->bytes));
}

static void ledger__what_fails_leaves_nothing(void **state)
{
	struct house *house = *state;
	struct merkle_hash before, after;
	case_append_n(house, 300);
	(void)case_tree(house, &before);
	struct job failing = { .count = 50, .err_at = 20 };
	assert_int_equal(case_append(house, &failing), CURB_EUNFIT);
	assert_true(case_tree(house, &after) == 300);
	assert_true(merkle_same(&before, &after));
	case_append_n(house, 1);
	assert_int_equal(case_append(house, &failing), CURB_EUNFIT);
	case_append_n(house, 2);
	assert_true(case_tree(house, &after) == 303);
}

static int break_rows(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&ledger_host, tx, "UPDATE ledger_entry SET body = x'00' WHERE n = 0", CURB_NO_BINDS,
	                 NULL);
}

static int delete_rows(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&ledger_host, tx, "DELETE FROM ledger_entry WHERE n = 0", CURB_NO_BINDS, NULL);
}

static void ledger__entries_are_neither_changed_nor_deleted(void **state)
{
	struct house *house = *state;
	struct merkle_hash root;
	case_append_n(house, 5);
	assert_true(write_fn(&house->f, break_rows, NULL) < 0);
	assert_true(write_fn(&house->f, delete_rows, NULL) < 0);
	case_append_n(house, 5);
	assert_true(case_tree(house, &root) == 10);
}

static void ledger__a_checkpoint_has_the_root_of_the_entries_and_outlives_the_process(void **state)
{
	struct house *house = *state;
	struct merkle_hash root;
	struct checkpoint checkpoint = case_signed(house);
	assert_true(checkpoint.size == 0);
	case_append_n(house, 700);
	(void)case_tree(house, &root);
	checkpoint = case_signed(house);
	assert_true(checkpoint.size == 700 && merkle_same(&checkpoint.root, &root));
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_true(shown.note.len > 0 && shown.size == 700);
	case_append_n(house, 1);
	struct checkpoint later = case_signed(house);
	struct merkle_proof proof;
	const struct merkle_source source = { ledger_tile_hash, case_look(house) };
	assert_int_equal(merkle_consistency(&source, 700, 701, &proof), 0);
	assert_true(merkle_consistency_holds(700, &checkpoint.root, 701, &later.root, &proof));
}

static void ledger__closing_signs_the_last_entries(void **state)
{
	struct house *house = *state;
	case_append_n(house, 5);
	case_restart(house);
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size == 5);
}

static void ledger__a_checkpoint_that_cannot_be_kept_is_not_shown(void **state)
{
	struct house *house = *state;
	case_append_n(house, 3);
	(void)case_signed(house);
	case_append_n(house, 3);
	char *real = strdup(house->ledger->folder);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "/nowhere");
	assert_int_equal(ledger_sign(house->ledger), CURB_EINTERNAL);
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size == 3);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "%s", real);
	free(real);
	assert_true(case_signed(house).size == 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ledger__entries_are_rows_and_leaves_of_one_tree),
		TEST(ledger__an_entry_says_what_happened_and_not_to_whom),
		TEST(ledger__what_fails_leaves_nothing),
		TEST(ledger__entries_are_neither_changed_nor_deleted),
		TEST(ledger__a_checkpoint_has_the_root_of_the_entries_and_outlives_the_process),
		TEST(ledger__closing_signs_the_last_entries),
		TEST(ledger__a_checkpoint_that_cannot_be_kept_is_not_shown),
	};
#undef TEST
	return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
