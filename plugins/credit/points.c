/* The rules of learning points. */
#include "points.h"

#include "curb/err.h"
#include "curb/ledger.h"
#include "curb/person.h"

int points_rule(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                struct points_rule *ret_rule)
{
	struct curb_str place = curb_str("");
	struct policy policy;
	*ret_rule = (struct points_rule){ .point_s = 0 };
	int err = curb_person_place(tx, person, CURB_LEARNER, now_ms, &place);
	if (!err)
		err = policy_at(c, tx, place, curb_str(""), count_day(now_ms, c->utc_offset_ms), &policy);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	const struct policy_rule *from = policy.from[POLICY_POINTS];
	ret_rule->point_s = policy.value[POLICY_POINTS] * 60;
	ret_rule->rate_m = policy.value[POLICY_RATE];
	ret_rule->daily_s = policy.value[POLICY_DAILY] == POLICY_NONE ? 0 : policy.value[POLICY_DAILY];
	if (from)
		ret_rule->id = from->id;
	return 0;
}

int points_open(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                const struct content_unit *unit, const struct credit_now *now, struct curb_id *ret_play)
{
	struct points_rule rule;
	struct credit_choice *choices = NULL;
	size_t n = 0;
	int err = points_rule(c, tx, person, now->wall_ms, &rule);
	if (!err && rule.point_s == 0)
		return curb_fail(CURB_ECONFLICT,
		                 "Self-study earns no points here; you may learn all the same");
	if (!err)
		err = credit_choices(c, tx, person, unit, now->wall_ms, &choices, &n);
	if (!err && n > 0)
		return curb_fail(CURB_ECONFLICT,
		                 "You have this lesson in a class; open it again to learn it there");
	if (err)
		return err;
	const struct credit_play play = {
		.id = curb_id_new(now->wall_ms),
		.person = *person,
		.unit = unit->id,
		.version = unit->version,
		.media_s = unit->duration_ms / 1000,
		.last = { curb_str(now->boot), now->boot_ms, now->wall_ms },
	};
	*ret_play = play.id;
	return points_play_add(c, tx, &play, now->wall_ms);
}

static int append(struct curb_tx *tx, const struct credit_play *play, const struct credit_entry *entry,
                  int64_t points)
{
	const struct count_after *sums = &entry->sums;
	const char *key = curb_printf(curb_tx_arena(tx), "%s/%lld", entry->play.text, (long long)entry->seq);
	const struct curb_fact facts[] = {
		{ "unit", 0, curb_id_str(&entry->unit) },
		{ "version", 0, curb_id_str(&entry->version) },
		{ "day", entry->day, { NULL, 0 } },
		{ "played", sums->played_s, { NULL, 0 } },
		{ "granted", sums->granted_s, { NULL, 0 } },
		{ "again", sums->again_s, { NULL, 0 } },
		{ "daily", sums->day_s, { NULL, 0 } },
		{ "clock", sums->clock_s, { NULL, 0 } },
		{ "undelivered", sums->undelivered_s, { NULL, 0 } },
		{ "policy", 0, curb_id_str(&play->rule) },
		{ "point", play->point_s, { NULL, 0 } },
		{ "points", points, { NULL, 0 } },
	};
	const struct curb_entry whole = { .kind = "self_study",
		                          .at_ms = entry->at_ms,
		                          .person = entry->person,
		                          .by = entry->person,
		                          .role = "learner",
		                          .key = curb_str(key),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &whole, NULL);
}

/* A point is made of the seconds that count by the rule of now, and of those that were left over. */
static int grant(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                 const struct credit_entry *entry)
{
	struct points_total total = { .points = 0 };
	int err = points_total(c, tx, &entry->person, &total);
	if (err)
		return err;
	int64_t seconds = total.rest_s + entry->sums.granted_s, points = seconds / play->point_s;
	total.granted_s += entry->sums.granted_s;
	total.rest_s = seconds % play->point_s;
	total.points += points;
	play->points = total.points;
	err = append(tx, play, entry, points);
	return err ? err : points_add(c, tx, entry, points, &total);
}

int points_write(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                 const struct credit_entry *entry)
{
	int err = entry->sums.played_s ? grant(c, tx, play, entry) : 0;
	if (!err)
		err = points_play_save(c, tx, play);
	if (!err)
		err = points_coverage_save(c, tx, play);
	return err ? err :
	             credit_place_save(c, tx, &play->person, &play->unit, play->position_s, entry->at_ms);
}

/* ---- a play, in a class or outside of it ---- */

int credit_play_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, int64_t now_ms,
                      struct credit_play *ret)
{
	int err = credit_play_in_class(c, tx, id, now_ms, ret);
	return err == CURB_ENOTFOUND ? points_play_by_id(c, tx, id, now_ms, ret) : err;
}

int credit_play_save(struct credit *c, struct curb_tx *tx, const struct credit_play *play)
{
	return play->self ? points_play_save(c, tx, play) : credit_play_save_in_class(c, tx, play);
}
