/* Jobs as who runs the machine sees them: counts, a list by state, one more try. */
#include "cm.h"
#include "curb/err.h"
#include "helper.h"

static int retry(struct curb_tx *tx, void *arg)
{
	return work_retry(tx, curb_id_str(arg));
}

static void list__counts_and_lists_by_state(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 2;
	fixture_start(f);
	struct curb_id failed = fixture_enqueue(f, "fail");
	(void)fixture_wait(f, &failed, "failed");
	struct curb_id done = fixture_enqueue(f, "echo");
	(void)fixture_wait(f, &done, "done");
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	struct work_counts counts;
	struct work_job *jobs = NULL;
	size_t n = 0;
	assert_int_equal(work_counts(tx, &counts), 0);
	assert_int_equal(counts.failed, 1);
	assert_int_equal(counts.ended, 1);
	assert_int_equal(work_list(tx, curb_str(NULL), 1, &jobs, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(jobs[0].id.text, done.text); /* the newest first */
	assert_int_equal(work_list(tx, curb_str("failed"), 1, &jobs, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(jobs[0].id.text, failed.text);
	assert_int_equal(work_list(tx, curb_str(NULL), 2, &jobs, &n), 0);
	assert_int_equal(n, 0);
	store_end(f->reader);
}

static void retry__begins_anew_and_only_behind_a_failure(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 2;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "fail");
	(void)fixture_wait(f, &id, "failed");
	f->state.fails = 0;
	atomic_store(&f->state.runs, 0); /* do_fail holds that runs and tries agree: they begin anew */
	assert_int_equal(fixture_write(f, retry, &id), 0);
	struct work_job job = fixture_wait(f, &id, "done");
	assert_int_equal(job.tries, 1);
	assert_int_equal(job.error.len, 0);
	assert_int_equal(fixture_write(f, retry, &id), CURB_ECONFLICT);
	struct curb_id nobody = { "00000000-0000-7000-8000-000000000000" };
	assert_int_equal(fixture_write(f, retry, &nobody), CURB_ENOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(list__counts_and_lists_by_state, fixture_setup,
		                                fixture_teardown),
		cmocka_unit_test_setup_teardown(retry__begins_anew_and_only_behind_a_failure, fixture_setup,
		                                fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
