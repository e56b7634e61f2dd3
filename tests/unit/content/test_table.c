/* Spreadsheets: what cells say, and workbooks good and bad through the real worker. */
#include "intake_bench.h"

#include "table.h"

/* ---- cells ---- */

static const struct {
	const char *digits, *code;
	int64_t format;
	const char *text; /* NULL: no number */
} numbers[] = {
	{ "45", NULL, 0, "45" },
	{ "4.5E1", NULL, 0, "45" },
	{ "89.99999999999999", NULL, 0, "90" },
	{ "0.1", NULL, 0, "0.1" },
	{ "-3", NULL, 0, "-3" },
	{ "7", "00000", 164, "00007" },
	{ "13800001001", NULL, 0, "13800001001" },
	{ "999999999999999", NULL, 0, "999999999999999" },
	{ "622123456789012345", NULL, 0, "6.22123456789012E+17" },
	{ "6.2199999999999999E+17", NULL, 1, "6.22E+17" },
	{ "1e15", "0", 164, "1E+15" },
	{ "46082", NULL, 14, "2026-03-01" },
	{ "46082.375", NULL, 22, "2026-03-01 9:00" },
	{ "46082.375", NULL, 14, "2026-03-01 9:00" },
	{ "46082", "yyyy\"h\"", 164, "2026-03-01" },
	{ "1", NULL, 14, "1900-01-01" },
	{ "59", NULL, 14, "1900-02-28" },
	{ "60", NULL, 14, "60" },
	{ "61", NULL, 14, "1900-03-01" },
	{ "2958465", NULL, 14, "9999-12-31" },
	{ "2958466", NULL, 14, "2958466" },
	{ "0.375", NULL, 20, "9:00" },
	{ "0.0625", "h:mm", 164, "1:30" },
	{ "0.999999999", NULL, 20, "24:00" },
	{ "1.5", "[h]:mm", 164, "36:00" },
	{ "0.00001157407", NULL, 21, "0:00:01" },
	{ "46082", "[Red]0.00", 164, "46082" },
	{ "46082", "General", 164, "46082" },
	{ "46082", "0.0\\d;yyyy", 164, "46082" },
	{ "-1", NULL, 14, "-1" },
	{ "46082", NULL, 28, "2026-03-01" },
	{ "0.5", NULL, 32, "12:00" },
	{ "", NULL, 0, NULL },
	{ "x", NULL, 0, NULL },
	{ "1 2", NULL, 0, NULL },
	{ "0x10", NULL, 0, NULL },
	{ "1e999", NULL, 0, NULL },
	{ "1.2.3", NULL, 0, NULL },
	{ "nan", NULL, 0, NULL },
};
static void cells__numbers_are_what_people_saw(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const struct table_look look = table_look_of(numbers[i].format, curb_str(numbers[i].code));
		struct curb_str text = table_number(bench->arena, curb_str(numbers[i].digits), &look, false);
		if (!curb_str_eq(text, curb_str(numbers[i].text)))
			print_message("%s: %.*s\n", numbers[i].digits, (int)text.len, text.ptr);
		assert_true(numbers[i].text ? curb_str_is(text, numbers[i].text) : !text.ptr);
	}
	const struct table_look day = table_look_of(14, curb_str(NULL));
	assert_true(curb_str_is(table_number(bench->arena, curb_str("44620"), &day, true), "2026-03-01"));
	assert_true(curb_str_is(table_number(bench->arena, curb_str("60"), &day, true), "1904-03-01"));
}

