/* The form of a result: what was typed, and the fields as they stand at first. */
#include <time.h>

#include "certificate.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"

enum { DAY_S = 24 * 3600, POINTS_MOST = 1000 * 100, WORDS_MOST = 200 };

struct reading {
	struct curb_req *req;
	struct curb_value *errors;
	bool wrong;
};

static void fault(struct reading *r, const char *field, const char *source)
{
	curb_put_str(r->errors, field, curb_tr(r->req, source, NULL));
	r->wrong = true;
}

static struct curb_str typed(const struct reading *r, const char *field)
{
	struct curb_str text = curb_str_trim(curb_req_field(r->req, field));
	return text.ptr ? text : curb_str("");
}

static enum outcome read_outcome(struct reading *r, const char *field)
{
	struct curb_str word = typed(r, field);
	if (curb_str_is(word, "passed"))
		return OUTCOME_PASSED;
	if (curb_str_is(word, "failed"))
		return OUTCOME_FAILED;
	if (!curb_str_is(word, "none"))
		fault(r, field, CURB_TEXT("Choose passed, not passed, or not taken this time"));
	return OUTCOME_NONE;
}

static int64_t read_points(struct reading *r, const char *field, enum outcome outcome)
{
	struct curb_str text = typed(r, field);
	struct curb_value *number = NULL;
	int64_t hundredths = -1;
	if (!text.len)
		return -1;
	if (outcome == OUTCOME_NONE) {
		fault(r, field, CURB_TEXT("Points belong to a result: choose it, or leave the points empty"));
		return -1;
	}
	if (text.len > WORDS_MOST || curb_json_parse(curb_req_arena(r->req), text, &number) != 0 ||
	    !curb_value_fixed(number, 2, &hundredths) || hundredths > POINTS_MOST) {
		fault(r, field,
		      CURB_TEXT("Points are a number with at most two decimals, such as 85 or 85.5"));
		return -1;
	}
	return hundredths;
}

static struct curb_str read_text(struct reading *r, const char *field, size_t most, const char *missing)
{
	struct curb_str text = typed(r, field);
	if (!text.len && missing)
		fault(r, field, missing);
	else if (text.len > most)
		fault(r, field, CURB_TEXT("This is too long; say it in a sentence or two"));
	return text;
}

/* Days since 1970-01-01; 0 with a fault when there is no such day, or it is still to come. */
static int64_t read_day(struct reading *r)
{
	static const char *const parts[] = { "day-year", "day-month", "day-day" };
	int64_t numbers[3] = { 0, 0, 0 }, day = 0;
	bool good = true;
	for (size_t i = 0; i < 3; i++)
		good = curb_str_int(typed(r, parts[i]), &numbers[i]) && good;
	good = good && numbers[0] >= 2000 && numbers[0] <= 2999 && numbers[1] >= 1 && numbers[1] <= 12 &&
	       numbers[2] >= 1 && numbers[2] <= 31;
	if (good) {
		struct tm date = { .tm_year = (int)numbers[0] - 1900,
			           .tm_mon = (int)numbers[1] - 1,
			           .tm_mday = (int)numbers[2] };
		day = timegm(&date) / DAY_S;
		good = date.tm_mday == numbers[2]; /* 30 February becomes 2 March */
	}
	if (!good)
		fault(r, "day", CURB_TEXT("There is no such day; write year, month and day as numbers"));
	else if (day > curb_day_of(curb_wall_ms()))
		fault(r, "day",
		      CURB_TEXT("This day is still to come; a result is entered behind the assessment"));
	return day;
}

static bool is_chosen(const struct curb_value *list, const char *word)
{
	for (size_t i = 0; i < curb_value_count(list); i++)
		if (curb_str_is(curb_value_str(curb_value_at(list, i)), word))
			return true;
	return false;
}

static struct curb_str read_adjustments(const struct reading *r)
{
	const struct curb_value *list = curb_value_get(curb_req_value(r->req), "adjustments");
	const char *all = "";
	for (const struct adjustment *one = adjustments; one->word; one++)
		if (is_chosen(list, one->word))
			all = curb_printf(curb_req_arena(r->req), "%s%s%s", all, *all ? " " : "", one->word);
	return curb_str(all);
}

