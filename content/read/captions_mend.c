/* Quick mends of captions: times moved, long lines broken, overlaps ended. Cue text is that of captions_clean: escaped and
 * well-formed, so a tag ends at the next '>' and a reference at the next ';'. */
#include <string.h>

#include "captions_inside.h"

enum { LINES_MAX = 2, SHOWN_LEAST_MS = 500 };

struct breaker {
	struct curb_buf *out;
	bool wide;
	int64_t most;
};

/* One thing that is shown, or a tag: how many bytes it has and how many columns. */
static size_t piece(const struct breaker *b, struct curb_str text, size_t at, uint32_t *ret_point,
                    int64_t *ret_width)
{
	const char end = text.ptr[at] == '<' ? '>' : text.ptr[at] == '&' ? ';' : '\0';
	const char *last = end ? memchr(text.ptr + at, end, text.len - at) : NULL;
	size_t next = at;
	*ret_point = 0;
	*ret_width = end == '>' ? 0 : 1;
	if (last)
		return (size_t)(last - (text.ptr + at)) + 1;
	*ret_point = curb_utf8_next(text, &next);
	*ret_width = b->wide && captions_wide(*ret_point) ? 2 : 1;
	return next - at;
}

static bool is_one_of(uint32_t point, const char *points)
{
	struct curb_str all = curb_str(points);
	for (size_t i = 0; i < all.len;)
		if (curb_utf8_next(all, &i) == point)
			return true;
	return false;
}

/* Whether a line may end behind `before`. */
static bool may_break(uint32_t before, uint32_t after)
{
	if (before == ' ')
		return after != ' ';
	if (before == 0 || after == 0 || after == ' ' || !(captions_wide(before) || captions_wide(after)))
		return false;
	return !is_one_of(before, "（《「『【〈“‘([{") &&
	       !is_one_of(after, "，。、；：？！）》」』】〉”’…—·,.;:?!)]}%");
}

static int64_t width_of(const struct breaker *b, struct curb_str text)
{
	int64_t all = 0, width;
	uint32_t point;
	for (size_t i = 0; i < text.len; i += piece(b, text, i, &point, &width), all += width)
		continue;
	return all;
}

/* The first line of `line`, without the blanks at its end: a line of nothing else would end the cue. */
static void put_first(struct breaker *b, struct curb_str line, size_t end)
{
	while (end > 0 && line.ptr[end - 1] == ' ')
		end--;
	curb_buf_add(b->out, line.ptr, end);
	if (end)
		curb_buf_char(b->out, '\n');
}

/* Where a line may end: behind how many bytes and columns, and how well (the least is best). */
struct place {
	size_t end;
	int64_t columns, cost;
};

/* Near the even share, rather at a pause in what is said, and never so early that what follows needs a line more. */
static int64_t cost_of(const struct breaker *b, int64_t all, int64_t columns, uint32_t before)
{
	enum { NEVER = 1 << 20 };
	int64_t lines = (all + b->most - 1) / b->most, even = all / lines;
	int64_t cost = columns > even ? columns - even : even - columns;
	if (is_one_of(before, "，。、；：？！）》」』】,.;:?!)"))
		cost -= even / 2;
	if (columns > b->most)
		cost += NEVER + columns;
	else if (all - columns > (lines - 1) * b->most)
		cost += NEVER / 2;
	return cost;
}

/* The best place at which the first line of `rest`, which is `all` columns wide, ends; its end where there is none. */
static struct place best_place(const struct breaker *b, struct curb_str rest, int64_t all)
{
	struct place best = { rest.len, all, INT64_MAX };
	int64_t columns = 0, width = 0;
	uint32_t before = 0, point = 0;
	for (size_t i = 0, n; i < rest.len; i += n) {
		n = piece(b, rest, i, &point, &width);
		if (width && may_break(before, point)) {
			int64_t seen = before == ' ' ? columns - 1 : columns;
			int64_t cost = cost_of(b, all, seen, before);
			if (cost < best.cost)
				best = (struct place){ i, columns, cost };
			if (seen > b->most)
				break;
		}
		columns += width;
		before = width ? point : before;
	}
	return best;
}

/* Evenly: a line of one and a half becomes two of three quarters. */
static void break_line(struct breaker *b, struct curb_str line)
{
	int64_t all = width_of(b, line);
	while (all > b->most) {
		struct place place = best_place(b, line, all);
		if (place.end == line.len)
			break;
		put_first(b, line, place.end);
		line = curb_str_from(line, place.end);
		all -= place.columns;
	}
	curb_buf_str(b->out, line);
}

