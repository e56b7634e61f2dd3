#include "captions.h"

static bool alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool all(struct curb_str part, bool letters, bool digits)
{
	for (size_t i = 0; i < part.len; i++) {
		bool digit = part.ptr[i] >= '0' && part.ptr[i] <= '9';
		if (!(alpha(part.ptr[i]) && letters) && !(digit && digits))
			return false;
	}
	return part.len > 0;
}

static bool is_script(struct curb_str p)
{
	return p.len == 4 && all(p, true, false);
}
static bool is_region(struct curb_str p)
{
	return (p.len == 2 && all(p, true, false)) || (p.len == 3 && all(p, false, true));
}
static bool is_variant(struct curb_str p)
{
	return all(p, true, true) &&
	       ((p.len >= 5 && p.len <= 8) || (p.len == 4 && p.ptr[0] >= '0' && p.ptr[0] <= '9'));
}

/* language [-extlang] [-script] [-region] [-variant]… [-x-private…], RFC 5646 section 2.1. Languages of four letters and more are
 * not registered, so they are words of a file name. */
static bool is_language(struct curb_str tag)
{
	struct curb_str rest = tag, p;
	if (!curb_str_cut(&rest, '-', &p) || p.len < 2 || p.len > 3 || !all(p, true, false))
		return false;
	int stage = 0;
	size_t used = p.len;
	while (used < tag.len) {
		if (!curb_str_cut(&rest, '-', &p) || !p.len)
			return false;
		used += p.len + 1;
		if (stage == 5 ? all(p, true, true) && p.len <= 8 :
		                 p.len == 1 && (p.ptr[0] | 0x20) == 'x' && used < tag.len)
			stage = 5;
		else if (stage < 1 && p.len == 3 && all(p, true, false))
			stage = 1;
		else if (stage < 2 && is_script(p))
			stage = 2;
		else if (stage < 3 && is_region(p))
			stage = 3;
		else if (stage < 5 && is_variant(p))
			stage = 4;
		else
			return false;
	}
	return true;
}

struct curb_str captions_lang_of_name(struct curb_str name)
{
	size_t end = name.len, from;
	while (end > 0 && name.ptr[end - 1] != '.' && name.ptr[end - 1] != '/')
		end--;
	if (end == 0 || name.ptr[end - 1] != '.')
		return curb_str(NULL);
	from = --end;
	while (from > 0 && name.ptr[from - 1] != '.' && name.ptr[from - 1] != '/')
		from--;
	if (from < 2 || name.ptr[from - 1] != '.' || name.ptr[from - 2] == '/')
		return curb_str(NULL);
	struct curb_str tag = curb_str_n(name.ptr + from, end - from);
	if (curb_str_is_nocase(tag, "chs") || curb_str_is_nocase(tag, "cht"))
		return curb_str((tag.ptr[2] | 0x20) == 's' ? "zh-Hans" : "zh-Hant");
	return is_language(tag) ? tag : curb_str(NULL);
}
