/* Attendance in words, and times as people type them. */
#include "curb/err.h"
#include "curb/words.h"
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

bool sheet_read_day(struct curb_str text, int64_t *ret_day)
{
	enum { YEAR_SIGN = 0x5e74, MONTH_SIGN = 0x6708, DAY_SIGN = 0x65e5, PARTS = 3, DIGITS = 4 };
	int parts[PARTS] = { 0, 0, 0 }, digits[PARTS] = { 0, 0, 0 }, part = 0;
	for (size_t at = 0; at < text.len;) {
		uint32_t c = curb_utf8_next(text, &at);
		int digit = digit_of(c);
		bool between = c == '-' || c == '/' || c == '.' || c == YEAR_SIGN || c == MONTH_SIGN;
		if (digit >= 0 && digits[part] < (part ? 2 : DIGITS)) {
			parts[part] = parts[part] * 10 + digit;
			digits[part]++;
		} else if (between && part + 1 < PARTS && digits[part] > 0) {
			part++;
		} else if (c != ' ' && !(c == DAY_SIGN && at == text.len)) {
			return false;
		}
	}
	if (digits[0] != DIGITS || digits[2] == 0)
		return false;
	return credit_day_of(parts[0], parts[1], parts[2], ret_day);
}

static struct curb_str clock_words(struct curb_req *req, int64_t minutes)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "hour", minutes / 60);
	curb_put_text(values, "minute", curb_printf(curb_req_arena(req), "%02d", (int)(minutes % 60)));
	return minutes % 60 ? curb_tr(req, "{hour}:{minute}", values) :
	                      curb_tr(req, "{hour} o'clock", values);
}

struct curb_str sheet_clock_words(struct curb_req *req, const struct credit *c, int64_t at_ms)
{
	int64_t day = count_day(at_ms, c->utc_offset_ms);
	return clock_words(req, (at_ms - count_day_begins_ms(day, c->utc_offset_ms)) / 60000);
}

struct curb_str sheet_when_words(struct curb_req *req, const struct credit *c, const struct sheet *sheet)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	int64_t day = count_day(sheet->from_ms, c->utc_offset_ms);
	int64_t begin_ms = count_day_begins_ms(day, c->utc_offset_ms);
	curb_put_str(values, "day", curb_words_day(req, day));
	curb_put_str(values, "from", clock_words(req, (sheet->from_ms - begin_ms) / 60000));
	curb_put_str(values, "to", clock_words(req, (sheet->to_ms - begin_ms) / 60000));
	return curb_tr(req, "{day}, {from} to {to}", values);
}

struct curb_str sheet_place_words(struct curb_req *req, const struct sheet *sheet)
{
	return sheet->place.len ? sheet->place : curb_tr(req, "erased", NULL);
}

struct curb_str sheet_length_words(struct curb_req *req, const struct credit_cohort *cohort, int64_t seconds)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "hours", credit_words_hours(req, cohort, seconds));
	curb_put_str(values, "time", curb_words_span(req, seconds));
	return curb_tr(req, "{hours} class hours, {time}", values);
}

struct curb_str sheet_line_words(struct curb_req *req, const struct credit_cohort *cohort,
                                 const struct sheet_line *line, int64_t before_s)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	if (line->reason.len == 0)
		return sheet_length_words(req, cohort, line->seconds);
	curb_put_str(values, "before", credit_words_hours(req, cohort, before_s));
	curb_put_str(values, "after", credit_words_hours(req, cohort, before_s + line->seconds));
	curb_put_str(values, "reason", line->reason);
	return curb_tr(req,
	               "Corrected: was {before} class hours, now {after}. Reason: {reason}. The old entry is "
	               "kept.",
	               values);
}

int64_t sheet_before_s(const struct sheet_line *lines, size_t i)
{
	int64_t seconds = 0;
	for (size_t k = i; k-- > 0 && strcmp(lines[k].person.text, lines[i].person.text) == 0;)
		seconds += lines[k].seconds;
	return seconds;
}

int sheet_state_words(struct curb_req *req, const struct sheet_line *line, struct curb_str *ret_words)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	struct curb_str name;
	int err = credit_name_of(req, line->signed_ms ? &line->signed_by : &line->entered_by, &name);
	if (err)
		return err;
	curb_put_str(values, "name", name);
	if (!line->signed_ms)
		*ret_words = curb_tr(req, "Entered by {name}, waiting for countersignature; not counted yet",
		                     values);
	else if (curb_str_is(line->signed_as, "learner"))
		*ret_words = curb_tr(req, "Confirmed by the trainee", values);
	else if (curb_str_is(line->signed_as, "helper"))
		*ret_words = curb_tr(req, "Confirmed for the trainee by {name}, who helps her", values);
	else if (curb_str_is(line->signed_as, "reviewer"))
		*ret_words = curb_tr(req, "Countersigned by {name}, federation", values);
	else
		*ret_words = curb_tr(req, "Countersigned by {name}", values);
	return 0;
}
