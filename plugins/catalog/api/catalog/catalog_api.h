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

struct content_version;

/* A published course, for those who choose one. */
struct catalog_listing {
	struct curb_id course, version;
	struct curb_str name;
	int64_t hours_c; /* hundredths of a class hour */
};

/* Where a version is shown, and what whoever has it in a class should know of it. Arena. */
struct catalog_shown {
	const char *address;
	struct curb_str note; /* in the language of the request; "": it is the version of now */
};

/* Whoever keeps classes says how many have a version. */
struct catalog_taker {
	void *self;
	int (*classes)(void *self, struct curb_tx *tx, const struct curb_id *version, int64_t *ret_n);
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
	/* 0 for every version that was published, and for a draft when the person may see it; CURB_ENOTFOUND otherwise. */
	int (*may_see)(const struct catalog_api *self, struct curb_req *req, const struct curb_id *course,
	               const struct curb_id *version);
	/* 0 for the version that a new class takes; CURB_EUNFIT when another one is published by now, or this one was withdrawn. */
	int (*may_take)(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *course,
	                const struct curb_id *version);
	int (*shown)(const struct catalog_api *self, struct curb_req *req,
	             const struct content_version *version, struct catalog_shown *ret_shown);
	/* In start; at most one, which lives until it is forgotten in stop with NULL. */
	void (*count_with)(const struct catalog_api *self, const struct catalog_taker *taker);
	/* The version of a course that new classes take, or took until it was retired. CURB_ENOTFOUND. */
	int (*now)(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *course,
	           struct curb_id *ret_version);
};

#ifdef __cplusplus
}
#endif
#endif
