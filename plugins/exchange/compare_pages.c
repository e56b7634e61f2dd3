/* What comparisons found: as pages, and as a file for spreadsheets. */
#include "cells.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "lists.h"

enum { SHOWN = 25, INSTITUTIONS_SHOWN = 150, PAGES_MOST = 100000, FILE_MOST = 16 << 20, AT_ONCE = 200 };

/* ---- all of them ---- */

/* The institutions of whoever asks. */
static int put_places(const struct list_form *form)
{
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena), *all = curb_object(arena);
	const struct curb_id *institutions = NULL;
	size_t n = 0;
	int err = curb_req_institutions(req, EXCHANGE_MAKERS, &institutions, &n);
	curb_put_text(all, "value", "");
	curb_put_str(all, "label", curb_tr(req, "All that I look after", NULL));
	curb_push(options, all);
	for (size_t i = 0; !err && i < n && i < INSTITUTIONS_SHOWN; i++) {
		struct curb_value *option = curb_object(arena);
		struct curb_str name;
		err = curb_institution_name(curb_req_tx(req), &institutions[i], &name);
		if (err)
			return err;
		curb_put_text(option, "value", institutions[i].text);
		curb_put_str(option, "label", name);
		curb_put_bool(option, "selected",
		              curb_str_is(curb_value_str(curb_value_get(form->values, "place")),
		                          institutions[i].text));
		curb_push(options, option);
	}
	curb_put(form->model, "places", options);
	return err;
}

int comparisons_show(const struct list_form *form, int status)
{
	static const char *const labels[] = { CURB_TEXT("Compared on"),
		                              CURB_TEXT("Compared by"),
		                              CURB_TEXT("Map"),
		                              CURB_TEXT("Whose records"),
		                              CURB_TEXT("Rows"),
		                              CURB_TEXT("Findings"),
		                              NULL };
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct comparison *all = NULL;
	struct curb_str *places = NULL, list;
	int64_t page = 1, total = 0;
	size_t n = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > PAGES_MOST)
		page = 1;
	int err = comparison_places(form->x, curb_req_tx(req), &places, &n);
	if (!err)
		err = list_places(req, places, n, &list);
	if (!err)
		err = comparisons_at(form->x, curb_req_tx(req), list, (page - 1) * SHOWN, SHOWN, &all, &n,
		                     &total);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		const struct comparison *c = &all[i];
		push_cell(req, cells, labels[0], curb_words_date(req, c->made_ms),
		          curb_printf(arena, "/exchange/comparisons/%s", c->id.text));
		push_cell(req, cells, labels[1], exchange_person(req, &c->by), NULL);
		push_cell(req, cells, labels[2], c->list, NULL);
		push_cell(req, cells, labels[3],
		          c->scope.len ? c->scope : curb_tr(req, "all that were looked after", NULL), NULL);
		push_cell(req, cells, labels[4], exchange_number(req, c->listed), NULL);
		push_cell(req, cells, labels[5], exchange_number(req, c->findings), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	if (!err)
		err = put_places(form);
	if (!err)
		err = list_put_maps(form, curb_value_str(curb_value_get(form->values, "map")), NULL);
	if (err)
		return err;
	put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	curb_put_pager(req, form->model, "/exchange/comparisons?page={page}", page, SHOWN, total);
	return list_reply(form, status, "comparisons", curb_tr(req, "Compare with another system", NULL));
}

int exchange_page_comparisons(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	return comparisons_show(&form, 200);
}

/* ---- one ---- */

static int find(struct curb_req *req, struct exchange *x, struct comparison *ret)
{
	int err = comparison_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may_at(req, EXCHANGE_MAKERS, ret->place))
		return curb_fail(CURB_ENOTFOUND, "There is no such comparison");
	return err;
}

