/* Help with consent: a helper (family, a guardian, an assistant) signs in as herself and then works in a session of the person
 * she helps. What is learned there is the person's, so being helped with pressing costs no hours.
 * The rule: the person allows it, sees it and ends it at any time; it ends with the helper's role or account too; the account
 * itself (passwords, devices, consent) stays out of a helper's reach (core/http/session.c), and of the person's roles only the
 * learner's counts.
 */
#ifndef CURB_PEOPLE_HELPERS_H
#define CURB_PEOPLE_HELPERS_H

#include "people.h"

enum { PEOPLE_HELPS_MOST = 50 };

struct people_help {
	struct curb_id id, person, helper;
	struct curb_str name; /* of the other one, as pages call her */
	int64_t from_ms;
};
/* Those in force: who helps the person, or whom the helper helps. At most 50, by name. Arena. */
int people_helpers_of(struct curb_tx *tx, const struct curb_id *person, struct people_help **ret_helps,
                      size_t *ret_n);
int people_helped_by(struct curb_tx *tx, const struct curb_id *helper, struct people_help **ret_helps,
                     size_t *ret_n);

/* In a write function: the person allows it to who signs in as `name`. CURB_ENOTFOUND: there is no such helper;
 * CURB_ECONFLICT: it is the person herself, or 50 may help already. To allow it twice is to allow it once. */
int people_help_allow(struct curb_tx *tx, const struct curb_id *person, struct curb_str name, int64_t now_ms);
/* In a write function: ended by one of the two; the sessions in which it was done end with it. CURB_ENOTFOUND. */
int people_help_end(struct curb_tx *tx, struct curb_str help, const struct curb_id *one_of_them,
                    int64_t now_ms);
/* In a write function: a session of the person for the helper, 12 hours long. CURB_ENOTFOUND when it is not allowed now. */
int people_help_begin(struct curb_tx *tx, struct curb_str help, const struct curb_id *helper, int64_t now_ms,
                      char *ret_token);

#endif
