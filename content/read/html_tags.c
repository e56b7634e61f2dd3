/* The tags of HTML. */
#include <ctype.h>

#include "html.h"

/* Where the tag that begins at `at` ends: at its >, quotes respected; the length when it does not. */
static size_t tag_end(struct curb_str html, size_t at)
{
	char quote = '\0';
	for (; at < html.len; at++) {
		char c = html.ptr[at];
		if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '"' || c == '\''))
			quote = c;
		else if (!quote && c == '>')
			break;
	}
	return at;
}

bool html_tag(struct curb_str html, size_t at, struct html_tag *ret_tag, size_t *ret_end)
{
	bool closing = at + 1 < html.len && html.ptr[at + 1] == '/';
	size_t name = at + 1 + closing, end = name;
	if (name >= html.len || !isalpha((unsigned char)html.ptr[name]))
		return false;
	while (end < html.len && (isalnum((unsigned char)html.ptr[end]) || html.ptr[end] == '-'))
		end++;
	size_t stop = tag_end(html, end);
	*ret_tag = (struct html_tag){ .name = curb_str_n(html.ptr + name, end - name),
		                      .attributes = curb_str_n(html.ptr + end, stop - end),
		                      .closing = closing,
		                      .empty = html.ptr[stop - 1] == '/' };
	*ret_end = stop;
	return true;
}

bool html_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static size_t skip_space(struct curb_str s, size_t at)
{
	while (at < s.len && html_is_space(s.ptr[at]))
		at++;
	return at;
}

/* The value that begins at *at, quoted or not; *at moves behind it. */
static struct curb_str attribute_value(struct curb_str s, size_t *at)
{
	size_t i = skip_space(s, *at);
	char quote = i < s.len && (s.ptr[i] == '"' || s.ptr[i] == '\'') ? s.ptr[i++] : '\0';
	size_t from = i;
	while (i < s.len && (quote ? s.ptr[i] != quote : !html_is_space(s.ptr[i])))
		i++;
	*at = i + (quote && i < s.len);
	return curb_str_n(s.ptr + from, i - from);
}

bool html_attribute(const struct html_tag *tag, size_t *at, struct curb_str *ret_name,
                    struct curb_str *ret_value)
{
	struct curb_str s = tag->attributes;
	for (size_t i = *at; i < s.len;) {
		size_t name = i;
		while (i < s.len && !html_is_space(s.ptr[i]) && s.ptr[i] != '=' && s.ptr[i] != '/')
			i++;
		struct curb_str key = curb_str_n(s.ptr + name, i - name), value = { "", 0 };
		i = skip_space(s, i);
		if (key.len && i < s.len && s.ptr[i] == '=') {
			i++;
			value = attribute_value(s, &i);
		} else if (key.len == 0) {
			i += i == name; /* a stray slash or sign */
		}
		if (key.len) {
			*at = i;
			*ret_name = key;
			*ret_value = value;
			return true;
		}
	}
	return false;
}
