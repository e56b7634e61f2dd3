/* Catalog: courses that people find and open. The tables of the plugin and its life. */
#include "catalog.h"

#include <stdlib.h>

#include "catalog_embedded.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/service.h"

enum { AUTHORS = CURB_AUTHOR | CURB_STAFF | CURB_REVIEWER };

static const struct curb_route routes[] = {
	{ "GET", "/", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_page_list, CURB_LANE_ANY },
	{ "GET", "/courses/:id", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_page_course,
	  CURB_LANE_ANY },
	{ "POST", "/courses/:id/publish", CURB_REVIEWER, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  catalog_post_publish, CURB_LANE_ANY },
	{ "GET", "/drafts", AUTHORS, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, catalog_page_drafts, CURB_LANE_ANY },
	{ "GET", "/api/v1/courses", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_get_courses,
	  CURB_LANE_ANY },
	{ "GET", "/api/v1/courses/:id", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, catalog_get_course,
	  CURB_LANE_ANY },
	{ "POST", "/api/v1/courses/:id/publish", CURB_REVIEWER, CURB_SCOPE_REGION, CURB_BODY_ANY, 0,
	  catalog_post_publish, CURB_LANE_ANY },
	{ 0 },
};

static const struct curb_search searches[] = {
	{ "catalog_listed", "name,words", "5,1" },
	{ 0 },
};

static const char *const provides[] = { CATALOG_SERVICE, NULL };
static const char *const needs[] = { CONTENT_SERVICE, NULL };
static const char *const prefixes[] = { "/", "/courses", "/drafts", "/api/v1/courses", NULL };

static int may_open(const struct catalog_api *self, struct curb_req *req, const struct curb_id *id)
{
	struct catalog_course course;
	return catalog_open(CURB_CONTAINER_OF(self, struct catalog, api), req, curb_id_str(id), &course);
}

static int init(struct curb_host *host, void **ret_state)
{
	struct catalog *c = curb_xcalloc(1, sizeof *c);
	c->host = host;
	c->api = (struct catalog_api){ .head = { sizeof c->api }, .may_open = may_open };
	*ret_state = c;
	return curb_publish(host, CATALOG_SERVICE, &c->api.head);
}

static int start(struct curb_host *host, void *state)
{
	struct catalog *c = state;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *c->content, (const void **)&c->content);
	if (err)
		return err;
	c->watcher = (struct content_watcher){ c, catalog_version_made };
	return c->content->watch(c->content, &c->watcher);
}

static void stop(void *state)
{
	struct catalog *c = state;
	(void)c->content->watch(c->content, NULL);
}

static void fini(void *state)
{
	free(state);
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
