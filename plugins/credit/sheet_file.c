/* Who came, from a file: it fills in the form, which is looked at and sent as any other. Nothing is saved before that. */
#include <unistd.h>

#include "cells.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "sheet.h"
#include "sheet_csv.h"

enum { FILE_MOST = 256 << 10, COLUMNS = 3, FAULTS_MOST = 20, CELL_LONGEST = 200 };

/* ---- the template ---- */

int credit_get_sheet_template(struct curb_req *req, void *state)
{
	struct sheet_class class;
	struct curb_buf out = curb_buf(FILE_MOST);
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	csv_begin(&out);
	csv_cell(&out, curb_tr(req, "Number", NULL), ',');
	csv_cell(&out, curb_tr(req, "Name", NULL), ',');
	csv_cell(&out, curb_tr(req, "Minutes", NULL), '\n');
	for (size_t i = 0; i < class.n; i++) {
		csv_cell(&out, curb_id_str(&class.roster[i].person), ',');
		csv_cell(&out, class.roster[i].shown, ',');
		csv_cell(&out, curb_str(NULL), '\n');
	}
	return csv_reply(req, &out, "attendance.csv");
}

/* ---- reading ---- */

struct reading {
	struct curb_req *req;
	const struct sheet_class *class;
	int64_t *minutes; /* of each on the roster; 0: not in the file, or without minutes */
	int64_t *rows;    /* in which each of them was */
	struct curb_value *faults;
	int64_t row, good;
};

static void fault(struct reading *reading, const char *source, struct curb_str value, int64_t number)
{
	struct curb_value *values = curb_object(curb_req_arena(reading->req));
	curb_put_int(values, "row", reading->row);
	curb_put_str(values, "value", value);
	curb_put_int(values, "other", number);
	if (curb_value_count(reading->faults) < FAULTS_MOST)
		curb_push(reading->faults,
		          curb_string(curb_req_arena(reading->req), curb_tr(reading->req, source, values)));
}

/* The place on the roster of a number or a name; -1: none, -2: several of that name. */
static int64_t place_of(const struct reading *reading, struct curb_str said)
{
	struct curb_user user;
	int64_t found = -1;
	for (size_t i = 0; i < reading->class->n; i++) {
		const struct credit_trainee *one = &reading->class->roster[i];
		if (curb_str_is(said, one->person.text))
			return (int64_t)i;
		if (curb_str_eq(said, one->shown))
			found = found == -1 ? (int64_t)i : -2;
	}
	if (found != -1 || curb_person_find(curb_req_tx(reading->req), said, curb_wall_ms(), &user) != 0)
		return found;
	for (size_t i = 0; i < reading->class->n; i++)
		if (strcmp(reading->class->roster[i].person.text, user.id.text) == 0)
			return (int64_t)i;
	return -1;
}

static void read_row(struct reading *reading, const struct curb_str *cells)
{
	enum { MINUTES_MOST = 24 * 60 };
	struct curb_str who = cells[0].len ? cells[0] : cells[1];
	int64_t at = -1, minutes = 0;
	if (!who.len && !cells[2].len)
		return;
	if (who.len > CELL_LONGEST || cells[2].len > CELL_LONGEST) {
		fault(reading, CURB_TEXT("Row {row}: a cell is too long"), who, 0);
		return;
	}
	at = who.len ? place_of(reading, who) : -1;
	if (at < 0 && csv_is_spoilt(who))
		fault(reading,
		      CURB_TEXT(
			      "Row {row}: the number was changed by the spreadsheet to {value}, and its last "
			      "digits are lost. Set the column to Text, type it again, upload again"),
		      who, 0);
	else if (at == -2)
		fault(reading, CURB_TEXT("Row {row}: several trainees are called {value}; give the number"),
		      who, 0);
	else if (at < 0)
		fault(reading, CURB_TEXT("Row {row}: {value} is not on the roster of the class"), who, 0);
	else if (reading->rows[at])
		fault(reading, CURB_TEXT("Row {row}: this trainee stands in row {other} already"), who,
		      reading->rows[at]);
	else if (cells[2].len && !draft_read_number(cells[2], 0, MINUTES_MOST, &minutes))
		fault(reading, CURB_TEXT("Row {row}: {value} is no number of minutes; write a whole number"),
		      cells[2], 0);
	else
		reading->good++;
	if (at < 0)
		return;
	reading->rows[at] = reading->row;
	reading->minutes[at] = minutes;
}

static void read_rows(struct reading *reading, struct curb_str text)
{
	enum { ROWS_MOST = 2 * SHEET_TRAINEES_MOST };
	char mark = csv_mark(text), *room = curb_alloc(curb_req_arena(reading->req), text.len + 1);
	for (reading->row = 1; text.len > 0; reading->row++) {
		struct curb_str cells[COLUMNS] = { { "", 0 }, { "", 0 }, { "", 0 } };
		size_t n = 0;
		if (reading->row > ROWS_MOST) {
			fault(reading,
			      CURB_TEXT("Row {row}: the file has more rows than a class has trainees"),
			      curb_str(""), 0);
			return;
		}
		if (!csv_row(&text, mark, &room, cells, COLUMNS, &n)) {
			fault(reading, CURB_TEXT("Row {row}: a quotation mark is not closed"), curb_str(""),
			      0);
			return;
		}
		if (reading->row > 1) /* the first has the headings */
			read_row(reading, cells);
	}
}

/* The bytes of the form's file. CURB_EINVAL with a text for the field. */
static int read_file(struct curb_req *req, struct curb_str *ret_bytes)
{
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	if (!file.name.ptr || file.name.len == 0)
		return curb_fail(CURB_EINVAL, "Choose the file first");
	if (file.name.len > CELL_LONGEST)
		return curb_fail(CURB_EINVAL, "The file name is too long; give it a short one");
	if (file.size == 0 || file.size > FILE_MOST)
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

/* Those with the most minutes were there for all of it, when that makes hundredths of a class hour. */
static struct sheet_filled filled_of(const struct reading *reading)
{
	struct sheet_filled filled = { .minutes = reading->minutes };
	int64_t hour_s = reading->class->cohort.hour_s, most = 0;
	for (size_t i = 0; i < reading->class->n; i++)
		most = reading->minutes[i] > most ? reading->minutes[i] : most;
	filled.hours_c = (most * 60 * 100 + hour_s - 1) / hour_s;
	if (most * 60 * 100 % hour_s == 0)
		filled.whole = most;
	return filled;
}

int credit_post_sheet_file(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct sheet_class class;
	struct curb_str bytes, text;
	int err = sheet_class_of(req, state, &class);
	if (err)
		return err;
	struct reading reading = { .req = req,
		                   .class = &class,
		                   .minutes = curb_alloc_n(arena, class.n + 1, sizeof *reading.minutes),
		                   .rows = curb_alloc_n(arena, class.n + 1, sizeof *reading.rows),
		                   .faults = curb_array(arena) };
	err = read_file(req, &bytes);
	if (!err && !csv_text(arena, bytes, &text))
		err = curb_fail(CURB_EINVAL,
		                "This is no list in text form; save it as CSV, then choose that file");
	if (err == CURB_EINVAL)
		return sheet_show_file(req, &class, NULL, curb_dup(arena, curb_str(curb_error_local())),
		                       NULL);
	if (err)
		return err;
	read_rows(&reading, text);
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
	const struct sheet_filled filled = filled_of(&reading);
	return sheet_show_file(req, &class, &filled, curb_str(NULL), NULL);
}
