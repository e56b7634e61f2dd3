/* The rows of one sheet. */
#include "table.h"

#include "xml.h"

enum { ROW_LAST = 1048576 };

enum kind { NUMBER, SHARED, TEXT, DATE };

struct cell {
	enum kind kind;
	int64_t column, style;
	bool formula, value; /* has one */
};

struct walk {
	const struct table_book *book;
	struct reader_job *job;
	struct curb_value *rows;
	struct curb_str cells[CONTENT_TABLE_COLUMNS]; /* of the row that is read */
	size_t n;                                     /* up to the last that is not empty */
	int64_t row, last_row, last_column, hidden, total;
	bool row_hidden, told, taking,
		reading; /* told: a finding; taking: within a value; reading: within <rPh> */
	struct cell cell;
	struct table_text text;
};

static bool refuse(struct walk *walk, const char *code, struct curb_str fact)
{
	walk->told = true;
	return table_refuse(walk->job, code, fact);
}

static struct curb_str place_text(const struct walk *walk)
{
	enum { LETTERS = 26 };
	char letters[8];
	size_t n = sizeof letters;
	for (int64_t left = walk->cell.column + 1; left > 0 && n > 0; left = (left - 1) / LETTERS)
		letters[--n] = (char)('A' + (left - 1) % LETTERS);
	return curb_str(curb_printf(walk->job->arena, "%.*s%lld", (int)(sizeof letters - n), letters + n,
	                            (long long)walk->row));
}

/* ---- rows ---- */

static bool begin_row(struct walk *walk, const char **attributes)
{
	struct curb_str number = xml_attribute(attributes, "r");
	int64_t before = walk->row;
	walk->row++;
	if (number.ptr && !curb_str_int(number, &walk->row))
		return false;
	if (walk->row <= before || walk->row > ROW_LAST)
		return false;
	walk->row_hidden = xml_flag(attributes, "hidden");
	walk->cell.column = -1;
	walk->n = 0;
	return true;
}

static bool end_row(struct walk *walk)
{
	struct curb_value *row = NULL;
	if (walk->n == 0)
		return true;
	if (curb_value_count(walk->rows) == CONTENT_TABLE_ROWS)
		return refuse(walk, "table.rows", curb_str(NULL));
	row = curb_array(walk->job->arena);
	curb_push(row, curb_integer(walk->job->arena, walk->row));
	for (size_t i = 0; i < walk->n; i++)
		curb_push(row, curb_string(walk->job->arena, walk->cells[i]));
	curb_push(walk->rows, row);
	walk->hidden += walk->row_hidden;
	walk->last_row = walk->row;
	return true;
}

/* ---- cells ---- */

static enum kind kind_of(struct curb_str type)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = { { "s", SHARED }, { "inlineStr", TEXT }, { "str", TEXT },
		      { "b", TEXT },   { "e", TEXT },         { "d", DATE } };
	for (size_t i = 0; type.ptr && i < sizeof kinds / sizeof *kinds; i++)
		if (curb_str_is(type, kinds[i].name))
			return kinds[i].kind;
	return NUMBER;
}

static bool begin_cell(struct walk *walk, const char **attributes)
{
	struct curb_str place = xml_attribute(attributes, "r"), style = xml_attribute(attributes, "s");
	struct cell cell = { .kind = kind_of(xml_attribute(attributes, "t")),
		             .column = walk->cell.column + 1 };
	int64_t row = 0;
	if (place.ptr && (!table_place(place, &cell.column, &row) || row != walk->row))
		return false;
	if (cell.column <= walk->cell.column || walk->row == 0)
		return false;
	if (style.ptr && !curb_str_int(style, &cell.style))
		return false;
	walk->cell = cell;
	walk->text.n = 0;
	return true;
}

static struct curb_str number_text(const struct walk *walk, struct curb_str digits)
{
	static const struct table_look plain = { TABLE_PLAIN, 0 };
	const struct table_book *book = walk->book;
	int64_t style = walk->cell.style;
	bool known = style >= 0 && style < (int64_t)book->look_count;
	return table_number(walk->job->arena, digits, known ? &book->looks[style] : &plain, book->since_1904);
}

/* "2027-03-01T09:00:00" as it is told of other cells: without seconds that are none. */
static struct curb_str date_text(const struct walk *walk, struct curb_str said)
{
	enum { DAY = 10 };
	if (said.len < DAY + 2 || said.ptr[DAY] != 'T')
		return said;
	struct curb_str time = curb_str_from(said, DAY + 1);
	if (curb_str_ends(time, ":00") && time.len > 5)
		time.len -= 3;
	return curb_str(curb_printf(walk->job->arena, "%.*s %.*s", DAY, said.ptr, (int)time.len, time.ptr));
}

