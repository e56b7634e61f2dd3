/* Elements of HTML that stay open are ended where the standard ends them, as far as pages of text need it: there is no error that
 * is not mended. */
#include "html.h"

#include <ctype.h>

#include "captions_inside.h"
#include "curb/cleanup.h"

enum { DEEPEST = 60, NAME_LONGEST = 24, ATTRIBUTES = 40, WORDS_MAX = 33 << 20 };

struct reading {
	const struct xml_walk *walk;
	struct curb_str bytes;
	bool latin, stopped;
	char open[DEEPEST][NAME_LONGEST + 1];
	int depth;
	struct curb_buf words;  /* text, with references resolved */
	struct curb_buf values; /* names and values of one tag, each with its NUL */
};

static bool one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

/* ---- text ---- */

static void put_words(const struct reading *reading, struct curb_str text, struct curb_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		size_t known = c == '&' ? vtt_reference(text, i + 1, out) : 0;
		if (known)
			i += known;
		else if (reading->latin && c >= 0x80)
			captions_put_point(out, c < 0xA0 ? vtt_windows_point(c) : c);
		else if (c)
			curb_buf_char(out, (char)c);
	}
}

static void say(struct reading *reading, struct curb_str text)
{
	if (text.len == 0 || reading->stopped)
		return;
	curb_buf_clear(&reading->words);
	put_words(reading, text, &reading->words);
	reading->walk->text(reading->walk->arg, curb_buf_view(&reading->words));
}

/* ---- elements ---- */

static void close_last(struct reading *reading)
{
	reading->depth--;
	if (!reading->stopped &&
	    !reading->walk->end(reading->walk->arg, curb_str(reading->open[reading->depth])))
		reading->stopped = true;
}

static void close_to(struct reading *reading, int depth)
{
	while (reading->depth > depth)
		close_last(reading);
}

/* The innermost open element of these; -1: none before one that holds them together. */
static int find_open(const struct reading *reading, const char *const *names, const char *const *borders)
{
	for (int i = reading->depth - 1; i >= 0; i--) {
		if (one_of(reading->open[i], names))
			return i;
		if (one_of(reading->open[i], borders))
			return -1;
	}
	return -1;
}

static const char *const blocks[] = { "address", "article", "aside",   "blockquote", "center",   "details",
	                              "dialog",  "dir",     "div",     "dl",         "fieldset", "figcaption",
	                              "figure",  "footer",  "form",    "h1",         "h2",       "h3",
	                              "h4",      "h5",      "h6",      "header",     "hgroup",   "hr",
	                              "main",    "menu",    "nav",     "ol",         "p",        "pre",
	                              "search",  "section", "summary", "table",      "ul",       NULL };

/* What a beginning element ends, and within what. */
static const struct implied {
	const char *begins[8], *ends[8], *borders[6];
} implied[] = {
	{ { "li" }, { "li" }, { "ul", "ol", "menu", "table" } },
	{ { "dt", "dd" }, { "dt", "dd" }, { "dl", "table" } },
	{ { "td", "th" }, { "td", "th", "caption" }, { "tr", "table" } },
	{ { "tr" }, { "tr", "caption" }, { "thead", "tbody", "tfoot", "table" } },
	{ { "thead", "tbody", "tfoot" }, { "thead", "tbody", "tfoot", "caption" }, { "table" } },
	{ { "rt", "rp", "rb", "rtc" }, { "rt", "rp", "rb" }, { "ruby" } },
	{ { "option", "optgroup" }, { "option" }, { "select" } },
	{ { "body" }, { "head" }, { "html" } },
};

static void end_implied(struct reading *reading, const char *name)
{
	static const char *const paragraph[] = { "p", NULL };
	static const char *const cells[] = { "td", "th", "caption", "table", "button", NULL };
	int at = one_of(name, blocks) ? find_open(reading, paragraph, cells) : -1;
	if (at >= 0)
		close_to(reading, at);
	for (size_t i = 0; i < sizeof implied / sizeof *implied; i++) {
		if (!one_of(name, implied[i].begins))
			continue;
		at = find_open(reading, implied[i].ends, implied[i].borders);
		if (at >= 0)
			close_to(reading, at);
	}
}

/* An end without its beginning says nothing; one of words does not end the blocks that were begun in it. */
static void end_named(struct reading *reading, const char *name)
{
	static const char *const cells[] = { "td", "th", "caption", "table", NULL };
	static const char *const table[] = { "caption", "table", "tbody", "td", "tfoot",
		                             "th",      "thead", "tr",    NULL };
	static const char *const others[] = { "body", "dd", "dt", "html", "li", NULL };
	bool words = !one_of(name, blocks) && !one_of(name, table) && !one_of(name, others);
	for (int i = reading->depth - 1; i >= 0; i--) {
		if (strcmp(reading->open[i], name) == 0) {
			close_to(reading, i);
			return;
		}
		if ((one_of(reading->open[i], cells) && !one_of(name, table)) ||
		    (words && one_of(reading->open[i], blocks)))
			return;
	}
}

