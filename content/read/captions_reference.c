#include <stdlib.h>

#include "captions_inside.h"

/* Inline arrays, no pointers: the table needs no relocation and stays in pages shared by all workers. */
static const struct named {
	char name[32];
	char text[7];
	char bare; /* may stand without its semicolon */
} names[] = {
#define R(name, text, bare) { name, text, bare },
#include "captions_entities.inc"
#undef R
};

enum { NAME_MAX_LENGTH = 31, BARE_MAX_LENGTH = 6 };

static int by_name(const void *key, const void *row)
{
	const struct curb_str *name = key;
	const struct named *named = row;
	size_t length = strlen(named->name);
	int order = memcmp(name->ptr, named->name, name->len < length ? name->len : length);
	return order ? order : (name->len > length) - (name->len < length);
}

static const struct named *find(struct curb_str name)
{
	return bsearch(&name, names, sizeof names / sizeof *names, sizeof *names, by_name);
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void captions_put_point(struct curb_buf *out, uint32_t c)
{
	if (c < 0x80) {
		curb_buf_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		curb_buf_u8(out, (uint8_t)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			curb_buf_u8(out, (uint8_t)(0xe0 | c >> 12));
		} else {
			curb_buf_u8(out, (uint8_t)(0xf0 | c >> 18));
			curb_buf_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		}
		curb_buf_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	curb_buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
}

uint32_t vtt_windows_point(uint32_t byte)
{
	static const uint16_t windows[32] = {
		0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
		0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178,
	};
	return windows[byte - 0x80];
}

/* HTML, "numeric character reference end state": what browsers show for the numbers of Windows-1252. */
static uint32_t mend_point(uint32_t c)
{
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0xfffd;
	return c >= 0x80 && c < 0xa0 ? vtt_windows_point(c) : c;
}

static int digit_of(char c, bool hex)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (hex && c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (hex && c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static size_t numeric(struct curb_str text, size_t offset, struct curb_buf *out)
{
	size_t at = offset + 1;
	bool hex = at < text.len && (text.ptr[at] == 'x' || text.ptr[at] == 'X');
	at += hex;
	size_t first = at;
	uint32_t c = 0;
	for (int digit; at < text.len && (digit = digit_of(text.ptr[at], hex)) >= 0; at++)
		c = c > 0x10ffff ? c : c * (hex ? 16 : 10) + (uint32_t)digit;
	if (at == first)
		return 0;
	captions_put_point(out, mend_point(c));
	at += at < text.len && text.ptr[at] == ';';
	return at - offset;
}

size_t vtt_reference(struct curb_str text, size_t offset, struct curb_buf *out)
{
	if (offset < text.len && text.ptr[offset] == '#')
		return numeric(text, offset, out);
	size_t n = 0;
	while (offset + n < text.len && n <= NAME_MAX_LENGTH && is_alnum(text.ptr[offset + n]))
		n++;
	struct curb_str name = curb_str_n(text.ptr + offset, n);
	const struct named *named = NULL;
	if (n && n <= NAME_MAX_LENGTH && offset + n < text.len && text.ptr[offset + n] == ';' &&
	    (named = find(name))) {
		curb_buf_text(out, named->text);
		return n + 1;
	}
	for (name.len = n < BARE_MAX_LENGTH ? n : BARE_MAX_LENGTH; name.len >= 2; name.len--) {
		named = find(name);
		if (named && named->bare) {
			curb_buf_text(out, named->text);
			return name.len;
		}
	}
	return 0;
}
