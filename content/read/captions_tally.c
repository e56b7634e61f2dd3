#include "captions_inside.h"

static const char *const codes[] = {
#define X(name, code) [DOUBT_##name] = code,
	CAPTIONS_DOUBTS(X)
#undef X
};

void captions_tell(const struct caption_report *report, const char *code, uint32_t line, struct curb_str a,
                   struct curb_str b)
{
	if (report && report->found)
		report->found(report->arg, code, line, a, b);
}

void tally_add(struct captions_tally *tally, enum captions_doubt doubt, uint32_t line)
{
	uint32_t *count = &tally->count[doubt];
	if (*count < TALLY_LINES)
		tally->lines[doubt][*count] = line;
	(*count)++;
}

void tally_report(const struct captions_tally *tally, const struct caption_report *report)
{
	for (size_t d = 0; d < CAPTIONS_DOUBT_COUNT; d++) {
		uint32_t count = tally->count[d];
		if (!count)
			continue;
		struct curb_buf many = curb_buf(16), where = curb_buf(128);
		curb_buf_int(&many, count);
		for (uint32_t i = 0; i < count && i < TALLY_LINES; i++)
			curb_buf_printf(&where, "%s%u", i ? ", " : "", tally->lines[d][i]);
		if (count > TALLY_LINES)
			curb_buf_text(&where, " …");
		captions_tell(report, codes[d], tally->lines[d][0], curb_buf_view(&many),
		              curb_buf_view(&where));
		curb_buf_free(&many);
		curb_buf_free(&where);
	}
}

bool lines_next(struct captions_lines *lines, struct curb_str *ret_line)
{
	if (lines->offset >= lines->text.len)
		return false;
	const char *from = lines->text.ptr + lines->offset;
	size_t left = lines->text.len - lines->offset;
	const char *end = memchr(from, '\n', left);
	size_t n = end ? (size_t)(end - from) : left;
	*ret_line = curb_str_n(from, n);
	lines->offset += end ? n + 1 : n;
	lines->number++;
	return true;
}

bool captions_has_arrow(struct curb_str line)
{
	return line.len >= 3 && memmem(line.ptr, line.len, "-->", 3) != NULL;
}
