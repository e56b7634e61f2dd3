/* Records that were told and are no more: of who left a roster, and of who was erased. */
#include "office_case.h"

/* Taken off the roster: told once, and again with everything anew; back on it she is told as before. */
static void bug_off_the_roster__is_told_to_be_gone(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	assert_int_equal(read_back(office, &records), 3);
	struct curb_str person = records[1].person;
	char hers[RECORD_PERSON];
	memcpy(hers, person.ptr, sizeof hers);
	school.without = 1;
	assert_int_equal(tell(office), 1);
	assert_int_equal(read_back(office, &records), 1);
	assert_true(record_gone(&records[0]));
	assert_memory_equal(records[0].person.ptr, hers, sizeof hers);
	assert_int_equal(tell(office), 0);
	assert_int_equal(look(office, true), 0);
	assert_int_equal(office->collected.n, 3);
	school.without = MEMBERS_MOST;
	assert_int_equal(tell(office), 1);
	assert_int_equal(read_back(office, &records), 1);
	assert_false(record_gone(&records[0]));
}

/* Who makes a bundle of one institution says nothing of the classes of another. */
static void gone__of_other_classes_is_not_told(void **state)
{
	struct office *office = *state;
	assert_int_equal(tell(office), 3);
	school.without = 1;
	school.institution = id_of(7);
	assert_int_equal(tell(office), 0);
	school.institution = office_institution;
	assert_int_equal(tell(office), 1);
}

/* Before everybody was met nobody is taken for gone; then it is told in the next one. */
static void gone__is_told_when_all_else_is(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	school.members = BUNDLE_RECORDS + 3;
	assert_int_equal(tell(office), BUNDLE_RECORDS);
	assert_int_equal(tell(office), 3);
	school.without = 1;
	school.counted_s = 61;
	assert_int_equal(tell(office), BUNDLE_RECORDS);
	assert_true(office->collected.more);
	assert_int_equal(tell(office), 3);
	assert_int_equal(read_back(office, &records), 3);
	assert_true(record_gone(&records[2]));
	assert_int_equal(tell(office), 0);
}

static int erase_first(struct curb_tx *tx, void *arg)
{
	struct office *office = arg;
	struct curb_erasure_part part = exchange_erasure_part(&office->x);
	struct curb_id person = id_of(0);
	return part.erase(part.self, tx, &person);
}

/* Who is erased: what was said of her goes, that the other side has to forget it stays, and is told. */
static void bug_erased__is_forgotten_where_she_was_told(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	assert_int_equal(write_fn(&office->f, erase_first, office), 0);
	assert_int_equal(sent(office, "SELECT count(*) FROM exchange_sent WHERE hash = ''"), 1);
	assert_int_equal(sent(office, "SELECT count(*) FROM exchange_sent"), 3);
	school.without = 0;
	assert_int_equal(tell(office), 1);
	assert_int_equal(read_back(office, &records), 1);
	assert_true(record_gone(&records[0]));
	assert_int_equal(write_fn(&office->f, erase_first, office), 0); /* as behind an older backup */
	assert_int_equal(sent(office, "SELECT count(*) FROM exchange_sent WHERE hash = '" SENT_GONE "'"), 1);
	assert_int_equal(tell(office), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)
	const struct CMUnitTest tests[] = {
		TEST(bug_off_the_roster__is_told_to_be_gone),
		TEST(gone__of_other_classes_is_not_told),
		TEST(gone__is_told_when_all_else_is),
		TEST(bug_erased__is_forgotten_where_she_was_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
