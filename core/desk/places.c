/* Institutions and regions: one place a page, what lies below it, and how it changes. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

enum { NAME_LONGEST = 200, CODE_LONGEST = 36 };

struct placing {
	struct curb_id by, made;
	struct curb_str place; /* of the path; "" the top */
	struct curb_str code, name, old_name;
	int64_t at_ms, now_ms;
	const char *done;
};

/* ---- the page ---- */

static int reaches(struct curb_req *req, struct curb_str place, bool *ret_reaches)
{
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	return people_reaches(curb_req_tx(req), &actor, place, ret_reaches);
}

/* At the top an administrator of a part of the country finds the places that are hers. */
static int find_below(struct curb_req *req, struct curb_str place, bool hers,
                      struct people_place **ret_places, size_t *ret_n)
{
	const struct people_actor actor = desk_actor(req, CURB_ADMIN);
	return hers ? people_places_below(curb_req_tx(req), place, ret_places, ret_n) :
	              people_places_held(curb_req_tx(req), &actor, ret_places, ret_n);
}

static int put_below(struct curb_req *req, struct curb_str place, bool hers, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("Name"), CURB_TEXT("Kind"), CURB_TEXT("State"),
		                               NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *columns = desk_columns(req, sources), *rows = curb_array(arena);
	struct people_place *places = NULL;
	size_t n = 0;
	int64_t now_ms = curb_wall_ms();
	int err = find_below(req, place, hers, &places, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = desk_row(rows);
		bool closed = places[i].until_ms && places[i].until_ms <= now_ms;
		desk_cell(row, columns, places[i].name,
		          curb_printf(arena, "/places/%s", curb_encoded(arena, places[i].id, "")));
		desk_cell(row, columns,
		          places[i].institution ? curb_tr(req, "Institution", NULL) :
		                                  curb_tr(req, "Region", NULL),
		          NULL);
		desk_cell(row, columns, closed ? curb_tr(req, "Closed", NULL) : curb_tr(req, "Open", NULL),
		          NULL);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	curb_put_str(model, "count", desk_tr_int(req, CURB_TEXT("Places here: {n}"), "n", (int64_t)n));
	return err;
}

static int put_facts(struct curb_req *req, const struct people_place *place, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *facts = curb_array(arena), *old = curb_array(arena);
	struct people_old_name *names = NULL;
	struct people_place above;
	size_t n = 0;
	bool hers = false;
	int err = reaches(req, place->above, &hers);
	if (err)
		return err;
	desk_fact(facts, curb_tr(req, "Kind", NULL),
	          place->institution ? curb_tr(req, "Institution", NULL) : curb_tr(req, "Region", NULL),
	          NULL);
	desk_fact(facts, curb_tr(req, "Code", NULL), place->id, NULL);
	if (place->above.len && people_place(curb_req_tx(req), place->above, &above) == 0)
		desk_fact(facts, curb_tr(req, "Lies in", NULL), above.name,
		          hers ? curb_printf(arena, "/places/%s", curb_encoded(arena, above.id, "")) : NULL);
	desk_fact(facts, curb_tr(req, "State", NULL),
	          place->until_ms ? desk_tr_str(req, CURB_TEXT("Closed from {day} on"), "day",
	                                        curb_words_date(req, place->until_ms)) :
	                            curb_tr(req, "Open", NULL),
	          NULL);
	err = people_old_names(curb_req_tx(req), place->id, &names, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(arena);
		curb_put_str(values, "name", names[i].name);
		curb_put_str(values, "day", curb_words_date(req, names[i].until_ms));
		curb_push(old, curb_string(arena, curb_tr(req, "{name}, until {day}", values)));
	}
	curb_put(model, "facts", facts);
	curb_put(model, "old_names", old);
	return err;
}

static void tell_done(struct curb_req *req, struct curb_value *model)
{
	static const struct {
		const char *word, *text;
	} done[] = {
		{ "region", CURB_TEXT("The region was added.") },
		{ "institution", CURB_TEXT("The institution was added.") },
		{ "renamed", CURB_TEXT("The new name is kept; the old one is listed below.") },
		{ "closed",
		  CURB_TEXT("The place is closed from that day on. What was recorded there stays.") },
		{ "reopened", CURB_TEXT("The place is open again.") },
	};
	for (size_t i = 0; i < sizeof done / sizeof *done; i++)
		if (curb_str_is(curb_req_query(req, "done"), done[i].word))
			desk_notice(model, "good", curb_tr(req, done[i].text, NULL));
}

static int show(struct curb_req *req, struct desk_form *form, struct curb_str id)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = form->model;
	struct people_place place = { .id = curb_str("") };
	bool hers = false;
	int err = id.len ? people_place(curb_req_tx(req), id, &place) : 0;
	if (!err)
		err = reaches(req, id, &hers);
	if (!err && id.len && !hers)
		return curb_fail(CURB_ENOTFOUND, "There is no such region or institution");
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("Institutions and regions"));
	if (id.len) {
		curb_put_str(model, "title", place.name);
		curb_put_bool(model, "one", true);
		curb_put_bool(model, "institution", place.institution);
		curb_put_bool(model, "closed", place.until_ms != 0);
		curb_put_text(model, "people",
		              curb_printf(arena, "/people?place=%s", curb_encoded(arena, place.id, "")));
		err = put_facts(req, &place, model);
	}
	curb_put_text(model, "base",
	              curb_printf(arena, "/places/%s", id.len ? curb_encoded(arena, id, "") : "top"));
	tell_done(req, model);
	curb_put_bool(model, "add", hers && !place.institution);
	if (!err && !place.institution)
		err = put_below(req, id, hers, model);
	return err ? err : curb_reply_page(req, form->wrong ? 422 : 200, "places", model);
}

