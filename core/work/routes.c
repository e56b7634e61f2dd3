#include "curb/clock.h"
#include "curb/db.h"
#include "curb/err.h"
#include "curb/request.h"
#include "work.h"

/* The job of the path, when this person may know of it: her own, or any for an admin of the whole. */
static int find_job(struct curb_req *req, struct work_job *ret_job)
{
	int err = work_job(curb_req_tx(req), curb_req_param(req, "id"), ret_job);
	if (err)
		return err;
	const struct curb_user *user = curb_req_user(req);
	bool own = curb_id_some(&user->id) && strcmp(user->id.text, ret_job->person.text) == 0;
	if (!own && !curb_may(req, CURB_ADMIN, &(struct curb_id){ "" }))
		return curb_fail(CURB_ENOTFOUND, "There is no such job.");
	return 0;
}

static int reply_job(struct curb_req *req, const struct work_job *job)
{
	struct curb_buf body = curb_buf(2 << 20);
	struct curb_json j = curb_json(&body);
	char when[32];
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "id", job->id.text);
	curb_json_kstr(&j, "kind", job->kind);
	curb_json_kstr(&j, "state", job->state);
	curb_json_kint(&j, "tries", job->tries);
	curb_json_key(&j, "progress");
	curb_json_milli(&j, job->permille);
	if (job->left_ms)
		curb_json_kint(&j, "left_s", (job->left_ms + 999) / 1000);
	if (job->text.ptr)
		curb_json_kstr(&j, "text", curb_tr(req, job->text.ptr, NULL));
	if (job->error.ptr)
		curb_json_kstr(&j, "error", job->error);
	if (job->result.ptr) {
		curb_json_key(&j, "result");
		curb_json_raw(&j, job->result);
	}
	curb_time_rfc3339(job->made_ms, when);
	curb_json_ktext(&j, "made", when);
	if (job->ended_ms) {
		curb_time_rfc3339(job->ended_ms, when);
		curb_json_ktext(&j, "ended", when);
	}
	curb_json_end(&j, '}');
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

static int get_job(struct curb_req *req, void *state)
{
	(void)state;
	struct work_job job;
	int err = find_job(req, &job);
	return err ? err : reply_job(req, &job);
}

struct cancel {
	struct work *work;
	struct curb_str id;
};

static int cancel_fn(struct curb_tx *tx, void *arg)
{
	const struct cancel *cancel = arg;
	return work_cancel(cancel->work, tx, cancel->id);
}

static int answer_cancel(struct curb_req *req, void *arg)
{
	(void)arg;
	return curb_reply_empty(req, 204);
}

static int cancel_job(struct curb_req *req, void *state)
{
	struct work_job job;
	int err = find_job(req, &job);
	if (err)
		return err;
	struct cancel cancel = { state, curb_req_param(req, "id") };
	return curb_write_reply(req, curb_str(NULL), cancel_fn, answer_cancel, &cancel);
}

/* The same by a form: it leads back to the page that it stands on, an address within this server. */
static int answer_cancel_page(struct curb_req *req, void *arg)
{
	(void)arg;
	struct curb_str back = curb_req_field(req, "back");
	bool inside = back.len > 1 && back.ptr[0] == '/' && back.ptr[1] != '/' && back.ptr[1] != '\\';
	return curb_reply_redirect(req, inside ? back : curb_str("/"));
}

static int cancel_job_page(struct curb_req *req, void *state)
{
	struct work_job job;
	int err = find_job(req, &job);
	if (err)
		return err;
	struct cancel cancel = { state, curb_req_param(req, "id") };
	err = curb_write_reply(req, curb_str(NULL), cancel_fn, answer_cancel_page, &cancel);
	return err == CURB_ECONFLICT ? answer_cancel_page(req, NULL) :
	                               err; /* it has ended: its page says how */
}

const struct curb_route work_routes[] = {
	{ "GET", "/api/v1/jobs/:id", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, get_job,
	  CURB_LANE_ANY },
	{ "DELETE", "/api/v1/jobs/:id", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, cancel_job,
	  CURB_LANE_ANY },
	{ "POST", "/jobs/:id/cancel", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_FORM, 0, cancel_job_page,
	  CURB_LANE_ANY },
	{ 0 },
};
