/* Audiobook: lessons that are listened to. The tables of the plugin and its life. */
#include "audiobook.h"

#include <stdlib.h>

#include "audiobook_embedded.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/service.h"

static const struct curb_route routes[] = {
	{ "GET", "/books/:id", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, book_page, CURB_LANE_ANY },
	{ "GET", "/books/:id/contents", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, book_contents,
	  CURB_LANE_ANY },
	{ "GET", "/books/:id/manifest.json", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, book_manifest,
	  CURB_LANE_ANY },
	{ "POST", "/books/:id/place", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_JSON, 1024, book_post_place,
	  CURB_LANE_HOURS },
	{ "GET", "/audio/:track/:blob", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, book_bytes,
	  CURB_LANE_ANY },
	{ 0 },
};

static const char *const needs[] = { CONTENT_SERVICE, CREDIT_SERVICE, NULL };
static const char *const wants[] = { CATALOG_SERVICE, NULL };
static const char *const prefixes[] = { "/books", "/audio", NULL };

static int init(struct curb_host *host, void **ret_state)
{
	struct audiobook *a = curb_xcalloc(1, sizeof *a);
	a->host = host;
	*ret_state = a;
	return 0;
}

static int start(struct curb_host *host, void *state)
{
	struct audiobook *a = state;
	struct delivery *d = &a->delivery;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *d->content, (const void **)&d->content);
	if (!err)
		err = curb_service(host, CREDIT_SERVICE, sizeof *d->credit, (const void **)&d->credit);
	if (!err)
		err = curb_service(host, CATALOG_SERVICE, sizeof *d->catalog, (const void **)&d->catalog);
	if (err && err != CURB_ENOTFOUND)
		return err;
	a->player = (struct credit_player){
		.self = a, .kind = "audiobook", .media = book_media, .page = book_page_of
	};
	return d->credit->set_player(d->credit, "audiobook", &a->player);
}

static void stop(void *state)
{
	struct audiobook *a = state;
	(void)a->delivery.credit->set_player(a->delivery.credit, "audiobook", NULL);
}

static void fini(void *state)
{
	free(state);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "audiobook",
	.version = "1.0.0",
	.needs = needs,
	.wants = wants,
	.routes = routes,
	.prefixes = prefixes,
	.templates = audiobook_templates,
	.messages = audiobook_messages,
	.assets = audiobook_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
