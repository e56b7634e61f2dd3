/* The proof that a form asks for when it gives lasting access: she signed in within the last ten minutes, or types her
 * password or PIN, or the number of her second step where she has one.
 * The rule: ask proof_check before anything of such a form is looked at, and put the fields with proof_put.
 */
#ifndef CURB_SIGNIN_PROOF_H
#define CURB_SIGNIN_PROOF_H

#include "curb/request.h"

/* What the template's part "proof" needs; nothing when nothing is asked. `error` may be NULL; with it the notice at the top
 * says that a password has to be typed again, and, where `more` was written, that this is still there. */
int proof_put(struct curb_req *req, struct curb_value *model, const char *error, bool more);
/* True when the form must ask. */
bool proof_asked(struct curb_req *req);
/* 0 when none is asked or the field "proof" is right, for ten minutes then. What is told at the field: CURB_EAUTH it is
 * wrong, CURB_EINVAL it is empty, CURB_ESLOW. */
int proof_check(struct curb_req *req);
/* Those three. */
bool proof_refused(int err);

#endif
