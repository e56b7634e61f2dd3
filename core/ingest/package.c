/* What became of a package: its job while it runs, then the course it made or why it was not taken in. */
#include "curb/err.h"
#include "curb/request.h"
#include "curb/words.h"
#include "inside.h"
#include "work.h"

int package_job(struct curb_req *req, struct work_job *ret_job)
{
	int err = work_job(curb_req_tx(req), curb_req_param(req, "job"), ret_job);
	bool own = !err && strcmp(curb_req_user(req)->id.text, ret_job->person.text) == 0;
	if ((!err && !own) || err == CURB_ENOTFOUND || (!err && !curb_str_is(ret_job->kind, "import")))
		return curb_fail(CURB_ENOTFOUND,
		                 "This package is not here; look at the list of your courses");
	return err;
}

int package_go_to(struct curb_req *req, const struct curb_id *job)
{
	return curb_reply_redirect(req,
	                           curb_str(curb_printf(curb_req_arena(req), "/packages/%s", job->text)));
}

static struct curb_value *findings_of(struct curb_req *req, const struct curb_value *result,
                                      const char *severity)
{
	struct curb_value *kept = curb_array(curb_req_arena(req));
	const struct curb_value *all = curb_value_get(result, "findings");
	for (size_t i = 0; i < curb_value_count(all); i++)
		if (curb_str_is(curb_get_str(curb_value_at(all, i), "severity"), severity))
			curb_push(kept, findings_kept_item(req, curb_value_at(all, i)));
	return kept;
}

/* Under one heading each: what stopped it, what should be looked at, what is only said. */
static void put_findings(struct curb_req *req, const struct curb_value *result, struct curb_value *model)
{
	static const struct {
		const char *severity, *title;
	} kinds[] = {
		{ "refused", CURB_TEXT("What must be mended") },
		{ "doubt", CURB_TEXT("What you should look at") },
		{ "note", CURB_TEXT("What was noticed") },
	};
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *groups = curb_array(arena);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct curb_value *group = curb_object(arena),
				  *findings = findings_of(req, result, kinds[i].severity);
		if (curb_value_count(findings) == 0)
			continue;
		curb_put_str(group, "title", curb_tr(req, kinds[i].title, NULL));
		curb_put(group, "findings", findings);
		curb_push(groups, group);
	}
	curb_put(model, "groups", groups);
}

/* It was stopped, or failed: while its upload is kept, it can be read again. */
static int put_stopped(struct curb_req *req, const struct work_job *job, struct curb_value *model)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct upload upload;
	bool failed = curb_str_is(job->state, "failed");
	curb_put_bool(model, failed ? "failed" : "cancelled", true);
	if (failed && job->error.len)
		curb_put_str(model, "error", work_reason_now(job, curb_req_arena(req)));
	int err = upload_of_job(curb_req_tx(req), &job->id, &upload);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	curb_put_str(model, "file", upload.name);
	curb_put_str(values, "day", curb_words_date(req, upload.expires_ms));
	curb_put_str(model, "kept", curb_tr(req, "The file is kept here until {day}.", values));
	return 0;
}

static int put_ended(struct curb_req *req, const struct work_job *job, struct curb_value *model)
{
	struct curb_value *result = NULL;
	curb_put_text(model, "take", curb_printf(curb_req_arena(req), "/packages/%s/import", job->id.text));
	if (!curb_str_is(job->state, "done"))
		return put_stopped(req, job, model);
	int err = curb_json_parse(curb_req_arena(req), job->result, &result);
	if (err)
		return err;
	struct curb_str course = curb_get_str(result, "course");
	put_findings(req, result, model);
	curb_put_str(model, "file", curb_get_str(result, "file"));
	if (course.len)
		curb_put_text(model, "course",
		              curb_printf(curb_req_arena(req), "/courses/%.*s", (int)course.len, course.ptr));
	bool checked = curb_str_is(curb_get_str(result, "state"), "checked");
	curb_put_bool(model, course.len ? "taken" : checked ? "checked" : "refused", true);
	return 0;
}

struct curb_str package_doing(struct curb_req *req, const struct work_job *job)
{
	return job->text.ptr ? curb_tr(req, curb_cstr(curb_req_arena(req), job->text), NULL) :
	                       curb_tr(req, "Reading the package", NULL);
}

struct curb_str package_far(struct curb_req *req, const struct work_job *job)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "tenths", job->permille / 10);
	curb_put_int(values, "minutes", (job->left_ms + 59999) / 60000);
	return job->left_ms  ? curb_tr(req, "{tenths} of a hundred parts are done; about {minutes} min more",
	                               values) :
	       job->permille ? curb_tr(req, "{tenths} of a hundred parts are done", values) :
	                       curb_tr(req, "It begins in a moment", NULL);
}

static void put_running(struct curb_req *req, const struct work_job *job, struct curb_value *model)
{
	curb_put_bool(model, "running", true);
	curb_put_str(model, "doing", package_doing(req, job));
	curb_put_int(model, "percent", job->permille / 10);
	curb_put_str(model, "far", package_far(req, job));
	curb_put_text(model, "cancel", curb_printf(curb_req_arena(req), "/jobs/%s/cancel", job->id.text));
}

int package_page(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	struct work_job job;
	int err = package_job(req, &job);
	if (err)
		return err;
	curb_put_text(model, "here", curb_printf(curb_req_arena(req), "/packages/%s", job.id.text));
	if (job.ended_ms)
		err = put_ended(req, &job, model);
	else
		put_running(req, &job, model);
	curb_put_str(model, "title",
	             job.ended_ms ? curb_tr(req, "Your package was read", NULL) :
	                            curb_tr(req, "Your package is being read", NULL));
	if (!err)
		err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, 200, "package", model);
}
