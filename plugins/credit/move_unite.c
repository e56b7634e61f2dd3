/* Hours that go with a trainee, to another class or to the person she was merged into: what was seen is united, and the cap, the
 * hours of each unit and the limit of each day hold for the whole. Seconds that were granted on both sides fall away once.
 *
 * Each line (a day of a unit) is taken out by an entry below 0 and brought in by another, with what of it counts there and why the
 * rest does not.
 */
#include "curb/err.h"
#include "move.h"

/* A unit that both classes have. */
struct part {
	struct content_unit unit;
	struct credit_play from, to; /* their sets and the position alone */
	struct ranges fresh;         /* counted on the one side and not on the other */
	int64_t fresh_s, room_s;     /* of these not met yet; what the unit still lets be granted there */
	int64_t granted_s;           /* result */
};

static int64_t least(int64_t a, int64_t b)
{
	int64_t less = a < b ? a : b;
	return less > 0 ? less : 0;
}

/* ---- an entry and the totals that follow it ---- */

static struct count_after sums_of(const struct credit_line *line, int sign)
{
	return (struct count_after){
		.played_s = sign * line->played_s,
		.granted_s = sign * line->granted_s,
		.again_s = sign * line->again_s,
		.share_s = sign * line->share_s,
		.day_s = sign * line->day_s,
		.hours_s = sign * line->hours_s,
		.clock_s = sign * line->clock_s,
		.undelivered_s = sign * line->undelivered_s,
	};
}

static int append(const struct uniting *u, const struct uniting_side *side, const struct content_unit *unit,
                  const struct credit_line *line, int sign)
{
	const struct credit_play play = { .person = side->person, .cohort = side->cohort->id };
	const struct credit_entry entry = {
		.person = side->person,
		.cohort = side->cohort->id,
		.unit = unit->id,
		.version = unit->version,
		.at_ms = u->now_ms,
		.day = line->day,
		.policy = side->cohort->entry,
		.sums = sums_of(line, sign),
	};
	int64_t place = 0;
	int err = credit_entry_moved(u->tx, &entry, &u->by, &place);
	if (!err)
		err = credit_moved_place(u->c, u->tx, &entry, place);
	if (!err)
		err = credit_day_add(u->c, u->tx, &entry);
	return err || !line->granted_s ? err :
	                                 credit_trainee_grant(u->c, u->tx, &play, sign * line->granted_s);
}

/* ---- what counts on the other side ---- */

/* What the cap still lets be granted there, with the exceptions of now. Of two records in one class each keeps what was counted while
 * an exception was in force that has ended since. */
static int share_room(const struct uniting *u, int64_t *ret_s)
{
	const struct credit_cohort *cohort = u->to.cohort;
	int64_t used_s = 0, had_s = 0, share_m = 0;
	int err = move_online_s(u->c, u->tx, &cohort->id, &u->to.person, &used_s);
	if (!err && strcmp(u->from.cohort->id.text, cohort->id.text) == 0)
		err = move_online_s(u->c, u->tx, &cohort->id, &u->from.person, &had_s);
	if (!err)
		err = move_most_share(u->c, u->tx, &cohort->id, &u->from.person, &u->to.person, u->now_ms,
		                      &share_m);
	if (err)
		return err;
	int64_t cap_s = count_cap_s(count_hours_s(cohort->total_c, cohort->hour_s),
	                            credit_larger(cohort->share_m, share_m), cohort->basis);
	*ret_s = credit_larger(cap_s, had_s) - used_s;
	return 0;
}

/* What the limit of a day does, of all classes of hers. */
static int day_room(const struct uniting *u, int64_t day, int64_t *ret_s)
{
	int64_t granted_s = 0;
	*ret_s = INT64_MAX;
	if (u->to.cohort->daily_s == 0)
		return 0;
	int err = credit_online_on(u->c, u->tx, &u->to.person, day, &granted_s);
	*ret_s = u->to.cohort->daily_s - granted_s;
	return err;
}

/* The line as it counts there. */
static struct credit_line line_there(const struct credit_line *line, const struct part *part, int64_t share_s,
                                     int64_t day_s)
{
	int64_t fresh = least(line->granted_s, part->fresh_s);
	int64_t in_hours = least(fresh, part->room_s);
	int64_t in_share = least(in_hours, share_s);
	struct credit_line there = *line;
	there.granted_s = least(in_share, day_s);
	there.again_s += line->granted_s - fresh;
	there.hours_s += fresh - in_hours;
	there.share_s += in_hours - in_share;
	there.day_s += in_share - there.granted_s;
	return there;
}

/* ---- the units ---- */

