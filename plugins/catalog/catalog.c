/* Catalog: courses that people find and open. The tables of the plugin and its life. */
#include "catalog.h"

#include <stdlib.h>

#include "catalog_embedded.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/service.h"

enum { AUTHORS = CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER };

/* Each act on a course has a row for people and one for programs. */
#define ACT_ROUTES(act, roles, scope)                                                                      \
	{ "POST", "/courses/:id/" act, roles, scope, CURB_BODY_FORM, 0, catalog_post_act, CURB_LANE_ANY }, \
	{                                                                                                  \
		"POST", "/api/v1/courses/:id/" act, roles, scope, CURB_BODY_ANY, 0, catalog_post_act,      \
			CURB_LANE_ANY                                                                      \
	}

static const struct curb_route routes[] = {
	{ "GET", "/", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_page_first, CURB_LANE_ANY },
	{ "GET", "/courses", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_page_list,
	  CURB_LANE_ANY },
	{ "GET", "/courses/:id", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_page_course,
	  CURB_LANE_ANY },
	{ "GET", "/courses/:id/retire", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, catalog_page_act,
	  CURB_LANE_ANY },
	{ "GET", "/drafts", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, catalog_page_mine, CURB_LANE_ANY },
	{ "GET", "/api/v1/courses", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_get_courses,
	  CURB_LANE_ANY },
	{ "GET", "/api/v1/courses/:id", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_get_course,
	  CURB_LANE_ANY },
	ACT_ROUTES("submit", AUTHORS, CURB_SCOPE_OWN),
	ACT_ROUTES("withdraw", AUTHORS, CURB_SCOPE_OWN),
	ACT_ROUTES("approve", CURB_REVIEWER, CURB_SCOPE_REGION),
	ACT_ROUTES("reject", CURB_REVIEWER, CURB_SCOPE_REGION),
	ACT_ROUTES("publish", CURB_REVIEWER, CURB_SCOPE_REGION),
	ACT_ROUTES("retire", AUTHORS, CURB_SCOPE_OWN),
	ACT_ROUTES("restore", AUTHORS, CURB_SCOPE_OWN),
	{ "POST", "/courses/:id/versions/:version/retire", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  catalog_post_version, CURB_LANE_ANY },
	{ "POST", "/courses/:id/versions/:version/restore", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_FORM, 0,
	  catalog_post_version, CURB_LANE_ANY },
	{ 0 },
};

static const struct curb_search searches[] = {
	{ "catalog_listed", "name,words", "5,1" },
	{ 0 },
};

static const char *const provides[] = { CATALOG_SERVICE, NULL };
static const char *const needs[] = { CONTENT_SERVICE, CURB_HOME_SERVICE, NULL };
static const char *const prefixes[] = { "/", "/courses", "/drafts", "/api/v1/courses", NULL };

static int may_open(const struct catalog_api *self, struct curb_req *req, const struct curb_id *id)
{
	return catalog_may_open(CURB_CONTAINER_OF(self, struct catalog, api), req, id);
}

static int find(const struct catalog_api *self, struct curb_tx *tx, struct curb_str words, size_t most,
                struct catalog_listing **ret_found, size_t *ret_n)
{
	struct catalog *c = CURB_CONTAINER_OF(self, struct catalog, api);
	const struct catalog_filter filter = { .q = words, .page = 1 };
	struct catalog_course *courses = NULL;
	int64_t total = 0;
	size_t n = 0;
	int err = catalog_find(c, tx, &filter, &courses, &n, &total);
	if (err)
		return err;
	n = n < most ? n : most;
	struct catalog_listing *found = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *found);
	for (size_t i = 0; i < n; i++)
		found[i] = (struct catalog_listing){ courses[i].id, courses[i].version, courses[i].name,
			                             courses[i].hours_c };
	*ret_found = found;
	*ret_n = n;
	return 0;
}

static int may_teach(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *id)
{
	struct catalog_course course;
	int err = catalog_course_by_id(CURB_CONTAINER_OF(self, struct catalog, api), tx, curb_id_str(id),
	                               &course);
	if (!err && course.state != CATALOG_PUBLISHED)
		return curb_fail(CURB_EUNFIT, "A class takes published courses only; choose another one");
	return err;
}

static int may_see(const struct catalog_api *self, struct curb_req *req, const struct curb_id *course,
                   const struct curb_id *version)
{
	return catalog_may_see(CURB_CONTAINER_OF(self, struct catalog, api), req, course, version);
}

static int may_take(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *course,
                    const struct curb_id *version)
{
	return catalog_may_take(CURB_CONTAINER_OF(self, struct catalog, api), tx, course, version);
}

static int shown(const struct catalog_api *self, struct curb_req *req, const struct content_version *version,
                 struct catalog_shown *ret_shown)
{
	return catalog_shown(CURB_CONTAINER_OF(self, struct catalog, api), req, version, ret_shown);
}

static int now(const struct catalog_api *self, struct curb_tx *tx, const struct curb_id *id,
               struct curb_id *ret_version)
{
	struct catalog_course course;
	int err = catalog_course_by_id(CURB_CONTAINER_OF(self, struct catalog, api), tx, curb_id_str(id),
	                               &course);
	if (!err)
		*ret_version = course.version;
	return err;
}

static void count_with(const struct catalog_api *self, const struct catalog_taker *taker)
{
	struct catalog *c = CURB_CONTAINER_OF(self, struct catalog, api);
	c->taker = taker;
}

static int init(struct curb_host *host, void **ret_state)
{
	struct catalog *c = curb_xcalloc(1, sizeof *c);
	c->host = host;
	c->opened = catalog_opened_new();
	c->api = (struct catalog_api){
		.head = { sizeof c->api },
		.may_open = may_open,
		.find = find,
		.may_teach = may_teach,
		.may_see = may_see,
		.may_take = may_take,
		.shown = shown,
		.count_with = count_with,
		.now = now,
	};
	*ret_state = c;
	return curb_publish(host, CATALOG_SERVICE, &c->api.head);
}

static int start(struct curb_host *host, void *state)
{
	struct catalog *c = state;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *c->content, (const void **)&c->content);
	if (err)
		return err;
	c->watcher = (struct content_watcher){ c, catalog_version_made, catalog_about };
	err = catalog_find_places(c);
	if (err)
		return err;
	err = c->content->watch(c->content, &c->watcher);
	if (!err)
		err = curb_service(host, CURB_HOME_SERVICE, sizeof *c->home, (const void **)&c->home);
	const struct curb_home_part part = catalog_home_part(c);
	return err ? err : c->home->offer(c->home, &part);
}

static void stop(void *state)
{
	struct catalog *c = state;
	c->home->withdraw(c->home, "catalog");
	(void)c->content->watch(c->content, NULL);
}

static void fini(void *state)
{
	struct catalog *c = state;
	if (c)
		catalog_opened_free(c->opened);
	free(c);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "catalog",
	.version = "1.0.0",
	.provides = provides,
	.needs = needs,
	.migrations = catalog_migrations,
	.routes = routes,
	.searches = searches,
	.prefixes = prefixes,
	.templates = catalog_templates,
	.messages = catalog_messages,
	.assets = catalog_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
