/* Maps of columns, as whoever looks after a region enters, changes and removes them: one column a form. */
#include "cells.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "lists.h"

enum { TEXT_MOST = COLUMNS_MOST * (3 * COLUMN_TEXT + 64) };

static bool may_change(struct curb_req *req, const struct map *map)
{
	return curb_may_at(req, EXCHANGE_MAKERS, map->place);
}

static int go_to(struct curb_req *req, const struct curb_id *map)
{
	return curb_reply_redirect(
		req, curb_str(curb_printf(curb_req_arena(req), "/exchange/maps/%s", map->text)));
}

/* The map of the address. CURB_ENOTFOUND when whoever asks may not use it, or (`change`) not change it. */
static int find_map(struct curb_req *req, struct exchange *x, bool change, struct map *ret)
{
	struct curb_str id = curb_req_param(req, "id");
	struct map *maps = NULL;
	size_t n = 0;
	int err = list_maps(req, x, &maps, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_str_is(id, maps[i].id.text) && (!change || may_change(req, &maps[i]))) {
			*ret = maps[i];
			return 0;
		}
	return err ? err : curb_fail(CURB_ENOTFOUND, "There is no such map");
}

/* ---- all of them ---- */

static int show_maps(const struct list_form *form, int status)
{
	static const char *const labels[] = { CURB_TEXT("Map"), CURB_TEXT("Columns"), NULL };
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct map *maps = NULL;
	size_t n = 0;
	int err = list_maps(req, form->x, &maps, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		push_cell(req, cells, labels[0], maps[i].name,
		          curb_printf(arena, "/exchange/maps/%s", maps[i].id.text));
		push_cell(req, cells, labels[1], exchange_number(req, (int64_t)maps[i].n), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	if (!err)
		err = list_put_maps(form, curb_value_str(curb_value_get(form->values, "map")),
		                    CURB_TEXT("No other map"));
	if (err)
		return err;
	put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	return list_reply(form, status, "maps", curb_tr(req, "Maps of columns", NULL));
}

int exchange_page_maps(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	return show_maps(&form, 200);
}

struct adding {
	struct exchange *x;
	struct map map;
	struct curb_id by;
	int64_t now_ms;
};

static int write_map(struct curb_tx *tx, void *arg)
{
	const struct adding *adding = arg;
	const char *place = curb_printf(curb_tx_arena(tx), "[%.*s]", (int)adding->map.place.len,
	                                adding->map.place.ptr);
	struct map *maps = NULL;
	size_t n = 0;
	int err = maps_at(adding->x, tx, curb_str(place), &maps, &n);
	if (!err && n >= MAPS_MOST)
		return curb_fail(CURB_EUNFIT, "There are %d maps already; remove one that nobody needs",
		                 MAPS_MOST);
	return err ? err : map_add(adding->x, tx, &adding->map, &adding->by, adding->now_ms);
}

static int answer_map(struct curb_req *req, void *arg)
{
	const struct adding *adding = arg;
	return go_to(req, &adding->map.id);
}

int exchange_post_map(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct adding adding = { .x = state, .by = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	struct map from = { .text = curb_str("") };
	struct curb_str chosen = list_typed(&form, "map");
	int err = chosen.len ? list_read_map(&form, &from) : 0;
	if (!err)
		err = curb_person_place(curb_req_tx(req), &adding.by, EXCHANGE_MAKERS, adding.now_ms,
		                        &adding.map.place);
	if (err)
		return err;
	adding.map.id = curb_id_new(adding.now_ms);
	adding.map.name = list_typed(&form, "name");
	adding.map.text = from.text;
	if (adding.map.name.len == 0 || !column_text_fits(adding.map.name))
		list_wrong(&form, "name",
		           curb_tr(req, "Write what this map is called, in a few words", NULL));
	if (!list_is_wrong(&form)) {
		err = curb_write_reply(req, curb_str("maps"), write_map, answer_map, &adding);
		if (err != CURB_EUNFIT)
			return err;
		list_wrong_error(&form, "name");
	}
	return show_maps(&form, 422);
}

/* ---- one, and its columns ---- */

static struct curb_str words_of(struct curb_req *req, const struct column *column)
{
	struct curb_arena *arena = curb_req_arena(req);
	if (column->kind->form == FORM_WORDS)
		return curb_str(curb_printf(arena, "%.*s / %.*s", (int)column->yes.len, column->yes.ptr,
		                            (int)column->no.len, column->no.ptr));
	return column->yes;
}

/* The kinds as options. */
static void put_kinds(const struct list_form *form, struct curb_str chosen)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *options = curb_array(arena);
	for (size_t i = 0; i < COLUMN_KINDS; i++) {
		struct curb_value *option = curb_object(arena);
		curb_put_text(option, "value", column_kinds[i].word);
		curb_put_str(option, "label", curb_tr(form->req, column_kinds[i].label, NULL));
		curb_put_bool(option, "selected", curb_str_is(chosen, column_kinds[i].word));
		curb_push(options, option);
	}
	curb_put(form->model, "kinds", options);
}

static int show_map(const struct list_form *form, const struct map *map, int status)
{
	static const char *const labels[] = { CURB_TEXT("Heading"), CURB_TEXT("What it carries"),
		                              CURB_TEXT("Words"), NULL };
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	bool change = may_change(req, map);
	for (size_t i = 0; i < map->n; i++) {
		struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
		push_cell(req, cells, labels[0], map->columns[i].heading,
		          change ? curb_printf(arena, "/exchange/maps/%s/columns/%zu", map->id.text, i + 1) :
		                   NULL);
		push_cell(req, cells, labels[1], curb_tr(req, map->columns[i].kind->label, NULL), NULL);
		push_cell(req, cells, labels[2], words_of(req, &map->columns[i]), NULL);
		curb_put(row, "cells", cells);
		curb_push(rows, row);
	}
	put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	put_kinds(form, curb_value_str(curb_value_get(form->values, "kind")));
	curb_put_bool(form->model, "change", change);
	curb_put_text(form->model, "action", curb_printf(arena, "/exchange/maps/%s/columns", map->id.text));
	curb_put_text(form->model, "remove", curb_printf(arena, "/exchange/maps/%s/remove", map->id.text));
	return list_reply(form, status, "map", map->name);
}

int exchange_page_map(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct map map;
	int err = find_map(req, state, false, &map);
	return err ? err : show_map(&form, &map, 200);
}

/* ---- a column, as it was typed ---- */

static void read_words(const struct list_form *form, struct column *column)
{
	struct curb_req *req = form->req;
	column->yes = list_typed(form, "yes");
	column->no = list_typed(form, "no");
	bool words = column->kind && column->kind->form == FORM_WORDS,
	     fixed = column->kind && column->kind->field == FIELD_FIXED;
	if (!column_text_fits(column->yes) || ((words || fixed) && column->yes.len == 0))
		list_wrong(form, "yes",
		           curb_tr(req, "Write the word that stands there, in a few characters", NULL));
	if (!column_text_fits(column->no) || (words && column->no.len == 0))
		list_wrong(form, "no",
		           curb_tr(req, "Write the word that stands there, in a few characters", NULL));
	else if (words && text_same(column->yes, column->no))
		list_wrong(form, "no", curb_tr(req, "The two words must differ", NULL));
	if (!words)
		column->no = curb_str("");
	if (!words && !fixed)
		column->yes = curb_str("");
}

/* `at`: which of the columns it is or, behind them, that it is another one; set to where it is to stand. */
static struct column read_column(const struct list_form *form, const struct map *map, size_t *at)
{
	struct curb_req *req = form->req;
	struct column column = { .heading = list_typed(form, "heading") };
	struct curb_str place = list_typed(form, "at");
	bool other = *at == map->n;
	int64_t n = (int64_t)*at + 1, most = (int64_t)map->n + other;
	column.kind = column_kind_named(list_typed(form, "kind"));
	if (!column.kind)
		list_wrong(form, "kind", curb_tr(req, "Choose what the column carries", NULL));
	if (column.heading.len == 0 || !column_text_fits(column.heading))
		list_wrong(form, "heading",
		           curb_tr(req, "Write the heading as the other system has it", NULL));
	for (size_t i = 0; i < map->n; i++)
		if (i != *at && text_same(map->columns[i].heading, column.heading))
			list_wrong(form, "heading", curb_tr(req, "Another column has this heading", NULL));
	if (place.len && (!curb_str_int(place, &n) || n < 1 || n > most)) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_int(values, "most", most);
		list_wrong(form, "at", curb_tr(req, "Write a number from 1 to {most}", values));
		n = 1;
	}
	read_words(form, &column);
	if (other && map->n == COLUMNS_MOST)
		list_wrong(form, "heading", curb_tr(req, "A map has at most forty columns", NULL));
	*at = (size_t)n - 1;
	return column;
}

struct changing {
	struct exchange *x;
	struct map map;
	struct curb_str text;
};

static int write_columns(struct curb_tx *tx, void *arg)
{
	const struct changing *changing = arg;
	return map_set(changing->x, tx, &changing->map, changing->text);
}

static int answer_columns(struct curb_req *req, void *arg)
{
	const struct changing *changing = arg;
	return go_to(req, &changing->map.id);
}

/* Writes the columns that are left when the one at `out` is taken away (none: map->n) and `column` (NULL: none) stands at `in`. */
static int change(struct curb_req *req, struct exchange *x, const struct map *map, size_t out,
                  const struct column *column, size_t in)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct column *columns = curb_alloc_n(arena, map->n + 1, sizeof *columns);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(TEXT_MOST);
	size_t n = 0;
	for (size_t i = 0; i < map->n; i++)
		if (i != out)
			columns[n++] = map->columns[i];
	if (column) {
		memmove(columns + in + 1, columns + in, (n - in) * sizeof *columns);
		columns[in] = *column;
		n++;
	}
	columns_write(&text, columns, n);
	struct changing changing = { x, *map, curb_dup(arena, curb_buf_view(&text)) };
	int err = curb_buf_check(&text);
	return err ? err :
	             curb_write_reply(req, curb_id_str(&map->id), write_columns, answer_columns, &changing);
}

