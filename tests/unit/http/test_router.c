#include "cm.h"
#include "curb/err.h"
#include "inside.h"

static int handle(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return 0;
}

#define ROW(method, path)                                                                              \
	{                                                                                              \
		method, path, CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, handle, CURB_LANE_ANY \
	}

static const struct curb_route rows[] = {
	ROW("GET", "/"),
	ROW("GET", "/courses"),
	ROW("POST", "/courses"),
	ROW("GET", "/courses/new"),
	ROW("GET", "/courses/:id"),
	ROW("GET", "/courses/:id/units/:unit"),
	ROW("GET", "/courses/:id/*rest"),
	ROW("GET", "/opds/"),
	ROW("OPTIONS", "/files"),
	ROW("POST", "/files"),
};

static struct router *make(void)
{
	struct router *router = router_new();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct route route = { .row = &rows[i], .host = &curb_core_host };
		assert_int_equal(router_add(router, &route), 0);
	}
	router_seal(router);
	return router;
}

static struct curb_arena *arena; /* what parameters point into */

static int setup(void **unused)
{
	(void)unused;
	arena = curb_arena_new(1 << 20);
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	curb_arena_free(arena);
	return 0;
}

/* The pattern found, or NULL with the error. */
static const char *find(struct router *router, const char *method, const char *path,
                        struct route_match *match, int *ret_err)
{
	struct curb_str *segments = curb_alloc_n(arena, HTTP_SEGMENTS_MAX, sizeof *segments), whole;
	size_t n = 0;
	*match = (struct route_match){ .route = NULL };
	assert_int_equal(path_split(arena, curb_str(path), segments, &n, &whole), 0);
	*ret_err = router_find(router, curb_str(method), segments, n, match);
	return *ret_err ? NULL : match->route->row->path;
}

static void router__finds_the_most_literal(void **unused)
{
	(void)unused;
	static const struct {
		const char *path, *pattern;
	} cases[] = {
		{ "/", "/" },
		{ "/courses", "/courses" },
		{ "/courses/new", "/courses/new" },
		{ "/courses/news", "/courses/:id" },
		{ "/courses/ne", "/courses/:id" },
		{ "/courses/new/units/2", "/courses/:id/units/:unit" },
		{ "/courses/7/units/2", "/courses/:id/units/:unit" },
		{ "/courses/7/units", "/courses/:id/*rest" },
		{ "/courses/7/units/2/3", "/courses/:id/*rest" },
		{ "/opds/", "/opds/" },
	};
	struct router *router = make();
	struct route_match match;
	int err = 0;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *pattern = find(router, "GET", cases[i].path, &match, &err);
		if (!pattern || strcmp(pattern, cases[i].pattern) != 0)
			fail_msg("%s: %s", cases[i].path, pattern ? pattern : curb_error_text());
	}
	router_free(router);
}

static void router__gives_parameters(void **unused)
{
	(void)unused;
	struct router *router = make();
	struct route_match match;
	int err = 0;
	(void)find(router, "GET", "/courses/7/units/2", &match, &err);
	assert_true(curb_str_is(match.route->names[0], "id") && curb_str_is(match.params[0], "7"));
	assert_true(curb_str_is(match.route->names[1], "unit") && curb_str_is(match.params[1], "2"));
	(void)find(router, "GET", "/courses/7/a/b%20c", &match, &err);
	assert_true(curb_str_is(match.route->names[1], "rest") && curb_str_is(match.params[1], "a/b c"));
	router_free(router);
}

static void router__whole_segments_only(void **unused)
{
	(void)unused;
	static const char *const not_there[] = { "/course", "/coursesx", "/courses/", "/Courses",
		                                 "/opds",   "//courses", "/x" };
	struct router *router = make();
	struct route_match match;
	int err = 0;
	for (size_t i = 0; i < sizeof not_there / sizeof *not_there; i++)
		if (find(router, "GET", not_there[i], &match, &err) || err != CURB_ENOTFOUND)
			fail_msg("found: %s", not_there[i]);
	router_free(router);
}

static void router__tells_what_is_allowed(void **unused)
{
	(void)unused;
	struct router *router = make();
	struct route_match match;
	int err = 0;
	assert_null(find(router, "PUT", "/courses", &match, &err));
	assert_int_equal(err, CURB_EMETHOD);
	assert_string_equal(match.allow, "GET, HEAD, POST, OPTIONS");
	assert_null(find(router, "DELETE", "/files", &match, &err));
	assert_string_equal(match.allow, "OPTIONS, POST");
	router_free(router);
}

static void refused(struct curb_route row, const char *words)
{
	struct router *router = router_new();
	const struct route route = { .row = &row, .host = &curb_core_host };
	assert_int_equal(router_add(router, &route), CURB_EINVAL);
	if (!strstr(curb_error_text(), words))
		fail_msg("said: %s", curb_error_text());
	router_free(router);
}

static void router__refuses_open_doors(void **unused)
{
	(void)unused;
	struct curb_route row = ROW("GET", "/x");
	row.roles = 0;
	refused(row, "names no role");
	row = (struct curb_route)ROW("GET", "/x");
	row.scope = CURB_SCOPE_UNSET;
	refused(row, "has no scope");
	row = (struct curb_route)ROW("GET", "/x");
	row.handle = NULL;
	refused(row, "no handler");
	row = (struct curb_route)ROW("FETCH", "/x");
	refused(row, "unknown method");
	row = (struct curb_route)ROW("GET", "x");
	refused(row, "starts with /");
	row = (struct curb_route)ROW("GET", "/*rest/more");
	refused(row, "* before the end");
	row = (struct curb_route)ROW("POST", "/x");
	row.body = CURB_BODY_JSON;
	row.body_max = 5 << 20;
	refused(row, "4 MB");
}

static void router__refuses_the_same_route_twice(void **unused)
{
	(void)unused;
	static const struct curb_route again = ROW("GET", "/courses/:other");
	struct router *router = make();
	const struct route route = { .row = &again, .host = &curb_core_host };
	assert_int_equal(router_add(router, &route), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "twice"));
	router_free(router);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(router__finds_the_most_literal),
		cmocka_unit_test(router__gives_parameters),
		cmocka_unit_test(router__whole_segments_only),
		cmocka_unit_test(router__tells_what_is_allowed),
		cmocka_unit_test(router__refuses_open_doors),
		cmocka_unit_test(router__refuses_the_same_route_twice),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
