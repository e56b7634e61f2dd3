/* Exchange: records between servers without a line, in signed files. The tables of the plugin and its life. */
#include "exchange.h"

#include <stdlib.h>

#include "curb/err.h"
#include "curb/service.h"
#include "exchange_embedded.h"
#include "lists.h"

enum { UPLOAD_MOST = BUNDLE_MOST + 4096 };

static const struct curb_route routes[] = {
	{ "GET", "/exchange", EXCHANGE_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, exchange_page,
	  CURB_LANE_ANY },
	{ "POST", "/exchange/out", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0, exchange_post_make,
	  CURB_LANE_HEAVY },
	{ "GET", "/exchange/out/:id/file", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_get_file, CURB_LANE_ANY },
	{ "POST", "/exchange/in", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_PARTS, UPLOAD_MOST,
	  exchange_post_in, CURB_LANE_HEAVY },
	{ "POST", "/api/v1/exchange/bundles", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_RAW, UPLOAD_MOST,
	  exchange_post_in_api, CURB_LANE_HEAVY },
	{ "GET", "/exchange/in/:id", EXCHANGE_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, exchange_page_in,
	  CURB_LANE_ANY },
	{ "GET", "/exchange/from/:id", EXCHANGE_READERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_from, CURB_LANE_ANY },
	{ "GET", "/exchange/findings", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_findings, CURB_LANE_HEAVY },
	{ "GET", "/exchange/findings.csv", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_get_findings, CURB_LANE_HEAVY },
	{ "GET", "/exchange/maps", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, exchange_page_maps,
	  CURB_LANE_ANY },
	{ "POST", "/exchange/maps", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0, exchange_post_map,
	  CURB_LANE_ANY },
	{ "GET", "/exchange/maps/:id", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_map, CURB_LANE_ANY },
	{ "POST", "/exchange/maps/:id/columns", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  exchange_post_column, CURB_LANE_ANY },
	{ "GET", "/exchange/maps/:id/columns/:n", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_column, CURB_LANE_ANY },
	{ "POST", "/exchange/maps/:id/columns/:n", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  exchange_post_changed, CURB_LANE_ANY },
	{ "GET", "/exchange/maps/:id/remove", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_map_remove, CURB_LANE_ANY },
	{ "POST", "/exchange/maps/:id/remove", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  exchange_post_map_remove, CURB_LANE_ANY },
	{ "GET", "/exchange/list", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, exchange_page_list,
	  CURB_LANE_ANY },
	{ "POST", "/exchange/list", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0, exchange_post_list,
	  CURB_LANE_HEAVY },
	{ "GET", "/exchange/comparisons", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_comparisons, CURB_LANE_ANY },
	{ "POST", "/exchange/comparisons", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_PARTS,
	  LIST_UPLOAD_MOST, exchange_post_comparison, CURB_LANE_HEAVY },
	{ "GET", "/exchange/comparisons/:id", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_comparison, CURB_LANE_ANY },
	{ "GET", "/exchange/comparisons/:id/findings.csv", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE,
	  0, exchange_get_comparison, CURB_LANE_HEAVY },
	{ "GET", "/exchange/comparisons/:id/remove", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  exchange_page_comparison_remove, CURB_LANE_ANY },
	{ "POST", "/exchange/comparisons/:id/remove", EXCHANGE_MAKERS, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  exchange_post_comparison_remove, CURB_LANE_ANY },
	{ "GET", "/exchange/servers", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_NONE, 0,
	  exchange_page_servers, CURB_LANE_ANY },
	{ "POST", "/exchange/servers", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_FORM, 0,
	  exchange_post_server, CURB_LANE_ANY },
	{ "POST", "/exchange/servers/end", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_FORM, 0,
	  exchange_post_end, CURB_LANE_ANY },
	{ "POST", "/exchange/servers/forget", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_FORM, 0,
	  exchange_post_forget, CURB_LANE_HEAVY },
	{ 0 },
};

static const char *const needs[] = { CURB_HOME_SERVICE, CURB_ERASURE_SERVICE, NULL };
static const char *const wants[] = { CREDIT_SERVICE, CERTIFICATE_SERVICE, NULL };
static const char *const prefixes[] = { "/exchange", "/api/v1/exchange", NULL };

static int init(struct curb_host *host, void **ret_state)
{
	struct exchange *x = curb_xcalloc(1, sizeof *x);
	x->host = host;
	*ret_state = x;
	return 0;
}

/* A service that is not there leaves `ret` as it is. */
static int want(struct curb_host *host, const char *name, uint32_t size, const void **ret)
{
	int err = curb_service(host, name, size, ret);
	return err == CURB_ENOTFOUND ? 0 : err;
}

static int start(struct curb_host *host, void *state)
{
	struct exchange *x = state;
	int err = curb_service(host, CURB_HOME_SERVICE, sizeof *x->home, (const void **)&x->home);
	if (!err)
		err = want(host, CREDIT_SERVICE, sizeof *x->credit, (const void **)&x->credit);
	if (!err)
		err = want(host, CERTIFICATE_SERVICE, sizeof *x->certificate, (const void **)&x->certificate);
	const struct curb_home_part part = exchange_home_part(x);
	if (!err)
		err = x->home->offer(x->home, &part);
	if (!err)
		err = curb_service(host, CURB_ERASURE_SERVICE, sizeof *x->erasure,
		                   (const void **)&x->erasure);
	const struct curb_erasure_part erased = exchange_erasure_part(x);
	return err ? err : x->erasure->offer(x->erasure, &erased);
}

static void stop(void *state)
{
	struct exchange *x = state;
	x->erasure->withdraw(x->erasure, "exchange");
	x->home->withdraw(x->home, "exchange");
}

static void fini(void *state)
{
	free(state);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "exchange",
	.version = "1.0.0",
	.needs = needs,
	.wants = wants,
	.migrations = exchange_migrations,
	.routes = routes,
	.prefixes = prefixes,
	.templates = exchange_templates,
	.messages = exchange_messages,
	.assets = exchange_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
