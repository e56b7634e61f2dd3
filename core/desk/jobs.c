/* Jobs: what waits, runs, has failed and why; one more try, or no more. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

static const struct {
	const char *word, *text, *plural;
} states[] = {
	{ "waiting", CURB_TEXT("Waits"), CURB_TEXT("Those that wait") },
	{ "running", CURB_TEXT("Runs now"), CURB_TEXT("Those that run") },
	{ "failed", CURB_TEXT("Has failed"), CURB_TEXT("Those that failed") },
	{ "done", CURB_TEXT("Done"), CURB_TEXT("Those that are done") },
	{ "cancelled", CURB_TEXT("Cancelled"), CURB_TEXT("Those that were cancelled") },
};
enum { STATES = sizeof states / sizeof *states };

static struct curb_str state_text(struct curb_req *req, struct curb_str state)
{
	for (size_t i = 0; i < STATES; i++)
		if (curb_str_is(state, states[i].word))
			return curb_tr(req, states[i].text, NULL);
	return state;
}

static struct curb_str kind_text(struct curb_req *req, struct curb_str kind)
{
	return curb_str_is(kind, "import")    ? curb_tr(req, "Taking in a package", NULL) :
	       curb_str_is(kind, "rendition") ? curb_tr(req, "Making a smaller form of a lesson", NULL) :
	       curb_str_is(kind, "captions")  ? curb_tr(req, "Drafting captions by machine", NULL) :
	       curb_str_is(kind, "backup")    ? curb_tr(req, "Making a backup", NULL) :
	       curb_str_is(kind, "erase")     ? curb_tr(req, "Erasing records of persons", NULL) :
	       curb_str_is(kind, "unused")    ? curb_tr(req, "Removing files that nothing needs", NULL) :
	                                        kind;
}

/* ---- the list ---- */

static int64_t total_of(const struct work_counts *counts, struct curb_str state)
{
	return curb_str_is(state, "waiting") ? counts->waiting :
	       curb_str_is(state, "running") ? counts->running :
	       curb_str_is(state, "failed")  ? counts->failed :
	       state.len                     ? counts->ended :
	                   counts->waiting + counts->running + counts->failed + counts->ended;
}

static void put_table(struct curb_req *req, const struct work_job *jobs, size_t n, struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("Job"), CURB_TEXT("State"), CURB_TEXT("Asked for"),
		                               NULL };
	struct curb_value *columns = desk_columns(req, sources), *rows = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < n; i++) {
		struct curb_value *row = desk_row(rows);
		desk_cell(row, columns, kind_text(req, jobs[i].kind),
		          curb_printf(curb_req_arena(req), "/machine/jobs/%s", jobs[i].id.text));
		desk_cell(row, columns, state_text(req, jobs[i].state), NULL);
		desk_cell(row, columns, desk_moment(req, jobs[i].made_ms), NULL);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
}

static int check_state(struct curb_str state)
{
	for (size_t i = 0; i < STATES; i++)
		if (!state.len || curb_str_is(state, states[i].word))
			return 0;
	return curb_fail(CURB_EINVAL, "There is no such state of a job");
}

int desk_get_jobs(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *options = curb_array(arena);
	struct curb_str wanted = curb_req_query(req, "state");
	struct work_counts counts;
	struct work_job *jobs = NULL;
	size_t n = 0;
	int64_t page = 1;
	int err = desk_page(req, &page);
	if (!err)
		err = check_state(wanted);
	if (!err)
		err = work_counts(curb_req_tx(req), &counts);
	if (!err)
		err = work_list(curb_req_tx(req), wanted, page, &jobs, &n);
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("Jobs"));
	desk_option(options, curb_str(""), curb_tr(req, "All jobs", NULL), !wanted.len);
	for (size_t i = 0; i < STATES; i++)
		desk_option(options, curb_str(states[i].word), curb_tr(req, states[i].plural, NULL),
		            curb_str_is(wanted, states[i].word));
	curb_put(model, "states", options);
	put_table(req, jobs, n, model);
	curb_put_str(model, "count",
	             desk_tr_int(req, CURB_TEXT("Jobs: {n}"), "n", total_of(&counts, wanted)));
	curb_put_pager(
		req, model,
		curb_printf(arena, "/machine/jobs?state=%s&page={page}", curb_encoded(arena, wanted, "")),
		page, WORK_PAGE, total_of(&counts, wanted));
	return curb_reply_page(req, 200, "machine_jobs", model);
}

/* ---- one ---- */

static int put_person(struct curb_req *req, const struct work_job *job, struct curb_value *facts)
{
	struct people_row person;
	int err = people_row(curb_req_tx(req), &job->person, curb_wall_ms(), &person);
	if (!err)
		desk_fact(facts, curb_tr(req, "Asked for by", NULL), person.shown,
		          curb_printf(curb_req_arena(req), "/people/%s", person.id.text));
	return err == CURB_ENOTFOUND ? 0 : err;
}

