/* One job at work, and what it may call. */
#include "run.h"

#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"

enum { EVENT_TIMEOUT_S = 60, TELL_EVERY_US = 1000000 };

/* What a row's owner and kind stand for in this process. */
struct target {
	const struct curb_job_kind *kind;
	const struct curb_hook *hook;
	void *state;
	int timeout_s;
};

static const struct curb_job_kind *find_kind(const struct curb_job_kind *kinds, struct curb_str name)
{
	for (; kinds && kinds->name; kinds++)
		if (curb_str_is(name, kinds->name))
			return kinds;
	return NULL;
}

/* The table of the core's part that has this kind, and the part's state. */
static const struct curb_job_kind *core_kinds(const struct work_options *options, struct curb_str name,
                                              void **ret_state)
{
	for (size_t i = 0; i < WORK_PARTS; i++)
		if (find_kind(options->core[i].kinds, name)) {
			*ret_state = options->core[i].state;
			return options->core[i].kinds;
		}
	return NULL;
}

static int find_target(const struct curb_job *job, struct target *ret_target)
{
	const struct work_options *options = &job->work->options;
	*ret_target = (struct target){ .timeout_s = EVENT_TIMEOUT_S };
	const struct curb_job_kind *kinds = NULL;
	if (curb_str_is(job->row.owner, curb_core_host.owner)) {
		kinds = core_kinds(options, job->row.kind, &ret_target->state);
	} else {
		const struct plugin_slot *slot = plugins_find(options->plugins, job->row.owner.ptr);
		ret_target->state = slot->its_state;
		kinds = slot->plugin.jobs;
		for (const struct curb_hook *hook = slot->plugin.hooks; hook && hook->event; hook++)
			if (job->row.event_id.ptr && curb_str_is(job->row.kind, hook->event))
				ret_target->hook = hook;
	}
	if (!job->row.event_id.ptr)
		ret_target->kind = find_kind(kinds, job->row.kind);
	if (ret_target->kind)
		ret_target->timeout_s = ret_target->kind->timeout_s;
	if (ret_target->kind || ret_target->hook)
		return 0;
	return curb_fail(CURB_ENOTFOUND, "%s has no handler of %s any more", job->row.owner.ptr,
	                 job->row.kind.ptr);
}

/* Nobody reads along while a job runs: what is kept is the source, for whoever asks later. */
static const char *keep_source(void *arg, const char *source)
{
	((struct curb_job *)arg)->source = source;
	return source;
}

static int call(struct curb_job *job)
{
	struct target target;
	int err = find_target(job, &target);
	if (err)
		return err;
	job->deadline_us = curb_tick_us() + (int64_t)target.timeout_s * 1000000;
	job->told_us = 0;
	job->tx = store_begin(job->reader, job->arena);
	curb_error_set("it failed and did not say why", "");
	if (target.hook)
		err = target.hook->handle(job, target.state, job->row.event_id, job->row.payload);
	else
		err = target.kind->run(job, target.state);
	store_end(job->reader);
	if (err && job_out_of_time(job))
		err = curb_fail(CURB_EBUSY, "it ran longer than %d seconds", target.timeout_s);
	return err;
}

/* The next try would be told the same, and an import's try is hours of work. */
static bool is_final(int err)
{
	return err == CURB_EINVAL || err == CURB_EDENIED || err == CURB_ETOOBIG || err == CURB_EUNFIT;
}

static enum queue_end ending(const struct curb_job *job, int err)
{
	if (!err)
		return QUEUE_DONE;
	if (atomic_load(&job->cancelled))
		return QUEUE_CANCELLED;
	if (atomic_load(&job->work->stopping) && !job_out_of_time(job))
		return QUEUE_UNCOUNTED;
	return job->row.tries < job->row.tries_max && !is_final(err) ? QUEUE_AGAIN : QUEUE_FAILED;
}

static int finish_fn(struct curb_tx *tx, void *arg)
{
	return queue_finish(tx, arg, curb_wall_ms());
}

static void log_end(const struct curb_job *job, enum queue_end end, const char *error, int64_t took_us)
{
	static const char *const words[] = { "done", "failed", "cancelled", "again", "stopped" };
	enum curb_level level = end == QUEUE_FAILED ? CURB_ERROR : end == QUEUE_AGAIN ? CURB_WARN : CURB_INFO;
	if (error)
		curb_log(level, "job kind=%s end=%s try=%d ms=%lld reason=\"%s\"", job->row.kind.ptr,
		         words[end], job->row.tries, (long long)(took_us / 1000), error);
	else
		curb_log(level, "job kind=%s end=%s try=%d ms=%lld", job->row.kind.ptr, words[end],
		         job->row.tries, (long long)(took_us / 1000));
}

