/* Delivery: the bytes of a track to a person, noted before they are sent. Built into each plugin that plays.
 * The rule: what is noted is the time that the asked-for bytes hold, so hours are never counted for what was not sent.
 */
#ifndef PLUGINS_DELIVERY_H
#define PLUGINS_DELIVERY_H

#include "catalog/catalog_api.h"
#include "content/content_api.h"
#include "credit/credit_api.h"
#include "curb/request.h"

struct delivery {
	const struct content_api *content;
	const struct credit_api *credit;   /* NULL: no hours are counted here */
	const struct catalog_api *catalog; /* NULL: a lesson is open to those who have it in a class */
};

/* The unit, when the person may open its course. CURB_ENOTFOUND. */
int delivery_unit(const struct delivery *d, struct curb_req *req, struct curb_str id,
                  struct content_unit *ret_unit);

/* The tracks of a unit that is open to the person, with the text that came to it with the version that new classes take: a class
 * keeps its version, and what it lacked for somebody is there once it is published. */
int delivery_tracks(const struct delivery *d, struct curb_req *req, const struct content_unit *unit,
                    const struct content_track **ret_tracks, size_t *ret_n);

/* The address of a track under `prefix` for the signed-in person; arena. A browser keeps what it got for a year: on a
 * device that several people use, the next one must ask for herself, or nothing would be noted for her. */
const char *delivery_address(struct curb_req *req, const char *prefix, const struct content_track *track);

/* Answers GET …/:track/:blob with Range: one track's file, or the pieces of a flat track; also of the unit's renditions. The blob of the address makes
 * it immutable. With ?download=NAME an attachment of that name. */
int delivery_reply(const struct delivery *d, struct curb_req *req);

#endif
