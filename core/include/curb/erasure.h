/* Service erasure.v1: what is kept by person, when she is erased and when two records turn out to be one person's.
 * Erasing: until the retention of her records has run, her account is closed and nothing else is changed; then whatever is kept
 * about her is destroyed, in all parts at once. Merging: each part hands what it keeps of the one over to the other, in the same
 * write.
 * The rule: whoever keeps anything by person offers a part. The core asks all of them and knows none; a part that was offered
 * once and is not there now keeps everybody from being erased or merged, for what it keeps would stay.
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

/* Two records of one person become one: what `from` has becomes that of `into`. Two people agreed to it. */
struct curb_merging {
	struct curb_id from, into;
	struct curb_id by; /* who agreed to it last, and as what */
	const char *role;
	struct curb_id key; /* of the decision */
	int64_t entry;      /* of the decision, in the ledger */
	int64_t at_ms;      /* when it was made; wall clock */
};

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
	/* 0 when what both have can become one; CURB_EUNFIT, with what to do first. NULL: it always can. In any transaction, when it is
	 * asked for and again in front of `merge`. */
	int (*may_merge)(void *self, struct curb_tx *tx, const struct curb_merging *merging);
	/* In a write function: hands over what the part keeps of `from`; both are still as they were in the parts that were offered
	 * before. Rows that rest on entries of the ledger stay as the entries say, and have another entry each of whose they are now.
	 * NULL: nothing is handed over. */
	int (*merge)(void *self, struct curb_tx *tx, const struct curb_merging *merging);
};

struct curb_erasure_api {
	struct curb_service_head head;
	/* CURB_EABI when there is a part of that name or no room. */
	int (*offer)(const struct curb_erasure_api *self, const struct curb_erasure_part *part);
	void (*withdraw)(const struct curb_erasure_api *self, const char *name);
	/* The latest moment that parts name for her; CURB_ERASURE_NEVER when one says so, or none has a say. In any transaction. */
	int (*until)(const struct curb_erasure_api *self, struct curb_tx *tx, const struct curb_id *person,
	             int64_t closed_ms, int64_t *ret_until_ms);
	/* 0 when no part is missing and each may; else CURB_EUNFIT, with what to do first. In any transaction; `merging` needs no entry. */
	int (*may_merge)(const struct curb_erasure_api *self, struct curb_tx *tx,
	                 const struct curb_merging *merging);
	/* In a write function, in front of curb_person_merge: every part hands over, the last that was offered first, for it may rest on
	 * those before. Errors of may_merge. */
	int (*merge)(const struct curb_erasure_api *self, struct curb_tx *tx,
	             const struct curb_merging *merging);
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
