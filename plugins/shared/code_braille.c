#include "codes.h"

#include "curb/buf.h"
#include "curb/cleanup.h"

/* The dots of a to z, as braille has them everywhere; digits are those of a to j. */
static uint8_t dots_of(char c)
{
	static const uint8_t dots[26] = { 0x01, 0x03, 0x09, 0x19, 0x11, 0x0B, 0x1B, 0x13, 0x0A,
		                          0x1A, 0x05, 0x07, 0x0D, 0x1D, 0x15, 0x0F, 0x1F, 0x17,
		                          0x0E, 0x1E, 0x25, 0x27, 0x3A, 0x2D, 0x3D, 0x35 };
	if (c == '0')
		return dots['J' - 'A'];
	return c >= '1' && c <= '9' ? dots[c - '1'] : dots[c - 'A'];
}

static void put_cell(struct curb_buf *out, uint8_t dots)
{
	const char cell[3] = { (char)0xE2, (char)(0xA0 | dots >> 6), (char)(0x80 | (dots & 0x3F)) };
	curb_buf_add(out, cell, sizeof cell);
}

struct curb_str code_braille(struct curb_arena *arena, struct curb_str shown)
{
	enum { NUMBERS = 0x3C, LETTERS = 0x30, NONE = 0, ROOM = 256 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(ROOM);
	uint8_t before = NONE;
	for (size_t i = 0; i < shown.len; i++) {
		bool digit = shown.ptr[i] >= '0' && shown.ptr[i] <= '9';
		uint8_t sign = digit ? NUMBERS : LETTERS;
		if (shown.ptr[i] == '-') {
			curb_buf_char(&out, ' ');
			before = NONE;
			continue;
		}
		if (sign != before)
			put_cell(&out, sign);
		before = sign;
		put_cell(&out, dots_of(shown.ptr[i]));
	}
	return curb_dup(arena, curb_buf_view(&out));
}
