#include "cm.h"

#include "count.h"

static struct count_after beat(struct curb_arena *arena, struct count_before before, uint32_t from,
                               uint32_t to)
{
	struct span span = { from, to };
	struct ranges played = ranges_of(arena, &span, 1);
	return count_beat(arena, &before, &played);
}

static struct count_before open_door(struct curb_arena *arena)
{
	struct span all = { 0, 100 };
	return (struct count_before){ .delivered = ranges_of(arena, &all, 1),
		                      .media_s = 100,
		                      .unit_s = 100,
		                      .cap_s = 1000,
		                      .day_s = 1000,
		                      .clock_s = 1000 };
}

static void count__each_limit_has_its_sum(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct count_before before = open_door(arena);
	struct span ten = { 0, 10 };
	before.credited = before.seen = ranges_of(arena, &ten, 1);
	struct count_after after = beat(arena, before, 0, 150);
	assert_int_equal(after.played_s, 100);
	assert_int_equal(after.again_s, 10);
	assert_int_equal(after.granted_s, 90);

	before.unit_s = 60;
	after = beat(arena, before, 0, 150);
	assert_int_equal(after.granted_s, 50);
	assert_int_equal(after.hours_s, 40);
	assert_int_equal(ranges_total(&after.seen), 100);

	before.cap_s = 30;
	before.online_s = 25;
	after = beat(arena, before, 0, 150);
	assert_int_equal(after.granted_s, 5);
	assert_int_equal(after.share_s, 45);

	before.clock_s = 3;
	after = beat(arena, before, 0, 150);
	assert_int_equal(after.granted_s, 3);
	assert_int_equal(after.clock_s, 87);
	assert_int_equal(ranges_total(&after.seen), 13);

	struct span half = { 0, 50 };
	before.delivered = ranges_of(arena, &half, 1);
	after = beat(arena, before, 0, 150);
	assert_int_equal(after.undelivered_s, 50);
	before.day_s = 1;
	after = beat(arena, before, 0, 150);
	assert_int_equal(after.day_s, 2);
	assert_int_equal(after.played_s, after.granted_s + after.again_s + after.share_s + after.day_s +
	                                         after.hours_s + after.clock_s + after.undelivered_s);
	curb_arena_free(arena);
}

static void count__the_day_takes_what_the_share_leaves(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct count_before before = open_door(arena);
	before.cap_s = 30;
	before.online_s = 25;
	before.day_s = 4;
	struct count_after after = beat(arena, before, 0, 50);
	assert_int_equal(after.granted_s, 4);
	assert_int_equal(after.day_s, 1);
	assert_int_equal(after.share_s, 45);
	assert_int_equal(ranges_total(&after.seen), 50);
	before.day_s = -3; /* a limit that is stricter than what the day has already */
	after = beat(arena, before, 0, 50);
	assert_int_equal(after.granted_s, 0);
	assert_int_equal(after.day_s, 5);
	curb_arena_free(arena);
}

static void count__plan_of_the_share(void **unused)
{
	(void)unused;
	assert_true(count_plan_fits(1600, 4000, 400));
	assert_false(count_plan_fits(1601, 4000, 400));
	assert_int_equal(count_most_online_c(4000, 400), 1600);
	assert_int_equal(count_cap_s(count_hours_s(4000, 2700), 400, COUNT_BOTH), 43200);
	assert_int_equal(count_cap_s(count_hours_s(4000, 2700), 400, COUNT_PLANNED), 43200);
	assert_int_equal(count_cap_s(count_hours_s(4000, 2700), 400, COUNT_EARNED), 108000);
	assert_int_equal(count_hours_s(150, 2700), 4050);
	assert_int_equal(count_unit_s(100, 2700, 2699), 2699);
	assert_int_equal(count_unit_s(100, 2700, 2701), 2700);
}

enum { DAY_MS = 24 * 3600 * 1000 };

static void count__time_of_one_boot_and_of_two(void **unused)
{
	(void)unused;
	bool doubted = false;
	struct count_clock last = { curb_str("a"), 1000, 50000 };
	struct count_clock now = { curb_str("a"), 4000, 1 };
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), 3000);
	assert_int_equal(last.boot_ms, 4000);
	assert_false(doubted);
	now = (struct count_clock){ curb_str("b"), 10, 1 + 3LL * DAY_MS };
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), DAY_MS);
	assert_true(doubted);
	now = (struct count_clock){ curb_str("c"), 20, 0 };
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), 0);
	now.boot_ms = 25;
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), 5);
}

static void count__readings_in_another_order_gain_no_time_twice(void **unused)
{
	(void)unused;
	bool doubted = false;
	struct count_clock last = { curb_str("a"), 1000, 0 };
	static const int64_t readings[] = { 3000, 2000, 1500, 4000 };
	int64_t sum = 0;
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		struct count_clock now = { curb_str("a"), readings[i], 0 };
		sum += count_pass(&last, &now, INT64_MAX, &doubted);
	}
	assert_int_equal(sum, 3000);
}

static void count__the_same_moment_moves_the_other_clock(void **unused)
{
	(void)unused;
	bool doubted = false;
	struct count_clock last = { curb_str("a"), 1000, 50000 };
	struct count_clock now = { curb_str("a"), 1000, 70000 };
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), 0);
	assert_int_equal(last.wall_ms, 70000);
	now.boot_ms = 1001;
	assert_int_equal(count_pass(&last, &now, INT64_MAX, &doubted), 1);
	assert_false(doubted);
}

