#include "mo.h"

#include <string.h>

#include "curb/err.h"
#include "curb/str.h"

enum { HEADER_SIZE = 28, ROW_SIZE = 8, COUNT_MAX = 100000 };

static uint32_t read_u32(const struct mo *mo, uint64_t at)
{
	const unsigned char *p = mo->bytes + at;
	if (mo->big_endian)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static const char *text_at(const struct mo *mo, uint32_t table, uint32_t i)
{
	return (const char *)mo->bytes + read_u32(mo, (uint64_t)table + (uint64_t)i * ROW_SIZE + 4);
}

const char *mo_source(const struct mo *mo, uint32_t i)
{
	return text_at(mo, mo->originals, i);
}

const char *mo_translation(const struct mo *mo, uint32_t i)
{
	return text_at(mo, mo->translations, i);
}

static int check_row(const struct mo *mo, const char *name, uint64_t row, uint64_t size)
{
	uint64_t len = read_u32(mo, row), at = read_u32(mo, row + 4);
	if (at >= size || len >= size - at || mo->bytes[at + len] != '\0')
		return curb_fail(CURB_EINVAL, "Messages %s: a text lies outside the file.", name);
	if (!curb_utf8_valid(curb_str_n((const char *)mo->bytes + at, len)))
		return curb_fail(CURB_EINVAL, "Messages %s: a text is not UTF-8.", name);
	return 0;
}

/* Every {name} of a translation occurs in the source text, and its braces come in pairs. */
static bool fits(const char *source, const char *text)
{
	struct curb_str rest = curb_str(text), part;
	for (bool name = false; curb_str_cut(&rest, name ? '}' : '{', &part); name = !name) {
		if (!name) {
			if (memchr(part.ptr, '}', part.len))
				return false;
			continue;
		}
		if (!rest.ptr || !memmem(source, strlen(source), part.ptr - 1, part.len + 2))
			return false;
	}
	return true;
}

/* A source whose own braces are no {name} parts (a format that prints JSON, say) is not judged. */
static int check_braces(const struct mo *mo, const char *name, uint32_t i)
{
	const char *source = mo_source(mo, i), *text = mo_translation(mo, i);
	if (!*source || !fits(source, source) || fits(source, text))
		return 0;
	return curb_fail(CURB_EINVAL, "Messages %s: the translation of \"%s\" has other {name} parts.", name,
	                 source);
}

static int check_rows(const struct mo *mo, const char *name, uint64_t size)
{
	for (uint32_t i = 0; i < mo->count; i++) {
		int err = check_row(mo, name, (uint64_t)mo->originals + (uint64_t)i * ROW_SIZE, size);
		if (!err)
			err = check_row(mo, name, (uint64_t)mo->translations + (uint64_t)i * ROW_SIZE, size);
		if (err)
			return err;
		if (i > 0 && strcmp(mo_source(mo, i - 1), mo_source(mo, i)) >= 0)
			return curb_fail(CURB_EINVAL, "Messages %s: the texts are not sorted.", name);
		err = check_braces(mo, name, i);
		if (err)
			return err;
	}
	return 0;
}

int mo_open(struct mo *mo, const char *name, const unsigned char *bytes, uint64_t size)
{
	static const unsigned char little[] = { 0xde, 0x12, 0x04, 0x95 }, big[] = { 0x95, 0x04, 0x12, 0xde };
	struct mo m = { .bytes = bytes };
	if (size < HEADER_SIZE || size > UINT32_MAX)
		return curb_fail(CURB_EINVAL, "Messages %s is too short or too long.", name);
	m.big_endian = memcmp(bytes, big, sizeof big) == 0;
	if (!m.big_endian && memcmp(bytes, little, sizeof little) != 0)
		return curb_fail(CURB_EINVAL, "Messages %s is no .mo file.", name);
	if (read_u32(&m, 4) >> 16 > 1)
		return curb_fail(CURB_EINVAL, "Messages %s has a version of the format that is not known.",
		                 name);
	m.count = read_u32(&m, 8);
	m.originals = read_u32(&m, 12);
	m.translations = read_u32(&m, 16);
	uint64_t table = (uint64_t)m.count * ROW_SIZE;
	if (m.count > COUNT_MAX || m.originals + table > size || m.translations + table > size)
		return curb_fail(CURB_EINVAL, "Messages %s: a table lies outside the file.", name);
	int err = check_rows(&m, name, size);
	if (!err)
		*mo = m;
	return err;
}

/* An entry with a context has the key "context\4source". */
static int compare(const char *context, const char *source, const char *key)
{
	for (; context && *context; context++, key++)
		if (*context != *key)
			return (unsigned char)*context - (unsigned char)*key;
	if (!context)
		return strcmp(source, key);
	return *key == '\4' ? strcmp(source, key + 1) : '\4' - (unsigned char)*key;
}

const char *mo_find(const struct mo *mo, const char *source)
{
	return mo_find_in(mo, NULL, source);
}

const char *mo_find_in(const struct mo *mo, const char *context, const char *source)
{
	uint32_t from = 0, to = mo->count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = compare(context, source, mo_source(mo, middle));
		if (order == 0) {
			const char *text = mo_translation(mo, middle);
			return *source && *text ? text : NULL;
		}
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}
