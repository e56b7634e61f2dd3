#include "compare.h"

#include <stdlib.h>

#include "curb/err.h"

const struct difference_words difference_words[DIFFERENCE_KINDS] = {
	[DIFFERENCE_ONLY_HERE] = { "L1", CURB_TEXT("In our records, not in the list"),
	                           CURB_TEXT("Enter the person in the other system; or look there whether "
	                                     "name and number are written as here") },
	[DIFFERENCE_ONLY_THERE] = { "L2", CURB_TEXT("In the list, not in our records"),
	                            CURB_TEXT("Look whether the person is on the roster of a class here, "
	                                      "and whether name and number are written as there") },
	[DIFFERENCE_FIGURE] = { "L3", CURB_TEXT("The two systems do not say the same"),
	                        CURB_TEXT("Look at the entries of the hours here. When they are right, have "
	                                  "the other system corrected; else correct them here") },
	[DIFFERENCE_TWICE_THERE] = { "L4", CURB_TEXT("Twice in the list"),
	                             CURB_TEXT("Look whether both rows are one person. When they are, have "
	                                       "one taken out of the other system") },
	[DIFFERENCE_TWICE_HERE] = { "L5", CURB_TEXT("Twice in our records, once in the list"),
	                            CURB_TEXT("Look whether both are one person's. When two persons are one, "
	                                      "merge their records; else enter the other one there") },
	[DIFFERENCE_LEFT_HERE] = { "L6", CURB_TEXT("In the list, and has left the class here"),
	                           CURB_TEXT("Have the person taken out of the other system's class") },
	[DIFFERENCE_SPOILT] = { "S1", CURB_TEXT("A spreadsheet has rounded this number"),
	                        CURB_TEXT("Save the list anew from the other system, and do not save it by a "
	                                  "spreadsheet; or set the column to Text first") },
	[DIFFERENCE_NO_NUMBER] = { "S2", CURB_TEXT("This is no number of a certificate"),
	                           CURB_TEXT("Compare it with the certificate and have it mended in the "
	                                     "other system") },
	[DIFFERENCE_LONG] = { "S3", CURB_TEXT("A cell is too long"),
	                      CURB_TEXT("Shorten it, or leave the column out of the map") },
	[DIFFERENCE_NO_FIGURE] = { "S4", CURB_TEXT("This is no figure as the map says"),
	                           CURB_TEXT("Have the figure mended in the other system, or give the column "
	                                     "another form in the map") },
	[DIFFERENCE_NO_DAY] = { "S5", CURB_TEXT("This is no day"),
	                        CURB_TEXT("Have the day mended in the other system, or give the column "
	                                  "another form in the map") },
	[DIFFERENCE_NO_WORD] = { "S6", CURB_TEXT("This is neither of the two words of the map"),
	                         CURB_TEXT("Enter the words of the other system in the map") },
	[DIFFERENCE_NOBODY] = { "S7", CURB_TEXT("A row without name and number"),
	                        CURB_TEXT("Have the row mended in the other system") },
};

/* ---- what is found ---- */

static struct difference *add(struct comparing *c, enum difference_kind kind, int64_t row)
{
	if (!c->found)
		c->found = curb_alloc_n(c->arena, DIFFERENCES_MOST, sizeof *c->found);
	c->more = c->more || c->n == DIFFERENCES_MOST;
	struct difference *found = c->more ? &c->behind : &c->found[c->n++];
	const struct curb_str none = curb_str("");
	*found = (struct difference){ .kind = kind,
		                      .row = row,
		                      .name = none,
		                      .programme = none,
		                      .heading = none,
		                      .ours = none,
		                      .theirs = none,
		                      .more = none };
	return found;
}

static struct difference *add_listed(struct comparing *c, enum difference_kind kind, const struct listed *row)
{
	struct difference *found = add(c, kind, row->row);
	found->person = row->person;
	found->mark = row->mark;
	found->name = row->name;
	found->programme = row->programme;
	return found;
}

static struct difference *add_record(struct comparing *c, enum difference_kind kind, int64_t row,
                                     const struct record *record)
{
	struct difference *found = add(c, kind, row);
	if (c->more)
		return found;
	found->person = curb_dup(c->arena, record->person);
	found->name = curb_dup(c->arena, record->name);
	found->programme = curb_dup(c->arena, record->programme);
	return found;
}