static void count__days_are_the_places_own(void **unused)
{
	(void)unused;
	enum { EIGHT_HOURS_MS = 8 * 3600 * 1000 };
	assert_int_equal(count_day(0, 0), 0);
	assert_int_equal(count_day(3LL * DAY_MS - 1, 0), 2);
	assert_int_equal(count_day(3LL * DAY_MS - EIGHT_HOURS_MS, EIGHT_HOURS_MS), 3);
	assert_int_equal(count_day(3LL * DAY_MS - EIGHT_HOURS_MS - 1, EIGHT_HOURS_MS), 2);
	assert_int_equal(count_day_begins_ms(3, EIGHT_HOURS_MS), 3LL * DAY_MS - EIGHT_HOURS_MS);
}

static void count__the_last_second_of_a_unit_counts(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct count_before before = open_door(arena);
	before.unit_s = 1;
	assert_int_equal(beat(arena, before, 0, 9).granted_s, 1);
	before.media_s = 1;
	assert_int_equal(beat(arena, before, 0, 9).played_s, 1);
	before.clock_s = -1;
	assert_int_equal(beat(arena, before, 0, 9).granted_s, 0);
	curb_arena_free(arena);
}

static void count__no_time_behind_the_end(void **unused)
{
	(void)unused;
	bool doubted = false;
	struct count_clock last = { curb_str("a"), 1000, 50000 };
	struct count_clock now = { curb_str("a"), 61000, 110000 };
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 10000);
	now = (struct count_clock){ curb_str("a"), 71000, 120000 };
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 0);
	now = (struct count_clock){ curb_str("b"), 5, 130000 };
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 0);

	last = (struct count_clock){ curb_str("a"), 1000, 50000 };
	now = (struct count_clock){ curb_str("a"), 61000,
		                    60000 }; /* the very moment; the wall clock went slowly */
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 10000);
	last = (struct count_clock){ curb_str("a"), 1000, 50000 };
	now = (struct count_clock){ curb_str("a"), 61000, 59999 };
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 60000);
	last = (struct count_clock){ curb_str("a"), 1000, 50000 };
	now = (struct count_clock){ curb_str("a"), 3000, 110000 }; /* less was gained than was left */
	assert_int_equal(count_pass(&last, &now, 60000, &doubted), 2000);
}

static void count__what_came_too_fast_is_told(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct count_before before = open_door(arena);
	before.clock_s = 29;
	struct count_after after = beat(arena, before, 0, 30);
	assert_int_equal(after.late.count, 1);
	assert_int_equal(after.late.spans[0].from, 29);
	assert_int_equal(after.late.spans[0].to, 30);
	assert_int_equal(ranges_total(&after.late), after.clock_s);
	curb_arena_free(arena);
}

static void count__online_hours_wait_for_offline_hours(void **unused)
{
	(void)unused;
	enum { HOUR_S = 2700 };
	int64_t more_s = -1;
	assert_int_equal(count_waits_s(4 * HOUR_S, 0, 400, &more_s), 4 * HOUR_S);
	assert_int_equal(more_s, 6 * HOUR_S);
	assert_int_equal(count_waits_s(4 * HOUR_S, 3 * HOUR_S, 400, &more_s), 2 * HOUR_S);
	assert_int_equal(more_s, 3 * HOUR_S);
	assert_int_equal(count_waits_s(4 * HOUR_S, 6 * HOUR_S, 400, &more_s), 0);
	assert_int_equal(more_s, 0);
	for (int64_t online_s = 1; online_s < 200;
	     online_s++) { /* the figure told is the smallest that lets all count */
		assert_true(count_waits_s(online_s, 0, 333, &more_s) > 0);
		assert_true(online_s * 1000 <= 333 * (online_s + more_s));
		assert_true(online_s * 1000 > 333 * (online_s + more_s - 1));
	}
	assert_int_equal(count_waits_s(HOUR_S, 0, 1000, &more_s), 0);
	assert_int_equal(count_waits_s(0, 0, 0, &more_s), 0);
	more_s = 1;
	assert_int_equal(count_waits_s(5, 100, 0, &more_s), 5); /* whatever is done offline */
	assert_int_equal(more_s, 0);
	assert_int_equal(count_waits_s(5, 0, 1, &more_s), 5);
	assert_int_equal(more_s, 4995);
	assert_int_equal(count_waits_s(5, 0, 999, &more_s), 5);
	assert_int_equal(more_s, 1);
	assert_int_equal(count_waits_s(1, 4, 333, &more_s), 0);
	assert_int_equal(more_s, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(count__each_limit_has_its_sum),
		cmocka_unit_test(count__the_day_takes_what_the_share_leaves),
		cmocka_unit_test(count__the_same_moment_moves_the_other_clock),
		cmocka_unit_test(count__days_are_the_places_own),
		cmocka_unit_test(count__the_last_second_of_a_unit_counts),
		cmocka_unit_test(count__plan_of_the_share),
		cmocka_unit_test(count__time_of_one_boot_and_of_two),
		cmocka_unit_test(count__readings_in_another_order_gain_no_time_twice),
		cmocka_unit_test(count__no_time_behind_the_end),
		cmocka_unit_test(count__what_came_too_fast_is_told),
		cmocka_unit_test(count__online_hours_wait_for_offline_hours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
