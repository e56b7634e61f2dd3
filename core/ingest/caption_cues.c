/* Captions as rows of drafts keep them: times and plain words. */
#include "caption_draft.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { LONGEST_MS = 48 * 3600 * 1000 };

static void put_one(struct curb_json *j, int64_t start_ms, int64_t end_ms, struct curb_str text)
{
	curb_json_begin(j, '{');
	curb_json_kint(j, "s", start_ms);
	curb_json_kint(j, "e", end_ms);
	curb_json_kstr(j, "t", text);
	curb_json_end(j, '}');
}

int caption_cues_too_much(void)
{
	return curb_fail(CURB_EUNFIT,
	                 "The program that drafts captions wrote more than a lesson can have: %d captions, "
	                 "%d MB altogether. Nothing was kept. Divide the lesson.",
	                 CAPTION_CUES_MOST, CAPTION_JSON_MOST >> 20);
}

/* No more than one caption can be, in whole characters. */
static struct curb_str cut(struct curb_str text)
{
	size_t end = 0, next = 0;
	while (next < text.len && next <= CAPTION_TEXT_MOST) {
		end = next;
		(void)curb_utf8_next(text, &next);
	}
	return next <= CAPTION_TEXT_MOST ? text : curb_str_n(text.ptr, end);
}

int caption_cues_take(const struct curb_value *all, struct curb_buf *out, size_t *ret_count)
{
	const struct curb_value *list = curb_value_get(all, "all");
	size_t n = curb_value_count(list);
	bool fits = curb_value_type(list) == CURB_ARRAY && n > 0 && n <= CAPTION_CUES_MOST;
	struct curb_json j = curb_json(out);
	curb_json_begin(&j, '[');
	for (size_t i = 0; fits && i < n; i++) {
		const struct curb_value *cue = curb_value_at(list, i);
		int64_t start_ms = curb_get_int(cue, "start_ms", -1),
			end_ms = curb_get_int(cue, "end_ms", -1);
		struct curb_str text = curb_get_str(cue, "text");
		fits = start_ms >= 0 && end_ms > start_ms && end_ms <= LONGEST_MS && text.ptr;
		put_one(&j, start_ms, end_ms, cut(text));
	}
	curb_json_end(&j, ']');
	if (!fits || curb_buf_check(out) != 0 || out->len > CAPTION_JSON_MOST)
		return caption_cues_too_much();
	*ret_count = n;
	return 0;
}

int caption_cues_read(struct curb_arena *arena, struct curb_str cues, struct curb_value **ret_cues)
{
	return curb_json_parse(arena, cues, ret_cues);
}

void caption_cues_put(const struct curb_value *cues, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	curb_json_value(&j, cues);
}

/* ---- WebVTT ---- */

static void put_time(struct curb_buf *out, int64_t ms)
{
	curb_buf_printf(out, "%02lld:%02lld:%02lld.%03lld", (long long)(ms / 3600000),
	                (long long)(ms / 60000 % 60), (long long)(ms / 1000 % 60), (long long)(ms % 1000));
}

static void put_line(struct curb_buf *out, struct curb_str line)
{
	for (size_t i = 0; i < line.len; i++)
		switch (line.ptr[i]) {
		case '&': curb_buf_text(out, "&amp;"); break;
		case '<': curb_buf_text(out, "&lt;"); break;
		case '>': curb_buf_text(out, "&gt;"); break;
		case '\r': curb_buf_char(out, ' '); break;
		default: curb_buf_char(out, line.ptr[i]);
		}
	curb_buf_char(out, '\n');
}

void caption_cues_vtt(const struct curb_value *cues, struct curb_buf *out)
{
	curb_buf_text(out, "WEBVTT\n");
	for (size_t i = 0; i < curb_value_count(cues); i++) {
		const struct curb_value *cue = curb_value_at(cues, i);
		struct curb_str rest = curb_str_trim(curb_get_str(cue, "t")), line;
		if (!rest.len)
			continue;
		curb_buf_char(out, '\n');
		put_time(out, curb_get_int(cue, "s", 0));
		curb_buf_text(out, " --> ");
		put_time(out, curb_get_int(cue, "e", 0));
		curb_buf_char(out, '\n');
		while (curb_str_cut(&rest, '\n', &line))
			if (curb_str_trim(line).len)
				put_line(out, curb_str_trim(line));
	}
}
