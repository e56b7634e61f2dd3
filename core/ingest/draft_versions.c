/* The versions of a course with what changed from each to the next, and taking an earlier one again. Nothing is taken away:
 * going back makes one more version, which is like the earlier one. */
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

/* ---- what changed ---- */

struct changes {
	struct listing *l;
	struct curb_value *list;
};

static void add(struct changes *c, const char *source, struct curb_str lesson, struct curb_str was,
                struct curb_str now)
{
	struct curb_value *values = curb_object(curb_req_arena(c->l->req));
	if (curb_value_count(c->list) >= CHANGES_MOST)
		return;
	curb_put_str(values, "lesson", lesson);
	curb_put_str(values, "was", was);
	curb_put_str(values, "now", now);
	curb_push(c->list, curb_string(curb_req_arena(c->l->req), curb_tr(c->l->req, source, values)));
}

static bool same_text(const struct curb_value *a, const struct curb_value *b, const char *key)
{
	struct curb_str x = curb_get_str(a, key), y = curb_get_str(b, key);
	return curb_str_eq(x.ptr ? x : curb_str(""), y.ptr ? y : curb_str(""));
}

static const struct curb_value *unit_of_key(const struct curb_value *package, struct curb_str key,
                                            size_t *ret_at)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), key)) {
			*ret_at = i;
			return curb_value_at(units, i);
		}
	return NULL;
}

static bool same_tracks(const struct curb_value *a, const struct curb_value *b)
{
	const struct curb_value *x = curb_value_get(a, "tracks"), *y = curb_value_get(b, "tracks");
	if (curb_value_count(x) != curb_value_count(y))
		return false;
	for (size_t i = 0; i < curb_value_count(x); i++)
		if (!same_text(curb_value_get(curb_value_at(x, i), "file"),
		               curb_value_get(curb_value_at(y, i), "file"), "sha256") ||
		    !same_text(curb_value_at(x, i), curb_value_at(y, i), "lang"))
			return false;
	return true;
}

static void compare_unit(struct changes *c, const struct curb_value *was, size_t was_at,
                         const struct curb_value *now, size_t at)
{
	struct curb_req *req = c->l->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_str name = curb_get_str(now, "name");
	int64_t hours = curb_get_int(was, "hours", 0), hours_now = curb_get_int(now, "hours", 0);
	if (!same_text(was, now, "name"))
		add(c, CURB_TEXT("The lesson {was} is called {now}"), name, curb_get_str(was, "name"), name);
	if (hours != hours_now)
		add(c, CURB_TEXT("{lesson}: {now} class hours in place of {was}"), name,
		    curb_words_hours(req, hours), curb_words_hours(req, hours_now));
	if (was_at != at)
		add(c, CURB_TEXT("{lesson}: lesson {now} in place of {was}"), name,
		    curb_str(curb_printf(arena, "%zu", was_at + 1)),
		    curb_str(curb_printf(arena, "%zu", at + 1)));
	bool open = curb_value_get(now, "open_captions") != NULL;
	if (open != (curb_value_get(was, "open_captions") != NULL))
		add(c,
		    open ? CURB_TEXT("{lesson}: the captions in its picture count") :
		           CURB_TEXT("{lesson}: the captions in its picture count no more"),
		    name, curb_str(""), curb_str(""));
	if (!same_tracks(was, now))
		add(c, CURB_TEXT("{lesson}: its captions or media are others"), name, curb_str(""),
		    curb_str(""));
}

static void compare(struct changes *c, const struct curb_value *was, const struct curb_value *now)
{
	const struct curb_value *units = curb_value_get(now, "units"), *before = curb_value_get(was, "units");
	const struct curb_str none = curb_str("");
	size_t at = 0;
	if (!same_text(was, now, "name"))
		add(c, CURB_TEXT("The title is {now} in place of {was}"), none, curb_get_str(was, "name"),
		    curb_get_str(now, "name"));
	if (!same_text(was, now, "lang"))
		add(c, CURB_TEXT("The language is {now} in place of {was}"), none,
		    curb_words_lang(c->l->req, curb_get_str(was, "lang")),
		    curb_words_lang(c->l->req, curb_get_str(now, "lang")));
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *unit = curb_value_at(units, i);
		const struct curb_value *old = unit_of_key(was, curb_get_str(unit, "key"), &at);
		if (old)
			compare_unit(c, old, at, unit, i);
		else
			add(c, CURB_TEXT("The lesson {lesson} is new"), curb_get_str(unit, "name"), none,
			    none);
	}
	for (size_t i = 0; i < curb_value_count(before); i++) {
		const struct curb_value *unit = curb_value_at(before, i);
		if (!unit_of_key(now, curb_get_str(unit, "key"), &at))
			add(c, CURB_TEXT("The lesson {lesson} is gone"), curb_get_str(unit, "name"), none,
			    none);
	}
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
		struct changes changes = { l, curb_array(arena) };
		bool last = version.number == l->last.number;
		struct curb_value *row = row_of(l, &version, last);
		err = version_about(l->ingest, l->req, &version, row);
		curb_put_bool(row, "draft", last && !curb_value_get(row, "published"));
		if (!err && i + 1 < l->n)
			err = package_of(l, curb_id_str(&l->ids[i + 1]), &earlier, &before);
		if (!err && i + 1 < l->n)
			compare(&changes, before, package);
		curb_put(row, "changes", changes.list);
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