int exchange_post_column(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct map map;
	int err = find_map(req, state, true, &map);
	if (err)
		return err;
	size_t at = map.n;
	const struct column column = read_column(&form, &map, &at);
	return list_is_wrong(&form) ? show_map(&form, &map, 422) :
	                              change(req, state, &map, map.n, &column, at);
}

/* ---- changing one ---- */

/* The column of the address, or of the query. */
static int find_column(const struct map *map, struct curb_str said, size_t *ret_at)
{
	int64_t n = 0;
	if (!curb_str_int(said, &n) || n < 1 || n > (int64_t)map->n)
		return curb_fail(CURB_ENOTFOUND, "This map has no such column");
	*ret_at = (size_t)n - 1;
	return 0;
}

static int show_column(const struct list_form *form, const struct map *map, size_t at, int status)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	put_kinds(form, curb_value_str(curb_value_get(form->values, "kind")));
	curb_put_text(form->model, "map", curb_printf(arena, "/exchange/maps/%s", map->id.text));
	curb_put_str(form->model, "map_name", map->name);
	curb_put_str(form->model, "was", map->columns[at].heading);
	curb_put_text(form->model, "action",
	              curb_printf(arena, "/exchange/maps/%s/columns/%zu", map->id.text, at + 1));
	curb_put_text(form->model, "remove",
	              curb_printf(arena, "/exchange/maps/%s/remove?column=%zu", map->id.text, at + 1));
	return list_reply(
		form, status, "column",
		tr_one(form->req, CURB_TEXT("Column {heading}"), "heading", map->columns[at].heading));
}

