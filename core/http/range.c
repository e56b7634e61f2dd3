#include "inside.h"

/* A number of 1 to 18 digits at the front of `*s`, cut off. */
static bool cut_number(struct curb_str *s, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t n = 0;
	while (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9') {
		value = value > (UINT64_MAX - 9) / 10 ? UINT64_MAX : value * 10 + (uint64_t)(s->ptr[n] - '0');
		n++;
	}
	*s = curb_str_from(*s, n);
	*ret_value = value;
	return n > 0;
}

/* 1: a range of bytes that exist; 0: well-formed but none exist; -1: malformed. */
static int one_range(struct curb_str spec, uint64_t size, struct byte_range *ret_range)
{
	uint64_t first = 0, last = 0;
	bool has_first = cut_number(&spec, &first);
	if (spec.len == 0 || spec.ptr[0] != '-')
		return -1;
	spec = curb_str_from(spec, 1);
	bool has_last = cut_number(&spec, &last);
	if (spec.len > 0 || (!has_first && !has_last) || (has_first && has_last && last < first))
		return -1;
	if (!has_first) {
		ret_range->from = last < size ? size - last : 0;
		ret_range->to = size;
		return last > 0 && size > 0;
	}
	ret_range->from = first;
	ret_range->to = has_last && last < size ? last + 1 : size;
	return first < size;
}

/* More than two ranges that overlap or a sum larger than the body is no reader of ours (RFC 9110, 14.2). */
static bool worth_it(const struct byte_range *ranges, int n, uint64_t size)
{
	uint64_t sum = 0;
	for (int i = 0; i < n; i++) {
		sum += ranges[i].to - ranges[i].from;
		for (int k = 0; k < i; k++)
			if (ranges[i].from < ranges[k].to && ranges[k].from < ranges[i].to && n > 2)
				return false;
	}
	return sum <= size;
}

int range_parse(struct curb_str header, uint64_t size, struct byte_range ret_ranges[static RANGES_MAX])
{
	if (header.len < 6 || strncasecmp(header.ptr, "bytes=", 6) != 0)
		return 0;
	struct curb_str rest = curb_str_from(header, 6), spec;
	int n = 0;
	bool any = false;
	while (curb_str_cut(&rest, ',', &spec)) {
		spec = curb_str_trim(spec);
		if (spec.len == 0)
			continue;
		any = true;
		struct byte_range range = { 0, 0 };
		int there = one_range(spec, size, &range);
		if (there < 0)
			return 0;
		if (there == 0)
			continue;
		if (n == RANGES_MAX)
			return 0;
		ret_ranges[n++] = range;
	}
	if (!any)
		return 0;
	if (n == 0)
		return -1;
	return worth_it(ret_ranges, n, size) ? n : 0;
}
