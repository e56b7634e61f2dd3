/* Shared by the tests of pages: compile, seal and render one text in one call. */
#ifndef CURB_TESTS_PAGE_H
#define CURB_TESTS_PAGE_H

#include "cm.h"

#include "curb/err.h"
#include "page.h"

/* A table of one template "t" and, when `part` is given, another "part". */
static inline int page_of(struct pages *pages, const char *text, const char *part)
{
	const struct curb_embedded files[] = {
		{ "t.html", (const unsigned char *)text, strlen(text) },
		{ part ? "part.html" : NULL, (const unsigned char *)part, part ? strlen(part) : 0 },
		{ NULL, NULL, 0 },
	};
	static const struct curb_embedded assets[] = { { "a.js", (const unsigned char *)"x", 1 },
		                                       { NULL, NULL, 0 } };
	int err = pages_add(pages, "own", files, NULL, assets);
	return err ? err : pages_seal(pages);
}

/* What the template makes of the JSON model; yours: free. NULL when it was refused. */
static inline char *page_text(const char *text, const char *part, const char *json)
{
	struct pages *pages = pages_new();
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *model = NULL;
	struct curb_buf out = curb_buf(1 << 20);
	char *got = NULL;
	assert_int_equal(curb_json_parse(arena, curb_str(json), &model), 0);
	if (page_of(pages, text, part) == 0 &&
	    pages_render(pages, "own", "t", curb_str("en"), model, &out) == 0)
		got = curb_xstrdup(out.data ? out.data : "");
	curb_buf_free(&out);
	curb_arena_free(arena);
	pages_free(pages);
	return got;
}

#endif
