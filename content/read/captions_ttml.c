/* TTML 2 and IMSC: XML with paragraphs in time. Times are kept as section 12 has them (containers in parallel), words with line
 * breaks, italics, bold and underline of their own elements, and who speaks (ttm:agent by its name) is not asked for. Regions and
 * colours are left out.
 */
#include <stdlib.h>

#include "captions_inside.h"
#include "xml.h"

enum { DEEPEST = 64 };

struct element {
	int64_t begin_ms, end_ms; /* absolute; end -1: as long as what it lies in */
	bool cue;                 /* its words are a cue of their own */
	bool keep_space;
	const char *closing; /* what ends its style in the words */
	size_t words_from;
	uint32_t line;
};

struct ttml {
	struct captions_builder *builder;
	struct element open[DEEPEST];
	int depth;
	int64_t frame_rate, tick_rate; /* a thousand seconds have as many */
	struct curb_buf words;
	unsigned long line;
	bool space; /* a blank stands before the next word */
	bool in_body, left_out;
};

/* ---- times (TTML 2, section 12.3.1) ---- */

static bool digits(struct curb_str s, size_t *at, int64_t *ret_value)
{
	enum { MOST = 1000000000 };
	size_t from = *at;
	int64_t value = 0;
	for (; *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9' && value < MOST; (*at)++)
		value = value * 10 + (s.ptr[*at] - '0');
	*ret_value = value;
	return *at > from;
}

/* ".25" to microseconds. */
static int64_t fraction_us(struct curb_str s, size_t *at)
{
	int64_t us = 0, unit = 100000;
	if (*at >= s.len || s.ptr[*at] != '.')
		return 0;
	for ((*at)++; *at < s.len && s.ptr[*at] >= '0' && s.ptr[*at] <= '9'; (*at)++, unit /= 10)
		us += (s.ptr[*at] - '0') * unit;
	return us;
}

/* "12.5s", "300f": how long so many of the unit are, in microseconds; -1: no such unit. `count` is at most a thousand million. */
static int64_t units_us(const struct ttml *t, int64_t count, int64_t part_us, struct curb_str unit)
{
	enum { MILLION = 1000000 };
	const struct {
		const char *name;
		int64_t us, in; /* `in` of them last `us` */
	} units[] = {
		{ "h", INT64_C(3600) * MILLION, 1 },
		{ "m", INT64_C(60) * MILLION, 1 },
		{ "s", MILLION, 1 },
		{ "ms", 1000, 1 },
		{ "f", INT64_C(1000) * MILLION, t->frame_rate },
		{ "t", INT64_C(1000) * MILLION, t->tick_rate },
	};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (curb_str_is(unit, units[i].name))
			return count * units[i].us / units[i].in +
			       part_us * units[i].us / units[i].in / MILLION;
	return -1;
}

/* -1: it is no time. */
static int64_t time_ms(const struct ttml *t, struct curb_str text)
{
	enum { MINUTE = 60, HOUR = 3600, LONGEST_S = 1000000 };
	struct curb_str s = curb_str_trim(text);
	int64_t first, minutes, seconds, frames;
	size_t at = 0;
	if (!s.ptr || !digits(s, &at, &first))
		return -1;
	if (at == s.len || s.ptr[at] != ':') {
		int64_t part = fraction_us(s, &at), us = units_us(t, first, part, curb_str_from(s, at));
		return us < 0 || us / 1000000 > LONGEST_S ? -1 : us / 1000;
	}
	if (!digits(s, (at++, &at), &minutes) || at >= s.len || s.ptr[at] != ':' ||
	    !digits(s, (at++, &at), &seconds) || first > LONGEST_S / HOUR || minutes > MINUTE ||
	    seconds > MINUTE)
		return -1;
	int64_t ms = ((first * MINUTE + minutes) * MINUTE + seconds) * 1000 + fraction_us(s, &at) / 1000;
	if (at < s.len && s.ptr[at] == ':' && digits(s, (at++, &at), &frames))
		ms += frames * 1000000 / t->frame_rate;
	return at == s.len ? ms : -1;
}

/* ---- elements ---- */

static struct element *top(struct ttml *t)
{
	return &t->open[t->depth - 1];
}

/* Frames and ticks a second, by a multiplier of two numbers, times a thousand. */
static void read_rates(struct ttml *t, const char **attributes)
{
	enum { DEFAULT_RATE = 30, MOST = 1000000000 };
	int64_t rate, up, down;
	size_t at = 0, behind = 0;
	struct curb_str times = xml_attribute(attributes, "frameRateMultiplier");
	if (!curb_str_int(xml_attribute(attributes, "frameRate"), &rate) || rate < 1 || rate > 1000)
		rate = DEFAULT_RATE;
	t->frame_rate = rate * 1000;
	if (times.ptr && digits(times, &at, &up) && (behind = at + 1) < times.len &&
	    digits(times, &behind, &down) && up > 0 && down > 0 && t->frame_rate * up / down > 0)
		t->frame_rate = t->frame_rate * up / down;
	bool ticks = curb_str_int(xml_attribute(attributes, "tickRate"), &rate) && rate > 0 && rate < MOST;
	t->tick_rate = ticks ? rate * 1000 : t->frame_rate;
}

static void set_times(struct ttml *t, struct element *to, const struct element *around,
                      const char **attributes)
{
	struct curb_str begin = xml_attribute(attributes, "begin"), end = xml_attribute(attributes, "end");
	struct curb_str dur = xml_attribute(attributes, "dur");
	int64_t from = begin.ptr ? time_ms(t, begin) : 0;
	int64_t until = end.ptr ? time_ms(t, end) : -1, lasts = dur.ptr ? time_ms(t, dur) : -1;
	if (from < 0 || (end.ptr && until < 0) || (dur.ptr && lasts < 0))
		tally_add(&t->builder->tally, DOUBT_TIME, (uint32_t)t->line);
	to->begin_ms = around->begin_ms + (from < 0 ? 0 : from);
	to->end_ms = until >= 0 ? around->begin_ms + until : around->end_ms;
	if (lasts >= 0 && (to->end_ms < 0 || to->begin_ms + lasts < to->end_ms))
		to->end_ms = to->begin_ms + lasts;
}

/* One blank for those that came, unless none is wanted here. */
static void put_space(struct ttml *t)
{
	if (t->space && t->words.len && t->words.data[t->words.len - 1] != '\n')
		curb_buf_char(&t->words, ' ');
	t->space = false;
}

static const char *styled(struct ttml *t, const char **attributes)
{
	static const struct {
		const char *attribute, *value, *opening, *closing;
	} styles[] = { { "fontStyle", "italic", "<i>", "</i>" },
		       { "fontWeight", "bold", "<b>", "</b>" },
		       { "textDecoration", "underline", "<u>", "</u>" } };
	for (size_t i = 0; i < sizeof styles / sizeof *styles; i++)
		if (curb_str_is(xml_attribute(attributes, styles[i].attribute), styles[i].value)) {
			put_space(t);
			curb_buf_text(&t->words, styles[i].opening);
			return styles[i].closing;
		}
	return "";
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	static const struct element outermost = { .end_ms = -1, .closing = "" };
	struct ttml *t = arg;
	const struct element *around = t->depth ? top(t) : &outermost;
	struct curb_str space = xml_attribute(attributes, "space");
	if (t->depth == DEEPEST || t->builder->full)
		return false;
	struct element *element = &t->open[t->depth++];
	*element = *around;
	element->closing = "";
	element->cue = false;
	if (space.ptr)
		element->keep_space = curb_str_is(space, "preserve");
	if (curb_str_is(name, "tt"))
		read_rates(t, attributes);
	t->in_body = t->in_body || curb_str_is(name, "body");
	if (!t->in_body)
		return true;
	set_times(t, element, around, attributes);
	bool span = curb_str_is(name, "span");
	element->cue = curb_str_is(name, "p") || (span && xml_attribute(attributes, "begin").ptr);
	element->words_from = t->words.len;
	element->line = (uint32_t)t->line;
	if (element->cue)
		t->space = false;
	if (span)
		element->closing = styled(t, attributes);
	if (curb_str_is(name, "br"))
		curb_buf_char(&t->words, '\n');
	return true;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

static bool in_cue(const struct ttml *t)
{
	for (int i = 0; i < t->depth; i++)
		if (t->open[i].cue)
			return true;
	return false;
}

static void text(void *arg, struct curb_str bytes)
{
	struct ttml *t = arg;
	if (!in_cue(t))
		return;
	for (size_t i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];
		bool blank = is_space(c) && !top(t)->keep_space;
		if (!blank)
			put_space(t);
		t->space = t->space || blank;
		if (c == '&' || c == '<')
			curb_buf_text(&t->words, c == '&' ? "&amp;" : "&lt;");
		else if (!blank)
			curb_buf_char(&t->words, c);
	}
}

static void add_cue(struct ttml *t, const struct element *element)
{
	struct curb_str words = curb_str_trim(curb_str_from(curb_buf_view(&t->words), element->words_from));
	struct caption_cue cue = { .start_ms = element->begin_ms,
		                   .end_ms = element->end_ms < 0 ? element->begin_ms : element->end_ms,
		                   .line = element->line };
	cue.text = words;
	if (words.len)
		builder_add(t->builder, &cue);
	t->words.len = element->words_from;
	t->space = false;
}

static bool end(void *arg, struct curb_str name)
{
	struct ttml *t = arg;
	struct element element = t->open[--t->depth];
	(void)name;
	curb_buf_text(&t->words, element.closing);
	if (element.cue)
		add_cue(t, &element);
	return true;
}

bool ttml_is(struct curb_str text)
{
	enum { LOOK = 4096 };
	struct curb_str head = curb_str_trim(curb_str_n(text.ptr, text.len < LOOK ? text.len : LOOK));
	return curb_str_starts(head, "<") &&
	       (memmem(head.ptr, head.len, "<tt ", 4) || memmem(head.ptr, head.len, "<tt>", 4) ||
	        memmem(head.ptr, head.len, ":tt ", 4));
}

void ttml_parse(struct captions_builder *builder, struct curb_str text_of_file)
{
	enum { THIRTY = 30000 };
	struct ttml t = { .builder = builder,
		          .frame_rate = THIRTY,
		          .tick_rate = THIRTY,
		          .words = curb_buf(CAPTIONS_ARENA_MAX) };
	const struct xml_walk walk = { .begin = begin, .text = text, .end = end, .arg = &t, .line = &t.line };
	unsigned long line = xml_read_page(text_of_file, "UTF-8", &walk);
	if (line && !builder->full)
		tally_add(&builder->tally, DOUBT_MARKUP, (uint32_t)line);
	curb_buf_free(&t.words);
}
