/* Entering, countersigning and correcting attendance. */
#include "curb/arena.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "paper.h"
#include "roll.h"

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

enum { SHEET_FACTS = 7 }; /* those that every entry has */

/* With what people wrote: the ledger shows it to nobody, and still nobody can put other words in its place later. */
static struct curb_str key_of(struct curb_arena *arena, const struct sheet *sheet,
                              const struct sheet_line *line)
{
	return curb_str(curb_printf(arena, "%s/%s/%lld/%zu:%.*s/%zu:%.*s/%zu:%.*s", sheet->id.text,
	                            line->person.text, (long long)line->number, sheet->place.len,
	                            (int)sheet->place.len, sheet->place.ptr, sheet->teacher.len,
	                            (int)sheet->teacher.len, sheet->teacher.ptr, line->reason.len,
	                            (int)line->reason.len, line->reason.ptr));
}

/* `kind`: "sheet", "correction"; of `line`, whose entry it becomes. `corrects`: the entry of her first line, -1 for none. */
static int add_entry(const struct sheet_rule *rule, const char *kind, struct sheet_line *line,
                     const char *role, int64_t corrects)
{
	const struct sheet *sheet = rule->sheet;
	size_t n = SHEET_FACTS;
	struct curb_fact facts[SHEET_FACTS + 2] = {
		{ "cohort", 0, curb_id_str(&sheet->cohort) },
		{ "sheet", 0, curb_id_str(&sheet->id) },
		{ "unit", sheet->unit, { NULL, 0 } },
		{ "mode", 0, curb_str(sheet_mode_word(sheet->mode)) },
		{ "from", sheet->from_ms, { NULL, 0 } },
		{ "to", sheet->to_ms, { NULL, 0 } },
		{ "seconds", line->seconds, { NULL, 0 } },
	};
	if (rule->paper)
		facts[n++] = (struct curb_fact){ "paper", 0, rule->paper->sha256 };
	if (line->late)
		facts[n++] = (struct curb_fact){ "late", 1, { NULL, 0 } };
	const struct curb_entry entry = {
		.kind = kind,
		.at_ms = line->entered_ms,
		.person = line->person,
		.by = line->entered_by,
		.role = role,
		.corrects = corrects + 1,
		.key = key_of(curb_tx_arena(rule->tx), sheet, line),
		.facts = facts,
		.fact_count = n,
	};
	return curb_ledger_append(rule->tx, &entry, &line->entry);
}

int sheet_line_enter(const struct sheet_rule *rule, struct sheet_line *line, const char *role,
                     int64_t corrects)
{
	const struct sheet *sheet = rule->sheet;
	int err = add_entry(rule, corrects < 0 ? "sheet" : "correction", line, role, corrects);
	if (!err)
		err = sheet_line_add(rule->c, rule->tx, &sheet->id, line);
	return err ? err : sheet_totals_add(rule->c, rule->tx, sheet, &line->person, line->seconds, 0);
}

/* How a trainee stands on a sheet. */
struct standing {
	int64_t seconds, lines, entry; /* together; how many; of the first: -1 for none */
};

/* Whether the lesson was before the class was opened, or before she was put on its roster: it is said to be late then. Not when she
 * could sign for it on a sheet that had been printed by its end, and had her line: who came to the roster later had none. */
static bool is_late(const struct sheet_rule *rule, const struct sheet_trainee *trainee)
{
	const struct sheet *sheet = rule->sheet;
	const struct paper *paper = rule->paper;
	if (paper && paper->made_ms <= sheet->to_ms && trainee->added_ms <= paper->made_ms)
		return false;
	return sheet->from_ms < rule->cohort->opened_ms || sheet->from_ms < trainee->added_ms;
}

/* When it may be. */
static int add_line(const struct sheet_rule *rule, struct sheet_line *line, const char *role,
                    const struct standing *now)
{
	const struct sheet *sheet = rule->sheet;
	struct sheet_trainee trainee;
	int err = sheet_trainee_of(rule->c, rule->tx, &sheet->cohort, &line->person, &trainee);
	if (!err)
		err = sheet_check_present(rule, &trainee, now->seconds + line->seconds, line->seconds);
	if (err)
		return err;
	line->late = is_late(rule, &trainee);
	return sheet_line_enter(rule, line, role, now->entry);
}

/* ---- entering ---- */

static bool same_lesson(const struct sheet *a, const struct sheet *b)
{
	return a->unit == b->unit && a->mode == b->mode && a->from_ms == b->from_ms && a->to_ms == b->to_ms;
}

/* Whether these are the trainees that the sheet was entered with, each with her seconds. */
static int same_people(struct credit *c, struct curb_tx *tx, const struct sheet_entering *entering,
                       const struct sheet *there, bool *ret_same)
{
	struct sheet_line *lines = NULL;
	size_t n = 0, first = 0, met = 0;
	int err = sheet_lines(c, tx, &there->id, NULL, &lines, &n);
	for (size_t i = 0; !err && i < n; i++) {
		if (lines[i].number != 0 || lines[i].reason.len > 0)
			continue;
		first++;
		for (size_t k = 0; k < entering->n; k++)
			met += strcmp(entering->present[k].person.text, lines[i].person.text) == 0 &&
			       entering->present[k].seconds == lines[i].seconds;
	}
	*ret_same = met == first && first == entering->n;
	return err;
}

