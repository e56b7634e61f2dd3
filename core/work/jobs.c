/* The threads. Each claims a job in a write function, runs it, and writes how it ended.
 *
 * A claim is queued behind the write that is committing when it is woken, so enqueueing may wake a thread at once: the
 * claim sees the new row in the same group or a later one, or does not see it because it was rolled back. Nobody has to
 * call back after a commit. One thread is woken at a time; one that has found a job wakes the next. */
#include <stdlib.h>
#include <time.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "run.h"

static _Atomic(struct work *) current;

struct work *work_current(void)
{
	return atomic_load(&current);
}

void work_poke(void)
{
	struct work *work = work_current();
	if (!work)
		return;
	CURB_LOCKED(held, &work->lock);
	work->pokes++;
	(void)pthread_cond_signal(&work->wake);
}

/* ---- claim ---- */

struct claim {
	struct work *work;
	struct curb_job *job; /* of the thread that asks */
	size_t first; /* owners take turns, so that one with many jobs does not keep the others waiting */
	struct queue_row row;
	int64_t next_ms;
};

/* The kinds that are left waiting because enough of them run; NULL: none is. */
static int full_kinds(struct curb_tx *tx, const struct work_options *options,
                      const char *ret_kinds[QUEUE_NOT])
{
	int64_t running = 0, all = 0, spare = 0;
	int err = options->long_kind ? queue_running(tx, options->long_kind, &running) : 0;
	all = running;
	for (size_t i = 0; !err && i < WORK_SPARE; i++) {
		spare = 0;
		if (options->spare_kinds[i])
			err = queue_running(tx, options->spare_kinds[i], &spare);
		all += spare;
	}
	ret_kinds[0] = options->long_kind && running >= options->long_most ? options->long_kind : NULL;
	for (size_t i = 0; i < WORK_SPARE; i++)
		ret_kinds[1 + i] = all >= options->long_most ? options->spare_kinds[i] : NULL;
	if (spare && spare >= options->long_most - 1)
		ret_kinds[WORK_SPARE] = options->spare_kinds[WORK_SPARE - 1];
	return err;
}

/* Lets others find the job that runs on this thread, or (row NULL) find none. */
static void show_running(struct work *work, struct curb_job *job, const struct queue_row *row)
{
	CURB_LOCKED(held, &work->lock);
	if (row) {
		job->row = *row;
		atomic_store(&job->cancelled, false);
		atomic_store(&job->permille, 0);
		atomic_store(&job->text, NULL);
		atomic_store(&job->begun_us, curb_tick_us());
	}
	work->running[job->index] = row ? job : NULL;
}

static int claim_fn(struct curb_tx *tx, void *arg)
{
	struct claim *claim = arg;
	int64_t now_ms = curb_wall_ms();
	const char *full[QUEUE_NOT];
	static const char *const none[QUEUE_NOT];
	claim->next_ms = INT64_MAX;
	int full_err = full_kinds(tx, &claim->work->options, full);
	if (full_err)
		return full_err;
	for (size_t i = 0; i < claim->work->owner_count; i++) {
		const char *owner = claim->work->owners[(claim->first + i) % claim->work->owner_count];
		int64_t next_ms = INT64_MAX;
		int err = queue_claim(tx, claim->job->arena, owner,
		                      strcmp(owner, curb_core_host.owner) == 0 ? full : none, now_ms,
		                      &claim->row, &next_ms);
		if (!err) /* here already: who calls it off in the next write finds it */
			show_running(claim->work, claim->job, &claim->row);
		if (err != CURB_ENOTFOUND)
			return err;
		if (next_ms < claim->next_ms)
			claim->next_ms = next_ms;
	}
	return CURB_ENOTFOUND;
}

/* Waits for a poke that is newer than `seen`, for the next job to fall due, or for the end. */
static void rest(struct work *work, uint64_t seen, int64_t next_ms)
{
	const int64_t longest = 60 * 1000; /* the wall clock may step */
	int64_t wait_ms = next_ms == INT64_MAX ? longest : next_ms - curb_wall_ms();
	if (wait_ms > longest)
		wait_ms = longest;
	if (wait_ms < 1)
		wait_ms = 1;
	struct timespec until;
	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t ns = until.tv_nsec + wait_ms % 1000 * 1000000;
	until.tv_sec += wait_ms / 1000 + ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	CURB_LOCKED(held, &work->lock);
	while (!atomic_load(&work->stopping) && work->pokes == seen)
		if (pthread_cond_timedwait(&work->wake, &work->lock, &until))
			return;
}

