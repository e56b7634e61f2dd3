/* Columns of a list: how a map of them is kept, and each form written and read. */
#include "cm.h"
#include "columns.h"
#include "curb/buf.h"

static struct curb_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = curb_arena_new(4 << 20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	curb_arena_free(arena);
	return 0;
}

static struct column of(const char *word)
{
	const struct column column = { column_kind_named(curb_str(word)), curb_str("Heading"),
		                       curb_str("good"), curb_str("bad") };
	assert_non_null(column.kind);
	return column;
}

/* 40 class hours of 45 minutes; the class from 2027-03-01 to 2027-05-30 at the place. */
static struct record record_of(void)
{
	return (struct record){ .programme = curb_str("Massage"),
		                .institution = curb_str("Base"),
		                .name = curb_str("Li"),
		                .starts_ms = 1803830400000, /* 2027-02-28T16:00Z */
		                .ends_ms = 1811606400000,
		                .hour_s = 2700,
		                .total_s = 108000,
		                .online_s = 43200,
		                .offline_s = 64801,
		                .counted_s = 108001,
		                .theory = 2,
		                .practice = 2,
		                .code = curb_str("K9F4CX6F"),
		                .issued_ms = 1811606400000 };
}

/* What stands in that column of the record. */
static const char *written(const char *word, const struct record *record)
{
	const struct column column = of(word);
	const struct cell cell = cell_of(&column, record, curb_str("370102"));
	return curb_cstr(arena, cell_text(arena, &column, &cell));
}

/* A cell as it is read and written again. */
static const char *read_again(const char *word, const char *text)
{
	const struct column column = of(word);
	struct cell cell = { 0 };
	assert_int_equal(cell_read(&column, curb_str(text), &cell), CELL_RIGHT);
	return curb_cstr(arena, cell_text(arena, &column, &cell));
}

static enum cell_fault fault_of(const char *word, const char *text)
{
	const struct column column = of(word);
	struct cell cell = { 0 };
	enum cell_fault fault = cell_read(&column, curb_str(text), &cell);
	assert_false(cell.some);
	return fault;
}

/* ---- maps ---- */

static void columns__a_map_is_read_as_it_was_written(void **state)
{
	struct column columns[2] = { of("result"), of("online-min") }, *again = NULL;
	struct curb_buf out = curb_buf(4096);
	size_t n = 0;
	(void)state;
	columns[1].yes = columns[1].no = curb_str("");
	columns_write(&out, columns, 2);
	assert_true(columns_read(arena, curb_buf_view(&out), &again, &n));
	assert_int_equal(n, 2);
	for (int i = 0; i < 2; i++) {
		assert_ptr_equal(again[i].kind, columns[i].kind);
		assert_true(curb_str_eq(again[i].heading, columns[i].heading));
		assert_true(curb_str_eq(again[i].yes, columns[i].yes));
		assert_true(curb_str_eq(again[i].no, columns[i].no));
	}
	curb_buf_free(&out);
	assert_true(columns_read(arena, curb_str(""), &again, &n));
	assert_int_equal(n, 0);
}

static void columns__what_is_no_map_is_told(void **state)
{
	static const char *const none[] = { "name",         "name\t",          "name\tA",
		                            "name\tA\tyes", "colour\tA\t\t\n", "name\tA\t\t\nname" };
	struct column *columns = NULL;
	struct curb_buf out = curb_buf(1 << 16);
	size_t n = 7;
	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_false(columns_read(arena, curb_str(none[i]), &columns, &n));
	for (int i = 0; i < COLUMNS_MOST; i++)
		curb_buf_text(&out, "name\tA\t\t\n");
	assert_true(columns_read(arena, curb_buf_view(&out), &columns, &n));
	curb_buf_text(&out, "name\tA\t\t\n");
	assert_false(columns_read(arena, curb_buf_view(&out), &columns, &n));
	assert_int_equal(n, COLUMNS_MOST);
	curb_buf_free(&out);
}

static void columns__headings_are_one_short_line(void **state)
{
	char text[COLUMN_TEXT + 2];
	(void)state;
	assert_true(column_text_fits(curb_str("\xe5\xa7\x93\xe5\x90\x8d")));
	assert_true(column_text_fits(curb_str("")));
	assert_false(column_text_fits(curb_str("a\tb")));
	assert_false(column_text_fits(curb_str("a\x7f")));
	assert_false(column_text_fits(curb_str("\xff")));
	memset(text, 'a', sizeof text);
	assert_true(column_text_fits(curb_str_n(text, COLUMN_TEXT)));
	assert_false(column_text_fits(curb_str_n(text, COLUMN_TEXT + 1)));
}

