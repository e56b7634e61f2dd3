/* A list of another system comes in: it is read by a map, compared with what is kept here, and what was found is kept. */
#include "cells.h"
#include "csv_read.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "lists.h"

enum {
	LIST_MOST = LIST_UPLOAD_MOST - 4096,
	FILE_NAME_MOST = 200,
	HEADINGS_MOST = 200,
	KEPT_MOST = 96 << 20,
	SAID_MOST = 8192,
	AT_ONCE = 200 /* findings in one write */
};

struct reading {
	const struct list_form *form;
	struct map map;
	struct list_scope scope;
	struct comparing c;
	size_t places[COLUMNS_MOST]; /* of each column of the map, in the rows of the file */
	int64_t records;
};

/* ---- the file ---- */

static int read_file(const struct list_form *form, struct curb_str *ret_text)
{
	struct curb_req *req = form->req;
	struct curb_str bytes;
	struct curb_file file;
	int err = curb_req_file(req, &file);
	if (err)
		return err;
	if (!file.name.ptr || file.name.len == 0)
		return curb_fail(CURB_EINVAL, "Choose the list of the other system first");
	if (file.name.len > FILE_NAME_MOST)
		return curb_fail(CURB_EINVAL, "The file name is too long; give it a short one");
	if (file.size == 0 || file.size > LIST_MOST)
		return curb_fail(CURB_EINVAL,
		                 "This file is empty or too large; a list has at most 10,000 rows and 4 MB");
	err = exchange_bytes(req, file.from, file.size, &bytes);
	if (!err && !csv_text(curb_req_arena(req), bytes, ret_text))
		return curb_fail(CURB_EINVAL, "This is no list; save it in the other system, or from the "
		                              "spreadsheet, as a CSV file");
	return err;
}

/* ---- the headings ---- */

/* Where each column of the map stands. */
static int read_headings(struct reading *r, const struct curb_str *cells, size_t n)
{
	struct curb_buf missing = curb_buf(SAID_MOST);
	for (size_t i = 0; i < r->map.n; i++) {
		size_t at = 0;
		while (at < n && !text_same(cells[at], r->map.columns[i].heading))
			at++;
		r->places[i] = at;
		if (at < n)
			continue;
		curb_buf_text(&missing, missing.len ? ", " : "");
		curb_buf_str(&missing, r->map.columns[i].heading);
	}
	struct curb_str said = curb_dup(r->c.arena, curb_buf_view(&missing));
	curb_buf_free(&missing);
	return said.len == 0 ? 0 :
	                       curb_fail(CURB_EINVAL,
	                                 "The first row of this list has no heading %.*s. Choose another "
	                                 "map, or change the heading in the map",
	                                 (int)said.len, said.ptr);
}

/* ---- its rows ---- */

static void read_number(struct reading *r, struct listed *row, const struct column *column,
                        struct curb_str said)
{
	struct curb_tx *tx = curb_req_tx(r->form->req);
	bool fits = false;
	struct curb_str mark;
	if (said.len == 0)
		return;
	curb_number_mark(tx, said, &fits, &mark);
	row->mark = curb_dup(r->c.arena, mark);
	if (!fits)
		compare_cell(&r->c, row, DIFFERENCE_NO_NUMBER, column, curb_str(""));
}

static void read_cell(struct reading *r, struct listed *row, size_t i, struct curb_str said)
{
	static const enum difference_kind kinds[] = {
		[CELL_LONG] = DIFFERENCE_LONG,           [CELL_SPOILT] = DIFFERENCE_SPOILT,
		[CELL_NO_FIGURE] = DIFFERENCE_NO_FIGURE, [CELL_NO_DAY] = DIFFERENCE_NO_DAY,
		[CELL_NO_WORD] = DIFFERENCE_NO_WORD,
	};
	const struct column *column = &r->map.columns[i];
	enum column_field field = column->kind->field;
	if (field == FIELD_FIXED || field == FIELD_NOTHING)
		return;
	enum cell_fault fault = cell_read(column, said, &row->cells[i]);
	row->wrong[i] = fault != CELL_RIGHT;
	if (fault)
		compare_cell(&r->c, row, kinds[fault], column,
		             fault == CELL_LONG ? curb_str("") : curb_dup(r->c.arena, said));
	else if (field == FIELD_NUMBER)
		read_number(r, row, column, said);
	else
		row->cells[i].text = curb_dup(r->c.arena, row->cells[i].text);
}

