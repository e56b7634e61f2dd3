/* Entries of a person who is erased lose their bodies, wherever it is broken off; the tree stays. */
#include "erase.h"

#include "ledger_case.h"
#include "verify.h"

static int count_people(void *arg, const struct curb_recorded *entry)
{
	((int *)arg)[entry->person.text[0] ? entry->person.text[7] - '0' : 0]++;
	return 0;
}

static void fill(struct house *house, int rounds)
{
	static const char *const people[] = { "person-1", "person-2" };
	for (int i = 0; i < rounds; i++) {
		struct job job = { .count = 3, .err_at = -1, .person = people[i % 2] };
		assert_int_equal(case_append(house, &job), 0);
	}
}

static int forget_fn(struct curb_tx *tx, void *person)
{
	return ledger_forget(tx, person);
}

static void forget(struct house *house, const char *person)
{
	struct curb_id id = { "" };
	memcpy(id.text, person, strlen(person));
	assert_int_equal(write_fn(&house->f, forget_fn, &id), 0);
}

static int erase_fn(struct curb_tx *tx, void *found)
{
	return ledger_erase(tx, found);
}

static int end_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return ledger_forget_end(tx);
}

static int tell_fn(struct curb_tx *tx, void *more)
{
	return ledger_tell_erased(tx, more);
}

/* True once there is no more. */
static bool erase_some(struct house *house, struct ledger_found *found)
{
	assert_int_equal(ledger_find_forgotten(case_look(house), found->next, found), 0);
	assert_int_equal(write_fn(&house->f, erase_fn, found), 0);
	return found->end;
}

static void tell_all(struct house *house)
{
	bool more = true;
	while (more)
		assert_int_equal(write_fn(&house->f, tell_fn, &more), 0);
}

static void erase__destroys_the_bodies_of_one_person_alone_and_tells_of_it(void **state)
{
	struct house *house = *state;
	int counts[4] = { 0 };
	struct ledger_found found = { .next = 0 };
	struct verify_result result = { 0 };
	fill(house, 6);
	const struct checkpoint before = case_signed(house);
	forget(house, "person-1");
	assert_int_equal(curb_ledger_each(case_look(house), count_people, counts), 0);
	assert_int_equal(counts[1], 0); /* as good as erased at once */
	assert_int_equal(counts[2], 9);
	assert_true(erase_some(house, &found));
	assert_int_equal(found.n, 9);
	assert_int_equal(write_fn(&house->f, end_fn, NULL), 0);
	tell_all(house);

	const struct curb_fact *facts = NULL;
	size_t n = 0;
	assert_int_equal(curb_ledger_read(case_look(house), 0, &facts, &n), CURB_EGONE);
	assert_int_equal(curb_ledger_read(case_look(house), 3, &facts, &n), 0);
	assert_int_equal(curb_ledger_read(case_look(house), 18, &facts, &n), 0);
	assert_true(curb_str_is(curb_fact_find(facts, n, "kind")->text, "erase"));
	assert_true(curb_str_is(curb_fact_find(facts, n, "entries")->text, "0-2 6-8 12-14"));
	assert_int_equal(curb_fact_find(facts, n, "count")->number, 9);
	const struct checkpoint after = case_signed(house);
	assert_int_equal(after.size, before.size + 1);
	const struct verify_call call = { .found = NULL };
	assert_int_equal(ledger_examine(house->ledger, &call, &result), 0);
	assert_int_equal(result.erased, 9);
	assert_int_equal(result.wrong, 0);
}

static void erase__goes_on_where_it_was_broken_off(void **state)
{
	struct house *house = *state;
	struct ledger_found found = { .next = 0 };
	struct job many = { .count = LEDGER_ERASED_AT_ONCE + 5, .err_at = -1, .person = "person-1" };
	assert_int_equal(case_append(house, &many), 0);
	fill(house, 2);
	forget(house, "person-1");
	assert_false(erase_some(house, &found));
	assert_int_equal(found.n, LEDGER_ERASED_AT_ONCE);
	case_restart(house);
	found = (struct ledger_found){ .next = 0 };
	assert_true(erase_some(house, &found));
	assert_int_equal(found.n, 5 + 3);
	assert_int_equal(write_fn(&house->f, end_fn, NULL), 0);
	case_restart(house);
	tell_all(house); /* two entries: one has room for so many places */
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	int64_t last = LEDGER_ERASED_AT_ONCE + 5 + 6;
	assert_int_equal(curb_ledger_read(case_look(house), last, &facts, &n), 0);
	assert_true(curb_str_is(curb_fact_find(facts, n, "entries")->text, "0-399"));
	assert_int_equal(curb_ledger_read(case_look(house), last + 1, &facts, &n), 0);
	assert_true(curb_str_is(curb_fact_find(facts, n, "entries")->text, "400-407"));
	assert_int_equal(curb_ledger_read(case_look(house), last + 2, &facts, &n), CURB_ENOTFOUND);
}

static void erase__of_nobody_finds_nothing(void **state)
{
	struct house *house = *state;
	struct ledger_found found = { .next = 0 };
	fill(house, 2);
	forget(house, "person-9");
	assert_true(erase_some(house, &found));
	assert_int_equal(found.n, 0);
	bool more = true;
	assert_int_equal(write_fn(&house->f, tell_fn, &more), 0);
	assert_false(more);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(erase__destroys_the_bodies_of_one_person_alone_and_tells_of_it),
		TEST(erase__goes_on_where_it_was_broken_off),
		TEST(erase__of_nobody_finds_nothing),
	};
#undef TEST
	return cmocka_run_group_tests_name("erase", tests, NULL, NULL);
}
