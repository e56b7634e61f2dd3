/* The watchdog: shuts the socket of a connection that is past its deadline. Its thread looks at each watch a few times
 * a second; the connection's own thread then fails in its read or write and goes on to the next connection.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { TICK_MS = 100 };

struct watchdog {
	pthread_t thread;
	pthread_mutex_t mutex; /* guards stop */
	pthread_cond_t wake;
	bool stop;
	struct watch *watches;
	size_t count;
};

void watch_set(struct watch *watch, const struct tuple *tuple, int64_t deadline_ms, int how)
{
	CURB_LOCKED(lock, &watch->mutex);
	if (deadline_ms)
		watch->tuple = *tuple;
	watch->how = how;
	atomic_store(&watch->deadline, deadline_ms);
}

static void cut(struct watch *watch, int64_t now_ms)
{
	/* While the mutex is held the connection's thread cannot leave our callback: the descriptor stays its own. */
	CURB_LOCKED(lock, &watch->mutex);
	int64_t deadline = atomic_load(&watch->deadline);
	if (deadline == 0 || deadline > now_ms)
		return;
	int fd = socket_find(&watch->tuple);
	if (fd >= 0)
		(void)shutdown(fd, watch->how);
	atomic_store(&watch->deadline, 0);
}

static void look_round(struct watchdog *dog)
{
	int64_t now_ms = curb_tick_ms();
	for (size_t i = 0; i < dog->count; i++) {
		int64_t deadline = atomic_load_explicit(&dog->watches[i].deadline, memory_order_relaxed);
		if (deadline != 0 && deadline <= now_ms)
			cut(&dog->watches[i], now_ms);
	}
}

static void *run(void *arg)
{
	struct watchdog *dog = arg;
	CURB_LOCKED(lock, &dog->mutex);
	while (!dog->stop) {
		look_round(dog);
		struct timespec until;
		(void)clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += TICK_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		(void)pthread_cond_timedwait(&dog->wake, &dog->mutex, &until);
	}
	return NULL;
}

int watchdog_start(struct watch *watches, size_t n, struct watchdog **ret_dog)
{
	struct watchdog *dog = curb_xcalloc(1, sizeof *dog);
	dog->watches = watches;
	dog->count = n;
	for (size_t i = 0; i < n; i++)
		(void)pthread_mutex_init(&watches[i].mutex, NULL);
	(void)pthread_mutex_init(&dog->mutex, NULL);
	pthread_condattr_t attr;
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&dog->wake, &attr);
	(void)pthread_condattr_destroy(&attr);
	if (pthread_create(&dog->thread, NULL, run, dog) != 0) {
		free(dog);
		return curb_fail(CURB_EINTERNAL, "cannot start the watchdog's thread");
	}
	*ret_dog = dog;
	return 0;
}

void watchdog_stop(struct watchdog *dog)
{
	if (!dog)
		return;
	(void)pthread_mutex_lock(&dog->mutex);
	dog->stop = true;
	(void)pthread_cond_signal(&dog->wake);
	(void)pthread_mutex_unlock(&dog->mutex);
	(void)pthread_join(dog->thread, NULL);
	for (size_t i = 0; i < dog->count; i++)
		(void)pthread_mutex_destroy(&dog->watches[i].mutex);
	(void)pthread_cond_destroy(&dog->wake);
	(void)pthread_mutex_destroy(&dog->mutex);
	free(dog);
}
