#include <errno.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "queue.h"
#include "temp.h"
#include "witness.h"
#include "work.h"

/* ---- what jobs and plugins tell ---- */

static sem_t told; /* one a job that has run, or has got where a test waits for it */
static atomic_int events, plugin_jobs;

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

static void wait_told(void)
{
	struct timespec until;
	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 20;
	while (sem_timedwait(&told, &until))
		assert_int_equal(errno, EINTR);
}

/* ---- kinds of the core, as ingest will bring them ---- */

struct state {
	atomic_int runs;
	sem_t go;  /* lets a waiting job go on */
	int fails; /* the first so many runs fail */
	bool saw_row;
};

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
	return run <= state->fails ? curb_fail(CURB_EINTERNAL, "run %d fails", run) : 0;
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

struct fixture {
	struct temp_folder folder;
	char path[512];
	struct curb_store *store;
	struct plugins *plugins;
	struct work *work;
	struct state state;
	struct store_reader *reader;
	struct curb_arena *arena;
};

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void open_store(struct fixture *f, const char *const *aside)
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

static void start(struct fixture *f)
{
	struct work_options options = { .store = f->store,
		                        .plugins = f->plugins,
		                        .threads = 2,
		                        .core_kinds = kinds,
		                        .core_state = &f->state };
	assert_int_equal(work_start(&options, &f->work), 0);
}

static void stop(struct fixture *f)
{
	if (f->work)
		work_stop(f->work);
	work_free(f->work);
	f->work = NULL;
}

static void close_store(struct fixture *f)
{
	stop(f);
	plugins_stop(f->plugins);
	plugins_free(f->plugins);
	store_reader_close(f->reader);
	store_close(f->store);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	f->folder = temp_folder();
	temp_path(&f->folder, "db", f->path);
	f->arena = curb_arena_new(1 << 20);
	(void)sem_init(&told, 0, 0);
	(void)sem_init(&f->state.go, 0, 0);
	atomic_store(&events, 0);
	atomic_store(&plugin_jobs, 0);
	open_store(f, NULL);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	close_store(f);
	curb_arena_free(f->arena);
	temp_remove(&f->folder);
	free(f);
	return 0;
}

/* ---- short ways ---- */

struct order {
	const char *kind;
	struct curb_host *host;
	struct curb_id person, id;
	int err; /* returned behind the enqueueing, as a function that fails later does */
};

static int order_fn(struct curb_tx *tx, void *arg)
{
	struct order *order = arg;
	int err = curb_job_enqueue(order->host, tx, order->kind, &order->person, curb_str("{\"n\":1}"),
	                           &order->id);
	return err ? err : order->err;
}

static int write_fn(struct fixture *f, curb_write_fn fn, void *arg)
{
	struct store_write write = { .fn = fn, .arg = arg };
	return store_write(f->store, &write);
}

static struct curb_id enqueue(struct fixture *f, const char *kind)
{
	struct order order = { kind, &curb_core_host, { "" }, { "" }, 0 };
	assert_int_equal(write_fn(f, order_fn, &order), 0);
	return order.id;
}

static struct work_job look(struct fixture *f, const struct curb_id *id)
{
	struct work_job job;
	curb_arena_reset(f->arena); /* the texts of the last look */
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	assert_int_equal(work_job(tx, curb_id_str(id), &job), 0);
	store_end(f->reader);
	return job;
}

