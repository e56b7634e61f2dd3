/* Which lessons of a draft lack captions that a program could draft: how far each is, calling off, once more. */
#include "caption_draft.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "work.h"

struct showing {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version base;
	struct curb_value *package, *model;
	const char *draft, *here;
};

static int open_draft(struct showing *s)
{
	struct curb_arena *arena = curb_req_arena(s->req);
	int err = base_course(s->req, s->ingest, &s->base);
	if (!err)
		err = base_package(s->ingest, curb_req_tx(s->req), &s->base, &s->package);
	if (!err && !draft_machine_some(&s->base, s->package))
		err = curb_fail(CURB_ENOTFOUND, "No lesson of this course has sound and lacks captions");
	s->draft = curb_printf(arena, "/packages/courses/%s", s->base.course.text);
	s->here = curb_printf(arena, "%s/drafted", s->draft);
	return err;
}

bool draft_machine_some(const struct content_version *base, const struct curb_value *package)
{
	const struct curb_value *units = curb_value_get(package, "units");
	struct caption_lesson lesson;
	size_t i = 0, n = curb_value_count(units);
	while (i < n && !caption_lesson(base, package, curb_value_at(units, i), &lesson))
		i++;
	return i < n;
}

static bool lesson_of_id(const struct content_version *base, const struct curb_value *package,
                         struct curb_str id, struct caption_lesson *ret_lesson)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++)
		if (curb_str_eq(curb_get_str(curb_value_at(units, i), "id"), id))
			return caption_lesson(base, package, curb_value_at(units, i), ret_lesson);
	return false;
}

/* A window that was opened before a version of the course was made has the ids of then. */
static int id_of_now(struct curb_tx *tx, const struct content_version *base, struct curb_str id,
                     struct curb_str *ret_id)
{
	static const char sql[] =
		"SELECT n.id FROM core_unit o JOIN core_version v ON v.id = o.version JOIN core_unit n ON "
		"n.version = $2 AND n.key = o.key WHERE o.id = $1 AND v.course = $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(id), curb_bind_id(&base->id), curb_bind_id(&base->course)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_id = err ? curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)) : id;
	return 0;
}

int draft_machine_open(struct curb_tx *tx, const struct content_version *base,
                       const struct curb_value *package, struct curb_str id,
                       struct caption_lesson *ret_lesson)
{
	struct curb_str now = id;
	int err = id_of_now(tx, base, id, &now);
	if (!err && !lesson_of_id(base, package, now, ret_lesson))
		err = curb_fail(CURB_ENOTFOUND, "This lesson has captions by now, or is not here any more");
	return err;
}

/* ---- the page ---- */

/* The field of a lesson's language: one of a lesson, for they stand on one page. */
static const char *lang_field(struct curb_arena *arena, struct curb_str unit)
{
	return curb_printf(arena, "lang-%.*s", (int)unit.len, unit.ptr);
}

static void put_ended(struct showing *s, const struct work_job *job, struct curb_value *row)
{
	struct curb_str why = job->error.len ? work_reason_now(job, curb_req_arena(s->req)) : curb_str("");
	curb_put_str(row, "state",
	             curb_str_is(job->state, "cancelled") ? curb_tr(s->req, "Stopped", NULL) : why);
	curb_put_bool(row, "missing", true);
}

static void put_under_way(struct showing *s, const struct work_job *job, struct curb_value *row)
{
	curb_put_bool(row, "under_way", true);
	curb_put_str(row, "far",
	             curb_str_is(job->state, "running") ?
	                     package_far(s->req, job) :
	                     curb_tr(s->req, "It waits until others are made", NULL));
	curb_put_int(row, "percent", job->permille / 10);
	curb_put_text(row, "cancel", curb_printf(curb_req_arena(s->req), "/jobs/%s/cancel", job->id.text));
}

static void put_drafted(struct showing *s, const struct caption_lesson *lesson,
                        const struct caption_draft *draft, struct curb_value *row)
{
	struct curb_arena *arena = curb_req_arena(s->req);
	struct curb_value *values = curb_object(arena);
	curb_put_int(values, "read", draft->read);
	curb_put_int(values, "all", draft->count);
	curb_put_str(row, "state", curb_tr(s->req, "Drafted; {read} of {all} captions are read", values));
	curb_put_text(row, "reading", draft_reading_address(arena, lesson));
}

