#include "captions_inside.h"
#include "curb/json.h"

static void put_time(struct curb_buf *out, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	curb_buf_printf(out, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
	                (int)(ms / 1000 % 60), (int)(ms % 1000));
}

void captions_write_vtt(const struct caption_set *set, struct curb_buf *out)
{
	curb_buf_text(out, "WEBVTT\n\n");
	curb_buf_str(out, set->styles);
	for (size_t i = 0; i < set->count; i++) {
		const struct caption_cue *cue = &set->cues[i];
		if (cue->id.len) {
			curb_buf_str(out, cue->id);
			curb_buf_char(out, '\n');
		}
		put_time(out, cue->start_ms);
		curb_buf_text(out, " --> ");
		put_time(out, cue->end_ms);
		if (cue->settings.len) {
			curb_buf_char(out, ' ');
			curb_buf_str(out, cue->settings);
		}
		curb_buf_char(out, '\n');
		curb_buf_str(out, cue->text);
		curb_buf_text(out, cue->text.len ? "\n\n" : "\n");
	}
}

enum { PAUSE_MS = 2000 };

struct transcript {
	struct curb_buf *out;
	struct curb_json json;
	struct curb_buf line;    /* one part, joined */
	struct curb_buf speaker; /* of the part before */
	const struct caption_cue *cue;
	int64_t last_end_ms;
	uint32_t last_point; /* written last */
	bool any;
};

static uint32_t last_point(struct curb_str text)
{
	size_t i = text.len;
	while (i > 0 && ((unsigned char)text.ptr[--i] & 0xc0) == 0x80)
		;
	return text.len ? curb_utf8_next(text, &i) : 0;
}

static bool voice_changes(struct transcript *t, struct curb_str speaker)
{
	bool same = t->any && curb_str_eq(curb_str_n(speaker.ptr ? speaker.ptr : "", speaker.len),
	                                  curb_buf_view(&t->speaker));
	curb_buf_clear(&t->speaker);
	curb_buf_str(&t->speaker, speaker);
	return !same;
}

static void put_line(struct transcript *t, struct curb_str speaker, bool named, struct curb_str text)
{
	curb_buf_clear(&t->line);
	if (named && speaker.len) {
		captions_join(speaker, &t->line);
		curb_buf_text(&t->line, ": ");
	}
	captions_join(text, &t->line);
}

static void said_in_paragraph(void *arg, struct curb_str speaker, struct curb_str text)
{
	struct transcript *t = arg;
	bool changes = voice_changes(t, speaker);
	put_line(t, speaker, changes, text);
	bool paragraph = changes || t->cue->start_ms - t->last_end_ms > PAUSE_MS;
	if (t->any && paragraph) {
		curb_buf_text(t->out, "\n\n");
	} else if (t->any) {
		size_t i = 0;
		uint32_t first = curb_utf8_next(curb_buf_view(&t->line), &i);
		bool tight = captions_wide(first) && captions_wide(t->last_point);
		curb_buf_text(t->out, tight ? "" : " ");
	}
	curb_buf_str(t->out, curb_buf_view(&t->line));
	t->last_point = last_point(curb_buf_view(&t->line));
	t->any = true;
}

static void said_in_json(void *arg, struct curb_str speaker, struct curb_str text)
{
	struct transcript *t = arg;
	put_line(t, speaker, voice_changes(t, speaker), text);
	curb_json_begin(&t->json, '{');
	curb_json_kint(&t->json, "start_ms", t->cue->start_ms);
	curb_json_kint(&t->json, "end_ms", t->cue->end_ms);
	curb_json_kstr(&t->json, "text", curb_buf_view(&t->line));
	curb_json_end(&t->json, '}');
	t->any = true;
}

static void each_part(const struct caption_set *set, struct transcript *t, captions_said_fn said)
{
	t->line = curb_buf(CAPTIONS_OUT_MAX);
	t->speaker = curb_buf(CAPTIONS_OUT_MAX);
	for (size_t i = 0; i < set->count; i++) {
		t->cue = &set->cues[i];
		captions_said(t->cue->text, said, t);
		if (t->cue->end_ms > t->last_end_ms)
			t->last_end_ms = t->cue->end_ms;
	}
	curb_buf_free(&t->line);
	curb_buf_free(&t->speaker);
}

void captions_write_text(const struct caption_set *set, struct curb_buf *out)
{
	struct transcript t = { .out = out };
	each_part(set, &t, said_in_paragraph);
	if (t.any)
		curb_buf_char(out, '\n');
}

void captions_write_transcript_json(const struct caption_set *set, struct curb_buf *out)
{
	struct transcript t = { .out = out, .json = curb_json(out) };
	curb_json_begin(&t.json, '[');
	each_part(set, &t, said_in_json);
	curb_json_end(&t.json, ']');
}
