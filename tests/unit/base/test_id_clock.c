#include "cm.h"

#include "curb/clock.h"
#include "curb/id.h"

static void id__is_a_version_7_uuid(void **unused)
{
	(void)unused;
	struct curb_id id = curb_id_new(INT64_C(0x0123456789ab)), again;
	assert_int_equal(strlen(id.text), 36);
	assert_memory_equal(id.text, "01234567-89ab-7", 15);
	assert_non_null(strchr("89ab", id.text[19]));
	assert_true(curb_id_parse(curb_id_str(&id), &again));
	assert_string_equal(again.text, id.text);
}

static void id__sorts_by_time_and_differs(void **unused)
{
	(void)unused;
	struct curb_id first = curb_id_new(1000), second = curb_id_new(1001), third = curb_id_new(1001);
	assert_true(strcmp(first.text, second.text) < 0);
	assert_string_not_equal(second.text, third.text);
}

static void id__parses_only_its_own_form(void **unused)
{
	(void)unused;
	static const char *const texts[] = {
		"",
		"0123",
		"01234567-89ab-7def-8123-456789abcde",
		"01234567-89ab-7def-8123-456789abcdef0",
		"01234567-89AB-7def-8123-456789abcdef",
		"0123456789ab-7def-8123-456789abcdef00-",
		"01234567-89ab-7def-8123-456789abcdeg",
		"01234567_89ab-7def-8123-456789abcdef",
	};
	struct curb_id id = { "untouched" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(curb_id_parse(curb_str(texts[i]), &id));
		assert_string_equal(id.text, "untouched");
	}
	assert_false(curb_id_parse(curb_str(NULL), &id));
	assert_true(curb_id_parse(curb_str("01234567-89ab-7def-8123-456789abcdef"), &id));
}

static void id__too_long_is_no_id(void **unused)
{
	(void)unused;
	struct curb_id id = curb_id_of(curb_str("01234567-89ab-7def-8123-456789abcdef0"));
	assert_false(curb_id_some(&id));
	id = curb_id_of(curb_str("short"));
	assert_true(curb_id_some(&id));
	id = curb_id_of(curb_str(NULL));
	assert_false(curb_id_some(&id));
}

static void clock__writes_times(void **unused)
{
	(void)unused;
	char text[32];
	curb_time_rfc3339(INT64_C(1795249800123), text);
	assert_string_equal(text, "2026-11-21T08:30:00Z");
	curb_time_http(INT64_C(1795249800999), text);
	assert_string_equal(text, "Sat, 21 Nov 2026 08:30:00 GMT");
	curb_time_http(0, text);
	assert_string_equal(text, "Thu, 01 Jan 1970 00:00:00 GMT");
	curb_time_http(INT64_C(951782400000), text);
	assert_string_equal(text, "Tue, 29 Feb 2000 00:00:00 GMT");
}

static void clock__does_not_run_backwards(void **unused)
{
	(void)unused;
	int64_t boot = curb_boot_ms(), tick = curb_tick_us();
	assert_true(boot > 0 && tick > 0);
	assert_true(curb_boot_ms() >= boot);
	assert_true(curb_tick_us() >= tick);
	assert_true(curb_wall_ms() > INT64_C(1600000000000));
	assert_string_equal(curb_boot_id(), curb_boot_id());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(id__is_a_version_7_uuid),
		cmocka_unit_test(id__sorts_by_time_and_differs),
		cmocka_unit_test(id__parses_only_its_own_form),
		cmocka_unit_test(id__too_long_is_no_id),
		cmocka_unit_test(clock__writes_times),
		cmocka_unit_test(clock__does_not_run_backwards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
