#include "columns.h"

#include <time.h>

#include "csv_read.h"
#include "curb/err.h"

const struct column_kind column_kinds[COLUMN_KINDS] = {
	{ "name", CURB_TEXT("Name of the person"), FIELD_NAME, FORM_TEXT },
	{ "number", CURB_TEXT("Certificate number of the person"), FIELD_NUMBER, FORM_TEXT },
	{ "programme", CURB_TEXT("Training programme"), FIELD_PROGRAMME, FORM_TEXT },
	{ "institution", CURB_TEXT("Institution"), FIELD_INSTITUTION, FORM_TEXT },
	{ "online", CURB_TEXT("Online class hours, as 12.50"), FIELD_ONLINE, FORM_HOURS },
	{ "online-min", CURB_TEXT("Online hours, in minutes"), FIELD_ONLINE, FORM_MINUTES },
	{ "offline", CURB_TEXT("Offline class hours, as 12.50"), FIELD_OFFLINE, FORM_HOURS },
	{ "offline-min", CURB_TEXT("Offline hours, in minutes"), FIELD_OFFLINE, FORM_MINUTES },
	{ "counted", CURB_TEXT("Counted class hours in all, as 12.50"), FIELD_COUNTED, FORM_HOURS },
	{ "counted-min", CURB_TEXT("Counted hours in all, in minutes"), FIELD_COUNTED, FORM_MINUTES },
	{ "planned", CURB_TEXT("Planned class hours, as 12.50"), FIELD_PLANNED, FORM_HOURS },
	{ "planned-min", CURB_TEXT("Planned hours, in minutes"), FIELD_PLANNED, FORM_MINUTES },
	{ "result", CURB_TEXT("Final assessment, in two words"), FIELD_RESULT, FORM_WORDS },
	{ "code", CURB_TEXT("Code of the training certificate"), FIELD_CODE, FORM_TEXT },
	{ "starts", CURB_TEXT("First day, as 2026-11-21"), FIELD_STARTS, FORM_DASHES },
	{ "starts-slash", CURB_TEXT("First day, as 2026/11/21"), FIELD_STARTS, FORM_SLASHES },
	{ "starts-digits", CURB_TEXT("First day, as 20261121"), FIELD_STARTS, FORM_DIGITS },
	{ "ends", CURB_TEXT("Last day, as 2026-11-21"), FIELD_ENDS, FORM_DASHES },
	{ "ends-slash", CURB_TEXT("Last day, as 2026/11/21"), FIELD_ENDS, FORM_SLASHES },
	{ "ends-digits", CURB_TEXT("Last day, as 20261121"), FIELD_ENDS, FORM_DIGITS },
	{ "issued", CURB_TEXT("Certificate issued on, as 2026-11-21"), FIELD_ISSUED, FORM_DASHES },
	{ "issued-slash", CURB_TEXT("Certificate issued on, as 2026/11/21"), FIELD_ISSUED, FORM_SLASHES },
	{ "issued-digits", CURB_TEXT("Certificate issued on, as 20261121"), FIELD_ISSUED, FORM_DIGITS },
	{ "fixed", CURB_TEXT("The same text in each row"), FIELD_FIXED, FORM_TEXT },
	{ "nothing", CURB_TEXT("Nothing of ours"), FIELD_NOTHING, FORM_TEXT },
};

const struct column_kind *column_kind_named(struct curb_str word)
{
	for (size_t i = 0; i < COLUMN_KINDS; i++)
		if (curb_str_is(word, column_kinds[i].word))
			return &column_kinds[i];
	return NULL;
}

/* ---- as they are kept ---- */

bool column_text_fits(struct curb_str text)
{
	bool fits = text.len <= COLUMN_TEXT && curb_utf8_valid(text);
	for (size_t i = 0; i < text.len; i++)
		fits = fits && (unsigned char)text.ptr[i] >= ' ' && text.ptr[i] != 0x7f;
	return fits;
}

void columns_write(struct curb_buf *out, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		curb_buf_text(out, columns[i].kind->word);
		curb_buf_char(out, '\t');
		curb_buf_str(out, columns[i].heading);
		curb_buf_char(out, '\t');
		curb_buf_str(out, columns[i].yes);
		curb_buf_char(out, '\t');
		curb_buf_str(out, columns[i].no);
		curb_buf_char(out, '\n');
	}
}

/* Cuts what stands in front of a mark off a line that still has that mark. */
static bool part(struct curb_str *line, struct curb_str *ret_part)
{
	if (line->len == 0 || !memchr(line->ptr, '\t', line->len))
		return false;
	(void)curb_str_cut(line, '\t', ret_part);
	return true;
}