int exchange_page_column(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct map map;
	size_t at = 0;
	int err = find_map(req, state, true, &map);
	if (!err)
		err = find_column(&map, curb_req_param(req, "n"), &at);
	if (err)
		return err;
	const struct column *column = &map.columns[at];
	curb_put_str(form.values, "heading", column->heading);
	curb_put_text(form.values, "kind", column->kind->word);
	curb_put_str(form.values, "yes", column->yes);
	curb_put_str(form.values, "no", column->no);
	curb_put_str(form.values, "at", exchange_number(req, (int64_t)at + 1));
	return show_column(&form, &map, at, 200);
}

static int was_changed(void)
{
	return curb_fail(CURB_ECONFLICT, "Somebody else has just changed this map; look at it again");
}

int exchange_post_changed(struct curb_req *req, void *state)
{
	const struct list_form form = list_form(req, state);
	struct map map;
	size_t at = 0, to = 0;
	int err = find_map(req, state, true, &map);
	if (!err)
		err = find_column(&map, curb_req_param(req, "n"), &at);
	if (!err && !curb_str_eq(curb_str_trim(curb_req_field(req, "was")), map.columns[at].heading))
		err = was_changed();
	if (err)
		return err;
	to = at;
	const struct column column = read_column(&form, &map, &to);
	return list_is_wrong(&form) ? show_column(&form, &map, at, 422) :
	                              change(req, state, &map, at, &column, to);
}
