#include <stdio.h>

#include "credit.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "places.h"

struct credit_now credit_now(void)
{
	struct credit_now now = { .wall_ms = curb_wall_ms(), .boot_ms = curb_boot_ms() };
	(void)snprintf(now.boot, sizeof now.boot, "%s", curb_boot_id());
	return now;
}

/* ---- opening a class ---- */

struct hours_text {
	char text[24];
};

/* Hundredths of a class hour as people write them: 12.5, 16. */
static struct hours_text hours_text(int64_t hours_c)
{
	struct hours_text out;
	long long whole = hours_c / 100, rest = hours_c % 100;
	if (rest == 0)
		(void)snprintf(out.text, sizeof out.text, "%lld", whole);
	else if (rest % 10 == 0)
		(void)snprintf(out.text, sizeof out.text, "%lld.%lld", whole, rest / 10);
	else
		(void)snprintf(out.text, sizeof out.text, "%lld.%02lld", whole, rest);
	return out;
}

static int check_fields(const struct credit *c, const struct credit_plan *plan)
{
	enum { MOST_C = 1000000, NAME_LONGEST = 200 };
	if (plan->programme.len == 0 || plan->programme.len > NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "Give the training programme a name of 1 to %d bytes",
		                 NAME_LONGEST);
	if (plan->total_c <= 0 || plan->total_c > MOST_C || count_hours_s(plan->total_c, c->hour_s) == 0)
		return curb_fail(CURB_EINVAL, "The total class hours must be more than 0 and at most 10000");
	if (plan->starts_ms >= plan->ends_ms)
		return curb_fail(CURB_EINVAL, "The class must start before it ends; check the two dates");
	if (plan->version_count == 0)
		return curb_fail(CURB_EINVAL, "Choose at least one course for the class");
	return 0;
}

static int sum_offline(const struct credit_plan *plan, int64_t *ret_c)
{
	int64_t sum = 0;
	for (size_t i = 0; i < plan->offline_count; i++) {
		if (plan->offline[i].hours_c <= 0 || plan->offline[i].hours_c > plan->total_c ||
		    plan->offline[i].name.len == 0)
			return curb_fail(CURB_EINVAL,
			                 "Each offline unit needs a name and class hours of its own");
		sum += plan->offline[i].hours_c;
	}
	if (sum > plan->total_c)
		return curb_fail(CURB_EUNFIT,
		                 "The offline units have %s class hours, the class only %s; mend the total "
		                 "or the units",
		                 hours_text(sum).text, hours_text(plan->total_c).text);
	*ret_c = sum;
	return 0;
}

static int sum_courses(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t *ret_c)
{
	int64_t sum = 0;
	for (size_t i = 0; i < plan->version_count; i++) {
		const struct content_unit *units = NULL;
		size_t n = 0;
		struct content_version version;
		int err = c->content->version(c->content, tx, plan->versions[i], &version);
		if (!err)
			err = c->content->units(c->content, tx, plan->versions[i], &units, &n);
		if (err)
			return err;
		for (size_t k = 0; k < n; k++)
			sum += units[k].hours_c;
	}
	*ret_c = sum;
	return 0;
}

/* policy/README.md: planned online / planned total against the share, refused with the figure that would pass. */
static int check_share(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan)
{
	int64_t offline_c = 0, courses_c = 0;
	int err = sum_offline(plan, &offline_c);
	if (err)
		return err;
	int64_t online_c = plan->total_c - offline_c;
	int64_t most_c = count_most_online_c(plan->total_c, c->share_m);
	if (!count_plan_fits(online_c, plan->total_c, c->share_m))
		return curb_fail(CURB_EUNFIT,
		                 "Of %s class hours at most %s may be online; this plan has %s online. "
		                 "Plan at least %s offline class hours",
		                 hours_text(plan->total_c).text, hours_text(most_c).text,
		                 hours_text(online_c).text, hours_text(plan->total_c - most_c).text);
	err = sum_courses(c, tx, plan, &courses_c);
	if (!err && courses_c < online_c)
		return curb_fail(CURB_EUNFIT,
		                 "The plan has %s online class hours, but the courses hold only %s. "
		                 "Add a course or plan more offline class hours",
		                 hours_text(online_c).text, hours_text(courses_c).text);
	return err;
}

static int add_parts(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                     const struct curb_id *cohort)
{
	int err = 0;
	for (size_t i = 0; !err && i < plan->version_count; i++)
		err = credit_cohort_add_course(c, tx, cohort, plan->versions[i], (int64_t)i);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_EINVAL, "A course is named twice; name each once");
	for (size_t i = 0; !err && i < plan->offline_count; i++)
		err = credit_cohort_add_offline(c, tx, cohort, &plan->offline[i], (int64_t)i);
	return err;
}

int credit_check_plan(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan)
{
	struct curb_id institution;
	struct curb_str institution_name;
	if (!curb_id_parse(plan->institution, &institution))
		return curb_fail(CURB_EINVAL, "Choose the institution that runs the class");
	int err = check_fields(c, plan);
	if (!err)
		err = curb_institution_name(tx, &institution, &institution_name);
	return err ? err : check_share(c, tx, plan);
}

