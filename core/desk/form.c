/* What was typed into a form, and what is wrong with it. */
#include <time.h>

#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

struct desk_form desk_form(struct curb_req *req, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct desk_form form = { .req = req, .model = model ? model : curb_object(arena) };
	form.v = curb_object(arena);
	form.e = curb_object(arena);
	form.mistakes = curb_array(arena);
	curb_put(form.model, "v", form.v);
	curb_put(form.model, "e", form.e);
	curb_put(form.model, "mistakes", form.mistakes);
	return form;
}

void desk_wrong(struct desk_form *form, const char *name, struct curb_str text)
{
	struct curb_arena *arena = curb_value_arena(form->model);
	struct curb_value *mistake = curb_object(arena);
	bool date = curb_value_type(curb_value_get(form->v, name)) == CURB_OBJECT;
	curb_put_text(mistake, "field", date ? curb_printf(arena, "%s-year", name) : name);
	curb_put_str(mistake, "text", text);
	curb_push(form->mistakes, mistake);
	if (!curb_value_get(form->e, name))
		curb_put_str(form->e, name, text);
	form->wrong = true;
}

void desk_wrong_error(struct desk_form *form, const char *name)
{
	desk_wrong(form, name, curb_dup(curb_value_arena(form->model), curb_str(curb_error_local())));
}

bool desk_mendable(int err)
{
	return err == CURB_EINVAL || err == CURB_ENOTFOUND || err == CURB_ECONFLICT || err == CURB_EUNFIT ||
	       err == CURB_ETOOBIG || err == CURB_EDENIED;
}

struct curb_str desk_text(struct desk_form *form, const char *name)
{
	struct curb_str text = curb_str_trim(curb_req_field(form->req, name));
	if (!text.ptr)
		text = curb_str("");
	curb_put_str(form->v, name, text);
	return text;
}

struct curb_str desk_short(struct desk_form *form, const char *name, size_t most)
{
	struct curb_str text = desk_text(form, name);
	if (text.len > most)
		desk_wrong(form, name,
		           desk_tr_int(form->req, CURB_TEXT("This is too long; {most} characters are taken"),
		                       "most", (int64_t)most / 3));
	return text;
}

struct curb_str desk_needed(struct desk_form *form, const char *name, size_t most, const char *missing)
{
	struct curb_str text = desk_short(form, name, most);
	if (!text.len)
		desk_wrong(form, name, curb_tr(form->req, missing, NULL));
	return text;
}

int64_t desk_date(struct desk_form *form, const char *name)
{
	static const char *const parts[] = { "year", "month", "day" };
	struct curb_arena *arena = curb_value_arena(form->model);
	struct curb_value *date = curb_object(arena);
	int64_t numbers[3] = { 0, 0, 0 };
	size_t given = 0;
	bool good = true;
	for (size_t i = 0; i < 3; i++) {
		struct curb_str text = curb_str_trim(
			curb_req_field(form->req, curb_printf(arena, "%s-%s", name, parts[i])));
		if (text.len)
			given++;
		good = good && curb_str_int(text, &numbers[i]) && numbers[i] > 0;
		curb_put_str(date, parts[i], text);
	}
	curb_put(form->v, name, date);
	if (!given)
		return 0;
	good = good && numbers[0] >= 1900 && numbers[0] <= 2200 && numbers[1] <= 12 && numbers[2] <= 31;
	struct tm tm = { .tm_year = good ? (int)numbers[0] - 1900 : 70,
		         .tm_mon = (int)numbers[1] - 1,
		         .tm_mday = (int)numbers[2] };
	int64_t day = good ? timegm(&tm) / (24 * 3600) : 0;
	if (good && tm.tm_mday == numbers[2]) /* 30 February becomes 2 March */
		return curb_day_begins(day);
	desk_wrong(form, name,
	           curb_tr(form->req,
	                   "There is no such day; type year, month and day as numbers, such as 2026, 11, 21",
	                   NULL));
	return 0;
}

/* ---- places ---- */

static int check_reach(struct curb_req *req, const struct people_actor *actor, struct curb_str place)
{
	bool reaches = false;
	int err = people_reaches(curb_req_tx(req), actor, place, &reaches);
	if (err || reaches)
		return err;
	return place.len ? curb_fail(CURB_EDENIED,
	                             "Your own role does not reach this place; choose one that it covers") :
	                   curb_fail(CURB_EDENIED,
	                             "Choose a place; your own role does not cover the whole server");
}

int desk_read_place(struct desk_form *form, const struct people_actor *actor, const char *name,
                    struct curb_str *ret_place)
{
	struct curb_str typed = desk_text(form, name);
	struct people_place place = { .id = curb_str("") };
	int err = 0;
	if (!typed.len)
		err = curb_fail(CURB_EINVAL, "Choose where: a region, an institution or the whole server");
	else if (!curb_str_is(typed, DESK_EVERYTHING))
		err = people_place_named(curb_req_tx(form->req), typed, &place);
	if (!err)
		err = check_reach(form->req, actor, place.id);
	if (err && desk_mendable(err)) {
		desk_wrong_error(form, name);
		return 0;
	}
	if (!err)
		*ret_place = place.id;
	return err;
}

static void put_place(struct curb_req *req, const struct people_place *place, struct curb_str chosen,
                      struct curb_value *options)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct people_place above;
	bool inside = place->above.len && people_place(curb_req_tx(req), place->above, &above) == 0;
	curb_put_str(values, "name", place->name);
	if (inside)
		curb_put_str(values, "above", above.name);
	desk_option(options, place->id, inside ? curb_tr(req, "{name}, in {above}", values) : place->name,
	            curb_str_eq(chosen, place->id));
}

int desk_put_places(struct curb_req *req, const struct people_actor *actor, struct curb_str chosen,
                    bool with_regions, struct curb_value *model)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	struct people_branch *branches = NULL;
	struct people_place only = { .id = curb_str(NULL) };
	size_t n = 0, shown = 0;
	bool everything = false;
	int err = people_places_reached(curb_req_tx(req), actor, DESK_CHOICES, &branches, &n);
	if (!err)
		err = people_reaches(curb_req_tx(req), actor, curb_str(""), &everything);
	if (err || n > DESK_CHOICES)
		return err;
	desk_option(options, curb_str(""), curb_tr(req, "Choose where", NULL), chosen.len == 0);
	if (everything && with_regions)
		desk_option(options, curb_str(DESK_EVERYTHING), desk_place(req, curb_str(NULL)),
		            curb_str_is(chosen, DESK_EVERYTHING));
	for (size_t i = 0; i < n; i++) {
		const struct people_place *place = &branches[i].place;
		bool closed = place->until_ms && place->until_ms <= actor->now_ms;
		if (closed || (!with_regions && !place->institution))
			continue;
		only = *place;
		shown++;
		put_place(req, place, chosen, options);
	}
	if (shown == 1 && !(everything && with_regions)) { /* nothing to choose from */
		curb_put_str(model, "only_place", only.id);
		curb_put_str(model, "only_name", only.name);
	}
	curb_put(model, "places", options);
	return 0;
}
