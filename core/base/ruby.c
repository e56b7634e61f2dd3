#include "curb/ruby.h"

#include <stdint.h>

static bool is_chinese(uint32_t c)
{
	return c == 0x3007 || (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
	       (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

/* Of a syllable: Latin letters with any marks; digits tell tones. */
static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7) || (c >= 0x1e00 && c <= 0x1eff) ||
	       (c >= 0x300 && c <= 0x36f);
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || c == 0x3000;
}

/* The next syllable without the marks around it; absent at the end. */
static struct curb_str next_syllable(struct curb_str *pinyin)
{
	struct curb_str found = { NULL, 0 };
	size_t at = 0;
	while (pinyin->ptr && at < pinyin->len) {
		size_t from = at;
		uint32_t c = curb_utf8_next(*pinyin, &at);
		if (is_blank(c) && found.ptr)
			break;
		bool counts = is_letter(c) || (found.ptr && c >= '0' && c <= '9');
		if (counts && !found.ptr)
			found.ptr = pinyin->ptr + from;
		if (counts)
			found.len = (size_t)(pinyin->ptr + at - found.ptr);
	}
	if (pinyin->ptr)
		*pinyin = curb_str_from(*pinyin, at);
	return found;
}

size_t curb_ruby_characters(struct curb_str text)
{
	size_t n = 0;
	for (size_t at = 0; text.ptr && at < text.len;)
		n += is_chinese(curb_utf8_next(text, &at));
	return n;
}

size_t curb_ruby_syllables(struct curb_str pinyin)
{
	size_t n = 0;
	while (next_syllable(&pinyin).ptr)
		n++;
	return n;
}

bool curb_ruby_next(struct curb_str *text, struct curb_str *pinyin, struct curb_str *ret_piece,
                    struct curb_str *ret_syllable)
{
	size_t end = 0;
	if (!text->ptr || !text->len)
		return false;
	bool chinese = is_chinese(curb_utf8_next(*text, &end));
	for (size_t at = end; !chinese && at < text->len; end = at)
		if (is_chinese(curb_utf8_next(*text, &at)))
			break;
	*ret_piece = curb_str_n(text->ptr, end);
	*ret_syllable = chinese ? next_syllable(pinyin) : curb_str(NULL);
	*text = curb_str_from(*text, end);
	return true;
}
