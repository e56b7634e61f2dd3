/* Learning points of two records that turned out to be one person's. What both earned counts once, what the one who stays has learned
 * in a class counts for no point, and the limit of each day holds for the whole; the rest falls away.
 *
 * Each line (a day of a lesson) is taken out by an entry below 0 and brought in by another, with what of it counts there.
 */
#include "curb/err.h"
#include "curb/ledger.h"
#include "move.h"
#include "points.h"

/* A lesson that the one who goes has points for. */
struct lesson {
	struct credit_play from, to; /* person, unit and sets alone */
	struct ranges fresh;         /* counted on the one side and not on the other */
	int64_t fresh_s, granted_s;  /* of these not met yet; result: of these that count there */
};

struct merging {
	const struct move_doing *doing;
	struct points_rule rule; /* of the one who stays */
	struct points_total from, to;
	/* What the one who goes had, in seconds of points of now (or in points, where none are given now), and of how many seconds; what of
	 * these came over, and the points that were made of it. */
	int64_t value, of_s, brought_s, made;
	int64_t rest_s, left_s; /* no whole point yet, of the one who stays and of the one who goes */
	struct lesson *lessons;
	size_t n;
};

static int64_t least(int64_t a, int64_t b)
{
	int64_t less = a < b ? a : b;
	return less > 0 ? less : 0;
}

/* ---- an entry and the totals that follow it ---- */

static int put(const struct merging *m, const struct curb_id *person, const struct points_line *line,
               const struct points_total *total)
{
	const struct move *move = m->doing->move;
	const struct credit_moving *by = &m->doing->by;
	const struct curb_fact facts[] = {
		{ "unit", 0, curb_id_str(&line->unit) },     { "day", line->day, { NULL, 0 } },
		{ "granted", line->granted_s, { NULL, 0 } }, { "points", line->points, { NULL, 0 } },
		{ "entry", by->entry, { NULL, 0 } },
	};
	const char *key = curb_printf(curb_tx_arena(m->doing->tx), "%s/%s/%lld/%lld", move->id.text,
	                              line->unit.text, (long long)line->day, (long long)line->granted_s);
	const struct curb_entry whole = { .kind = "self_study_moved",
		                          .at_ms = move->decided_ms,
		                          .person = *person,
		                          .by = by->actor.id,
		                          .role = by->actor.role,
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	const struct credit_entry entry = { .person = *person,
		                            .unit = line->unit,
		                            .day = line->day,
		                            .sums = { .granted_s = line->granted_s } };
	int err = curb_ledger_append(m->doing->tx, &whole, NULL);
	return err ? err : points_add(m->doing->c, m->doing->tx, &entry, line->points, total);
}

static int take_out(struct merging *m, const struct points_line *line)
{
	const struct points_line out = { line->unit, line->day, -line->granted_s, -line->points };
	m->from.granted_s -= line->granted_s;
	m->from.points -= line->points;
	return put(m, &m->doing->move->person, &out, &m->from);
}

/* All seconds that come over are worth the same; those that were no whole point yet on either side may be one together. */
static int bring_in(struct merging *m, struct points_line *line)
{
	int64_t unit = m->rule.point_s ? m->rule.point_s : 1;
	m->brought_s += line->granted_s;
	int64_t worth = m->value * m->brought_s / m->of_s + (m->rule.point_s ? m->rest_s : 0);
	line->points = worth / unit - m->made;
	m->made += line->points;
	m->to.granted_s += line->granted_s;
	m->to.points += line->points;
	m->to.rest_s = m->rule.point_s ? worth % unit : m->rest_s + m->left_s * m->brought_s / m->of_s;
	return put(m, &m->doing->move->target, line, &m->to);
}

/* ---- the lines: what was learned first counts first ---- */

static struct lesson *lesson_of(const struct merging *m, const struct curb_id *unit)
{
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->lessons[i].from.unit.text, unit->text) == 0)
			return &m->lessons[i];
	return NULL;
}

