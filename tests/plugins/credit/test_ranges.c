/* Sets of seconds against rows of flags. */
#include "cm.h"

#include <stdlib.h>

#include "ranges.h"

enum { LINE = 200 };

/* The slow, obvious model: a set is a row of flags. */
static void flags_of(const struct ranges *set, bool *flags)
{
	memset(flags, 0, LINE * sizeof *flags);
	for (size_t i = 0; i < set->count; i++)
		for (uint32_t s = set->spans[i].from; s < set->spans[i].to; s++)
			flags[s] = true;
}

static void assert_sound(const struct ranges *set)
{
	for (size_t i = 0; i < set->count; i++) {
		assert_true(set->spans[i].from < set->spans[i].to);
		if (i)
			assert_true(set->spans[i - 1].to < set->spans[i].from);
	}
}

static struct ranges some_set(struct curb_arena *arena)
{
	struct span spans[8];
	size_t n = (size_t)(rand() % 8);
	for (size_t i = 0; i < n; i++) {
		uint32_t from = (uint32_t)(rand() % (LINE - 30));
		spans[i] = (struct span){ from, from + (uint32_t)(rand() % 30) };
	}
	return ranges_of(arena, spans, n);
}

static void ranges__agree_with_flags(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	srand(1);
	for (int round = 0; round < 3000; round++) {
		bool a[LINE], b[LINE], got[LINE];
		struct ranges x = some_set(arena), y = some_set(arena);
		struct ranges results[] = { ranges_union(arena, &x, &y), ranges_common(arena, &x, &y),
			                    ranges_minus(arena, &x, &y) };
		flags_of(&x, a);
		flags_of(&y, b);
		for (int k = 0; k < 3; k++) {
			assert_sound(&results[k]);
			flags_of(&results[k], got);
			for (int s = 0; s < LINE; s++)
				assert_int_equal(got[s], k == 0 ? a[s] || b[s] :
				                         k == 1 ? a[s] && b[s] :
				                                  a[s] && !b[s]);
		}
		struct ranges first = ranges_first(arena, &x, round % 40);
		int64_t whole = ranges_total(&x);
		assert_sound(&first);
		assert_int_equal(ranges_total(&first), whole < round % 40 ? whole : round % 40);
		struct ranges back;
		assert_true(ranges_unpack(arena, ranges_pack(arena, &x), &back));
		assert_int_equal(ranges_total(&back), whole);
		curb_arena_reset(arena);
	}
	curb_arena_free(arena);
}

/* Every byte has its place. */
static void ranges__are_packed_in_one_form(void **unused)
{
	(void)unused;
	static const char packed[] = "\1\2\3\4\5\6\7\10\x89\xab\xcd\xef\xfe\xdc\xba\x98";
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct ranges set, none = { NULL, 0 };
	assert_true(ranges_unpack(arena, curb_str_n(packed, 16), &set));
	assert_int_equal(set.count, 2);
	assert_int_equal(set.spans[0].from, 0x01020304);
	assert_int_equal(set.spans[0].to, 0x05060708);
	assert_int_equal(set.spans[1].from, 0x89abcdef);
	assert_int_equal(set.spans[1].to, 0xfedcba98);
	assert_int_equal(ranges_total(&set), 0x04040404LL + 0x7530eca9LL);
	struct curb_str back = ranges_pack(arena, &set);
	assert_int_equal(back.len, 16);
	assert_memory_equal(back.ptr, packed, 16);
	back = ranges_pack(arena, &none);
	assert_true(back.len == 0 && back.ptr);
	assert_true(ranges_unpack(arena, back, &set));
	assert_int_equal(set.count, 0);
	curb_arena_free(arena);
}

/* Of spans in any order, over each other, empty or the wrong way round. */
static void ranges__are_made_of_any_spans(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	srand(2);
	for (int round = 0; round < 2000; round++) {
		struct span spans[12];
		bool wanted[LINE] = { false }, got[LINE];
		size_t n = (size_t)(rand() % 12);
		int64_t total = 0;
		for (size_t i = 0; i < n; i++) {
			uint32_t from = (uint32_t)(rand() % (LINE - 20));
			spans[i] = (struct span){ from, from + (uint32_t)(rand() % 20) - (from > 3 ? 3 : 0) };
			for (uint32_t s = from; s < spans[i].to; s++)
				wanted[s] = true;
		}
		struct ranges set = ranges_of(arena, spans, n);
		assert_sound(&set);
		flags_of(&set, got);
		assert_memory_equal(got, wanted, sizeof got);
		for (int s = 0; s < LINE; s++)
			total += wanted[s];
		assert_int_equal(ranges_total(&set), total);
		curb_arena_reset(arena);
	}
	curb_arena_free(arena);
}

static void ranges__broken_bytes_are_no_set(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "\0\0\0\1\0\0\0\1", "\0\0\0\1", "\0\0\0\2\0\0\0\1",
		                             "\0\0\0\1\0\0\0\3\0\0\0\3\0\0\0\4" };
	static const size_t lengths[] = { 8, 4, 8, 16 };
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t i = 0; i < 4; i++) {
		struct ranges set;
		assert_false(ranges_unpack(arena, curb_str_n(texts[i], lengths[i]), &set));
	}
	curb_arena_free(arena);
}

static void ranges__tell_what_they_cover(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	const struct span spans[] = { { 10, 20 }, { 30, 40 } };
	const struct ranges set = ranges_of(arena, spans, 2);
	static const struct {
		struct span span;
		bool covered;
	} cases[] = {
		{ { 10, 20 }, true },  { { 30, 40 }, true },  { { 12, 13 }, true },  { { 9, 11 }, false },
		{ { 19, 21 }, false }, { { 20, 30 }, false }, { { 10, 40 }, false }, { { 40, 41 }, false },
		{ { 5, 5 }, true },    { { 6, 5 }, true }, /* nothing */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(ranges_cover(&set, cases[i].span), cases[i].covered);
	struct span *exact = malloc(sizeof spans); /* looks at nothing behind the last one */
	memcpy(exact, spans, sizeof spans);
	assert_false(ranges_cover(&(struct ranges){ exact, 2 }, (struct span){ 50, 51 }));
	free(exact);
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ranges__agree_with_flags),
		cmocka_unit_test(ranges__are_packed_in_one_form),
		cmocka_unit_test(ranges__are_made_of_any_spans),
		cmocka_unit_test(ranges__broken_bytes_are_no_set),
		cmocka_unit_test(ranges__tell_what_they_cover),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
