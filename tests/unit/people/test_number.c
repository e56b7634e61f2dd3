/* Certificate numbers as people type them, and what is said about those that are wrong. */
#include "cm.h"
#include "curb/err.h"
#include "number.h"

enum { ARENA = 1 << 16 };

static const struct {
	const char *typed, *plain;
	int category, grade;
} good[] = {
	{ "11010519491231002X11", "11010519491231002X11", 1, 1 },
	{ " 110105 19491231 002x-74 ", "11010519491231002X74", 7, 4 },
	{ "１１０１０５１９４９１２３１００２Ｘ２３", "11010519491231002X23", 2, 3 },
	{ "11010519491231002X44B1", "11010519491231002X44B1", 4, 4 },
	{ "11010519491231002X44b12", "11010519491231002X44B12", 4, 4 },
};

static const struct {
	const char *typed, *said;
} bad[] = {
	{ "", "18 characters of the citizen number" },
	{ "11010519491231002X", "18 characters of the citizen number" },
	{ "11010519491231002X1", "18 characters of the citizen number" },
	{ "11010519491231002X11B", "18 characters of the citizen number" },
	{ "11010519491231002X11C1", "18 characters of the citizen number" },
	{ "11010519491231002X111", "18 characters of the citizen number" },
	{ "11010519491231002Y11", "18 characters of the citizen number" },
	{ "1101051949123100AX11", "18 characters of the citizen number" },
	{ "11010519491231002X1\xe7\x94\xb2", "18 characters of the citizen number" },
	{ "1.10105194912E+17", "spreadsheet" },
	{ "11010519491331002X11", "no such day" },
	{ "11010519490229002X11", "no such day" },
	{ "11010518991231002X11", "no such day" },
	{ "11010519491200002X11", "no such day" },
	{ "110105194912310021 1 1", "mistyped" },
	{ "11010519491231012X11", "mistyped" },
	{ "11010519491231002X01", "category" },
	{ "11010519491231002X81", "category" },
	{ "11010519491231002X10", "category" },
	{ "11010519491231002X15", "category" },
};

static void number__is_read_as_it_is_typed(void **state)
{
	struct curb_arena *arena = curb_arena_new(ARENA);
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct people_number number = { .category = 0 };
		assert_int_equal(people_number_read(arena, curb_str(good[i].typed), &number), 0);
		assert_true(curb_str_is(number.plain, good[i].plain));
		assert_int_equal(number.category, good[i].category);
		assert_int_equal(number.grade, good[i].grade);
	}
	curb_arena_free(arena);
}

static void number__that_is_wrong_is_told_where(void **state)
{
	struct curb_arena *arena = curb_arena_new(ARENA);
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct people_number number = { .category = 0 };
		assert_int_equal(people_number_read(arena, curb_str(bad[i].typed), &number), CURB_EINVAL);
		assert_non_null(strstr(curb_error_local(), bad[i].said));
		if (strlen(bad[i].typed) > 12)
			assert_null(strstr(curb_error_local(), "19491231"));
	}
	curb_arena_free(arena);
}

static void number__of_a_leap_day_is_one(void **state)
{
	struct curb_arena *arena = curb_arena_new(ARENA);
	struct people_number number = { .category = 0 };
	(void)state;
	assert_int_equal(people_number_read(arena, curb_str("37010220000229001211"), &number), 0);
	curb_arena_free(arena);
}

static void number__shows_its_first_six_characters(void **state)
{
	(void)state;
	assert_true(curb_str_is(people_number_shown(curb_str("11010519491231002X11")), "110105"));
	assert_null(people_number_shown(curb_str("110105")).ptr);
}

static void number__is_told_in_its_parts(void **state)
{
	struct curb_arena *arena = curb_arena_new(ARENA);
	(void)state;
	assert_true(curb_str_is(people_number_spaced(arena, curb_str("11010519491231002X11B2")),
	                        "110105 19491231 002X 11B2"));
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(number__is_read_as_it_is_typed),
		cmocka_unit_test(number__that_is_wrong_is_told_where),
		cmocka_unit_test(number__of_a_leap_day_is_one),
		cmocka_unit_test(number__is_told_in_its_parts),
		cmocka_unit_test(number__shows_its_first_six_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
