#include "cm.h"
#include "curb/err.h"
#include "helper.h"
#include "queue.h"

static void job__runs_and_leaves_its_result(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "echo");
	struct work_job job = fixture_wait(f, &id, "done");
	assert_true(curb_str_is(job.result, "{\"n\":1}"));
	assert_int_equal(job.permille, 1000);
	assert_int_equal(job.tries, 1);
	assert_true(job.ended_ms >= job.made_ms);
}

static void job__rolled_back_with_its_transaction(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct order order = { "echo", &curb_core_host, { "" }, { "" }, CURB_EUNFIT };
	assert_int_equal(fixture_write(f, order_fn, &order), CURB_EUNFIT);
	struct curb_id id = fixture_enqueue(f, "echo");
	(void)fixture_wait(f, &id, "done");
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static void job__unknown_kind_is_refused(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct order order = { "nothing", &curb_core_host, { "" }, { "" }, 0 };
	assert_int_equal(fixture_write(f, order_fn, &order), CURB_EINTERNAL);
}

static void job__fails_when_its_tries_are_used_up(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 2;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "fail");
	struct work_job job = fixture_wait(f, &id, "failed");
	assert_int_equal(job.tries, 2);
	/* "run 2 fails" is for the log: it may name what is nobody's business. */
	assert_true(curb_str_is(job.error, "An error of this server; it was written down"));
	assert_int_equal(atomic_load(&f->state.runs), 2);
}

/* What is refused once is refused each time: nobody waits for three imports of the same bytes. */
static void bug_tries__a_refusal_is_the_last_word(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 2;
	f->state.with = CURB_EDENIED;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "fail");
	struct work_job job = fixture_wait(f, &id, "failed");
	assert_int_equal(job.tries, 1);
	assert_true(curb_str_is(job.error, "run 1 fails"));
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static void job__tries_again_and_succeeds(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 1;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "fail");
	assert_int_equal(fixture_wait(f, &id, "done").tries, 2);
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
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "write");
	(void)fixture_wait(f, &id, "done");
	assert_true(f->state.saw_row);
}

static void job__of_a_plugin_runs_with_its_state(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct order order = { "work", &plugins_find(f->plugins, "honest")->host, { "" }, { "" }, 0 };
	assert_int_equal(fixture_write(f, order_fn, &order), 0);
	(void)fixture_wait(f, &order.id, "done");
	assert_int_equal(atomic_load(&plugin_jobs), 1);
}

/* Two threads: were the second one begun beside the first, nothing would be left for the echo. */
static void bug_same__two_that_say_the_same_do_not_run_side_by_side(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct curb_id first = fixture_enqueue(f, "wait"), second = fixture_enqueue(f, "wait");
	wait_told();
	struct curb_id echo = fixture_enqueue(f, "echo");
	(void)fixture_wait(f, &echo, "done");
	wait_told();
	assert_true(curb_str_is(fixture_look(f, &first).state, "running"));
	assert_true(curb_str_is(fixture_look(f, &second).state, "waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &first, "done");
	wait_told();
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &second, "done");
}

static void job__out_of_time_counts_as_failed(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "slow");
	struct work_job job = fixture_wait(f, &id, "failed");
	assert_true(curb_str_is(job.error, "it ran longer than 1 seconds"));
}

/* ---- progress and cancelling ---- */

