#include "cm.h"

#include "curb/str.h"

static void str__absent_is_not_empty(void **unused)
{
	(void)unused;
	assert_null(curb_str(NULL).ptr);
	assert_non_null(curb_str("").ptr);
	assert_false(curb_str_is(curb_str(NULL), ""));
	assert_true(curb_str_is(curb_str(""), ""));
	assert_false(curb_str_is_nocase(curb_str(NULL), ""));
	assert_false(curb_str_starts(curb_str(NULL), ""));
	assert_false(curb_str_ends(curb_str(NULL), ""));
}

static void str__compares_exact_bytes(void **unused)
{
	(void)unused;
	assert_true(curb_str_eq(curb_str("按摩"), curb_str_n("按摩师", 6)));
	assert_false(curb_str_eq(curb_str("a"), curb_str("A")));
	assert_false(curb_str_is(curb_str_n("ab\0c", 4), "ab"));
	assert_true(curb_str_is_nocase(curb_str("Content-TYPE"), "content-type"));
	assert_false(curb_str_is_nocase(curb_str("Content-Typ"), "content-type"));
	assert_true(curb_str_starts(curb_str("bytes=0-"), "bytes="));
	assert_false(curb_str_starts(curb_str("byte"), "bytes="));
	assert_true(curb_str_ends(curb_str("a.mp4"), ".mp4"));
	assert_false(curb_str_ends(curb_str("mp4"), ".mp4"));
}

static void str__trims_and_skips(void **unused)
{
	(void)unused;
	assert_true(curb_str_is(curb_str_trim(curb_str(" \t\r\n a b \n")), "a b"));
	assert_int_equal(curb_str_trim(curb_str(" \n ")).len, 0);
	assert_true(curb_str_is(curb_str_from(curb_str("abc"), 1), "bc"));
	assert_true(curb_str_is(curb_str_from(curb_str("abc"), 9), ""));
	assert_null(curb_str_from(curb_str(NULL), 1).ptr);
}

static void str__cuts_every_part_once(void **unused)
{
	(void)unused;
	struct curb_str rest = curb_str("a,,b,"), part;
	static const char *const parts[] = { "a", "", "b", "" };
	for (size_t i = 0; i < 4; i++) {
		assert_true(curb_str_cut(&rest, ',', &part));
		assert_true(curb_str_is(part, parts[i]));
	}
	assert_false(curb_str_cut(&rest, ',', &part));
	rest = curb_str("");
	assert_true(curb_str_cut(&rest, ',', &part));
	assert_false(curb_str_cut(&rest, ',', &part));
}

static void str__integers_are_whole_and_fit(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-7", true, -7 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "1x", false, 0 },
		{ "0x1", false, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t got = 42;
		assert_int_equal(curb_str_int(curb_str(cases[i].text), &got), cases[i].ok);
		assert_true(got == (cases[i].ok ? cases[i].value : 42));
	}
}

static void str__utf8_is_strict(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
		{ "", true },
		{ "a\xc2\x80\xe6\x8c\x89\xf0\x9f\x98\x80", true },
		{ "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", true },
		{ "\xc0\x80", false },         /* overlong */
		{ "\xc1\xbf", false },         /* overlong */
		{ "\xe0\x9f\xbf", false },     /* overlong */
		{ "\xf0\x8f\xbf\xbf", false }, /* overlong */
		{ "\xed\xa0\x80", false },     /* surrogate */
		{ "\xf4\x90\x80\x80", false }, /* past the last code point */
		{ "\xf5\x80\x80\x80", false }, /* no lead byte */
		{ "\x80", false },             /* no lead byte */
		{ "\xe6\x8c", false },         /* cut short */
		{ "\xf0\x9f\x98", false },     /* cut short */
		{ "\xe6\x8c\x41", false },     /* the third byte is a letter */
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(curb_utf8_valid(curb_str(cases[i].text)), cases[i].valid);
	assert_false(curb_utf8_valid(curb_str_n("\xe6\x8c\x89", 2)));
}

static void str__utf8_points_come_one_by_one(void **unused)
{
	(void)unused;
	static const uint32_t points[] = { 'a', 0xe9, 0x6309, 0x1f600, 0xfffd, 'b' };
	struct curb_str text = curb_str("aé按😀\xff"
	                                "b");
	size_t offset = 0;
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(curb_utf8_next(text, &offset), points[i]);
	assert_int_equal(offset, text.len);
	assert_int_equal(curb_utf8_count(text), 6);
	assert_int_equal(curb_utf8_count(curb_str("")), 0);
}

static void str__hex_goes_there_and_back(void **unused)
{
	(void)unused;
	char text[7];
	unsigned char bytes[3];
	curb_hex("\x00\xab\xff", 3, text);
	assert_string_equal(text, "00abff");
	assert_true(curb_unhex(curb_str("00ABff"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xab\xff", 3);
	assert_false(curb_unhex(curb_str("00abf"), bytes, 3));
	assert_false(curb_unhex(curb_str("00abfff"), bytes, 3));
	assert_false(curb_unhex(curb_str("00abfg"), bytes, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(str__absent_is_not_empty),
		cmocka_unit_test(str__compares_exact_bytes),
		cmocka_unit_test(str__trims_and_skips),
		cmocka_unit_test(str__cuts_every_part_once),
		cmocka_unit_test(str__integers_are_whole_and_fit),
		cmocka_unit_test(str__utf8_is_strict),
		cmocka_unit_test(str__utf8_points_come_one_by_one),
		cmocka_unit_test(str__hex_goes_there_and_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