static void cells__places(void **state)
{
	(void)state;
	int64_t column = 0, row = 0;
	assert_true(table_place(curb_str("A1"), &column, &row) && column == 0 && row == 1);
	assert_true(table_place(curb_str("AB1048576"), &column, &row) && column == 27 && row == 1048576);
	assert_true(table_place(curb_str("C"), &column, &row) && column == 2 && row == 0);
	static const char *const wrong[] = { "",   "1",   "A0",    "A-1",
		                             "a1", "A1B", "ABCD1", "A99999999999999999999" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_false(table_place(curb_str(wrong[i]), &column, &row));
}

/* ---- workbooks ---- */

#define RELATIONS "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define LINK(id, type, target) "<Relationship Id='" id "' Type='" TYPES type "' Target='" target "'/>"

struct parts {
	const char *workbook, *strings, *styles, *sheet; /* NULL: one of the ordinary */
	size_t sheet_size;                               /* 0: up to its NUL */
};

static struct intake_package read_parts(struct bench *bench, const struct parts *parts)
{
	static const char types[] = "<Types/>",
			  top[] = RELATIONS LINK("r1", "/officeDocument",
	                                         "xl/workbook.xml") "</Relationships>",
			  links[] = RELATIONS LINK("r1", "/worksheet", "worksheets/s.xml")
				  LINK("r2", "/chartsheet", "chartsheets/c.xml")
					  LINK("r3", "/sharedStrings", "sharedStrings.xml")
						  LINK("r4", "/styles", "/xl/styles.xml") "</Relationships>";
	const char *workbook = parts->workbook ? parts->workbook :
	                                         "<workbook xmlns:r='x'><sheets><sheet name='One' r:id='r1'/>"
	                                         "</sheets></workbook>";
	const char *strings = parts->strings ? parts->strings : "<sst/>",
		   *styles = parts->styles ? parts->styles : "<styleSheet/>";
	size_t size = parts->sheet_size ? parts->sheet_size : strlen(parts->sheet);
	CURB_AUTO(buf) struct curb_buf packed = curb_buf(8 << 20), zip = curb_buf(8 << 20);
	zip_make_deflated(&packed, parts->sheet, size);
	const struct zip_item items[] = {
		{ .name = "[Content_Types].xml", .bytes = types, .size = strlen(types) },
		{ .name = "_rels/.rels", .bytes = top, .size = strlen(top) },
		{ .name = "xl/workbook.xml", .bytes = workbook, .size = strlen(workbook) },
		{ .name = "xl/_rels/workbook.xml.rels", .bytes = links, .size = strlen(links) },
		{ .name = "xl/sharedStrings.xml", .bytes = strings, .size = strlen(strings) },
		{ .name = "xl/styles.xml", .bytes = styles, .size = strlen(styles) },
		{ .name = "xl/worksheets/s.xml",
		  .bytes = packed.data,
		  .size = packed.len,
		  .deflate = true,
		  .unpacked = size,
		  .crc = zip_make_crc(parts->sheet, size) },
	};
	zip_make(&zip, items, sizeof items / sizeof *items);
	CURB_AUTO(fd) int fd = zip_make_fd(&zip);
	return take_table(bench, CURB_WORKER, fd, "list.xlsx");
}

/* "row: cell|cell", a line each. */
static const char *told(struct bench *bench, const struct content_table *table)
{
	const char *text = "";
	for (size_t i = 0; table && i < table->n; i++) {
		text = curb_printf(bench->arena, "%s%lld:", text, (long long)table->rows[i].number);
		for (size_t k = 0; k < table->rows[i].n; k++)
			text = curb_printf(bench->arena, "%s%s%.*s", text, k ? "|" : "",
			                   (int)table->rows[i].cells[k].len, table->rows[i].cells[k].ptr);
		text = curb_printf(bench->arena, "%s\n", text);
	}
	return text;
}

static void table__texts_of_every_kind(void **state)
{
	struct bench *bench = *state;
	const struct parts parts = {
		.strings = "<x:sst xmlns:x='y'><x:si><x:r><x:t> "
			   "王</x:t></x:r><x:r><x:rPr><x:b/></x:rPr><x:t>小明 "
			   "</x:t></x:r><x:rPh><x:t>wang</x:t></x:rPh></x:si><x:si><x:t/></x:si></x:sst>",
		.sheet = "<x:worksheet xmlns:x='y'><x:sheetData><x:row r='2'><x:c r='A2' "
			 "t='s'><x:v>0</x:v></x:c>"
			 "<x:c r='C2' t='inlineStr'><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t>&lt;b</x:t></x:r>"
			 "<x:rPh><x:t>no</x:t></x:rPh></x:is></x:c><x:c r='Q2' "
			 "t='str'><x:v>far</x:v></x:c></x:row>"
			 "<x:row><x:c t='s'><x:v>1</x:v></x:c><x:c t='b'><x:v>1</x:v></x:c><x:c "
			 "t='e'><x:v>#N/A</x:v>"
			 "</x:c><x:c t='d'><x:v>2027-03-01T09:00:00</x:v></x:c><x:c "
			 "t='str'><x:f>A1</x:f><x:v></x:v>"
			 "</x:c></x:row><x:row r='9'><x:c r='A9' s='3'/></x:row></x:sheetData></x:worksheet>",
	};
	struct intake_package package = read_parts(bench, &parts);
	show(&package);
	assert_non_null(package.table);
	assert_string_equal(told(bench, package.table), "2:王小明||a<b\n3:|1|#N/A|2027-03-01 09:00\n");
	assert_true(curb_str_is(package.table->sheet, "One"));
	assert_int_equal(files_in(bench), 0);
}

static void table__numbers_follow_their_styles(void **state)
{
	struct bench *bench = *state;
	const struct parts parts = {
		.workbook = "<workbook xmlns:r='x'><workbookPr date1904='true'/><sheets><sheet name='c' "
			    "r:id='r2'/>"
			    "<sheet name='h' state='veryHidden' r:id='r1'/><sheet name='s' r:id='r1'/>"
			    "<sheet name='t' r:id='r1'/></sheets></workbook>",
		.styles =
			"<styleSheet><numFmts><numFmt numFmtId='170' formatCode='yyyy-mm-dd h:mm'/></numFmts>"
			"<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs><cellXfs><xf numFmtId='0'/><xf "
			"numFmtId='14'/><xf numFmtId='170'/><xf numFmtId='18'/></cellXfs></styleSheet>",
		.sheet = "<worksheet><sheetData><row r='1' hidden='1'><c><v>1</v></c><c "
			 "s='1'><v>44620</v></c><c "
			 "s='2'><v>44620.375</v></c><c s='3'><v>0.375</v></c><c s='99'><v>5</v></c></row>"
			 "</sheetData></worksheet>",
	};
	struct intake_package package = read_parts(bench, &parts);
	assert_non_null(package.table);
	assert_string_equal(told(bench, package.table), "1:1|2026-03-01|2026-03-01 9:00|9:00|5\n");
	assert_true(curb_str_is(package.table->sheet, "s"));
	assert_int_equal(package.table->others, 1);
	assert_int_equal(package.table->hidden, 1);
}

#define SHEET(inside) "<worksheet><sheetData>" inside "</sheetData></worksheet>"

static void table__hostile_ones_are_refused(void **state)
{
	struct bench *bench = *state;
	static const struct {
		struct parts parts;
		const char *code;
	} cases[] = {
		{ { .sheet = "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet>&a;</worksheet>" }, "table.damaged" },
		{ { .sheet = SHEET("<row r='2'/><row r='2'/>") }, "table.damaged" },
		{ { .sheet = SHEET("<row r='1048577'/>") }, "table.damaged" },
		{ { .sheet = SHEET("<row r='1'><c r='B1'/><c r='A1'/></row>") }, "table.damaged" },
		{ { .sheet = SHEET("<row r='1'><c r='A2'><v>1</v></c></row>") }, "table.damaged" },
		{ { .sheet = SHEET("<row><c t='s'><v>0</v></c></row>") }, "table.damaged" },
		{ { .sheet = SHEET("<row><c><v>one</v></c></row>") }, "table.damaged" },
		{ { .sheet = SHEET("<row><c><v>1</v></c></row>"), .strings = "<sst>" }, "table.damaged" },
		{ { .sheet = "<worksheet><sheetData><row>" }, "table.damaged" },
		{ { .sheet = "\xff\xfe" }, "table.damaged" },
		{ { .sheet = SHEET(""), .workbook = "<document/>" }, "table.unknown" },
		{ { .sheet = SHEET(""), .workbook = "<workbook/>" }, "table.empty" },
		{ { .sheet = SHEET("<row><c><f>1</f></c></row>") }, "table.formula" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct intake_package package = read_parts(bench, &cases[i].parts);
		if (!find(&package, cases[i].code))
			print_message("%zu\n", i), show(&package);
		assert_non_null(find(&package, cases[i].code));
		assert_null(package.table);
	}
}

/* `inside` so often, between the ordinary beginning and end. */
static struct parts repeated(struct curb_buf *out, const char *before, const char *inside, int times,
                             const char *behind)
{
	curb_buf_text(out, "<worksheet><sheetData>");
	curb_buf_text(out, before);
	for (int i = 0; i < times; i++)
		curb_buf_text(out, inside);
	curb_buf_text(out, behind);
	curb_buf_text(out, "</sheetData></worksheet>");
	return (struct parts){ .sheet = out->data, .sheet_size = out->len };
}

static void table__size_count_and_ratio_are_bounded(void **state)
{
	struct bench *bench = *state;
	static const struct {
		const char *before, *inside, *behind;
		int times;
		const char *code; /* NULL: it is read */
	} cases[] = {
		{ "", "<row><c t='str'><v>x</v></c></row>", "", 2000, NULL },
		{ "", "<row><c t='str'><v>x</v></c></row>", "", 2001, "table.rows" },
		{ "", "<row/>", "", 100000, NULL },
		{ "<row><c t='str'><v>", "字", "</v></c></row>", 5000, NULL },
		{ "", "<x>", "", 70, "table.damaged" },
		{ "<row><c t='str'><v>", "                                ", "</v></c></row>", 1000000,
		  "table.large" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CURB_AUTO(buf) struct curb_buf sheet = curb_buf(64 << 20);
		const struct parts parts = repeated(&sheet, cases[i].before, cases[i].inside, cases[i].times,
		                                    cases[i].behind);
		struct intake_package package = read_parts(bench, &parts);
		if (cases[i].code && !find(&package, cases[i].code))
			print_message("%zu\n", i), show(&package);
		assert_true(cases[i].code ? find(&package, cases[i].code) != NULL : package.table != NULL);
	}
	CURB_AUTO(buf) struct curb_buf rows = curb_buf(64 << 20);
	CURB_AUTO(buf) struct curb_buf row = curb_buf(1 << 16);
	curb_buf_text(&row, "<row><c t='str'><v>");
	for (int i = 0; i < 300; i++)
		curb_buf_char(&row, (char)('a' + i % 26));
	curb_buf_text(&row, "</v></c></row>");
	const struct parts parts = repeated(&rows, "", row.data, 1000, "");
	struct intake_package package = read_parts(bench, &parts);
	assert_non_null(find(&package, "table.large"));
}

static void table__a_long_cell_is_cut_at_a_whole_character(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf sheet = curb_buf(1 << 20);
	const struct parts parts = repeated(&sheet, "<row><c t='str'><v>x", "字", 200, "</v></c></row>");
	struct intake_package package = read_parts(bench, &parts);
	assert_int_equal(package.table->rows[0].cells[0].len, 298);
}

/* ---- a worker that lies ---- */

static void table__lies_are_found_out(void **state)
{
	struct bench *bench = *state;
	static const char *const lies[] = { "table-none",  "table-list",   "table-number", "table-order",
		                            "table-empty", "table-many",   "table-long",   "table-columns",
		                            "table-sheet", "table-hidden", "honest",       "path-up",
		                            "crash",       "says-nothing" };
	CURB_AUTO(fd) int fd = memfd_create("empty", MFD_CLOEXEC);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct intake_package package = take_table(bench, CURB_LIAR, fd, lies[i]);
		if (package.table || !find(&package, "worker.stopped"))
			print_message("%s\n", lies[i]);
		assert_true(package.refused);
		assert_null(package.table);
		assert_non_null(find(&package, "worker.stopped"));
		assert_int_equal(files_in(bench), 0);
	}
	assert_non_null(take_table(bench, CURB_LIAR, fd, "table-honest").table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cells__numbers_are_what_people_saw, set_up, tear_down),
		cmocka_unit_test(cells__places),
		cmocka_unit_test_setup_teardown(table__texts_of_every_kind, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table__numbers_follow_their_styles, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table__hostile_ones_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table__size_count_and_ratio_are_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(table__a_long_cell_is_cut_at_a_whole_character, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(table__lies_are_found_out, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
