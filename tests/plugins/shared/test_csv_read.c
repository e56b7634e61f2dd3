/* Lists as spreadsheets write them, and the numbers that they spoil. */
#include "cm.h"
#include "csv_read.h"

enum { CELLS = 3 };

struct row {
	struct curb_str cells[CELLS];
	size_t n;
};

static bool cut(struct curb_str *rest, char mark, struct row *ret_row)
{
	static char bytes[4096];
	char *room = bytes;
	assert_true(rest->len < sizeof bytes);
	return csv_row(rest, mark, &room, ret_row->cells, CELLS, &ret_row->n);
}

static void csv__rows_have_quotations_blanks_and_any_line_end(void **state)
{
	(void)state;
	struct curb_str rest = curb_str("a, b ,c\r\n\"x,\"\"y\"\"\nz\",2,3,4\n,,\nlast");
	struct row row;
	assert_true(cut(&rest, ',', &row));
	assert_int_equal(row.n, 3);
	assert_true(curb_str_is(row.cells[1], "b"));
	assert_true(curb_str_is(row.cells[2], "c"));
	assert_true(cut(&rest, ',', &row));
	assert_int_equal(row.n, 3); /* what is behind the third is left out */
	assert_true(curb_str_is(row.cells[0], "x,\"y\"\nz"));
	assert_true(cut(&rest, ',', &row));
	assert_int_equal(row.n, 3);
	assert_int_equal(row.cells[0].len + row.cells[1].len + row.cells[2].len, 0);
	assert_true(cut(&rest, ',', &row));
	assert_int_equal(row.n, 1);
	assert_true(curb_str_is(row.cells[0], "last"));
	assert_int_equal(rest.len, 0);
}

static void csv__an_open_quotation_is_told(void **state)
{
	(void)state;
	static const char *const open[] = { "\"a", "a,\"b\n", "\"a\"\"" };
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		struct curb_str rest = curb_str(open[i]);
		struct row row;
		assert_false(cut(&rest, ',', &row));
	}
}

static void csv__marks_are_those_of_the_first_line(void **state)
{
	(void)state;
	assert_int_equal(csv_mark(curb_str("a;b,c;d\n,,,,,")), ';');
	assert_int_equal(csv_mark(curb_str("a\tb\n;;")), '\t');
	assert_int_equal(csv_mark(curb_str("a\n")), ',');
	assert_int_equal(csv_mark(curb_str("")), ',');
}

static void csv__numbers_that_a_spreadsheet_spoilt_are_known(void **state)
{
	(void)state;
	static const char *const spoilt[] = { "6.22E+17", "3.7e+19", "1E+5", "622000000000000000",
		                              "1234567890123000" };
	static const char *const whole[] = {
		"",     "13800001001", "622123456789012345", "100000000000000", "learner1", "E+5",
		"12.5", "王小明",      "1234567890123400x"
	};
	for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++)
		assert_true(csv_is_spoilt(curb_str(spoilt[i])));
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		assert_false(csv_is_spoilt(curb_str(whole[i])));
}

static void csv__text_is_utf16_when_its_mark_says_so(void **state)
{
	(void)state;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str text;
	assert_true(csv_text(arena, curb_str_n("\xff\xfe\x8b\x73,\0\x31\0", 8), &text));
	assert_true(curb_str_is(text, "\xe7\x8e\x8b,1"));
	assert_true(csv_text(arena, curb_str_n("\xfe\xff\x73\x8b\0,\0\x31", 8), &text));
	assert_true(curb_str_is(text, "\xe7\x8e\x8b,1"));
	assert_false(csv_text(arena, curb_str_n("\xff\xfe\x8b\x73,", 5), &text)); /* half a character */
	assert_false(csv_text(arena, curb_str_n("\xff\xfe\0\xd8,\0", 6), &text)); /* half a pair */
	assert_false(csv_text(arena, curb_str_n("\xff\xfe\0\0", 4), &text));
	curb_arena_free(arena);
}

static void csv__text_is_utf8_or_gb18030(void **state)
{
	(void)state;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str text;
	assert_true(csv_text(arena, curb_str("\xef\xbb\xbf\xe7\x8e\x8b,1"), &text));
	assert_true(curb_str_is(text, "\xe7\x8e\x8b,1"));
	assert_true(
		csv_text(arena, curb_str("\xcd\xf5,1"), &text)); /* the same, as Excel in China saves it */
	assert_true(curb_str_is(text, "\xe7\x8e\x8b,1"));
	assert_false(csv_text(arena, curb_str("\xff\xff\xff"), &text));
	assert_false(csv_text(arena, curb_str_n("a\0b", 3), &text));
	curb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv__rows_have_quotations_blanks_and_any_line_end),
		cmocka_unit_test(csv__an_open_quotation_is_told),
		cmocka_unit_test(csv__marks_are_those_of_the_first_line),
		cmocka_unit_test(csv__numbers_that_a_spreadsheet_spoilt_are_known),
		cmocka_unit_test(csv__text_is_utf8_or_gb18030),
		cmocka_unit_test(csv__text_is_utf16_when_its_mark_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
