/* What the forms of lists have in common: what was typed, which map, whose records. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "lists.h"

enum { PLACES_MOST = 1 << 20 };

struct list_form list_form(struct curb_req *req, struct exchange *x)
{
	struct curb_arena *arena = curb_req_arena(req);
	return (struct list_form){ req, x, curb_object(arena), curb_object(arena), curb_object(arena) };
}

struct curb_str list_typed(const struct list_form *form, const char *name)
{
	struct curb_str typed = curb_str_trim(curb_req_field(form->req, name));
	curb_put_str(form->values, name, typed.ptr ? typed : curb_str(""));
	return typed;
}

void list_wrong(const struct list_form *form, const char *field, struct curb_str text)
{
	curb_put_str(form->errors, field, text);
}

void list_wrong_error(const struct list_form *form, const char *field)
{
	list_wrong(form, field, curb_dup(curb_req_arena(form->req), curb_str(curb_error_local())));
}

bool list_is_wrong(const struct list_form *form)
{
	return curb_value_count(form->errors) > 0;
}

int list_reply(const struct list_form *form, int status, const char *name, struct curb_str title)
{
	struct curb_arena *arena = curb_req_arena(form->req);
	struct curb_value *mistakes = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(form->errors); i++) {
		struct curb_value *item = curb_object(arena);
		curb_put_str(item, "field", curb_value_key(form->errors, i));
		curb_put_str(item, "text", curb_value_str(curb_value_member(form->errors, i)));
		curb_push(mistakes, item);
	}
	curb_put(form->model, "mistakes", mistakes);
	curb_put(form->model, "e", form->errors);
	curb_put(form->model, "v", form->values);
	curb_put_str(form->model, "title", title);
	return curb_reply_page(form->req, status, name, form->model);
}

/* ---- maps ---- */

/* The regions around the place of whoever asks. */
static int places_around(struct curb_req *req, struct curb_place **ret, size_t *ret_n)
{
	struct curb_tx *tx = curb_req_tx(req);
	struct curb_str place;
	int err = curb_person_place(tx, &curb_req_user(req)->id, EXCHANGE_MAKERS, curb_wall_ms(), &place);
	if (!err && place.len)
		err = curb_places_around(tx, place, ret, ret_n);
	return err == CURB_ENOTFOUND ? 0 : err;
}

static bool may_use(struct curb_req *req, struct curb_str place, const struct curb_place *around, size_t n)
{
	bool may = place.len == 0 || curb_may_at(req, EXCHANGE_MAKERS, place);
	for (size_t i = 0; !may && i < n; i++)
		may = curb_str_eq(place, around[i].id);
	return may;
}

/* In brackets. */
static void add_place(struct curb_buf *out, struct curb_str place)
{
	curb_buf_char(out, '[');
	curb_buf_str(out, place);
	curb_buf_char(out, ']');
}

static int end_places(struct curb_req *req, struct curb_buf *out, struct curb_str *ret)
{
	int err = curb_buf_check(out);
	*ret = curb_dup(curb_req_arena(req), curb_buf_view(out));
	return err;
}

int list_places(struct curb_req *req, const struct curb_str *places, size_t n, struct curb_str *ret)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(PLACES_MOST);
	for (size_t i = 0; i < n; i++)
		if (curb_may_at(req, EXCHANGE_MAKERS, places[i]))
			add_place(&out, places[i]);
	return end_places(req, &out, ret);
}

int list_maps(struct curb_req *req, struct exchange *x, struct map **ret, size_t *ret_n)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(PLACES_MOST);
	struct curb_place *around = NULL;
	struct curb_str *places = NULL, list;
	size_t around_n = 0, n = 0;
	int err = places_around(req, &around, &around_n);
	if (!err)
		err = map_places(x, curb_req_tx(req), &places, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (may_use(req, places[i], around, around_n))
			add_place(&out, places[i]);
	if (!err)
		err = end_places(req, &out, &list);
	return err ? err : maps_at(x, curb_req_tx(req), list, ret, ret_n);
}

static void push_option(struct curb_value *options, const char *value, struct curb_str label, bool selected)
{
	struct curb_value *option = curb_object(curb_value_arena(options));
	curb_put_text(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}

int list_put_maps(const struct list_form *form, struct curb_str chosen, const char *none)
{
	struct curb_value *options = curb_array(curb_req_arena(form->req));
	struct map *maps = NULL;
	size_t n = 0;
	int err = list_maps(form->req, form->x, &maps, &n);
	if (none)
		push_option(options, "", curb_tr(form->req, none, NULL), false);
	for (size_t i = 0; !err && i < n; i++)
		push_option(options, maps[i].id.text, maps[i].name, curb_str_is(chosen, maps[i].id.text));
	curb_put(form->model, "maps", options);
	return err;
}

int list_read_map(const struct list_form *form, struct map *ret)
{
	struct curb_str id = list_typed(form, "map");
	struct map *maps = NULL;
	size_t n = 0, i = 0;
	int err = list_maps(form->req, form->x, &maps, &n);
	while (!err && i < n && !curb_str_is(id, maps[i].id.text))
		i++;
	if (err)
		return err;
	if (i == n)
		list_wrong(form, "map", curb_tr(form->req, "Choose a map of columns", NULL));
	else if (maps[i].n == 0)
		list_wrong(form, "map", curb_tr(form->req, "This map has no column yet", NULL));
	else
		*ret = maps[i];
	return 0;
}

/* ---- whose records ---- */

static int lies_in(struct curb_tx *tx, const struct curb_id *institution, struct curb_str region, bool *ret)
{
	struct curb_place *around = NULL;
	size_t n = 0;
	int err = curb_places_around(tx, curb_id_str(institution), &around, &n);
	*ret = false;
	for (size_t i = 0; !err && i < n; i++)
		*ret = *ret || curb_str_eq(around[i].id, region);
	return err;
}

static int keep_those_in(struct curb_tx *tx, const struct curb_place *place, struct list_scope *scope)
{
	struct curb_id *kept = curb_alloc_n(curb_tx_arena(tx), scope->n + 1, sizeof *kept);
	size_t n = 0;
	int err = 0;
	for (size_t i = 0; !err && i < scope->n; i++) {
		bool in = curb_str_is(place->id, scope->institutions[i].text);
		if (!place->institution)
			err = lies_in(tx, &scope->institutions[i], place->id, &in);
		if (in)
			kept[n++] = scope->institutions[i];
	}
	scope->institutions = kept;
	scope->n = n;
	scope->name = place->name;
	return err;
}

int list_read_scope(const struct list_form *form, struct list_scope *ret)
{
	struct curb_str typed = list_typed(form, "place");
	struct curb_tx *tx = curb_req_tx(form->req);
	struct curb_place place;
	*ret = (struct list_scope){ .name = curb_str("") };
	int err = curb_req_institutions(form->req, EXCHANGE_MAKERS, &ret->institutions, &ret->n);
	if (err || typed.len == 0)
		return err;
	err = curb_place_find(tx, typed, &place);
	if (err && err != CURB_ENOTFOUND && err != CURB_EUNFIT)
		return err;
	if (!err)
		err = keep_those_in(tx, &place, ret);
	if (err == CURB_EUNFIT)
		list_wrong_error(form, "place");
	else if (err == CURB_ENOTFOUND || ret->n == 0)
		list_wrong(form, "place",
		           curb_tr(form->req,
		                   "Write the whole name of an institution or a region that you look after",
		                   NULL));
	return err == CURB_ENOTFOUND || err == CURB_EUNFIT ? 0 : err;
}