bool columns_read(struct curb_arena *arena, struct curb_str text, struct column **ret_columns, size_t *ret_n)
{
	struct column *columns = curb_alloc_n(arena, COLUMNS_MOST, sizeof *columns);
	struct curb_str line, word;
	size_t n = 0;
	while (text.len > 0) {
		struct column column;
		(void)curb_str_cut(&text, '\n', &line);
		if (n == COLUMNS_MOST || !part(&line, &word) || !part(&line, &column.heading) ||
		    !part(&line, &column.yes))
			return false;
		column.no = line;
		column.kind = column_kind_named(word);
		if (!column.kind)
			return false;
		columns[n++] = column;
	}
	*ret_columns = columns;
	*ret_n = n;
	return true;
}

/* ---- what a record says ---- */

/* As the whole country counts them. */
static int64_t day_of(int64_t ms)
{
	enum { AHEAD_MS = 8 * 3600000, DAY_MS = 24 * 3600000 };
	return (ms + AHEAD_MS) / DAY_MS;
}

static struct cell of_text(struct curb_str text)
{
	return (struct cell){ .some = text.len > 0, .text = text };
}

static struct cell of_hours(enum column_form form, int64_t seconds, int64_t hour_s)
{
	return (struct cell){ .some = true,
		              .number = form == FORM_MINUTES ? seconds / 60 : seconds * 100 / hour_s };
}

static struct cell of_day(int64_t ms)
{
	return (struct cell){ .some = ms > 0, .number = day_of(ms) };
}

static struct cell of_result(const struct record *r)
{
	enum { FAILED = 1, PASSED = 2 };
	bool passed = r->theory == PASSED && r->practice == PASSED;
	return (struct cell){ .some = passed || r->theory == FAILED || r->practice == FAILED,
		              .number = passed };
}

struct cell cell_of(const struct column *column, const struct record *record, struct curb_str number)
{
	enum column_form form = column->kind->form;
	switch (column->kind->field) {
	case FIELD_NAME: return of_text(record->name);
	case FIELD_NUMBER: return of_text(number);
	case FIELD_PROGRAMME: return of_text(record->programme);
	case FIELD_INSTITUTION: return of_text(record->institution);
	case FIELD_STARTS: return of_day(record->starts_ms);
	case FIELD_ENDS: return of_day(record->ends_ms);
	case FIELD_PLANNED: return of_hours(form, record->total_s, record->hour_s);
	case FIELD_ONLINE: return of_hours(form, record->online_s, record->hour_s);
	case FIELD_OFFLINE: return of_hours(form, record->offline_s, record->hour_s);
	case FIELD_COUNTED: return of_hours(form, record->counted_s, record->hour_s);
	case FIELD_RESULT: return of_result(record);
	case FIELD_CODE: return of_text(record->code);
	case FIELD_ISSUED: return of_day(record->issued_ms);
	case FIELD_FIXED: return of_text(column->yes);
	default: return (struct cell){ 0 };
	}
}

static struct curb_str day_text(struct curb_arena *arena, const char *mark, int64_t day)
{
	enum { DAY_S = 24 * 3600 };
	time_t s = (time_t)day * DAY_S;
	struct tm date = { 0 };
	(void)gmtime_r(&s, &date);
	return curb_str(curb_printf(arena, "%04d%s%02d%s%02d", date.tm_year + 1900, mark, date.tm_mon + 1,
	                            mark, date.tm_mday));
}

struct curb_str cell_text(struct curb_arena *arena, const struct column *column, const struct cell *cell)
{
	if (!cell->some)
		return curb_str("");
	switch (column->kind->form) {
	case FORM_HOURS:
		return curb_str(curb_printf(arena, "%lld.%02lld", (long long)(cell->number / 100),
		                            (long long)(cell->number % 100)));
	case FORM_MINUTES: return curb_str(curb_printf(arena, "%lld", (long long)cell->number));
	case FORM_DASHES: return day_text(arena, "-", cell->number);
	case FORM_SLASHES: return day_text(arena, "/", cell->number);
	case FORM_DIGITS: return day_text(arena, "", cell->number);
	case FORM_WORDS: return cell->number ? column->yes : column->no;
	default: return cell->text;
	}
}

/* ---- what is read ---- */

/* Digits of *rest, `most` at most. */
static bool digits(struct curb_str *rest, size_t least, size_t most, int64_t *ret)
{
	size_t n = 0;
	int64_t number = 0;
	for (; n < most && n < rest->len && rest->ptr[n] >= '0' && rest->ptr[n] <= '9'; n++)
		number = number * 10 + (rest->ptr[n] - '0');
	*rest = curb_str_from(*rest, n);
	*ret = number;
	return n >= least;
}

