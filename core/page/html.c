#include "html.h"

#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static void add_to_name(char name[HTML_NAME_MAX], char c)
{
	size_t n = strlen(name);
	if (n + 1 < HTML_NAME_MAX)
		name[n] = lower(c);
}

static bool one_of(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

static void end_of_tag(struct html *html)
{
	static const char *const raw[] = { "script",  "style",    "xmp",       "iframe",
		                           "noembed", "noframes", "plaintext", NULL };
	static const char *const rcdata[] = { "title", "textarea", NULL };
	html->matched = 0;
	html->state = one_of(html->tag, raw) ? HTML_RAW : one_of(html->tag, rcdata) ? HTML_RCDATA : HTML_TEXT;
}

static const char *feed_open(struct html *html, char c)
{
	html->state = HTML_TEXT;
	html->matched = 0;
	if (is_letter(c)) {
		memset(html->tag, 0, sizeof html->tag);
		add_to_name(html->tag, c);
		html->state = HTML_TAG;
	} else if (c == '/') {
		html->state = HTML_END_TAG;
	} else if (c == '!') {
		html->state = HTML_DECL;
	} else if (c == '?') {
		return "<? begins nothing in HTML";
	}
	return NULL;
}

static const char *feed_attrs(struct html *html, char c)
{
	if (c == '>') {
		end_of_tag(html);
	} else if (is_blank(c) || c == '/') {
		html->state = HTML_ATTRS;
	} else if (html->state == HTML_TAG) {
		add_to_name(html->tag, c);
	} else if (html->state == HTML_GAP) {
		return "a blank is missing before the next attribute";
	} else if (strchr("=\"'<", c)) {
		return "an attribute is name=\"value\" without blanks around the equals sign";
	} else {
		memset(html->attr, 0, sizeof html->attr);
		add_to_name(html->attr, c);
		html->state = HTML_NAME;
	}
	return NULL;
}

static const char *feed_name(struct html *html, char c)
{
	if (c == '>' || c == '/' || is_blank(c)) {
		html->state = HTML_GAP;
		return feed_attrs(html, c);
	}
	if (c != '=') {
		add_to_name(html->attr, c);
		return NULL;
	}
	html->state = HTML_EQUALS;
	if (strncmp(html->attr, "on", 2) == 0)
		return "on… attributes are scripts: put the script into an asset";
	return strcmp(html->attr, "style") == 0 ? "style attributes are not taken: use a class" : NULL;
}

static const char *feed_value(struct html *html, char c)
{
	if (html->state == HTML_QUOTED) {
		html->state = c == html->quote ? HTML_GAP : HTML_QUOTED;
		html->query = html->query || c == '?' || c == '#';
	} else if (html->state == HTML_EQUALS && (c == '"' || c == '\'')) {
		html->quote = c;
		html->query = false;
		html->state = HTML_QUOTED;
	} else if (html->state == HTML_EQUALS && (is_blank(c) || c == '>')) {
		return "an attribute has no value behind its equals sign";
	} else if (c == '>' || is_blank(c)) {
		html->state = HTML_GAP;
		return feed_attrs(html, c);
	} else if (strchr("\"'<=`", c)) {
		return "an attribute with such a value needs quotes";
	} else {
		html->state = HTML_BARE;
	}
	return NULL;
}

/* In raw text and RCDATA only "</name" of the same name ends the element. */
static const char *feed_raw(struct html *html, char c)
{
	size_t m = html->matched;
	if (m >= 2 && html->tag[m - 2] == '\0' && (c == '>' || c == '/' || is_blank(c))) {
		html->state = c == '>' ? HTML_TEXT : HTML_END_TAG;
		return NULL;
	}
	char wanted = m == 0 ? '<' : m == 1 ? '/' : html->tag[m - 2];
	bool went_on = wanted && lower(c) == wanted;
	if (went_on)
		html->matched++;
	else
		html->matched = c == '<';
	if (html->state == HTML_RAW && !went_on && (m > 0 || !is_blank(c)))
		return "scripts and styles stand in assets, not in templates";
	return NULL;
}

static const char *feed_comment(struct html *html, char c)
{
	if (html->state == HTML_DECL && c == '-' && html->matched < 2) {
		if (++html->matched == 2) {
			html->state = HTML_COMMENT;
			html->matched = 0;
		}
	} else if (html->state == HTML_DECL) {
		html->matched = 2;
		if (c == '>')
			html->state = HTML_TEXT;
	} else if (c == '-') {
		html->matched++;
	} else if (c == '>' && html->matched >= 2) {
		html->state = HTML_TEXT;
	} else {
		html->matched = 0;
	}
	return NULL;
}

const char *html_feed(struct html *html, char c)
{
	switch (html->state) {
	case HTML_TEXT:
		if (c == '<')
			html->state = HTML_OPEN;
		return NULL;
	case HTML_END_TAG:
		if (c == '>')
			html->state = HTML_TEXT;
		return NULL;
	case HTML_OPEN: return feed_open(html, c);
	case HTML_TAG:
	case HTML_GAP:
	case HTML_ATTRS: return feed_attrs(html, c);
	case HTML_NAME: return feed_name(html, c);
	case HTML_EQUALS:
	case HTML_QUOTED:
	case HTML_BARE: return feed_value(html, c);
	case HTML_RAW:
	case HTML_RCDATA: return feed_raw(html, c);
	case HTML_DECL:
	case HTML_COMMENT: return feed_comment(html, c);
	}
	return NULL;
}

bool html_in_url(const struct html *html)
{
	static const char *const names[] = { "href", "src",  "action",     "formaction", "poster",
		                             "cite", "data", "background", "xlink:href", NULL };
	return html->state == HTML_QUOTED && one_of(html->attr, names);
}

static enum html_place place_of_attr(const struct html *html, const char **ret_why)
{
	static const char *const never[] = { "srcset", "imagesrcset", "srcdoc", "ping", NULL };
	static const char *const setters[] = { "animate", "set", NULL };
	static const char *const loaders[] = { "script", "link", "base", "object", "embed", NULL };
	if (one_of(html->attr, never)) {
		*ret_why = "a value in an attribute that holds several addresses or a page";
		return 0;
	}
	if (strcmp(html->tag, "meta") == 0 && strcmp(html->attr, "content") == 0) {
		*ret_why = "a value in what a meta tag says";
		return 0;
	}
	if (one_of(html->tag, setters)) {
		*ret_why = "a value in an element that sets attributes of others";
		return 0;
	}
	if (!html_in_url(html))
		return HTML_PLACE_ATTR;
	if (one_of(html->tag, loaders)) {
		*ret_why = "a value chooses what code or style is loaded: use {{asset …}}";
		return 0;
	}
	return html->query ? HTML_PLACE_QUERY : HTML_PLACE_URL;
}

enum html_place html_place(const struct html *html, const char **ret_why)
{
	switch (html->state) {
	case HTML_TEXT: return HTML_PLACE_TEXT;
	case HTML_QUOTED: return place_of_attr(html, ret_why);
	case HTML_RCDATA:
		if (html->matched == 0)
			return HTML_PLACE_TEXT;
		*ret_why = "a value in the name of a tag";
		return 0;
	case HTML_OPEN:
	case HTML_TAG:
	case HTML_END_TAG: *ret_why = "a value in the name of a tag"; return 0;
	case HTML_GAP:
	case HTML_ATTRS:
	case HTML_NAME: *ret_why = "a value in the name of an attribute"; return 0;
	case HTML_EQUALS:
	case HTML_BARE: *ret_why = "a value in an attribute without quotes"; return 0;
	case HTML_RAW: *ret_why = "a value in a script or style"; return 0;
	case HTML_DECL:
	case HTML_COMMENT: *ret_why = "a value in a comment or declaration"; return 0;
	}
	return 0;
}

void html_border(struct html *html)
{
	if (html->state == HTML_TAG || html->state == HTML_NAME || html->state == HTML_BARE)
		html->state = HTML_GAP;
}

bool html_join(struct html *end, const struct html *begin)
{
	bool in_tag = (end->state == HTML_GAP || end->state == HTML_ATTRS) &&
	              (begin->state == HTML_GAP || begin->state == HTML_ATTRS);
	if (in_tag && strcmp(end->tag, begin->tag) == 0) {
		if (begin->state == HTML_GAP)
			end->state = HTML_GAP;
		return true;
	}
	if (end->state == HTML_TEXT && begin->state == HTML_TEXT)
		return true;
	if (end->state != begin->state || end->matched != begin->matched)
		return false;
	return strcmp(end->tag, begin->tag) == 0 && strcmp(end->attr, begin->attr) == 0 &&
	       end->quote == begin->quote;
}
