#include "code.h"

#include <sys/random.h>

#include "curb/err.h"

/* 0 and O, 1, I and L, 2 and Z, 5 and S, 6 and G, 8 and B, D, O and Q, U, V and Y: of each one alone. 23 is a prime. */
static const char letters[] = "23456789ACDEFHJKMNPRTWX";
enum { PRIME = sizeof letters - 1, RANDOM = CODE_LENGTH - 2, GROUP = 4 };

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
