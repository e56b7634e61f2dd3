/* Entering, countersigning and correcting attendance. */
#include "sheet.h"
#include "curb/arena.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"

static const struct {
	const char *word, *text;
} modes[SHEET_MODES] = {
	[SHEET_ONSITE] = { "onsite", CURB_TEXT("In person") },
	[SHEET_VISIT] = { "visit", CURB_TEXT("Home visit") },
	[SHEET_LIVE] = { "live", CURB_TEXT("Live online") },
};

const char *sheet_mode_word(enum sheet_mode mode)
{
	return modes[mode].word;
}

const char *sheet_mode_text(enum sheet_mode mode)
{
	return modes[mode].text;
}

bool sheet_mode_named(struct curb_str word, enum sheet_mode *ret_mode)
{
	for (int i = 0; i < SHEET_MODES; i++)
		if (curb_str_is(word, modes[i].word)) {
			*ret_mode = (enum sheet_mode)i;
			return true;
		}
	return false;
}

const char *sheet_role_of(struct curb_req *req, uint32_t roles, const struct curb_id *institution)
{
	static const struct {
		uint32_t role;
		const char *word;
	} known[] = { { CURB_STAFF, "staff" }, { CURB_TEACHER, "teacher" }, { CURB_REVIEWER, "reviewer" } };
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if ((roles & known[i].role) && curb_may(req, known[i].role, institution))
			return known[i].word;
	return NULL;
}

/* ---- entries ---- */

/* `kind`: "sheet", "correction"; of `line`, whose entry it becomes. `corrects`: the entry of her first line, -1 for none. */
static int add_entry(struct curb_tx *tx, const char *kind, const struct sheet *sheet, struct sheet_line *line,
                     const char *role, int64_t corrects)
{
	const struct curb_fact facts[] = {
		{ "cohort", 0, curb_id_str(&sheet->cohort) },
		{ "sheet", 0, curb_id_str(&sheet->id) },
		{ "unit", sheet->unit, { NULL, 0 } },
		{ "mode", 0, curb_str(sheet_mode_word(sheet->mode)) },
		{ "from", sheet->from_ms, { NULL, 0 } },
		{ "to", sheet->to_ms, { NULL, 0 } },
		{ "seconds", line->seconds, { NULL, 0 } },
	};
	const struct curb_entry entry = {
		.kind = kind,
		.at_ms = line->entered_ms,
		.person = line->person,
		.by = line->entered_by,
		.role = role,
		.corrects = corrects + 1,
		.key = curb_str(curb_printf(curb_tx_arena(tx), "%s/%s/%lld", sheet->id.text,
		                            line->person.text, (long long)line->number)),
		.facts = facts,
		.fact_count = sizeof facts / sizeof *facts,
	};
	return curb_ledger_append(tx, &entry, &line->entry);
}

static int add_line(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, struct sheet_line *line,
                    const char *role, int64_t corrects)
{
	int err = add_entry(tx, corrects < 0 ? "sheet" : "correction", sheet, line, role, corrects);
	if (!err)
		err = sheet_line_add(c, tx, &sheet->id, line);
	return err ? err : sheet_totals_add(c, tx, sheet, &line->person, line->seconds, 0);
}

/* ---- what a sheet must be ---- */

struct checking {
	struct credit *c;
	struct curb_tx *tx;
	const struct credit_cohort *cohort;
	const struct sheet *sheet;
	int64_t unit_s; /* what the unit can earn */
};

static int fault(const char **ret_field, const char *field, int err)
{
	*ret_field = field;
	return err;
}

static int check_times(const struct checking *checking, int64_t now_ms, const char **ret_field)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	const struct sheet *sheet = checking->sheet;
	const struct credit_cohort *cohort = checking->cohort;
	if (sheet->to_ms <= sheet->from_ms)
		return fault(
			ret_field, "to",
			curb_fail(CURB_EUNFIT, "The lesson must end after it begins; check the two times"));
	if (sheet->to_ms - sheet->from_ms > DAY_MS)
		return fault(
			ret_field, "to",
			curb_fail(CURB_EUNFIT,
		                  "A sheet is of one lesson, 24 hours at most; enter each day by itself"));
	if (sheet->from_ms < cohort->starts_ms)
		return fault(ret_field, "when",
		             curb_fail(CURB_EUNFIT, "This lesson lies before the first day of the class"));
	if (sheet->to_ms > cohort->ends_ms)
		return fault(ret_field, "when",
		             curb_fail(CURB_EUNFIT, "This lesson lies after the last day of the class"));
	if (sheet->to_ms > now_ms)
		return fault(ret_field, "when",
		             curb_fail(CURB_EUNFIT, "This lesson is not over yet; enter it when it is"));
	if (now_ms >= cohort->ends_ms + checking->c->close_ms)
		return fault(
			ret_field, "when",
			curb_fail(CURB_EUNFIT, "This class is closed; no more sheets can be entered for it"));
	return 0;
}

