/* Sets of whole seconds as sorted ranges [from, to). Pure.
 * The rule: ranges in a set are sorted, apart from each other and not empty; every function keeps it so.
 */
#ifndef CREDIT_RANGES_H
#define CREDIT_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/str.h"

struct span {
	uint32_t from, to;
};

struct ranges {
	struct span *spans; /* arena */
	size_t count;
};

/* Reads what ranges_pack wrote. False when it is no set. Arena. */
bool ranges_unpack(struct curb_arena *arena, struct curb_str bytes, struct ranges *ret_set);
/* Eight bytes a span, big-endian. Never absent. Arena. */
struct curb_str ranges_pack(struct curb_arena *arena, const struct ranges *set);

/* A set of spans in any order, overlapping or empty ones too. Arena. */
struct ranges ranges_of(struct curb_arena *arena, const struct span *spans, size_t n);

struct ranges ranges_union(struct curb_arena *arena, const struct ranges *a, const struct ranges *b);
struct ranges ranges_common(struct curb_arena *arena, const struct ranges *a, const struct ranges *b);
struct ranges ranges_minus(struct curb_arena *arena, const struct ranges *a, const struct ranges *b);

/* The first `seconds` of the set, from the front. Arena. */
struct ranges ranges_first(struct curb_arena *arena, const struct ranges *set, int64_t seconds);

int64_t ranges_total(const struct ranges *set);
bool ranges_cover(const struct ranges *set, struct span span);

#endif
