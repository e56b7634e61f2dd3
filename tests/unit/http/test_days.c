#include "cm.h"
#include "curb/words.h"

enum { HOUR_MS = 3600 * 1000 };

/* The country's time is eight hours before UTC: its day begins at 16:00 UTC. */
static void days__begin_when_they_do_at_home(void **unused)
{
	(void)unused;
	assert_int_equal(curb_day_of(0), 0);
	assert_int_equal(curb_day_of(16 * HOUR_MS - 1), 0);
	assert_int_equal(curb_day_of(16 * HOUR_MS), 1);
	assert_int_equal(curb_day_of(-8 * HOUR_MS), 0);
	assert_int_equal(curb_day_of(-8 * HOUR_MS - 1), -1);
	assert_int_equal(curb_day_of(-32LL * HOUR_MS), -1);
	for (int64_t day = -3; day < 20000; day += 997) {
		assert_int_equal(curb_day_of(curb_day_begins(day)), day);
		assert_int_equal(curb_day_of(curb_day_begins(day) - 1), day - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(days__begin_when_they_do_at_home) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
