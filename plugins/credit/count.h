/* What one beat counts: the rule itself, pure.
 * The rule: seen grows by what was really played, credited by the part of it that earns hours, and every second that
 * was played ends in exactly one of the sums below.
 */
#ifndef CREDIT_COUNT_H
#define CREDIT_COUNT_H

#include "ranges.h"

/* What is known before the beat. */
struct count_before {
	struct ranges seen, credited, delivered;
	int64_t media_s;  /* length of the unit's time axis */
	int64_t unit_s;   /* what the unit can earn */
	int64_t online_s; /* granted in the class so far */
	int64_t cap_s;    /* most that can be granted in it */
	int64_t day_s;    /* what the day's limit still lets be granted */
	int64_t clock_s;  /* media seconds that the server's clock still allows this play */
};

struct count_after {
	struct ranges seen, credited;
	struct ranges late;    /* the parts behind clock_s: told again, they count when the clock allows */
	int64_t played_s;      /* distinct seconds of the beat, within the media */
	int64_t taken_s;       /* of these, what was not credited before, was delivered and fits the clock */
	int64_t granted_s;     /* newly credited */
	int64_t again_s;       /* credited before */
	int64_t share_s;       /* the class's online hours are full */
	int64_t day_s;         /* the day's online hours are full */
	int64_t hours_s;       /* the unit's hours are full */
	int64_t clock_s;       /* faster than the clock allows */
	int64_t undelivered_s; /* never sent to this person */
	int64_t held_s; /* waits for an answer; below 0: it waited before, and is in the other sums now (presence.h) */
};

struct count_after count_beat(struct curb_arena *arena, const struct count_before *before,
                              const struct ranges *played);

/* Seconds of `hours_c` (hundredths of a class hour) at `hour_s` seconds an hour, rounded down. */
int64_t count_hours_s(int64_t hours_c, int64_t hour_s);

/* What a unit can earn: its hours, or its media where they are shorter. */
int64_t count_unit_s(int64_t hours_c, int64_t hour_s, int64_t media_s);

/* What the online share is tested on: what was planned (when the class opens, and at every beat), what was earned (at its end),
 * or both. The numbers are stored. */
enum count_basis { COUNT_BOTH, COUNT_PLANNED, COUNT_EARNED };

/* The most online seconds of a class: floor(share x total); all of it when only what is earned is tested. share_m in
 * thousandths. */
int64_t count_cap_s(int64_t total_s, int64_t share_m, enum count_basis basis);

/* Of earned online seconds those that do not count for the end of the class yet, because the share is tested on what was
 * earned: online <= share x (online + offline). *ret_offline_s: the offline seconds that would let all of them count; 0 when none would (share_m 0). */
int64_t count_waits_s(int64_t online_s, int64_t offline_s, int64_t share_m, int64_t *ret_offline_s);

/* True when a plan of online out of total hours (hundredths) keeps the share. */
bool count_plan_fits(int64_t online_c, int64_t total_c, int64_t share_m);
/* The most online hours (hundredths, rounded down) that such a plan may have. */
int64_t count_most_online_c(int64_t total_c, int64_t share_m);

/* The day of a moment in the place's own time: days since 1970-01-01. */
int64_t count_day(int64_t wall_ms, int64_t utc_offset_ms);
/* The moment at which such a day begins. */
int64_t count_day_begins_ms(int64_t day, int64_t utc_offset_ms);

/* A reading of the two clocks, and what a play gained since the last one. */
struct count_clock {
	struct curb_str boot;
	int64_t boot_ms, wall_ms;
};
/* Moves *last on to `now` and tells what was gained: the boot clock's difference where the boot is the same, else the
 * wall clock's, between 0 and a day: then *ret_doubted is set. Nothing behind end_ms of the wall clock is gained; a
 * reading that is older than *last gains nothing and moves nothing. */
int64_t count_pass(struct count_clock *last, const struct count_clock *now, int64_t end_ms,
                   bool *ret_doubted);

#endif
