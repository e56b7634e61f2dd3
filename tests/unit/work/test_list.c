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

static const char *in_latin(void *arg, const char *source)
{
	const char *const *pair = arg;
	return strcmp(source, pair[0]) == 0 ? pair[1] : source;
}

static void assert_reason(struct fixture *f, const char *source, const char *error, const char *local,
                          const char *wanted)
{
	const struct work_job job = { .error = curb_str(error), .reason = curb_str(source) };
	const char *pair[] = { source ? source : error, local };
	struct curb_str told = work_reason(&job, f->arena, in_latin, pair);
	assert_string_equal(curb_cstr(f->arena, told), wanted);
}

static void reason__is_told_in_another_language_with_its_values(void **state)
{
	struct fixture *f = *state;
	assert_reason(f, "%s is not there", "/mnt is not there", "non est %s", "non est /mnt");
	assert_reason(f, "%s is no %s", "a is no b", "nullum %2$s est %1$s", "nullum b est a");
	assert_reason(f, "at %lld of %d s", "at 12 of 34 s", "%lld/%d", "12/34");
	assert_reason(f, "missing: %s", "missing: a: b", "deest: %s", "deest: a: b");
	assert_reason(f, "it failed", "it failed", "fefellit", "fefellit");
	assert_reason(f, NULL, "it failed", "fefellit", "fefellit"); /* of a row without its source */
	assert_reason(f, "%s is not there", "quite another text", "non est %s", "quite another text");
	assert_reason(f, "%s is not there", " is", "non est %s", " is");
	assert_reason(f, "%s%s", "ab", "%s-%s", "ab");
	assert_reason(f, "", "left", "", "left");
}

static void reason__is_kept_with_a_job_that_fails(void **state)
{
	struct fixture *f = *state;
	f->state.fails = 1;
	f->state.with = CURB_EUNFIT;
	fixture_start(f);
	struct curb_id id = fixture_enqueue(f, "fail");
	struct work_job job = fixture_wait(f, &id, "failed");
	assert_true(curb_str_eq(job.reason, curb_str("run %d fails")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(list__counts_and_lists_by_state, fixture_setup,
		                                fixture_teardown),
		cmocka_unit_test_setup_teardown(retry__begins_anew_and_only_behind_a_failure, fixture_setup,
		                                fixture_teardown),
		cmocka_unit_test_setup_teardown(reason__is_told_in_another_language_with_its_values,
		                                fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(reason__is_kept_with_a_job_that_fails, fixture_setup,
		                                fixture_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
