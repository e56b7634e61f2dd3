/* The list of changes: who changed what, for who runs the machine and for who checks it. */
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

/* {role} in a detail is the word of a role: said as people call it. */
static struct curb_str act_of(struct curb_req *req, const struct people_change *change)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *detail = NULL;
	if (curb_json_parse(arena, change->detail, &detail))
		detail = curb_object(arena);
	uint32_t role = people_role(curb_get_str(detail, "role"));
	if (role)
		curb_put_str(detail, "role", desk_role(req, role));
	return curb_tr(req, curb_cstr(arena, change->act), detail);
}

/* Of the place or person that it is about; none where it is not for whoever asks. */
static int find_address(struct curb_req *req, const struct people_actor *actor,
                        const struct people_change *change, const char **ret_address)
{
	struct people_place place;
	struct curb_arena *arena = curb_req_arena(req);
	const struct people_actor admin = desk_actor(req, CURB_ADMIN);
	const struct curb_id person = curb_id_of(change->about_id);
	const char *kind = "people";
	bool hers = false;
	if (!change->about.ptr)
		return 0;
	int err = people_place(curb_req_tx(req), change->about_id, &place);
	if (err == CURB_ENOTFOUND) {
		err = desk_sees(req, actor, &person, &hers);
	} else if (!err) {
		kind = "places";
		err = people_reaches(curb_req_tx(req), &admin, place.id, &hers);
	}
	if (!err && hers)
		*ret_address = curb_printf(arena, "/%s/%s", kind, curb_encoded(arena, change->about_id, ""));
	return err;
}

static int put_table(struct curb_req *req, const struct people_actor *actor,
                     const struct people_change *changes, size_t n, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("When"), CURB_TEXT("Who"), CURB_TEXT("What"),
		                               CURB_TEXT("About"), NULL };
	struct curb_value *columns = desk_columns(req, sources), *rows = curb_array(curb_req_arena(req));
	int err = 0;
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *row = desk_row(rows);
		const char *address = NULL;
		err = find_address(req, actor, &changes[i], &address);
		desk_cell(row, columns, desk_moment(req, changes[i].at_ms), NULL);
		desk_cell(row, columns,
		          changes[i].actor.len ? changes[i].actor : curb_tr(req, "The command line", NULL),
		          NULL);
		desk_cell(row, columns, act_of(req, &changes[i]), NULL);
		desk_cell(row, columns, changes[i].about, address);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	return err;
}

static int reply_json(struct curb_req *req, const struct people_change *changes, size_t n, int64_t total)
{
	struct curb_buf out = curb_buf(1 << 20);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_key(&j, "items");
	curb_json_begin(&j, '[');
	for (size_t i = 0; i < n; i++) {
		curb_json_begin(&j, '{');
		curb_json_kint(&j, "at", changes[i].at_ms);
		curb_json_kstr(&j, "actor", changes[i].actor);
		curb_json_kstr(&j, "about", changes[i].about_id);
		curb_json_kstr(&j, "act", changes[i].act);
		curb_json_key(&j, "detail");
		curb_json_raw(&j, changes[i].detail);
		curb_json_end(&j, '}');
	}
	curb_json_end(&j, ']');
	curb_json_kint(&j, "total", total);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 200, &out);
}

int desk_get_changes(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_actor actor = desk_actor(req, CURB_ADMIN | CURB_AUDITOR);
	struct people_changes wanted = { .about = curb_req_query(req, "about") };
	struct people_change *changes = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = desk_page(req, &wanted.page);
	if (!err)
		err = people_changes(curb_req_tx(req), &actor, &wanted, &changes, &n, &total);
	if (err)
		return err;
	if (!curb_req_wants_page(req))
		return reply_json(req, changes, n, total);
	struct curb_value *model = curb_object(curb_req_arena(req));
	desk_title(req, model, CURB_TEXT("Who changed what"));
	err = put_table(req, &actor, changes, n, model);
	if (err)
		return err;
	curb_put_str(model, "count", desk_tr_int(req, CURB_TEXT("Changes: {n}"), "n", total));
	curb_put_bool(model, "one", wanted.about.len > 0);
	curb_put_pager(req, model,
	               curb_printf(curb_req_arena(req), "/changes?about=%s&page={page}",
	                           curb_encoded(curb_req_arena(req), wanted.about, "")),
	               wanted.page, PEOPLE_PAGE, total);
	return curb_reply_page(req, 200, "changes", model);
}