static int read_part(const struct uniting *u, struct part *part)
{
	const struct credit_line_key from = { u->from.person, u->from.cohort->id, part->unit.id, 0 };
	const struct credit_line_key to = { u->to.person, u->to.cohort->id, part->unit.id, 0 };
	int err = credit_coverage_of(u->c, u->tx, &from, &part->from.seen, &part->from.credited,
	                             &part->from.position_s);
	if (!err)
		err = credit_coverage_of(u->c, u->tx, &to, &part->to.seen, &part->to.credited,
		                         &part->to.position_s);
	if (err)
		return err;
	part->fresh = ranges_minus(curb_tx_arena(u->tx), &part->from.credited, &part->to.credited);
	part->fresh_s = ranges_total(&part->fresh);
	part->room_s = count_unit_s(part->unit.hours_c, u->to.cohort->hour_s, part->unit.duration_ms / 1000) -
	               ranges_total(&part->to.credited);
	return 0;
}

static bool is_among(const struct curb_id *ids, size_t n, const struct curb_id *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i].text, id->text) == 0)
			return true;
	return false;
}

static int read_parts(const struct uniting *u, struct part **ret_parts, size_t *ret_n)
{
	struct curb_id *versions = NULL;
	struct credit_stand *stands = NULL;
	size_t n = 0, count = 0, kept = 0;
	int err = credit_stands(u->c, u->tx, &u->from.person, &u->from.cohort->id, &stands, &n);
	if (!err)
		err = credit_cohort_courses(u->c, u->tx, &u->to.cohort->id, &versions, &count);
	struct part *parts = curb_alloc_n(curb_tx_arena(u->tx), n + 1, sizeof *parts);
	for (size_t i = 0; !err && i < n; i++) {
		struct part part = { .granted_s = 0 };
		err = u->c->content->unit(u->c->content, u->tx, curb_id_str(&stands[i].unit), &part.unit);
		if (err || !is_among(versions, count, &part.unit.version))
			continue;
		err = read_part(u, &part);
		parts[kept++] = part;
	}
	*ret_parts = parts;
	*ret_n = kept;
	return err;
}

static int save_side(const struct uniting *u, const struct uniting_side *side, const struct part *part,
                     struct credit_play sets)
{
	sets.person = side->person;
	sets.cohort = side->cohort->id;
	sets.unit = part->unit.id;
	return credit_coverage_save(u->c, u->tx, &sets, u->now_ms);
}

static int save_part(const struct uniting *u, struct part *part)
{
	struct curb_arena *arena = curb_tx_arena(u->tx);
	struct ranges counted = ranges_first(arena, &part->fresh, part->granted_s);
	part->to.seen = ranges_union(arena, &part->to.seen, &part->from.seen);
	part->to.credited = ranges_union(arena, &part->to.credited, &counted);
	part->to.position_s = credit_larger(part->to.position_s, part->from.position_s);
	part->from.seen = part->from.credited = ranges_of(arena, NULL, 0);
	int err = save_side(u, &u->to, part, part->to);
	return err ? err : save_side(u, &u->from, part, part->from);
}

/* ---- the lines: what was learned first counts first ---- */

static int move_line(const struct uniting *u, struct part *part, const struct credit_line *line,
                     int64_t *share_s)
{
	int64_t day_s = 0;
	int err = append(u, &u->from, &part->unit, line, -1);
	if (!err)
		err = day_room(u, line->day, &day_s);
	if (err)
		return err;
	const struct credit_line there = line_there(line, part, *share_s, day_s);
	part->fresh_s -= least(line->granted_s, part->fresh_s);
	part->room_s -= there.granted_s;
	part->granted_s += there.granted_s;
	*share_s -= there.granted_s;
	return append(u, &u->to, &part->unit, &there, 1);
}

int move_unite(const struct uniting *u)
{
	struct credit_line *lines = NULL;
	struct part *parts = NULL;
	size_t n = 0, count = 0;
	int64_t share_s = 0;
	int err = read_parts(u, &parts, &count);
	if (!err)
		err = credit_lines_by_day(u->c, u->tx, &u->from.cohort->id, &u->from.person, &lines, &n);
	if (!err)
		err = share_room(u, &share_s);
	for (size_t i = 0; !err && i < n; i++)
		for (size_t k = 0; !err && k < count; k++)
			if (strcmp(parts[k].unit.id.text, lines[i].unit.text) == 0)
				err = move_line(u, &parts[k], &lines[i], &share_s);
	for (size_t k = 0; !err && k < count; k++)
		err = save_part(u, &parts[k]);
	return err;
}