/* Until the row says so: the end of a run is written behind it. */
static struct work_job wait_state(struct fixture *f, const struct curb_id *id, const char *state)
{
	for (int64_t until = curb_tick_us() + 20000000; curb_tick_us() < until;) {
		struct work_job job = look(f, id);
		if (curb_str_is(job.state, state))
			return job;
		(void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
	fail_msg("the job did not become %s", state);
	return (struct work_job){ .tries = 0 };
}

static int64_t count(struct fixture *f, const char *sql)
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

/* ---- jobs ---- */

static void job__runs_and_leaves_its_result(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct curb_id id = enqueue(f, "echo");
	struct work_job job = wait_state(f, &id, "done");
	assert_true(curb_str_is(job.result, "{\"n\":1}"));
	assert_int_equal(job.permille, 1000);
	assert_int_equal(job.tries, 1);
	assert_true(job.ended_ms >= job.made_ms);
}

static void job__rolled_back_with_its_transaction(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct order order = { "echo", &curb_core_host, { "" }, { "" }, CURB_EUNFIT };
	assert_int_equal(write_fn(f, order_fn, &order), CURB_EUNFIT);
	struct curb_id id = enqueue(f, "echo");
	(void)wait_state(f, &id, "done");
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static void job__unknown_kind_is_refused(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct order order = { "nothing", &curb_core_host, { "" }, { "" }, 0 };
	assert_int_equal(write_fn(f, order_fn, &order), CURB_EINTERNAL);
}

static void job__fails_when_its_tries_are_used_up(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 2;
	start(f);
	struct curb_id id = enqueue(f, "fail");
	struct work_job job = wait_state(f, &id, "failed");
	assert_int_equal(job.tries, 2);
	assert_true(curb_str_is(job.error, "run 2 fails"));
	assert_int_equal(atomic_load(&f->state.runs), 2);
}

static void job__tries_again_and_succeeds(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 1;
	start(f);
	struct curb_id id = enqueue(f, "fail");
	assert_int_equal(wait_state(f, &id, "done").tries, 2);
}

static void job__backoff_doubles_up_to_an_hour(void **state)
{
	(void)state;
	assert_int_equal(queue_backoff(1), 1000);
	assert_int_equal(queue_backoff(2), 2000);
	assert_int_equal(queue_backoff(5), 16000);
	assert_int_equal(queue_backoff(13), 3600000);
	assert_int_equal(queue_backoff(100), 3600000);
}

static void job__sees_what_it_wrote(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct curb_id id = enqueue(f, "write");
	(void)wait_state(f, &id, "done");
	assert_true(f->state.saw_row);
}

static void job__of_a_plugin_runs_with_its_state(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct order order = { "work", &plugins_find(f->plugins, "honest")->host, { "" }, { "" }, 0 };
	assert_int_equal(write_fn(f, order_fn, &order), 0);
	(void)wait_state(f, &order.id, "done");
	assert_int_equal(atomic_load(&plugin_jobs), 1);
}

static void job__out_of_time_counts_as_failed(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct curb_id id = enqueue(f, "slow");
	struct work_job job = wait_state(f, &id, "failed");
	assert_true(curb_str_is(job.error, "it ran longer than 1 seconds"));
}

/* ---- progress and cancelling ---- */

static void progress__is_seen_while_it_runs(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct curb_id id = enqueue(f, "wait");
	wait_told();
	struct work_job job = look(f, &id);
	assert_true(curb_str_is(job.state, "running"));
	assert_int_equal(job.permille, 500);
	assert_true(curb_str_is(job.text, "Still waiting"));
	(void)sem_post(&f->state.go);
	(void)wait_state(f, &id, "done");
}

struct cancelling {
	struct work *work;
	struct curb_id id;
};

static int cancel_fn(struct curb_tx *tx, void *arg)
{
	const struct cancelling *c = arg;
	return work_cancel(c->work, tx, curb_id_str(&c->id));
}

static void cancel__running_ends_when_it_looks(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct cancelling c = { f->work, enqueue(f, "wait") };
	wait_told();
	assert_int_equal(write_fn(f, cancel_fn, &c), 0);
	struct work_job job = wait_state(f, &c.id, "cancelled");
	assert_int_equal(job.tries, 1);
	assert_int_equal(write_fn(f, cancel_fn, &c), CURB_ECONFLICT);
}

static void cancel__waiting_never_runs(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 1;
	start(f);
	struct cancelling c = { f->work, enqueue(f, "fail") };
	wait_told(); /* it waits for its second try now, or is about to */
	(void)wait_state(f, &c.id, "waiting");
	assert_int_equal(write_fn(f, cancel_fn, &c), 0);
	assert_true(curb_str_is(look(f, &c.id).state, "cancelled"));
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static void cancel__unknown_is_not_found(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct cancelling c = { f->work, { "none" } };
	assert_int_equal(write_fn(f, cancel_fn, &c), CURB_ENOTFOUND);
}

/* ---- stops and crashes ---- */

static void stop__running_job_waits_for_the_next_start_and_loses_no_try(void **state)
{
	struct fixture *f = *state;
	start(f);
	struct curb_id id = enqueue(f, "wait");
	wait_told();
	stop(f);
	struct work_job job = look(f, &id);
	assert_true(curb_str_is(job.state, "waiting"));
	assert_int_equal(job.tries, 0);
	start(f);
	wait_told();
	(void)sem_post(&f->state.go);
	assert_int_equal(wait_state(f, &id, "done").tries, 1);
}

/* What a crash leaves: a row that says running. */
static int crash_fn(struct curb_tx *tx, void *arg)
{
	const struct order *order = arg;
	return curb_exec(&curb_core_host, tx,
	                 "UPDATE core_job SET state = 'running', tries = $2 WHERE id = $1",
	                 CURB_BINDS(curb_bind_id(&order->id), curb_int(order->err)), NULL);
}

static struct curb_id enqueue_then_crash(struct fixture *f, const char *kind, int tries)
{
	start(f);
	struct curb_id id = enqueue(f, kind);
	wait_told();
	stop(f);
	struct order order = { kind, &curb_core_host, { "" }, id, tries };
	assert_int_equal(write_fn(f, crash_fn, &order), 0);
	return id;
}

static void crash__runs_again_while_there_are_tries(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = enqueue_then_crash(f, "wait", 2);
	start(f);
	wait_told();
	(void)sem_post(&f->state.go);
	assert_int_equal(wait_state(f, &id, "done").tries, 3);
}

static void crash__the_last_try_is_the_last(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = enqueue_then_crash(f, "wait", 3);
	start(f);
	struct work_job job = look(f, &id);
	assert_true(curb_str_is(job.state, "failed"));
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

/* ---- events ---- */

static int emit_fn(struct curb_tx *tx, void *arg)
{
	const int *err = arg;
	int emitted = curb_emit(&curb_core_host, tx, "thing.happened.v1", curb_str("{\"n\":1}"));
	return emitted ? emitted : *err;
}

static void event__reaches_each_subscriber_once(void **state)
{
	struct fixture *f = *state;
	start(f);
	int err = 0;
	assert_int_equal(write_fn(f, emit_fn, &err), 0);
	wait_told();
	wait_told();
	stop(f);
	assert_int_equal(atomic_load(&events), 2);
	assert_int_equal(count(f, "SELECT count(*) FROM core_job"), 0);
}

static void event__is_not_sent_when_the_emitter_rolls_back(void **state)
{
	struct fixture *f = *state;
	start(f);
	int err = CURB_EUNFIT;
	assert_int_equal(write_fn(f, emit_fn, &err), CURB_EUNFIT);
	assert_int_equal(count(f, "SELECT count(*) FROM core_job"), 0);
}

static void event__waits_for_a_plugin_that_is_set_aside(void **state)
{
	struct fixture *f = *state;
	start(f); /* notes who hooks what */
	close_store(f);
	open_store(f, LIST("honest:it crashed", "friend:it crashed"));
	start(f);
	int err = 0;
	assert_int_equal(write_fn(f, emit_fn, &err), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM core_job"), 2);
	assert_int_equal(atomic_load(&events), 0);
	close_store(f);
	open_store(f, NULL);
	start(f);
	wait_told();
	wait_told();
	assert_int_equal(atomic_load(&events), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(job__runs_and_leaves_its_result),
		CASE(job__rolled_back_with_its_transaction),
		CASE(job__unknown_kind_is_refused),
		CASE(job__fails_when_its_tries_are_used_up),
		CASE(job__tries_again_and_succeeds),
		CASE(job__backoff_doubles_up_to_an_hour),
		CASE(job__sees_what_it_wrote),
		CASE(job__of_a_plugin_runs_with_its_state),
		CASE(job__out_of_time_counts_as_failed),
		CASE(progress__is_seen_while_it_runs),
		CASE(cancel__running_ends_when_it_looks),
		CASE(cancel__waiting_never_runs),
		CASE(cancel__unknown_is_not_found),
		CASE(stop__running_job_waits_for_the_next_start_and_loses_no_try),
		CASE(crash__runs_again_while_there_are_tries),
		CASE(crash__the_last_try_is_the_last),
		CASE(event__reaches_each_subscriber_once),
		CASE(event__is_not_sent_when_the_emitter_rolls_back),
		CASE(event__waits_for_a_plugin_that_is_set_aside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