/* The place of the path: "top" is above all. */
static struct curb_str place_of(struct curb_req *req)
{
	struct curb_str id = curb_req_param(req, "id");
	return !id.ptr || curb_str_is(id, "top") ? curb_str("") : id;
}

int desk_get_places(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	return show(req, &form, place_of(req));
}

/* ---- what the forms have in common ---- */

static int note(struct curb_tx *tx, const struct placing *placing, struct curb_str about, const char *act)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", placing->name);
	curb_put_str(detail, "old_name", placing->old_name);
	const struct curb_change change = { placing->by, about, about, act, detail };
	return curb_note_change(tx, &change, placing->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct placing *placing = arg;
	struct curb_arena *arena = curb_req_arena(req);
	return desk_go(req, curb_printf(arena, "/places/%s?done=%s",
	                                placing->place.len ? curb_encoded(arena, placing->place, "") : "top",
	                                placing->done));
}

static struct placing placing_of(struct curb_req *req)
{
	return (struct placing){ .by = curb_req_user(req)->id,
		                 .place = place_of(req),
		                 .now_ms = curb_wall_ms() };
}

/* Admins of a part of the country change that part. */
static int check_reach(struct curb_req *req, struct curb_str place)
{
	bool hers = false;
	int err = reaches(req, place, &hers);
	if (err || hers)
		return err;
	return curb_fail(CURB_EDENIED, "Your own role does not reach this place; choose one that it covers");
}

static int finish(struct desk_form *form, struct placing *placing, curb_write_fn fn, const char *field)
{
	int err = check_reach(form->req, placing->place);
	if (err)
		return err;
	if (!form->wrong) {
		err = curb_write_reply(form->req, curb_str(NULL), fn, answer, placing);
		if (!err || !desk_mendable(err))
			return err;
		desk_wrong_error(form, field);
	}
	return show(form->req, form, placing->place);
}

/* ---- one more ---- */

