/* Addresses and durations in publication manifests. */
#include <ctype.h>

#include "lpf.h"

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool has_scheme(struct curb_str url)
{
	for (size_t i = 0; i < url.len; i++) {
		if (url.ptr[i] == ':')
			return i > 0;
		if (!isalnum((unsigned char)url.ptr[i]) && !strchr("+-.", url.ptr[i]))
			return false;
	}
	return false;
}

struct curb_str lpf_path(struct curb_arena *arena, struct curb_str url)
{
	if (!url.ptr || url.len == 0 || url.ptr[0] == '/' || has_scheme(url))
		return curb_str(NULL);
	if (curb_str_starts(url, "./"))
		url = curb_str_from(url, 2);
	char *path = curb_alloc(arena, url.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < url.len && url.ptr[i] != '#' && url.ptr[i] != '?'; i++) {
		int high = url.ptr[i] == '%' && i + 2 < url.len ? hex(url.ptr[i + 1]) : -1;
		int low = high >= 0 ? hex(url.ptr[i + 2]) : -1;
		path[n++] = low >= 0 ? (char)(high * 16 + low) : url.ptr[i];
		i += low >= 0 ? 2 : 0;
	}
	return n ? curb_str_n(path, n) : curb_str(NULL);
}

int64_t lpf_milli(struct curb_str s, size_t *at)
{
	enum { LARGEST = 1000000000 };
	int64_t value = 0, unit = 100;
	size_t start = *at;
	for (; *at < s.len && isdigit((unsigned char)s.ptr[*at]); (*at)++) {
		value = value * 10 + (s.ptr[*at] - '0');
		if (value > LARGEST)
			return -1;
	}
	if (*at == start)
		return -1;
	value *= 1000;
	if (*at < s.len && s.ptr[*at] == '.')
		for ((*at)++; *at < s.len && isdigit((unsigned char)s.ptr[*at]); (*at)++, unit /= 10)
			value += (s.ptr[*at] - '0') * unit;
	return value;
}

int64_t lpf_fragment_ms(struct curb_str url)
{
	struct curb_str rest = url, part;
	if (!curb_str_cut(&rest, '#', &part) || !curb_str_starts(rest, "t="))
		return 0;
	rest = curb_str_from(rest, 2);
	if (curb_str_starts(rest, "npt:"))
		rest = curb_str_from(rest, 4);
	size_t at = 0;
	int64_t value = lpf_milli(rest, &at);
	return value < 0 ? 0 : value;
}

int64_t lpf_duration_ms(struct curb_str text)
{
	static const struct {
		char unit;
		bool in_time;
		int64_t seconds;
	} units[] = { { 'D', false, 86400 }, { 'H', true, 3600 }, { 'M', true, 60 }, { 'S', true, 1 } };
	bool in_time = false, any = false;
	int64_t total = 0;
	size_t next = 0;
	if (!curb_str_starts(text, "P"))
		return -1;
	for (size_t at = 1; at < text.len;) {
		if (text.ptr[at] == 'T' && !in_time) {
			in_time = true;
			at++;
			continue;
		}
		int64_t value = lpf_milli(text, &at);
		char unit = at < text.len ? text.ptr[at++] : '\0';
		while (next < 4 && (units[next].unit != unit || units[next].in_time != in_time))
			next++;
		if (value < 0 || next == 4)
			return -1;
		total += value * units[next++].seconds;
		any = true;
	}
	return any ? total : -1;
}
