/* curbcut routes: the route table of the running server, core and plugins, one line of JSON a route. */

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"

static const char *scope_word(enum curb_scope scope)
{
	static const char *const words[] = { [CURB_SCOPE_PUBLIC] = "public",
		                             [CURB_SCOPE_OWN] = "own",
		                             [CURB_SCOPE_INSTITUTION] = "institution",
		                             [CURB_SCOPE_REGION] = "region",
		                             [CURB_SCOPE_MACHINE] = "machine" };
	return words[scope];
}

static const char *body_word(enum curb_body body)
{
	static const char *const words[] = {
		[CURB_BODY_NONE] = "none", [CURB_BODY_JSON] = "json", [CURB_BODY_FORM] = "form",
		[CURB_BODY_ANY] = "any",   [CURB_BODY_RAW] = "raw",   [CURB_BODY_PARTS] = "parts"
	};
	return words[body];
}

static const char *lane_word(enum curb_lane lane)
{
	static const char *const words[] = {
		[CURB_LANE_ANY] = "any", [CURB_LANE_HOURS] = "hours", [CURB_LANE_HEAVY] = "heavy"
	};
	return words[lane];
}

/* "anyone" and "signed_in" stand for whom they let in; else each role by its word. */
static void put_roles(struct curb_json *j, uint32_t roles)
{
	curb_json_key(j, "roles");
	curb_json_begin(j, '[');
	if (roles & CURB_ANYONE)
		curb_json_text(j, "anyone");
	else if (roles == CURB_SIGNED_IN)
		curb_json_text(j, "signed_in");
	for (int i = 0; roles != CURB_SIGNED_IN && people_role_word(i); i++)
		if (roles & 1u << i)
			curb_json_text(j, people_role_word(i));
	curb_json_end(j, ']');
}

static void send_row(void *arg, const char *owner, const struct curb_route *row)
{
	struct control_call *call = arg;
	CURB_AUTO(buf) struct curb_buf line = curb_buf(4096);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "method", row->method);
	curb_json_ktext(&j, "path", row->path);
	put_roles(&j, row->roles);
	curb_json_ktext(&j, "scope", scope_word(row->scope));
	curb_json_ktext(&j, "body", body_word(row->body));
	curb_json_kint(&j, "body_max", (int64_t)row->body_max);
	curb_json_ktext(&j, "lane", lane_word(row->lane));
	curb_json_ktext(&j, "owner", owner);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
}

int routes_serve(struct control_call *call)
{
	if (!call->app->http)
		return curb_fail(CURB_ENOTFOUND, "no server runs in this data folder; start one first");
	http_each_route(call->app->http, send_row, call);
	return 0;
}

int routes_main(int argc, char **argv)
{
	return command_list("routes", "{\"command\":\"routes\"}", argc, argv);
}