static int add_region(struct curb_tx *tx, void *arg)
{
	struct placing *placing = arg;
	struct curb_str above = placing->place.len ? placing->place : curb_str(NULL);
	int err = people_region_add(tx, placing->code, above, placing->name);
	if (err == CURB_ECONFLICT)
		return curb_fail(err,
		                 "There is a place with the code %.*s already; look it up, or check the code",
		                 (int)placing->code.len, placing->code.ptr);
	return err ? err : note(tx, placing, placing->code, CURB_TEXT("added the region {name}"));
}

/* Codes stand in addresses: letters, digits and what parts them. */
static bool code_plain(struct curb_str code)
{
	for (size_t i = 0; i < code.len; i++) {
		char c = code.ptr[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             c == '-';
		if (!plain)
			return false;
	}
	return code.len > 0 && !curb_str_is(code, "top");
}

int desk_post_region(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	struct placing placing = placing_of(req);
	placing.done = "region";
	placing.code = desk_needed(&form, "code", CODE_LONGEST,
	                           CURB_TEXT("Type the code of the region, such as 370100"));
	placing.name = desk_needed(&form, "region_name", NAME_LONGEST, CURB_TEXT("Type the name"));
	if (placing.code.len && placing.code.len <= CODE_LONGEST && !code_plain(placing.code))
		desk_wrong(&form, "code",
		           curb_tr(req, "A code has letters a to z, digits and hyphens only", NULL));
	return finish(&form, &placing, add_region, "code");
}

static int add_institution(struct curb_tx *tx, void *arg)
{
	struct placing *placing = arg;
	int err = people_institution_add(tx, placing->place, placing->name, placing->now_ms, &placing->made);
	return err ? err :
	             note(tx, placing, curb_id_str(&placing->made),
	                  CURB_TEXT("added the institution {name}"));
}

int desk_post_institution(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	struct placing placing = placing_of(req);
	placing.done = "institution";
	placing.name = desk_needed(&form, "institution_name", NAME_LONGEST, CURB_TEXT("Type the name"));
	return finish(&form, &placing, add_institution, "institution_name");
}

/* ---- changing ---- */

static int rename_place(struct curb_tx *tx, void *arg)
{
	struct placing *placing = arg;
	struct people_place place;
	int err = people_place(tx, placing->place, &place);
	if (!err)
		err = people_place_rename(tx, placing->place, placing->name, placing->at_ms);
	if (err)
		return err;
	placing->old_name = place.name;
	return note(tx, placing, placing->place, CURB_TEXT("renamed {old_name} to {name}"));
}

int desk_post_rename(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	struct placing placing = placing_of(req);
	placing.done = "renamed";
	placing.name = desk_needed(&form, "new_name", NAME_LONGEST, CURB_TEXT("Type the name"));
	placing.at_ms = desk_date(&form, "named");
	if (placing.at_ms > placing.now_ms)
		desk_wrong(&form, "named",
		           curb_tr(req, "This day is still to come; enter the new name on that day or later",
		                   NULL));
	if (!placing.at_ms)
		placing.at_ms = placing.now_ms;
	return finish(&form, &placing, rename_place, "new_name");
}

static int close_place(struct curb_tx *tx, void *arg)
{
	struct placing *placing = arg;
	int err = people_place_close(tx, placing->place, placing->at_ms);
	return err ? err :
	             note(tx, placing, placing->place,
	                  placing->at_ms ? CURB_TEXT("closed this place") :
	                                   CURB_TEXT("opened this place again"));
}

int desk_post_close(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	struct placing placing = placing_of(req);
	placing.done = "closed";
	placing.at_ms = desk_date(&form, "closing");
	if (!placing.at_ms)
		placing.at_ms = placing.now_ms;
	return finish(&form, &placing, close_place, "closing");
}

int desk_post_reopen(struct curb_req *req, void *state)
{
	(void)state;
	struct desk_form form = desk_form(req, NULL);
	struct placing placing = placing_of(req);
	placing.done = "reopened";
	return finish(&form, &placing, close_place, "closing");
}