void desk_put_progress(struct curb_req *req, const struct work_job *job, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *progress = curb_object(arena), *values = curb_object(arena);
	curb_put_int(values, "n", job->permille / 10);
	curb_put_int(values, "minutes", (job->left_ms + 59999) / 60000);
	if (job->text.ptr)
		curb_put_str(values, "text", curb_tr(req, curb_cstr(arena, job->text), NULL));
	curb_put_int(progress, "value", job->permille / 10);
	curb_put_str(progress, "text",
	             job->left_ms  ? curb_tr(req, "{text}, {n} of 100; about {minutes} min more", values) :
	             job->text.ptr ? curb_tr(req, "{text}, {n} of 100", values) :
	                             curb_tr(req, "{n} of 100", values));
	curb_put(model, "progress", progress);
}

/* What a job that has ended tells, where that is for those who run the machine. */
static void put_result(struct curb_req *req, const struct work_job *job, struct curb_value *facts)
{
	struct curb_value *result = NULL;
	if (!curb_str_is(job->kind, "unused") || !job->result.len ||
	    curb_json_parse(curb_req_arena(req), job->result, &result) != 0)
		return;
	desk_fact(facts, curb_tr(req, "Removed", NULL),
	          desk_files(req, CURB_TEXT("{n} files, {size}"), curb_get_int(result, "removed", 0),
	                     curb_get_int(result, "removed_bytes", 0)),
	          NULL);
}

int desk_get_job(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct work_job job;
	int err = work_job(curb_req_tx(req), curb_req_param(req, "id"), &job);
	if (err)
		return err;
	bool ended = job.ended_ms != 0, done = curb_str_is(job.state, "done");
	curb_put_str(model, "title",
	             desk_tr_str(req, CURB_TEXT("Job: {kind}"), "kind", kind_text(req, job.kind)));
	desk_fact(facts, curb_tr(req, "State", NULL), state_text(req, job.state), NULL);
	err = put_person(req, &job, facts);
	if (err)
		return err;
	desk_fact(facts, curb_tr(req, "Asked for", NULL), desk_moment(req, job.made_ms), NULL);
	if (ended)
		desk_fact(facts, curb_tr(req, "Ended", NULL), desk_moment(req, job.ended_ms), NULL);
	desk_fact(facts, curb_tr(req, "Tries since it was last asked for", NULL),
	          curb_str(curb_printf(arena, "%d", job.tries)), NULL);
	if (job.error.len)
		desk_fact(facts, curb_tr(req, "Reason", NULL), work_reason_now(&job, arena), NULL);
	put_result(req, &job, facts);
	curb_put(model, "facts", facts);
	if (curb_str_is(job.state, "running"))
		desk_put_progress(req, &job, model);
	if (!ended)
		curb_put_text(model, "cancel", curb_printf(arena, "/machine/jobs/%s/cancel", job.id.text));
	else if (!done)
		curb_put_text(model, "retry", curb_printf(arena, "/machine/jobs/%s/retry", job.id.text));
	if (curb_str_is(curb_req_query(req, "done"), "retry"))
		desk_notice(model, "good", curb_tr(req, "It is tried again.", NULL));
	else if (curb_str_is(curb_req_query(req, "done"), "cancel"))
		desk_notice(model, "good",
		            curb_tr(req, "It is told to stop. It can be tried again later.", NULL));
	return curb_reply_page(req, 200, "machine_job", model);
}

/* ---- changing ---- */

struct acting {
	struct work *work; /* NULL: try again */
	struct curb_id by;
	struct curb_str id;
	int64_t now_ms;
	bool page;
};

static int act(struct curb_tx *tx, void *arg)
{
	const struct acting *acting = arg;
	int err = acting->work ? work_cancel(acting->work, tx, acting->id) : work_retry(tx, acting->id);
	const struct curb_change change = { acting->by, acting->id, curb_str(""),
		                            acting->work ? CURB_TEXT("cancelled a job") :
		                                           CURB_TEXT("had a job tried again"),
		                            NULL };
	return err ? err : curb_note_change(tx, &change, acting->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	const struct acting *acting = arg;
	if (!acting->page)
		return curb_reply_empty(req, 204);
	return desk_go(req,
	               curb_printf(curb_req_arena(req), "/machine/jobs/%.*s?done=%s", (int)acting->id.len,
	                           acting->id.ptr, acting->work ? "cancel" : "retry"));
}

static int change(struct curb_req *req, struct work *work)
{
	struct acting acting = { work, curb_req_user(req)->id, curb_req_param(req, "id"), curb_wall_ms(),
		                 curb_req_wants_page(req) };
	return curb_write_reply(req, curb_str(NULL), act, answer, &acting);
}

int desk_post_job_retry(struct curb_req *req, void *state)
{
	(void)state;
	return change(req, NULL);
}

int desk_post_job_cancel(struct curb_req *req, void *state)
{
	return change(req, ((struct desk *)state)->o.work);
}
