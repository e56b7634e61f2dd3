#include "cm.h"
#include "inside.h"

static int check(const char *name, const char *value, bool safe, const char *etag)
{
	const struct http_head head = { .headers = { { curb_str(name), curb_str(value) } }, .count = 1 };
	return conditions_check(&head, safe, etag);
}

static void conditions__none_match(void **unused)
{
	(void)unused;
	assert_int_equal(check("If-None-Match", "\"a\"", true, "\"a\""), 304);
	assert_int_equal(check("If-None-Match", "W/\"a\"", true, "\"a\""), 304);
	assert_int_equal(check("if-none-match", "\"x\", \"a\"", true, "\"a\""), 304);
	assert_int_equal(check("If-None-Match", "\"x,\",W/\"y\" ,\"a\"", true, "\"a\""), 304);
	assert_int_equal(check("If-None-Match", "*", true, "\"a\""), 304);
	assert_int_equal(check("If-None-Match", "\"b\"", true, "\"a\""), 0);
	assert_int_equal(check("If-None-Match", "a", true, "\"a\""), 0);
	assert_int_equal(check("If-None-Match", "\"a", true, "\"a\""), 0);
	assert_int_equal(check("If-None-Match", "\"a\"", false, "\"a\""), 412);
	assert_int_equal(check("If-None-Match", "*", true, ""), 0);
}

static void conditions__match_is_strong(void **unused)
{
	(void)unused;
	assert_int_equal(check("If-Match", "\"a\"", true, "\"a\""), 0);
	assert_int_equal(check("If-Match", "*", true, "\"a\""), 0);
	assert_int_equal(check("If-Match", "W/\"a\"", true, "\"a\""), 412);
	assert_int_equal(check("If-Match", "\"b\"", true, "\"a\""), 412);
	assert_int_equal(check("If-Match", "*", true, ""), 412);
}

static void conditions__dates_prove_nothing(void **unused)
{
	(void)unused;
	assert_int_equal(check("If-Unmodified-Since", "Sat, 21 Nov 2026 08:30:00 GMT", true, "\"a\""), 0);
	assert_int_equal(check("If-Modified-Since", "Sat, 21 Nov 2026 08:30:00 GMT", true, "\"a\""), 0);
}

static void conditions__if_range(void **unused)
{
	(void)unused;
	assert_true(if_range_holds(curb_str(NULL), "\"a\""));
	assert_true(if_range_holds(curb_str("\"a\""), "\"a\""));
	assert_false(if_range_holds(curb_str("\"b\""), "\"a\""));
	assert_false(if_range_holds(curb_str("W/\"a\""), "\"a\""));
	assert_false(if_range_holds(curb_str("Sat, 21 Nov 2026 08:30:00 GMT"), "\"a\""));
	assert_false(if_range_holds(curb_str(""), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions__none_match),
		cmocka_unit_test(conditions__match_is_strong),
		cmocka_unit_test(conditions__dates_prove_nothing),
		cmocka_unit_test(conditions__if_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
