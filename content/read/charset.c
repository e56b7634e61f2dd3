/* Which encoding a text is in. Guessing is wrong on short texts, so a guess needs five cues; everything else is proof. */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <uchardet/uchardet.h>

#include "captions_inside.h"

struct caption_charsets {
	iconv_t gb18030, big5;
	uchardet_t guess;
};

enum { CUES_FOR_A_GUESS = 5 };

static const iconv_t no_iconv = (iconv_t)-1;

struct caption_charsets *captions_charsets_open(void)
{
	struct caption_charsets *c = curb_xcalloc(1, sizeof *c);
	c->gb18030 = iconv_open("UTF-8", "GB18030");
	c->big5 = iconv_open("UTF-8", "BIG5");
	c->guess = uchardet_new();
	return c;
}

static void close_one(iconv_t converter)
{
	if (converter != no_iconv)
		(void)iconv_close(converter);
}

void captions_charsets_free(struct caption_charsets *charsets)
{
	if (!charsets)
		return;
	close_one(charsets->gb18030);
	close_one(charsets->big5);
	if (charsets->guess)
		uchardet_delete(charsets->guess);
	free(charsets);
}

/* Every byte must belong to the charset. */
static bool convert(iconv_t converter, struct curb_str bytes, struct curb_buf *out)
{
	if (converter == no_iconv)
		return false;
	curb_buf_clear(out);
	(void)iconv(converter, NULL, NULL, NULL, NULL);
	char *from = (char *)(uintptr_t)bytes.ptr, piece[4096];
	size_t left = bytes.len, done = 0;
	while (left && done != (size_t)-1) {
		char *to = piece;
		size_t room = sizeof piece;
		done = iconv(converter, &from, &left, &to, &room);
		curb_buf_add(out, piece, sizeof piece - room);
		if (done == (size_t)-1 && errno == E2BIG)
			done = 0;
	}
	return done != (size_t)-1 && !out->failed;
}

bool captions_convert(struct caption_charsets *charsets, bool big5, struct curb_str bytes,
                      struct curb_buf *out)
{
	return convert(big5 ? charsets->big5 : charsets->gb18030, bytes, out);
}

/* Code points for private use stand for bytes that no real text has. */
static bool has_private_use(struct curb_str text)
{
	for (size_t i = 0; i < text.len;) {
		uint32_t c = curb_utf8_next(text, &i);
		if (c >= 0xe000 && c <= 0xf8ff)
			return true;
	}
	return false;
}

static uint32_t unit(const unsigned char *p, bool big)
{
	return big ? (uint32_t)(p[0] << 8 | p[1]) : (uint32_t)(p[1] << 8 | p[0]);
}

static void put_utf8(struct curb_buf *out, uint32_t c)
{
	if (c < 0x80) {
		curb_buf_u8(out, (uint8_t)c);
		return;
	}
	if (c >= 0x10000) {
		curb_buf_u8(out, (uint8_t)(0xf0 | c >> 18));
		curb_buf_u8(out, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
	} else if (c >= 0x800) {
		curb_buf_u8(out, (uint8_t)(0xe0 | c >> 12));
	}
	curb_buf_u8(out, (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6));
	curb_buf_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
}

/* Lone surrogates and a last odd byte become U+FFFD; false when there were any. */
static bool from_utf16(struct curb_str bytes, bool big, struct curb_buf *out)
{
	const unsigned char *p = (const unsigned char *)bytes.ptr;
	size_t n = bytes.len / 2;
	bool sound = bytes.len % 2 == 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t c = unit(p + 2 * i, big);
		uint32_t low = c >= 0xd800 && c < 0xdc00 && i + 1 < n ? unit(p + 2 * i + 2, big) : 0;
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i++;
		} else if (c >= 0xd800 && c < 0xe000) {
			c = 0xfffd;
			sound = false;
		}
		put_utf8(out, c);
	}
	if (bytes.len % 2)
		put_utf8(out, 0xfffd);
	return sound;
}

