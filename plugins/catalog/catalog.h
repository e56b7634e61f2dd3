/* Inside of catalog: courses that people find, and their states.
 * The rule: routes.c speaks HTTP, pages.c makes pages, service.c decides, store.c holds the SQL.
 */
#ifndef CATALOG_H
#define CATALOG_H

#include "catalog/catalog_api.h"
#include "content/content_api.h"
#include "curb/db.h"
#include "curb/plugin.h"
#include "curb/request.h"

enum { CATALOG_PAGE = 20, CATALOG_HITS_MOST = 1000 };

/* What a course offers, over all its units; schema.org accessibilityFeature where it has a word. */
enum catalog_feature {
	CATALOG_CAPTIONS = 1 << 0,
	CATALOG_TRANSCRIPT = 1 << 1,
	CATALOG_SIGN = 1 << 2,
	CATALOG_DESCRIPTIONS = 1 << 3,
	CATALOG_AUDIO = 1 << 4,
	CATALOG_CHAPTERS = 1 << 5
};
enum { CATALOG_FEATURES = 6 };

struct catalog {
	struct catalog_api api;
	struct curb_host *host;
	const struct content_api *content;
	struct content_watcher watcher;
};

struct catalog_course {
	struct curb_id id, version, owner;
	bool published;
	struct curb_str name, lang, description, provider, occupation;
	int64_t hours_c, units, features, made_ms;
};

/* ---- store.c ---- */
int catalog_course_by_id(struct catalog *c, struct curb_tx *tx, struct curb_str id,
                         struct catalog_course *ret);
/* Replaces name, version and the rest of a course that is there; keeps owner, state and times. */
int catalog_course_put(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course);
int catalog_set_published(struct catalog *c, struct curb_tx *tx, const struct curb_id *id, int64_t now_ms);
int catalog_list_for_search(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                            struct curb_str words);
struct catalog_filter {
	struct curb_str q, category;
	int64_t features;
	int64_t page; /* from 1 */
};
/* A page of published courses: by rank when something is searched for, else by name. */
int catalog_find(struct catalog *c, struct curb_tx *tx, const struct catalog_filter *filter,
                 struct catalog_course **ret_courses, size_t *ret_n, int64_t *ret_total);
int catalog_drafts(struct catalog *c, struct curb_tx *tx, struct curb_str owner,
                   struct catalog_course **ret_courses, size_t *ret_n);

/* ---- service.c ---- */
int catalog_version_made(void *self, struct curb_tx *tx, const struct content_version *version, bool publish);
int catalog_publish(struct catalog *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms);
/* CURB_ENOTFOUND for drafts of others. */
int catalog_open(struct catalog *c, struct curb_req *req, struct curb_str id, struct catalog_course *ret);
bool catalog_may_publish(struct curb_req *req);
const char *catalog_feature_word(int i); /* of bit i: for the API; NULL past the last */
struct curb_str catalog_feature_text(struct curb_req *req, int i); /* of bit i: for people */
int64_t catalog_feature_of(struct curb_str word);                  /* the bit, 0 for none */

/* ---- routes.c, pages.c ---- */
int catalog_get_courses(struct curb_req *req, void *state);
int catalog_get_course(struct curb_req *req, void *state);
int catalog_post_publish(struct curb_req *req, void *state);
int catalog_page_list(struct curb_req *req, void *state);
int catalog_page_course(struct curb_req *req, void *state);
int catalog_page_drafts(struct curb_req *req, void *state);
/* What list and page read from the query. CURB_EINVAL. */
int catalog_read_filter(struct curb_req *req, struct catalog_filter *ret_filter);

#endif
