#include "places.h"

#include "cm.h"

static struct curb_str add_all(struct curb_arena *arena, const int64_t *places, size_t n)
{
	struct curb_str packed = curb_str("");
	for (size_t i = 0; i < n; i++)
		packed = places_add(arena, packed, places[i]);
	return packed;
}

static void places__come_back_as_they_were_added(void **state)
{
	(void)state;
	static const int64_t given[] = {
		0, 1, 127, 128, 255, 16384, 16385, 1LL << 40, (1LL << 40) + 2, INT64_MAX - 1, INT64_MAX
	};
	enum { N = sizeof given / sizeof *given };
	struct curb_arena *arena = curb_arena_new(1 << 20);
	int64_t *places = NULL;
	size_t n = 0;
	assert_true(places_read(arena, add_all(arena, given, N), &places, &n));
	assert_int_equal(n, N);
	assert_memory_equal(places, given, sizeof given);
	static const int64_t apart[] = { 128, 256, 16640, 16768 }; /* just what needs one byte more */
	assert_true(places_read(arena, add_all(arena, apart, 4), &places, &n));
	assert_int_equal(n, 4);
	assert_memory_equal(places, apart, sizeof apart);
	assert_true(places_read(arena, curb_str(""), &places, &n));
	assert_int_equal(n, 0);
	curb_arena_free(arena);
}

static void places__of_a_play_that_has_none_begin_with_any(void **state)
{
	(void)state;
	static const struct curb_str none[] = { { NULL, 0 }, { "", 0 } }; /* NULL, as a row has it */
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		struct curb_str packed = places_add(arena, none[i], 300);
		assert_int_equal(packed.len, 2);
		assert_memory_equal(packed.ptr, "\xac\x02", 2);
	}
	curb_arena_free(arena);
}

static void places__of_one_play_are_small(void **state)
{
	(void)state;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str packed = curb_str("");
	for (int64_t i = 0; i < 720; i++)
		packed = places_add(arena, packed, 1000000 + i * 200);
	assert_true(packed.len <= 720 * 2 + 1);
	curb_arena_free(arena);
}

static void places__that_are_not_past_the_last_are_refused(void **state)
{
	(void)state;
	static const int64_t given[] = { 5, 9 };
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str packed = add_all(arena, given, 2);
	assert_null(places_add(arena, packed, 9).ptr);
	assert_null(places_add(arena, packed, 8).ptr);
	assert_null(places_add(arena, curb_str(""), -1).ptr);
	assert_non_null(places_add(arena, packed, 10).ptr);
	curb_arena_free(arena);
}

static void places__of_broken_bytes_are_refused(void **state)
{
	(void)state;
	static const struct curb_str broken[] = {
		{ "\x80", 1 },
		{ "\x05\x00", 2 },
		{ "\x05\x81", 2 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x01", 10 },
		{ "\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02", 10 }, /* a tenth byte is past all numbers */
	};
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		int64_t *places;
		size_t n;
		assert_false(places_read(arena, broken[i], &places, &n));
		assert_null(places_add(arena, broken[i], INT64_MAX).ptr);
	}
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places__come_back_as_they_were_added),
		cmocka_unit_test(places__of_a_play_that_has_none_begin_with_any),
		cmocka_unit_test(places__of_one_play_are_small),
		cmocka_unit_test(places__that_are_not_past_the_last_are_refused),
		cmocka_unit_test(places__of_broken_bytes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