/* 0 when a job was claimed and has run. */
static int claim_and_run(struct work *work, struct curb_job *job, size_t turn, int64_t *ret_next_ms)
{
	struct claim claim = { .work = work, .job = job, .first = turn };
	struct store_write write = { .fn = claim_fn, .arg = &claim };
	int err = store_write(work->options.store, &write);
	*ret_next_ms = claim.next_ms;
	if (err && err != CURB_ENOTFOUND) {
		curb_log(CURB_ERROR, "job_claim err=%d reason=\"%s\"", err, curb_error_text());
		*ret_next_ms = curb_wall_ms() + 1000;
	}
	if (err) {
		show_running(work, job, NULL); /* it may have been claimed, and taken back */
		return err;
	}
	work_poke();
	job_run(job);
	show_running(work, job, NULL);
	return 0;
}

struct thread_start {
	struct work *work;
	int index;
	struct store_reader *reader;
};

static void *thread_main(void *arg)
{
	struct thread_start start = *(struct thread_start *)arg;
	free(arg);
	struct work *work = start.work;
	struct curb_job job = {
		.magic = JOB_MAGIC, .work = work, .index = start.index, .reader = start.reader
	};
	job.arena = curb_arena_new(ARENA_MAX);
	for (size_t turn = 0; !atomic_load(&work->stopping); turn++) {
		(void)pthread_mutex_lock(&work->lock);
		uint64_t seen = work->pokes;
		(void)pthread_mutex_unlock(&work->lock);
		int64_t next_ms;
		if (claim_and_run(work, &job, turn, &next_ms))
			rest(work, seen, next_ms);
		curb_arena_reset(job.arena);
	}
	curb_arena_free(job.arena);
	store_reader_close(start.reader);
	return NULL;
}

/* ---- start and stop ---- */

static int recover_fn(struct curb_tx *tx, void *arg)
{
	struct work *work = arg;
	int err = queue_recover(tx, curb_wall_ms());
	struct plugin_slot *slot;
	for (size_t i = 0; !err && (slot = plugins_at(work->options.plugins, i)); i++)
		if (slot->plugin.name) /* what was not loaded keeps the subscriptions that it had */
			err = queue_subscribe(tx, slot->name, slot->plugin.hooks);
	return err;
}

static int start_thread(struct work *work, int index)
{
	struct thread_start *start = curb_xcalloc(1, sizeof *start);
	*start = (struct thread_start){ work, index, NULL };
	int err = store_reader_open(work->options.store, &start->reader);
	if (!err && pthread_create(&work->threads[index], NULL, thread_main, start)) {
		store_reader_close(start->reader);
		err = curb_fail(CURB_EINTERNAL, "a thread for jobs cannot be made");
	}
	if (err)
		free(start);
	else
		work->thread_count++;
	return err;
}

static void list_owners(struct work *work)
{
	struct plugin_slot *slot;
	work->owners[work->owner_count++] = curb_core_host.owner;
	for (size_t i = 0; (slot = plugins_at(work->options.plugins, i)); i++)
		if (slot->state == PLUGIN_RUNNING && work->owner_count < OWNERS_MAX)
			work->owners[work->owner_count++] = slot->name;
}

int work_start(const struct work_options *options, struct work **ret_work)
{
	CURB_ASSERT(options->threads > 0 && options->threads <= THREADS_MAX && !work_current());
	struct work *work = curb_xcalloc(1, sizeof *work);
	work->options = *options;
	(void)pthread_mutex_init(&work->lock, NULL);
	pthread_condattr_t attr;
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&work->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	list_owners(work);
	struct store_write write = { .fn = recover_fn, .arg = work };
	int err = store_write(options->store, &write);
	atomic_store(&current, work);
	for (int i = 0; !err && i < options->threads; i++)
		err = start_thread(work, i);
	if (err) {
		work_stop(work);
		work_free(work);
		return err;
	}
	*ret_work = work;
	return 0;
}

void work_stop(struct work *work)
{
	(void)pthread_mutex_lock(&work->lock);
	atomic_store(&work->stopping, true);
	(void)pthread_cond_broadcast(&work->wake);
	(void)pthread_mutex_unlock(&work->lock);
	while (work->thread_count > 0)
		(void)pthread_join(work->threads[--work->thread_count], NULL);
	atomic_store(&current, NULL);
}

void work_free(struct work *work)
{
	if (!work)
		return;
	(void)pthread_cond_destroy(&work->wake);
	(void)pthread_mutex_destroy(&work->lock);
	free(work);
}
