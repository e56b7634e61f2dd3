/* SubRip, which has no specification: a line with two times begins a cue, all else is tolerance. Numbers may be
 * missing, empty lines may stand inside, times come with commas, points, full-width signs and one to three digits.
 */
#include "captions_inside.h"

struct scan {
	struct curb_str text;
	size_t at;
	bool mended;
};

static bool take(struct scan *s, const char *sign)
{
	size_t n = strlen(sign);
	if (s->text.len - s->at < n || memcmp(s->text.ptr + s->at, sign, n) != 0)
		return false;
	s->at += n;
	return true;
}

static void take_blanks(struct scan *s)
{
	while (take(s, " ") || take(s, "\t") || take(s, "\u00a0") || take(s, "\u3000"))
		;
}

static bool take_number(struct scan *s, size_t max, int64_t *ret_value, size_t *ret_n)
{
	size_t from = s->at;
	int64_t value = 0;
	while (s->at < s->text.len && s->text.ptr[s->at] >= '0' && s->text.ptr[s->at] <= '9' &&
	       s->at - from < max)
		value = value * 10 + (s->text.ptr[s->at++] - '0');
	*ret_n = s->at - from;
	*ret_value = value;
	return *ret_n > 0;
}

/* One of two signs; the second is a slip that we mend. */
static bool take_sign(struct scan *s, const char *right, const char *slip)
{
	if (take(s, right))
		return true;
	if (!take(s, slip))
		return false;
	s->mended = true;
	return true;
}

/* The fraction behind the seconds: ",5" is half a second. */
static bool take_fraction(struct scan *s, int64_t *ret_ms)
{
	size_t n, rest;
	int64_t ignored;
	*ret_ms = 0;
	if (!take(s, ",") && !take_sign(s, ".", "\uff0c") && !take_sign(s, "\uff0e", ":")) {
		s->mended = true;
		return true;
	}
	if (!take_number(s, 3, ret_ms, &n))
		return false;
	s->mended = s->mended || n != 3;
	for (; n < 3; n++)
		*ret_ms *= 10;
	(void)take_number(s, 9, &ignored, &rest);
	return true;
}

static bool take_time(struct scan *s, int64_t *ret_ms)
{
	int64_t parts[3] = { 0 }, ms;
	size_t count = 0, n;
	while (count < 3) {
		if (!take_number(s, 6, &parts[count++], &n))
			return false;
		size_t before = s->at;
		take_blanks(s);
		if (count == 3 || !take_sign(s, ":", "\uff1a")) {
			s->at = count == 3 ? before : s->at;
			break;
		}
		take_blanks(s);
	}
	if (count < 2)
		return false;
	if (count == 2) {
		parts[2] = parts[1];
		parts[1] = parts[0];
		parts[0] = 0;
		s->mended = true;
	}
	if (parts[1] > 59 || parts[2] > 59 || !take_fraction(s, &ms))
		return false;
	*ret_ms = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + ms;
	return true;
}

static bool take_arrow(struct scan *s)
{
	if (take(s, "-->"))
		return true;
	s->mended = true;
	return take(s, "->") || take(s, "--\uff1e") || take(s, "\u2192") || take(s, "\u2014>") ||
	       take(s, "\u2013>");
}

enum line_kind { LINE_TEXT, LINE_TIMES, LINE_BROKEN };

/* A line that begins with a digit and has an arrow was meant as times. */
static enum line_kind read_line(struct curb_str line, struct caption_cue *cue, bool *ret_mended)
{
	struct scan s = { .text = line };
	take_blanks(&s);
	size_t first = s.at;
	if (first >= line.len || line.ptr[first] < '0' || line.ptr[first] > '9')
		return LINE_TEXT;
	bool times = take_time(&s, &cue->start_ms);
	take_blanks(&s);
	times = times && take_arrow(&s);
	take_blanks(&s);
	times = times && take_time(&s, &cue->end_ms);
	bool ends = s.at == line.len || strchr(" \tXx", line.ptr[s.at]); /* X1:… are places on the picture */
	*ret_mended = s.mended;
	if (times && ends)
		return LINE_TIMES;
	return captions_has_arrow(line) ? LINE_BROKEN : LINE_TEXT;
}

static bool is_number(struct curb_str line, int64_t *ret_number)
{
	return curb_str_int(curb_str_trim(line), ret_number) && *ret_number >= 0;
}