/* Name and class first: what is wrong with the rest says whose it is. */
static void read_row(struct reading *r, struct listed *row, const struct curb_str *cells, size_t n)
{
	for (int first = 1; first >= 0; first--)
		for (size_t i = 0; i < r->map.n; i++) {
			enum column_field field = r->map.columns[i].kind->field;
			bool tells = field == FIELD_NAME || field == FIELD_PROGRAMME;
			if (tells != (first == 1))
				continue;
			read_cell(r, row, i, r->places[i] < n ? cells[r->places[i]] : curb_str(""));
			if (field == FIELD_NAME && row->cells[i].some)
				row->name = row->cells[i].text;
			if (field == FIELD_PROGRAMME && row->cells[i].some)
				row->programme = row->cells[i].text;
		}
	if (row->name.len == 0 && row->mark.len == 0)
		compare_cell(&r->c, row, DIFFERENCE_NOBODY, NULL, curb_str(""));
}

static bool is_empty(const struct curb_str *cells, size_t n)
{
	bool empty = true;
	for (size_t i = 0; i < n; i++)
		empty = empty && cells[i].len == 0;
	return empty;
}

static int not_closed(int64_t row)
{
	return curb_fail(CURB_EINVAL, "Row %lld: a quotation mark is not closed", (long long)row);
}

static int read_rows(struct reading *r, struct curb_str text)
{
	char mark = csv_mark(text), *room = curb_alloc(curb_req_arena(r->form->req), text.len + 1);
	struct curb_str cells[HEADINGS_MOST];
	size_t n = 0;
	if (!csv_row(&text, mark, &room, cells, HEADINGS_MOST, &n))
		return not_closed(1);
	int err = read_headings(r, cells, n);
	r->c.rows = curb_alloc_n(r->c.arena, LISTED_MOST, sizeof *r->c.rows);
	for (int64_t at = 2; !err && text.len > 0; at++) {
		if (!csv_row(&text, mark, &room, cells, HEADINGS_MOST, &n))
			return not_closed(at);
		if (is_empty(cells, n))
			continue;
		if (r->c.row_count == LISTED_MOST)
			return curb_fail(CURB_EINVAL,
			                 "This list has more than %d rows; compare it in parts, "
			                 "an institution at a time",
			                 LISTED_MOST);
		struct listed *row = &r->c.rows[r->c.row_count++];
		*row = (struct listed){ .row = at, .name = curb_str(""), .programme = curb_str("") };
		row->cells = curb_alloc_n(r->c.arena, r->map.n, sizeof *row->cells);
		row->wrong = curb_alloc_n(r->c.arena, r->map.n, sizeof *row->wrong);
		read_row(r, row, cells, n);
	}
	if (!err && r->c.row_count == 0)
		return curb_fail(CURB_EINVAL, "There is no row behind the headings of this list");
	return err;
}

/* ---- beside ours ---- */

struct passing {
	struct reading *r;
	enum compare_pass pass;
};

static int add_record(void *arg, const struct curb_id *person, const struct record *record, bool *ret_enough)
{
	const struct passing *passing = arg;
	struct reading *r = passing->r;
	struct curb_person_number number;
	(void)ret_enough;
	int err = curb_person_number(curb_req_tx(r->form->req), person, NULL, &number);
	if (err)
		return err;
	r->records += passing->pass == COMPARE_SAME;
	compare_record(&r->c, passing->pass, record, number.mark);
	return 0;
}

