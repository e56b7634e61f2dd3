#include "cm.h"

#include <stdio.h>
#include <stdlib.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "died.h"

static void arena__gives_zeroed_aligned_memory(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t size = 0; size < 300; size += 7) {
		unsigned char *memory = curb_alloc(arena, size);
		assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(memory[i], 0);
		memset(memory, 0xaa, size);
	}
	curb_arena_free(arena);
}

static void arena__is_zeroed_again_after_a_reset(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	memset(curb_alloc(arena, 1000), 0xaa, 1000);
	(void)curb_alloc(arena, 100000); /* a second chunk */
	assert_true(curb_arena_used(arena) >= 101000);
	curb_arena_reset(arena);
	assert_int_equal(curb_arena_used(arena), 0);
	assert_int_equal(curb_arena_left(arena), 1 << 20);
	const unsigned char *memory = curb_alloc(arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(memory[i], 0);
	curb_arena_free(arena);
	curb_arena_free(NULL);
}

static void arena__gives_back_what_was_cut_since_a_mark(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str kept = curb_dup(arena, curb_str("kept"));
	const struct curb_arena_mark mark = curb_arena_mark(arena);
	size_t used = curb_arena_used(arena);
	for (int i = 0; i < 100; i++) {
		memset(curb_alloc(arena, 100), 0xaa, 100);
		memset(curb_alloc(arena, 100000), 0xaa, 100000); /* in a chunk of its own */
		curb_arena_rewind(arena, &mark);
		assert_int_equal(curb_arena_used(arena), used);
	}
	const unsigned char *memory = curb_alloc(arena, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(memory[i], 0);
	assert_string_equal(kept.ptr, "kept");
	curb_arena_free(arena);
}

static void arena__copies_strings(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	char text[] = "abc";
	struct curb_str copy = curb_dup(arena, curb_str_n(text, 2));
	text[0] = 'x';
	assert_string_equal(copy.ptr, "ab");
	assert_int_equal(copy.len, 2);
	assert_null(curb_dup(arena, curb_str(NULL)).ptr);
	assert_string_equal(curb_cstr(arena, curb_str(NULL)), "");
	assert_string_equal(curb_cstr(arena, curb_str_n("abc", 1)), "a");
	assert_string_equal(curb_printf(arena, "%d-%s", 7, "x"), "7-x");
	curb_arena_free(arena);
}

static void past_the_end(void)
{
	struct curb_arena *arena = curb_arena_new(1000);
	(void)curb_alloc(arena, 600);
	(void)curb_alloc(arena, 600);
}

static void product_too_large(void)
{
	struct curb_arena *arena = curb_arena_new(SIZE_MAX);
	(void)curb_alloc_n(arena, SIZE_MAX / 2, 3);
}

static void arena__aborts_past_its_maximum(void **unused)
{
	(void)unused;
	assert_true(died(past_the_end));
	assert_true(died(product_too_large));
}

static void buf__error_sticks(void **unused)
{
	(void)unused;
	struct curb_buf buf = curb_buf(10);
	curb_buf_text(&buf, "12345");
	curb_buf_text(&buf, "1234567");
	curb_buf_text(&buf, "1");
	assert_string_equal(buf.data, "12345");
	assert_true(buf.failed);
	assert_int_equal(curb_buf_check(&buf), CURB_ETOOBIG);
	assert_non_null(strstr(curb_error_text(), "10 bytes"));
	curb_buf_clear(&buf);
	assert_int_equal(curb_buf_check(&buf), 0);
	curb_buf_text(&buf, "1234567890");
	assert_int_equal(curb_buf_check(&buf), 0);
	curb_buf_char(&buf, '1');
	assert_true(buf.failed);
	curb_buf_free(&buf);
	assert_null(buf.data);
}

static void buf__printf_that_does_not_fit_adds_nothing(void **unused)
{
	(void)unused;
	struct curb_buf buf = curb_buf(6);
	curb_buf_printf(&buf, "%s", "abc");
	curb_buf_printf(&buf, "%s", "defg");
	assert_string_equal(buf.data, "abc");
	assert_true(buf.failed);
	curb_buf_free(&buf);
}

static void buf__grows_and_stays_ended(void **unused)
{
	(void)unused;
	struct curb_buf buf = curb_buf(100000);
	assert_true(curb_str_is(curb_buf_view(&buf), ""));
	for (int i = 0; i < 9999; i++) {
		curb_buf_char(&buf, 'x');
		assert_int_equal(buf.data[buf.len], 0);
	}
	assert_int_equal(curb_buf_view(&buf).len, 9999);
	curb_buf_free(&buf);
}

static void buf__writes_integers(void **unused)
{
	(void)unused;
	struct curb_buf buf = curb_buf(200);
	curb_buf_int(&buf, INT64_MIN);
	curb_buf_char(&buf, ' ');
	curb_buf_int(&buf, INT64_MAX);
	curb_buf_char(&buf, ' ');
	curb_buf_int(&buf, 0);
	assert_string_equal(buf.data, "-9223372036854775808 9223372036854775807 0");
	curb_buf_clear(&buf);
	curb_buf_u8(&buf, 0x01);
	curb_buf_u16(&buf, 0x0203);
	curb_buf_u32(&buf, 0x04050607);
	curb_buf_u64(&buf, 0x08090a0b0c0d0e0f);
	assert_int_equal(buf.len, 15);
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(buf.data[i], i + 1);
	curb_buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena__gives_zeroed_aligned_memory),
		cmocka_unit_test(arena__is_zeroed_again_after_a_reset),
		cmocka_unit_test(arena__gives_back_what_was_cut_since_a_mark),
		cmocka_unit_test(arena__copies_strings),
		cmocka_unit_test(arena__aborts_past_its_maximum),
		cmocka_unit_test(buf__error_sticks),
		cmocka_unit_test(buf__printf_that_does_not_fit_adds_nothing),
		cmocka_unit_test(buf__grows_and_stays_ended),
		cmocka_unit_test(buf__writes_integers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