static void write_end(struct curb_job *job, enum queue_end end, const char *error, const char *reason)
{
	struct curb_str told = job->result.data ? curb_buf_view(&job->result) : curb_str(NULL);
	struct queue_result result = { .id = job->row.id,
		                       .end = end,
		                       .forget = job->row.event_id.ptr != NULL,
		                       .tries = job->row.tries,
		                       .result = told,
		                       .error = curb_str(error),
		                       .reason = curb_str(reason) };
	struct store_write write = { .fn = finish_fn, .arg = &result };
	int err = store_write(job->work->options.store, &write);
	if (err)
		curb_log(CURB_ERROR, "job_end err=%d reason=\"%s\"", err, curb_error_text());
}

static const char fault_of_ours[] = CURB_TEXT("An error of this server; it was written down");

void job_run(struct curb_job *job)
{
	const struct work_options *options = &job->work->options;
	const char *owner = job->row.owner.ptr;
	const char *what = curb_printf(job->arena, "job %s %s try %d", job->row.id.text, job->row.kind.ptr,
	                               job->row.tries);
	job->result = curb_buf(RESULT_MAX);
	int64_t from_us = curb_tick_us();
	if (options->at_work)
		options->at_work(options->at_work_arg, owner, what);
	job->source = NULL;
	curb_error_translator(keep_source, job);
	int err = call(job);
	curb_error_translator(NULL, NULL);
	const char *source = job->source;
	char error[512];
	(void)snprintf(error, sizeof error, "%s", curb_error_text());
	enum queue_end end = ending(job, err);
	log_end(job, end, err ? error : NULL, curb_tick_us() - from_us);
	/* The row is shown to the person who asked; the text of our own faults may name files and tables. */
	write_end(job, end,
	          err == CURB_EINTERNAL ? fault_of_ours :
	          err                   ? error :
	                                  NULL,
	          err == CURB_EINTERNAL ? fault_of_ours :
	          err                   ? source :
	                                  NULL);
	curb_buf_free(&job->result);
	if (options->at_work)
		options->at_work(options->at_work_arg, NULL, NULL);
}

bool job_out_of_time(const struct curb_job *job)
{
	return curb_tick_us() >= job->deadline_us;
}

/* ---- what a job may call ---- */

static void check(const struct curb_job *job)
{
	CURB_ASSERT(job && job->magic == JOB_MAGIC);
}

struct curb_id curb_job_id(const struct curb_job *job)
{
	check(job);
	return job->row.id;
}

struct curb_str curb_job_payload(const struct curb_job *job)
{
	check(job);
	return job->row.payload;
}

struct curb_arena *curb_job_arena(struct curb_job *job)
{
	check(job);
	return job->arena;
}

int curb_job_try(const struct curb_job *job)
{
	check(job);
	return job->row.tries;
}

bool curb_job_cancelled(const struct curb_job *job)
{
	check(job);
	return atomic_load(&job->cancelled) || atomic_load(&job->work->stopping) || job_out_of_time(job);
}

void curb_job_result(struct curb_job *job, struct curb_str json)
{
	check(job);
	curb_buf_clear(&job->result);
	curb_buf_str(&job->result, json);
}

struct curb_tx *curb_job_tx(struct curb_job *job)
{
	check(job);
	return job->tx;
}

int curb_job_write(struct curb_job *job, struct curb_str key, curb_write_fn fn, void *arg)
{
	check(job);
	struct store_write write = { .key = key, .fn = fn, .arg = arg };
	store_end(
		job->reader); /* what it read is old news once this is written, and pins the log until then */
	int err = store_write(job->work->options.store, &write);
	job->tx = store_begin(job->reader, job->arena);
	return err;
}

/* ---- progress ---- */

struct tell {
	struct curb_id id;
	int permille;
	const char *text;
};

static int tell_fn(struct curb_tx *tx, void *arg)
{
	const struct tell *tell = arg;
	return queue_progress(tx, &tell->id, tell->permille, tell->text);
}

void curb_job_progress(struct curb_job *job, int permille, const char *text)
{
	check(job);
	permille = permille < 0 ? 0 : permille > 1000 ? 1000 : permille;
	atomic_store(&job->permille, permille);
	atomic_store(&job->text, text);
	int64_t now_us = curb_tick_us();
	if (job->told_us && now_us - job->told_us < TELL_EVERY_US)
		return;
	job->told_us = now_us;
	struct tell *tell = curb_xcalloc(1, sizeof *tell);
	*tell = (struct tell){ job->row.id, permille, text };
	/* The row is for those who look after a restart; a lost line of progress costs nothing. */
	(void)store_write_later(job->work->options.store, tell_fn, tell, free);
}