enum { CODE, MEANING, WHERE, TRAINEE, PROGRAMME, COLUMN, OURS, THEIRS, MORE, MEND, LABELS };
static const char *const labels[] = {
	CURB_TEXT("Code"),
	CURB_TEXT("What it means"),
	CURB_TEXT("Where"),
	CURB_TEXT("Trainee"),
	CURB_TEXT("Training programme"),
	CURB_TEXT("Column"),
	CURB_TEXT("Here"),
	CURB_TEXT("There"),
	CURB_TEXT("Difference"),
	CURB_TEXT("How to mend it"),
	NULL,
};

static const struct difference_words *words_of(struct curb_str code)
{
	for (size_t i = 0; i < DIFFERENCE_KINDS; i++)
		if (curb_str_is(code, difference_words[i].code))
			return &difference_words[i];
	return &difference_words[DIFFERENCE_FIGURE];
}

static int texts_of(struct curb_req *req, const struct kept_difference *kept,
                    struct curb_str ret_texts[static LABELS])
{
	const struct difference_words *words = words_of(kept->code);
	struct curb_value *said = NULL;
	struct curb_str plain;
	int err = curb_unseal(curb_req_tx(req), "exchange_difference", "sealed", &kept->id, kept->sealed,
	                      &plain);
	if (!err)
		err = curb_json_parse(curb_req_arena(req), plain, &said);
	if (err)
		return err;
	ret_texts[CODE] = kept->code;
	ret_texts[MEANING] = curb_tr(req, words->meaning, NULL);
	ret_texts[WHERE] = kept->row ? tr_one(req, CURB_TEXT("row {number} of the list"), "number",
	                                      exchange_number(req, kept->row)) :
	                               curb_tr(req, "our records", NULL);
	ret_texts[TRAINEE] = curb_get_str(said, "name");
	ret_texts[PROGRAMME] = curb_get_str(said, "programme");
	ret_texts[COLUMN] = curb_get_str(said, "heading");
	ret_texts[OURS] = curb_get_str(said, "ours");
	ret_texts[THEIRS] = curb_get_str(said, "theirs");
	ret_texts[MORE] = curb_get_str(said, "more");
	ret_texts[MEND] = curb_tr(req, words->mend, NULL);
	return 0;
}

/* Those of `labels` that the page has in each row; how to mend it stands once for each code, below. */
static const int shown[] = { MEANING, WHERE, TRAINEE, PROGRAMME, COLUMN, OURS, THEIRS, MORE };
enum { SHOWN_LABELS = sizeof shown / sizeof *shown };

static int push_found(struct curb_req *req, const struct kept_difference *kept, struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	struct curb_str texts[LABELS];
	int err = texts_of(req, kept, texts);
	if (err)
		return err;
	texts[MEANING] = curb_str(curb_printf(arena, "%.*s %.*s", (int)texts[CODE].len, texts[CODE].ptr,
	                                      (int)texts[MEANING].len, texts[MEANING].ptr));
	for (size_t i = 0; i < SHOWN_LABELS; i++)
		push_cell(req, cells, labels[shown[i]], texts[shown[i]], NULL);
	curb_put(row, "cells", cells);
	curb_push(rows, row);
	return 0;
}

/* How to mend what is on the page. */
static void put_codes(struct curb_req *req, const struct kept_difference *kept, size_t n,
                      struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < DIFFERENCE_KINDS; i++) {
		size_t k = 0;
		while (k < n && !curb_str_is(kept[k].code, difference_words[i].code))
			k++;
		if (k < n)
			push_fact(req, facts, difference_words[i].code,
			          curb_tr(req, difference_words[i].mend, NULL));
	}
	curb_put(model, "codes", facts);
}

static void put_facts(struct curb_req *req, const struct comparison *c, struct curb_value *model)
{
	struct curb_value *facts = curb_array(curb_req_arena(req));
	push_fact(req, facts, CURB_TEXT("Compared on"), curb_words_date(req, c->made_ms));
	push_fact(req, facts, CURB_TEXT("Compared by"), exchange_person(req, &c->by));
	push_fact(req, facts, CURB_TEXT("Map"), c->list);
	push_fact(req, facts, CURB_TEXT("Whose records"),
	          c->scope.len ? c->scope : curb_tr(req, "all that were looked after", NULL));
	push_fact(req, facts, CURB_TEXT("Rows of the list"), exchange_number(req, c->listed));
	push_fact(req, facts, CURB_TEXT("Our records"), exchange_number(req, c->records));
	push_fact(req, facts, CURB_TEXT("Findings"), exchange_number(req, c->findings));
	curb_put(model, "facts", facts);
}

