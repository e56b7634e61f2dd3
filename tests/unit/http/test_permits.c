/* Who gets a permit that is given back: whoever comes first, but for who has waited for long. */
#include <sched.h>
#include <stdatomic.h>

#include "cm.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

/* The clock that the rule looks at, and connections that are none. */
static _Atomic int64_t now_ms;

static int64_t clock_of_test(void)
{
	return now_ms;
}

static int open_nothing(struct curb_store *store, struct store_reader **ret_reader)
{
	(void)store;
	*ret_reader = NULL;
	return 0;
}

static void close_nothing(struct store_reader *reader)
{
	(void)reader;
}

#define curb_tick_ms clock_of_test
#define store_reader_open open_nothing
#define store_reader_close close_nothing
#include "permits.c"

enum { SHORT_WAIT_MS = 1, NO_END_MS = 60000 };

static struct permits *permits_of(int count, int for_hours, int wait_ms)
{
	struct permits *permits = NULL;
	now_ms = 1000;
	assert_int_equal(permits_new(NULL, count, for_hours, wait_ms, &permits), 0);
	return permits;
}

static struct curb_worker *taken(struct permits *permits, enum curb_lane lane)
{
	struct curb_worker *worker = NULL;
	assert_int_equal(permits_take(permits, lane, &worker), 0);
	return worker;
}

/* Stands in the row as a thread does that waits. */
static void stand(struct permits *permits, enum curb_lane lane, struct waiter *waiter)
{
	*waiter = (struct waiter){ .since_ms = now_ms };
	(void)pthread_cond_init(&waiter->handed, NULL);
	*permits->rows[lane].end = waiter;
	permits->rows[lane].end = &waiter->next;
}

static void permits__one_given_back_lies_free_and_calls_who_waits(void **unused)
{
	(void)unused;
	struct permits *permits = permits_of(1, 0, SHORT_WAIT_MS);
	struct curb_worker *worker = taken(permits, CURB_LANE_ANY);
	struct waiter waiter;
	stand(permits, CURB_LANE_ANY, &waiter);
	now_ms += LONG_MS;
	permits_give(permits, CURB_LANE_ANY, worker);
	assert_true(waiter.called);
	assert_null(waiter.worker);
	assert_ptr_equal(taken(permits, CURB_LANE_ANY), worker); /* by who came just then */
	assert_ptr_equal(permits->rows[CURB_LANE_ANY].first, &waiter);
	leave(&permits->rows[CURB_LANE_ANY], &waiter);
	permits_free(permits);
}

static void permits__one_is_handed_over_to_who_has_waited_for_long(void **unused)
{
	(void)unused;
	struct permits *permits = permits_of(1, 0, SHORT_WAIT_MS);
	struct curb_worker *worker = taken(permits, CURB_LANE_ANY), *none = NULL;
	struct waiter long_ago, later;
	stand(permits, CURB_LANE_ANY, &long_ago);
	now_ms += LONG_MS + 1;
	stand(permits, CURB_LANE_ANY, &later);
	permits_give(permits, CURB_LANE_ANY, worker);
	assert_ptr_equal(long_ago.worker, worker);
	assert_int_equal(permits->free_count, 0);
	assert_ptr_equal(permits->rows[CURB_LANE_ANY].first, &later);
	assert_false(later.called);
	assert_int_equal(permits_take(permits, CURB_LANE_ANY, &none),
	                 CURB_EBUSY); /* nobody may take it before her */
	permits_give(permits, CURB_LANE_ANY, long_ago.worker);
	assert_true(later.called);
	leave(&permits->rows[CURB_LANE_ANY], &later);
	assert_ptr_equal(permits->rows[CURB_LANE_ANY].end, &permits->rows[CURB_LANE_ANY].first);
	permits_free(permits);
}

