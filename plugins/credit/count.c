#include "count.h"

enum { DAY_MS = 24 * 3600 * 1000 };

static int64_t at_least_0(int64_t n)
{
	return n > 0 ? n : 0;
}

struct count_after count_beat(struct curb_arena *arena, const struct count_before *before,
                              const struct ranges *played)
{
	struct span whole = { 0, (uint32_t)at_least_0(before->media_s) };
	struct ranges media = ranges_of(arena, &whole, 1);
	struct ranges real = ranges_common(arena, played, &media);
	struct ranges fresh = ranges_minus(arena, &real, &before->credited);
	struct ranges sent = ranges_common(arena, &fresh, &before->delivered);
	struct ranges timely = ranges_first(arena, &sent, at_least_0(before->clock_s));
	int64_t unit_left_s = at_least_0(before->unit_s - ranges_total(&before->credited));
	struct ranges in_hours = ranges_first(arena, &timely, unit_left_s);
	struct ranges in_share = ranges_first(arena, &in_hours, at_least_0(before->cap_s - before->online_s));
	struct ranges granted = ranges_first(arena, &in_share, at_least_0(before->day_s));

	struct count_after after = {
		.seen = ranges_union(arena, &before->seen, &timely),
		.credited = ranges_union(arena, &before->credited, &granted),
		.late = ranges_minus(arena, &sent, &timely),
		.played_s = ranges_total(&real),
		.taken_s = ranges_total(&timely),
		.granted_s = ranges_total(&granted),
	};
	after.again_s = after.played_s - ranges_total(&fresh);
	after.undelivered_s = ranges_total(&fresh) - ranges_total(&sent);
	after.clock_s = ranges_total(&sent) - after.taken_s;
	after.hours_s = after.taken_s - ranges_total(&in_hours);
	after.share_s = ranges_total(&in_hours) - ranges_total(&in_share);
	after.day_s = ranges_total(&in_share) - after.granted_s;
	return after;
}

int64_t count_hours_s(int64_t hours_c, int64_t hour_s)
{
	return hours_c * hour_s / 100;
}

int64_t count_unit_s(int64_t hours_c, int64_t hour_s, int64_t media_s)
{
	int64_t hours_s = count_hours_s(hours_c, hour_s);
	return hours_s < media_s ? hours_s : media_s;
}

int64_t count_cap_s(int64_t total_s, int64_t share_m, enum count_basis basis)
{
	return basis == COUNT_EARNED ? total_s : total_s * share_m / 1000;
}

bool count_plan_fits(int64_t online_c, int64_t total_c, int64_t share_m)
{
	return online_c * 1000 <= share_m * total_c;
}

int64_t count_most_online_c(int64_t total_c, int64_t share_m)
{
	return total_c * share_m / 1000;
}

int64_t count_waits_s(int64_t online_s, int64_t offline_s, int64_t share_m, int64_t *ret_offline_s)
{
	*ret_offline_s = 0;
	if (share_m >= 1000)
		return 0;
	if (share_m <= 0)
		return online_s; /* no offline hour lets any of it count */
	int64_t waits_s = online_s - offline_s * share_m / (1000 - share_m);
	if (waits_s <= 0)
		return 0;
	*ret_offline_s = (online_s * (1000 - share_m) + share_m - 1) / share_m - offline_s;
	return waits_s;
}

int64_t count_day(int64_t wall_ms, int64_t utc_offset_ms)
{
	return (wall_ms + utc_offset_ms) / DAY_MS;
}

int64_t count_day_begins_ms(int64_t day, int64_t utc_offset_ms)
{
	return day * DAY_MS - utc_offset_ms;
}

int64_t count_pass(struct count_clock *last, const struct count_clock *now, int64_t end_ms, bool *ret_doubted)
{
	bool same_boot = curb_str_eq(last->boot, now->boot);
	int64_t gained = same_boot ? now->boot_ms - last->boot_ms : now->wall_ms - last->wall_ms;
	int64_t to_end = at_least_0(end_ms - last->wall_ms);
	if (same_boot && gained < 0)
		return 0;
	if (!same_boot)
		*ret_doubted = true;
	if (!same_boot && gained > DAY_MS)
		gained = DAY_MS;
	if (now->wall_ms >= end_ms && gained > to_end)
		gained = to_end;
	*last = *now;
	return at_least_0(gained);
}