static int note_opened(struct curb_tx *tx, const struct credit_cohort *cohort)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", cohort->programme);
	const struct curb_change change = { cohort->opened_by, curb_id_str(&cohort->id),
		                            curb_id_str(&cohort->institution),
		                            CURB_TEXT("opened the class {name}"), detail };
	return curb_note_change(tx, &change, cohort->opened_ms);
}

int credit_open_cohort(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                       const struct curb_id *by, int64_t now_ms, struct curb_id *ret_cohort)
{
	struct credit_cohort cohort = {
		.id = curb_id_new(now_ms),
		.opened_by = *by,
		.programme = plan->programme,
		.total_c = plan->total_c,
		.share_m = c->share_m,
		.hour_s = c->hour_s,
		.rate_m = c->rate_m,
		.starts_ms = plan->starts_ms,
		.ends_ms = plan->ends_ms,
		.opened_ms = now_ms,
	};
	int err = credit_check_plan(c, tx, plan);
	if (err)
		return err;
	cohort.institution = curb_id_of(plan->institution);
	err = credit_cohort_add(c, tx, &cohort);
	if (!err)
		err = add_parts(c, tx, plan, &cohort.id);
	if (!err)
		err = note_opened(tx, &cohort);
	if (!err)
		*ret_cohort = cohort.id;
	return err;
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
	err = credit_play_by_id(c, tx, curb_id_str(&live), &play);
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

static int check_under_way(const struct credit_cohort *cohort, int64_t now_ms)
{
	if (now_ms < cohort->starts_ms)
		return curb_fail(CURB_ECONFLICT,
		                 "This class has not begun yet; you may watch, but it adds no hours");
	if (now_ms >= cohort->ends_ms)
		return curb_fail(CURB_ECONFLICT, "This class has ended; you may watch, but it adds no hours");
	return 0;
}

int credit_open_play(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     struct curb_str unit_id, struct curb_str cohort_id, const struct credit_now *now,
                     struct credit_play *ret_play)
{
	struct content_unit unit;
	struct credit_cohort cohort;
	int64_t online_s = 0;
	int err = c->content->unit(c->content, tx, unit_id, &unit);
	if (!err)
		err = credit_cohort_by_id(c, tx, cohort_id, &cohort);
	if (!err)
		err = credit_online_s(c, tx, &cohort.id, person, &online_s);
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
	if (err)
		return err;
	return credit_play_by_id(c, tx, curb_id_str(&play.id), ret_play);
}

/* ---- a beat ---- */

static const char *reason_of(const struct count_after *sums, bool over)
{
	if (sums->share_s)
		return "share_full";
	if (sums->hours_s)
		return "hours_full";
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
		.sums = *sums,
	};
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

static struct count_after count_played(struct curb_arena *arena, const struct credit_play *play,
                                       const struct credit_beat *beat)
{
	const struct count_before before = {
		.seen = play->seen,
		.credited = play->credited,
		.delivered = play->delivered,
		.media_s = play->media_s,
		.unit_s = play->unit_s,
		.online_s = play->online_s,
		.cap_s = play->cap_s,
		.clock_s = play->budget_ms * play->rate_m / 1000000 - play->spent_s,
	};
	struct ranges played = ranges_of(arena, beat->played, beat->played_count);
	return count_beat(arena, &before, &played);
}

/* Each beat writes the set of numbers anew, so it must stay small. */
enum { GAPS_MOST = 1000 };

int credit_take_beat(struct credit *c, struct curb_tx *tx, const struct credit_beat *beat,
                     struct credit_answer *ret_answer)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct credit_play play;
	int err = credit_play_by_id(c, tx, beat->play, &play);
	if (err)
		return err;
	if (strcmp(play.person.text, beat->person.text) != 0)
		return curb_fail(CURB_ENOTFOUND, "This play is not known here; open the lesson again");
	struct span seq = { (uint32_t)beat->seq, (uint32_t)beat->seq + 1 };
	if (ranges_cover(&play.seqs, seq)) {
		*ret_answer = answer_of(&play, &(struct count_after){ 0 }, beat->now.wall_ms);
		ret_answer->repeated = true;
		ret_answer->reason = "repeated";
		return 0;
	}
	struct ranges this_one = ranges_of(arena, &seq, 1);
	bool newest = play.seqs.count == 0 || seq.from >= play.seqs.spans[play.seqs.count - 1].to;
	play.seqs = ranges_union(arena, &play.seqs, &this_one);
	if (play.seqs.count > GAPS_MOST)
		return curb_fail(CURB_ECONFLICT,
		                 "Too many numbers are missing between the reports of this play; "
		                 "open the lesson again");
	let_time_pass(&play, &beat->now);
	struct count_after sums = count_played(arena, &play, beat);
	play.seen = sums.seen;
	play.credited = sums.credited;
	play.spent_s += sums.taken_s;
	play.online_s += sums.granted_s;
	if (beat->position_s >= 0 && newest && play.live)
		play.position_s = beat->position_s < play.media_s ? beat->position_s : play.media_s;
	err = write_beat(c, tx, &play, beat, &sums);
	if (!err)
		*ret_answer = answer_of(&play, &sums, beat->now.wall_ms);
	return err;
}
