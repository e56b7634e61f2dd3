/* The writer: one thread that owns the one writing connection.
 *
 * A caller puts a ticket on its own stack into the queue and sleeps. The writer takes all that wait, runs them as one
 * group (group.c) and wakes the callers with one call: those that were queued together sleep on the same word. Who comes
 * while a group is written sleeps on the next word, so nobody is woken in vain. Callers that wake each other (as a tree,
 * in chains) and a thread of its own for the waking were measured as well, and gave no more.
 *
 * A ticket is gone as soon as it is done, so nobody looks at it afterwards; the words stay.
 */
#include "inside.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void sleep_on(struct ticket *ticket)
{
	for (;;) {
		unsigned seen = atomic_load(ticket->round);
		if (atomic_load(&ticket->is_done))
			return;
		(void)syscall(SYS_futex, ticket->round, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
	}
}

static void wake(atomic_uint *round)
{
	atomic_fetch_add(round, 1);
	(void)syscall(SYS_futex, round, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

/* All callers of a group sleep on one word. */
static void finish_all(struct ticket *first)
{
	atomic_uint *round = NULL;
	struct ticket *next;
	for (struct ticket *t = first; t; t = next) {
		next = t->next;
		if (t->done) {
			t->done(t->write.arg);
			free(t);
		} else {
			round = t->round;
			atomic_store(&t->is_done, true);
		}
	}
	if (round)
		wake(round);
}

/* ---- the queue ---- */

static void append(struct curb_store *store, struct ticket *ticket)
{
	ticket->next = NULL;
	ticket->round = &store->rounds[store->round % WAKE_WORDS];
	*store->last = ticket;
	store->last = &ticket->next;
	(void)pthread_cond_signal(&store->wake);
}

/* Waits for work and takes it: one task, or all the writes before the next task. NULL: stopped and done. */
static struct ticket *take_group(struct curb_store *store)
{
	CURB_LOCKED(lock, &store->mutex);
	while (!store->first && !store->stop)
		(void)pthread_cond_wait(&store->wake, &store->mutex);
	struct ticket *first = store->first, *end = first;
	if (!first)
		return NULL;
	while (!end->task && end->next && !end->next->task)
		end = end->next;
	store->first = end->next;
	if (!store->first) {
		store->last = &store->first;
		store->round++;
	}
	end->next = NULL;
	for (struct ticket *t = first; t; t = t->next)
		store->later -= t->done != NULL;
	return first;
}

static bool is_quiet(struct curb_store *store)
{
	CURB_LOCKED(lock, &store->mutex);
	return !store->first;
}

static void run_task(struct curb_store *store, struct ticket *ticket)
{
	curb_error_set("", "");
	ticket->err = store_writable(store) ? ticket->task(store, ticket->write.arg) : store_broken_fail();
	if (store->writer->broken)
		store_break(store);
	if (ticket->err)
		memcpy(ticket->text, curb_error_text(), strlen(curb_error_text()) + 1);
}

static void *write_until_stopped(void *arg)
{
	struct curb_store *store = arg;
	struct ticket *first;
	while ((first = take_group(store)) != NULL) {
		if (first->task)
			run_task(store, first);
		else
			group_run(store, first);
		finish_all(first);
		wal_checkpoint(store, is_quiet(store));
	}
	return NULL;
}

int writer_start(struct curb_store *store)
{
	store->last = &store->first;
	if (pthread_create(&store->thread, NULL, write_until_stopped, store) != 0)
		return curb_fail(CURB_EINTERNAL, "the writer's thread cannot be started");
	store->started = true;
	return 0;
}

void writer_stop(struct curb_store *store)
{
	if (!store->started)
		return;
	{
		CURB_LOCKED(lock, &store->mutex);
		store->stop = true;
		(void)pthread_cond_signal(&store->wake);
	}
	(void)pthread_join(store->thread, NULL);
	store->started = false;
}

/* ---- callers ---- */

static int wait_for(struct curb_store *store, struct ticket *ticket)
{
	CURB_ASSERT(!pthread_equal(pthread_self(), store->thread)); /* it would wait for itself */
	{
		CURB_LOCKED(lock, &store->mutex);
		append(store, ticket);
	}
	sleep_on(ticket);
	if (ticket->err < 0)
		curb_error_set(ticket->text, ticket->local[0] ? ticket->local : ticket->text);
	return ticket->err;
}

int writer_task(struct curb_store *store, int (*task)(struct curb_store *store, void *arg), void *arg)
{
	struct ticket ticket = { .task = task, .write = { .arg = arg } };
	return wait_for(store, &ticket);
}

int store_write(struct curb_store *store, const struct store_write *write)
{
	if (!store_writable(store))
		return store_broken_fail();
	struct ticket ticket;
	ticket.write = *write;
	ticket.task = NULL;
	ticket.done = NULL;
	ticket.local[0] = '\0';
	atomic_init(&ticket.is_done, false);
	curb_error_translator_now(&ticket.translate, &ticket.translate_arg);
	return wait_for(store, &ticket);
}

int store_write_later(struct curb_store *store, curb_write_fn fn, void *arg, void (*done)(void *arg))
{
	bool full;
	{
		CURB_LOCKED(lock, &store->mutex);
		full = store->later >= LATER_MAX;
		if (!full && store_writable(store)) {
			struct ticket *ticket = curb_xcalloc(1, sizeof *ticket);
			ticket->write = (struct store_write){ .fn = fn, .arg = arg };
			ticket->done = done;
			store->later++;
			append(store, ticket);
			return 0;
		}
	}
	done(arg);
	return full ? curb_fail(CURB_EBUSY, "too many changes wait to be written; try again") :
	              store_broken_fail();
}
