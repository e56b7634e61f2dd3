#include "number.h"

#include <string.h>

#include "curb/err.h"

enum { CITIZEN = 18, WHOLE = 20, LONGEST = 23, BIRTH = 6 };

/* ASCII for what stands for it, '\0' for what may stand between, -1 for anything else. */
static int plain_of(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full-width forms of ASCII */
		c -= 0xff01 - '!';
	if (c == ' ' || c == '-' || c == 0x3000 || c == 0xa0)
		return '\0';
	if (c >= 'a' && c <= 'z')
		c -= 'a' - 'A';
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' || c == '+' ? (int)c : -1;
}

/* The characters without what stands between them; 0 when there are others, or too many. */
static size_t tidy(struct curb_str typed, char ret[static LONGEST + 1])
{
	size_t n = 0;
	for (size_t offset = 0; offset < typed.len;) {
		int c = plain_of(curb_utf8_next(typed, &offset));
		if (c == '\0')
			continue;
		if (c < 0 || n == LONGEST)
			return 0;
		ret[n++] = (char)c;
	}
	ret[n] = '\0';
	return n;
}

static bool digits(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return n > 0;
}

static int number_at(const char *text, size_t n)
{
	int number = 0;
	for (size_t i = 0; i < n; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

static bool is_day(const char *birth)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = number_at(birth, 4), month = number_at(birth + 4, 2), day = number_at(birth + 6, 2);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && leap);
}

/* ISO 7064 MOD 11-2. */
static bool fits_check(const char *citizen)
{
	static const int weights[CITIZEN - 1] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	for (size_t i = 0; i < CITIZEN - 1; i++)
		sum += weights[i] * (citizen[i] - '0');
	return citizen[CITIZEN - 1] == "10X98765432"[sum % 11];
}

static bool has_shape(const char *text, size_t n)
{
	bool reissued = n == WHOLE || (text[WHOLE] == 'B' && digits(text + WHOLE + 1, n - WHOLE - 1));
	char last = text[CITIZEN - 1];
	return reissued && digits(text, CITIZEN - 1) && ((last >= '0' && last <= '9') || last == 'X') &&
	       digits(text + CITIZEN, 2);
}

int people_number_read(struct curb_arena *arena, struct curb_str typed, struct people_number *ret_number)
{
	char text[LONGEST + 1] = "";
	size_t n = tidy(curb_str_trim(typed), text);
	if (n && strpbrk(text, ".+"))
		return curb_fail(CURB_EINVAL,
		                 "A spreadsheet has rounded this number; type it from the certificate");
	if (n < WHOLE || !has_shape(text, n))
		return curb_fail(CURB_EINVAL,
		                 "A certificate number is the 18 characters of the citizen number and two "
		                 "digits, and B with a digit when it was issued again; type it as it "
		                 "stands on the certificate");
	if (!is_day(text + BIRTH))
		return curb_fail(CURB_EINVAL,
		                 "Characters 7 to 14 are a day of birth, and there is no such day; look "
		                 "at them again");
	if (!fits_check(text))
		return curb_fail(CURB_EINVAL,
		                 "Character 18 does not fit those before it, so one of the 18 was "
		                 "mistyped; compare them with the certificate one by one");
	int category = text[CITIZEN] - '0', grade = text[CITIZEN + 1] - '0';
	if (category < 1 || category > NUMBER_CATEGORIES || grade < 1 || grade > NUMBER_GRADES)
		return curb_fail(CURB_EINVAL,
		                 "Character 19 is the category, 1 to 7, and character 20 the grade, 1 to "
		                 "4; look at these two again");
	*ret_number = (struct people_number){ curb_dup(arena, curb_str_n(text, n)), category, grade };
	return 0;
}

struct curb_str people_number_shown(struct curb_str plain)
{
	return plain.len > NUMBER_SHOWN ? curb_str_n(plain.ptr, NUMBER_SHOWN) : curb_str(NULL);
}

struct curb_str people_number_spaced(struct curb_arena *arena, struct curb_str plain)
{
	static const int ends[] = { BIRTH, BIRTH + 8, CITIZEN };
	const char *p = plain.ptr;
	return curb_str(curb_printf(arena, "%.*s %.*s %.*s %.*s", ends[0], p, ends[1] - ends[0], p + ends[0],
	                            ends[2] - ends[1], p + ends[1], (int)plain.len - ends[2], p + ends[2]));
}
