/* The rows of jobs: SQL and only SQL.
 * The rule: everything here runs in a write function, but what says otherwise.
 */
#ifndef CURB_WORK_QUEUE_H
#define CURB_WORK_QUEUE_H

#include "work.h"

struct queue_row {
	struct curb_id id, person;
	struct curb_str owner, kind, event_id, payload; /* event_id absent: a job, else an event */
	int tries, tries_max;
};

int queue_add(struct curb_tx *tx, const struct queue_row *row, int64_t now_ms);

enum { QUEUE_NOT = 1 + WORK_SPARE };
/* The first due job of `owner` that is of no kind of `not` (each may be NULL), its try counted; CURB_ENOTFOUND when none is due:
 * then *ret_next_ms is when the next one will be, or INT64_MAX. Strings are copied into `arena`. */
int queue_claim(struct curb_tx *tx, struct curb_arena *arena, const char *owner,
                const char *const not [QUEUE_NOT], int64_t now_ms, struct queue_row *ret_row,
                int64_t *ret_next_ms);

/* How many of a kind of the core's run. */
int queue_running(struct curb_tx *tx, const char *kind, int64_t *ret_n);

enum queue_end { QUEUE_DONE, QUEUE_FAILED, QUEUE_CANCELLED, QUEUE_AGAIN, QUEUE_UNCOUNTED };

/* How a try ended. AGAIN waits for the backoff, UNCOUNTED takes the try back and waits for nothing. */
struct queue_result {
	struct curb_id id;
	enum queue_end end;
	bool forget; /* DONE leaves no row */
	int tries;
	struct curb_str result, error, reason; /* reason: the source text of error */
};
int queue_finish(struct curb_tx *tx, const struct queue_result *result, int64_t now_ms);

/* Reading or writing transaction: the row as work.h tells it. CURB_ENOTFOUND. */
int queue_look(struct curb_tx *tx, struct curb_str id, struct work_job *ret_job);

/* CURB_ENOTFOUND, CURB_ECONFLICT when it has ended. */
int queue_cancel(struct curb_tx *tx, struct curb_str id, int64_t now_ms);

/* The result of a job that runs, before its end is written: see work_keep. */
int queue_keep(struct curb_tx *tx, const struct curb_id *id, struct curb_str result);

int queue_progress(struct curb_tx *tx, const struct curb_id *id, int permille, const char *text);

/* What the last process left running: done when it has kept its result, else it waits again, or failed when its tries are used up, or cancelled when asked to.
 * Rows that ended 30 days ago go. */
int queue_recover(struct curb_tx *tx, int64_t now_ms);

/* Milliseconds to wait behind try number `tries`: 1 s, doubled each time, an hour at most. */
int64_t queue_backoff(int tries);

/* Subscriptions of `plugin`: exactly its hooks. */
int queue_subscribe(struct curb_tx *tx, const char *plugin, const struct curb_hook *hooks);
/* Reading or writing transaction: is there a row? */
bool queue_subscribed(struct curb_tx *tx, const char *plugin, const char *event);

#endif
