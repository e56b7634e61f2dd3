/* Of the walls that the worker's own main raises, those that CURB_WALLS names (a sum of enum sandbox_wall) and no other. Only for
 * tests. */
#include <stdlib.h>

#include "sandbox.h"

bool some_walls_close(uint32_t walls); /* what main calls in place of sandbox_close */

bool some_walls_close(uint32_t walls)
{
	const char *some = getenv("CURB_WALLS");
	return some && sandbox_close(walls & (uint32_t)strtoul(some, NULL, 10));
}
