#include "captions_inside.h"

/* ---- well-formed cue text ---- */
struct cleaner {
	struct curb_buf *out;
	size_t start; /* of this cue text in out */
	bool inner_times;
};

static char last_of(const struct cleaner *c)
{
	return c->out->len > c->start ? c->out->data[c->out->len - 1] : '\0';
}

static void put_escaped(struct cleaner *c, struct curb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char ch = text.ptr[i] == '\r' ? '\n' : text.ptr[i];
		if (ch == '&')
			curb_buf_text(c->out, "&amp;");
		else if (ch == '<')
			curb_buf_text(c->out, "&lt;");
		else if (ch == '>')
			curb_buf_text(c->out, "&gt;");
		else if (ch == '\n' && (last_of(c) == '\n' || last_of(c) == '\0'))
			continue; /* an empty line would end the cue */
		else
			curb_buf_char(c->out, ch ? ch : ' ');
	}
}

static void put_open(struct cleaner *c, const struct vtt_event *event)
{
	curb_buf_char(c->out, '<');
	curb_buf_text(c->out, vtt_tag_name(event->tag));
	struct curb_str rest = event->classes, one;
	while (curb_str_cut(&rest, '.', &one)) {
		if (!one.len)
			continue;
		curb_buf_char(c->out, '.');
		curb_buf_str(c->out, one);
	}
	if (event->text.len && (event->tag == VTT_V || event->tag == VTT_LANG)) {
		curb_buf_char(c->out, ' ');
		put_escaped(c, event->text);
	}
	curb_buf_text(c->out, last_of(c) == '-' ? " >" : ">"); /* never an arrow */
}

static void clean_event(void *arg, const struct vtt_event *event)
{
	struct cleaner *c = arg;
	if (event->kind == VTT_TEXT)
		put_escaped(c, event->text);
	else if (event->kind == VTT_OPEN)
		put_open(c, event);
	else if (event->kind == VTT_CLOSE)
		curb_buf_printf(c->out, "</%s>", vtt_tag_name(event->tag));
	else
		c->inner_times = true;
}

bool captions_clean(struct curb_str cue_text, struct curb_buf *out, bool *ret_inner_times)
{
	struct cleaner c = { .out = out, .start = out->len };
	bool clean = vtt_walk(cue_text, clean_event, &c);
	while (last_of(&c) == '\n')
		out->data[--out->len] = '\0';
	*ret_inner_times = c.inner_times;
	return clean;
}

/* ---- plain text ---- */
struct speech {
	captions_said_fn said;
	void *arg;
	struct curb_buf text, speaker;
	bool named;
};

static void flush(struct speech *s)
{
	struct curb_str text = curb_str_trim(curb_buf_view(&s->text));
	if (text.len)
		s->said(s->arg, s->named ? curb_buf_view(&s->speaker) : curb_str(NULL), text);
	curb_buf_clear(&s->text);
}

static void speech_event(void *arg, const struct vtt_event *event)
{
	struct speech *s = arg;
	bool voice = event->tag == VTT_V;
	if (event->kind == VTT_TEXT) {
		curb_buf_str(&s->text, event->text);
	} else if (event->kind == VTT_OPEN && voice) {
		flush(s);
		curb_buf_clear(&s->speaker);
		curb_buf_str(&s->speaker, event->text);
		s->named = event->text.len > 0;
	} else if (event->kind == VTT_CLOSE && voice) {
		flush(s);
		s->named = false;
	} else if (event->tag == VTT_RT && event->kind != VTT_TIME) {
		curb_buf_char(&s->text, event->kind == VTT_OPEN ? '(' : ')');
	}
}

void captions_said(struct curb_str cue_text, captions_said_fn said, void *arg)
{
	size_t max = 2 * cue_text.len + 16;
	struct speech s = { .said = said, .arg = arg, .text = curb_buf(max), .speaker = curb_buf(max) };
	(void)vtt_walk(cue_text, speech_event, &s);
	flush(&s);
	curb_buf_free(&s.text);
	curb_buf_free(&s.speaker);
}

bool captions_wide(uint32_t c)
{
	return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff01 && c <= 0xff60) ||
	       (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x20000 && c <= 0x3fffd);
}

void captions_join(struct curb_str text, struct curb_buf *out)
{
	uint32_t before = 0;
	bool blank = false, line_end = false;
	for (size_t i = 0; i < text.len;) {
		size_t from = i;
		uint32_t c = curb_utf8_next(text, &i);
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
			blank = true;
			line_end = line_end || c == '\n';
			continue;
		}
		bool drop = line_end && captions_wide(before) && captions_wide(c);
		if (blank && before && !drop)
			curb_buf_char(out, ' ');
		curb_buf_add(out, text.ptr + from, i - from);
		before = c;
		blank = line_end = false;
	}
}
