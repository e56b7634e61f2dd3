/* Captions that are part of a lesson's picture (schema.org openCaptions) count once somebody has looked at all of it; taking that back. */
#include "caption_draft.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"

struct looking {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *model;
	const char *draft, *here;
	int64_t now_ms;
};

static bool is_marked(const struct curb_value *unit)
{
	return curb_value_get(unit, "open_captions") != NULL;
}

static bool can_be_marked(const struct looking *l, struct curb_value *unit)
{
	struct caption_lesson lesson;
	return !is_marked(unit) && caption_lesson(&l->base, l->package, unit, &lesson);
}

static bool some(const struct looking *l)
{
	const struct curb_value *units = curb_value_get(l->package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (is_marked(curb_value_at(units, i)) || can_be_marked(l, curb_value_at(units, i)))
			return true;
	return false;
}

bool draft_open_some(const struct content_version *base, struct curb_value *package)
{
	return some(&(const struct looking){ .base = *base, .package = package });
}

static int open_draft(struct looking *l)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	int err = base_course(l->req, l->ingest, &l->base);
	if (!err)
		err = base_package(l->ingest, curb_req_tx(l->req), &l->base, &l->package);
	if (!err && !some(l))
		err = curb_fail(CURB_ENOTFOUND, "No lesson of this course has sound and lacks captions");
	l->draft = curb_printf(arena, "/packages/courses/%s", l->base.course.text);
	l->here = curb_printf(arena, "%s/open-captions", l->draft);
	l->now_ms = curb_wall_ms();
	return err;
}

/* ---- the page ---- */

static void push_lesson(struct looking *l, const struct curb_value *unit, struct curb_value *lessons)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_value *row = curb_object(arena);
	struct curb_str id = curb_get_str(unit, "id"), key = curb_get_str(unit, "key");
	curb_put_str(row, "value", key);
	curb_put_str(row, "label", curb_get_str(unit, "name"));
	curb_put_bool(row, "selected", curb_str_eq(curb_req_field(l->req, "lesson"), key));
	curb_put_text(row, "href", curb_printf(arena, "/videos/%.*s", (int)id.len, id.ptr));
	curb_push(lessons, row);
}

static int push_marked(struct looking *l, const struct curb_value *unit, struct curb_value *marked)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_value *row = curb_object(arena), *values = curb_object(arena);
	const struct curb_value *looked = curb_value_get(unit, "open_captions");
	struct curb_user by = { 0 };
	int err = curb_person_find(curb_req_tx(l->req), curb_get_str(looked, "by"), l->now_ms, &by);
	if (err && err != CURB_ENOTFOUND)
		return err;
	curb_put_str(values, "day", curb_words_date(l->req, curb_get_int(looked, "ms", 0)));
	curb_put_str(values, "person", by.name);
	curb_put_str(row, "looked",
	             err ? curb_tr(l->req, "Looked at on {day}", values) :
	                   curb_tr(l->req, "{person} looked on {day}", values));
	curb_put_str(row, "title", curb_get_str(unit, "name"));
	curb_put_str(row, "key", curb_get_str(unit, "key"));
	curb_push(marked, row);
	return 0;
}

static int show(struct looking *l, int status)
{
	struct curb_arena *arena = curb_req_arena(l->req);
	struct curb_value *lessons = curb_array(arena), *marked = curb_array(arena);
	const struct curb_value *units = curb_value_get(l->package, "units");
	int err = 0;
	for (size_t i = 0; !err && i < curb_value_count(units); i++) {
		if (is_marked(curb_value_at(units, i)))
			err = push_marked(l, curb_value_at(units, i), marked);
		else if (can_be_marked(l, curb_value_at(units, i)))
			push_lesson(l, curb_value_at(units, i), lessons);
	}
	if (err)
		return err;
	curb_put(l->model, "lessons", lessons);
	curb_put(l->model, "marked", marked);
	curb_put_text(l->model, "draft", l->draft);
	curb_put_str(l->model, "title", curb_tr(l->req, "Captions in the picture", NULL));
	return curb_reply_page(l->req, status, "draft_open", l->model);
}

int draft_open_page(struct curb_req *req, void *state)
{
	struct looking l = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&l);
	return err ? err : show(&l, 200);
}

/* ---- somebody has looked, or takes it back ---- */

static struct curb_value *unit_of(const struct looking *l, struct curb_str key)
{
	const struct curb_value *units = curb_value_get(l->package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "key"), key))
			return curb_value_at(units, i);
	return NULL;
}

static int mistake(struct looking *l, const char *field, const char *source)
{
	struct curb_str text = curb_tr(l->req, source, NULL);
	revise_mistake(l->req, l->model, field, text);
	curb_put_str(l->model, curb_printf(curb_req_arena(l->req), "%s_error", field), text);
	return show(l, 422);
}

static int mark(struct looking *l, struct curb_value *unit)
{
	struct curb_value *looked = curb_object(curb_req_arena(l->req));
	if (!can_be_marked(l, unit))
		return mistake(l, "lesson", CURB_TEXT("This lesson has captions of its own, or no sound"));
	if (!curb_str_is(curb_req_field(l->req, "looked"), "yes"))
		return mistake(l, "looked", CURB_TEXT("Look at the lesson to its end, then tick this"));
	curb_put_str(looked, "by", curb_id_str(&curb_req_user(l->req)->id));
	curb_put_int(looked, "ms", l->now_ms);
	curb_put(unit, "open_captions", looked);
	return revise(l->req, l->ingest, &l->base, l->package,
	              curb_printf(curb_req_arena(l->req), "%s?done=open", l->draft));
}

int draft_open_post(struct curb_req *req, void *state)
{
	struct looking l = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&l);
	if (err)
		return err;
	bool wanted = !curb_str_is(curb_req_field(req, "go"), "back");
	struct curb_value *unit = unit_of(&l, curb_req_field(req, "lesson"));
	if (!unit)
		return mistake(&l, "lesson", CURB_TEXT("Choose the lesson"));
	if (is_marked(unit) == wanted) /* a second window came first */
		return curb_reply_redirect(req, curb_str(l.here));
	if (wanted)
		return mark(&l, unit);
	curb_put(unit, "open_captions", NULL);
	return revise(req, l.ingest, &l.base, l.package,
	              curb_printf(curb_req_arena(req), "%s?done=closed", l.draft));
}
