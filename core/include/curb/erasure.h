/* Service erasure.v1: erasing a person. Until the retention of her records has run, her account is closed and nothing else is changed;
 * then whatever is kept about her is destroyed, in all parts at once.
 * The rule: whoever keeps anything by person offers a part. The core asks all of them and knows none; a part that was offered
 * once and is not there now keeps everybody from being erased, for what it keeps would stay.
 *
 * A part is offered in start and withdrawn in stop.
 */
#ifndef CURB_ERASURE_H
#define CURB_ERASURE_H

#include <stdint.h>

#include "curb/db.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CURB_ERASURE_SERVICE "erasure.v1"

/* No moment: nothing was entered by which it could be told, and until then nothing is erased. */
#define CURB_ERASURE_NEVER INT64_MAX

struct curb_erasure_part {
	void *self;
	const char
		*name; /* static; the plugin's own: it is withdrawn by it, and remembered in the database */
	/* In a write function: destroys all that the part keeps about the person. What others' totals and what was paid rest on stays as
	 * sums that are nobody's. Those who were merged into her are asked for one by one, before her. Runs once a person, and again
	 * behind a restore of an older backup. */
	int (*erase)(void *self, struct curb_tx *tx, const struct curb_id *person);
	/* Until when the part's records about her are to be kept, when her account was closed at that moment; 0: it keeps none,
	 * CURB_ERASURE_NEVER. NULL: the part has no say in it. In any transaction. */
	int (*until)(void *self, struct curb_tx *tx, const struct curb_id *person, int64_t closed_ms,
	             int64_t *ret_until_ms);
};

struct curb_erasure_api {
	struct curb_service_head head;
	/* CURB_EABI when there is a part of that name or no room. */
	int (*offer)(const struct curb_erasure_api *self, const struct curb_erasure_part *part);
	void (*withdraw)(const struct curb_erasure_api *self, const char *name);
	/* The latest moment that parts name for her; CURB_ERASURE_NEVER when one says so, or none has a say. In any transaction. */
	int (*until)(const struct curb_erasure_api *self, struct curb_tx *tx, const struct curb_id *person,
	             int64_t closed_ms, int64_t *ret_until_ms);
};

/* 0 when a person can be erased: she is a learner and nothing else. CURB_EUNFIT, with what to do; CURB_ENOTFOUND. */
int curb_person_may_leave(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms);
/* Closes her account, in a write function: she and whoever helps her sign in no more, and no list of people has her. Once retention
 * has run, she is erased. That two people agreed to it is the caller's to see to. Errors of curb_person_may_leave. */
int curb_person_leave(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms);
/* When that was; 0: it was not. In any transaction. */
int curb_person_left(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_closed_ms);
/* The opposite, in a write function: she signs in as before. CURB_EUNFIT: she has not left, or is being erased. */
int curb_person_stay(struct curb_tx *tx, const struct curb_id *person);

#ifdef __cplusplus
}
#endif
#endif
