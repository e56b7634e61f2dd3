#include <unistd.h>

#include "cm.h"
#include "supervisor.h"

static void crashes__third_in_a_minute_sets_aside(void **state)
{
	(void)state;
	struct crashes crashes = { .count = 0 };
	assert_false(crashes_note(&crashes, "video", false, 0).set_aside);
	assert_false(crashes_note(&crashes, "video", false, 30000).set_aside);
	struct verdict third = crashes_note(&crashes, "video", false, 59999);
	assert_true(third.set_aside);
	assert_int_equal(third.delay_ms, 0);
}

static void crashes__slowly_never_set_aside(void **state)
{
	(void)state;
	struct crashes crashes = { .count = 0 };
	for (int i = 0; i < 100; i++) {
		struct verdict verdict = crashes_note(&crashes, "video", false, i * 30001);
		assert_false(verdict.set_aside);
		assert_int_equal(verdict.delay_ms, 0);
	}
}

static void crashes__each_plugin_is_counted_for_itself(void **state)
{
	(void)state;
	struct crashes crashes = { .count = 0 };
	assert_false(crashes_note(&crashes, "video", false, 0).set_aside);
	assert_false(crashes_note(&crashes, "video", false, 1).set_aside);
	assert_false(crashes_note(&crashes, "audio", false, 2).set_aside);
	assert_true(crashes_note(&crashes, "video", false, 3).set_aside);
}

static void crashes__essential_backs_off_and_alarms(void **state)
{
	(void)state;
	struct crashes crashes = { .count = 0 };
	static const int64_t delays[] = { 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	for (int i = 0; i < 10; i++) {
		struct verdict verdict = crashes_note(&crashes, "credit", true, i);
		assert_false(verdict.set_aside);
		assert_int_equal(verdict.delay_ms, delays[i]);
		assert_int_equal(verdict.alarm, i >= 3);
	}
	assert_int_equal(crashes_note(&crashes, "credit", true, 10 + 60000).delay_ms, 0);
}

static void crashes__of_the_core_back_off(void **state)
{
	(void)state;
	struct crashes crashes = { .count = 0 };
	for (int i = 0; i < 3; i++)
		assert_int_equal(crashes_note(&crashes, "", false, i).delay_ms, 0);
	struct verdict fourth = crashes_note(&crashes, "", false, 3);
	assert_int_equal(fourth.delay_ms, 1000);
	assert_true(fourth.alarm);
	assert_false(fourth.set_aside);
}

static void board__says_who_is_at_work(void **state)
{
	(void)state;
	int fd = -1;
	struct board *board = board_new(&fd);
	assert_non_null(board);
	struct board *other_side = board_map(fd);
	assert_non_null(other_side);
	board_use(board);
	board_at_work(NULL, "video", "GET /video");
	assert_int_equal(atomic_load(&other_side->lines), 1);
	assert_string_equal(other_side->line[0].plugin, "video");
	assert_string_equal(other_side->line[0].what, "GET /video");
	board_at_work(NULL, NULL, NULL);
	assert_string_equal(other_side->line[0].plugin, "");
	board_at_work(NULL, "audio", "a job");
	assert_int_equal(atomic_load(&other_side->lines), 1);
	board_at_work(NULL, NULL, NULL);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crashes__third_in_a_minute_sets_aside),
		cmocka_unit_test(crashes__slowly_never_set_aside),
		cmocka_unit_test(crashes__each_plugin_is_counted_for_itself),
		cmocka_unit_test(crashes__essential_backs_off_and_alarms),
		cmocka_unit_test(crashes__of_the_core_back_off),
		cmocka_unit_test(board__says_who_is_at_work),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
