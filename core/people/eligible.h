/* Why a person may be a trainee: the kind of eligibility, and the number of the certificate where there is one.
 * The rule: number, category, grade and whose relative she is are sealed; the first record holds at once, a change when another
 * person countersigned it; nothing that was recorded is lost.
 */
#ifndef CURB_PEOPLE_ELIGIBLE_H
#define CURB_PEOPLE_ELIGIBLE_H

#include "curb/db.h"

enum eligible_kind {
	ELIGIBLE_DISABILITY, /* a certificate of disability, with or without its number */
	ELIGIBLE_SOLDIER,    /* a certificate of a disabled soldier, grades 1 to 8 */
	ELIGIBLE_RELATIVE,   /* relative or guardian of a severely disabled person; `whose` */
	ELIGIBLE_EMPLOYEE,   /* of an employer of disabled people, or of a service for them */
	ELIGIBLE_KINDS
};
enum eligible_state { ELIGIBLE_WAITS, ELIGIBLE_HOLDS, ELIGIBLE_REPLACED, ELIGIBLE_REFUSED };
enum { ELIGIBLE_TEXT_LONGEST = 120 };

struct eligible {
	struct curb_id id; /* "": there is none */
	struct curb_id person;
	struct curb_str place; /* the institution it belongs to */
	enum eligible_kind kind;
	struct curb_str number; /* plain, ELIGIBLE_TEXT_LONGEST bytes at most; "" when it is not recorded */
	struct curb_str whose;  /* of a relative; as long at most */
	int category, grade;    /* 0: not recorded */
	enum eligible_state state;
	int64_t recorded_ms, decided_ms;
	struct curb_id recorded_by, decided_by;
};

/* Of its word, "disability"; false for none. */
bool eligible_kind_named(struct curb_str word, enum eligible_kind *ret_kind);
const char *eligible_kind_word(enum eligible_kind kind); /* static */

/* What holds for the person, and what waits to; of each the id is "" when there is none. Arena of tx. */
int people_eligible(struct curb_tx *tx, const struct curb_id *person, struct eligible *ret_holds,
                    struct eligible *ret_waits);
/* About whom a change waits, of those who learn at an institution now, for somebody else than `but`: the oldest first, at most
 * `most`. Arena of tx. */
int people_eligible_waiting(struct curb_tx *tx, const struct curb_id *place, const struct curb_id *but,
                            int64_t now_ms, size_t most, struct curb_id **ret_persons, size_t *ret_n);

/* In a write function; all of `record` but its state and who decided. CURB_EINVAL: a number or a text that is none, worded for the
 * field; CURB_EUNFIT: another person has the number; CURB_ECONFLICT: the same holds, or a change waits already; CURB_EDENIED: it is about whoever records it. Sets record->state, and the
 * number as it is kept. */
int people_eligible_record(struct curb_tx *tx, struct eligible *record);
/* In a write function: `by` agrees to the change that waits for the person, or refuses it. CURB_ENOTFOUND: none waits, or another
 * than `id`; CURB_EDENIED: she recorded it, or it is about her; CURB_EUNFIT: another person has the number by now. */
int people_eligible_decide(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *id,
                           const struct curb_id *by, bool agree, int64_t now_ms);

#endif
