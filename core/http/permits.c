/* Permits: the right to run a handler, each with a reading connection.
 * Free ones are taken last-in first-out, so that a quiet server works with few connections whose caches are warm. Who waits
 * stands in the row of her lane. A permit given back lies free and calls the first in a row: who comes just then may take it
 * before she runs, which keeps the processors at work. It is handed over only to who has waited for long: otherwise some
 * requests would wait for ever longer.
 */
#include <errno.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { LANES = 3, LONG_MS = 5 };

struct waiter {
	pthread_cond_t handed;
	struct curb_worker *worker; /* what it was handed */
	int64_t since_ms;
	bool called; /* and has not looked yet */
	struct waiter *next;
};

struct row {
	struct waiter *first, **end;
};

struct permits {
	pthread_mutex_t mutex; /* guards all below, and the waiters */
	struct row rows[LANES];
	struct curb_worker *all, *free;
	int count, free_count, for_hours, heavy, heavy_max, wait_ms;
};

int permits_new(struct curb_store *store, int count, int for_hours, int wait_ms, struct permits **ret_permits)
{
	struct permits *permits = curb_xcalloc(1, sizeof *permits);
	(void)pthread_mutex_init(&permits->mutex, NULL);
	for (int i = 0; i < LANES; i++)
		permits->rows[i].end = &permits->rows[i].first;
	permits->all = curb_xcalloc((size_t)count, sizeof *permits->all);
	permits->for_hours = for_hours;
	permits->wait_ms = wait_ms;
	permits->heavy_max = count / 4 > 0 ? count / 4 : 1;
	for (; permits->count < count; permits->count++) {
		struct curb_worker *worker = &permits->all[permits->count];
		int err = store_reader_open(store, &worker->reader);
		if (err) {
			permits_free(permits);
			return err;
		}
		worker->next = permits->free;
		permits->free = worker;
		permits->free_count++;
	}
	*ret_permits = permits;
	return 0;
}

void permits_free(struct permits *permits)
{
	if (!permits)
		return;
	for (int i = 0; i < permits->count; i++)
		store_reader_close(permits->all[i].reader);
	(void)pthread_mutex_destroy(&permits->mutex);
	free(permits->all);
	free(permits);
}

static bool may_take(const struct permits *permits, enum curb_lane lane)
{
	if (lane == CURB_LANE_HOURS)
		return permits->free_count > 0;
	return permits->free_count > permits->for_hours &&
	       (lane != CURB_LANE_HEAVY || permits->heavy < permits->heavy_max);
}

static struct curb_worker *take(struct permits *permits, enum curb_lane lane)
{
	struct curb_worker *worker = permits->free;
	permits->free = worker->next;
	permits->free_count--;
	permits->heavy += lane == CURB_LANE_HEAVY;
	return worker;
}

static struct timespec moment_in(int ms)
{
	struct timespec moment;
	(void)clock_gettime(CLOCK_MONOTONIC, &moment);
	moment.tv_nsec += ms % 1000 * 1000000L;
	moment.tv_sec += ms / 1000 + moment.tv_nsec / 1000000000L;
	moment.tv_nsec %= 1000000000L;
	return moment;
}

static void leave(struct row *row, const struct waiter *waiter)
{
	struct waiter **at = &row->first;
	while (*at != waiter)
		at = &(*at)->next;
	*at = waiter->next;
	if (!*at)
		row->end = at;
}

static struct waiter *first_uncalled(const struct row *row)
{
	struct waiter *waiter = row->first;
	while (waiter && waiter->called)
		waiter = waiter->next;
	return waiter;
}

/* NULL when it took too long. */
static struct curb_worker *wait_for(struct permits *permits, enum curb_lane lane)
{
	struct row *row = &permits->rows[lane];
	struct waiter waiter = { .since_ms = curb_tick_ms() };
	const struct timespec until = moment_in(permits->wait_ms);
	pthread_condattr_t attr;
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&waiter.handed, &attr);
	(void)pthread_condattr_destroy(&attr);
	*row->end = &waiter;
	row->end = &waiter.next;
	int late = 0;
	while (!waiter.worker && !may_take(permits, lane) && late != ETIMEDOUT) {
		waiter.called = false;
		late = pthread_cond_timedwait(&waiter.handed, &permits->mutex, &until);
	}
	if (!waiter.worker) {
		leave(row, &waiter);
		waiter.worker = may_take(permits, lane) ? take(permits, lane) : NULL;
	}
	(void)pthread_cond_destroy(&waiter.handed);
	return waiter.worker;
}

int permits_take(struct permits *permits, enum curb_lane lane, struct curb_worker **ret_worker)
{
	CURB_LOCKED(lock, &permits->mutex);
	struct curb_worker *worker = may_take(permits, lane) ? take(permits, lane) : wait_for(permits, lane);
	if (!worker)
		return curb_fail(CURB_EBUSY, "The server has too much to do now; try again in a moment");
	*ret_worker = worker;
	return 0;
}

void permits_give(struct permits *permits, enum curb_lane lane, struct curb_worker *worker)
{
	static const enum curb_lane order[LANES] = { CURB_LANE_HOURS, CURB_LANE_ANY, CURB_LANE_HEAVY };
	CURB_LOCKED(lock, &permits->mutex);
	worker->next = permits->free;
	permits->free = worker;
	permits->free_count++;
	permits->heavy -= lane == CURB_LANE_HEAVY;
	for (int i = 0; i < LANES; i++) {
		struct waiter *first = first_uncalled(&permits->rows[order[i]]);
		if (!first || !may_take(permits, order[i]))
			continue;
		if (curb_tick_ms() - first->since_ms > LONG_MS) {
			leave(&permits->rows[order[i]], first);
			first->worker = take(permits, order[i]);
		}
		first->called = true;
		(void)pthread_cond_signal(&first->handed);
		return;
	}
}