bool sitting_read(struct curb_req *req, struct sitting *sitting, struct curb_value *errors)
{
	struct reading r = { .req = req, .errors = errors };
	bool corrects = curb_id_some(&sitting->corrects);
	sitting->theory = read_outcome(&r, "theory");
	sitting->theory_points = read_points(&r, "theory_points", sitting->theory);
	sitting->practice = read_outcome(&r, "practice");
	sitting->practice_points = read_points(&r, "practice_points", sitting->practice);
	if (!corrects && !r.wrong && sitting->theory == OUTCOME_NONE && sitting->practice == OUTCOME_NONE)
		fault(&r, "theory", CURB_TEXT("Theory or practice must have a result"));
	sitting->day = read_day(&r);
	sitting->examiner = read_text(&r, "examiner", EXAMINER_MOST, CURB_TEXT("Who was the examiner?"));
	sitting->adjustments = read_adjustments(&r);
	sitting->other = read_text(&r, "other", OTHER_MOST, NULL);
	sitting->reason = corrects ? read_text(&r, "reason", REASON_MOST,
	                                       CURB_TEXT("Say what was wrong, and how it is known")) :
	                             curb_str("");
	return !r.wrong;
}

/* ---- the fields at first ---- */

static void push_option(struct curb_value *options, const char *value, struct curb_str label, bool selected)
{
	struct curb_value *option = curb_object(curb_value_arena(options));
	curb_put_text(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}

static struct curb_value *outcome_options(struct curb_req *req, const enum outcome *chosen)
{
	struct curb_value *options = curb_array(curb_req_arena(req));
	push_option(options, "", curb_tr(req, "Choose", NULL), !chosen);
	push_option(options, "passed", outcome_text(req, OUTCOME_PASSED, -1),
	            chosen && *chosen == OUTCOME_PASSED);
	push_option(options, "failed", outcome_text(req, OUTCOME_FAILED, -1),
	            chosen && *chosen == OUTCOME_FAILED);
	push_option(options, "none", outcome_text(req, OUTCOME_NONE, -1), chosen && *chosen == OUTCOME_NONE);
	return options;
}

static bool was_given(const struct sitting *sitting, const char *word)
{
	struct curb_str rest = sitting ? sitting->adjustments : curb_str(""), one;
	while (curb_str_cut(&rest, ' ', &one))
		if (curb_str_is(one, word))
			return true;
	return false;
}

static void put_points(struct curb_req *req, struct curb_value *model, const char *field, int64_t points)
{
	if (points >= 0)
		curb_put_str(model, field, curb_words_hours(req, points));
}

static void put_day(struct curb_value *model, int64_t day)
{
	struct curb_value *parts = curb_object(curb_value_arena(model));
	time_t s = (time_t)day * DAY_S;
	struct tm date;
	(void)gmtime_r(&s, &date);
	curb_put_int(parts, "year", date.tm_year + 1900);
	curb_put_int(parts, "month", date.tm_mon + 1);
	curb_put_int(parts, "day", date.tm_mday);
	curb_put(model, "day", parts);
}

void sitting_put_form(struct curb_req *req, const struct sitting *corrected, const struct sitting *latest,
                      struct curb_value *model)
{
	const struct sitting *like = corrected ? corrected : latest;
	struct curb_value *options = curb_array(curb_req_arena(req));
	for (const struct adjustment *one = adjustments; one->word; one++)
		push_option(options, one->word, curb_tr(req, one->label, NULL),
		            was_given(corrected, one->word));
	curb_put(model, "theories", outcome_options(req, corrected ? &corrected->theory : NULL));
	curb_put(model, "practices", outcome_options(req, corrected ? &corrected->practice : NULL));
	curb_put(model, "adjustments", options);
	put_day(model, like ? like->day : curb_day_of(curb_wall_ms()));
	if (like)
		curb_put_str(model, "examiner", like->examiner);
	if (!corrected)
		return;
	put_points(req, model, "theory_points", corrected->theory_points);
	put_points(req, model, "practice_points", corrected->practice_points);
	curb_put_str(model, "other", corrected->other);
}
