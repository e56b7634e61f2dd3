/* Taking away a map, one of its columns, or a comparison: each is asked for once more first. */
#include "cells.h"
#include "curb/err.h"
#include "curb/person.h"
#include "lists.h"

struct removing {
	struct exchange *x;
	struct map map;
	struct comparison comparison;
	struct curb_str text; /* the columns that are left; absent: the whole map goes */
};

static int show(struct curb_req *req, struct curb_str title, struct curb_str text, struct curb_str button,
                const char *action, const char *back, struct curb_str value)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", title);
	curb_put_str(model, "text", text);
	curb_put_str(model, "button", button);
	curb_put_text(model, "action", action);
	curb_put_text(model, "back", back);
	if (value.len)
		curb_put_str(model, "value", value);
	return curb_reply_page(req, 200, "remove", model);
}

/* ---- maps and columns ---- */

static int find_map(struct curb_req *req, struct exchange *x, struct map *ret)
{
	int err = map_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may_at(req, EXCHANGE_MAKERS, ret->place))
		return curb_fail(CURB_ENOTFOUND, "There is no such map");
	return err;
}

/* The column that is called so; map->n: none is. */
static size_t column_called(const struct map *map, struct curb_str heading)
{
	size_t i = 0;
	while (i < map->n && !curb_str_eq(map->columns[i].heading, heading))
		i++;
	return i;
}

int exchange_page_map_remove(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct map map;
	int64_t n = 0;
	int err = find_map(req, state, &map);
	if (err)
		return err;
	const char *action = curb_printf(arena, "/exchange/maps/%s/remove", map.id.text),
		   *back = curb_printf(arena, "/exchange/maps/%s", map.id.text);
	if (curb_req_query(req, "column").len == 0)
		return show(req, tr_one(req, CURB_TEXT("Remove the map {name}?"), "name", map.name),
		            curb_tr(req, "Lists that were saved or compared with it stay as they are.", NULL),
		            curb_tr(req, "Remove this map", NULL), action, back, curb_str(""));
	if (!curb_str_int(curb_req_query(req, "column"), &n) || n < 1 || n > (int64_t)map.n)
		return curb_fail(CURB_ENOTFOUND, "This map has no such column");
	struct curb_str heading = map.columns[n - 1].heading;
	return show(req, tr_one(req, CURB_TEXT("Remove the column {heading}?"), "heading", heading),
	            curb_tr(req, "Lists are saved without it from then on, and it is not compared.", NULL),
	            curb_tr(req, "Remove this column", NULL), action,
	            curb_printf(arena, "%s/columns/%lld", back, (long long)n), heading);
}

static int remove_map(struct curb_tx *tx, void *arg)
{
	const struct removing *r = arg;
	return r->text.ptr ? map_set(r->x, tx, &r->map, r->text) : map_remove(r->x, tx, &r->map.id);
}

static int answer_map(struct curb_req *req, void *arg)
{
	const struct removing *r = arg;
	return curb_reply_redirect(
		req, r->text.ptr ?
			     curb_str(curb_printf(curb_req_arena(req), "/exchange/maps/%s", r->map.id.text)) :
			     curb_str("/exchange/maps"));
}

int exchange_post_map_remove(struct curb_req *req, void *state)
{
	struct removing removing = { .x = state };
	struct curb_str heading = curb_req_field(req, "column");
	int err = find_map(req, state, &removing.map);
	if (err)
		return err;
	if (heading.len) {
		struct map *map = &removing.map;
		struct curb_buf left = curb_buf(map->text.len + 1);
		size_t at = column_called(map, heading);
		if (at == map->n)
			return curb_fail(CURB_ENOTFOUND, "This map has no such column");
		columns_write(&left, map->columns, at);
		columns_write(&left, map->columns + at + 1, map->n - at - 1);
		removing.text = curb_dup(curb_req_arena(req), curb_buf_view(&left));
		curb_buf_free(&left);
	}
	return curb_write_reply(req, curb_id_str(&removing.map.id), remove_map, answer_map, &removing);
}

/* ---- comparisons ---- */

static int find_comparison(struct curb_req *req, struct exchange *x, struct comparison *ret)
{
	int err = comparison_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), ret);
	if (!err && !curb_may_at(req, EXCHANGE_MAKERS, ret->place))
		return curb_fail(CURB_ENOTFOUND, "There is no such comparison");
	return err;
}

int exchange_page_comparison_remove(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct comparison comparison;
	int err = find_comparison(req, state, &comparison);
	return err ? err :
	             show(req, curb_tr(req, "Remove this comparison?", NULL),
	                  curb_tr(req,
	                          "What it found is gone then. The records here stay as they are, and the "
	                          "list can be compared again.",
	                          NULL),
	                  curb_tr(req, "Remove this comparison", NULL),
	                  curb_printf(arena, "/exchange/comparisons/%s/remove", comparison.id.text),
	                  curb_printf(arena, "/exchange/comparisons/%s", comparison.id.text), curb_str(""));
}

static int remove_comparison(struct curb_tx *tx, void *arg)
{
	const struct removing *r = arg;
	return comparison_remove(r->x, tx, &r->comparison.id);
}

static int answer_comparison(struct curb_req *req, void *arg)
{
	(void)arg;
	return curb_reply_redirect(req, curb_str("/exchange/comparisons"));
}

int exchange_post_comparison_remove(struct curb_req *req, void *state)
{
	struct removing removing = { .x = state };
	int err = find_comparison(req, state, &removing.comparison);
	return err ? err :
	             curb_write_reply(req, curb_id_str(&removing.comparison.id), remove_comparison,
	                              answer_comparison, &removing);
}
