/* Signing in and out, and the language: the core's routes for people.
 * The rule: a wrong password says the same whoever it was meant for, and slows only its own place (core/people/signing.h).
 */
#ifndef CURB_SIGNIN_H
#define CURB_SIGNIN_H

#include <stdbool.h>

#include "curb/plugin.h"

/* The state of the routes; lives as long as they are served. */
struct signin_options {
	bool lan_plain;     /* no TLS: pages say what is absent for it, and why */
	bool second_factor; /* asked of everybody who moves hours or runs the machine */
};

/* POST and DELETE /api/v1/session; /signin…; /signout; /lang. */
extern const struct curb_route signin_routes[];
/* Templates and assets of owner "core". */
extern const struct curb_embedded signin_templates[];
extern const struct curb_embedded signin_assets[];

#endif
