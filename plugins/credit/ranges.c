#include "ranges.h"

#include <stdlib.h>

static struct ranges set_of(struct curb_arena *arena, size_t room)
{
	return (struct ranges){ curb_alloc_n(arena, room, sizeof(struct span)), 0 };
}

/* Appends a span that starts at or behind the last one's start. */
static void append(struct ranges *set, struct span span)
{
	if (span.from >= span.to)
		return;
	if (set->count && span.from <= set->spans[set->count - 1].to) {
		struct span *last = &set->spans[set->count - 1];
		if (span.to > last->to)
			last->to = span.to;
		return;
	}
	set->spans[set->count++] = span;
}

static uint32_t read_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

bool ranges_unpack(struct curb_arena *arena, struct curb_str bytes, struct ranges *ret_set)
{
	if (bytes.len % 8)
		return false;
	struct ranges set = set_of(arena, bytes.len / 8);
	for (size_t i = 0; i < bytes.len; i += 8) {
		const unsigned char *p = (const unsigned char *)bytes.ptr + i;
		struct span span = { read_u32(p), read_u32(p + 4) };
		if (span.from >= span.to || (set.count && span.from <= set.spans[set.count - 1].to))
			return false;
		set.spans[set.count++] = span;
	}
	*ret_set = set;
	return true;
}

static void write_u32(unsigned char *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (24 - 8 * i));
}

struct curb_str ranges_pack(struct curb_arena *arena, const struct ranges *set)
{
	unsigned char *bytes = curb_alloc_n(arena, set->count, 8);
	for (size_t i = 0; i < set->count; i++) {
		write_u32(bytes + 8 * i, set->spans[i].from);
		write_u32(bytes + 8 * i + 4, set->spans[i].to);
	}
	return curb_str_n((const char *)bytes, set->count * 8);
}

static int by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	return (x->from > y->from) - (x->from < y->from);
}

struct ranges ranges_of(struct curb_arena *arena, const struct span *spans, size_t n)
{
	struct span *sorted = curb_alloc_n(arena, n, sizeof *sorted);
	for (size_t i = 0; i < n; i++)
		sorted[i] = spans[i];
	qsort(sorted, n, sizeof *sorted, by_start);
	struct ranges set = set_of(arena, n);
	for (size_t i = 0; i < n; i++)
		append(&set, sorted[i]);
	return set;
}

struct ranges ranges_union(struct curb_arena *arena, const struct ranges *a, const struct ranges *b)
{
	struct ranges set = set_of(arena, a->count + b->count);
	size_t i = 0, k = 0;
	while (i < a->count || k < b->count) {
		bool from_a = k == b->count || (i < a->count && a->spans[i].from <= b->spans[k].from);
		append(&set, from_a ? a->spans[i++] : b->spans[k++]);
	}
	return set;
}

struct ranges ranges_common(struct curb_arena *arena, const struct ranges *a, const struct ranges *b)
{
	struct ranges set = set_of(arena, a->count + b->count);
	for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
		struct span x = a->spans[i], y = b->spans[k];
		append(&set, (struct span){ x.from > y.from ? x.from : y.from, x.to < y.to ? x.to : y.to });
		if (x.to < y.to)
			i++;
		else
			k++;
	}
	return set;
}

struct ranges ranges_minus(struct curb_arena *arena, const struct ranges *a, const struct ranges *b)
{
	struct ranges set = set_of(arena, a->count + b->count);
	size_t k = 0;
	for (size_t i = 0; i < a->count; i++) {
		uint32_t from = a->spans[i].from, to = a->spans[i].to;
		while (k < b->count && b->spans[k].to <= from)
			k++;
		for (size_t m = k; m < b->count && b->spans[m].from < to; m++) {
			append(&set, (struct span){ from, b->spans[m].from });
			from = b->spans[m].to;
		}
		append(&set, (struct span){ from, to });
	}
	return set;
}

struct ranges ranges_first(struct curb_arena *arena, const struct ranges *set, int64_t seconds)
{
	struct ranges first = set_of(arena, set->count);
	for (size_t i = 0; i < set->count && seconds > 0; i++) {
		struct span span = set->spans[i];
		if ((int64_t)(span.to - span.from) > seconds)
			span.to = span.from + (uint32_t)seconds;
		seconds -= span.to - span.from;
		append(&first, span);
	}
	return first;
}

int64_t ranges_total(const struct ranges *set)
{
	int64_t total = 0;
	for (size_t i = 0; i < set->count; i++)
		total += set->spans[i].to - set->spans[i].from;
	return total;
}

bool ranges_cover(const struct ranges *set, struct span span)
{
	if (span.from >= span.to)
		return true;
	for (size_t i = 0; i < set->count; i++)
		if (set->spans[i].from <= span.from && span.to <= set->spans[i].to)
			return true;
	return false;
}