static int compare_all(struct reading *r)
{
	struct passing passing = { r, COMPARE_SAME };
	struct curb_tx *tx = curb_req_tx(r->form->req);
	compare_begin(&r->c);
	int err = records_pass(r->form->x, tx, r->scope.institutions, r->scope.n, add_record, &passing);
	passing.pass = COMPARE_REST;
	if (!err)
		err = records_pass(r->form->x, tx, r->scope.institutions, r->scope.n, add_record, &passing);
	compare_end(&r->c);
	return err;
}

/* ---- what was found is kept ---- */

struct keeping {
	struct exchange *x;
	struct comparison comparison;
	const struct difference *found;
	size_t n, from; /* of those that this write keeps */
};

static int keep_one(const struct keeping *k, struct curb_tx *tx, size_t i)
{
	CURB_AUTO(buf) struct curb_buf said = curb_buf(SAID_MOST);
	const struct difference *d = &k->found[i];
	struct curb_json j = curb_json(&said);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "name", d->name);
	curb_json_kstr(&j, "programme", d->programme);
	curb_json_kstr(&j, "heading", d->heading);
	curb_json_kstr(&j, "ours", d->ours);
	curb_json_kstr(&j, "theirs", d->theirs);
	curb_json_kstr(&j, "more", d->more);
	curb_json_end(&j, '}');
	int err = curb_buf_check(&said);
	return err ? err : difference_add(k->x, tx, &k->comparison.id, (int64_t)i, d, curb_buf_view(&said));
}

static int keep_some(struct curb_tx *tx, void *arg)
{
	const struct keeping *k = arg;
	int err = k->from == 0 ? comparison_begin(k->x, tx, &k->comparison) : 0;
	for (size_t i = k->from; !err && i < k->n && i < k->from + AT_ONCE; i++)
		err = keep_one(k, tx, i);
	return err || k->from + AT_ONCE < k->n ? err : comparison_end(k->x, tx, &k->comparison.id);
}

static int keep(struct reading *r, struct curb_id *ret_id)
{
	struct curb_req *req = r->form->req;
	int64_t now_ms = curb_wall_ms();
	struct keeping keeping = { .x = r->form->x,
		                   .comparison = { .id = curb_id_new(now_ms),
		                                   .by = curb_req_user(req)->id,
		                                   .scope = r->scope.name,
		                                   .list = r->map.name,
		                                   .made_ms = now_ms,
		                                   .listed = (int64_t)r->c.row_count,
		                                   .records = r->records,
		                                   .findings = (int64_t)r->c.n,
		                                   .part = r->c.more },
		                   .found = r->c.found,
		                   .n = r->c.n };
	struct comparison *c = &keeping.comparison;
	int err = curb_person_place(curb_req_tx(req), &c->by, EXCHANGE_MAKERS, now_ms, &c->place);
	do {
		err = err ? err : curb_write(req, curb_id_str(&c->by), keep_some, &keeping);
		keeping.from += AT_ONCE;
	} while (!err && keeping.from < keeping.n);
	*ret_id = c->id;
	return err;
}

static int compare_list(struct reading *r, struct curb_id *ret_id)
{
	struct curb_str text;
	int err = read_file(r->form, &text);
	if (!err)
		err = read_rows(r, text);
	if (!err)
		err = compare_all(r);
	return err ? err : keep(r, ret_id);
}

int exchange_post_comparison(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	CURB_AUTO(arena) struct curb_arena *kept = curb_arena_new(KEPT_MOST);
	struct reading reading = { .form = &form };
	struct curb_id id;
	int err = list_read_map(&form, &reading.map);
	if (!err)
		err = list_read_scope(&form, &reading.scope);
	if (err)
		return err;
	reading.c = (struct comparing){ .arena = kept,
		                        .columns = reading.map.columns,
		                        .column_count = reading.map.n };
	if (!list_is_wrong(&form)) {
		err = compare_list(&reading, &id);
		if (err && (!curb_req_wants_page(req) || curb_err_status(err) >= 500))
			return err;
		if (err)
			list_wrong_error(&form, "file");
	}
	return list_is_wrong(&form) ?
	               comparisons_show(&form, 422) :
	               curb_reply_redirect(req, curb_str(curb_printf(curb_req_arena(req),
	                                                             "/exchange/comparisons/%s", id.text)));
}
