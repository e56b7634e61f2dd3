#include <string.h>

#include "template.h"

static const char *entity(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&#34;";
	case '\'': return "&#39;";
	case '`': return "&#96;";
	case '\0': return "\xef\xbf\xbd";
	default: return NULL;
	}
}

/* Broken UTF-8 could swallow the quote behind it in a lenient reader: it becomes U+FFFD. */
static void add_broken(struct curb_buf *out, struct curb_str s)
{
	size_t offset = 0;
	while (offset < s.len) {
		size_t from = offset;
		uint32_t point = curb_utf8_next(s, &offset);
		const char *entity_text = point < 0x80 ? entity((char)point) : NULL;
		if (entity_text)
			curb_buf_text(out, entity_text);
		else if (point == 0xFFFD)
			curb_buf_text(out, "\xef\xbf\xbd");
		else
			curb_buf_add(out, s.ptr + from, offset - from);
	}
}

void escape_html(struct curb_buf *out, struct curb_str s)
{
	if (!curb_utf8_valid(s)) {
		add_broken(out, s);
		return;
	}
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *text = entity(s.ptr[i]);
		if (!text)
			continue;
		curb_buf_add(out, s.ptr + from, i - from);
		curb_buf_text(out, text);
		from = i + 1;
	}
	if (from < s.len)
		curb_buf_add(out, s.ptr + from, s.len - from);
}

void escape_query(struct curb_buf *out, struct curb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		             (c && strchr("-._~", c));
		if (plain)
			curb_buf_char(out, (char)c);
		else
			curb_buf_printf(out, "%%%02X", c);
	}
}

/* Browsers drop tabs, line ends and leading control characters from addresses, so whatever stands before
 * the first colon must be a scheme of the list as it is. An entity there could spell a colon. */
bool escape_url_is_safe(struct curb_str url)
{
	static const char *const schemes[] = { "http", "https", "mailto", "tel", NULL };
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];
		if (c == '/' || c == '?' || c == '#')
			return true;
		if (c == '&')
			return false;
		if (c != ':')
			continue;
		for (const char *const *s = schemes; *s; s++)
			if (curb_str_is_nocase(curb_str_n(url.ptr, i), *s))
				return true;
		return false;
	}
	return true;
}