static int put_state(struct showing *s, const struct caption_lesson *lesson, struct curb_value *row)
{
	struct curb_tx *tx = curb_req_tx(s->req);
	struct caption_draft draft;
	struct work_job job;
	bool there = false;
	int err = caption_draft_row(tx, lesson, &draft, &there);
	if (err)
		return err;
	if (there && draft.drafted) {
		put_drafted(s, lesson, &draft, row);
		return 0;
	}
	err = there ? work_job(tx, curb_id_str(&draft.job), &job) : CURB_ENOTFOUND;
	if (err == CURB_ENOTFOUND)
		curb_put_bool(row, "missing", true);
	else if (!err)
		(job.ended_ms ? put_ended : put_under_way)(s, &job, row);
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int show(struct showing *s)
{
	struct curb_arena *arena = curb_req_arena(s->req);
	struct curb_value *lessons = curb_array(arena);
	const struct curb_value *units = curb_value_get(s->package, "units");
	const char *missing = caption_draft_missing(s->ingest);
	int err = 0;
	for (size_t i = 0; !err && i < curb_value_count(units); i++) {
		struct curb_value *row = curb_object(arena);
		struct caption_lesson lesson;
		if (!caption_lesson(&s->base, s->package, curb_value_at(units, i), &lesson))
			continue;
		curb_put_str(row, "title", curb_get_str(lesson.unit, "name"));
		curb_put_str(row, "unit", curb_get_str(lesson.unit, "id"));
		curb_put_text(row, "lang_id", lang_field(arena, curb_get_str(lesson.unit, "id")));
		curb_put_text(row, "here", s->here);
		curb_put_bool(row, "can", !missing);
		curb_put(row, "langs", draft_lang_options(s->req, lesson.lang));
		err = put_state(s, &lesson, row);
		curb_push(lessons, row);
	}
	if (err)
		return err;
	if (missing)
		curb_put_str(s->model, "why_not", curb_tr(s->req, missing, NULL));
	curb_put(s->model, "lessons", lessons);
	curb_put_text(s->model, "here", s->here);
	curb_put_text(s->model, "draft", s->draft);
	curb_put_str(s->model, "title", curb_tr(s->req, "Captions drafted by machine", NULL));
	err = curb_reply_header(s->req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(s->req, 200, "draft_machine", s->model);
}

int draft_machine_page(struct curb_req *req, void *state)
{
	struct showing s = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	int err = open_draft(&s);
	return err ? err : show(&s);
}

/* ---- a draft is wanted ---- */

struct wanting {
	struct caption_lesson lesson;
	struct curb_id person;
	const char *here;
};

static int want_fn(struct curb_tx *tx, void *arg)
{
	const struct wanting *wanting = arg;
	return caption_draft_want(tx, &wanting->lesson, &wanting->person);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct wanting *wanting = arg;
	return curb_reply_redirect(req, curb_str(wanting->here));
}

int draft_machine_post(struct curb_req *req, void *state)
{
	struct showing s = { .req = req, .ingest = state, .model = curb_object(curb_req_arena(req)) };
	struct wanting wanting = { .person = curb_req_user(req)->id };
	const char *missing = caption_draft_missing(state), *tag = NULL;
	int err = open_draft(&s);
	if (err)
		return err;
	if (missing)
		return curb_fail(CURB_EUNFIT, "%s", missing);
	wanting.here = s.here;
	struct curb_str unit = curb_req_field(req, "unit");
	err = draft_machine_open(curb_req_tx(req), &s.base, s.package, unit, &wanting.lesson);
	if (err)
		return err;
	for (size_t i = 0; (tag = draft_lang(i)) != NULL; i++)
		if (curb_str_is(curb_req_field(req, lang_field(curb_req_arena(req), unit)), tag))
			wanting.lesson.lang = curb_str(tag);
	err = curb_write_reply(req, curb_str(NULL), want_fn, answer, &wanting);
	return err == CURB_ECONFLICT ? answer(req, &wanting) : err; /* its page says how far it is */
}
