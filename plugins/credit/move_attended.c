/* Attended hours that go with a trainee. Of two records that are one person's: on a sheet that has both she was there once, the longer
 * time counts. To another class: of units that both plans have, by their names, as far as that of the new class has room. */
#include "curb/err.h"
#include "sheet.h"

#include "move.h"

#define MERGED "合并重复的人员 (two records of one person)"

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

/* One line more, entered by who asked for the move and countersigned by who agreed to it. */
static int put(const struct move_doing *doing, const struct sheet_rule *rule, const struct curb_id *person,
               const struct stay *stay, int64_t seconds, const char *reason)
{
	const struct move *move = doing->move;
	const struct sheet_signing signing = { .c = doing->c,
		                               .user = move->decided_by,
		                               .role = doing->by.actor.role,
		                               .now_ms = move->decided_ms };
	struct sheet_line line = { .person = *person,
		                   .number = stay->lines,
		                   .seconds = seconds,
		                   .reason = curb_str(reason),
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
	err = put(doing, &rule, &move->person, &theirs, -theirs.seconds, MERGED);
	if (!err)
		err = room_of(&rule, &move->target, theirs.seconds, hers.seconds, &more_s);
	return err ? err : put(doing, &rule, &move->target, &hers, more_s, MERGED);
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

/* ---- to another class ---- */

int move_sheets_wait_in(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, int64_t *ret_n)
{
	static const char sql[] =
		"SELECT count(*) FROM credit_attended a JOIN credit_sheet s ON s.id = a.sheet "
		"WHERE a.person = $1 AND s.cohort = $2 AND a.signed_ms IS NULL";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)), ret_n);
}

/* The two classes, and what each line says of why it is there. */
struct leaving {
	const struct move_doing *doing;
	const struct credit_cohort *from, *to;
	const struct credit_offline *units; /* of the new class */
	size_t n;
	const char *out, *in;
};

/* The unit of that name in the plan of the new class. False: it has none. */
static bool unit_there(const struct leaving *leaving, struct curb_str name, int64_t *ret_unit)
{
	for (size_t i = 0; i < leaving->n; i++)
		if (curb_str_eq(leaving->units[i].name, name)) {
			*ret_unit = (int64_t)i;
			return true;
		}
	return false;
}

/* The same lesson on a sheet of the new class, which has her alone. */
static int add_there(const struct leaving *leaving, const struct sheet_rule *out, struct sheet *there,
                     int64_t more_s)
{
	const struct move *move = leaving->doing->move;
	const struct sheet_rule in = { .c = out->c, .tx = out->tx, .cohort = leaving->to, .sheet = there };
	const struct stay none = { .entry = -1 };
	there->id = curb_id_new(move->decided_ms);
	there->entered_ms = move->decided_ms;
	there->entered_by = move->asked_by;
	there->key = curb_str(
		curb_printf(curb_tx_arena(out->tx), "move/%s/%s", move->id.text, out->sheet->id.text));
	there->paper = there->roll = curb_str("");
	int err = sheet_add(out->c, out->tx, there);
	return err ? err : put(leaving->doing, &in, &move->person, &none, more_s, leaving->in);
}

static int take_sheet(const struct leaving *leaving, const struct sheet *sheet, int64_t unit)
{
	const struct move_doing *doing = leaving->doing;
	struct sheet there = *sheet; /* under its id: where she is on this one she is not elsewhere */
	there.cohort = leaving->to->id;
	there.unit = unit;
	struct sheet_rule room = { .c = doing->c, .tx = doing->tx, .cohort = leaving->to, .sheet = &there };
	const struct sheet_rule out = {
		.c = doing->c, .tx = doing->tx, .cohort = leaving->from, .sheet = sheet
	};
	const char *field = NULL;
	struct stay stay;
	int64_t more_s = 0;
	int err = sheet_rule_unit(&room, &field);
	if (!err)
		err = stay_of(doing, sheet, &doing->move->person, &stay);
	if (!err)
		err = room_of(&room, &doing->move->person, stay.seconds, 0, &more_s);
	if (err || more_s <= 0)
		return err;
	err = put(doing, &out, &doing->move->person, &stay, -more_s, leaving->out);
	return err ? err : add_there(leaving, &out, &there, more_s);
}

int move_attended_over(const struct move_doing *doing, const struct credit_cohort *from,
                       const struct credit_cohort *to)
{
	struct curb_arena *arena = curb_tx_arena(doing->tx);
	struct leaving leaving = { .doing = doing, .from = from, .to = to };
	struct credit_offline *units = NULL;
	struct sheet_attended *lines = NULL;
	size_t n = 0;
	if (!curb_str_eq(from->kind, to->kind))
		return 0;
	leaving.out = curb_printf(arena, "转到班级“%.*s” (moved to that class)", (int)to->programme.len,
	                          to->programme.ptr);
	leaving.in = curb_printf(arena, "从班级“%.*s”转来 (came from that class)", (int)from->programme.len,
	                         from->programme.ptr);
	int err = credit_cohort_offline(doing->c, doing->tx, &to->id, &units, &leaving.n);
	leaving.units = units;
	if (!err)
		err = sheet_attended_of(doing->c, doing->tx, &from->id, &doing->move->person, &lines, &n);
	for (size_t i = 0; !err && i < n; i++) {
		int64_t unit = 0;
		bool first = i == 0 || strcmp(lines[i].sheet.id.text, lines[i - 1].sheet.id.text) != 0;
		if (first && unit_there(&leaving, lines[i].unit_name, &unit))
			err = take_sheet(&leaving, &lines[i].sheet, unit);
	}
	return err;
}
