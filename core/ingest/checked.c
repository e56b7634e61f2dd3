/* A package that was only checked is taken in, and one that was stopped or failed is read again: its upload was kept, so nothing is
 * sent again. */
#include "curb/err.h"
#include "curb/request.h"
#include "inside.h"
#include "work.h"

static int gone(void)
{
	return curb_fail(CURB_ECONFLICT, "This package is not kept here any more; hand it in once more");
}

/* The upload that the check left, and which course it is for. */
static int kept_upload(struct curb_req *req, const struct work_job *job, struct upload *ret_upload,
                       struct curb_str *ret_course)
{
	struct curb_value *result = NULL;
	int err = curb_json_parse(curb_req_arena(req), job->result, &result);
	if (err)
		return err;
	struct curb_str upload = curb_get_str(result, "upload");
	err = upload.len ? upload_row(curb_req_tx(req), upload, ret_upload) : CURB_ENOTFOUND;
	*ret_course = curb_get_str(result, "for");
	return err == CURB_ENOTFOUND ? gone() : err;
}

static int answer(struct curb_req *req, void *arg)
{
	const struct import_queueing *queueing = arg;
	return package_go_to(req, &queueing->job);
}

static int read_again(struct curb_tx *tx, void *arg)
{
	const struct import_queueing *queueing = arg;
	struct upload upload;
	int err = upload_of_job(tx, &queueing->job, &upload);
	return err == CURB_ENOTFOUND ? gone() : err ? err : work_retry(tx, curb_id_str(&queueing->job));
}

int checked_import(struct curb_req *req, void *state)
{
	struct import_queueing queueing = { .ingest = state };
	struct work_job job;
	struct curb_str course = curb_str(NULL);
	int err = package_job(req, &job);
	if (err)
		return err;
	queueing.job = job.id;
	if (!job.ended_ms)
		return package_go_to(req, &job.id);
	if (!curb_str_is(job.state, "done"))
		return curb_write_reply(req, curb_str(NULL), read_again, answer, &queueing);
	err = kept_upload(req, &job, &queueing.upload, &course);
	if (err)
		return err;
	queueing.payload = import_payload(req, &queueing.upload, course, false);
	return curb_write_reply(req, curb_str(NULL), import_queue, answer, &queueing);
}