/* Characters with their readings above them are not torn apart. */
static struct curb_str break_lines(struct curb_arena *arena, struct breaker *b, struct curb_str text)
{
	struct curb_str rest = text, line;
	if (!text.len || memmem(text.ptr, text.len, "<ruby", 5))
		return text;
	curb_buf_clear(b->out);
	for (bool first = true; curb_str_cut(&rest, '\n', &line); first = false) {
		if (!first)
			curb_buf_char(b->out, '\n');
		break_line(b, line);
	}
	return b->out->failed ? text : curb_dup(arena, curb_buf_view(b->out));
}

static size_t lines_of(struct curb_str text)
{
	size_t n = text.len > 0;
	for (size_t i = 0; i < text.len; i++)
		n += text.ptr[i] == '\n';
	return n;
}

/* The next two lines of `*rest`. */
static struct curb_str two_lines(struct curb_str *rest)
{
	struct curb_str part = *rest, line;
	for (int i = 0; i < LINES_MAX; i++)
		if (curb_str_cut(rest, '\n', &line))
			part.len = (size_t)(line.ptr + line.len - part.ptr);
	return part;
}

/* When a part ends: its share of the time, and long enough to be seen, as those behind it. */
static int64_t share_of(const struct caption_cue *cue, int64_t start, int64_t share, size_t behind)
{
	int64_t end = cue->start_ms + share, first = start + SHOWN_LEAST_MS,
		last = cue->end_ms - (int64_t)behind * SHOWN_LEAST_MS;
	if (!behind)
		return cue->end_ms;
	end = end < first ? first : end;
	return end > last ? last : end;
}

/* Cues of two lines, each shown for its share of the time. A cue with marks stays whole: they may reach over the cut. */
static void add_parts(const struct breaker *b, struct caption_set *to, const struct caption_cue *cue)
{
	size_t parts = (lines_of(cue->text) + LINES_MAX - 1) / LINES_MAX;
	int64_t all = width_of(b, cue->text), done = 0, length = cue->end_ms - cue->start_ms;
	struct curb_str rest = cue->text;
	if (parts < 2 || memchr(cue->text.ptr, '<', cue->text.len) || all == 0 ||
	    length < (int64_t)parts * SHOWN_LEAST_MS || to->count + parts > CAPTIONS_CUES_MAX) {
		to->cues[to->count++] = *cue;
		return;
	}
	int64_t start = cue->start_ms;
	for (size_t i = 0; i < parts; i++) {
		struct caption_cue *part = &to->cues[to->count++];
		*part = *cue;
		part->text = two_lines(&rest);
		done += width_of(b, part->text) + 1; /* and the end of its line */
		part->start_ms = start;
		part->end_ms = share_of(cue, start, length * done / (all + 1), parts - i - 1);
		if (i)
			part->id = curb_str(NULL);
		start = part->end_ms;
	}
}

static void split(struct curb_arena *arena, struct caption_set *set, struct curb_str lang)
{
	struct curb_buf out = curb_buf(CAPTIONS_OUT_MAX);
	struct breaker b = { .out = &out };
	struct caption_set to = *set;
	b.most = captions_line_most(lang, &b.wide);
	to.cues = curb_alloc_n(arena, CAPTIONS_CUES_MAX, sizeof *to.cues);
	to.count = 0;
	/* Room for each cue that follows is kept: only what is left over is divided. */
	for (size_t i = 0; i < set->count; i++) {
		struct caption_cue cue = set->cues[i];
		cue.text = break_lines(arena, &b, cue.text);
		size_t behind = set->count - i - 1;
		if (to.count + behind + lines_of(cue.text) > CAPTIONS_CUES_MAX)
			to.cues[to.count++] = cue;
		else
			add_parts(&b, &to, &cue);
	}
	*set = to;
	curb_buf_free(&out);
}

static bool same_place(const struct caption_cue *a, const struct caption_cue *b)
{
	return curb_str_eq(a->settings.ptr ? a->settings : curb_str(""),
	                   b->settings.ptr ? b->settings : curb_str(""));
}

static void end_overlaps(struct caption_set *set)
{
	size_t next = 0;
	for (size_t i = 0; i < set->count; i++) {
		struct caption_cue *cue = &set->cues[i];
		for (next = next > i ? next : i + 1;
		     next < set->count && set->cues[next].start_ms <= cue->start_ms; next++)
			continue;
		if (next == set->count)
			return;
		const struct caption_cue *later = &set->cues[next];
		if (cue->end_ms > later->start_ms && later->start_ms - cue->start_ms >= SHOWN_LEAST_MS &&
		    same_place(cue, later))
			cue->end_ms = later->start_ms;
	}
}

void captions_mend(struct curb_arena *arena, struct caption_set *set, const struct captions_mends *mends,
                   struct curb_str lang, int64_t media_ms)
{
	captions_fit(set, mends->shift_ms, media_ms);
	if (mends->overlaps)
		end_overlaps(set);
	if (mends->split)
		split(arena, set, lang);
}
