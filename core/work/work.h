/* Jobs and events: one table, a few threads.
 * The rule: a job counts its try before it runs, so a crash in it is seen by the next start.
 */
#ifndef CURB_WORK_H
#define CURB_WORK_H

#include "curb/err.h"
#include "curb/job.h"
#include "loader.h"
#include "store.h"

struct work; /* the job threads; state of the process, of which there is one at a time */

extern const struct curb_migration work_migrations[]; /* of the core's host */

enum { WORK_PARTS = 3, WORK_SPARE = 2 };
struct work_options {
	struct curb_store *store;
	struct plugins *plugins;
	int threads; /* 3 */
	/* a kind of the core's that takes long, and how many of it run at a time: the other threads stay for the rest */
	const char *long_kind; /* NULL: none */
	int long_most;
	/* others that take long: together only where those leave room, and the last, which takes hours, leaves one place of
	 * several to the rest; NULL: none */
	const char *spare_kinds[WORK_SPARE];
	/* kinds of the core itself (import, backup, erase): each part's table, ended by an all-zero row, with its state */
	struct work_kinds {
		const struct curb_job_kind *kinds; /* NULL: none */
		void *state;
	} core[WORK_PARTS];
	curb_at_work_fn at_work; /* may be NULL */
	void *at_work_arg;
};

/* Puts back what the last process left running (or fails it, when its tries are used up), and starts the threads. */
int work_start(const struct work_options *options, struct work **ret_work);
/* Asks running jobs to stop, waits, ends the threads; what is not done runs at the next start and loses no try. */
void work_stop(struct work *work);
void work_free(struct work *work); /* NULL is fine */

/* The work of this process, or NULL. */
struct work *work_current(void);

/* Wakes a thread to look for jobs. Enqueueing does it by itself. Thread-safe, cheap. */
void work_poke(void);

/* Jobs, for GET /api/v1/jobs/{id} and the admin page. Results are arena of tx. */
struct work_job {
	struct curb_id id, person;
	struct curb_str kind, state; /* waiting running done failed cancelled */
	int tries, permille;
	struct curb_str text, result, error;
	struct curb_str reason;    /* the source text that `error` was filled from: see work_reason */
	int64_t made_ms, ended_ms; /* ended 0: not yet */
	int64_t left_ms;           /* of one that runs, by its progress so far; 0: not known */
};
/* CURB_ENOTFOUND when there is no such job. What a running one told since its row was written is in it. */
int work_job(struct curb_tx *tx, struct curb_str id, struct work_job *ret_job);
/* In a write function. CURB_ENOTFOUND: no such job; CURB_ECONFLICT: it has ended. A running one ends when it looks. */
int work_cancel(struct work *work, struct curb_tx *tx, struct curb_str id);
/* In a write function of the running job itself: what it did and the result that it tells are one commit. From then on it
 * is done: should the process die before it says so, the next start ends it and does not run it again. */
int work_keep(struct curb_tx *tx, const struct curb_id *id, struct curb_str result);

/* In a write function: a job that waits is due at `at_ms`; among those that are due the earliest comes first, so what is before
 * all times is next. Of any other nothing changes. */
int work_due(struct curb_tx *tx, const struct curb_id *id, int64_t at_ms);

/* `error` as `translate` says its source text, with the values that it has; in English when that cannot be. Arena. */
struct curb_str work_reason(const struct work_job *job, struct curb_arena *arena, curb_translate_fn translate,
                            void *arg);
/* The same in the language that errors of this thread are told in: in a request, hers. */
struct curb_str work_reason_now(const struct work_job *job, struct curb_arena *arena);

/* For those who run the machine: how many there are, a page of them (`state` "" for all, the newest first; arena of tx). */
enum { WORK_PAGE = 25 };
struct work_counts {
	int64_t waiting, running, failed, ended; /* ended: done or cancelled */
};
int work_counts(struct curb_tx *tx, struct work_counts *ret_counts);
int work_list(struct curb_tx *tx, struct curb_str state, int64_t page, struct work_job **ret_jobs,
              size_t *ret_n);
/* In a write function: from the first try on. CURB_ENOTFOUND; CURB_ECONFLICT: it has not failed. */
int work_retry(struct curb_tx *tx, struct curb_str id);

/* The newest job of a kind of the core's, whatever became of it. CURB_ENOTFOUND. */
int work_newest(struct curb_tx *tx, const char *kind, struct work_job *ret_job);
/* Whether one of a kind of the core's waits or runs, be it the newest or not. */
int work_under_way(struct curb_tx *tx, const char *kind, bool *ret_yes);
/* In a write function: the job of that kind of the core's, without a payload, runs from `at_ms` on: the one that waits already, when
 * it waits for later, else a new one. */
int work_at(struct curb_tx *tx, const char *kind, int64_t at_ms);
/* In a write function, of a database that was put back and that no server works in: jobs of the core that wait or run are
 * cancelled (done, when they have kept their result), for the files that they work on are not there. Those of plugins, and
 * events, stay: what they are to do is not in this database yet. */
int work_end_core(struct curb_tx *tx);

/* GET and DELETE /api/v1/jobs/:id, for the person who asked and for admins; their state is the struct work.
 * In the part core_work_routes. */
extern const struct curb_route work_routes[];

#endif
