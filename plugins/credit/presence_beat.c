/* What of a beat waits for an answer. */
#include "curb/err.h"
#include "presence.h"

static bool is_same(const struct curb_id *a, const struct curb_id *b)
{
	return strcmp(a->text, b->text) == 0;
}

int presence_begin(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                   struct presence *ret_presence)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct presence_held *held = NULL;
	size_t n = 0;
	*ret_presence = (struct presence){ .since_s = 0 };
	if (play->presence_s == 0)
		return 0;
	int err = presence_of(c, tx, &play->person, &play->cohort, ret_presence);
	if (!err && curb_id_some(&ret_presence->unit))
		err = presence_held_of(c, tx, &play->person, &play->cohort, &held, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (is_same(&held[i].unit, &play->unit))
			play->elsewhere = ranges_union(arena, &play->elsewhere, &held[i].ranges);
	return err;
}

/* ---- the chapters ---- */

/* Those of the highest level that there is. */
static int starts_of(struct curb_arena *arena, const struct content_unit *unit, int64_t **ret_starts,
                     size_t *ret_n)
{
	struct curb_value *nav = NULL;
	int64_t top = INT64_MAX;
	size_t n = 0;
	int err = unit->nav.len ? curb_json_parse(arena, unit->nav, &nav) : 0;
	int64_t *starts = curb_alloc_n(arena, curb_value_count(nav) + 1, sizeof *starts);
	for (size_t i = 0; i < curb_value_count(nav); i++) {
		int64_t level = curb_get_int(curb_value_at(nav, i), "level", 1);
		top = level < top ? level : top;
	}
	for (size_t i = 0; i < curb_value_count(nav); i++)
		if (curb_get_int(curb_value_at(nav, i), "level", 1) == top)
			starts[n++] = curb_get_int(curb_value_at(nav, i), "start_ms", 0) / 1000;
	*ret_starts = starts;
	*ret_n = n;
	return err;
}

struct chapters {
	int64_t *starts_s; /* arena */
	size_t n;
	struct presence_ends ends;
};

static int chapters_of(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                       struct chapters *ret)
{
	struct content_unit unit;
	struct chapters chapters = { .n = 0 };
	int err = c->content->unit(c->content, tx, curb_id_str(&play->unit), &unit);
	if (!err)
		err = starts_of(curb_tx_arena(tx), &unit, &chapters.starts_s, &chapters.n);
	if (err)
		return err;
	chapters.ends = presence_ends(curb_tx_arena(tx), chapters.starts_s, chapters.n, play->media_s);
	*ret = chapters;
	return 0;
}

/* A lesson without chapters is one. */
static int64_t number_at(const struct chapters *chapters, int64_t at_s)
{
	int64_t number = 0;
	for (size_t i = 0; i < chapters->n; i++)
		number += chapters->starts_s[i] <= at_s;
	return number ? number : 1;
}

/* ---- the gate ---- */

static int keep_held(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t day,
                     const struct ranges *more)
{
	struct presence_held row = { .unit = play->unit, .play = play->id, .day = day }, *held = NULL;
	size_t n = 0;
	int err = presence_held_of(c, tx, &play->person, &play->cohort, &held, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (held[i].day == day && is_same(&held[i].unit, &play->unit))
			row.ranges = held[i].ranges;
	if (err)
		return err;
	row.ranges = ranges_union(curb_tx_arena(tx), &row.ranges, more);
	return presence_held_save(c, tx, &play->person, &play->cohort, &row);
}

int presence_hold(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                  const struct credit_beat *beat, struct presence *presence, struct count_after *sums)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	bool armed = curb_id_some(&presence->unit), here = armed && is_same(&presence->unit, &play->unit);
	struct presence_gate gate = { .every_s = play->presence_s,
		                      .since_s = presence->since_s,
		                      .armed = armed,
		                      .chapter = here ? presence->chapter : (struct span){ 0, 0 } };
	struct chapters chapters = { .n = 0 };
	int err = 0;
	if (play->presence_s == 0)
		return 0;
	if (!armed && presence->since_s + sums->granted_s >= play->presence_s)
		err = chapters_of(c, tx, play, &chapters);
	if (err)
		return err;
	gate.ends = &chapters.ends;
	struct ranges fresh = ranges_minus(arena, &sums->credited, &play->credited);
	struct ranges let = presence_let(arena, &gate, &fresh);
	struct ranges held = ranges_minus(arena, &fresh, &let);
	struct ranges played = ranges_of(arena, beat->played, beat->played_count);
	sums->held_s = ranges_total(&held);
	sums->granted_s -= sums->held_s;
	sums->credited = ranges_union(arena, &play->credited, &let);
	presence->since_s = gate.since_s;
	if (gate.armed && !armed) {
		presence->unit = play->unit;
		presence->chapter = gate.chapter;
		presence->number = number_at(&chapters, gate.chapter.from);
	}
	if (!presence->due_ms && (sums->held_s || presence_left(&gate, &played, beat->position_s)))
		presence->due_ms = beat->now.wall_ms;
	if (sums->held_s)
		err = keep_held(c, tx, play, count_day(beat->now.wall_ms, c->utc_offset_ms), &held);
	return err ? err : presence_save(c, tx, &play->person, &play->cohort, presence);
}

int presence_open(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t now_ms)
{
	struct presence presence;
	if (play->presence_s == 0)
		return 0;
	int err = presence_of(c, tx, &play->person, &play->cohort, &presence);
	if (err || presence.due_ms || !curb_id_some(&presence.unit) || is_same(&presence.unit, &play->unit))
		return err;
	presence.due_ms = now_ms;
	return presence_save(c, tx, &play->person, &play->cohort, &presence);
}

int presence_question(struct credit *c, struct curb_tx *tx, const struct presence *presence,
                      struct content_question *ret_question)
{
	if (!curb_id_some(&presence->unit))
		return CURB_ENOTFOUND;
	return c->content->question(c->content, tx, curb_id_str(&presence->unit), presence->number,
	                            ret_question);
}

void presence_put_json(struct curb_json *j, const struct credit_check *check)
{
	if (!check->wanted)
		return;
	curb_json_key(j, "presence");
	curb_json_begin(j, '{');
	curb_json_kint(j, "check", check->number);
	curb_json_kbool(j, "due", check->due);
	if (check->to_s) {
		curb_json_kint(j, "from_s", check->from_s);
		curb_json_kint(j, "to_s", check->to_s);
	}
	if (check->question.count) {
		curb_json_key(j, "question");
		curb_json_begin(j, '{');
		curb_json_kstr(j, "text", check->question.text);
		curb_json_key(j, "answers");
		curb_json_begin(j, '[');
		for (size_t i = 0; i < check->question.count; i++)
			curb_json_str(j, check->question.answers[i]);
		curb_json_end(j, ']');
		curb_json_end(j, '}');
	}
	curb_json_end(j, '}');
}

int presence_tell(struct credit *c, struct curb_tx *tx, int64_t every_s, const struct presence *presence,
                  const struct curb_id *unit, struct credit_check *ret_check)
{
	struct credit_check check = { .wanted = every_s > 0,
		                      .number = presence->answered + 1,
		                      .due = presence->due_ms > 0 };
	if (check.wanted && curb_id_some(&presence->unit) && is_same(&presence->unit, unit)) {
		check.from_s = presence->chapter.from;
		check.to_s = presence->chapter.to;
	}
	int err = check.wanted ? presence_question(c, tx, presence, &check.question) : 0;
	if (err && err != CURB_ENOTFOUND)
		return err;
	*ret_check = check;
	return 0;
}
