/* Signing in and out, and the language: the core's routes for people.
 * The rule: a wrong password says the same whoever it was meant for, and slows only that name from that address.
 */
#ifndef CURB_SIGNIN_H
#define CURB_SIGNIN_H

#include "curb/plugin.h"

/* POST and DELETE /api/v1/session; GET and POST /signin; POST /signout; POST /lang. No state. */
extern const struct curb_route signin_routes[];
/* Templates of owner "core". */
extern const struct curb_embedded signin_templates[];

#endif
