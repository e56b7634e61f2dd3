/* Who came, from a file: it fills in the form, which is looked at and sent as any other. Nothing is saved before that. */
#include <unistd.h>

#include "cells.h"
#include "csv_read.h"
#include "curb/err.h"
#include "sheet.h"
#include "workbook.h"

enum { CSV_MOST = 256 << 10, NAME_LONGEST = 200 };

/* ---- the template: who is on the roster, the rest to be filled in ---- */

enum { HEADINGS = 6, GIVEN = 2 };
static const struct {
	const char *text;
	int width;
} headings[HEADINGS] = {
	{ CURB_TEXT("Number"), 40 }, { CURB_TEXT("Name"), 20 },      { CURB_TEXT("Minutes"), 10 },
	{ CURB_TEXT("Day"), 14 },    { CURB_TEXT("Begins at"), 12 }, { CURB_TEXT("Ends at"), 12 },
};

int credit_get_sheet_workbook(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct workbook_column columns[HEADINGS];
	struct sheet_class class;
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	struct curb_str *cells = curb_alloc_n(arena, class.n + 1, HEADINGS * sizeof *cells);
	for (size_t i = 0; i < HEADINGS; i++)
		columns[i] = (struct workbook_column){ curb_tr(req, headings[i].text, NULL),
			                               headings[i].width, i < GIVEN };
	for (size_t i = 0; i < class.n; i++) {
		cells[i * HEADINGS] = curb_id_str(&class.roster[i].person);
		cells[i * HEADINGS + 1] = class.roster[i].shown;
	}
	const struct workbook book = { .sheet = curb_tr(req, "Attendance", NULL),
		                       .columns = columns,
		                       .column_count = HEADINGS,
		                       .cells = cells,
		                       .row_count = class.n };
	return workbook_reply(req, &book, "attendance.xlsx");
}

int credit_get_sheet_template(struct curb_req *req, void *state)
{
	struct sheet_class class;
	struct curb_buf out = curb_buf(CSV_MOST);
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	csv_begin(&out);
	for (size_t i = 0; i < HEADINGS; i++)
		csv_cell(&out, curb_tr(req, headings[i].text, NULL), i + 1 < HEADINGS ? ',' : '\n');
	for (size_t i = 0; i < class.n; i++) {
		csv_cell(&out, curb_id_str(&class.roster[i].person), ',');
		csv_cell(&out, class.roster[i].shown, ',');
		for (size_t k = GIVEN; k < HEADINGS; k++)
			csv_cell(&out, curb_str(NULL), k + 1 < HEADINGS ? ',' : '\n');
	}
	return csv_reply(req, &out, "attendance.csv");
}

/* ---- reading ---- */

/* The bytes of the form's file. CURB_EINVAL with a text for the field. */
static int read_file(struct curb_req *req, struct curb_str *ret_bytes)
{
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	if (!file.name.ptr || file.name.len == 0)
		return curb_fail(CURB_EINVAL, "Choose the file first");
	if (file.name.len > NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "The file name is too long; give it a short one");
	if (file.size == 0 || file.size > CONTENT_TABLE_UPLOAD)
		return curb_fail(CURB_EINVAL, "This file is empty or too large; choose a list of one class");
	if (curb_req_body_fd(req) < 0) {
		*ret_bytes = curb_str_n(curb_req_body(req).ptr + file.from, (size_t)file.size);
		return 0;
	}
	char *bytes = curb_alloc(curb_req_arena(req), (size_t)file.size);
	if (pread(curb_req_body_fd(req), bytes, (size_t)file.size, (off_t)file.from) != (ssize_t)file.size)
		return curb_fail(CURB_EINTERNAL, "an uploaded list cannot be read");
	*ret_bytes = curb_str_n(bytes, (size_t)file.size);
	return 0;
}

/* An Excel workbook, or whatever else is no text and pretends to be a spreadsheet, is for the worker. */
static bool is_for_worker(struct curb_str bytes)
{
	return curb_str_starts(bytes, "PK\x03\x04") || curb_str_starts(bytes, "\xD0\xCF\x11\xE0");
}

/* What was read and what was not, for whoever looks at the form next. */
static void put_about(struct curb_req *req, const struct content_table *table, struct sheet_filled *filled)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *values = curb_object(arena);
	filled->about = curb_array(arena);
	curb_put_str(values, "sheet", table->sheet);
	curb_put_int(values, "others", table->others);
	curb_put_int(values, "hidden", table->hidden);
	curb_push(
		filled->about,
		curb_string(arena, table->others ?
	                                   curb_tr(req,
	                                           "Read from the sheet {sheet}. Sheets that were not read: "
	                                           "{others}",
	                                           values) :
	                                   curb_tr(req, "Read from the sheet {sheet}", values)));
	if (table->hidden)
		curb_push(filled->about,
		          curb_string(arena, curb_tr(req,
		                                     "Rows that the spreadsheet hides, and that were read as "
		                                     "well: {hidden}",
		                                     values)));
}

static int read_list(struct sheet_reading *reading, struct curb_str bytes,
                     const struct content_table **ret_table)
{
	struct curb_req *req = reading->req;
	const struct content_api *content = reading->class->c->content;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str text;
	if (is_for_worker(bytes)) {
		int err = content->table(content, arena, bytes, curb_req_lang(req), ret_table);
		if (!err)
			sheet_read_table(reading, *ret_table);
		return err;
	}
	if (bytes.len > CSV_MOST || !csv_text(arena, bytes, &text))
		return curb_fail(CURB_EINVAL,
		                 "This is no list of one class; choose an Excel workbook (.xlsx) or a "
		                 "CSV file");
	sheet_read_csv(reading, text);
	return 0;
}

int credit_post_sheet_file(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct sheet_class class;
	struct curb_str bytes = { 0 };
	const struct content_table *table = NULL;
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	struct sheet_reading reading = sheet_reading_of(req, &class);
	err = read_file(req, &bytes);
	if (!err)
		err = read_list(&reading, bytes, &table);
	if (err == CURB_EINVAL || err == CURB_EUNFIT || err == CURB_EBUSY)
		return sheet_show_file(req, &class, NULL, curb_dup(arena, curb_str(curb_error_local())),
		                       NULL);
	if (err)
		return err;
	if (curb_value_count(reading.faults) > 0) {
		struct curb_value *values = curb_object(arena);
		curb_put_int(values, "good", reading.good);
		return sheet_show_file(req, &class, NULL,
		                       curb_tr(req,
		                               "Mend the rows that are named below. Rows that are right: "
		                               "{good}. Nothing is saved yet",
		                               values),
		                       reading.faults);
	}
	if (reading.good == 0)
		return sheet_show_file(req, &class, NULL,
		                       curb_tr(req, "There is no trainee in this file", NULL), NULL);
	struct sheet_filled filled = sheet_filled_of(&reading);
	if (table)
		put_about(req, table, &filled);
	return sheet_show_file(req, &class, &filled, curb_str(NULL), NULL);
}