static void progress__is_seen_while_it_runs(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "wait");
	wait_told();
	struct work_job job = fixture_look(f, &id);
	assert_true(curb_str_is(job.state, "running"));
	assert_int_equal(job.permille, 500);
	assert_true(curb_str_is(job.text, "Still waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &id, "done");
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

/* Each of them takes long: what is short does not wait for all of them to end. */
static void job__those_that_take_long_leave_a_thread(void **state)
{
	struct fixture *f = *state;
	f->long_most = 1;
	fixture_start(f);
	struct curb_id first = fixture_enqueue(f, "wait");
	wait_told();
	struct curb_id second = fixture_enqueue(f, "wait");
	for (int i = 0; i < 3; i++) {
		struct curb_id echo = fixture_enqueue(f, "echo");
		(void)fixture_wait(f, &echo, "done");
		wait_told();
	}
	assert_true(curb_str_is(fixture_look(f, &second).state, "waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &first, "done");
	wait_told(); /* the second runs */
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &second, "done");
}

static void job__of_the_spare_kind_waits_until_those_that_take_long_leave_room(void **state)
{
	struct fixture *f = *state;
	f->long_most = 1;
	f->spare = true;
	fixture_start(f);
	struct curb_id wait = fixture_enqueue(f, "wait");
	wait_told();
	struct curb_id echo = fixture_enqueue(f, "echo"), write = fixture_enqueue(f, "write");
	(void)fixture_wait(f, &write, "done"); /* behind it in the queue, and of no kind that takes long */
	wait_told();
	assert_true(curb_str_is(fixture_look(f, &echo).state, "waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &wait, "done");
	(void)fixture_wait(f, &echo, "done");
}

static void job__of_the_last_spare_kind_leaves_a_place_to_the_others(void **state)
{
	struct fixture *f = *state;
	f->long_most = 2;
	f->spare = f->slow = true;
	fixture_start(f);
	struct curb_id first = fixture_enqueue(f, "wait"), second = fixture_enqueue(f, "wait");
	wait_told();
	struct curb_id echo = fixture_enqueue(f, "echo");
	(void)fixture_wait(f, &echo, "done"); /* behind both in the queue */
	assert_true(curb_str_is(fixture_look(f, &second).state, "waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &first, "done");
	wait_told();
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &second, "done");
}

static int due_fn(struct curb_tx *tx, void *arg)
{
	return work_due(tx, arg, -5);
}

static void job__due_before_all_others_is_next(void **state)
{
	struct fixture *f = *state;
	f->long_most = 1;
	fixture_start(f);
	struct curb_id first = fixture_enqueue(f, "wait");
	wait_told();
	struct curb_id early = fixture_enqueue(f, "wait"), late = fixture_enqueue(f, "wait");
	assert_int_equal(fixture_write(f, due_fn, &late), 0);
	assert_int_equal(fixture_write(f, due_fn, &first), 0); /* it runs: nothing changes */
	(void)sem_post(&f->state.go);
	wait_told();
	assert_true(curb_str_is(fixture_look(f, &late).state, "running"));
	assert_true(curb_str_is(fixture_look(f, &early).state, "waiting"));
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &late, "done");
	wait_told();
	(void)sem_post(&f->state.go);
	(void)fixture_wait(f, &early, "done");
}

static void cancel__running_ends_when_it_looks(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct cancelling c = { f->work, fixture_enqueue(f, "wait") };
	wait_told();
	assert_int_equal(fixture_write(f, cancel_fn, &c), 0);
	struct work_job job = fixture_wait(f, &c.id, "cancelled");
	assert_int_equal(job.tries, 1);
	assert_int_equal(fixture_write(f, cancel_fn, &c), CURB_ECONFLICT);
}

static void cancel__waiting_never_runs(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 1;
	fixture_start(f);
	struct cancelling c = { f->work, fixture_enqueue(f, "fail") };
	wait_told(); /* it waits for its second try now, or is about to */
	(void)fixture_wait(f, &c.id, "waiting");
	assert_int_equal(fixture_write(f, cancel_fn, &c), 0);
	assert_true(curb_str_is(fixture_look(f, &c.id).state, "cancelled"));
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static void cancel__unknown_is_not_found(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct cancelling c = { f->work, { "none" } };
	assert_int_equal(fixture_write(f, cancel_fn, &c), CURB_ENOTFOUND);
}

/* ---- stops and crashes ---- */

static void stop__running_job_waits_for_the_next_start_and_loses_no_try(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "wait");
	wait_told();
	fixture_stop(f);
	struct work_job job = fixture_look(f, &id);
	assert_true(curb_str_is(job.state, "waiting"));
	assert_int_equal(job.tries, 0);
	fixture_start(f);
	wait_told();
	(void)sem_post(&f->state.go);
	assert_int_equal(fixture_wait(f, &id, "done").tries, 1);
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
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, kind);
	wait_told();
	fixture_stop(f);
	struct order order = { kind, &curb_core_host, { "" }, id, tries };
	assert_int_equal(fixture_write(f, crash_fn, &order), 0);
	return id;
}

static void crash__runs_again_while_there_are_tries(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = enqueue_then_crash(f, "wait", 2);
	fixture_start(f);
	wait_told();
	(void)sem_post(&f->state.go);
	assert_int_equal(fixture_wait(f, &id, "done").tries, 3);
}

static void crash__the_last_try_is_the_last(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = enqueue_then_crash(f, "wait", 3);
	fixture_start(f);
	struct work_job job = fixture_look(f, &id);
	assert_true(curb_str_is(job.state, "failed"));
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

static int keep_fn(struct curb_tx *tx, void *arg)
{
	return work_keep(tx, arg, curb_str("{\"kept\":1}"));
}

/* What it did is committed: it must not be done twice, nor be told to have failed. */
static void bug_crash__a_job_that_kept_its_result_is_done(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = enqueue_then_crash(f, "wait", 3);
	assert_int_equal(fixture_write(f, keep_fn, &id), 0);
	fixture_start(f);
	struct work_job job = fixture_look(f, &id);
	assert_true(curb_str_is(job.state, "done"));
	assert_true(curb_str_is(job.result, "{\"kept\":1}"));
	assert_int_equal(job.permille, 1000);
	assert_int_equal(atomic_load(&f->state.runs), 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(job__runs_and_leaves_its_result),
		CASE(job__rolled_back_with_its_transaction),
		CASE(job__unknown_kind_is_refused),
		CASE(job__fails_when_its_tries_are_used_up),
		CASE(bug_tries__a_refusal_is_the_last_word),
		CASE(job__tries_again_and_succeeds),
		CASE(job__backoff_doubles_up_to_an_hour),
		CASE(job__sees_what_it_wrote),
		CASE(job__of_a_plugin_runs_with_its_state),
		CASE(bug_same__two_that_say_the_same_do_not_run_side_by_side),
		CASE(job__out_of_time_counts_as_failed),
		CASE(job__those_that_take_long_leave_a_thread),
		CASE(job__of_the_spare_kind_waits_until_those_that_take_long_leave_room),
		CASE(job__of_the_last_spare_kind_leaves_a_place_to_the_others),
		CASE(job__due_before_all_others_is_next),
		CASE(progress__is_seen_while_it_runs),
		CASE(cancel__running_ends_when_it_looks),
		CASE(cancel__waiting_never_runs),
		CASE(cancel__unknown_is_not_found),
		CASE(stop__running_job_waits_for_the_next_start_and_loses_no_try),
		CASE(crash__runs_again_while_there_are_tries),
		CASE(crash__the_last_try_is_the_last),
		CASE(bug_crash__a_job_that_kept_its_result_is_done),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
