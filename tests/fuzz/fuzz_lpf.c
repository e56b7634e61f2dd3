#include "fuzz.h"

#include <stdlib.h>

#include "lpf.h"

static void found(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	(void)code;
	(void)a;
	(void)b;
	++*(size_t *)arg;
}

/* The bytes as a manifest, and as a page with a table of contents. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 64 << 20, LINKS = 100 };
	struct curb_arena *arena = curb_arena_new(ROOM);
	struct curb_str text = { (const char *)bytes, size }, url, json;
	struct lpf_link links[LINKS];
	struct lpf_book book;
	size_t findings = 0;
	const struct lpf_report report = { found, &findings };
	if (!lpf_parse_manifest(arena, text, &report, &book) && !findings)
		abort();
	size_t count = lpf_parse_toc(arena, text, links, LINKS);
	if (count > LINKS)
		abort();
	for (size_t i = 0; i < count; i++) {
		if (links[i].level < 1)
			abort();
		(void)lpf_path(arena, links[i].url);
		(void)lpf_fragment_ms(links[i].url);
	}
	(void)lpf_find_manifest(arena, text, &url, &json);
	(void)lpf_duration_ms(text);
	curb_arena_free(arena);
	return 0;
}
