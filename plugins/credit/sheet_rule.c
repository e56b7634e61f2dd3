/* What a sheet must be before anything of it counts. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "move.h"
#include "sheet.h"

int sheet_fault(const char **ret_field, const char *field, int err)
{
	*ret_field = field;
	return err;
}

/* ---- the lesson ---- */

int sheet_check_open(const struct sheet_rule *rule, int64_t now_ms, const char *field, const char **ret_field)
{
	if (now_ms < rule->cohort->ends_ms + rule->c->close_ms)
		return 0;
	return sheet_fault(
		ret_field, field,
		curb_fail(CURB_EUNFIT, "This class is closed; no more sheets can be entered for it"));
}

int sheet_check_within(const struct sheet_rule *rule, const char **ret_field)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	const struct sheet *sheet = rule->sheet;
	const struct credit_cohort *cohort = rule->cohort;
	if (sheet->to_ms <= sheet->from_ms)
		return sheet_fault(
			ret_field, "to",
			curb_fail(CURB_EUNFIT, "The lesson must end after it begins; check the two times"));
	if (sheet->to_ms - sheet->from_ms > DAY_MS)
		return sheet_fault(
			ret_field, "to",
			curb_fail(CURB_EUNFIT,
		                  "A sheet is of one lesson, 24 hours at most; enter each day by itself"));
	if (sheet->from_ms < cohort->starts_ms)
		return sheet_fault(
			ret_field, "when",
			curb_fail(CURB_EUNFIT, "This lesson lies before the first day of the class"));
	if (sheet->to_ms > cohort->ends_ms)
		return sheet_fault(
			ret_field, "when",
			curb_fail(CURB_EUNFIT, "This lesson lies after the last day of the class"));
	return 0;
}

static int check_times(const struct sheet_rule *rule, int64_t now_ms, const char **ret_field)
{
	int err = sheet_check_within(rule, ret_field);
	if (err)
		return err;
	if (rule->sheet->to_ms > now_ms)
		return sheet_fault(
			ret_field, "when",
			curb_fail(CURB_EUNFIT, "This lesson is not over yet; enter it when it is"));
	return sheet_check_open(rule, now_ms, "when", ret_field);
}

static int check_texts(const struct sheet *sheet, const char **ret_field)
{
	if (sheet->teacher.len == 0 || sheet->teacher.len > SHEET_TEXT_LONGEST)
		return sheet_fault(ret_field, "teacher",
		                   curb_fail(CURB_EINVAL, "Say in a few words who taught"));
	if (sheet->place.len == 0 || sheet->place.len > SHEET_TEXT_LONGEST)
		return sheet_fault(ret_field, "place",
		                   curb_fail(CURB_EINVAL, "Say in a few words where it was taught"));
	return 0;
}

int sheet_rule_unit(struct sheet_rule *rule, const char **ret_field)
{
	struct credit_offline *units = NULL;
	size_t n = 0;
	int err = credit_cohort_offline(rule->c, rule->tx, &rule->cohort->id, &units, &n);
	if (err)
		return err;
	if (rule->sheet->unit < 0 || rule->sheet->unit >= (int64_t)n)
		return sheet_fault(ret_field, "unit",
		                   curb_fail(CURB_EINVAL, "Choose one of the offline units of the class"));
	rule->unit_s = count_hours_s(units[rule->sheet->unit].hours_c, rule->cohort->hour_s);
	return 0;
}

int sheet_check(struct sheet_rule *rule, const struct sheet_entering *entering, const char **ret_field)
{
	int err = sheet_rule_unit(rule, ret_field);
	if (!err)
		err = check_times(rule, entering->now_ms, ret_field);
	if (!err)
		err = check_texts(rule->sheet, ret_field);
	if (!err && entering->n == 0)
		return sheet_fault(ret_field, "absent",
		                   curb_fail(CURB_EINVAL, "Nobody is marked as present"));
	if (!err && entering->n > SHEET_TRAINEES_MOST)
		return sheet_fault(ret_field, "absent",
		                   curb_fail(CURB_EINVAL, "A sheet has at most %d trainees; make two of it",
		                             SHEET_TRAINEES_MOST));
	return err;
}

/* ---- one trainee ---- */

/* `seconds` on this sheet, beside what she has on others: within the unit, and nowhere else at that time. */
static int check_others(const struct sheet_rule *rule, const struct sheet_trainee *trainee, int64_t seconds,
                        bool countersigned)
{
	int name_len = (int)trainee->shown.len;
	int64_t others_s = 0;
	enum sheet_where where = SHEET_NOWHERE;
	int err = sheet_others_s(rule->c, rule->tx, rule->sheet, &trainee->person, countersigned, &others_s);
	if (!err && others_s + seconds > rule->unit_s) {
		int64_t left_s = rule->unit_s > others_s ? rule->unit_s - others_s : 0;
		return curb_fail(
			CURB_EUNFIT,
			"%.*s: with this the unit would have more class hours than the plan of the class "
			"gives it; %lld minutes are left",
			name_len, trainee->shown.ptr, (long long)left_s / 60);
	}
	if (!err)
		err = sheet_elsewhere(rule->c, rule->tx, rule->sheet, &trainee->person, countersigned,
		                      &where);
	if (!err && where == SHEET_SAME_OFFICE)
		return curb_fail(CURB_EUNFIT, "%.*s is on another sheet at this time; look at that one first",
		                 name_len, trainee->shown.ptr);
	if (!err && where == SHEET_OTHER_OFFICE)
		return curb_fail(CURB_EUNFIT,
		                 "%.*s is on a sheet of another institution at this time; ask her where she "
		                 "was, and that institution to correct its sheet if it is wrong",
		                 name_len, trainee->shown.ptr);
	return err;
}

int sheet_check_present(const struct sheet_rule *rule, const struct sheet_trainee *trainee, int64_t seconds,
                        int64_t more)
{
	if (seconds < 0 || seconds > (rule->sheet->to_ms - rule->sheet->from_ms) / 1000)
		return curb_fail(CURB_EUNFIT, "%.*s: this is longer than the lesson lasted",
		                 (int)trainee->shown.len, trainee->shown.ptr);
	bool away = false;
	int err = more > 0 ? move_away_at(rule->c, rule->tx, &rule->cohort->id, &trainee->person,
	                                  rule->sheet->from_ms, &away) :
	                     0;
	if (away)
		return curb_fail(CURB_EUNFIT, "%.*s had left the class when this lesson was",
		                 (int)trainee->shown.len, trainee->shown.ptr);
	return err || more <= 0 ? err : check_others(rule, trainee, seconds, false);
}

int sheet_check_signed(const struct sheet_rule *rule, const struct sheet_trainee *trainee, int64_t signed_s)
{
	return signed_s > 0 ? check_others(rule, trainee, signed_s, true) : 0;
}
