/* Service catalog.v1: who may open a course.
 * The rule: players ask before they show or send anything of a version.
 */
#ifndef CATALOG_API_H
#define CATALOG_API_H

#include "curb/id.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CATALOG_SERVICE "catalog.v1"

struct catalog_api {
	struct curb_service_head head;
	/* 0 for published courses, and for drafts when the person may see them; CURB_ENOTFOUND otherwise. */
	int (*may_open)(const struct catalog_api *self, struct curb_req *req, const struct curb_id *course);
};

#ifdef __cplusplus
}
#endif
#endif