static void columns__every_kind_has_its_own_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < COLUMN_KINDS; i++)
		assert_ptr_equal(column_kind_named(curb_str(column_kinds[i].word)), &column_kinds[i]);
	assert_null(column_kind_named(curb_str("colour")));
	assert_null(column_kind_named(curb_str("")));
}

/* ---- forms ---- */

static void columns__each_form_of_a_record_is_written(void **state)
{
	static const struct {
		const char *word, *text;
	} all[] = {
		{ "name", "Li" },
		{ "number", "370102" },
		{ "programme", "Massage" },
		{ "institution", "Base" },
		{ "online", "16.00" },
		{ "online-min", "720" },
		{ "offline", "24.00" },
		{ "offline-min", "1080" },
		{ "counted", "40.00" },
		{ "counted-min", "1800" },
		{ "planned", "40.00" },
		{ "planned-min", "1800" },
		{ "result", "good" },
		{ "code", "K9F4CX6F" },
		{ "starts", "2027-03-01" },
		{ "starts-slash", "2027/03/01" },
		{ "starts-digits", "20270301" },
		{ "ends", "2027-05-30" },
		{ "ends-slash", "2027/05/30" },
		{ "ends-digits", "20270530" },
		{ "issued", "2027-05-30" },
		{ "issued-slash", "2027/05/30" },
		{ "issued-digits", "20270530" },
		{ "fixed", "good" },
		{ "nothing", "" },
	};
	const struct record record = record_of();
	(void)state;
	assert_int_equal(sizeof all / sizeof *all, COLUMN_KINDS);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		assert_string_equal(written(all[i].word, &record), all[i].text);
}

static void columns__what_is_not_there_is_an_empty_cell(void **state)
{
	struct record record = record_of();
	(void)state;
	record.theory = 0;
	record.code = curb_str("");
	record.issued_ms = 0;
	assert_string_equal(written("result", &record), "");
	assert_string_equal(written("code", &record), "");
	assert_string_equal(written("issued", &record), "");
	record.theory = 1;
	assert_string_equal(written("result", &record), "bad");
	record.theory = 2;
	record.practice = 1;
	assert_string_equal(written("result", &record), "bad");
	record.practice = 0;
	assert_string_equal(written("result", &record), "");
}

static void columns__figures_are_read_in_their_form(void **state)
{
	(void)state;
	assert_string_equal(read_again("online", "16"), "16.00");
	assert_string_equal(read_again("online", "16.5"), "16.50");
	assert_string_equal(read_again("online", "13.3399"), "13.33"); /* as ours are cut off */
	assert_string_equal(read_again("online", ""), "");
	static const char *const none[] = { "x",    "16.",        ".5",      "16,5", "-1",
		                            "16 h", "1234567890", "3.7E+17", "1.5x" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(fault_of("online", none[i]), CELL_NO_FIGURE);
	assert_string_equal(read_again("online-min", "720"), "720");
	assert_string_equal(read_again("online-min", "720.00"), "720");
	assert_int_equal(fault_of("online-min", "720.5"), CELL_NO_FIGURE);
	assert_int_equal(fault_of("online-min", "twelve"), CELL_NO_FIGURE);
}

static void columns__days_are_read_with_any_mark_between(void **state)
{
	static const char *const right[] = { "2027-03-01", "2027/3/1", "2027.03.1", "20270301" };
	static const char *const none[] = { "2027-02-29", "2027-03-32", "2027-03-00", "2027-13-01",
		                            "2027-00-01", "01/03/2027", "2027",       "2027-03",
		                            "2027-03/01", "202703011",  "2027-03-0x", "1969-12-31",
		                            "2027031",    "2027-03-",   "46447" };
	(void)state;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++)
		assert_string_equal(read_again("starts", right[i]), "2027-03-01");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(fault_of("starts", none[i]), CELL_NO_DAY);
	assert_string_equal(read_again("ends-digits", "2028-02-29"), "20280229");
}

