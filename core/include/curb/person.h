/* Persons, as plugins may know them: an id and the name that pages show.
 * The rule: a plugin keeps ids; who may see whom is the route's and curb_may's business.
 */
#ifndef CURB_PERSON_H
#define CURB_PERSON_H

#include "curb/db.h"
#include "curb/request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The person of an id or a sign-in name (learner number, phone). Arena of `tx`; roles are those in force at
 * `now_ms`. CURB_ENOTFOUND when there is none or the account is closed. */
int curb_person_find(struct curb_tx *tx, struct curb_str id_or_name, int64_t now_ms,
                     struct curb_user *ret_user);

/* The name of an institution. Arena of `tx`. CURB_ENOTFOUND. */
int curb_institution_name(struct curb_tx *tx, const struct curb_id *institution, struct curb_str *ret_name);

#ifdef __cplusplus
}
#endif
#endif
