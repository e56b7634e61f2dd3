/* Home: the parts that plugins offer for a person's first page, and the pages of help made of them.
 * The rule: the core names no plugin; what is shown is what was offered.
 */
#ifndef CURB_CORE_HOME_H
#define CURB_CORE_HOME_H

#include "curb/home.h"
#include "curb/plugin.h"

struct home; /* state of the process */

struct home *home_new(void);       /* yours: home_free */
void home_free(struct home *home); /* NULL is fine */

/* The service home.v1; state. */
const struct curb_home_api *home_service(const struct home *home);

/* GET /help and /help/:role; their state is the struct home. */
extern const struct curb_route home_routes[];
extern const struct curb_embedded home_templates[];

#endif