static void lower_name(char name[NAME_LONGEST + 1], struct curb_str from)
{
	size_t n = from.len < NAME_LONGEST ? from.len : NAME_LONGEST;
	for (size_t i = 0; i < n; i++)
		name[i] = (char)tolower((unsigned char)from.ptr[i]);
	name[n] = '\0';
}

/* Offsets become addresses once all of them are there: the buffer moves as it grows. */
static void begin_element(struct reading *reading, const struct html_tag *tag, const char *name)
{
	size_t offsets[2 * ATTRIBUTES], n = 0, at = 0;
	const char *attributes[2 * ATTRIBUTES + 1] = { NULL };
	struct curb_str key, value;
	curb_buf_clear(&reading->values);
	while (n < 2 * ATTRIBUTES && html_attribute(tag, &at, &key, &value)) {
		offsets[n++] = reading->values.len;
		for (size_t i = 0; i < key.len; i++)
			curb_buf_char(&reading->values, (char)tolower((unsigned char)key.ptr[i]));
		curb_buf_char(&reading->values, '\0');
		offsets[n++] = reading->values.len;
		put_words(reading, value, &reading->values);
		curb_buf_char(&reading->values, '\0');
	}
	for (size_t i = 0; i < n && !reading->values.failed; i++)
		attributes[i] = reading->values.data + offsets[i];
	if (!reading->walk->begin(reading->walk->arg, curb_str(name), attributes))
		reading->stopped = true;
}

static void take_tag(struct reading *reading, const struct html_tag *tag)
{
	static const char *const without_end[] = { "area",  "base",   "br",    "col",  "embed",
		                                   "hr",    "img",    "input", "link", "meta",
		                                   "param", "source", "track", "wbr",  NULL };
	char name[NAME_LONGEST + 1];
	lower_name(name, tag->name);
	if (tag->closing) {
		end_named(reading, name);
		return;
	}
	end_implied(reading, name);
	if (reading->depth == DEEPEST || reading->stopped)
		return;
	begin_element(reading, tag, name);
	memcpy(reading->open[reading->depth++], name, sizeof name);
	if (tag->empty || one_of(name, without_end))
		close_last(reading);
}

/* ---- the page ---- */

/* Behind a tag whose inside is no markup: where that ends. */
static size_t raw_end(struct curb_str html, size_t from, struct curb_str name)
{
	for (size_t i = from; i + 2 + name.len <= html.len; i++)
		if (html.ptr[i] == '<' && html.ptr[i + 1] == '/' &&
		    strncasecmp(html.ptr + i + 2, name.ptr, name.len) == 0)
			return i;
	return html.len;
}

static size_t take_raw(struct reading *reading, const struct html_tag *tag, size_t from)
{
	static const char *const raw[] = { "script",   "style", "xmp",      "iframe",   "noembed",
		                           "noframes", "title", "textarea", "template", NULL };
	char name[NAME_LONGEST + 1];
	lower_name(name, tag->name);
	if (tag->closing || tag->empty || !one_of(name, raw))
		return from;
	size_t end = raw_end(reading->bytes, from, tag->name);
	if (strcmp(name, "title") == 0)
		say(reading, curb_str_n(reading->bytes.ptr + from, end - from));
	return end;
}

/* Behind a comment, a declaration or an instruction that begins at `at`; `at` when none does. */
static size_t behind_comment(struct curb_str html, size_t at)
{
	struct curb_str rest = curb_str_from(html, at);
	bool comment = curb_str_starts(rest, "<!--");
	if (!comment && !curb_str_starts(rest, "<!") && !curb_str_starts(rest, "<?"))
		return at;
	const char *end = comment ? memmem(rest.ptr, rest.len, "-->", 3) : memchr(rest.ptr, '>', rest.len);
	return end ? (size_t)(end - html.ptr) + (comment ? 3 : 1) : html.len;
}

static void read_all(struct reading *reading)
{
	struct curb_str html = reading->bytes;
	size_t start = 0, at = 0;
	while (at < html.len && !reading->stopped) {
		struct html_tag tag;
		size_t end = 0, behind = 0;
		const char *next = memchr(html.ptr + at, '<', html.len - at);
		if (!next)
			break;
		at = (size_t)(next - html.ptr);
		behind = behind_comment(html, at);
		bool is_tag = behind == at && html_tag(html, at, &tag, &end);
		if (behind == at && !is_tag) {
			at++;
			continue;
		}
		say(reading, curb_str_n(html.ptr + start, at - start));
		if (is_tag && end < html.len)
			take_tag(reading, &tag);
		at = is_tag ? take_raw(reading, &tag, end < html.len ? end + 1 : html.len) : behind;
		start = at;
	}
	say(reading, curb_str_from(html, start));
}

bool html_read(struct curb_str bytes, bool latin, const struct xml_walk *walk)
{
	struct reading reading = { .walk = walk,
		                   .bytes = bytes,
		                   .latin = latin,
		                   .words = curb_buf(3 * (size_t)WORDS_MAX),
		                   .values = curb_buf(WORDS_MAX) };
	read_all(&reading);
	close_to(&reading, 0);
	curb_buf_free(&reading.words);
	curb_buf_free(&reading.values);
	return !reading.stopped;
}
