/* Document: lessons that are read. The tables of the plugin and its life. */
#include "document.h"

#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "curb/service.h"
#include "document_embedded.h"

static const struct curb_route routes[] = {
	{ "GET", "/documents/:id", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, text_page,
	  CURB_LANE_ANY },
	{ "POST", "/documents/:id/next", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_FORM, 0, text_post_next,
	  CURB_LANE_HOURS },
	{ "GET", "/documents/pictures/:track/:blob", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0,
	  text_picture, CURB_LANE_ANY },
	{ 0 },
};

static const char *const needs[] = { CONTENT_SERVICE, CREDIT_SERVICE, NULL };
static const char *const wants[] = { CATALOG_SERVICE, NULL };
static const char *const prefixes[] = { "/documents", NULL };

static int init(struct curb_host *host, void **ret_state)
{
	struct document *d = curb_xcalloc(1, sizeof *d);
	d->host = host;
	*ret_state = d;
	return 0;
}

static int start(struct curb_host *host, void *state)
{
	struct document *d = state;
	struct delivery *with = &d->delivery;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *with->content, (const void **)&with->content);
	if (!err)
		err = curb_service(host, CREDIT_SERVICE, sizeof *with->credit, (const void **)&with->credit);
	if (!err)
		err = curb_service(host, CATALOG_SERVICE, sizeof *with->catalog,
		                   (const void **)&with->catalog);
	if (err && err != CURB_ENOTFOUND)
		return err;
	d->player =
		(struct credit_player){ .self = d, .kind = "document", .page = text_page_of, .paged = true };
	return with->credit->set_player(with->credit, "document", &d->player);
}

static void stop(void *state)
{
	struct document *d = state;
	(void)d->delivery.credit->set_player(d->delivery.credit, "document", NULL);
}

static void fini(void *state)
{
	free(state);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "document",
	.version = "1.0.0",
	.needs = needs,
	.wants = wants,
	.routes = routes,
	.prefixes = prefixes,
	.templates = document_templates,
	.messages = document_messages,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