static int move_line(struct merging *m, const struct points_line *line)
{
	struct lesson *lesson = lesson_of(m, &line->unit);
	struct points_line there = *line;
	int64_t met_s = 0;
	int err = take_out(m, line);
	if (!err)
		err = points_granted_on(m->doing->c, m->doing->tx, &m->doing->move->target, line->day,
		                        &met_s);
	if (err || !lesson)
		return err;
	int64_t fresh_s = least(line->granted_s, lesson->fresh_s);
	there.granted_s = m->rule.daily_s ? least(fresh_s, m->rule.daily_s - met_s) : fresh_s;
	lesson->fresh_s -= fresh_s;
	lesson->granted_s += there.granted_s;
	return there.granted_s ? bring_in(m, &there) : 0;
}

static int move_lines(struct merging *m)
{
	struct points_line *lines = NULL;
	size_t n = 0;
	int err = points_lines_by_day(m->doing->c, m->doing->tx, &m->doing->move->person, &lines, &n);
	m->of_s = m->from.granted_s;
	m->value = m->rule.point_s ? m->from.points * m->rule.point_s + m->from.rest_s : m->from.points;
	m->rest_s = m->to.rest_s;
	m->left_s = m->from.rest_s;
	m->from.rest_s = 0;
	for (size_t i = 0; !err && i < n; i++)
		err = move_line(m, &lines[i]);
	return err;
}

/* ---- the sets ---- */

static int read_lessons(struct merging *m)
{
	struct credit *c = m->doing->c;
	struct curb_tx *tx = m->doing->tx;
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_id *units = NULL;
	size_t n = 0;
	int err = points_units(c, tx, &m->doing->move->person, &units, &n);
	m->lessons = curb_alloc_n(arena, n + 1, sizeof *m->lessons);
	for (size_t i = 0; !err && i < n; i++) {
		struct lesson lesson = { .granted_s = 0 };
		lesson.from.person = m->doing->move->person;
		lesson.to.person = m->doing->move->target;
		lesson.from.unit = lesson.to.unit = units[i];
		err = points_sets(c, tx, &lesson.from);
		if (!err)
			err = points_sets(c, tx, &lesson.to);
		lesson.fresh = ranges_minus(arena, &lesson.from.credited, &lesson.to.credited);
		lesson.fresh = ranges_minus(arena, &lesson.fresh, &lesson.to.elsewhere);
		lesson.fresh_s = ranges_total(&lesson.fresh);
		m->lessons[m->n++] = lesson;
	}
	return err;
}

static int save_lesson(const struct merging *m, struct lesson *lesson)
{
	struct curb_arena *arena = curb_tx_arena(m->doing->tx);
	const struct ranges counted = ranges_first(arena, &lesson->fresh, lesson->granted_s);
	lesson->to.seen = ranges_union(arena, &lesson->to.seen, &lesson->from.seen);
	lesson->to.credited = ranges_union(arena, &lesson->to.credited, &counted);
	lesson->from.seen = lesson->from.credited = ranges_of(arena, NULL, 0);
	int err = points_coverage_save(m->doing->c, m->doing->tx, &lesson->to);
	return err ? err : points_coverage_save(m->doing->c, m->doing->tx, &lesson->from);
}

int move_points(const struct move_doing *doing)
{
	const struct move *move = doing->move;
	struct merging m = { .doing = doing };
	int err = points_rule(doing->c, doing->tx, &move->target, move->decided_ms, &m.rule);
	if (!err)
		err = points_total(doing->c, doing->tx, &move->person, &m.from);
	if (!err)
		err = points_total(doing->c, doing->tx, &move->target, &m.to);
	if (!err)
		err = read_lessons(&m);
	if (!err)
		err = move_lines(&m);
	for (size_t i = 0; !err && i < m.n; i++)
		err = save_lesson(&m, &m.lessons[i]);
	return err;
}
