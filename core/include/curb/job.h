/* Jobs and events: work off the request path, kept in the database until it is done.
 * The rule: a job may run again after a crash, so each step is idempotent.
 */
#ifndef CURB_JOB_H
#define CURB_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/id.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_host;
struct curb_job;
struct curb_tx;

/* Queues a job of the plugin's kind `kind` with a JSON payload, in the caller's transaction: it runs only if
 * that commits. `person` (may be "") may look at it under /api/v1/jobs/{id}. */
int curb_job_enqueue(struct curb_host *host, struct curb_tx *tx, const char *kind,
                     const struct curb_id *person, struct curb_str payload, struct curb_id *ret_id);

/* Tells every plugin that hooks `name` ("course.published.v1": thing.past-participle.vN), one job each, in the
 * caller's transaction. `payload` is small JSON, described beside the name in the emitter's api header. */
int curb_emit(struct curb_host *host, struct curb_tx *tx, const char *name, struct curb_str payload);

struct curb_id curb_job_id(const struct curb_job *job);
struct curb_str curb_job_payload(const struct curb_job *job);
struct curb_arena *curb_job_arena(struct curb_job *job);
int curb_job_try(const struct curb_job *job); /* 1 the first time */

/* Shown to whoever waits: 0…1000 and a word of English source text (static). Cheap; at most ten a second. */
void curb_job_progress(struct curb_job *job, int permille, const char *text);

/* True when it was cancelled, ran out of time, or the server stops: return CURB_EBUSY soon. */
bool curb_job_cancelled(const struct curb_job *job);

/* What the person who asked gets to see at the end: JSON; copied. */
void curb_job_result(struct curb_job *job, struct curb_str json);

#ifdef __cplusplus
}
#endif
#endif
