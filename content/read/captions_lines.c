/* Two formats of plain lines. LRC, the texts of songs: "[mm:ss.xx]words", several times before one text, each until the next.
 * SBV, as video sites hand it out: "0:00:01.000,0:00:02.500", then the words, then an empty line.
 */
#include <stdlib.h>

#include "captions_inside.h"

enum { LOOK_LINES = 20 };

/* "1:02:03.45", "2:03.4", "2:03"; the fraction is as long as it likes. Moves *at behind it. */
static bool take_time(struct curb_str line, size_t *at, int64_t *ret_ms)
{
	enum { SIXTY = 60, PARTS = 3, DIGITS = 6 };
	int64_t value = 0, unit = 100, part = 0;
	size_t parts = 0, digits = 0, i = *at;
	for (; i < line.len; i++) {
		char c = line.ptr[i];
		if (c >= '0' && c <= '9' && digits++ < DIGITS) {
			part = part * 10 + (c - '0');
		} else if (c == ':' && digits && ++parts < PARTS) {
			value = (value + part) * SIXTY;
			part = 0;
			digits = 0;
		} else {
			break;
		}
	}
	if (!parts || parts >= PARTS || !digits || part >= SIXTY)
		return false;
	value = (value + part) * 1000;
	if (i < line.len && (line.ptr[i] == '.' || line.ptr[i] == ','))
		for (i++; i < line.len && line.ptr[i] >= '0' && line.ptr[i] <= '9'; i++, unit /= 10)
			value += (line.ptr[i] - '0') * unit;
	*at = i;
	*ret_ms = value;
	return true;
}

/* Words are text: what would be markup in WebVTT is written so that it is shown. */
static void add_words(struct captions_builder *builder, struct caption_cue *cue, struct curb_str words)
{
	struct curb_buf text = curb_buf(8 * words.len + 64), settings = curb_buf(128);
	(void)srt_markup(words, &text, &settings);
	cue->text = curb_buf_view(&text);
	builder_add(builder, cue);
	curb_buf_free(&text);
	curb_buf_free(&settings);
}

/* ---- LRC ---- */

/* "[mm:ss.xx]" at *at, moved behind it. */
static bool take_stamp(struct curb_str line, size_t *at, int64_t *ret_ms)
{
	size_t i = *at + 1;
	if (*at >= line.len || line.ptr[*at] != '[' || !take_time(line, &i, ret_ms) || i >= line.len ||
	    line.ptr[i] != ']')
		return false;
	*at = i + 1;
	return true;
}

bool lrc_is(struct curb_str text)
{
	struct captions_lines lines = { .text = text };
	struct curb_str line;
	while (lines_next(&lines, &line) && lines.number <= LOOK_LINES) {
		size_t at = 0;
		int64_t ms;
		if (captions_has_arrow(line))
			return false;
		if (take_stamp(curb_str_trim(line), &at, &ms))
			return true;
	}
	return false;
}

/* "[offset:+500]": the words come so much earlier. */
static int64_t offset_of(struct curb_str line)
{
	enum { MOST = 3600000 };
	int64_t ms = 0;
	if (!curb_str_starts(line, "[offset:") || line.ptr[line.len - 1] != ']')
		return 0;
	struct curb_str number = curb_str_trim(curb_str_n(line.ptr + 8, line.len - 9));
	if (curb_str_starts(number, "+"))
		number = curb_str_from(number, 1);
	return curb_str_int(number, &ms) && llabs(ms) < MOST ? ms : 0;
}

/* The times of single words, "<00:01.20>", are taken off. */
static struct curb_str without_word_times(struct curb_arena *arena, struct curb_str words)
{
	char *kept = curb_alloc(arena, words.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < words.len;) {
		size_t at = i + 1;
		int64_t ms;
		if (words.ptr[i] == '<' && take_time(words, &at, &ms) && at < words.len &&
		    words.ptr[at] == '>')
			i = at + 1;
		else
			kept[n++] = words.ptr[i++];
	}
	return curb_str_trim(curb_str_n(kept, n));
}

/* Each lasts until the next one; a line without words only ends what was before. */
static void end_cues(struct caption_set *set)
{
	enum { LAST_MS = 5000 };
	size_t kept = 0;
	captions_sort(set);
	for (size_t i = 0; i < set->count; i++)
		set->cues[i].end_ms = i + 1 < set->count ? set->cues[i + 1].start_ms :
		                                           set->cues[i].start_ms + LAST_MS;
	for (size_t i = 0; i < set->count; i++)
		if (set->cues[i].text.len && set->cues[i].end_ms > set->cues[i].start_ms)
			set->cues[kept++] = set->cues[i];
	set->count = kept;
}

void lrc_parse(struct captions_builder *builder, struct curb_str text)
{
	struct captions_lines lines = { .text = text };
	struct curb_str line;
	int64_t offset = 0;
	while (lines_next(&lines, &line) && !builder->full) {
		size_t behind = 0;
		int64_t ms;
		line = curb_str_trim(line);
		while (take_stamp(line, &behind, &ms))
			;
		if (!behind) {
			offset = offset ? offset : offset_of(line);
			if (line.len && line.ptr[0] != '[')
				tally_add(&builder->tally, DOUBT_STRAY, lines.number);
			continue;
		}
		struct curb_str words = without_word_times(builder->arena, curb_str_from(line, behind));
		size_t first = builder->set->count;
		for (size_t at = 0; at < behind && take_stamp(line, &at, &ms) && !builder->full;) {
			struct caption_cue cue = { .start_ms = ms > offset ? ms - offset : 0,
				                   .line = lines.number };
			if (builder->set->count == first)
				add_words(builder, &cue, words);
			else
				builder_repeat(builder, &cue, builder->set->cues[first].text);
		}
	}
	end_cues(builder->set);
}

/* ---- SBV ---- */

static bool take_times(struct curb_str line, struct caption_cue *cue)
{
	size_t at = 0;
	line = curb_str_trim(line);
	return take_time(line, &at, &cue->start_ms) && at < line.len && line.ptr[at] == ',' &&
	       take_time(line, (at++, &at), &cue->end_ms) && at == line.len;
}

bool sbv_is(struct curb_str text)
{
	struct captions_lines lines = { .text = text };
	struct curb_str line;
	struct caption_cue cue;
	while (lines_next(&lines, &line))
		if (curb_str_trim(line).len)
			return take_times(line, &cue);
	return false;
}

void sbv_parse(struct captions_builder *builder, struct curb_str text)
{
	struct captions_lines lines = { .text = text };
	struct curb_buf words = curb_buf(text.len + 16);
	struct curb_str line;
	struct caption_cue cue = { .line = 0 };
	bool more = true;
	while (more && !builder->full) {
		struct caption_cue next = { .line = 0 };
		more = lines_next(&lines, &line);
		bool times = more && take_times(line, &next);
		if ((times || !more) && cue.line)
			add_words(builder, &cue, curb_str_trim(curb_buf_view(&words)));
		if (times) {
			cue = next;
			cue.line = lines.number;
			curb_buf_clear(&words);
		} else if (more && cue.line) {
			curb_buf_str(&words, line);
			curb_buf_char(&words, '\n');
		}
	}
	curb_buf_free(&words);
}
