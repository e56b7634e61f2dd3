/* What goes into a bundle: who differs from what was told, nobody whose account is closed, and only what the other side takes. */
#include "curb/err.h"
#include "office_case.h"

/* ---- who is in it ---- */

static void collect__what_differs(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	assert_int_equal(read_back(office, &records), 3);
	assert_int_equal(records[2].counted_s, 60);
	assert_int_equal(tell(office), 0);
	assert_null(office->collected.sealed.ptr);
	school.counted_s = 61;
	assert_int_equal(tell(office), 3);
}

/* A roster keeps her without a name; the other side refuses a bundle with a record that has none, and what stood in it was told. */
static void bug_closed_account__does_not_spoil_the_bundle(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	assert_int_equal(tell(office), 3);
	school.shown[1] = curb_str("");
	school.counted_s = 61;
	assert_int_equal(tell(office), 3);
	assert_int_equal(read_back(office, &records), 3);
	assert_false(record_gone(&records[0]) || record_gone(&records[1]));
	assert_true(record_gone(&records[2])); /* the other side forgets what it was told */
}

/* What the other side would refuse is not sealed. */
static void bug_refused_there__is_not_made_here(void **state)
{
	struct office *office = *state;
	school.programme = "";
	assert_int_equal(look(office, false), CURB_EINTERNAL);
}

/* Each look at somebody leaves a thousand bytes: of 4,000 four times what the arena holds. What was told is looked at each time. */
static void bug_many__are_looked_at_in_bounded_memory(void **state)
{
	struct office *office = *state;
	struct record *records = NULL;
	school.members = MEMBERS_MOST;
	school.waste = 1000;
	for (size_t told = 0; told < MEMBERS_MOST; told += BUNDLE_RECORDS) {
		assert_int_equal(tell(office), BUNDLE_RECORDS);
		assert_int_equal(read_back(office, &records), BUNDLE_RECORDS);
		assert_int_equal(office->collected.more, told + BUNDLE_RECORDS < MEMBERS_MOST);
	}
	assert_int_equal(tell(office), 0);
}

/* The one who was slower has older figures, which would win at the receiver. */
static void bug_two_at_once__the_slower_one_begins_again(void **state)
{
	struct office *office = *state;
	assert_int_equal(tell(office), 3);
	school.counted_s = 61;
	assert_int_equal(look(office, false), 0);
	assert_int_equal(make(office), 0);
	assert_int_equal(make(office), CURB_ECONFLICT);
	school.counted_s = 62;
	assert_int_equal(tell(office), 3);
}

static void collect__everything_anew(void **state)
{
	struct office *office = *state;
	school.members = BUNDLE_RECORDS + 3;
	assert_int_equal(tell(office), BUNDLE_RECORDS);
	assert_int_equal(tell(office), 3);
	assert_int_equal(look(office, true), 0);
	assert_int_equal(office->collected.n, BUNDLE_RECORDS);
	assert_true(office->collected.more);
	assert_int_equal(make(office), 0);
	assert_int_equal(tell(office), 3); /* the rest of it */
	assert_int_equal(tell(office), 0);
}

/* The server of that name was set up again: it can open nothing of what the old one was sent. */
static void bug_other_keys__were_told_nothing(void **state)
{
	struct office *office = *state;
	assert_int_equal(tell(office), 3);
	assert_int_equal(write_fn(&office->f, put_server, office), 0);
	assert_int_equal(tell(office), 0);
	office->server.card.box_public[0] ^= 1;
	assert_int_equal(write_fn(&office->f, put_server, office), 0);
	assert_int_equal(tell(office), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_office, close_office)
	const struct CMUnitTest tests[] = {
		TEST(collect__what_differs),
		TEST(bug_closed_account__does_not_spoil_the_bundle),
		TEST(bug_refused_there__is_not_made_here),
		TEST(bug_many__are_looked_at_in_bounded_memory),
		TEST(bug_two_at_once__the_slower_one_begins_again),
		TEST(collect__everything_anew),
		TEST(bug_other_keys__were_told_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
