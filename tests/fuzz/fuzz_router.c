#include "fuzz.h"

#include <stdlib.h>

#include "inside.h"

static int handle(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return 0;
}

#define ROW(path)                                                                                     \
	{                                                                                             \
		"GET", path, CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, handle, CURB_LANE_ANY \
	}

static const struct curb_route rows[] = { ROW("/"),      ROW("/a"),
	                                  ROW("/a/:x"),  ROW("/a/b/:y/c"),
	                                  ROW("/:p/:q"), ROW("/a/b/*rest"),
	                                  ROW("/a/"),    ROW("/:p/b/:q/*rest") };

static struct router *make(void)
{
	struct router *router = router_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct route route = { .row = &rows[i], .host = &curb_core_host };
		if (router_add(router, &route) != 0)
			abort();
	}
	router_seal(router);
	return router;
}

/* An address that is taken has no control characters and no dots for a segment, and its parameters lie within it. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct curb_arena *arena = curb_arena_new(16 << 20);
	struct router *router = make();
	struct curb_str segments[HTTP_SEGMENTS_MAX], path;
	struct route_match match = { .route = NULL };
	size_t n = 0;
	if (path_split(arena, curb_str_n((const char *)bytes, size), segments, &n, &path) == 0) {
		for (size_t i = 0; i < path.len; i++)
			if ((unsigned char)path.ptr[i] < 0x20)
				abort();
		int err = router_find(router, curb_str("GET"), segments, n, &match);
		for (size_t i = 0; !err && i < HTTP_PARAMS_MAX && match.route->names[i].ptr; i++)
			if (match.params[i].ptr < path.ptr ||
			    match.params[i].ptr + match.params[i].len > path.ptr + path.len ||
			    curb_str_is(match.params[i], ".."))
				abort();
	}
	router_free(router);
	curb_arena_free(arena);
	return 0;
}
