#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "helper.h"

#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "queue.h"
#include "witness.h"
#include "work.h"

/* ---- what jobs and plugins tell ---- */

static sem_t told;  /* one a job that has run, or has got where a test waits for it */
static sem_t ended; /* one a try whose end is written */
atomic_int events, plugin_jobs;

__attribute__((visibility("default"))) void witness(const char *what)
{
	if (strcmp(what, "honest event") == 0 || strcmp(what, "friend event") == 0) {
		atomic_fetch_add(&events, 1);
		(void)sem_post(&told);
	} else if (strcmp(what, "honest job") == 0) {
		atomic_fetch_add(&plugin_jobs, 1);
		(void)sem_post(&told);
	}
}

static void wait_for(sem_t *what)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	while (sem_timedwait(what, &until))
		assert_int_equal(errno, EINTR);
}

void wait_told(void)
{
	wait_for(&told);
}

static void note_end(void *arg, const char *plugin, const char *what)
{
	(void)arg;
	(void)plugin;
	if (!what)
		(void)sem_post(&ended);
}

/* ---- kinds of the core, as ingest will bring them ---- */

static int do_echo(struct curb_job *job, void *arg)
{
	struct state *state = arg;
	atomic_fetch_add(&state->runs, 1);
	curb_job_result(job, curb_job_payload(job));
	(void)sem_post(&told);
	return 0;
}

static int do_fail(struct curb_job *job, void *arg)
{
	struct state *state = arg;
	int run = atomic_fetch_add(&state->runs, 1) + 1;
	assert_int_equal(curb_job_try(job), run);
	(void)sem_post(&told);
	int err = state->with ? state->with : CURB_EINTERNAL;
	return run <= state->fails ? curb_fail(err, "run %d fails", run) : 0;
}

/* Tells that it runs, then looks at curb_job_cancelled until it is, or until it may go on. */
static int do_wait(struct curb_job *job, void *arg)
{
	struct state *state = arg;
	atomic_fetch_add(&state->runs, 1);
	curb_job_progress(job, 250, "Waiting");
	curb_job_progress(job, 500, "Still waiting");
	(void)sem_post(&told);
	for (;;) {
		if (curb_job_cancelled(job))
			return curb_fail(CURB_EBUSY, "cancelled");
		struct timespec until;
		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 10 * 1000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (sem_timedwait(&state->go, &until) == 0)
			return 0;
	}
}

static int note_fn(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, "DELETE FROM core_subscription WHERE event = 'none'",
	                 CURB_NO_BINDS, arg);
}

/* Reads, writes, and reads again what is there by then. */
static int do_write(struct curb_job *job, void *arg)
{
	struct state *state = arg;
	int64_t changed = -1;
	int err = curb_job_write(job, curb_str(NULL), note_fn, &changed);
	struct work_job row;
	struct curb_id id = curb_job_id(job);
	if (!err)
		err = work_job(curb_job_tx(job), curb_id_str(&id), &row);
	state->saw_row = !err && changed == 0 && curb_str_is(row.state, "running");
	(void)sem_post(&told);
	return err;
}

static const struct curb_job_kind kinds[] = {
	{ "echo", do_echo, 3, 60 }, { "fail", do_fail, 2, 60 },   { "wait", do_wait, 3, 60 },
	{ "slow", do_wait, 1, 1 },  { "write", do_write, 1, 60 }, { 0 },
};

/* ---- fixture ---- */

void fixture_open(struct fixture *f, const char *const *aside)
{
	static const char *const names[] = { "honest", "friend", NULL };
	struct store_options store = { .path = f->path, .fresh_ok = true };
	assert_int_equal(store_open(&store, &f->store), 0);
	assert_int_equal(store_migrate_part(f->store, &curb_core_host, "work", work_migrations), 0);
	struct plugins_options plugins = {
		.folder = CURB_LIARS, .names = names, .aside = aside, .store = f->store
	};
	assert_int_equal(plugins_load(&plugins, &f->plugins), 0);
	assert_int_equal(plugins_start(f->plugins), 0);
	assert_int_equal(store_reader_open(f->store, &f->reader), 0);
}

void fixture_start(struct fixture *f)
{
	struct work_options options = { .store = f->store,
		                        .plugins = f->plugins,
		                        .threads = 2,
		                        .long_kind = f->long_most ? (f->slow ? "fail" : "wait") : NULL,
		                        .long_most = f->long_most,
		                        .spare_kinds = { f->spare ? "echo" : NULL, f->slow ? "wait" : NULL },
		                        .core = { { kinds, &f->state } },
		                        .at_work = note_end };
	assert_int_equal(work_start(&options, &f->work), 0);
}

void fixture_stop(struct fixture *f)
{
	if (f->work)
		work_stop(f->work);
	work_free(f->work);
	f->work = NULL;
}

void fixture_close(struct fixture *f)
{
	fixture_stop(f);
	plugins_stop(f->plugins);
	plugins_free(f->plugins);
	store_reader_close(f->reader);
	store_close(f->store);
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->folder = temp_folder();
	temp_path(&f->folder, "db", f->path);
	f->arena = curb_arena_new(1 << 20);
	(void)sem_init(&told, 0, 0);
	(void)sem_init(&ended, 0, 0);
	(void)sem_init(&f->state.go, 0, 0);
	atomic_store(&events, 0);
	atomic_store(&plugin_jobs, 0);
	fixture_open(f, NULL);
	*state = f;
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;
	fixture_close(f);
	curb_arena_free(f->arena);
	temp_remove(&f->folder);
	free(f);
	return 0;
}

/* ---- short ways ---- */

int order_fn(struct curb_tx *tx, void *arg)
{
	struct order *order = arg;
	int err = curb_job_enqueue(order->host, tx, order->kind, &order->person, curb_str("{\"n\":1}"),
	                           &order->id);
	return err ? err : order->err;
}

int fixture_write(struct fixture *f, curb_write_fn fn, void *arg)
{
	struct store_write write = { .fn = fn, .arg = arg };
	return store_write(f->store, &write);
}

struct curb_id fixture_enqueue(struct fixture *f, const char *kind)
{
	struct order order = { kind, &curb_core_host, { "" }, { "" }, 0 };
	assert_int_equal(fixture_write(f, order_fn, &order), 0);
	return order.id;
}

struct work_job fixture_look(struct fixture *f, const struct curb_id *id)
{
	struct work_job job;
	curb_arena_reset(f->arena); /* the texts of the last look */
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	assert_int_equal(work_job(tx, curb_id_str(id), &job), 0);
	store_end(f->reader);
	return job;
}

struct work_job fixture_wait(struct fixture *f, const struct curb_id *id, const char *state)
{
	for (;;) {
		struct work_job job = fixture_look(f, id);
		if (curb_str_is(job.state, state))
			return job;
		wait_for(&ended);
	}
}

int64_t fixture_count(struct fixture *f, const char *sql)
{
	struct curb_stmt *stmt = NULL;
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	assert_int_equal(curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt), 0);
	assert_int_equal(curb_step(stmt), 1);
	int64_t n = curb_col_int(stmt, 0);
	curb_reset(stmt);
	store_end(f->reader);
	return n;
}
