/* The rows of a list of who came, whatever file they were in: found on the roster, or told what is wrong with them. */
#include "csv_read.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "sheet.h"

enum {
	COLUMNS = 6,
	FAULTS_MOST = 20,
	CELL_LONGEST = SHEET_TEXT_LONGEST,
	ROWS_MOST = 2 * SHEET_TRAINEES_MOST
};

struct sheet_reading sheet_reading_of(struct curb_req *req, const struct sheet_class *class)
{
	struct curb_arena *arena = curb_req_arena(req);
	return (struct sheet_reading){
		.req = req,
		.class = class,
		.minutes = curb_alloc_n(arena, class->n + 1, sizeof(int64_t)),
		.rows = curb_alloc_n(arena, class->n + 1, sizeof(int64_t)),
		.faults = curb_array(arena),
	};
}

/* `cell`: its place in the row. */
static void fault(struct sheet_reading *reading, const char *source, int cell, struct curb_str value,
                  int64_t number)
{
	static const char *const columns[COLUMNS] = { "A", "B", "C", "D", "E", "F" };
	struct curb_value *values = curb_object(curb_req_arena(reading->req));
	curb_put_int(values, "row", reading->row);
	curb_put_text(values, "column", columns[cell]);
	curb_put_str(values, "value", value);
	curb_put_int(values, "other", number);
	if (curb_value_count(reading->faults) < FAULTS_MOST)
		curb_push(reading->faults,
		          curb_string(curb_req_arena(reading->req), curb_tr(reading->req, source, values)));
}

/* The place on the roster of a number or a name; -1: none, -2: several of that name. */
static int64_t place_of(const struct sheet_reading *reading, struct curb_str said)
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

/* One of the two times, or the day, which stand in any row, and in all the same. */
static void keep(struct sheet_reading *reading, int cell, struct curb_str said, int64_t value, bool *has,
                 int64_t *kept)
{
	if (*has && *kept != value)
		fault(reading,
		      CURB_TEXT("Row {row}, column {column}: another row says something else than {value}; a "
		                "file is "
		                "of one lesson"),
		      cell, said, 0);
	*has = true;
	*kept = value;
}

static void read_lesson(struct sheet_reading *reading, const struct curb_str *cells)
{
	enum { DAY = 3, FROM, TO };
	struct sheet_lesson *lesson = &reading->lesson;
	int64_t value = 0;
	for (int cell = DAY; cell <= TO; cell++) {
		struct curb_str said = cells[cell];
		if (!said.len)
			continue;
		if (cell == DAY && !sheet_read_day(said, &value))
			fault(reading,
			      CURB_TEXT("Row {row}, column {column}: {value} is no day; write it as "
			                "2027-03-01"),
			      cell, said, 0);
		else if (cell != DAY && !sheet_read_time(said, &value))
			fault(reading,
			      CURB_TEXT("Row {row}, column {column}: {value} is no time; write it as 9:00 or "
			                "14:30"),
			      cell, said, 0);
		else if (cell == DAY)
			keep(reading, cell, said, value, &lesson->has_day, &lesson->day);
		else if (cell == FROM)
			keep(reading, cell, said, value, &lesson->has_from, &lesson->from);
		else
			keep(reading, cell, said, value, &lesson->has_to, &lesson->to);
	}
}

static bool has_long_cell(const struct curb_str *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (cells[i].len > CELL_LONGEST)
			return true;
	return false;
}

static void read_row(struct sheet_reading *reading, const struct curb_str *cells)
{
	enum { MINUTES_MOST = 24 * 60 };
	int place = cells[0].len ? 0 : 1;
	struct curb_str who = cells[place];
	int64_t at = -1, minutes = 0;
	if (has_long_cell(cells)) {
		fault(reading, CURB_TEXT("Row {row}: a cell is too long"), place, who, 0);
		return;
	}
	read_lesson(reading, cells);
	if (!who.len && !cells[2].len)
		return;
	at = who.len ? place_of(reading, who) : -1;
	if (at < 0 && csv_is_spoilt(who))
		fault(reading,
		      CURB_TEXT(
			      "Row {row}, column {column}: the number was changed by the spreadsheet to "
			      "{value}, and its last digits are lost. Set the column to Text, type it again, "
			      "upload again"),
		      place, who, 0);
	else if (at == -2)
		fault(reading, CURB_TEXT("Row {row}: several trainees are called {value}; give the number"),
		      place, who, 0);
	else if (at < 0)
		fault(reading, CURB_TEXT("Row {row}: {value} is not on the roster of the class"), place, who,
		      0);
	else if (reading->rows[at])
		fault(reading, CURB_TEXT("Row {row}: this trainee stands in row {other} already"), place, who,
		      reading->rows[at]);
	else if (cells[2].len && !draft_read_number(cells[2], 0, MINUTES_MOST, &minutes))
		fault(reading, CURB_TEXT("Row {row}: {value} is no number of minutes; write a whole number"),
		      2, cells[2], 0);
	else
		reading->good++;
	if (at < 0)
		return;
	reading->rows[at] = reading->row;
	reading->minutes[at] = minutes;
}

static bool too_many(struct sheet_reading *reading)
{
	if (reading->row <= ROWS_MOST)
		return false;
	fault(reading, CURB_TEXT("Row {row}: the file has more rows than a class has trainees"), 0,
	      curb_str(""), 0);
	return true;
}

static void empty(struct curb_str *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		cells[i] = curb_str("");
}

void sheet_read_table(struct sheet_reading *reading, const struct content_table *table)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct content_table_row *row = &table->rows[i];
		struct curb_str cells[COLUMNS];
		reading->row = row->number;
		empty(cells);
		if (too_many(reading))
			return;
		for (size_t k = 0; k < row->n && k < COLUMNS; k++)
			cells[k] = row->cells[k];
		if (reading->row > 1) /* the first has the headings */
			read_row(reading, cells);
	}
}

void sheet_read_csv(struct sheet_reading *reading, struct curb_str text)
{
	char mark = csv_mark(text), *room = curb_alloc(curb_req_arena(reading->req), text.len + 1);
	for (reading->row = 1; text.len > 0; reading->row++) {
		struct curb_str cells[COLUMNS];
		size_t n = 0;
		empty(cells);
		if (too_many(reading))
			return;
		if (!csv_row(&text, mark, &room, cells, COLUMNS, &n)) {
			fault(reading, CURB_TEXT("Row {row}: a quotation mark is not closed"), 0,
			      curb_str(""), 0);
			return;
		}
		if (reading->row > 1) /* the first has the headings */
			read_row(reading, cells);
	}
}

/* Those with the most minutes were there for all of it, when that makes hundredths of a class hour. */
struct sheet_filled sheet_filled_of(const struct sheet_reading *reading)
{
	struct sheet_filled filled = { .minutes = reading->minutes, .lesson = reading->lesson };
	int64_t hour_s = reading->class->cohort.hour_s, most = 0;
	for (size_t i = 0; i < reading->class->n; i++)
		most = reading->minutes[i] > most ? reading->minutes[i] : most;
	filled.hours_c = (most * 60 * 100 + hour_s - 1) / hour_s;
	if (most * 60 * 100 % hour_s == 0)
		filled.whole = most;
	return filled;
}
