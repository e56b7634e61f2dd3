/* Service catalog.v1: who may open a course, and which courses a class may take.
 * The rule: players ask before they show or send anything of a version.
 */
#ifndef CATALOG_API_H
#define CATALOG_API_H

#include "curb/db.h"
#include "curb/id.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CATALOG_SERVICE "catalog.v1"

/* A published course, for those who choose one. */
struct catalog_listing {
	struct curb_id course, version;
	struct curb_str name;
	int64_t hours_c; /* hundredths of a class hour */
};

struct catalog_api {
	struct curb_service_head head;
	/* 0 for published courses, and for drafts when the person may see them; CURB_ENOTFOUND otherwise. */
	int (*may_open)(const struct catalog_api *self, struct curb_req *req, const struct curb_id *course);
	/* Published courses that match the words, best first; without words by name. At most `most`. Arena of tx. */
	int (*find)(const struct catalog_api *self, struct curb_tx *tx, struct curb_str words, size_t most,
	            struct catalog_listing **ret_found, size_t *ret_n);
	/* 0 while a new class may take the course; CURB_EUNFIT when it is not published or was retired. */
	int (*may_teach)(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *course);
};

#ifdef __cplusplus
}
#endif
#endif
