#include "captions_case.h"

#include <stdio.h>
#include <stdlib.h>

static void found(void *arg, const char *code, uint32_t line, struct curb_str a, struct curb_str b)
{
	struct captions_case *c = arg;
	assert_true(c->n_told < TOLD_MAX);
	struct told *told = &c->told[c->n_told++];
	told->line = line;
	(void)snprintf(told->code, sizeof told->code, "%s", code);
	(void)snprintf(told->a, sizeof told->a, "%.*s", (int)a.len, a.ptr ? a.ptr : "");
	(void)snprintf(told->b, sizeof told->b, "%.*s", (int)b.len, b.ptr ? b.ptr : "");
}

void case_open(struct captions_case *c)
{
	memset(c, 0, sizeof *c);
	c->arena = curb_arena_new(CAPTIONS_ARENA_MAX);
	c->report = (struct caption_report){ found, c };
}

void case_parse_n(struct captions_case *c, struct curb_str text)
{
	case_open(c);
	c->ok = captions_parse(c->arena, text, &c->report, &c->set);
}

void case_parse(struct captions_case *c, const char *text)
{
	case_parse_n(c, curb_str(text));
}

void case_close(struct captions_case *c)
{
	curb_arena_free(c->arena);
}

const struct told *case_told(const struct captions_case *c, const char *code)
{
	for (size_t i = 0; i < c->n_told; i++) {
		if (strcmp(c->told[i].code, code) == 0)
			return &c->told[i];
	}
	return NULL;
}

char *case_vtt(const struct caption_set *set)
{
	struct curb_buf out = curb_buf(CAPTIONS_OUT_MAX);
	captions_write_vtt(set, &out);
	assert_false(out.failed);
	return out.data;
}
