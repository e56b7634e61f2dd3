#include "fuzz.h"

#include <stdlib.h>

#include "credit.h"
#include "curb/arena.h"
#include "curb/json.h"

enum { LIMITS = 6, LIMIT_UNIT = 16 };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* True when every second of `part` is in `whole`. */
static bool within(struct curb_arena *arena, const struct ranges *part, const struct ranges *whole)
{
	struct ranges rest = ranges_minus(arena, part, whole);
	return ranges_total(&rest) == 0;
}

static bool same_back(struct curb_arena *arena, const struct ranges *set)
{
	struct ranges back;
	return ranges_unpack(arena, ranges_pack(arena, set), &back) && back.count == set->count &&
	       within(arena, set, &back) && within(arena, &back, set);
}

/* Each second that was played ends in exactly one sum; nothing is granted beyond a limit, twice, or unsent. */
static void check(struct curb_arena *arena, const struct count_before *before,
                  const struct count_after *after)
{
	struct ranges grown = ranges_minus(arena, &after->credited, &before->credited);
	must(after->granted_s >= 0 && after->again_s >= 0 && after->share_s >= 0 && after->hours_s >= 0 &&
	     after->day_s >= 0 && after->clock_s >= 0 && after->undelivered_s >= 0);
	must(after->played_s == after->granted_s + after->again_s + after->share_s + after->day_s +
	                                after->hours_s + after->clock_s + after->undelivered_s);
	must(after->played_s <= before->media_s);
	must(after->taken_s == after->granted_s + after->share_s + after->day_s + after->hours_s);
	must(after->granted_s <= before->day_s);
	must(after->taken_s <= before->clock_s);
	must(ranges_total(&grown) == after->granted_s);
	must(ranges_total(&after->credited) == ranges_total(&before->credited) + after->granted_s);
	must(ranges_total(&after->credited) <= before->unit_s);
	must(before->online_s + after->granted_s <= before->cap_s);
	must(ranges_total(&after->late) == after->clock_s);
	must(within(arena, &grown, &before->delivered) && within(arena, &before->seen, &after->seen) &&
	     within(arena, &after->credited, &after->seen));
	must(same_back(arena, &after->seen) && same_back(arena, &after->credited));
}

/* Six bytes are the limits: media, unit, cap, clock, what was delivered from and to (which is the day's limit too). Then beats, one JSON text a line. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 64 << 20 };
	if (size < LIMITS)
		return 0;
	struct curb_arena *arena = curb_arena_new(ROOM);
	struct span sent = { (uint32_t)bytes[4] * LIMIT_UNIT, (uint32_t)bytes[5] * LIMIT_UNIT };
	struct count_before before = { .media_s = bytes[0] * LIMIT_UNIT,
		                       .unit_s = bytes[1] * LIMIT_UNIT,
		                       .cap_s = bytes[2] * LIMIT_UNIT,
		                       .day_s = bytes[5] * LIMIT_UNIT,
		                       .delivered = ranges_of(arena, &sent, 1) };
	struct curb_str rest = curb_str_n((const char *)bytes + LIMITS, size - LIMITS), line;
	for (int i = 0; i < 16 && rest.len && curb_str_cut(&rest, '\n', &line); i++) {
		struct curb_value *beat_json = NULL;
		struct credit_beat beat = { 0 };
		if (curb_json_parse(arena, line, &beat_json) || credit_read_beat(arena, beat_json, &beat))
			continue;
		before.clock_s += bytes[3];
		struct ranges played = ranges_of(arena, beat.played, beat.played_count);
		struct count_after after = count_beat(arena, &before, &played);
		check(arena, &before, &after);
		before.seen = after.seen;
		before.credited = after.credited;
		before.online_s += after.granted_s;
		before.day_s -= after.granted_s;
		before.clock_s -= after.taken_s;
	}
	curb_arena_free(arena);
	return 0;
}
