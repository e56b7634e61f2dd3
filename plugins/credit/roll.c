/* Announcing a lesson, signing in to it, and what that is worth when its sheet is entered. */
#include "roll.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/ledger.h"

/* ---- announcing ---- */

static int check_times(const struct sheet_rule *rule, int64_t now_ms, const char **ret_field)
{
	int err = sheet_check_within(rule, ret_field);
	if (err || rule->sheet->to_ms > now_ms)
		return err;
	return sheet_fault(
		ret_field, "to",
		curb_fail(CURB_EUNFIT,
	                  "This lesson is over; a code is for while it lasts. Enter its sheet instead"));
}

int roll_announce(struct credit *c, struct curb_tx *tx, struct roll *roll, int64_t now_ms,
                  const char **ret_field)
{
	enum { TRIES = 20 };
	struct credit_cohort cohort;
	struct sheet_rule rule = { .c = c, .tx = tx, .cohort = &cohort, .sheet = &roll->lesson };
	char *code = curb_alloc(curb_tx_arena(tx), DIGITS_SIGN_IN + 1);
	int err = credit_cohort_by_id(c, tx, curb_id_str(&roll->lesson.cohort), &cohort);
	if (!err)
		err = sheet_rule_unit(&rule, ret_field);
	if (!err)
		err = check_times(&rule, now_ms, ret_field);
	if (err)
		return err;
	roll->id = curb_id_new(now_ms);
	roll->lesson.entered_ms = now_ms;
	err = CURB_ECONFLICT;
	for (int i = 0; err == CURB_ECONFLICT && i < TRIES; i++) {
		digits_make(DIGITS_SIGN_IN, code);
		roll->code = curb_str(code);
		err = roll_add(c, tx, roll);
	}
	return err;
}

/* ---- signing in ---- */

static int append(struct curb_tx *tx, const struct rolling *rolling, int64_t *ret_entry)
{
	const struct roll *roll = &rolling->roll;
	bool helped = curb_id_some(&rolling->helper);
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&roll->lesson.cohort) },
		{ "lesson", 0, curb_id_str(&roll->id) },
		{ "unit", roll->lesson.unit, { NULL, 0 } },
		{ "mode", 0, curb_str(sheet_mode_word(roll->lesson.mode)) },
		{ "from", roll->lesson.from_ms, { NULL, 0 } },
		{ "to", roll->lesson.to_ms, { NULL, 0 } },
		{ "announced", roll->seconds, { NULL, 0 } },
	};
	const struct curb_entry entry = {
		.kind = "present",
		.at_ms = rolling->now_ms,
		.person = rolling->person,
		.by = helped ? rolling->helper : rolling->person,
		.role = helped ? "helper" : "learner",
		.key = curb_str(curb_printf(curb_tx_arena(tx), "%s/%s", roll->id.text, rolling->person.text)),
		.facts = facts,
		.fact_count = sizeof facts / sizeof *facts,
	};
	return curb_ledger_append(tx, &entry, ret_entry);
}

static bool signed_in(const struct rolled *rolled, size_t n, const struct curb_id *person)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rolled[i].person.text, person->text) == 0)
			return true;
	return false;
}

int roll_sign_in(struct curb_tx *tx, void *arg)
{
	struct rolling *rolling = arg;
	struct rolled *there = NULL;
	size_t n = 0;
	int64_t entry = 0;
	int err = roll_open(rolling->c, tx, rolling->code, &rolling->person, rolling->now_ms, &rolling->roll);
	if (!err)
		err = rolled_of(rolling->c, tx, &rolling->roll.id, &there, &n);
	if (err || signed_in(there, n, &rolling->person))
		return err;
	err = append(tx, rolling, &entry);
	const struct rolled rolled = { .person = rolling->person,
		                       .helper = rolling->helper,
		                       .at_ms = rolling->now_ms };
	return err ? err : rolled_add(rolling->c, tx, &rolling->roll.id, &rolled, entry);
}

/* ---- when the sheet is entered ---- */

static int check_roll(const struct sheet_rule *rule, const char **ret_field)
{
	const struct sheet *sheet = rule->sheet;
	struct roll roll;
	int err = roll_by_id(rule->c, rule->tx, sheet->roll, &roll);
	if (!err && strcmp(roll.lesson.cohort.text, sheet->cohort.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "No lesson of yours has this code now");
	if (!err && curb_id_some(&roll.sheet))
		return sheet_fault(ret_field, "unit",
		                   curb_fail(CURB_EUNFIT, "The sheet of this lesson was entered already"));
	return err;
}

int roll_check(const struct sheet_rule *rule, int64_t now_ms, const char **ret_field)
{
	enum { MINUTE_MS = 60 * 1000 };
	int64_t ends_ms = 0, offset_ms = rule->c->utc_offset_ms;
	int err = rule->sheet->roll.len ? check_roll(rule, ret_field) : 0;
	if (!err)
		err = roll_ends(rule->c, rule->tx, rule->sheet, &ends_ms);
	if (err || ends_ms <= now_ms)
		return err;
	int64_t minutes = (ends_ms - count_day_begins_ms(count_day(ends_ms, offset_ms), offset_ms)) /
	                  MINUTE_MS;
	return sheet_fault(
		ret_field, "to",
		curb_fail(CURB_EUNFIT,
	                  "This lesson was announced until %d:%02d, and until then trainees sign in to "
	                  "it. Enter its sheet behind that",
	                  (int)(minutes / 60), (int)(minutes % 60)));
}

/* Whether she confirmed that she was there for so long, in that lesson. */
static bool says_no_more(const struct sheet *sheet, const struct roll *roll, const struct sheet_line *line)
{
	return sheet->unit == roll->lesson.unit && sheet->mode == roll->lesson.mode &&
	       sheet->from_ms >= roll->lesson.from_ms && sheet->to_ms <= roll->lesson.to_ms &&
	       line->seconds <= roll->seconds;
}

int roll_countersign(const struct sheet_rule *rule, int64_t now_ms)
{
	struct credit *c = rule->c;
	struct curb_tx *tx = rule->tx;
	struct roll roll;
	struct rolled *there = NULL;
	struct sheet_line *lines = NULL;
	size_t n = 0, lines_n = 0;
	int err = roll_by_id(c, tx, rule->sheet->roll, &roll);
	if (!err)
		err = rolled_of(c, tx, &roll.id, &there, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct sheet_signing signing = { .c = c,
			                         .sheet = curb_id_str(&rule->sheet->id),
			                         .user = there[i].person,
			                         .helper = there[i].helper,
			                         .role = "learner",
			                         .now_ms = now_ms };
		err = sheet_lines(c, tx, &rule->sheet->id, &there[i].person, &lines, &lines_n);
		if (err || lines_n == 0 || !says_no_more(rule->sheet, &roll, &lines[0]))
			continue;
		err = sheet_sign(tx, &signing);
		if (err == CURB_ECONFLICT) /* whoever entered it is she, or helped her: somebody else signs */
			err = 0;
	}
	return err;
}