static int check_texts(const struct sheet *sheet, const char **ret_field)
{
	if (sheet->teacher.len == 0 || sheet->teacher.len > SHEET_TEXT_LONGEST)
		return fault(ret_field, "teacher", curb_fail(CURB_EINVAL, "Say in a few words who taught"));
	if (sheet->place.len == 0 || sheet->place.len > SHEET_TEXT_LONGEST)
		return fault(ret_field, "place",
		             curb_fail(CURB_EINVAL, "Say in a few words where it was taught"));
	return 0;
}

static int find_unit(struct checking *checking, const char **ret_field)
{
	struct credit_offline *units = NULL;
	size_t n = 0;
	int err = credit_cohort_offline(checking->c, checking->tx, &checking->cohort->id, &units, &n);
	if (err)
		return err;
	if (checking->sheet->unit < 0 || checking->sheet->unit >= (int64_t)n)
		return fault(ret_field, "unit",
		             curb_fail(CURB_EINVAL, "Choose one of the offline units of the class"));
	checking->unit_s = count_hours_s(units[checking->sheet->unit].hours_c, checking->cohort->hour_s);
	return 0;
}

/* One trainee who was there for `seconds` in all; `more` of them are not on this sheet yet. */
static int check_present(const struct checking *checking, const struct curb_id *person, int64_t seconds,
                         int64_t more)
{
	struct credit_earned earned;
	struct curb_user user;
	int64_t unit_s = 0;
	bool elsewhere = false;
	int err = credit_earned_of(checking->c, checking->tx, checking->cohort, person, &earned);
	if (!err)
		err = curb_person_find(checking->tx, curb_id_str(person), curb_wall_ms(), &user);
	if (err)
		return err;
	int name_len = (int)user.name.len;
	if (seconds < 0 || seconds > (checking->sheet->to_ms - checking->sheet->from_ms) / 1000)
		return curb_fail(CURB_EUNFIT, "%.*s: this is longer than the lesson lasted", name_len,
		                 user.name.ptr);
	err = sheet_unit_s(checking->c, checking->tx, checking->sheet, person, &unit_s);
	if (!err && unit_s + more > checking->unit_s)
		return curb_fail(
			CURB_EUNFIT,
			"%.*s: with this the unit would have more class hours than the plan of the class "
			"gives it; %lld minutes are left",
			name_len, user.name.ptr, (long long)(checking->unit_s - unit_s) / 60);
	if (!err && seconds > 0)
		err = sheet_elsewhere(checking->c, checking->tx, checking->sheet, person, &elsewhere);
	if (!err && elsewhere)
		return curb_fail(CURB_EUNFIT, "%.*s is on another sheet at this time; look at that one first",
		                 name_len, user.name.ptr);
	return err;
}

static int check_sheet(struct checking *checking, const struct sheet_entering *entering,
                       const char **ret_field)
{
	int err = find_unit(checking, ret_field);
	if (!err)
		err = check_times(checking, entering->now_ms, ret_field);
	if (!err)
		err = check_texts(checking->sheet, ret_field);
	if (!err && entering->n == 0)
		return fault(ret_field, "absent", curb_fail(CURB_EINVAL, "Nobody is marked as present"));
	if (!err && entering->n > SHEET_TRAINEES_MOST)
		return fault(ret_field, "absent",
		             curb_fail(CURB_EINVAL, "A sheet has at most %d trainees; make two of it",
		                       SHEET_TRAINEES_MOST));
	return err;
}

/* ---- entering ---- */

static bool same_lesson(const struct sheet *a, const struct sheet *b)
{
	return a->unit == b->unit && a->mode == b->mode && a->from_ms == b->from_ms && a->to_ms == b->to_ms;
}

/* The sheet that this key made before: told again when it is the same, refused when it is another. */
static int find_again(struct credit *c, struct curb_tx *tx, struct sheet_entering *entering)
{
	struct sheet there;
	int err = sheet_by_key(c, tx, &entering->sheet.cohort, entering->sheet.key, &there);
	if (err)
		return err;
	if (!same_lesson(&there, &entering->sheet))
		return curb_fail(
			CURB_ECONFLICT,
			"A sheet of another lesson was entered with this key before; give each a key of "
			"its own");
	entering->sheet = there;
	return 0;
}

