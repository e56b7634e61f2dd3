#include "presence.h"

#include <stdlib.h>

static int ascending(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

/* Parts of one stretch between two marks. */
static size_t parts_of(int64_t length_s)
{
	return (size_t)((length_s + PRESENCE_PART_MOST_S - 1) / PRESENCE_PART_MOST_S);
}

/* Where those of [from, to) end; the place behind them. */
static int64_t *add_parts(int64_t *ends, int64_t from_s, int64_t to_s)
{
	int64_t length_s = to_s - from_s, parts = (int64_t)parts_of(length_s);
	for (int64_t part = 1; part <= parts; part++)
		*ends++ = from_s + length_s * part / parts;
	return ends;
}

struct presence_ends presence_ends(struct curb_arena *arena, const int64_t *starts_s, size_t n,
                                   int64_t media_s)
{
	int64_t *marks = curb_alloc_n(arena, n, sizeof *marks), *marks_end = marks, from_s = 0;
	for (size_t i = 0; i < n; i++)
		if (starts_s[i] > 0 && starts_s[i] < media_s)
			*marks_end++ = starts_s[i];
	size_t kept = (size_t)(marks_end - marks);
	qsort(marks, kept, sizeof *marks, ascending);
	int64_t *ends = curb_alloc_n(arena, kept + parts_of(media_s), sizeof *ends), *end = ends;
	for (size_t i = 0; i < kept; i++) {
		end = add_parts(end, from_s, marks[i]);
		from_s = marks[i];
	}
	end = add_parts(end, from_s, media_s);
	return (struct presence_ends){ ends, (size_t)(end - ends) };
}

/* The chapter that the last second of a set, which is not empty, lies in. */
static struct span chapter_of(const struct presence_ends *ends, const struct ranges *set)
{
	int64_t last_s = (int64_t)set->spans[set->count - 1].to - 1;
	struct span chapter = { .to = 0 };
	for (size_t i = 0; i < ends->n && (int64_t)chapter.to <= last_s; i++)
		chapter = (struct span){ chapter.to, (uint32_t)ends->ends_s[i] };
	return chapter;
}

struct ranges presence_let(struct curb_arena *arena, struct presence_gate *gate, const struct ranges *fresh)
{
	struct span open = gate->chapter;
	if (!gate->armed && gate->since_s + ranges_total(fresh) < gate->every_s) {
		gate->since_s += ranges_total(fresh);
		return *fresh;
	}
	if (!gate->armed) {
		struct ranges first = ranges_first(arena, fresh, gate->every_s - gate->since_s);
		gate->chapter = chapter_of(gate->ends, &first);
		gate->armed = true;
		open = (struct span){ 0, gate->chapter.to };
	}
	struct ranges allowed = ranges_of(arena, &open, 1);
	struct ranges let = ranges_common(arena, fresh, &allowed);
	gate->since_s += ranges_total(&let);
	return let;
}

bool presence_left(const struct presence_gate *gate, const struct ranges *played, int64_t position_s)
{
	struct span chapter = gate->chapter;
	if (!gate->armed)
		return false;
	if (chapter.to == 0)
		return true; /* this lesson is not the one whose chapter it was */
	return ranges_cover(played, (struct span){ chapter.to - 1, chapter.to }) ||
	       (position_s >= 0 && (position_s < (int64_t)chapter.from || position_s >= (int64_t)chapter.to));
}