int exchange_page_comparison(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *rows = curb_array(arena);
	struct kept_difference *kept = NULL;
	struct comparison c;
	size_t n = 0;
	int64_t page = 1, total = 0;
	if (!curb_str_int(curb_req_query(req, "page"), &page) || page < 1 || page > PAGES_MOST)
		page = 1;
	int err = find(req, state, &c);
	if (!err)
		err = differences_of(state, curb_req_tx(req), &c.id, (page - 1) * SHOWN, SHOWN, &kept, &n,
		                     &total);
	for (size_t i = 0; !err && i < n; i++)
		err = push_found(req, &kept[i], rows);
	if (err)
		return err;
	put_facts(req, &c, model);
	put_codes(req, kept, n, model);
	const char *columns[SHOWN_LABELS + 1] = { NULL };
	for (size_t i = 0; i < SHOWN_LABELS; i++)
		columns[i] = labels[shown[i]];
	put_columns(req, model, columns);
	curb_put(model, "rows", rows);
	curb_put_bool(model, "part", c.part);
	curb_put_bool(model, "fewer", total < c.findings);
	curb_put_text(model, "file", curb_printf(arena, "/exchange/comparisons/%s/findings.csv", c.id.text));
	curb_put_text(model, "remove", curb_printf(arena, "/exchange/comparisons/%s/remove", c.id.text));
	curb_put_str(model, "title", curb_tr(req, "What the two systems say", NULL));
	curb_put_pager(req, model, curb_printf(arena, "/exchange/comparisons/%s?page={page}", c.id.text),
	               page, SHOWN, total);
	return curb_reply_page(req, 200, "comparison", model);
}

/* ---- the file ---- */

/* A difference is a number of ours: with its sign it is no formula. */
static void add_cell(struct curb_buf *out, int label, struct curb_str text)
{
	if (label != MORE) {
		csv_cell(out, text, label + 1 < LABELS ? ',' : '\n');
		return;
	}
	curb_buf_str(out, curb_str_from(text, curb_str_starts(text, "+")));
	curb_buf_char(out, ',');
}

/* Some of them; what they take from the arena is given back. */
static int add_lines(struct curb_req *req, struct exchange *x, const struct curb_id *id, int64_t skip,
                     struct curb_buf *out, int64_t *ret_total)
{
	const struct curb_arena_mark mark = curb_arena_mark(curb_req_arena(req));
	struct kept_difference *kept = NULL;
	struct curb_str texts[LABELS];
	size_t n = 0;
	int err = differences_of(x, curb_req_tx(req), id, skip, AT_ONCE, &kept, &n, ret_total);
	for (size_t i = 0; !err && i < n; i++) {
		err = texts_of(req, &kept[i], texts);
		for (int k = 0; !err && k < LABELS; k++)
			add_cell(out, k, texts[k]);
	}
	curb_arena_rewind(curb_req_arena(req), &mark);
	return err;
}

int exchange_get_comparison(struct curb_req *req, void *state)
{
	struct curb_buf out = curb_buf(FILE_MOST);
	struct comparison c;
	int64_t total = 1;
	int err = find(req, state, &c);
	if (err)
		return err;
	csv_begin(&out);
	for (int i = 0; i < LABELS; i++)
		csv_cell(&out, curb_tr(req, labels[i], NULL), i + 1 < LABELS ? ',' : '\n');
	for (int64_t skip = 0; !err && skip < total; skip += AT_ONCE)
		err = add_lines(req, state, &c.id, skip, &out, &total);
	if (!err)
		return csv_reply(req, &out, "comparison.csv");
	curb_buf_free(&out);
	return err;
}
