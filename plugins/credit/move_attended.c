/* Attended hours of two records that are one person's. On a sheet that has both she was there once: the longer time counts. */
#include "curb/err.h"
#include "sheet.h"

#include "move.h"

int move_sheets_wait(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n)
{
	static const char sql[] =
		"SELECT count(*) FROM credit_attended WHERE person = $1 AND signed_ms IS NULL";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person)), ret_n);
}

/* What somebody has on a sheet. */
struct stay {
	int64_t seconds, lines, entry; /* of the first; -1: none */
};

static int stay_of(const struct move_doing *doing, const struct sheet *sheet, const struct curb_id *person,
                   struct stay *ret)
{
	struct sheet_line *lines = NULL;
	size_t n = 0;
	int err = sheet_lines(doing->c, doing->tx, &sheet->id, person, &lines, &n);
	struct stay stay = { 0, (int64_t)n, n ? lines[0].entry : -1 };
	for (size_t i = 0; i < n; i++)
		stay.seconds += lines[i].seconds;
	*ret = stay;
	return err;
}

/* How much more the one who stays can have on the sheet, of what the other has. */
static int room_of(const struct sheet_rule *rule, const struct curb_id *stays, int64_t theirs_s,
                   int64_t hers_s, int64_t *ret_s)
{
	enum sheet_where where = SHEET_NOWHERE;
	int64_t others_s = 0;
	*ret_s = 0;
	int err = sheet_others_s(rule->c, rule->tx, rule->sheet, stays, true, &others_s);
	if (!err)
		err = sheet_elsewhere(rule->c, rule->tx, rule->sheet, stays, true, &where);
	if (err || where != SHEET_NOWHERE || theirs_s <= hers_s)
		return err;
	int64_t left_s = rule->unit_s - others_s - hers_s, more_s = theirs_s - hers_s;
	*ret_s = left_s < more_s ? (left_s > 0 ? left_s : 0) : more_s;
	return 0;
}

/* One line more, entered by who asked for the merger and countersigned by who agreed to it. */
static int put(const struct move_doing *doing, const struct sheet_rule *rule, const struct curb_id *person,
               const struct stay *stay, int64_t seconds)
{
	const struct move *move = doing->move;
	const struct sheet_signing signing = { .c = doing->c,
		                               .user = move->decided_by,
		                               .role = doing->by.actor.role,
		                               .now_ms = move->decided_ms };
	struct sheet_line line = { .person = *person,
		                   .number = stay->lines,
		                   .seconds = seconds,
		                   .reason = curb_str("合并重复的人员 (two records of one person)"),
		                   .entered_ms = move->decided_ms,
		                   .entered_by = move->asked_by };
	if (seconds == 0)
		return 0;
	int err = sheet_line_enter(rule, &line, "staff", stay->entry);
	return err ? err : sheet_sign_line(doing->c, doing->tx, rule->sheet, &line, &signing);
}

static int move_sheet(const struct move_doing *doing, const struct credit_cohort *cohort,
                      const struct sheet *sheet)
{
	struct sheet_rule rule = { .c = doing->c, .tx = doing->tx, .cohort = cohort, .sheet = sheet };
	const struct move *move = doing->move;
	const char *field = NULL;
	struct stay theirs, hers;
	int64_t more_s = 0;
	int err = sheet_rule_unit(&rule, &field);
	if (!err)
		err = stay_of(doing, sheet, &move->person, &theirs);
	if (!err)
		err = stay_of(doing, sheet, &move->target, &hers);
	if (err || theirs.seconds == 0)
		return err;
	err = put(doing, &rule, &move->person, &theirs, -theirs.seconds);
	if (!err)
		err = room_of(&rule, &move->target, theirs.seconds, hers.seconds, &more_s);
	return err ? err : put(doing, &rule, &move->target, &hers, more_s);
}

int move_attended(const struct move_doing *doing, const struct credit_cohort *cohort)
{
	struct sheet_attended *lines = NULL;
	size_t n = 0;
	int err = sheet_attended_of(doing->c, doing->tx, &cohort->id, &doing->move->person, &lines, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (i == 0 || strcmp(lines[i].sheet.id.text, lines[i - 1].sheet.id.text) != 0)
			err = move_sheet(doing, cohort, &lines[i].sheet);
	return err;
}