static void columns__the_two_words_are_those_of_the_map(void **state)
{
	(void)state;
	assert_string_equal(read_again("result", "good"), "good");
	assert_string_equal(read_again("result", "b a d"), "bad");
	assert_string_equal(read_again("result", ""), "");
	assert_int_equal(fault_of("result", "fine"), CELL_NO_WORD);
}

static void columns__a_rounded_number_and_a_long_cell_are_told(void **state)
{
	char text[CELL_MOST + 2];
	(void)state;
	assert_int_equal(fault_of("number", "3.7E+17"), CELL_SPOILT);
	assert_int_equal(fault_of("code", "370102000000000000"), CELL_SPOILT);
	assert_string_equal(read_again("name", "3.7E+17"), "3.7E+17");
	assert_string_equal(read_again("number", "11010519491231002X44"), "11010519491231002X44");
	memset(text, 'a', sizeof text);
	text[CELL_MOST + 1] = '\0';
	assert_int_equal(fault_of("name", text), CELL_LONG);
	text[CELL_MOST] = '\0';
	assert_string_equal(read_again("name", text), text);
}

/* ---- two of them ---- */

static bool same(const char *word, const char *one, const char *other)
{
	const struct column column = of(word);
	struct cell a = { 0 }, b = { 0 };
	assert_int_equal(cell_read(&column, curb_str(one), &a), CELL_RIGHT);
	assert_int_equal(cell_read(&column, curb_str(other), &b), CELL_RIGHT);
	return cell_same(&column, &a, &b);
}

static void columns__blanks_and_the_way_of_writing_make_no_difference(void **state)
{
	(void)state;
	assert_true(same("name", "\xe5\xbc\xa0\xe4\xb8\x89",
	                 "\xe5\xbc\xa0\xe3\x80\x80\xe4\xb8\x89")); /* wide blank */
	assert_true(same("name",
	                 "a\xc2\xa0"
	                 "b",
	                 "a b"));
	assert_false(same("name", "a", "A"));
	assert_false(same("name", "a-b", "ab"));
	assert_false(same("name", "ab", "a"));
	assert_true(same("code", "k9f4-cx6f", "K9F4CX6F"));
	assert_false(same("code", "k9f4-cx6g", "K9F4CX6F"));
	assert_false(same("code", "{", "["));
	assert_true(same("online", "16", "16.00"));
	assert_false(same("online", "16", "16.01"));
	assert_false(same("online", "16", ""));
	assert_true(same("online", "", ""));
	assert_true(same("starts", "2027/3/1", "20270301"));
}

static void columns__what_figures_differ_by_is_told_with_its_sign(void **state)
{
	static const struct cell none = { 0 }, less = { .some = true, .number = 1350 },
				 more = { .some = true, .number = 1600 };
	const struct column hours = of("online"), minutes = of("online-min"), day = of("starts");
	(void)state;
	assert_true(curb_str_is(cell_difference(arena, &hours, &more, &less), "+2.50"));
	assert_true(curb_str_is(cell_difference(arena, &hours, &less, &more), "-2.50"));
	assert_true(curb_str_is(cell_difference(arena, &hours, &less, &none), "+13.50"));
	assert_true(curb_str_is(cell_difference(arena, &minutes, &none, &more), "-1600"));
	assert_true(curb_str_is(cell_difference(arena, &minutes, &more, &less), "+250"));
	assert_true(curb_str_is(cell_difference(arena, &day, &more, &less), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns__a_map_is_read_as_it_was_written),
		cmocka_unit_test(columns__what_is_no_map_is_told),
		cmocka_unit_test(columns__headings_are_one_short_line),
		cmocka_unit_test(columns__every_kind_has_its_own_word),
		cmocka_unit_test(columns__each_form_of_a_record_is_written),
		cmocka_unit_test(columns__what_is_not_there_is_an_empty_cell),
		cmocka_unit_test(columns__figures_are_read_in_their_form),
		cmocka_unit_test(columns__days_are_read_with_any_mark_between),
		cmocka_unit_test(columns__the_two_words_are_those_of_the_map),
		cmocka_unit_test(columns__a_rounded_number_and_a_long_cell_are_told),
		cmocka_unit_test(columns__blanks_and_the_way_of_writing_make_no_difference),
		cmocka_unit_test(columns__what_figures_differ_by_is_told_with_its_sign),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