/* Times are ASCII in every caption file, so every other byte of much of UTF-16 is NUL. */
static bool utf16_by_nuls(struct curb_str bytes, bool *ret_big)
{
	size_t even = 0, odd = 0, units = bytes.len / 2;
	for (size_t i = 0; i < units; i++) {
		even += bytes.ptr[2 * i] == 0;
		odd += bytes.ptr[2 * i + 1] == 0;
	}
	size_t more = even > odd ? even : odd, fewer = even > odd ? odd : even;
	*ret_big = even > odd;
	return bytes.len % 2 == 0 && more * 4 >= units && more > 4 * fewer;
}

static size_t count_cues(struct curb_str bytes)
{
	size_t n = 0;
	for (size_t i = 0; i + 3 <= bytes.len; i++)
		n += memcmp(bytes.ptr + i, "-->", 3) == 0;
	return n;
}

/* The guesser's name for the bytes, or "". */
static const char *guess(struct caption_charsets *c, struct curb_str bytes)
{
	if (!c->guess || count_cues(bytes) < CUES_FOR_A_GUESS)
		return "";
	uchardet_reset(c->guess);
	if (uchardet_handle_data(c->guess, bytes.ptr, bytes.len) != 0)
		return "";
	uchardet_data_end(c->guess);
	return uchardet_get_charset(c->guess);
}

/* Others that would pass as GB18030 and come out as wrong words. */
static bool is_rival(const char *name)
{
	static const char *const rivals[] = { "EUC-KR", "UHC", "JOHAB", "SHIFT_JIS", "EUC-JP", "EUC-TW" };
	for (size_t i = 0; i < sizeof rivals / sizeof *rivals; i++) {
		if (curb_str_is_nocase(curb_str(name), rivals[i]))
			return true;
	}
	return false;
}

static const char *decode_chinese(struct caption_charsets *c, struct curb_str bytes, struct curb_buf *out,
                                  const char **ret_guess)
{
	if (!c || memchr(bytes.ptr, 0, bytes.len))
		return NULL;
	const char *name = *ret_guess = guess(c, bytes);
	if (curb_str_is_nocase(curb_str(name), "BIG5") && convert(c->big5, bytes, out))
		return "BIG5";
	if (is_rival(name) || !convert(c->gb18030, bytes, out) || has_private_use(curb_buf_view(out)))
		return NULL;
	return "GB18030";
}

static const char *decode_utf16(struct curb_str bytes, struct curb_buf *out)
{
	bool big;
	if (curb_str_starts(bytes, "\xff\xfe") || curb_str_starts(bytes, "\xfe\xff")) {
		big = (unsigned char)bytes.ptr[0] == 0xfe;
		(void)from_utf16(curb_str_from(bytes, 2), big, out);
	} else if (!utf16_by_nuls(bytes, &big) || !from_utf16(bytes, big, out)) {
		return NULL;
	}
	return big ? "UTF-16BE" : "UTF-16LE";
}

bool captions_decode(struct curb_arena *arena, struct caption_charsets *charsets, struct curb_str bytes,
                     const struct caption_report *report, struct curb_str *ret_text,
                     const char **ret_encoding)
{
	if (bytes.len > CAPTIONS_BYTES_MAX) {
		captions_tell(report, "captions.too-big", 1, curb_str("4"), curb_str(NULL));
		return false;
	}
	if (!bytes.len) {
		captions_tell(report, "captions.empty", 1, curb_str(NULL), curb_str(NULL));
		return false;
	}
	struct curb_buf out = curb_buf(3 * bytes.len + 16);
	const char *guessed = "", *encoding = decode_utf16(bytes, &out);
	if (!encoding && (curb_str_starts(bytes, "\ufeff") || curb_utf8_valid(bytes))) {
		*ret_text = curb_str_starts(bytes, "\ufeff") ? curb_str_from(bytes, 3) : bytes;
		*ret_encoding = "UTF-8";
		curb_buf_free(&out);
		return true;
	}
	if (!encoding)
		encoding = decode_chinese(charsets, bytes, &out, &guessed);
	if (encoding) {
		*ret_text = curb_dup(arena, curb_buf_view(&out));
		*ret_encoding = encoding;
	} else {
		captions_tell(report, "captions.encoding", 1, curb_str(guessed), curb_str(NULL));
	}
	curb_buf_free(&out);
	return encoding != NULL;
}