static int add_trainees(const struct checking *checking, struct sheet_entering *entering)
{
	int err = 0;
	for (size_t i = 0; !err && i < entering->n; i++) {
		const struct sheet_present *present = &entering->present[i];
		for (size_t k = 0; k < i; k++)
			if (strcmp(entering->present[k].person.text, present->person.text) == 0)
				return curb_fail(CURB_EUNFIT, "One trainee is on the sheet twice");
		struct sheet_line line = { .person = present->person,
			                   .seconds = present->seconds,
			                   .reason = curb_str(""),
			                   .entered_ms = entering->now_ms,
			                   .entered_by = entering->sheet.entered_by };
		if (present->seconds <= 0)
			return curb_fail(CURB_EINVAL,
			                 "Say for each trainee how long she was there, or leave her out");
		err = check_present(checking, &line.person, line.seconds, line.seconds);
		if (!err)
			err = add_line(checking->c, checking->tx, &entering->sheet, &line, entering->role,
			               -1);
	}
	return err;
}

int sheet_enter(struct credit *c, struct curb_tx *tx, struct sheet_entering *entering)
{
	struct credit_cohort cohort;
	entering->field = NULL;
	int err = credit_cohort_by_id(c, tx, curb_id_str(&entering->sheet.cohort), &cohort);
	if (!err) {
		err = find_again(c, tx, entering);
		if (err != CURB_ENOTFOUND)
			return err;
	}
	struct checking checking = { .c = c, .tx = tx, .cohort = &cohort, .sheet = &entering->sheet };
	err = check_sheet(&checking, entering, &entering->field);
	if (err)
		return err;
	entering->sheet.id = curb_id_new(entering->now_ms);
	entering->sheet.entered_ms = entering->now_ms;
	err = sheet_add(c, tx, &entering->sheet);
	if (!err)
		err = add_trainees(&checking, entering);
	if (err)
		entering->field = "absent";
	return err;
}

/* ---- correcting ---- */

struct standing {
	int64_t seconds, lines, entry; /* together; how many; of the first: -1 for none */
};

static struct standing standing_of(const struct sheet_line *lines, size_t n, const struct curb_id *person)
{
	struct standing found = { .entry = -1 };
	for (size_t i = 0; i < n; i++) {
		if (strcmp(lines[i].person.text, person->text) != 0)
			continue;
		if (found.lines++ == 0)
			found.entry = lines[i].entry;
		found.seconds += lines[i].seconds;
	}
	return found;
}

static int correct_one(const struct checking *checking, struct sheet_correcting *correcting,
                       const struct curb_id *person, const struct standing *now)
{
	int64_t more = correcting->seconds - now->seconds;
	struct sheet_line line = { .person = *person,
		                   .number = now->lines,
		                   .seconds = more,
		                   .reason = correcting->reason,
		                   .entered_ms = correcting->now_ms,
		                   .entered_by = correcting->by };
	int err = check_present(checking, person, correcting->seconds, more);
	if (err)
		correcting->field = "minutes";
	return err ? err :
	             add_line(checking->c, checking->tx, checking->sheet, &line, correcting->role,
	                      now->entry);
}

/* Everybody on the sheet, or the one who is named: also somebody who was forgotten. */
static int correct_all(const struct checking *checking, struct sheet_correcting *correcting,
                       const struct sheet_line *lines, size_t n)
{
	size_t changed = 0;
	int err = 0;
	bool all = !curb_id_some(&correcting->person);
	for (size_t i = 0; !err && i < (all ? n : 1); i++) {
		const struct curb_id *person = all ? &lines[i].person : &correcting->person;
		if (all && lines[i].number != 0)
			continue;
		const struct standing now = standing_of(lines, n, person);
		if (now.seconds == correcting->seconds)
			continue;
		changed++;
		err = correct_one(checking, correcting, person, &now);
	}
	if (err || changed)
		return err;
	correcting->field = "minutes";
	return curb_fail(CURB_EUNFIT, "This is what the sheet says already; nothing needs to be corrected");
}

int sheet_correct(struct credit *c, struct curb_tx *tx, struct sheet_correcting *correcting)
{
	struct credit_cohort cohort;
	struct sheet sheet;
	struct sheet_line *lines = NULL;
	size_t n = 0;
	correcting->field = NULL;
	int err = sheet_by_id(c, tx, correcting->sheet, &sheet);
	if (!err)
		err = credit_cohort_by_id(c, tx, curb_id_str(&sheet.cohort), &cohort);
	if (!err)
		err = sheet_lines(c, tx, &sheet.id, NULL, &lines, &n);
	struct checking checking = { .c = c, .tx = tx, .cohort = &cohort, .sheet = &sheet };
	if (!err)
		err = find_unit(&checking, &correcting->field);
	if (err)
		return err;
	if (correcting->reason.len == 0 || correcting->reason.len > SHEET_TEXT_LONGEST)
		return fault(&correcting->field, "reason",
		             curb_fail(CURB_EINVAL, "Say in a few words what was wrong"));
	return correct_all(&checking, correcting, lines, n);
}
