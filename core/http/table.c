#include "curb/err.h"
#include "inside.h"

static int add_rows(struct http *http, struct curb_host *host, const struct curb_route *rows, void *state,
                    bool bare)
{
	for (const struct curb_route *row = rows; row && (row->method || row->path); row++) {
		struct route route = { .row = row, .host = host, .state = state, .bare = bare };
		int err = router_add(http->router, &route);
		if (err)
			return err;
		if (row->path && strcmp(row->path, "/signin") == 0)
			http->have_signin = true;
		if (row->path && strcmp(row->path, "/accessibility") == 0)
			http->have_reports = true;
	}
	return 0;
}

int table_build(struct http *http, const struct http_routes *own)
{
	int err = add_rows(http, own->host, own->routes, own->state, true);
	for (const struct http_routes *part = http->o.core; part && part->routes && !err; part++)
		err = add_rows(http, part->host, part->routes, part->state, false);
	struct plugin_slot *slot = NULL;
	for (size_t i = 0; http->o.plugins && !err && (slot = plugins_at(http->o.plugins, i)); i++)
		if (slot->state == PLUGIN_RUNNING)
			err = add_rows(http, &slot->host, slot->plugin.routes, slot->its_state, false);
	if (!err)
		router_seal(http->router);
	return err;
}

struct teller {
	void (*fn)(void *arg, const char *owner, const struct curb_route *row);
	void *arg;
};

static void tell(void *arg, const struct route *route)
{
	const struct teller *teller = arg;
	teller->fn(teller->arg, route->host->owner, route->row);
}

void http_each_route(const struct http *http,
                     void (*fn)(void *arg, const char *owner, const struct curb_route *row), void *arg)
{
	struct teller teller = { fn, arg };
	router_each(http->router, tell, &teller);
}
