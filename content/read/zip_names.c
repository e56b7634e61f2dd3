/* Names in zips: which encoding they are in, and what they may be. */
#include <iconv.h>
#include <stdlib.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "zip.h"

struct zip_names {
	iconv_t gb18030;
};

struct zip_names *zip_names_open(void)
{
	iconv_t gb18030 = iconv_open("UTF-8", "GB18030");
	UErrorCode error = U_ZERO_ERROR;
	if (gb18030 == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): the interface's own */
		return NULL;
	(void)unorm2_getNFCInstance(&error); /* made now: it may want files */
	struct zip_names *names = curb_xcalloc(1, sizeof *names);
	names->gb18030 = gb18030;
	return names;
}

void zip_names_close(struct zip_names *names)
{
	if (names)
		(void)iconv_close(names->gb18030);
	free(names);
}

static bool from_gb18030(struct curb_arena *arena, struct zip_names *names, struct curb_str raw,
                         struct curb_str *ret_name)
{
	size_t room = raw.len * 2 + 4, left = raw.len, space = room; /* two bytes become at most three */
	char *text = curb_alloc(arena, room), *in = (char *)(uintptr_t)raw.ptr, *out = text;
	(void)iconv(names->gb18030, NULL, NULL, NULL, NULL);
	if (iconv(names->gb18030, &in, &left, &out, &space) == (size_t)-1 || left)
		return false;
	*ret_name = curb_str_n(text, room - space);
	return true;
}

/* Marks that turn the direction of writing can make a name look like another. */
static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

static const char *check_characters(struct curb_str name)
{
	for (size_t at = 0; at < name.len;) {
		uint32_t c = curb_utf8_next(name, &at);
		if (is_hidden(c))
			return "zip.name_control";
		if (c == '\\')
			return "zip.backslash";
	}
	return NULL;
}

static const char *check_parts(struct curb_str name)
{
	enum { PART_MAX = 255 };
	struct curb_str rest = name, part;
	int depth = 0;
	while (curb_str_cut(&rest, '/', &part)) {
		bool last = part.ptr + part.len == name.ptr + name.len;
		if (part.len == 0 && !last && part.ptr != name.ptr + name.len)
			return "zip.name";
		if (curb_str_is(part, ".."))
			return "zip.traversal";
		if (curb_str_is(part, "."))
			return "zip.name";
		if (part.len > PART_MAX)
			return "zip.name_length";
		if (++depth > ZIP_DEPTH_MAX)
			return "zip.depth";
	}
	return NULL;
}

static bool has_drive(struct curb_str name)
{
	char c = name.len >= 2 && name.ptr[1] == ':' ? name.ptr[0] : '\0';
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static const char *check_name(struct curb_str name)
{
	const char *fault = check_characters(name);
	if (fault)
		return fault;
	if (name.len == 0)
		return "zip.name";
	if (name.len > ZIP_NAME_MAX)
		return "zip.name_length";
	if (name.ptr[0] == '/' || has_drive(name))
		return "zip.absolute";
	return check_parts(name);
}

const char *zip_name(struct curb_arena *arena, struct zip_names *names, struct curb_str raw,
                     struct curb_str unicode, bool utf8, struct curb_str *ret_name)
{
	enum { LONGEST = 4 * ZIP_NAME_MAX };
	struct curb_str name = unicode.ptr ? unicode : raw;
	*ret_name = curb_str("");
	if (name.len > LONGEST)
		return "zip.name_length";
	/* Programs that write UTF-8 without saying so are many; GB18030 text is hardly ever valid UTF-8. */
	if (curb_utf8_valid(name))
		*ret_name = curb_dup(arena, name);
	else if (utf8 || unicode.ptr || !from_gb18030(arena, names, name, ret_name))
		return "zip.name_encoding";
	return check_name(*ret_name);
}

struct folded {
	UChar *text;
	int32_t length;
	size_t entry;
};

static bool fold(struct curb_arena *arena, struct curb_str name, struct folded *ret_folded)
{
	enum { GROWTH = 4 };
	UErrorCode error = U_ZERO_ERROR;
	int32_t room = (int32_t)name.len * GROWTH + 1, n = 0;
	UChar *wide = malloc((size_t)room * sizeof *wide), *folded = malloc((size_t)room * sizeof *folded);
	UChar *composed = curb_alloc_n(arena, name.len + 1, sizeof *composed);
	bool ok = wide && folded;
	if (ok) {
		u_strFromUTF8(wide, room, &n, name.ptr, (int32_t)name.len, &error);
		n = u_strFoldCase(folded, room, wide, n, U_FOLD_CASE_DEFAULT, &error);
		n = unorm2_normalize(unorm2_getNFCInstance(&error), folded, n, wide, room, &error);
		ok = U_SUCCESS(error) && (size_t)n <= name.len;
	}
	if (ok)
		memcpy(composed, wide, (size_t)n * sizeof *wide);
	free(wide);
	free(folded);
	ret_folded->text = composed;
	ret_folded->length = ok ? n : 0;
	while (ok && ret_folded->length && composed[ret_folded->length - 1] == '/')
		ret_folded->length--; /* a file and a folder of one name clash too */
	return ok;
}

static int by_text(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;
	int order = u_strCompare(x->text, x->length, y->text, y->length, 0);
	return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

bool zip_names_clash(struct curb_arena *arena, const struct zip_entry *entries, size_t count, size_t *ret_a,
                     size_t *ret_b)
{
	struct folded *all = curb_alloc_n(arena, count + 1, sizeof *all);
	for (size_t i = 0; i < count; i++) {
		all[i].entry = i;
		if (!fold(arena, entries[i].name, &all[i])) {
			*ret_a = *ret_b = i;
			return true;
		}
	}
	qsort(all, count, sizeof *all, by_text);
	for (size_t i = 1; i < count; i++) {
		if (u_strCompare(all[i - 1].text, all[i - 1].length, all[i].text, all[i].length, 0) != 0)
			continue;
		*ret_a = all[i - 1].entry;
		*ret_b = all[i].entry;
		return true;
	}
	return false;
}
