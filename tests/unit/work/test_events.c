#include "cm.h"
#include "curb/err.h"
#include "helper.h"

static int emit_fn(struct curb_tx *tx, void *arg)
{
	const int *err = arg;
	int emitted = curb_emit(&curb_core_host, tx, "thing.happened.v1", curb_str("{\"n\":1}"));
	return emitted ? emitted : *err;
}

static void event__reaches_each_subscriber_once(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	int err = 0;
	assert_int_equal(fixture_write(f, emit_fn, &err), 0);
	wait_told();
	wait_told();
	fixture_stop(f);
	assert_int_equal(atomic_load(&events), 2);
	assert_int_equal(fixture_count(f, "SELECT count(*) FROM core_job"), 0);
}

static void event__is_not_sent_when_the_emitter_rolls_back(void **state)
{
	struct fixture *f = *state;
	fixture_start(f);
	int err = CURB_EUNFIT;
	assert_int_equal(fixture_write(f, emit_fn, &err), CURB_EUNFIT);
	assert_int_equal(fixture_count(f, "SELECT count(*) FROM core_job"), 0);
}

static void event__waits_for_a_plugin_that_is_set_aside(void **state)
{
	struct fixture *f = *state;
	fixture_start(f); /* notes who hooks what */
	fixture_close(f);
	fixture_open(f, LIST("honest:it crashed", "friend:it crashed"));
	fixture_start(f);
	int err = 0;
	assert_int_equal(fixture_write(f, emit_fn, &err), 0);
	assert_int_equal(fixture_count(f, "SELECT count(*) FROM core_job"), 2);
	assert_int_equal(atomic_load(&events), 0);
	fixture_close(f);
	fixture_open(f, NULL);
	fixture_start(f);
	wait_told();
	wait_told();
	assert_int_equal(atomic_load(&events), 2);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(event__reaches_each_subscriber_once),
		CASE(event__is_not_sent_when_the_emitter_rolls_back),
		CASE(event__waits_for_a_plugin_that_is_set_aside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