static void permits__who_was_called_is_not_called_again_before_she_looked(void **unused)
{
	(void)unused;
	struct permits *permits = permits_of(2, 0, SHORT_WAIT_MS);
	struct curb_worker *one = taken(permits, CURB_LANE_ANY), *two = taken(permits, CURB_LANE_ANY);
	struct waiter first, second;
	stand(permits, CURB_LANE_ANY, &first);
	stand(permits, CURB_LANE_ANY, &second);
	permits_give(permits, CURB_LANE_ANY, one);
	assert_true(first.called);
	assert_false(second.called);
	permits_give(permits, CURB_LANE_ANY, two);
	assert_true(second.called);
	permits_free(permits);
}

static void permits__hours_come_first_and_keep_theirs_and_heavy_ones_are_few(void **unused)
{
	(void)unused;
	struct permits *permits = permits_of(4, 1, SHORT_WAIT_MS);
	struct curb_worker *none = NULL, *heavy = taken(permits, CURB_LANE_HEAVY);
	assert_int_equal(permits_take(permits, CURB_LANE_HEAVY, &none), CURB_EBUSY); /* a quarter of four */
	(void)taken(permits, CURB_LANE_ANY);
	struct curb_worker *any = taken(permits, CURB_LANE_ANY);
	assert_int_equal(permits_take(permits, CURB_LANE_ANY, &none), CURB_EBUSY); /* the last is for hours */
	struct curb_worker *hours = taken(permits, CURB_LANE_HOURS);
	struct waiter of_any, of_heavy, of_hours;
	stand(permits, CURB_LANE_ANY, &of_any);
	stand(permits, CURB_LANE_HEAVY, &of_heavy);
	stand(permits, CURB_LANE_HOURS, &of_hours);
	permits_give(permits, CURB_LANE_HOURS, hours);
	assert_true(of_hours.called && !of_any.called && !of_heavy.called);
	permits_give(permits, CURB_LANE_ANY, any);
	assert_true(of_any.called && !of_heavy.called);
	permits_give(permits, CURB_LANE_HEAVY, heavy);
	assert_true(of_heavy.called);
	permits_free(permits);
}

struct asking {
	struct permits *permits;
	struct curb_worker *worker;
	int err;
};

static void *ask(void *arg)
{
	struct asking *asking = arg;
	asking->err = permits_take(asking->permits, CURB_LANE_ANY, &asking->worker);
	return NULL;
}

static bool somebody_stands(struct permits *permits)
{
	CURB_LOCKED(lock, &permits->mutex);
	return permits->rows[CURB_LANE_ANY].first != NULL;
}

static void permits__a_thread_that_waits_gets_the_one_that_is_given_back(void **unused)
{
	(void)unused;
	for (int waited_ms = 0; waited_ms <= 2 * LONG_MS; waited_ms += 2 * LONG_MS) {
		struct asking asking = { .permits = permits_of(1, 0, NO_END_MS) };
		struct curb_worker *worker = taken(asking.permits, CURB_LANE_ANY);
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, ask, &asking), 0);
		while (!somebody_stands(asking.permits))
			(void)sched_yield();
		now_ms += waited_ms;
		permits_give(asking.permits, CURB_LANE_ANY, worker);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_int_equal(asking.err, 0);
		assert_ptr_equal(asking.worker, worker);
		assert_int_equal(asking.permits->free_count, 0);
		permits_give(asking.permits, CURB_LANE_ANY, worker);
		assert_int_equal(asking.permits->free_count, 1);
		permits_free(asking.permits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permits__one_given_back_lies_free_and_calls_who_waits),
		cmocka_unit_test(permits__one_is_handed_over_to_who_has_waited_for_long),
		cmocka_unit_test(permits__who_was_called_is_not_called_again_before_she_looked),
		cmocka_unit_test(permits__hours_come_first_and_keep_theirs_and_heavy_ones_are_few),
		cmocka_unit_test(permits__a_thread_that_waits_gets_the_one_that_is_given_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