struct reader {
	struct captions_builder *builder;
	struct caption_cue cue;
	enum { AT_START, IN_CUE, IN_BROKEN } state;
	struct curb_buf text;
	int64_t number;    /* of the cue we are in; -1: none */
	bool blank_before; /* the line before was empty */
	bool inner_blank;  /* an empty line stands before text of the same cue */
	/* A line of digits alone waits: it is the next cue's number if times follow, else text. */
	struct curb_str held;
	bool held_after_blank;
	uint32_t line;
};

static void add_text(struct reader *r, struct curb_str line, bool after_blank)
{
	if (r->state == AT_START)
		tally_add(&r->builder->tally, DOUBT_STRAY, r->line);
	if (r->state != IN_CUE)
		return;
	r->inner_blank = r->inner_blank || (after_blank && r->text.len);
	if (r->text.len)
		curb_buf_char(&r->text, '\n');
	curb_buf_str(&r->text, line);
}

static void release_held(struct reader *r)
{
	if (r->held.ptr)
		add_text(r, r->held, r->held_after_blank);
	r->held = curb_str(NULL);
}

static void finish_cue(struct reader *r)
{
	struct captions_builder *b = r->builder;
	if (r->state == IN_CUE) {
		struct curb_buf text = curb_buf(8 * r->text.len + 64), settings = curb_buf(128);
		if (!srt_markup(curb_buf_view(&r->text), &text, &settings))
			tally_add(&b->tally, DOUBT_MARKUP, r->cue.line);
		if (r->inner_blank)
			tally_add(&b->tally, DOUBT_INNER_BLANK, r->cue.line);
		r->cue.text = curb_buf_view(&text);
		r->cue.settings = settings.len ? curb_dup(b->arena, curb_buf_view(&settings)) :
		                                 curb_str(NULL);
		builder_add(b, &r->cue);
		curb_buf_free(&text);
		curb_buf_free(&settings);
	}
	curb_buf_clear(&r->text);
	r->inner_blank = false;
}

/* With an empty line before it, or in sequence, a number belongs to the times that follow. */
static void settle_number(struct reader *r)
{
	int64_t number = -1;
	if (r->held.ptr && is_number(r->held, &number) &&
	    (r->held_after_blank || r->state != IN_CUE || !r->text.len || number == r->number + 1))
		r->held = curb_str(NULL);
	else
		number = -1;
	release_held(r);
	r->number = number;
}

static void begin_cue(struct reader *r, enum line_kind kind, const struct caption_cue *cue, bool mended)
{
	settle_number(r);
	finish_cue(r);
	r->cue = *cue;
	r->state = kind == LINE_TIMES ? IN_CUE : IN_BROKEN;
	if (kind == LINE_BROKEN)
		tally_add(&r->builder->tally, DOUBT_TIME, cue->line);
	else if (mended)
		tally_add(&r->builder->tally, DOUBT_TIME_FORM, cue->line);
}

static void read_text(struct reader *r, struct curb_str line)
{
	int64_t number;
	if (!curb_str_trim(line).len) {
		r->blank_before = true;
		return;
	}
	release_held(r);
	if (is_number(line, &number)) {
		r->held = line;
		r->held_after_blank = r->blank_before;
	} else {
		add_text(r, line, r->blank_before);
	}
	r->blank_before = false;
}

void srt_parse(struct captions_builder *builder, struct curb_str text)
{
	struct reader r = {
		.builder = builder, .text = curb_buf(text.len + 16), .number = -1, .blank_before = true
	};
	struct captions_lines lines = { .text = text };
	struct curb_str line;
	while (lines_next(&lines, &line) && !builder->full) {
		struct caption_cue cue = { .line = lines.number };
		bool mended = false;
		r.line = lines.number;
		enum line_kind kind = read_line(line, &cue, &mended);
		if (kind == LINE_BROKEN && r.state == IN_CUE && !r.blank_before && !r.held.ptr)
			kind = LINE_TEXT; /* "3 --> 4" in the middle of what is said */
		if (kind == LINE_TEXT) {
			read_text(&r, line);
		} else {
			begin_cue(&r, kind, &cue, mended);
			r.blank_before = false;
		}
	}
	int64_t number;
	if (r.held_after_blank && is_number(r.held, &number) && number == r.number + 1)
		r.held = curb_str(NULL); /* the number of a cue that never came */
	release_held(&r);
	finish_cue(&r);
	curb_buf_free(&r.text);
}
