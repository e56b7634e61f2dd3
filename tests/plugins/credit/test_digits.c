/* Codes of digits: whatever way they are typed they are the same, and one slip is always found. */
#include "cm.h"
#include "curb/cleanup.h"
#include "digits.h"

static enum digits_read read_code(const char *typed, char *ret_code)
{
	return digits_read(curb_str(typed), DIGITS_SIGN_IN, ret_code);
}

static void digits__each_single_slip_is_found(void **state)
{
	(void)state;
	enum { ROUNDS = 200 };
	for (int round = 0; round < ROUNDS; round++) {
		char code[DIGITS_PAPER + 1], typed[DIGITS_PAPER + 1], back[DIGITS_PAPER + 1];
		digits_make(DIGITS_PAPER, code);
		assert_int_equal(digits_read(curb_str(code), DIGITS_PAPER, back), DIGITS_FINE);
		assert_string_equal(code, back);
		for (size_t at = 0; at < DIGITS_PAPER; at++)
			for (char c = '0'; c <= '9'; c++) {
				memcpy(typed, code, sizeof typed);
				typed[at] = c;
				assert_int_equal(digits_read(curb_str(typed), DIGITS_PAPER, back),
				                 c == code[at] ? DIGITS_FINE : DIGITS_SLIP);
			}
		for (size_t at = 0; at + 1 < DIGITS_PAPER; at++) {
			memcpy(typed, code, sizeof typed);
			typed[at] = code[at + 1];
			typed[at + 1] = code[at];
			assert_int_equal(digits_read(curb_str(typed), DIGITS_PAPER, back),
			                 code[at] == code[at + 1] ? DIGITS_FINE : DIGITS_SLIP);
		}
	}
}

static void digits__what_people_type_is_taken(void **state)
{
	(void)state;
	/* 1234 * 100 mod 97 is 16, so the check digits are 82 */
	static const char *const same[] = { "123482",         "123-482",      " 1 2 3, 4 8 2 ",
		                            "１２３４８２",   "一二三四八二", "幺两三，四八二",
		                            "1 二 3\u00a0482" };
	char code[DIGITS_SIGN_IN + 1];
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		assert_int_equal(read_code(same[i], code), DIGITS_FINE);
		assert_string_equal(code, "123482");
	}
	assert_int_equal(read_code("", code), DIGITS_LENGTH);
	assert_int_equal(read_code("12348", code), DIGITS_LENGTH);
	assert_int_equal(read_code("1234820", code), DIGITS_LENGTH);
	assert_int_equal(read_code("12348O", code), DIGITS_STRANGE);
	assert_int_equal(read_code("123483", code), DIGITS_SLIP);
}

static void digits__are_shown_in_groups(void **state)
{
	(void)state;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 12);
	assert_true(curb_str_is(digits_shown(arena, "123482"), "123-482"));
	assert_true(curb_str_is(digits_shown(arena, "1234567890"), "123-456-7890"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digits__each_single_slip_is_found),
		cmocka_unit_test(digits__what_people_type_is_taken),
		cmocka_unit_test(digits__are_shown_in_groups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
