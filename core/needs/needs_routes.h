/* The pages where a person says what helps her, and the same for programs.
 * The rule: works signed out too, without scripts, and leads back to where one was.
 */
#ifndef CURB_NEEDS_ROUTES_H
#define CURB_NEEDS_ROUTES_H

#include "curb/plugin.h"

/* /needs and below, /api/v1/needs. No state. */
extern const struct curb_route needs_routes[];
/* Templates of owner "core". */
extern const struct curb_embedded needs_pages_templates[];

#endif
