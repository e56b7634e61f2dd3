/* Jobs and events: one table, a few threads.
 * The rule: a job counts its try before it runs, so a crash in it is seen by the next start.
 */
#ifndef CURB_WORK_H
#define CURB_WORK_H

#include "curb/job.h"
#include "loader.h"
#include "store.h"

struct work; /* the job threads; state of the process */

struct work_options {
	struct curb_store *store;
	struct plugins *plugins;
	int threads; /* 2 */
	/* kinds of the core itself (import), ended by an all-zero row; `core_state` is their state */
	const struct curb_job_kind *core_kinds;
	void *core_state;
};

int work_start(const struct work_options *options, struct work **ret_work);
/* Asks running jobs to stop, waits, ends the threads; what is not done runs at the next start. */
void work_stop(struct work *work);
void work_free(struct work *work);

/* Wakes the threads after a commit that queued something. Thread-safe, cheap. */
void work_poke(void);

/* Jobs, for GET /api/v1/jobs/{id} and the admin page. Results are arena of tx. */
struct work_job {
	struct curb_id id, person;
	struct curb_str kind, state; /* waiting running done failed cancelled */
	int tries, permille;
	struct curb_str text, result, error;
	int64_t made_ms, ended_ms;
};
int work_job(struct curb_tx *tx, struct curb_str id, struct work_job *ret_job);
int work_cancel(struct work *work, struct curb_tx *tx, struct curb_str id);

#endif
