#include <ctype.h>

#include "reader.h"

static struct curb_str base_of(struct curb_str path)
{
	size_t start = path.len;
	while (start && path.ptr[start - 1] != '/')
		start--;
	return curb_str_from(path, start);
}

static size_t last_dot(struct curb_str base)
{
	size_t dot = base.len;
	while (dot > 1 && base.ptr[dot - 1] != '.')
		dot--;
	return dot > 1 ? dot - 1 : base.len;
}

struct curb_str name_stem(struct curb_str path)
{
	struct curb_str base = base_of(path);
	return curb_str_n(base.ptr, last_dot(base));
}

struct curb_str name_ending(struct curb_str path)
{
	struct curb_str base = base_of(path);
	return curb_str_from(base, last_dot(base) + 1);
}

/* Length of the digits at `at` without leading zeros; *at moves to the first that counts. */
static size_t digits(struct curb_str s, size_t *at)
{
	size_t n = 0;
	while (*at + 1 < s.len && s.ptr[*at] == '0' && isdigit((unsigned char)s.ptr[*at + 1]))
		(*at)++;
	while (*at + n < s.len && isdigit((unsigned char)s.ptr[*at + n]))
		n++;
	return n;
}

int name_compare(struct curb_str a, struct curb_str b)
{
	size_t i = 0, k = 0;
	while (i < a.len && k < b.len) {
		size_t n = 1, m = 1;
		if (isdigit((unsigned char)a.ptr[i]) && isdigit((unsigned char)b.ptr[k])) {
			n = digits(a, &i);
			m = digits(b, &k);
		}
		if (n != m)
			return n < m ? -1 : 1;
		int order = memcmp(a.ptr + i, b.ptr + k, n);
		if (order)
			return order;
		i += n;
		k += m;
	}
	return (i < a.len) - (k < b.len);
}

bool name_is_litter(struct curb_str path)
{
	struct curb_str base = base_of(path);
	return curb_str_starts(path, "__MACOSX/") || base.len == 0 || base.ptr[0] == '.' ||
	       curb_str_is_nocase(base, "thumbs.db") || curb_str_is_nocase(base, "desktop.ini");
}

bool name_is_captions(struct curb_str path)
{
	static const char *const endings[] = { "srt", "vtt", "ass", "ssa", "ttml", "dfxp", "sbv", "lrc" };
	struct curb_str ending = name_ending(path);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (curb_str_is_nocase(ending, endings[i]))
			return true;
	return false;
}

bool name_is_lang(struct curb_str lang)
{
	enum { LONGEST = 35, SUBTAG = 8 };
	struct curb_str rest = lang, part;
	bool first = true;
	if (!lang.ptr || lang.len > LONGEST || lang.len == 0)
		return false;
	while (curb_str_cut(&rest, '-', &part)) {
		if (part.len == 0 || part.len > SUBTAG || (first && (part.len < 2 || part.len == 4)))
			return false;
		for (size_t i = 0; i < part.len; i++)
			if (!(first ? isalpha((unsigned char)part.ptr[i]) :
			              isalnum((unsigned char)part.ptr[i])))
				return false;
		first = false;
	}
	return lang.ptr[lang.len - 1] != '-';
}

bool name_has_word(struct curb_str list, const char *word)
{
	struct curb_str rest = list, part;
	while (list.ptr && curb_str_cut(&rest, ' ', &part))
		if (curb_str_is_nocase(curb_str_trim(part), word))
			return true;
	return false;
}

const char *name_picture_type(struct curb_str first_bytes)
{
	if (curb_str_starts(first_bytes, "\xFF\xD8\xFF"))
		return "image/jpeg";
	if (curb_str_starts(first_bytes, "\x89PNG\r\n\x1A\n"))
		return "image/png";
	if (first_bytes.len > 12 && curb_str_starts(first_bytes, "RIFF") &&
	    memcmp(first_bytes.ptr + 8, "WEBP", 4) == 0)
		return "image/webp";
	if (curb_str_starts(first_bytes, "GIF8"))
		return "image/gif";
	return NULL;
}

int64_t hours_of_media(int64_t duration_ms)
{
	enum { HUNDREDTH_MS = 45 * 60 * 1000 / 100 };
	return duration_ms / HUNDREDTH_MS;
}
