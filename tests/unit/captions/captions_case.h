/* What every test of captions needs: a parsed text and the doubts that were told. */
#ifndef CURB_TESTS_CAPTIONS_CASE_H
#define CURB_TESTS_CAPTIONS_CASE_H

#include "captions.h"
#include "cm.h"

enum { TOLD_MAX = 32 };

struct told {
	char code[32], a[32], b[64];
	uint32_t line;
};

struct captions_case {
	struct curb_arena *arena;
	struct caption_set set;
	bool ok;
	struct caption_report report;
	struct told told[TOLD_MAX];
	size_t n_told;
};

void case_open(struct captions_case *c);
void case_parse(struct captions_case *c, const char *text); /* opens it too */
void case_parse_n(struct captions_case *c, struct curb_str text);
void case_close(struct captions_case *c);

/* The doubt of that code, or NULL. */
const struct told *case_told(const struct captions_case *c, const char *code);
/* The set as a file; yours: free(). */
char *case_vtt(const struct caption_set *set);

#define assert_str(s, text) \
	assert_string_equal(curb_cstr(c.arena, (s)), (text)) /* cmocka tells line and both texts */

#endif