void compare_cell(struct comparing *c, const struct listed *listed, enum difference_kind kind,
                  const struct column *column, struct curb_str said)
{
	struct difference *found = add_listed(c, kind, listed);
	found->heading = column ? column->heading : curb_str("");
	found->theirs = said;
}

/* ---- who is who ---- */

static int compare(struct curb_str a, struct curb_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_row(const struct listed *one, const struct listed *other)
{
	return (one->row > other->row) - (one->row < other->row);
}

static int by_number(const void *a, const void *b)
{
	const struct listed *const *one = a, *const *other = b;
	int order = compare((*one)->mark, (*other)->mark);
	return order ? order : by_row(*one, *other);
}

static int by_name(const void *a, const void *b)
{
	const struct listed *const *one = a, *const *other = b;
	int order = compare((*one)->key, (*other)->key);
	return order ? order : by_row(*one, *other);
}

/* Whose key is that: those of `sorted` from *ret_from, *ret_n of them. */
static void run_of(const struct listed *const *sorted, size_t n, struct curb_str key, bool number,
                   size_t *ret_from, size_t *ret_n)
{
	size_t low = 0, high = n, to;
	while (low < high) {
		size_t middle = (low + high) / 2;
		bool before = compare(number ? sorted[middle]->mark : sorted[middle]->key, key) < 0;
		low = before ? middle + 1 : low;
		high = before ? high : middle;
	}
	for (to = low; to < n && curb_str_eq(number ? sorted[to]->mark : sorted[to]->key, key); to++)
		;
	*ret_from = low;
	*ret_n = to - low;
}

/* Where both have a number the numbers tell, not the names. */
static bool tells_apart(struct curb_str one, struct curb_str other)
{
	return one.len && other.len && !curb_str_eq(one, other);
}

static void find_twice(struct comparing *c, const struct listed **sorted, size_t n, bool number)
{
	for (size_t from = 0, count = 0; from < n; from += count) {
		run_of(sorted, n, number ? sorted[from]->mark : sorted[from]->key, number, &from, &count);
		for (size_t i = from + 1; i < from + count; i++) {
			struct listed *one = &c->rows[sorted[i] - c->rows];
			for (size_t k = from; !one->twice && k < i; k++)
				one->twice = !sorted[k]->twice &&
				             text_same(sorted[k]->programme, one->programme) &&
				             !tells_apart(sorted[k]->mark, one->mark);
		}
	}
}

/* Without blanks, of which some systems put one between two characters. `room`: RECORD_TEXT bytes; what is behind them is not
 * compared. */
static struct curb_str key_of(struct curb_str name, char *room)
{
	static const char wide[] = "\xe3\x80\x80";
	size_t n = 0;
	for (size_t i = 0; i < name.len && n < RECORD_TEXT; i++) {
		bool is_wide = curb_str_starts(curb_str_from(name, i), wide);
		i += is_wide ? sizeof wide - 2 : 0;
		if (!is_wide && name.ptr[i] != ' ')
			room[n++] = name.ptr[i];
	}
	return curb_str_n(room, n);
}

void compare_begin(struct comparing *c)
{
	size_t numbered = 0, named = 0;
	c->numbered = curb_alloc_n(c->arena, c->row_count + 1, sizeof *c->numbered);
	c->named = curb_alloc_n(c->arena, c->row_count + 1, sizeof *c->named);
	for (size_t i = 0; i < c->row_count; i++) {
		struct listed *row = &c->rows[i];
		row->key = key_of(row->name, curb_alloc(c->arena, row->name.len + 1));
		if (row->key.len)
			c->named[named++] = row;
		if (row->mark.len)
			c->numbered[numbered++] = row;
	}
	c->numbered_count = numbered;
	c->named_count = named;
	qsort(c->numbered, numbered, sizeof *c->numbered, by_number);
	qsort(c->named, named, sizeof *c->named, by_name);
	find_twice(c, c->numbered, numbered, true);
	find_twice(c, c->named, named, false);
	for (size_t i = 0; i < c->row_count; i++)
		if (c->rows[i].twice)
			(void)add_listed(c, DIFFERENCE_TWICE_THERE, &c->rows[i]);
}

/* ---- one record of ours ---- */

enum { OTHER_PROGRAMME = 1, SAME_PROGRAMME = 2, SAME_START = 4, STILL_FREE = 8 };

/* How well a row fits a record of that person; 0: it does not. */
static int fits(const struct comparing *c, const struct listed *row, const struct record *record)
{
	int how = OTHER_PROGRAMME;
	if (row->twice)
		return 0;
	if (row->programme.len == 0 || text_same(row->programme, record->programme))
		how = SAME_PROGRAMME;
	for (size_t i = 0; i < c->column_count; i++) {
		const struct cell ours = cell_of(&c->columns[i], record, curb_str(""));
		if (c->columns[i].kind->field == FIELD_STARTS &&
		    cell_same(&c->columns[i], &ours, &row->cells[i]))
			how |= SAME_START;
	}
	return row->taken ? how : how | STILL_FREE;
}

/* The row of that person that fits best. NULL: she is not in the list. */
static struct listed *row_of(const struct comparing *c, const struct record *record, struct curb_str mark,
                             int *ret_how)
{
	const struct listed *const *sorted = c->numbered;
	struct listed *best = NULL;
	char room[RECORD_TEXT];
	size_t from = 0, n = 0;
	*ret_how = 0;
	if (mark.len)
		run_of(sorted, c->numbered_count, mark, true, &from, &n);
	if (n == 0) {
		sorted = c->named;
		run_of(sorted, c->named_count, key_of(record->name, room), false, &from, &n);
	}
	for (size_t i = from; i < from + n; i++) {
		int how = tells_apart(sorted[i]->mark, mark) ? 0 : fits(c, sorted[i], record);
		/* one of the same programme comes before all others, whether it is free or not */
		int weight = how & SAME_PROGRAMME ? how + 2 * STILL_FREE : how;
		int before = *ret_how & SAME_PROGRAMME ? *ret_how + 2 * STILL_FREE : *ret_how;
		if (weight > before) {
			*ret_how = how;
			best = &c->rows[sorted[i] - c->rows];
		}
	}
	return best;
}

static bool is_compared(const struct column *column)
{
	enum column_field field = column->kind->field;
	return field != FIELD_NUMBER && field != FIELD_FIXED && field != FIELD_NOTHING;
}

static void compare_row(struct comparing *c, const struct listed *row, const struct record *record)
{
	for (size_t i = 0; i < c->column_count; i++) {
		const struct column *column = &c->columns[i];
		const struct cell ours = cell_of(column, record, curb_str("")), *theirs = &row->cells[i];
		if (!is_compared(column) || row->wrong[i] || cell_same(column, &ours, theirs))
			continue;
		struct difference *found = add_record(c, DIFFERENCE_FIGURE, row->row, record);
		if (c->more)
			return;
		found->heading = column->heading;
		found->ours = curb_dup(c->arena, cell_text(c->arena, column, &ours));
		found->theirs = cell_text(c->arena, column, theirs);
		found->more = cell_difference(c->arena, column, &ours, theirs);
	}
}

void compare_record(struct comparing *c, enum compare_pass pass, const struct record *record,
                    struct curb_str mark)
{
	int how = 0;
	struct listed *row = row_of(c, record, mark, &how);
	bool now = pass == (how & SAME_PROGRAMME ? COMPARE_SAME : COMPARE_REST);
	if (record->left_ms) {
		if (row && pass == COMPARE_REST && !row->left) {
			row->left = true;
			row->person = curb_dup(c->arena, record->person);
		}
		return;
	}
	if (!now)
		return;
	if (!row || (!(how & STILL_FREE) && !(how & SAME_PROGRAMME))) {
		(void)add_record(c, DIFFERENCE_ONLY_HERE, 0, record);
	} else if (!(how & STILL_FREE)) {
		(void)add_record(c, DIFFERENCE_TWICE_HERE, row->row, record);
	} else {
		row->taken = true;
		compare_row(c, row, record);
	}
}

void compare_end(struct comparing *c)
{
	for (size_t i = 0; i < c->row_count; i++) {
		const struct listed *row = &c->rows[i];
		if (!row->taken && !row->twice && row->key.len + row->mark.len > 0)
			(void)add_listed(c, row->left ? DIFFERENCE_LEFT_HERE : DIFFERENCE_ONLY_THERE, row);
	}
}
