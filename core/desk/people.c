/* The list of people: those of the whole server for who runs it, those of her places for everybody else. */
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

enum { QUERY_LONGEST = 200 };

static int read_filter(struct curb_req *req, struct people_filter *ret_filter)
{
	struct people_filter filter = { .q = curb_str_trim(curb_req_query(req, "q")),
		                        .place = curb_str_trim(curb_req_query(req, "place")) };
	struct curb_str role = curb_req_query(req, "role");
	int err = desk_page(req, &filter.page);
	if (err)
		return err;
	if (filter.q.len > QUERY_LONGEST)
		return curb_fail(CURB_EINVAL, "Search for fewer words; at most %d bytes are looked at",
		                 QUERY_LONGEST);
	if (role.len && !(filter.role = people_role(role)))
		return curb_fail(CURB_EINVAL, "There is no role of that name");
	*ret_filter = filter;
	return 0;
}

/* ---- for programs ---- */

static void put_roles(struct curb_json *j, uint32_t roles)
{
	curb_json_key(j, "roles");
	curb_json_begin(j, '[');
	for (int i = 0; people_role_word(i); i++)
		if (roles & 1u << i)
			curb_json_text(j, people_role_word(i));
	curb_json_end(j, ']');
}

static int reply_json(struct curb_req *req, const struct people_row *rows, size_t n, int64_t page,
                      int64_t total)
{
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "items");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++) {
		curb_json_begin(&j, '{');
		curb_json_ktext(&j, "id", rows[i].id.text);
		curb_json_kstr(&j, "name", rows[i].shown);
		curb_json_kstr(&j, "number", rows[i].sign_in);
		put_roles(&j, rows[i].roles);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_kint(&j, "total", total);
	curb_json_key(&j, "next");
	if (page * PEOPLE_PAGE < total)
		curb_json_int(&j, page + 1);
	else
		curb_json_null(&j);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

/* ---- for people ---- */

static void put_table(struct curb_req *req, const struct people_row *rows, size_t n, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("Name"), CURB_TEXT("Learner number or phone"),
		                               CURB_TEXT("Roles now"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *columns = desk_columns(req, sources), *list = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = desk_row(list);
		desk_cell(row, columns, rows[i].shown, curb_printf(arena, "/people/%s", rows[i].id.text));
		desk_cell(row, columns, rows[i].sign_in, NULL);
		desk_cell(row, columns, desk_roles(req, rows[i].roles), NULL);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", list);
}

static void put_role_choices(struct curb_req *req, uint32_t chosen, struct curb_value *model)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	desk_option(options, curb_str(""), curb_tr(req, "Any role", NULL), chosen == 0);
	for (int i = 0; people_role_word(i); i++)
		desk_option(options, curb_str(people_role_word(i)), desk_role(req, 1u << i),
		            chosen == 1u << i);
	curb_put(model, "roles", options);
}

static void put_filter(struct curb_req *req, const struct people_filter *filter, struct curb_value *model)
{
	curb_put_str(model, "q", filter->q);
	curb_put_str(model, "place", filter->place);
	curb_put_bool(model, "searched", filter->q.len || filter->role || filter->place.len);
	put_role_choices(req, filter->role, model);
	/* "any place" in front of the choices */
	struct curb_value *some = curb_value_get(model, "places"), *all = curb_array(curb_req_arena(req));
	desk_option(all, curb_str(""), curb_tr(req, "Any place", NULL), filter->place.len == 0);
	for (size_t i = 0; i < curb_value_count(some); i++)
		if (i > 0 && !curb_str_is(curb_get_str(curb_value_at(some, i), "value"), DESK_EVERYTHING))
			curb_push(all, curb_value_at(some, i));
	if (some)
		curb_put(model, "places", all);
}

/* What the form before this page has done. */
static void tell_done(struct curb_req *req, struct curb_value *model)
{
	int64_t added = 0;
	if (curb_str_int(curb_req_query(req, "added"), &added) && added > 0 && added < 100000)
		desk_notice(
			model, "good",
			desk_tr_int(
				req,
				CURB_TEXT("{n} people were added. Hand each of them a first sign-in code."),
				"n", added));
}

static const char *pages_of(struct curb_req *req, const struct people_filter *filter)
{
	struct curb_arena *arena = curb_req_arena(req);
	return curb_printf(
		arena, "/people?q=%s&role=%s&place=%s&page={page}", curb_encoded(arena, filter->q, ""),
		curb_encoded(arena, curb_req_query(req, "role"), ""), curb_encoded(arena, filter->place, ""));
}

static int show(struct curb_req *req, const struct people_actor *actor, const struct people_filter *filter,
                const struct people_row *rows, size_t n, int64_t total)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	uint32_t roles = curb_req_user(req)->roles;
	int err = desk_put_places(req, actor, filter->place, true, model);
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("People"));
	put_table(req, rows, n, model);
	put_filter(req, filter, model);
	tell_done(req, model);
	curb_put_bool(model, "may_add", (roles & (CURB_ADMIN | CURB_STAFF)) != 0);
	curb_put_bool(model, "trainees_only", !(roles & CURB_ADMIN));
	curb_put_str(model, "count", desk_tr_int(req, CURB_TEXT("People: {n}"), "n", total));
	curb_put_bool(model, "cut", filter->q.len && total >= PEOPLE_HITS_MOST);
	curb_put_pager(req, model, pages_of(req, filter), filter->page, PEOPLE_PAGE, total);
	return curb_reply_page(req, 200, "people", model);
}

int desk_get_people(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = desk_actor(req, DESK_PEOPLE);
	struct people_filter filter;
	struct people_row *rows = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = read_filter(req, &filter);
	if (!err)
		err = people_list(curb_req_tx(req), &actor, &filter, &rows, &n, &total);
	if (err)
		return err;
	return curb_req_wants_page(req) ? show(req, &actor, &filter, rows, n, total) :
	                                  reply_json(req, rows, n, filter.page, total);
}
