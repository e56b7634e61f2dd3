/* The smaller forms of a course's lessons, for its author: which are there, how far the others are, calling off, once more. */
#include "curb/err.h"
#include "curb/request.h"
#include "rendition.h"
#include "work.h"

struct showing {
	struct curb_req *req;
	struct ingest *ingest;
	struct content_version version;
	const char *here;
};

static struct curb_str form_name(struct curb_req *req, size_t form)
{
	static const char *const names[RENDITION_FORMS] = { CURB_TEXT("Small picture"),
		                                            CURB_TEXT("Smallest picture"),
		                                            CURB_TEXT("Sound only, small") };
	return curb_tr(req, names[form], NULL);
}

static struct curb_str reason_of(struct curb_req *req, const struct work_job *job)
{
	return job->error.len ? work_reason_now(job, curb_req_arena(req)) :
	                        curb_tr(req, "Not made yet", NULL);
}

static void put_job(struct showing *s, const struct work_job *job, struct curb_value *row)
{
	struct curb_req *req = s->req;
	if (job->ended_ms) {
		curb_put_str(row, "state",
		             curb_str_is(job->state, "cancelled") ? curb_tr(req, "Stopped", NULL) :
		                                                    reason_of(req, job));
		curb_put_bool(row, "missing", true);
		return;
	}
	curb_put_bool(row, "under_way", true);
	curb_put_str(row, "far",
	             job->permille || curb_str_is(job->state, "running") ?
	                     package_far(req, job) :
	                     curb_tr(req, "It waits until others are made", NULL));
	curb_put_int(row, "percent", job->permille / 10);
	curb_put_text(row, "cancel", curb_printf(curb_req_arena(req), "/jobs/%s/cancel", job->id.text));
}

static int put_form(struct showing *s, const struct rendition_source *source, size_t form,
                    struct curb_value *row)
{
	struct rendition_row found = { .made_ms = 0 };
	struct work_job job;
	bool there = false;
	struct curb_tx *tx = curb_req_tx(s->req);
	int err = rendition_row(tx, source, form, &found, &there);
	if (err)
		return err;
	curb_put_str(row, "name", form_name(s->req, form));
	curb_put_text(row, "form", rendition_form(form));
	curb_put_text(row, "unit", source->picture->unit.text);
	if (found.made_ms) {
		curb_put_str(row, "state", curb_tr(s->req, "Made", NULL));
		return 0;
	}
	err = there ? work_job(tx, curb_id_str(&found.job), &job) : CURB_ENOTFOUND;
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!err)
		put_job(s, &job, row);
	else {
		curb_put_str(row, "state", curb_tr(s->req, "Not made yet", NULL));
		curb_put_bool(row, "missing", true);
	}
	return 0;
}

static int put_lesson(struct showing *s, const struct content_unit *unit, struct curb_value *lessons)
{
	struct curb_arena *arena = curb_req_arena(s->req);
	const struct content_api *content = &s->ingest->api;
	struct curb_value *lesson = curb_object(arena), *rows = curb_array(arena);
	const struct content_track *tracks = NULL;
	struct rendition_source source;
	size_t n = 0;
	int err = content->tracks(content, curb_req_tx(s->req), curb_id_str(&unit->id), &tracks, &n);
	if (err || !rendition_source(tracks, n, &source))
		return err;
	for (size_t i = 0; !err && i < RENDITION_FORMS; i++) {
		struct curb_value *row = curb_object(arena);
		if (!rendition_fits(&source, i))
			continue;
		err = put_form(s, &source, i, row);
		curb_put_text(row, "here", s->here);
		curb_push(rows, row);
	}
	curb_put_str(lesson, "title", unit->name);
	curb_put(lesson, "rows", rows);
	curb_put_bool(lesson, "small", curb_value_count(rows) == 0);
	curb_push(lessons, lesson);
	return err;
}

static int open_course(struct showing *s)
{
	int err = base_course(s->req, s->ingest, &s->version);
	s->here = curb_printf(curb_req_arena(s->req), "/packages/courses/%s/forms", s->version.course.text);
	return err;
}

int draft_forms_page(struct curb_req *req, void *state)
{
	struct showing s = { .req = req, .ingest = state };
	struct curb_value *model = curb_object(curb_req_arena(req)),
			  *lessons = curb_array(curb_req_arena(req));
	const struct content_unit *units = NULL;
	size_t n = 0;
	int err = open_course(&s);
	if (!err)
		err = s.ingest->api.units(&s.ingest->api, curb_req_tx(req), curb_id_str(&s.version.id),
		                          &units, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = put_lesson(&s, &units[i], lessons);
	if (err)
		return err;
	curb_put(model, "lessons", lessons);
	curb_put_text(model, "here", s.here);
	curb_put_text(model, "draft",
	              curb_printf(curb_req_arena(req), "/packages/courses/%s", s.version.course.text));
	curb_put_str(model, "title", curb_tr(req, "Smaller forms for bad lines", NULL));
	err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, 200, "draft_forms", model);
}

/* ---- once more ---- */

struct again {
	struct ingest *ingest;
	struct curb_str unit, form;
	struct curb_id person;
	const char *here;
};

static int want_fn(struct curb_tx *tx, void *arg)
{
	struct again *again = arg;
	return rendition_want(again->ingest, tx, again->unit, again->form, &again->person);
}

static int answer_again(struct curb_req *req, void *arg)
{
	const struct again *again = arg;
	return curb_reply_redirect(req, curb_str(again->here));
}

int draft_forms_post(struct curb_req *req, void *state)
{
	struct showing s = { .req = req, .ingest = state };
	struct content_unit unit;
	int err = open_course(&s);
	if (!err)
		err = s.ingest->api.unit(&s.ingest->api, curb_req_tx(req), curb_req_field(req, "unit"),
		                         &unit);
	if (!err && !curb_str_is(curb_id_str(&unit.version), s.version.id.text))
		return curb_fail(CURB_ENOTFOUND, "This lesson or course is not here");
	if (err)
		return err;
	struct again again = { s.ingest, curb_id_str(&unit.id), curb_req_field(req, "form"),
		               curb_req_user(req)->id, s.here };
	err = curb_write_reply(req, curb_str(NULL), want_fn, answer_again, &again);
	return err == CURB_ECONFLICT ? answer_again(req, &again) : err; /* its page says how far it is */
}
