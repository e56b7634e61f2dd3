/* An upload becomes a job: POST /api/v1/imports {upload, course?, check?: "yes"}, and what the pages share with it. */
#include <string.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"

int import_queue(struct curb_tx *tx, void *arg)
{
	static const char sql[] = "UPDATE core_upload SET job = $2 WHERE id = $1";
	struct import_queueing *queueing = arg;
	struct upload upload;
	bool held = false;
	int err = upload_row(tx, curb_id_str(&queueing->upload.id), &upload);
	if (!err)
		err = upload_held(tx, &upload, &held);
	if (!err && held)
		return curb_fail(CURB_ECONFLICT, "This upload is being imported already");
	if (!err)
		err = curb_job_enqueue(&curb_core_host, tx, "import", &upload.person, queueing->payload,
		                       &queueing->job);
	if (err)
		return err;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&upload.id), curb_bind_id(&queueing->job)), NULL);
}

static int answer_job(struct curb_req *req, void *arg)
{
	const struct import_queueing *queueing = arg;
	struct curb_buf out = curb_buf(512);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "job", queueing->job.text);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 202, &out);
}

bool import_check_wanted(struct curb_req *req)
{
	return curb_str_is(curb_req_field(req, "check"), "yes");
}

struct curb_str import_payload(struct curb_req *req, const struct upload *upload, struct curb_str course,
                               bool check)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "upload", upload->id.text);
	curb_json_kstr(&j, "name", upload->name);
	curb_json_ktext(&j, "person", upload->person.text);
	curb_json_kstr(&j, "lang", curb_req_lang(req));
	curb_json_kstr(&j, "course", course);
	curb_json_kbool(&j, "check", check);
	curb_json_end(&j, '}');
	return curb_dup(curb_req_arena(req), curb_buf_view(&out));
}

/* A version is added to a course of one's own; of others' it is not even told that they are there. */
int import_check_course(struct curb_req *req)
{
	static const char sql[] = "SELECT person FROM core_version WHERE course = $1 AND number = 1";
	struct curb_str text = curb_req_field(req, "course");
	struct curb_id course, person = { "" };
	if (text.len == 0)
		return 0;
	if (!curb_id_parse(text, &course))
		return curb_fail(CURB_EINVAL,
		                 "course must be the id of a course of yours, or absent for a new one");
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, curb_req_tx(req), sql, CURB_BINDS(curb_bind_id(&course)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err)
		person = curb_col_id(stmt, 0);
	if (!err || strcmp(person.text, curb_req_user(req)->id.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "You have no such course; leave course out for a new one");
	return 0;
}

int import_post(struct curb_req *req, void *state)
{
	struct import_queueing queueing = { .ingest = state };
	struct upload *upload = &queueing.upload;
	CURB_AUTO(fd) int fd = -1;
	int64_t size = 0;
	int err = upload_row(curb_req_tx(req), curb_req_field(req, "upload"), upload);
	if (!err && strcmp(upload->person.text, curb_req_user(req)->id.text) != 0)
		return curb_fail(CURB_ENOTFOUND,
		                 "This upload is not here: it was finished, ended or has expired. "
		                 "Start it again");
	if (!err)
		err = import_check_course(req);
	if (!err)
		err = upload_open(state, &upload->id, false, &fd, &size);
	if (err)
		return err;
	if (size != upload->length)
		return curb_fail(CURB_ECONFLICT, "Only %lld of %lld bytes have come; finish the upload first",
		                 (long long)size, (long long)upload->length);
	queueing.payload = import_payload(req, upload, curb_req_field(req, "course"),
	                                  import_check_wanted(req));
	return curb_write_reply(req, curb_str(NULL), import_queue, answer_job, &queueing);
}
