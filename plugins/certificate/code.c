#include "code.h"

#include <sys/random.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"

/* 0 and O, 1, I and L, 2 and Z, 5 and S, 6 and G, 8 and B, D, O and Q, U, V and Y: of each one alone. 23 is a prime. */
static const char letters[] = "23456789ACDEFHJKMNPRTWX";
enum { PRIME = sizeof letters - 1, RANDOM = CODE_LENGTH - 2, GROUP = 4, CODE_BRAILLE_MOST = 256 };

static int place_of(char c)
{
	for (int i = 0; i < PRIME; i++)
		if (letters[i] == c)
			return i;
	return -1;
}

/* What must be nothing: the sum of all, and the sum of each times its place. */
static void remainders(const int numbers[static CODE_LENGTH], int ret[static 2])
{
	ret[0] = ret[1] = 0;
	for (int i = 0; i < CODE_LENGTH; i++) {
		ret[0] = (ret[0] + numbers[i]) % PRIME;
		ret[1] = (ret[1] + (i + 1) * numbers[i]) % PRIME;
	}
}

/* The last two are chosen so that nothing remains: a + b = -sum, 15 a + 16 b = -weighted, so b = 15 sum - weighted. */
static void add_checks(int numbers[static CODE_LENGTH])
{
	int left[2];
	numbers[RANDOM] = numbers[RANDOM + 1] = 0;
	remainders(numbers, left);
	numbers[RANDOM + 1] = ((RANDOM + 1) * left[0] + PRIME - left[1]) % PRIME;
	numbers[RANDOM] = (2 * PRIME - left[0] - numbers[RANDOM + 1]) % PRIME;
}

void code_make(char ret_code[static CODE_LENGTH + 1])
{
	enum { EVEN = 256 - 256 % PRIME }; /* below it each character is as likely as another */
	int numbers[CODE_LENGTH];
	for (int n = 0; n < RANDOM;) {
		unsigned char byte;
		CURB_ASSERT(getrandom(&byte, 1, 0) == 1);
		if (byte < EVEN)
			numbers[n++] = byte % PRIME;
	}
	add_checks(numbers);
	for (int i = 0; i < CODE_LENGTH; i++)
		ret_code[i] = letters[numbers[i]];
	ret_code[CODE_LENGTH] = '\0';
}

void code_show(struct curb_str code, char ret_text[static CODE_SHOWN + 1])
{
	CURB_ASSERT(code.len == CODE_LENGTH);
	size_t at = 0;
	for (size_t i = 0; i < CODE_LENGTH; i++) {
		if (i && i % GROUP == 0)
			ret_text[at++] = '-';
		ret_text[at++] = code.ptr[i];
	}
	ret_text[at] = '\0';
}

/* ---- what was typed ---- */

static uint32_t plain(uint32_t c)
{
	enum { WIDE_FIRST = 0xFF01, WIDE_LAST = 0xFF5E, WIDE_BY = 0xFEE0 };
	if (c >= WIDE_FIRST && c <= WIDE_LAST)
		c -= WIDE_BY;
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* Blanks and dashes, those of Chinese and of printed text too. */
static bool is_between(uint32_t c)
{
	return c == ' ' || c == '-' || c == '\t' || c == '.' || c == 0x3000 || c == 0xA0 ||
	       (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xB7;
}

enum code_read code_read(struct curb_str typed, char ret_code[static CODE_LENGTH + 1])
{
	int numbers[CODE_LENGTH] = { 0 }, left[2];
	size_t n = 0;
	bool strange = false;
	for (size_t at = 0; at < typed.len;) {
		uint32_t c = plain(curb_utf8_next(typed, &at));
		if (is_between(c))
			continue;
		int place = c < 128 ? place_of((char)c) : -1;
		strange = strange || place < 0;
		if (n < CODE_LENGTH)
			numbers[n] = place < 0 ? 0 : place;
		n++;
	}
	if (n != CODE_LENGTH)
		return CODE_LENGTH_WRONG;
	if (strange)
		return CODE_STRANGE;
	remainders(numbers, left);
	if (left[0] || left[1])
		return CODE_SLIP;
	for (size_t i = 0; i < CODE_LENGTH; i++)
		ret_code[i] = letters[numbers[i]];
	ret_code[CODE_LENGTH] = '\0';
	return CODE_FINE;
}

/* ---- braille ---- */

/* The dots of a to z, as braille has them everywhere; digits are those of a to j. */
static uint8_t dots_of(char c)
{
	static const uint8_t dots[26] = { 0x01, 0x03, 0x09, 0x19, 0x11, 0x0B, 0x1B, 0x13, 0x0A,
		                          0x1A, 0x05, 0x07, 0x0D, 0x1D, 0x15, 0x0F, 0x1F, 0x17,
		                          0x0E, 0x1E, 0x25, 0x27, 0x3A, 0x2D, 0x3D, 0x35 };
	return c >= '1' && c <= '9' ? dots[c - '1'] : dots[c - 'A'];
}

static void put_cell(struct curb_buf *out, uint8_t dots)
{
	const char cell[3] = { (char)0xE2, (char)(0xA0 | dots >> 6), (char)(0x80 | (dots & 0x3F)) };
	curb_buf_add(out, cell, sizeof cell);
}

struct curb_str code_braille(struct curb_arena *arena, struct curb_str code)
{
	enum { NUMBERS = 0x3C, LETTERS = 0x30, NONE = 0 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(CODE_BRAILLE_MOST);
	uint8_t before = NONE;
	for (size_t i = 0; i < code.len; i++) {
		bool digit = code.ptr[i] >= '0' && code.ptr[i] <= '9';
		uint8_t sign = digit ? NUMBERS : LETTERS;
		if (i && i % GROUP == 0) {
			curb_buf_char(&out, ' ');
			before = NONE;
		}
		if (sign != before)
			put_cell(&out, sign);
		before = sign;
		put_cell(&out, dots_of(code.ptr[i]));
	}
	return curb_dup(arena, curb_buf_view(&out));
}
