/* Reading the ledger back: every entry with its person, and whether all of it is as it was signed. */
#include <stdio.h>

#include "ledger_case.h"
#include "verify.h"

struct seen {
	int64_t n, sum;
	int stop_at;
	const char *person;
};

static int note(void *arg, const struct curb_recorded *entry)
{
	struct seen *seen = arg;
	assert_int_equal(entry->index, seen->n);
	assert_true(curb_str_is(curb_fact_find(entry->facts, entry->fact_count, "kind")->text, "online"));
	assert_string_equal(entry->person.text, seen->person);
	assert_string_equal(entry->by.text, seen->person);
	assert_true(curb_str_is(curb_fact_find(entry->facts, entry->fact_count, "unit")->text, "u1"));
	assert_null(curb_fact_find(entry->facts, entry->fact_count, "salt"));
	seen->sum += curb_fact_find(entry->facts, entry->fact_count, "granted")->number;
	return ++seen->n == seen->stop_at ? curb_fail(CURB_EFULL, "enough") : 0;
}

static void each__tells_every_entry_with_its_person(void **state)
{
	struct house *house = *state;
	struct seen seen = { .person = "person-1" };
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), 0);
	assert_int_equal(seen.n, 0);
	case_append_n(house, 300);
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), 0);
	assert_int_equal(seen.n, 300);
	assert_int_equal(seen.sum, 299 * 300 / 2);
	seen = (struct seen){ .person = "person-1", .stop_at = 7 };
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), CURB_EFULL);
	assert_int_equal(seen.n, 7);
}

static void each__refuses_entries_that_are_not_those_that_were_signed(void **state)
{
	struct house *house = *state;
	struct seen seen = { .person = "person-1" };
	case_append_n(house, 20);
	(void)case_signed(house);
	case_change(house, "DROP TRIGGER ledger_entry_stays");
	case_change(house,
	            "UPDATE ledger_entry SET body = (SELECT body FROM ledger_entry WHERE n = 4) WHERE n = 5");
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "entry 5 "));
	assert_int_equal(seen.n, 5);
	case_change(house, "UPDATE ledger_tile SET hashes = CAST (substr(hashes, 1, 160) || substr(hashes, "
	                   "129, 32) || substr(hashes, 193) AS BLOB)");
	seen = (struct seen){ .person = "person-1" };
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "not those that were signed"));
	case_change(house, "DROP TRIGGER ledger_entry_kept");
	case_change(house, "DELETE FROM ledger_entry WHERE n = 2");
	seen = (struct seen){ .person = "person-1" };
	assert_int_equal(curb_ledger_each(case_look(house), note, &seen), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "entry 3 "));
}

static int count_people(void *arg, const struct curb_recorded *entry)
{
	((int *)arg)[entry->person.text[0] ? entry->person.text[7] - '0' : 0]++;
	return 0;
}

static void each__knows_many_people_and_nobody(void **state)
{
	struct house *house = *state;
	static const char *const people[] = { "person-1", "person-2", "person-3" };
	int counts[4] = { 0 };
	for (int i = 0; i < 9; i++) {
		struct job job = { .count = i + 1, .err_at = -1, .person = people[i % 3] };
		assert_int_equal(case_append(house, &job), 0);
	}
	struct job nobody = { .count = 2, .err_at = -1 };
	assert_int_equal(case_append(house, &nobody), 0);
	assert_int_equal(curb_ledger_each(case_look(house), count_people, counts), 0);
	assert_int_equal(counts[0], 2);
	assert_int_equal(counts[1], 1 + 4 + 7);
	assert_int_equal(counts[2], 2 + 5 + 8);
	assert_int_equal(counts[3], 3 + 6 + 9);
}

static void each__leaves_erased_bodies_out_and_refuses_broken_ones(void **state)
{
	struct house *house = *state;
	int counts[4] = { 0 };
	case_append_n(house, 10);
	case_change(house, "UPDATE ledger_entry SET body = NULL WHERE n = 4");
	assert_int_equal(curb_ledger_each(case_look(house), count_people, counts), 0);
	assert_int_equal(counts[1], 9);
	case_change(house, "DROP TRIGGER ledger_entry_stays");
	case_change(house, "UPDATE ledger_entry SET body = x'a0' WHERE n = 6");
	assert_int_equal(curb_ledger_each(case_look(house), count_people, counts), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "entry 6"));
}

struct told {
	int n;
	char last[200];
};

static void note_text(void *arg, const char *text)
{
	struct told *told = arg;
	told->n++;
	(void)snprintf(told->last, sizeof told->last, "%s", text);
}

static int examine(struct house *house, struct told *told, uint64_t *ret_size)
{
	const struct verify_call call = { .found = note_text, .arg = told };
	struct verify_result result = { .size = 99 };
	*told = (struct told){ 0 };
	int err = ledger_examine(house->ledger, &call, &result);
	*ret_size = result.size;
	return err;
}

static void examine__looks_at_every_entry_and_hash(void **state)
{
	struct house *house = *state;
	struct told told;
	uint64_t size;
	assert_int_equal(examine(house, &told, &size), 0);
	assert_true(size == 0);
	case_append_n(house, 600);
	assert_int_equal(examine(house, &told, &size), 0);
	assert_true(size == 600 && told.n == 0); /* it signed them first */

	char path[600];
	(void)snprintf(path, sizeof path, "%s/checkpoint", house->folder);
	CURB_AUTO(file) FILE *file = fopen(path, "r+");
	assert_true(file && fputc('#', file) == '#' && fflush(file) == 0);
	assert_int_equal(examine(house, &told, &size), CURB_EUNFIT);
	assert_true(told.n == 1 && size == 600);
	assert_string_equal(told.last, "the file of the last checkpoint is not as it was signed");
	case_append_n(house, 1); /* the next one is written whole */
	assert_int_equal(examine(house, &told, &size), 0);

	case_change(house, "DROP TRIGGER ledger_entry_stays");
	case_change(
		house,
		"UPDATE ledger_entry SET body = (SELECT body FROM ledger_entry WHERE n = 3) WHERE n = 300");
	assert_int_equal(examine(house, &told, &size), CURB_EUNFIT);
	assert_int_equal(told.n, 1);
	assert_string_equal(told.last, "entry 300 is not the one that was signed");
	case_change(house,
	            "UPDATE ledger_tile SET hashes = CAST (substr(hashes, 33) || substr(hashes, 1, 32) AS "
	            "BLOB) WHERE level = 1");
	assert_int_equal(examine(house, &told, &size), CURB_EUNFIT);
	assert_int_equal(told.n, 2);
	assert_string_equal(told.last, "tile 1/0 is not that of the entries");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each__tells_every_entry_with_its_person),
		TEST(each__refuses_entries_that_are_not_those_that_were_signed),
		TEST(each__knows_many_people_and_nobody),
		TEST(each__leaves_erased_bodies_out_and_refuses_broken_ones),
		TEST(examine__looks_at_every_entry_and_hash),
	};
	return cmocka_run_group_tests_name("ledger_look", tests, NULL, NULL);
}
