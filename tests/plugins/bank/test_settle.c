/* What certificates bring to an account, whatever order one learns of them in: the rules with the rows and the ledger. */
#include "curb/err.h"
#include "house.h"

/* ---- settling ---- */

static void credits__are_rounded_down(void **state)
{
	(void)state;
	assert_int_equal(deposit_credits_c(4000, 625), 250);
	assert_int_equal(deposit_credits_c(10, 6250), 6);
	assert_int_equal(deposit_credits_c(1, 9999), 0);
	assert_int_equal(deposit_credits_c(1, 10000), 1);
	assert_int_equal(deposit_credits_c(10000000, 100000), 100000000);
}

static void settle__brings_once(void **state)
{
	struct house *house = *state;
	assert_int_equal(settle(house), 0);
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(settle(house), 250);
	assert_int_equal(lines(house), 1);
	house->rule.value = 1250; /* a later rule changes nothing that was brought */
	assert_int_equal(settle(house), 250);
	assert_int_equal(findings(house), 0);
}

static void settle__without_a_rule_brings_nothing(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	house->rule.value = POLICY_LESS;
	assert_int_equal(settle(house), 0);
	house->rule.value = 0;
	assert_int_equal(settle(house), 0);
	house->rule.value = 1;
	house->held.hours_c = 9999; /* less than a hundredth of a credit */
	assert_int_equal(settle(house), 0);
	assert_int_equal(lines(house), 0);
	house->held.hours_c = 10000;
	assert_int_equal(settle(house), 1);
}

static void settle__takes_back_what_a_withdrawn_one_brought(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	hold(house, "", 0);
	assert_int_equal(settle(house), 0);
	assert_int_equal(settle(house), 0);
	assert_int_equal(lines(house), 2);
	hold(house, "c2", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(lines(house), 3);
	assert_int_equal(findings(house), 0);
}

static void settle__another_name_changes_nothing(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	hold(house, "c2", 4000);
	house->rule.value = 1250;
	assert_int_equal(settle(house), 250);
	assert_int_equal(lines(house), 1);
}

static void settle__one_with_other_hours_brings_its_own(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	hold(house, "c2", 3200);
	assert_int_equal(settle(house), 200);
	assert_int_equal(lines(house), 3);
	assert_int_equal(findings(house), 0);
}

/* ---- what the doctor finds ---- */

static void doctor__finds_an_account_that_is_not_that_of_the_entries(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	assert_int_equal(write_sql(&house->f, &bank_host, "UPDATE bank_account SET credits_c = 251", NULL),
	                 0);
	assert_int_equal(findings(house), 1);
	assert_int_equal(write_sql(&house->f, &bank_host, "UPDATE bank_account SET credits_c = 250", NULL),
	                 0);
	assert_int_equal(findings(house), 0);
	assert_int_equal(write_sql(&house->f, &bank_host, "DELETE FROM bank_account", NULL), 0);
	assert_int_equal(findings(house), 1);
	assert_int_equal(write_sql(&house->f, &bank_host,
	                           "INSERT INTO bank_account (person, credits_c) VALUES ('person', 250), "
	                           "('stranger', 1)",
	                           NULL),
	                 0);
	assert_int_equal(findings(house), 1);
}

static void doctor__finds_lines_without_entries_and_entries_without_lines(void **state)
{
	struct house *house = *state;
	hold(house, "c1", 4000);
	assert_int_equal(settle(house), 250);
	static const char *const changes[] = { "UPDATE bank_line SET credits_c = 1",
		                               "DELETE FROM bank_line" };
	for (size_t i = 0; i < 2; i++)
		assert_int_not_equal(write_sql(&house->f, &bank_host, changes[i], NULL), 0);
	assert_int_equal(
		write_sql(&house->f, &bank_host,
	                  "INSERT INTO bank_line (id, deposit, kind, credits_c, at_ms, entry) SELECT "
	                  "'x', id, 'deposit', 5, 1, 99 FROM bank_deposit",
	                  NULL),
		0);
	assert_int_equal(findings(house), 1);
	assert_int_equal(
		write_sql(&house->f, &bank_host, "UPDATE bank_deposit SET holder = 'stranger'", NULL), 0);
	assert_int_equal(findings(house), 2);
	assert_int_equal(
		write_sql(&house->f, &bank_host, "UPDATE bank_deposit SET person = 'stranger'", NULL), 0);
	assert_int_equal(findings(house), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(credits__are_rounded_down),
		TEST(settle__brings_once),
		TEST(settle__without_a_rule_brings_nothing),
		TEST(settle__takes_back_what_a_withdrawn_one_brought),
		TEST(settle__another_name_changes_nothing),
		TEST(settle__one_with_other_hours_brings_its_own),
		TEST(doctor__finds_an_account_that_is_not_that_of_the_entries),
		TEST(doctor__finds_lines_without_entries_and_entries_without_lines),
	};
	return cmocka_run_group_tests_name("settle", tests, NULL, NULL);
}
