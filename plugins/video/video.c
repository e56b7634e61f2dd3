/* Video: lessons with a picture. The tables of the plugin and its life. */
#include "video.h"

#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "curb/service.h"
#include "video_embedded.h"

static const struct curb_route routes[] = {
	{ "GET", "/videos/:id", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, video_page,
	  CURB_LANE_ANY },
	{ "GET", "/videos/:id/master.m3u8", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, video_master,
	  CURB_LANE_ANY },
	{ "GET", "/videos/:id/:playlist", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, video_playlist,
	  CURB_LANE_ANY },
	{ "POST", "/videos/:id/place", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_JSON, 1024, video_post_place,
	  CURB_LANE_HOURS },
	{ "GET", "/media/:track/:blob", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, video_bytes,
	  CURB_LANE_ANY },
	{ 0 },
};

static const char *const needs[] = { CONTENT_SERVICE, CREDIT_SERVICE, NULL };
static const char *const wants[] = { CATALOG_SERVICE, NULL };
static const char *const prefixes[] = { "/videos", "/media", NULL };

static int init(struct curb_host *host, void **ret_state)
{
	struct video *v = curb_xcalloc(1, sizeof *v);
	v->host = host;
	*ret_state = v;
	return 0;
}

static int start(struct curb_host *host, void *state)
{
	struct video *v = state;
	struct delivery *d = &v->delivery;
	int err = curb_service(host, CONTENT_SERVICE, sizeof *d->content, (const void **)&d->content);
	if (!err)
		err = curb_service(host, CREDIT_SERVICE, sizeof *d->credit, (const void **)&d->credit);
	if (!err)
		err = curb_service(host, CATALOG_SERVICE, sizeof *d->catalog, (const void **)&d->catalog);
	if (err && err != CURB_ENOTFOUND)
		return err;
	v->player = (struct credit_player){
		.self = v, .kind = "video", .media = video_media, .page = video_page_of
	};
	return d->credit->set_player(d->credit, "video", &v->player);
}

static void stop(void *state)
{
	struct video *v = state;
	(void)v->delivery.credit->set_player(v->delivery.credit, "video", NULL);
}

static void fini(void *state)
{
	free(state);
}

const struct curb_plugin curb_plugin = {
	CURB_PLUGIN_HEAD,
	.name = "video",
	.version = "1.0.0",
	.needs = needs,
	.wants = wants,
	.routes = routes,
	.prefixes = prefixes,
	.templates = video_templates,
	.messages = video_messages,
	.assets = video_assets,
	.init = init,
	.start = start,
	.stop = stop,
	.fini = fini,
};