/* The sheet that this key made before: told again when it is the same, refused when it is another. */
static int find_again(struct credit *c, struct curb_tx *tx, struct sheet_entering *entering)
{
	struct sheet there;
	bool same = false;
	int err = sheet_by_key(c, tx, &entering->sheet.cohort, entering->sheet.key, &there);
	if (!err)
		err = same_people(c, tx, entering, &there, &same);
	if (err)
		return err;
	if (!same_lesson(&there, &entering->sheet))
		return curb_fail(
			CURB_ECONFLICT,
			"A sheet of another lesson was entered with this key before; give each a key of "
			"its own");
	if (!same)
		return curb_fail(CURB_ECONFLICT,
		                 "This sheet was entered with this key before, with other trainees or times; "
		                 "correct that one instead");
	entering->sheet = there;
	return 0;
}

static int add_trainees(const struct sheet_rule *rule, struct sheet_entering *entering)
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
		err = add_line(rule, &line, entering->role, &(struct standing){ .entry = -1 });
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
	struct sheet_rule rule = { .c = c, .tx = tx, .cohort = &cohort, .sheet = &entering->sheet };
	struct paper paper;
	err = sheet_check(&rule, entering, &entering->field);
	if (!err && entering->sheet.paper.len) {
		err = paper_check(&rule, &paper, &entering->field);
		rule.paper = &paper;
	}
	if (!err && (entering->sheet.roll.len || entering->sheet.paper.len))
		err = roll_check(&rule, entering->now_ms, &entering->field);
	if (err)
		return err;
	entering->sheet.id = curb_id_new(entering->now_ms);
	entering->sheet.entered_ms = entering->now_ms;
	err = sheet_add(c, tx, &entering->sheet);
	if (!err)
		err = add_trainees(&rule, entering);
	if (!err && entering->sheet.roll.len)
		err = roll_countersign(&rule, entering->now_ms);
	if (err)
		entering->field = "absent";
	return err;
}

/* ---- correcting ---- */

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

static int correct_one(const struct sheet_rule *rule, struct sheet_correcting *correcting,
                       const struct curb_id *person, const struct standing *now)
{
	int64_t more = correcting->seconds - now->seconds;
	struct sheet_line line = { .person = *person,
		                   .number = now->lines,
		                   .seconds = more,
		                   .reason = correcting->reason,
		                   .entered_ms = correcting->now_ms,
		                   .entered_by = correcting->by };
	int err = more > 0 ? sheet_check_open(rule, correcting->now_ms, "minutes", &correcting->field) : 0;
	if (!err)
		err = add_line(rule, &line, correcting->role, now);
	if (err)
		correcting->field = "minutes";
	return err;
}

static int64_t longest_of(const struct sheet_line *lines, size_t n)
{
	int64_t longest_s = 0;
	for (size_t i = 0; i < n; i++) {
		const struct standing now = standing_of(lines, n, &lines[i].person);
		longest_s = now.seconds > longest_s ? now.seconds : longest_s;
	}
	return longest_s;
}

/* When everybody is corrected: who was not there stays absent, and who left early has no time for what came behind. */
static bool keeps_her_own(const struct standing *now, int64_t longest_s, int64_t seconds)
{
	return now->seconds == 0 || (now->seconds < longest_s && seconds >= now->seconds);
}

/* Everybody on the sheet, or the one who is named: also somebody who was forgotten. */
static int correct_all(const struct sheet_rule *rule, struct sheet_correcting *correcting,
                       const struct sheet_line *lines, size_t n)
{
	size_t changed = 0;
	int err = 0;
	bool all = !curb_id_some(&correcting->person);
	int64_t longest_s = longest_of(lines, n);
	for (size_t i = 0; !err && i < (all ? n : 1); i++) {
		const struct curb_id *person = all ? &lines[i].person : &correcting->person;
		if (all && lines[i].number != 0)
			continue;
		const struct standing now = standing_of(lines, n, person);
		if (now.seconds == correcting->seconds ||
		    (all && keeps_her_own(&now, longest_s, correcting->seconds)))
			continue;
		changed++;
		err = correct_one(rule, correcting, person, &now);
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
	struct sheet_rule rule = { .c = c, .tx = tx, .cohort = &cohort, .sheet = &sheet };
	if (!err)
		err = sheet_rule_unit(&rule, &correcting->field);
	if (err)
		return err;
	if (correcting->reason.len == 0 || correcting->reason.len > SHEET_TEXT_LONGEST)
		return sheet_fault(&correcting->field, "reason",
		                   curb_fail(CURB_EINVAL, "Say in a few words what was wrong"));
	return correct_all(&rule, correcting, lines, n);
}
