/* The versions of a course with what changed from each to the next, and taking an earlier one again.
 * Nothing is taken away: going back makes one more version, which is like the earlier one. */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

enum { SHOWN_MOST = 10, CHANGES_MOST = 12 };

struct listing {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version last;
	struct curb_id ids[SHOWN_MOST + 1]; /* the newest first, and one more to compare with */
	size_t n;
};

static int read_ids(struct listing *l)
{
	static const char sql[] = "SELECT id FROM core_version WHERE course = $1 AND number <= $3 "
				  "ORDER BY number DESC LIMIT $2";
	int64_t from = l->last.number;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	if (curb_req_query(l->req, "from").len && !curb_str_int(curb_req_query(l->req, "from"), &from))
		return curb_fail(CURB_EINVAL, "from must be the number of a version");
	int err = curb_query(
		&curb_core_host, curb_req_tx(l->req), sql,
		CURB_BINDS(curb_bind_id(&l->last.course), curb_int(SHOWN_MOST + 1), curb_int(from)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		l->ids[l->n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	return err;
}

static int package_of(struct listing *l, struct curb_str id, struct content_version *ret_version,
                      struct curb_value **ret_package)
{
	int err = l->ingest->api.version(&l->ingest->api, curb_req_tx(l->req), id, ret_version);
	return err ? err : base_package(l->ingest, curb_req_tx(l->req), ret_version, ret_package);
}

/* ---- the page ---- */

static struct curb_value *row_of(struct listing *l, const struct content_version *version, bool last)
{
	struct curb_req *req = l->req;
	struct curb_value *row = curb_object(curb_req_arena(req)), *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "n", version->number);
	curb_put_str(values, "day", curb_words_date(req, version->made_ms));
	curb_put_str(row, "title", curb_tr(req, "Version {n} of {day}", values));
	curb_put_str(row, "label", curb_tr(req, "Take version {n} again", values));
	curb_put_text(row, "id", version->id.text);
	curb_put_bool(row, "last", last);
	return row;
}

static int put_rows(struct listing *l, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_value *rows = curb_array(arena), *package = NULL, *before = NULL;
	struct content_version version = { 0 }, earlier = { 0 };
	int err = l->n ? package_of(l, curb_id_str(&l->ids[0]), &version, &package) : 0;
	for (size_t i = 0; !err && i < l->n && i < SHOWN_MOST; i++) {
		bool last = version.number == l->last.number;
		struct curb_value *row = row_of(l, &version, last);
		err = version_about(l->ingest, l->req, &version, row);
		curb_put_bool(row, "draft", last && !curb_value_get(row, "published"));
		if (!err && i + 1 < l->n)
			err = package_of(l, curb_id_str(&l->ids[i + 1]), &earlier, &before);
		if (!err && i + 1 < l->n)
			curb_put(row, "changes", compare_packages(l->req, before, package, CHANGES_MOST));
		curb_put_bool(row, "first", i + 1 == l->n);
		curb_push(rows, row);
		version = earlier;
		package = before;
	}
	curb_put(model, "rows", rows);
	if (!err && l->n > SHOWN_MOST) /* `earlier` is the first that is not shown */
		curb_put_text(model, "more",
		              curb_printf(arena, "/packages/courses/%s/versions?from=%lld",
		                          l->last.course.text, (long long)earlier.number));
	return err;
}

static int open_listing(struct listing *l)
{
	int err = base_course(l->req, l->ingest, &l->last);
	return err ? err : read_ids(l);
}

int draft_versions_page(struct curb_req *req, void *state)
{
	struct listing l = { .req = req, .ingest = state };
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *values = curb_object(curb_req_arena(req));
	int err = open_listing(&l);
	if (!err)
		err = put_rows(&l, model);
	if (err)
		return err;
	curb_put_text(model, "draft",
	              curb_printf(curb_req_arena(req), "/packages/courses/%s", l.last.course.text));
	curb_put_text(model, "compare",
	              curb_printf(curb_req_arena(req), "/packages/courses/%s/compare", l.last.course.text));
	curb_put_str(values, "name", l.last.name);
	curb_put_str(model, "title", curb_tr(req, "Versions of {name}", values));
	return curb_reply_page(req, 200, "draft_versions", model);
}

int draft_versions_post(struct curb_req *req, void *state)
{
	struct listing l = { .req = req, .ingest = state };
	struct content_version version;
	struct curb_value *package = NULL;
	int err = base_course(req, l.ingest, &l.last);
	if (!err)
		err = package_of(&l, curb_req_field(req, "version"), &version, &package);
	if (!err && strcmp(version.course.text, l.last.course.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "This version is not here");
	return err ? err :
	             revise(req, l.ingest, &l.last, package,
	                    curb_printf(curb_req_arena(req), "/packages/courses/%s?done=back",
	                                l.last.course.text));
}
