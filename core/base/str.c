#include "curb/str.h"

#include <strings.h>

bool curb_str_eq(struct curb_str a, struct curb_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool curb_str_is(struct curb_str a, const char *text)
{
	/* as below: most are asked for a word that they are not */
	if (!a.ptr || (a.len && (!text || a.ptr[0] != text[0])))
		return false;
	return curb_str_eq(a, curb_str(text));
}

bool curb_str_is_nocase(struct curb_str a, const char *text)
{
	/* the first letter tells most words apart */
	if (!a.ptr || (a.len && ((unsigned char)a.ptr[0] ^ (unsigned char)text[0]) & ~0x20))
		return false;
	return a.len == strlen(text) && strncasecmp(a.ptr, text, a.len) == 0;
}

bool curb_str_starts(struct curb_str a, const char *prefix)
{
	size_t n = strlen(prefix);
	return a.ptr && a.len >= n && memcmp(a.ptr, prefix, n) == 0;
}

bool curb_str_ends(struct curb_str a, const char *suffix)
{
	size_t n = strlen(suffix);
	return a.ptr && a.len >= n && memcmp(a.ptr + a.len - n, suffix, n) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct curb_str curb_str_trim(struct curb_str a)
{
	while (a.len && is_blank(a.ptr[0])) {
		a.ptr++;
		a.len--;
	}
	while (a.len && is_blank(a.ptr[a.len - 1]))
		a.len--;
	return a;
}

struct curb_str curb_str_from(struct curb_str a, size_t offset)
{
	size_t cut = offset < a.len ? offset : a.len;
	return curb_str_n(a.ptr ? a.ptr + cut : NULL, a.len - cut);
}

bool curb_str_cut(struct curb_str *rest, char sep, struct curb_str *ret_part)
{
	if (!rest->ptr)
		return false;
	const char *at = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
	if (!at) {
		*ret_part = *rest;
		*rest = curb_str(NULL);
		return true;
	}
	size_t n = (size_t)(at - rest->ptr);
	*ret_part = curb_str_n(rest->ptr, n);
	*rest = curb_str_from(*rest, n + 1);
	return true;
}

bool curb_str_int(struct curb_str a, int64_t *ret_value)
{
	size_t i = a.len && a.ptr[0] == '-' ? 1 : 0;
	bool negative = i == 1;
	if (i == a.len)
		return false;
	int64_t value = 0;
	for (; i < a.len; i++) {
		if (a.ptr[i] < '0' || a.ptr[i] > '9')
			return false;
		int digit = a.ptr[i] - '0';
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	/* counted downwards, since the lowest number has no positive twin */
	if (!negative && value == INT64_MIN)
		return false;
	*ret_value = negative ? value : -value;
	return true;
}

/* Length of the well-formed sequence at `p` (RFC 3629, section 4), or 0. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	if (p[0] < 0x80)
		return 1;
	unsigned char low = 0x80, high = 0xbf;
	size_t n;
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		n = 3;
		low = p[0] == 0xe0 ? 0xa0 : 0x80;
		high = p[0] == 0xed ? 0x9f : 0xbf;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		low = p[0] == 0xf0 ? 0x90 : 0x80;
		high = p[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	if (left < n || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

bool curb_utf8_valid(struct curb_str a)
{
	for (size_t i = 0; i < a.len;) {
		size_t n = utf8_length((const unsigned char *)a.ptr + i, a.len - i);
		if (!n)
			return false;
		i += n;
	}
	return true;
}

uint32_t curb_utf8_next(struct curb_str a, size_t *offset)
{
	static const unsigned char masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const unsigned char *p = (const unsigned char *)a.ptr + *offset;
	size_t n = utf8_length(p, a.len - *offset);
	if (!n) {
		(*offset)++;
		return 0xfffd;
	}
	uint32_t point = p[0] & masks[n];
	for (size_t i = 1; i < n; i++)
		point = point << 6 | (p[i] & 0x3f);
	*offset += n;
	return point;
}

size_t curb_utf8_count(struct curb_str a)
{
	size_t n = 0;
	for (size_t i = 0; i < a.len; n++)
		(void)curb_utf8_next(a, &i);
	return n;
}

void curb_hex(const void *bytes, size_t n, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	for (size_t i = 0; i < n; i++) {
		ret_text[2 * i] = digits[p[i] >> 4];
		ret_text[2 * i + 1] = digits[p[i] & 15];
	}
	ret_text[2 * n] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool curb_unhex(struct curb_str hex, void *ret_bytes, size_t n)
{
	if (hex.len != 2 * n)
		return false;
	unsigned char *to = ret_bytes;
	for (size_t i = 0; i < n; i++) {
		int high = hex_digit(hex.ptr[2 * i]), low = hex_digit(hex.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		to[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
