/* What a number of a spreadsheet is to people: a number, a day, a time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "table.h"

/* ---- formats ---- */

/* Formats that are known by their number alone: those of all countries, and of East Asia. */
static const struct {
	int64_t from, to;
	struct table_look look;
} standard[] = {
	{ 14, 17, { TABLE_DAY, 0 } },  { 18, 21, { TABLE_TIME, 0 } }, { 22, 22, { TABLE_MOMENT, 0 } },
	{ 27, 31, { TABLE_DAY, 0 } },  { 32, 35, { TABLE_TIME, 0 } }, { 36, 36, { TABLE_DAY, 0 } },
	{ 45, 47, { TABLE_TIME, 0 } }, { 50, 54, { TABLE_DAY, 0 } },  { 55, 56, { TABLE_TIME, 0 } },
	{ 57, 58, { TABLE_DAY, 0 } },
};

/* What stands in brackets is a colour, a condition or a place, but for [h], [mm] and the like. */
static size_t skip_bracket(struct curb_str code, size_t at, bool *ret_time)
{
	size_t end = at + 1;
	bool span = true;
	for (; end < code.len && code.ptr[end] != ']'; end++)
		span = span && strchr("hHmMsS", code.ptr[end]) != NULL;
	*ret_time |= span && end > at + 1;
	return end;
}

/* The first of the parts that semicolons divide, for numbers above zero. */
static struct table_look look_of_code(struct curb_str code)
{
	bool day = false, time = false, zeros = code.len > 0;
	for (size_t i = 0; i < code.len && code.ptr[i] != ';'; i++) {
		char c = code.ptr[i];
		zeros = zeros && c == '0';
		if (c == '"')
			while (i + 1 < code.len && code.ptr[++i] != '"')
				;
		else if (c == '\\' || c == '_' || c == '*')
			i++;
		else if (c == '[')
			i = skip_bracket(code, i, &time);
		else if (strchr("yYdD", c))
			day = true;
		else if (strchr("hHsS", c))
			time = true;
	}
	return (struct table_look){ day && time ? TABLE_MOMENT :
		                    day         ? TABLE_DAY :
		                    time        ? TABLE_TIME :
		                                  TABLE_PLAIN,
		                    zeros && code.len <= 20 ? (int)code.len : 0 };
}

struct table_look table_look_of(int64_t id, struct curb_str code)
{
	for (size_t i = 0; !code.ptr && i < sizeof standard / sizeof *standard; i++)
		if (id >= standard[i].from && id <= standard[i].to)
			return standard[i].look;
	return code.ptr ? look_of_code(code) : (struct table_look){ TABLE_PLAIN, 0 };
}

/* ---- numbers ---- */

enum { DAY_S = 86400 };
static const double latest_day = 2958466; /* the year 10000 in days since 1900 */

static struct curb_str time_text(struct curb_arena *arena, int64_t seconds)
{
	int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
	return curb_str(rest ? curb_printf(arena, "%d:%02d:%02d", hours, minutes, rest) :
	                       curb_printf(arena, "%d:%02d", hours, minutes));
}

/* Days since 1970; false for the 29 February 1900 that the 1900 system has and the calendar has not. */
static bool day_number(int64_t serial, bool since_1904, int64_t *ret_day)
{
	enum { LEAP = 60, TO_1970 = 25569, TO_1970_FROM_1904 = 24107 };
	if (since_1904)
		*ret_day = serial - TO_1970_FROM_1904;
	else
		*ret_day = serial - TO_1970 + (serial < LEAP);
	return since_1904 || serial != LEAP;
}

static struct curb_str moment_text(struct curb_arena *arena, double value, const struct table_look *look,
                                   bool since_1904)
{
	int64_t seconds = llround(value * DAY_S), day = 0;
	struct tm parts;
	if (look->what == TABLE_TIME || seconds < DAY_S)
		return time_text(arena, seconds);
	if (!day_number(seconds / DAY_S, since_1904, &day))
		return curb_str(NULL);
	time_t midnight = (time_t)(day * DAY_S);
	(void)gmtime_r(&midnight, &parts);
	const char *text = curb_printf(arena, "%04d-%02d-%02d", parts.tm_year + 1900, parts.tm_mon + 1,
	                               parts.tm_mday);
	if (seconds % DAY_S == 0)
		return curb_str(text);
	struct curb_str time = time_text(arena, seconds % DAY_S);
	return curb_str(curb_printf(arena, "%s %.*s", text, (int)time.len, time.ptr));
}

/* With the fifteen digits that a spreadsheet keeps: more of them stand in the file, and are chance. */
static struct curb_str plain_text(struct curb_arena *arena, double value, const struct table_look *look)
{
	enum { ROOM = 64 };
	static const double exact_below = 1e15;
	char text[ROOM];
	if (fabs(value) < exact_below) {
		if (look->zeros && floor(value) == value && value >= 0)
			(void)snprintf(text, sizeof text, "%0*.0f", look->zeros, value);
		else
			(void)snprintf(text, sizeof text, "%.15g", value);
		return curb_dup(arena, curb_str(text));
	}
	(void)snprintf(text, sizeof text, "%.14E", value);
	char *power = strchr(text, 'E'), *end = power;
	while (end[-1] == '0')
		end--;
	end -= end[-1] == '.';
	return curb_str(curb_printf(arena, "%.*s%s", (int)(end - text), text, power));
}

struct curb_str table_number(struct curb_arena *arena, struct curb_str digits, const struct table_look *look,
                             bool since_1904)
{
	enum { LONGEST = 60 };
	char text[LONGEST + 1], *end = NULL;
	if (digits.len == 0 || digits.len > LONGEST)
		return curb_str(NULL);
	for (size_t i = 0; i < digits.len; i++)
		if (!strchr("0123456789+-.eE", digits.ptr[i]) || !digits.ptr[i])
			return curb_str(NULL);
	memcpy(text, digits.ptr, digits.len);
	text[digits.len] = '\0';
	double value = strtod(text, &end);
	if (end != text + digits.len || !isfinite(value))
		return curb_str(NULL);
	struct curb_str moment = curb_str(NULL);
	if (look->what != TABLE_PLAIN && value >= 0 && value < latest_day)
		moment = moment_text(arena, value, look, since_1904);
	return moment.ptr ? moment : plain_text(arena, value, look);
}

bool table_place(struct curb_str text, int64_t *ret_column, int64_t *ret_row)
{
	enum { LETTERS = 26, LETTERS_MOST = 3 };
	size_t i = 0;
	int64_t column = 0;
	while (i < text.len && i < LETTERS_MOST && text.ptr[i] >= 'A' && text.ptr[i] <= 'Z')
		column = column * LETTERS + (text.ptr[i++] - 'A' + 1);
	*ret_column = column - 1;
	*ret_row = 0;
	if (i == 0 || i == text.len)
		return i > 0;
	return curb_str_int(curb_str_from(text, i), ret_row) && *ret_row > 0;
}
