/* Any two versions of a course, and what is different in the second. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

enum { CHANGES_MOST = 200 };

struct comparing {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version last;
	struct curb_value *model;
	bool wrong;
};

/* The version of the number in a field; without one that of `otherwise`. What was typed goes back into the form. */
static int read_version(struct comparing *c, const char *field, int64_t otherwise,
                        struct curb_value **ret_package)
{
	static const char sql[] = "SELECT id FROM core_version WHERE course = $1 AND number = $2";
	struct curb_str typed = curb_req_query(c->req, field);
	struct curb_value *values = curb_object(curb_req_arena(c->req));
	struct content_version version;
	int64_t number = otherwise;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	bool fits = !typed.len || revise_decimal(curb_req_arena(c->req), typed, 0, &number);
	int err = curb_query(&curb_core_host, curb_req_tx(c->req), sql,
	                     CURB_BINDS(curb_bind_id(&c->last.course), curb_int(fits ? number : 0)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	struct curb_id id = err ? curb_col_id(stmt, 0) : (struct curb_id){ "" };
	if (typed.len)
		curb_put_str(c->model, field, typed);
	else
		curb_put_int(c->model, field, number);
	if (!err) {
		curb_put_int(values, "last", c->last.number);
		struct curb_str text = curb_tr(c->req, "Write the number of a version, from 1 to {last}",
		                               values);
		revise_mistake(c->req, c->model, field, text);
		curb_put_str(c->model, curb_printf(curb_req_arena(c->req), "%s_error", field), text);
		c->wrong = true;
		return 0;
	}
	err = c->ingest->api.version(&c->ingest->api, curb_req_tx(c->req), curb_id_str(&id), &version);
	return err ? err : base_package(c->ingest, curb_req_tx(c->req), &version, ret_package);
}

int draft_compare_page(struct curb_req *req, void *state)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct comparing c = { .req = req, .ingest = state, .model = curb_object(arena) };
	struct curb_value *was = NULL, *now = NULL, *values = curb_object(arena);
	int err = base_course(req, c.ingest, &c.last);
	if (!err)
		err = read_version(&c, "was", c.last.number > 1 ? c.last.number - 1 : 1, &was);
	if (!err)
		err = read_version(&c, "now", c.last.number, &now);
	if (err)
		return err;
	if (!c.wrong) {
		struct curb_value *changes = compare_packages(req, was, now, CHANGES_MOST);
		curb_put(c.model, "changes", changes);
		curb_put_bool(c.model, "alike", curb_value_count(changes) == 0);
	}
	curb_put_text(c.model, "versions",
	              curb_printf(arena, "/packages/courses/%s/versions", c.last.course.text));
	curb_put_str(values, "name", c.last.name);
	curb_put_str(c.model, "title", curb_tr(req, "Two versions of {name}", values));
	return curb_reply_page(req, c.wrong ? 422 : 200, "draft_compare", c.model);
}
