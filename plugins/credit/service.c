#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "move.h"
#include "places.h"
#include "points.h"
#include "presence.h"
#include "reading.h"
#include "waiver.h"

struct credit_now credit_now(void)
{
	struct credit_now now = { .wall_ms = curb_wall_ms(), .boot_ms = curb_boot_ms() };
	(void)snprintf(now.boot, sizeof now.boot, "%s", curb_boot_id());
	return now;
}

/* ---- playing ---- */

static struct count_clock reading(const struct credit_now *now)
{
	return (struct count_clock){ curb_str(now->boot), now->boot_ms, now->wall_ms };
}

/* The server's clock counts for a play only while it holds the lease. */
static void let_time_pass(struct credit_play *play, const struct credit_now *now)
{
	if (!play->live)
		return;
	struct count_clock clock = reading(now);
	play->budget_ms += count_pass(&play->last, &clock, play->ends_ms, &play->doubted);
}

static int move_lease(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                      const struct credit_now *now)
{
	struct curb_id live;
	struct credit_play play;
	int err = credit_play_live(c, tx, person, &live);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	err = credit_play_by_id(c, tx, curb_id_str(&live), now->wall_ms, &play);
	if (err == CURB_ENOTFOUND) /* she was taken off the roster of its class */
		return credit_play_end(c, tx, &live);
	if (err)
		return err;
	let_time_pass(&play, now);
	play.live = false;
	return credit_play_save(c, tx, &play);
}

