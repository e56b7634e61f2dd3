/* Codes in braille cells. */
#include "cm.h"
#include "codes.h"
#include "curb/cleanup.h"

static void code__braille_has_its_signs_where_they_belong(void **state)
{
	(void)state;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 16);
	/* 23A4 XX: number sign 2 3, letter sign A, number sign 4; letter sign X X */
	assert_true(curb_str_is(code_braille(arena, curb_str("23A4-XX")),
	                        "\xE2\xA0\xBC\xE2\xA0\x83\xE2\xA0\x89\xE2\xA0\xB0\xE2\xA0\x81\xE2\xA0\xBC"
	                        "\xE2\xA0\x99 \xE2\xA0\xB0\xE2\xA0\xAD\xE2\xA0\xAD"));
	/* number sign, 1, 0 */
	assert_true(curb_str_is(code_braille(arena, curb_str("10")), "\xE2\xA0\xBC\xE2\xA0\x81\xE2\xA0\x9A"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code__braille_has_its_signs_where_they_belong),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
