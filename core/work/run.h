/* A job at work, and the threads' state.
 * The rule: `running`, `pokes` and `stopping` belong to the lock; a job's atomics are read by others.
 */
#ifndef CURB_WORK_RUN_H
#define CURB_WORK_RUN_H

#include <pthread.h>
#include <stdatomic.h>

#include "curb/cleanup.h"
#include "queue.h"

enum { JOB_MAGIC = 0x4a6f6221, THREADS_MAX = 33, OWNERS_MAX = 64 };
enum { ARENA_MAX = 64 << 20, RESULT_MAX = 1 << 20, PAYLOAD_MAX = 1 << 20, EVENT_MAX = 64 << 10 };

struct curb_job {
	uint32_t magic;
	struct work *work;
	int index; /* of its thread */
	struct queue_row row;
	struct curb_arena *arena;
	struct store_reader *reader;
	struct curb_tx *tx;
	int64_t deadline_us;   /* curb_tick_us */
	int64_t told_us;       /* when progress was last written */
	atomic_bool cancelled; /* by a person */
	atomic_int permille;
	_Atomic int64_t begun_us; /* curb_tick_us */
	_Atomic(const char *) text;
	struct curb_buf result;
	const char *source; /* of the last error's text */
};

struct work {
	struct work_options options;
	pthread_t threads[THREADS_MAX];
	int thread_count;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	uint64_t pokes;
	atomic_bool stopping;
	struct curb_job *running[THREADS_MAX];
	const char *owners[OWNERS_MAX]; /* whose jobs may run: the core and the plugins that run */
	size_t owner_count;
};

/* run.c: runs one claimed job to its end and writes how it ended. */
void job_run(struct curb_job *job);
bool job_out_of_time(const struct curb_job *job);

#endif
