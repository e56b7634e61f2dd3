/* Permits: the right to run a handler, each with a reading connection.
 * Taken last-in first-out, so that a quiet server works with few connections whose caches are warm. Waiters of each
 * lane have a condition of their own: one permit wakes one thread that may use it.
 */
#include <errno.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { LANES = 3, WAIT_S = 10 };

struct permits {
	pthread_mutex_t mutex; /* guards all below */
	pthread_cond_t ready[LANES];
	int waiting[LANES];
	struct curb_worker *all, *free;
	int count, free_count, for_hours, heavy, heavy_max;
};

int permits_new(struct curb_store *store, int count, int for_hours, struct permits **ret_permits)
{
	struct permits *permits = curb_xcalloc(1, sizeof *permits);
	(void)pthread_mutex_init(&permits->mutex, NULL);
	pthread_condattr_t attr;
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	for (int i = 0; i < LANES; i++)
		(void)pthread_cond_init(&permits->ready[i], &attr);
	(void)pthread_condattr_destroy(&attr);
	permits->all = curb_xcalloc((size_t)count, sizeof *permits->all);
	permits->for_hours = for_hours;
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
	for (int i = 0; i < LANES; i++)
		(void)pthread_cond_destroy(&permits->ready[i]);
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

int permits_take(struct permits *permits, enum curb_lane lane, struct curb_worker **ret_worker)
{
	CURB_LOCKED(lock, &permits->mutex);
	if (!may_take(permits, lane)) {
		struct timespec until;
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += WAIT_S;
		permits->waiting[lane]++;
		int late = 0;
		while (!may_take(permits, lane) && late != ETIMEDOUT)
			late = pthread_cond_timedwait(&permits->ready[lane], &permits->mutex, &until);
		permits->waiting[lane]--;
		if (!may_take(permits, lane))
			return curb_fail(CURB_EBUSY,
			                 "The server has too much to do now; try again in a moment");
	}
	struct curb_worker *worker = permits->free;
	permits->free = worker->next;
	permits->free_count--;
	permits->heavy += lane == CURB_LANE_HEAVY;
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
	for (int i = 0; i < LANES; i++)
		if (permits->waiting[order[i]] > 0 && may_take(permits, order[i])) {
			(void)pthread_cond_signal(&permits->ready[order[i]]);
			return;
		}
}
