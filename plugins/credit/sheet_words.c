/* Attendance in words, and times as people type them. */
#include "sheet.h"

/* Digits of Chinese keyboards as well. -1 when it is none. */
static int digit_of(uint32_t c)
{
	enum { WIDE_0 = 0xff10 };
	if (c >= '0' && c <= '9')
		return (int)(c - '0');
	return c >= WIDE_0 && c <= WIDE_0 + 9 ? (int)(c - WIDE_0) : -1;
}

static bool is_between(uint32_t c)
{
	enum { WIDE_COLON = 0xff1a, O_CLOCK = 0x70b9, HOUR = 0x65f6 };
	return c == ':' || c == '.' || c == WIDE_COLON || c == O_CLOCK || c == HOUR;
}

/* Two numbers with a mark between them; without one, the last two of three or four digits are minutes. */
bool sheet_read_time(struct curb_str text, int64_t *ret_minutes)
{
	enum { MINUTE_SIGN = 0x5206 };
	int64_t parts[2] = { 0, 0 };
	int digits[2] = { 0, 0 }, part = 0;
	for (size_t at = 0; at < text.len;) {
		uint32_t c = curb_utf8_next(text, &at);
		int digit = digit_of(c);
		if (digit >= 0 && digits[part] < 4) {
			parts[part] = parts[part] * 10 + digit;
			digits[part]++;
		} else if (is_between(c) && part == 0 && digits[0] > 0) {
			part = 1;
		} else if (c != ' ' && !(c == MINUTE_SIGN && part == 1 && at == text.len)) {
			return false;
		}
	}
	if (part == 0 && digits[0] > 2) {
		parts[1] = parts[0] % 100;
		parts[0] /= 100;
		digits[1] = 2;
	}
	*ret_minutes = parts[0] * 60 + parts[1];
	return digits[0] > 0 && (digits[1] == 0 || digits[1] == 2) && parts[1] < 60 &&
	       (parts[0] < 24 || (parts[0] == 24 && parts[1] == 0));
}
