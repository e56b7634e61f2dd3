/* What a beat says, out of its JSON. */
#include "credit.h"
#include "curb/err.h"

enum { SPANS_MOST = 512, POSITION_MOST = 1000000000 };

/* A bound in whole seconds: a part of a second is not played yet, so `from` is rounded up and `to` down. */
static bool read_second(const struct curb_value *value, bool up, uint32_t *ret_second)
{
	int64_t ms;
	if (!curb_value_fixed(value, 3, &ms) || ms > (int64_t)POSITION_MOST * 1000)
		return false;
	*ret_second = (uint32_t)((ms + (up ? 999 : 0)) / 1000);
	return true;
}

static int read_played(struct curb_arena *arena, const struct curb_value *list, struct credit_beat *beat)
{
	size_t n = curb_value_count(list);
	if (curb_value_type(list) != CURB_ARRAY || n > SPANS_MOST)
		return curb_fail(CURB_EINVAL, "played must be a list of at most %d pairs [from, to]",
		                 SPANS_MOST);
	struct span *spans = curb_alloc_n(arena, n + 1, sizeof *spans);
	for (size_t i = 0; i < n; i++) {
		const struct curb_value *pair = curb_value_at(list, i);
		if (curb_value_count(pair) != 2 ||
		    !read_second(curb_value_at(pair, 0), true, &spans[i].from) ||
		    !read_second(curb_value_at(pair, 1), false, &spans[i].to))
			return curb_fail(CURB_EINVAL,
			                 "Each pair of played must be two numbers of seconds, from 0 on, "
			                 "with at most three decimals");
	}
	beat->played = spans;
	beat->played_count = n;
	return 0;
}

int credit_read_beat(struct curb_arena *arena, const struct curb_value *body, struct credit_beat *beat)
{
	enum { SEQ_MOST = 1000000000 };
	beat->seq = curb_get_int(body, "seq", -1);
	if (beat->seq < 0 || beat->seq > SEQ_MOST)
		return curb_fail(CURB_EINVAL, "seq must be a whole number from 0 on");
	const struct curb_value *position = curb_value_get(body, "position");
	uint32_t position_s = 0;
	if (position && !read_second(position, false, &position_s))
		return curb_fail(CURB_EINVAL, "position must be a number of seconds from 0 on");
	beat->position_s = position ? (int64_t)position_s : -1;
	return read_played(arena, curb_value_get(body, "played"), beat);
}