/* Hundredths; decimals behind the second are cut off, as ours are. */
static bool read_decimal(struct curb_str text, int64_t *ret)
{
	enum { DIGITS_MOST = 9 };
	int64_t whole = 0, ten = 0, one = 0, more = 0;
	if (!digits(&text, 1, DIGITS_MOST, &whole))
		return false;
	if (curb_str_starts(text, ".")) {
		text = curb_str_from(text, 1);
		if (!digits(&text, 1, 1, &ten))
			return false;
		(void)digits(&text, 0, 1, &one);
		(void)digits(&text, 0, DIGITS_MOST, &more);
	}
	*ret = whole * 100 + ten * 10 + one;
	return text.len == 0;
}

/* The year comes first in all forms, so any mark between is understood. */
static bool read_day(struct curb_str text, int64_t *ret)
{
	enum { DAY_S = 24 * 3600 };
	int64_t year = 0, month = 0, day = 0;
	bool right = digits(&text, 4, 4, &year);
	bool marked = right && text.len > 0 && memchr("-/.", text.ptr[0], 3);
	char mark[2] = { marked ? text.ptr[0] : '\0', '\0' };
	size_t least = marked ? 1 : 2;
	text = curb_str_from(text, marked);
	right = right && digits(&text, least, 2, &month) && curb_str_starts(text, mark);
	text = curb_str_from(text, marked);
	right = right && digits(&text, least, 2, &day) && text.len == 0 && year >= 1970;
	struct tm date = { .tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day };
	time_t s = timegm(&date);
	*ret = s / DAY_S;
	return right && date.tm_mon == month - 1; /* a day that the month has not is one of another month */
}

static enum cell_fault read_form(const struct column *column, struct curb_str text, struct cell *cell)
{
	enum column_form form = column->kind->form;
	if (form == FORM_TEXT) {
		bool number = column->kind->field == FIELD_NUMBER || column->kind->field == FIELD_CODE;
		cell->text = text;
		return number && csv_is_spoilt(text) ? CELL_SPOILT : CELL_RIGHT;
	}
	if (form == FORM_WORDS) {
		cell->number = text_same(text, column->yes);
		return cell->number || text_same(text, column->no) ? CELL_RIGHT : CELL_NO_WORD;
	}
	if (form == FORM_HOURS)
		return read_decimal(text, &cell->number) ? CELL_RIGHT : CELL_NO_FIGURE;
	if (form == FORM_MINUTES) {
		bool right = read_decimal(text, &cell->number) && cell->number % 100 == 0;
		cell->number /= 100;
		return right ? CELL_RIGHT : CELL_NO_FIGURE;
	}
	return read_day(text, &cell->number) ? CELL_RIGHT : CELL_NO_DAY;
}

enum cell_fault cell_read(const struct column *column, struct curb_str text, struct cell *ret_cell)
{
	struct cell cell = { .some = true };
	if (text.len > CELL_MOST)
		return CELL_LONG;
	if (text.len == 0) {
		*ret_cell = (struct cell){ 0 };
		return CELL_RIGHT;
	}
	enum cell_fault fault = read_form(column, text, &cell);
	if (fault == CELL_RIGHT)
		*ret_cell = cell;
	return fault;
}

/* ---- two of them ---- */

/* The next character that makes a difference; 0 at the end. */
static uint32_t next(struct curb_str text, size_t *at, bool code)
{
	enum { WIDE_BLANK = 0x3000, HARD_BLANK = 0xa0 };
	while (*at < text.len) {
		uint32_t c = curb_utf8_next(text, at);
		if (c == ' ' || c == WIDE_BLANK || c == HARD_BLANK || (code && c == '-'))
			continue;
		return code && c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
	}
	return 0;
}

static bool same(struct curb_str one, struct curb_str other, bool code)
{
	size_t at = 0, there = 0;
	for (;;) {
		uint32_t c = next(one, &at, code);
		if (c != next(other, &there, code))
			return false;
		if (c == 0)
			return true;
	}
}

bool text_same(struct curb_str one, struct curb_str other)
{
	return same(one, other, false);
}

bool cell_same(const struct column *column, const struct cell *one, const struct cell *other)
{
	if (one->some != other->some)
		return false;
	if (column->kind->form == FORM_TEXT)
		return same(one->text, other->text, column->kind->field == FIELD_CODE);
	return one->number == other->number;
}

struct curb_str cell_difference(struct curb_arena *arena, const struct column *column, const struct cell *one,
                                const struct cell *other)
{
	int64_t more = (one->some ? one->number : 0) - (other->some ? other->number : 0);
	long long size = more < 0 ? -more : more;
	const char *sign = more < 0 ? "-" : "+";
	if (column->kind->form == FORM_HOURS)
		return curb_str(curb_printf(arena, "%s%lld.%02lld", sign, size / 100, size % 100));
	if (column->kind->form == FORM_MINUTES)
		return curb_str(curb_printf(arena, "%s%lld", sign, size));
	return curb_str("");
}