/* What the cell holds; false when it holds what cannot be. */
static bool value_of(const struct walk *walk, struct curb_str said, struct curb_str *ret_text)
{
	int64_t at = 0;
	*ret_text = said;
	if (said.len == 0)
		return true;
	switch (walk->cell.kind) {
	case SHARED:
		if (!curb_str_int(said, &at) || at < 0 || at >= (int64_t)walk->book->string_count)
			return false;
		*ret_text = walk->book->strings[at];
		return true;
	case NUMBER: *ret_text = number_text(walk, said); return ret_text->ptr != NULL;
	case DATE: *ret_text = date_text(walk, said); return true;
	case TEXT: return true;
	}
	return false;
}

static bool end_cell(struct walk *walk)
{
	struct curb_str said = table_text_end(&walk->text), text;
	if (walk->cell.column >= CONTENT_TABLE_COLUMNS)
		return true;
	if (walk->cell.formula && !walk->cell.value)
		return refuse(walk, "table.formula", place_text(walk));
	if (!value_of(walk, said, &text))
		return false;
	if (text.len == 0)
		return true;
	walk->total += (int64_t)text.len;
	if (walk->total > CONTENT_TABLE_TEXT)
		return refuse(walk, "table.large", curb_str(NULL));
	size_t at = (size_t)walk->cell.column;
	for (size_t i = walk->n; i < at; i++)
		walk->cells[i] = curb_str("");
	walk->cells[at] = curb_dup(walk->job->arena, text);
	walk->n = at + 1;
	if (walk->cell.column > walk->last_column)
		walk->last_column = walk->cell.column;
	return true;
}

/* Cells that were made one hold one value for several rows or columns: whose it is, nobody can tell. */
static bool check_merged(struct walk *walk, struct curb_str range)
{
	struct curb_str rest = range, from, to;
	int64_t column = 0, row = 0, last_column = 0, last_row = 0;
	if (!range.ptr || !curb_str_cut(&rest, ':', &from) || !curb_str_cut(&rest, ':', &to))
		return true;
	if (!table_place(from, &column, &row) || !table_place(to, &last_column, &last_row))
		return false;
	bool several = column != last_column || row != last_row;
	if (!several || column > walk->last_column || row > walk->last_row)
		return true;
	return refuse(walk, "table.merged", curb_dup(walk->job->arena, range));
}

/* ---- the walk ---- */

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct walk *walk = arg;
	if (curb_str_is(name, "row"))
		return begin_row(walk, attributes);
	if (curb_str_is(name, "c"))
		return begin_cell(walk, attributes);
	if (curb_str_is(name, "mergeCell"))
		return check_merged(walk, xml_attribute(attributes, "ref"));
	if (curb_str_is(name, "f"))
		walk->cell.formula = true;
	if (curb_str_is(name, "rPh"))
		walk->reading = true;
	if (curb_str_is(name, "v") || (curb_str_is(name, "t") && !walk->reading)) {
		walk->cell.value = true;
		walk->taking = true;
	}
	return true;
}

static void text(void *arg, struct curb_str more)
{
	struct walk *walk = arg;
	if (walk->taking)
		table_text_add(&walk->text, more);
}

static bool end(void *arg, struct curb_str name)
{
	struct walk *walk = arg;
	walk->taking = false;
	if (curb_str_is(name, "rPh"))
		walk->reading = false;
	if (curb_str_is(name, "row"))
		return end_row(walk);
	return !curb_str_is(name, "c") || end_cell(walk);
}

bool table_read_sheet(const struct table_book *book)
{
	struct curb_value *package = book->job->package;
	struct curb_str bytes;
	struct walk walk = { .book = book,
		             .job = book->job,
		             .rows = curb_array(book->job->arena),
		             .last_column = -1,
		             .cell = { .kind = NUMBER, .column = -1 } };
	const struct xml_walk xml = { .begin = begin, .text = text, .end = end, .arg = &walk };
	if (!table_part(book->job, book->path, &bytes))
		return false;
	if (!xml_read(bytes, &xml))
		return !walk.told && table_refuse(book->job, "table.damaged", book->path);
	curb_put_str(package, "sheet", book->sheet);
	curb_put_int(package, "others", book->others);
	curb_put_int(package, "hidden", walk.hidden);
	curb_put(package, "rows", walk.rows);
	return true;
}
