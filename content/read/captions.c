#include "captions.h"

#include <stdlib.h>

#include "captions_inside.h"

static void put_sound(struct curb_buf *out, struct curb_str text, size_t *i)
{
	size_t from = *i;
	uint32_t c = curb_utf8_next(text, i);
	bool broken = c == 0 || (c == 0xfffd && *i - from == 1);
	if (broken)
		curb_buf_text(out, "\ufffd");
	else
		curb_buf_add(out, text.ptr + from, *i - from);
}

/* Preprocessing of WebVTT, section 6.1, done for SRT too: LF ends lines, no NUL, and UTF-8 whatever came. */
static struct curb_str preprocess(struct curb_arena *arena, struct curb_str text)
{
	if (curb_str_starts(text, "\ufeff"))
		text = curb_str_from(text, 3);
	struct curb_buf out = curb_buf(3 * text.len + 1);
	for (size_t i = 0; i < text.len;) {
		if (text.ptr[i] != '\r') {
			put_sound(&out, text, &i);
			continue;
		}
		curb_buf_char(&out, '\n');
		i += i + 1 < text.len && text.ptr[i + 1] == '\n' ? 2 : 1;
	}
	struct curb_str whole = curb_dup(arena, curb_buf_view(&out));
	curb_buf_free(&out);
	return whole;
}

void builder_repeat(struct captions_builder *builder, const struct caption_cue *cue, struct curb_str clean)
{
	if (builder->set->count == builder->cap) {
		builder->full = true;
		return;
	}
	struct caption_cue *to = &builder->set->cues[builder->set->count++];
	*to = *cue;
	to->text = clean;
}

void builder_add(struct captions_builder *builder, const struct caption_cue *cue)
{
	if (builder->set->count == builder->cap) {
		builder->full = true;
		return;
	}
	bool inner_times = false;
	curb_buf_clear(&builder->out);
	if (!captions_clean(cue->text, &builder->out, &inner_times))
		tally_add(&builder->tally, DOUBT_MARKUP, cue->line);
	if (inner_times)
		tally_add(&builder->tally, DOUBT_INNER_TIME, cue->line);
	builder_repeat(builder, cue, curb_dup(builder->arena, curb_buf_view(&builder->out)));
}

void captions_cue_of_srt(struct curb_arena *arena, struct curb_str text, struct caption_cue *cue)
{
	struct curb_str sound = preprocess(arena, text);
	struct curb_buf markup = curb_buf(8 * sound.len + 64), settings = curb_buf(128);
	struct curb_buf out = curb_buf(40 * sound.len + 64);
	bool inner_times;
	(void)srt_markup(sound, &markup, &settings);
	(void)captions_clean(curb_buf_view(&markup), &out, &inner_times);
	cue->text = curb_dup(arena, curb_buf_view(&out));
	cue->settings = settings.len ? curb_dup(arena, curb_buf_view(&settings)) : curb_str(NULL);
	curb_buf_free(&markup);
	curb_buf_free(&settings);
	curb_buf_free(&out);
}

static bool refuse(const struct caption_report *report, const char *code, int64_t fact)
{
	struct curb_buf a = curb_buf(32);
	curb_buf_int(&a, fact);
	captions_tell(report, code, 1, curb_buf_view(&a), curb_str(NULL));
	curb_buf_free(&a);
	return false;
}

/* In the order in which they are asked; SubRip, which has no mark of its own, takes what is left. */
static const struct format {
	const char *name;
	bool (*is)(struct curb_str text);
	void (*parse)(struct captions_builder *builder, struct curb_str text);
} formats[] = {
	{ "vtt", vtt_is, vtt_parse }, { "ass", ass_is, ass_parse }, { "ttml", ttml_is, ttml_parse },
	{ "sbv", sbv_is, sbv_parse }, { "lrc", lrc_is, lrc_parse }, { "srt", NULL, srt_parse },
};

static const struct format *format_of(struct curb_str text)
{
	const struct format *format = formats;
	while (format->is && !format->is(text))
		format++;
	return format;
}

bool captions_parse(struct curb_arena *arena, struct curb_str text, const struct caption_report *report,
                    struct caption_set *ret_set)
{
	if (text.len > 2 * (size_t)CAPTIONS_BYTES_MAX)
		return refuse(report, "captions.too-big", CAPTIONS_BYTES_MAX >> 20);
	text = preprocess(arena, text);
	const struct format *format = format_of(text);
	struct caption_set set = { .encoding = "UTF-8", .format = format->name };
	struct captions_builder builder = { .arena = arena,
		                            .set = &set,
		                            .out = curb_buf(CAPTIONS_ARENA_MAX) };
	builder.cap = CAPTIONS_CUES_MAX;
	set.cues = curb_alloc_n(arena, builder.cap, sizeof *set.cues);
	format->parse(&builder, text);
	curb_buf_free(&builder.out);
	tally_report(&builder.tally, report);
	if (builder.full)
		return refuse(report, "captions.too-many", CAPTIONS_CUES_MAX);
	if (!set.count) {
		captions_tell(report, "captions.empty", 1, curb_str(NULL), curb_str(NULL));
		return false;
	}
	*ret_set = set;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct caption_cue *x = a, *y = b;
	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

void captions_sort(struct caption_set *set)
{
	qsort(set->cues, set->count, sizeof *set->cues, by_start);
}

enum { SHOWN_MIN_MS = 1000, READ_MS_A_BYTE = 40 };

/* Where the end lies before the start nobody would ever see the cue. From the last to the first, so that the next
 * start is known. */
static void mend_ends(struct caption_set *set)
{
	int64_t next = INT64_MAX;
	for (size_t i = set->count; i > 0; i--) {
		struct caption_cue *cue = &set->cues[i - 1];
		if (i < set->count && cue[1].start_ms > cue->start_ms)
			next = cue[1].start_ms;
		if (cue->end_ms > cue->start_ms)
			continue;
		int64_t end = cue->start_ms + SHOWN_MIN_MS + (int64_t)cue->text.len * READ_MS_A_BYTE;
		cue->end_ms = end < next ? end : next;
	}
}

void captions_fit(struct caption_set *set, int64_t shift_ms, int64_t media_ms)
{
	captions_sort(set);
	mend_ends(set);
	size_t kept = 0;
	for (size_t i = 0; i < set->count; i++) {
		struct caption_cue cue = set->cues[i];
		cue.start_ms += shift_ms;
		cue.end_ms += shift_ms;
		if (cue.start_ms < 0)
			cue.start_ms = 0;
		if (media_ms > 0 && cue.end_ms > media_ms)
			cue.end_ms = media_ms;
		if (cue.end_ms > cue.start_ms)
			set->cues[kept++] = cue;
	}
	set->count = kept;
}
