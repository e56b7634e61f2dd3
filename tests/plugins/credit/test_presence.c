#include "cm.h"

#include "presence.h"

static struct ranges one(struct curb_arena *arena, uint32_t from, uint32_t to)
{
	struct span span = { from, to };
	return ranges_of(arena, &span, 1);
}

static struct presence_ends chapters(struct curb_arena *arena)
{
	static const int64_t starts[] = { 0, 100, 200 };
	return presence_ends(arena, starts, 3, 300);
}

static void presence__ends_are_where_chapters_begin_and_the_lesson_ends(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	static const int64_t starts[] = { 200, 0, 100, 300, 400, -5 };
	struct presence_ends ends = presence_ends(arena, starts, 6, 300);
	assert_int_equal(ends.n, 3);
	assert_int_equal(ends.ends_s[0], 100);
	assert_int_equal(ends.ends_s[1], 200);
	assert_int_equal(ends.ends_s[2], 300);
	ends = presence_ends(arena, NULL, 0, 1200);
	assert_int_equal(ends.n, 1);
	assert_int_equal(ends.ends_s[0], 1200);
	static const int64_t early[] = { 1, 1199 };
	ends = presence_ends(arena, early, 2, 1200);
	assert_int_equal(ends.n, 3);
	assert_int_equal(ends.ends_s[0], 1);
	assert_int_equal(ends.ends_s[1], 1199);
	curb_arena_free(arena);
}

static void presence__what_is_longer_than_an_hour_is_taken_in_equal_parts(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	static const int64_t starts[] = { 0, 600 };
	struct presence_ends ends = presence_ends(arena, NULL, 0, 3600);
	assert_int_equal(ends.n, 1);
	ends = presence_ends(arena, NULL, 0, 3601);
	assert_int_equal(ends.n, 2);
	assert_int_equal(ends.ends_s[0], 1800);
	assert_int_equal(ends.ends_s[1], 3601);
	ends = presence_ends(arena, starts, 2, 600 + 9000);
	assert_int_equal(ends.n, 4);
	assert_int_equal(ends.ends_s[0], 600);
	assert_int_equal(ends.ends_s[1], 3600);
	assert_int_equal(ends.ends_s[3], 9600);
	curb_arena_free(arena);
}

static void presence__before_its_time_all_counts(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct presence_ends ends = chapters(arena);
	struct presence_gate gate = { .every_s = 120, .ends = &ends };
	struct ranges fresh = one(arena, 0, 119), none = one(arena, 5, 5);
	struct ranges let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 119);
	assert_int_equal(gate.since_s, 119);
	assert_false(gate.armed);
	let = presence_let(arena, &gate, &none);
	assert_int_equal(ranges_total(&let), 0);
	assert_false(gate.armed);
	assert_false(presence_left(&gate, &fresh, 250));
	curb_arena_free(arena);
}

static void presence__the_chapter_is_played_to_its_end(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct presence_ends ends = chapters(arena);
	struct presence_gate gate = { .every_s = 120, .ends = &ends };
	struct ranges fresh = one(arena, 0, 250);
	struct ranges let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 200); /* second 119 is in the second chapter */
	assert_int_equal(gate.since_s, 200);
	assert_true(gate.armed);
	assert_int_equal(gate.chapter.from, 100);
	assert_int_equal(gate.chapter.to, 200);
	let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 100); /* only that chapter is open now */
	gate.chapter = (struct span){ 0, 0 };      /* as it is in another lesson */
	let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 0);
	curb_arena_free(arena);
}

static void presence__the_last_second_of_a_chapter_is_still_of_it(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct presence_ends ends = chapters(arena);
	struct presence_gate gate = { .every_s = 100, .ends = &ends };
	struct ranges fresh = one(arena, 0, 150);
	struct ranges let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 100);
	assert_int_equal(gate.chapter.from, 0);
	assert_int_equal(gate.chapter.to, 100);
	gate = (struct presence_gate){ .every_s = 101, .ends = &ends };
	let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 150);
	assert_int_equal(gate.chapter.to, 200);
	gate = (struct presence_gate){ .every_s = 120, .since_s = 50, .ends = &ends };
	let = presence_let(arena, &gate, &fresh); /* second 69 is the one that it comes with */
	assert_int_equal(ranges_total(&let), 100);
	assert_int_equal(gate.since_s, 150);
	assert_int_equal(gate.chapter.to, 100);
	gate = (struct presence_gate){ .every_s = 20, .since_s = 19, .ends = &ends };
	fresh = one(arena, 299, 300);
	let = presence_let(arena, &gate, &fresh);
	assert_int_equal(ranges_total(&let), 1);
	assert_int_equal(gate.chapter.from, 200);
	assert_int_equal(gate.chapter.to, 300);
	curb_arena_free(arena);
}

static void presence__what_lies_behind_the_end_is_of_the_last_chapter(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct presence_ends ends = chapters(arena);
	struct presence_gate gate = { .every_s = 20, .since_s = 19, .ends = &ends };
	struct ranges fresh = one(arena, 350, 400);
	(void)presence_let(arena, &gate, &fresh);
	assert_true(gate.armed);
	assert_int_equal(gate.chapter.from, 200);
	assert_int_equal(gate.chapter.to, 300);
	curb_arena_free(arena);
}

static void presence__it_is_due_at_the_end_of_the_chapter_or_away_from_it(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct presence_gate gate = { .every_s = 20, .armed = true, .chapter = { 100, 200 } };
	struct ranges within = one(arena, 110, 199), to_end = one(arena, 150, 200);
	assert_false(presence_left(&gate, &within, -1));
	assert_false(presence_left(&gate, &within, 100));
	assert_false(presence_left(&gate, &within, 199));
	assert_true(presence_left(&gate, &within, 99));
	assert_true(presence_left(&gate, &within, 200));
	assert_true(presence_left(&gate, &to_end, -1));
	struct ranges last = one(arena, 199, 200), none = one(arena, 5, 5);
	assert_true(presence_left(&gate, &last, -1));
	assert_true(presence_left(&gate, &none, 0)); /* she went back to the beginning */
	gate.chapter = (struct span){ 0, 1 };
	assert_false(presence_left(&gate, &none, 0));
	assert_true(presence_left(&gate, &none, 1));
	gate.chapter = (struct span){ 0, 0 };
	assert_true(presence_left(&gate, &within, 150));
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presence__ends_are_where_chapters_begin_and_the_lesson_ends),
		cmocka_unit_test(presence__what_is_longer_than_an_hour_is_taken_in_equal_parts),
		cmocka_unit_test(presence__before_its_time_all_counts),
		cmocka_unit_test(presence__the_chapter_is_played_to_its_end),
		cmocka_unit_test(presence__the_last_second_of_a_chapter_is_still_of_it),
		cmocka_unit_test(presence__what_lies_behind_the_end_is_of_the_last_chapter),
		cmocka_unit_test(presence__it_is_due_at_the_end_of_the_chapter_or_away_from_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
