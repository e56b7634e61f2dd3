#include "digits.h"

#include <sys/random.h>

#include "curb/err.h"

enum { MODULUS = 97, CHECKS = 2, MOST = 16 };

static int remainder_of(const char *code, size_t n)
{
	int rest = 0;
	for (size_t i = 0; i < n; i++)
		rest = (rest * 10 + (code[i] - '0')) % MODULUS;
	return rest;
}

void digits_make(size_t n, char *ret_code)
{
	enum { EVEN = 250 }; /* below it each digit is as likely as another */
	CURB_ASSERT(n > CHECKS && n <= MOST);
	for (size_t at = 0; at < n - CHECKS;) {
		unsigned char byte = 0;
		CURB_ASSERT(getrandom(&byte, 1, 0) == 1);
		if (byte < EVEN)
			ret_code[at++] = (char)('0' + byte % 10);
	}
	int check = MODULUS + 1 - remainder_of(ret_code, n - CHECKS) * 100 % MODULUS;
	ret_code[n - 2] = (char)('0' + check / 10);
	ret_code[n - 1] = (char)('0' + check % 10);
	ret_code[n] = '\0';
}

/* -1: no digit. 幺 is what 一 is called in numbers that are read out, 两 a second name of 二. */
static int digit_of(uint32_t c)
{
	enum { WIDE_0 = 0xff10 };
	static const struct {
		uint32_t c;
		int digit;
	} words[] = { { 0x3007, 0 }, { 0x96f6, 0 }, { 0x4e00, 1 }, { 0x5e7a, 1 }, { 0x4e8c, 2 },
		      { 0x4e24, 2 }, { 0x4e09, 3 }, { 0x56db, 4 }, { 0x4e94, 5 }, { 0x516d, 6 },
		      { 0x4e03, 7 }, { 0x516b, 8 }, { 0x4e5d, 9 } };
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	if (c >= WIDE_0 && c <= WIDE_0 + 9)
		return (int)(c - WIDE_0);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].c == c)
			return words[i].digit;
	return -1;
}

static bool is_between(uint32_t c)
{
	return c == ' ' || c == '-' || c == '.' || c == ',' || c == '\t' || c == 0xA0 || c == 0x3000 ||
	       c == 0x3001 || c == 0x3002 || c == 0xFF0C || (c >= 0x2010 && c <= 0x2015);
}

enum digits_read digits_read(struct curb_str typed, size_t n, char *ret_code)
{
	size_t have = 0;
	for (size_t at = 0; at < typed.len;) {
		uint32_t c = curb_utf8_next(typed, &at);
		int digit = digit_of(c);
		if (is_between(c))
			continue;
		if (digit < 0)
			return DIGITS_STRANGE;
		if (have < n)
			ret_code[have] = (char)('0' + digit);
		have++;
	}
	if (have != n)
		return DIGITS_LENGTH;
	ret_code[n] = '\0';
	return remainder_of(ret_code, n) == 1 ? DIGITS_FINE : DIGITS_SLIP;
}

struct curb_str digits_shown(struct curb_arena *arena, const char *code)
{
	enum { GROUP = 3 };
	char text[2 * MOST + 1];
	size_t n = strlen(code), at = 0;
	CURB_ASSERT(n <= MOST);
	for (size_t i = 0; i < n; i++) {
		if (i && i % GROUP == 0 && n - i > 1)
			text[at++] = '-';
		text[at++] = code[i];
	}
	return curb_dup(arena, curb_str_n(text, at));
}
