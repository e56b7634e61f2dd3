#include <stdio.h>

#include "curb/err.h"
#include "inside.h"

static const char *state_word(enum plugin_state state)
{
	static const char *const words[] = { [PLUGIN_LISTED] = "listed",
		                             [PLUGIN_LOADED] = "loaded",
		                             [PLUGIN_RUNNING] = "running",
		                             [PLUGIN_ASIDE] = "aside",
		                             [PLUGIN_STOPPED] = "stopped" };
	return words[state];
}

/* Reasons name files, versions and settings: for who stands at the machine, not for the street. */
static bool from_here(struct curb_req *req)
{
	struct curb_str address = http_address(req);
	return curb_str_starts(address, "127.") || curb_str_is(address, "::1");
}

static void list_plugins(const struct http *http, bool reasons, struct curb_json *j)
{
	curb_json_key(j, "plugins");
	curb_json_begin(j, '[');
	struct plugin_slot *slot = NULL;
	for (size_t i = 0; http->o.plugins && (slot = plugins_at(http->o.plugins, i)); i++) {
		curb_json_begin(j, '{');
		curb_json_ktext(j, "name", slot->name);
		curb_json_kstr(j, "version", curb_str(slot->plugin.version));
		curb_json_ktext(j, "state", state_word(slot->state));
		if (slot->state == PLUGIN_ASIDE && reasons)
			curb_json_ktext(j, "reason", slot->reason);
		curb_json_end(j, '}');
	}
	curb_json_end(j, ']');
}

static int get_health(struct curb_req *req, void *state)
{
	struct http *http = state;
	bool ok = store_writable(http->o.store);
	struct curb_buf body = curb_buf(65536);
	struct curb_json j = curb_json(&body);
	curb_json_begin(&j, '{');
	curb_json_kbool(&j, "writable", ok);
	if (http->o.health)
		http->o.health(http->o.report_arg, &j, &ok);
	list_plugins(http, from_here(req), &j);
	curb_json_ktext(&j, "status", ok ? "ok" : "failing");
	curb_json_end(&j, '}');
	int err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	if (!err)
		err = curb_reply_json(req, ok ? 200 : 503, &body);
	curb_buf_free(&body);
	return err;
}

static void own_metrics(struct http *http, struct curb_buf *out)
{
	curb_buf_text(out, "# TYPE curbcut_http_requests_total counter\n");
	for (int i = 2; i < 6; i++)
		curb_buf_printf(out, "curbcut_http_requests_total{class=\"%dxx\"} %llu\n", i,
		                (unsigned long long)atomic_load(&http->requests[i]));
	curb_buf_printf(out,
	                "# TYPE curbcut_http_connections gauge\ncurbcut_http_connections %d\n"
	                "# TYPE curbcut_http_working gauge\ncurbcut_http_working %d\n"
	                "# TYPE curbcut_http_cut_total counter\ncurbcut_http_cut_total %llu\n",
	                atomic_load(&http->connections), atomic_load(&http->working),
	                (unsigned long long)atomic_load(&http->cut));
	struct store_stats stats;
	store_stats(http->o.store, &stats);
	curb_buf_printf(out,
	                "# TYPE curbcut_store_writes_total counter\ncurbcut_store_writes_total %llu\n"
	                "# TYPE curbcut_store_groups_total counter\ncurbcut_store_groups_total %llu\n"
	                "# TYPE curbcut_store_refused_total counter\ncurbcut_store_refused_total %llu\n"
	                "# TYPE curbcut_store_failed_total counter\ncurbcut_store_failed_total %llu\n",
	                (unsigned long long)stats.writes, (unsigned long long)stats.groups,
	                (unsigned long long)stats.refused, (unsigned long long)stats.failed);
}

/* How many people learn when is nobody's business outside. From this machine it is told without a permit, so that a
 * watchman hears it also when all are taken. */
static int admit_metrics(struct curb_req *req)
{
	if (from_here(req))
		return 0;
	int err = req_permit_take(req);
	if (!err)
		err = session_find(req);
	req_permit_give(req);
	if (!err && !curb_may(req, CURB_ADMIN, &(struct curb_id){ "" }))
		return curb_fail(req->signed_in ? CURB_EDENIED : CURB_EAUTH,
		                 "Metrics are told on this machine, and to who runs it");
	return err;
}

static int get_metrics(struct curb_req *req, void *state)
{
	struct http *http = state;
	int err = admit_metrics(req);
	if (err)
		return err;
	struct curb_buf body = curb_buf(1 << 20);
	own_metrics(http, &body);
	if (http->o.metrics)
		http->o.metrics(http->o.report_arg, &body);
	err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	if (!err)
		err = curb_reply_bytes(req, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
	curb_buf_free(&body);
	return err;
}

/* Only assets are sent packed, and this is the one place where it is decided. A page carries secrets (the token of its
 * forms) beside what the address or a form put into it: its length, once packed, would tell the secret letter by letter to
 * whoever sees the line and can make her browser ask (BREACH). */
static int get_asset(struct curb_req *req, void *state)
{
	struct http *http = state;
	struct pages_file file;
	int err = pages_asset(http->o.pages, curb_req_param(req, "path"), &file);
	if (err)
		return err;
	bool packed = file.gzip.ptr && coding_takes_gzip(req->head);
	const char *etag = curb_printf(req->arena, packed ? "%.*s-gzip" : "%.*s", (int)file.version.len,
	                               file.version.ptr);
	/* The address holds the hash of the bytes: they never change under it. */
	struct curb_piece piece = { .bytes = packed ? file.gzip : file.bytes };
	struct curb_body_info info = { .type = file.type, .etag = curb_str(etag), .immutable = true };
	err = curb_reply_pieces(req, &piece, 1, &info);
	if (!err && file.gzip.ptr)
		err = curb_reply_header(req, "Vary", curb_str("Accept-Encoding"));
	req->reply.coding = packed ? "gzip" : NULL;
	return err;
}

const struct curb_route own_routes[] = {
	{ "GET", "/healthz", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_health, CURB_LANE_ANY },
	{ "GET", "/metrics", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_metrics, CURB_LANE_ANY },
	{ "GET", "/assets/*path", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_asset,
	  CURB_LANE_ANY },
	{ 0 },
};
