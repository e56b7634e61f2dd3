/* Catalog: courses that people find and open. The tables of the plugin and its life. */
#include "catalog.h"

#include <stdlib.h>

#include "catalog_embedded.h"
#include "curb/arena.h"
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

static const char *const needs[] = { CONTENT_SERVICE, NULL };
static const char *const prefixes[] = { "/", "/courses", "/drafts", "/api/v1/courses", NULL };

static int init(struct curb_host *host, void **ret_state)
{
	struct catalog *c = curb_xcalloc(1, sizeof *c);
	c->host = host;
	*ret_state = c;
	return 0;
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