static int holds_version(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                         const struct curb_id *version)
{
	struct curb_id *versions = NULL;
	size_t n = 0;
	int err = credit_cohort_courses(c, tx, &cohort->id, &versions, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (strcmp(versions[i].text, version->text) == 0)
			return 0;
	return err ? err : curb_fail(CURB_ENOTFOUND, "This lesson does not belong to the class");
}

static int check_here(int64_t left_ms)
{
	return !left_ms ?
	               0 :
	               curb_fail(CURB_ECONFLICT,
	                         "You are not in this class any more; you may go on learning, but it adds no "
	                         "hours here. What you earned is kept. If this is wrong, ask your teacher");
}

static int check_under_way(const struct credit_cohort *cohort, int64_t now_ms)
{
	if (now_ms < cohort->starts_ms)
		return curb_fail(
			CURB_ECONFLICT,
			"This class has not begun yet; you may go on learning, but it adds no hours");
	if (now_ms >= cohort->ends_ms)
		return curb_fail(CURB_ECONFLICT,
		                 "This class has ended; you may go on learning, but it adds no hours");
	return 0;
}

static int open_outside(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        const struct content_unit *unit, const struct credit_now *now,
                        struct credit_play *ret_play)
{
	struct curb_id play;
	int err = move_lease(c, tx, person, now);
	if (!err)
		err = points_open(c, tx, person, unit, now, &play);
	return err ? err : credit_play_by_id(c, tx, curb_id_str(&play), now->wall_ms, ret_play);
}

int credit_open_play(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     struct curb_str unit_id, struct curb_str cohort_id, const struct credit_now *now,
                     struct credit_play *ret_play)
{
	struct content_unit unit;
	struct credit_cohort cohort;
	int64_t left_ms = 0;
	int err = c->content->unit(c->content, tx, unit_id, &unit);
	if (!err && curb_str_is(cohort_id, POINTS_WORD))
		return open_outside(c, tx, person, &unit, now, ret_play);
	if (!err)
		err = credit_cohort_by_id(c, tx, cohort_id, &cohort);
	if (!err)
		err = move_left_ms(c, tx, &cohort.id, person, &left_ms);
	if (!err)
		err = check_here(left_ms);
	if (!err)
		err = holds_version(c, tx, &cohort, &unit.version);
	if (!err)
		err = check_under_way(&cohort, now->wall_ms);
	if (!err)
		err = move_lease(c, tx, person, now);
	if (err)
		return err;
	struct credit_play play = {
		.id = curb_id_new(now->wall_ms),
		.person = *person,
		.cohort = cohort.id,
		.unit = unit.id,
		.version = unit.version,
		.unit_s = count_unit_s(unit.hours_c, cohort.hour_s, unit.duration_ms / 1000),
		.media_s = unit.duration_ms / 1000,
		.last = reading(now),
	};
	err = credit_play_add(c, tx, &play, now->wall_ms);
	if (!err)
		err = waivers_end(c, tx, now->wall_ms);
	if (!err)
		err = credit_play_by_id(c, tx, curb_id_str(&play.id), now->wall_ms, ret_play);
	return err ? err : presence_open(c, tx, ret_play, now->wall_ms);
}

/* ---- a beat ---- */

static const char *reason_of(const struct count_after *sums, bool over)
{
	if (sums->held_s)
		return "presence";
	if (sums->share_s)
		return "share_full";
	if (sums->hours_s)
		return "hours_full";
	if (sums->day_s)
		return "day_full";
	if (sums->clock_s)
		return over ? "class_over" : "clock";
	if (sums->undelivered_s)
		return "not_delivered";
	return sums->granted_s == 0 && sums->again_s ? "seen_before" : "counted";
}

static struct credit_answer answer_of(const struct credit_play *play, const struct count_after *sums,
                                      int64_t now_ms)
{
	bool over = now_ms >= play->ends_ms;
	struct credit_answer answer = {
		.seen_s = ranges_total(&play->seen),
		.granted_s = ranges_total(&play->credited),
		.added_s = sums->granted_s,
		.unit_s = play->unit_s,
		.online_s = play->online_s,
		.cap_s = play->cap_s,
		.held = play->live,
		.points = play->self ? play->points : -1,
		.sums = *sums,
		.reason = reason_of(sums, over),
	};
	if (!over)
		answer.late = sums->late;
	return answer;
}

static int keep_entry(struct curb_tx *tx, const struct credit_entry *entry, struct credit_play *play)
{
	int64_t place = 0;
	int err = credit_entry_add(tx, entry, &place);
	if (err)
		return err;
	play->places = places_add(curb_tx_arena(tx), play->places, place);
	return play->places.ptr ?
	               0 :
	               curb_fail(CURB_EINTERNAL, "the places of the entries of play %s cannot be read",
	                         play->id.text);
}

static int write_beat(struct credit *c, struct curb_tx *tx, struct credit_play *play,
                      const struct credit_beat *beat, const struct count_after *sums)
{
	struct credit_entry entry = {
		.person = play->person,
		.cohort = play->cohort,
		.unit = play->unit,
		.version = play->version,
		.play = play->id,
		.at_ms = beat->now.wall_ms,
		.day = count_day(beat->now.wall_ms, c->utc_offset_ms),
		.seq = beat->seq,
		.policy = play->entry,
		.sums = *sums,
	};
	if (play->self)
		return points_write(c, tx, play, &entry);
	int err = sums->played_s ? keep_entry(tx, &entry, play) : 0;
	if (!err)
		err = credit_play_save(c, tx, play);
	if (!err)
		err = credit_coverage_save(c, tx, play, beat->now.wall_ms);
	if (!err && sums->granted_s)
		err = credit_trainee_grant(c, tx, play, sums->granted_s);
	if (!err && sums->played_s)
		err = credit_day_add(c, tx, &entry);
	return err;
}

/* What she studied outside of classes takes nothing from these. */
int credit_day_left(struct credit *c, struct curb_tx *tx, const struct credit_play *play, int64_t day,
                    int64_t *ret_s)
{
	int64_t online_s = 0, outside_s = 0;
	*ret_s = INT64_MAX;
	if (play->daily_s == 0)
		return 0;
	int err = credit_online_on(c, tx, &play->person, day, &online_s);
	if (!err && play->self)
		err = points_granted_on(c, tx, &play->person, day, &outside_s);
	*ret_s = play->daily_s - online_s - outside_s;
	return err;
}

static struct count_after count_played(struct curb_arena *arena, const struct credit_play *play,
                                       const struct credit_beat *beat, int64_t day_s)
{
	/* what counted in a class is no point, too; what waits has been here before */
	bool more = play->elsewhere.count > 0;
	struct ranges had = more ? ranges_union(arena, &play->credited, &play->elsewhere) : play->credited;
	const struct count_before before = {
		.seen = play->seen,
		.credited = had,
		.delivered = play->delivered,
		.media_s = play->media_s,
		.unit_s = play->unit_s,
		.online_s = play->online_s,
		.cap_s = play->cap_s,
		.day_s = day_s,
		.clock_s = play->budget_ms * play->rate_m / 1000000 - play->spent_s,
	};
	struct ranges played = ranges_of(arena, beat->played, beat->played_count);
	struct count_after after = count_beat(arena, &before, &played);
	if (more) {
		struct ranges others = ranges_minus(arena, &had, &play->credited);
		after.credited = ranges_minus(arena, &after.credited, &others);
	}
	return after;
}

/* Each beat writes the set of numbers anew, so it must stay small. */
enum { GAPS_MOST = 1000 };

static int note_seq(struct curb_arena *arena, struct credit_play *play, struct span seq, bool *ret_newest)
{
	struct ranges this_one = ranges_of(arena, &seq, 1);
	*ret_newest = play->seqs.count == 0 || seq.from >= play->seqs.spans[play->seqs.count - 1].to;
	play->seqs = ranges_union(arena, &play->seqs, &this_one);
	return play->seqs.count <= GAPS_MOST ?
	               0 :
	               curb_fail(CURB_ECONFLICT,
	                         "Too many numbers are missing between the reports of this play; "
	                         "open the lesson again");
}

/* The play of a page never has two numbers: behind its second beat another one is asked no more, for a unit comes with its chapters. */
static int check_way(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                     const struct credit_beat *beat)
{
	if (!beat->page)
		return ranges_total(&play->seqs) > 1 ? 0 :
		                                       credit_check_played(c, tx, curb_id_str(&play->unit));
	return strcmp(play->unit.text, beat->page->text) == 0 ?
	               0 :
	               curb_fail(CURB_ENOTFOUND, "This play is not known here; open the lesson again");
}

/* Whether a beat of whoever told it is taken for this play. */
static int check_takes(struct credit *c, struct curb_tx *tx, const struct credit_play *play,
                       const struct credit_beat *beat)
{
	if (strcmp(play->person.text, beat->person.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "This play is not known here; open the lesson again");
	int err = check_here(play->left_ms);
	if (!err && play->self && play->point_s == 0)
		err = curb_fail(CURB_ECONFLICT,
		                "Self-study earns no points here; you may learn all the same");
	return err ? err : check_way(c, tx, play, beat);
}

int credit_take_beat(struct credit *c, struct curb_tx *tx, const struct credit_beat *beat,
                     struct credit_answer *ret_answer)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct credit_play play;
	struct presence presence;
	bool newest = false;
	int err = credit_play_by_id(c, tx, beat->play, beat->now.wall_ms, &play);
	if (!err)
		err = check_takes(c, tx, &play, beat);
	if (!err)
		err = presence_begin(c, tx, &play, &presence);
	if (err)
		return err;
	struct span seq = { (uint32_t)beat->seq, (uint32_t)beat->seq + 1 };
	if (ranges_cover(&play.seqs, seq)) {
		*ret_answer = answer_of(&play, &(struct count_after){ 0 }, beat->now.wall_ms);
		ret_answer->repeated = true;
		ret_answer->reason = "repeated";
		return presence_tell(c, tx, play.presence_s, &presence, &play.unit, &ret_answer->check);
	}
	err = note_seq(arena, &play, seq, &newest);
	if (err)
		return err;
	let_time_pass(&play, &beat->now);
	int64_t day_s = 0;
	err = credit_day_left(c, tx, &play, count_day(beat->now.wall_ms, c->utc_offset_ms), &day_s);
	if (err)
		return err;
	struct count_after sums = count_played(arena, &play, beat, day_s);
	err = presence_hold(c, tx, &play, beat, &presence, &sums);
	if (err)
		return err;
	play.seen = sums.seen;
	play.credited = sums.credited;
	play.spent_s += sums.taken_s;
	play.online_s += sums.granted_s;
	if (beat->position_s >= 0 && newest && play.live)
		play.position_s = beat->position_s < play.media_s ? beat->position_s : play.media_s;
	err = write_beat(c, tx, &play, beat, &sums);
	if (!err)
		*ret_answer = answer_of(&play, &sums, beat->now.wall_ms);
	return err ? err : presence_tell(c, tx, play.presence_s, &presence, &play.unit, &ret_answer->check);
}
