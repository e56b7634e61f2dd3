#include "smil.h"

#include <stdlib.h>

#include "lpf.h"
#include "xml.h"

struct walk {
	struct smil_times *times;
	uint32_t smil;
	size_t par_first;     /* the first clip of the par that is open */
	struct curb_str text; /* of that par */
	bool in_par;
};

/* Room for one more row: twice as much when there is none. */
static void *grown(struct curb_arena *arena, void *rows, size_t count, size_t *room, size_t size)
{
	enum { FIRST = 64 };
	if (count < *room)
		return rows;
	*room = *room ? 2 * *room : FIRST;
	void *more = curb_alloc_n(arena, *room, size);
	if (count)
		memcpy(more, rows, count * size);
	return more;
}

/* Neighbours mostly name the same sound. */
static struct curb_str kept(const struct smil_times *times, struct curb_str audio)
{
	const struct smil_clip *last = times->clip_count ? &times->clips[times->clip_count - 1] : NULL;
	return last && curb_str_eq(last->audio, audio) ? last->audio : curb_dup(times->arena, audio);
}

static struct curb_str either(const char **attributes, const char *name, const char *old_name)
{
	struct curb_str value = xml_attribute(attributes, name);
	return value.ptr ? value : xml_attribute(attributes, old_name);
}

static bool add_clip(struct walk *walk, const char **attributes)
{
	struct smil_times *times = walk->times;
	struct curb_str audio = curb_str_trim(xml_attribute(attributes, "src"));
	if (!audio.ptr || audio.len == 0)
		return true;
	if (times->clip_count == SMIL_CLIPS_MAX)
		return false;
	int64_t begin = smil_clock_ms(either(attributes, "clipBegin", "clip-begin"));
	times->clips = grown(times->arena, times->clips, times->clip_count, &times->clip_room,
	                     sizeof *times->clips);
	const struct smil_clip clip = { kept(times, audio), walk->text, begin < 0 ? 0 : begin,
		                        smil_clock_ms(either(attributes, "clipEnd", "clip-end")),
		                        walk->smil };
	times->clips[times->clip_count++] = clip;
	return true;
}

static bool add_anchor(struct walk *walk, struct curb_str id, size_t clip)
{
	struct smil_times *times = walk->times;
	if (!id.ptr || id.len == 0)
		return true;
	if (times->anchor_count == SMIL_ANCHORS_MAX)
		return false;
	times->anchors = grown(times->arena, times->anchors, times->anchor_count, &times->anchor_room,
	                       sizeof *times->anchors);
	times->anchors[times->anchor_count++] = (struct smil_anchor){ curb_dup(times->arena, id), walk->smil,
		                                                      (uint32_t)clip };
	return true;
}

/* A text belongs to all clips of its par, also to those that stand before it: they get it once the par ends. */
static void end_par(struct walk *walk)
{
	for (size_t i = walk->par_first; walk->text.ptr && i < walk->times->clip_count; i++)
		walk->times->clips[i].text = walk->text;
	walk->in_par = false;
	walk->text = curb_str(NULL);
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct walk *walk = arg;
	size_t clip = walk->times->clip_count;
	bool ok = true;
	if (curb_str_is(name, "par")) {
		end_par(walk); /* of one that this one lies in */
		walk->in_par = true;
		walk->par_first = clip;
	} else if (curb_str_is(name, "text")) {
		if (walk->in_par)
			walk->text = curb_dup(walk->times->arena,
			                      curb_str_trim(xml_attribute(attributes, "src")));
		clip = walk->in_par ? walk->par_first : clip;
	} else if (curb_str_is(name, "audio")) {
		ok = add_clip(walk, attributes);
	}
	return ok && add_anchor(walk, xml_attribute(attributes, "id"), clip);
}

static void count_silent(struct walk *walk)
{
	struct smil_times *times = walk->times;
	if (!walk->text.len || walk->par_first < times->clip_count)
		return;
	if (times->silent++ == 0) {
		times->silent_smil = walk->smil;
		times->silent_text = walk->text;
	}
}

static bool end(void *arg, struct curb_str name)
{
	struct walk *walk = arg;
	if (curb_str_is(name, "par")) {
		count_silent(walk);
		end_par(walk);
	}
	return true;
}

unsigned long smil_read(struct smil_times *times, uint32_t smil, struct curb_str bytes, const char *encoding)
{
	struct walk walk = { .times = times, .smil = smil };
	const struct xml_walk xml = { .begin = begin, .text = xml_no_text, .end = end, .arg = &walk };
	return xml_read_page(bytes, encoding, &xml);
}

static int by_id(const void *a, const void *b)
{
	const struct smil_anchor *x = a, *y = b;
	if (x->smil != y->smil)
		return x->smil < y->smil ? -1 : 1;
	int order = memcmp(x->id.ptr, y->id.ptr, x->id.len < y->id.len ? x->id.len : y->id.len);
	if (order)
		return order;
	return x->id.len == y->id.len ? 0 : x->id.len < y->id.len ? -1 : 1;
}

void smil_sort(struct smil_times *times)
{
	if (times->anchor_count)
		qsort(times->anchors, times->anchor_count, sizeof *times->anchors, by_id);
}

size_t smil_clip_at(const struct smil_times *times, uint32_t smil, struct curb_str id)
{
	const struct smil_anchor wanted = { id, smil, 0 };
	if (id.len && times->anchor_count) {
		const struct smil_anchor *found = bsearch(&wanted, times->anchors, times->anchor_count,
		                                          sizeof *times->anchors, by_id);
		return found ? found->clip : times->clip_count;
	}
	size_t low = 0, high = times->clip_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (times->clips[middle].smil < smil)
			low = middle + 1;
		else
			high = middle;
	}
	return low < times->clip_count && times->clips[low].smil == smil ? low : times->clip_count;
}

/* "h", "min", "s", "ms" behind a number: how many ms one of it is; 0: no such unit. */
static int64_t unit_ms(struct curb_str unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 }, { "", 1000 } };
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (curb_str_is(unit, units[i].name))
			return units[i].ms;
	return 0;
}

int64_t smil_clock_ms(struct curb_str text)
{
	enum { PARTS = 3, SIXTY = 60 };
	struct curb_str s = curb_str_trim(text);
	if (curb_str_starts(s, "npt="))
		s = curb_str_from(s, 4);
	int64_t total = 0;
	size_t at = 0;
	for (int part = 0; s.ptr && part < PARTS; part++) {
		int64_t value = lpf_milli(s, &at);
		if (value < 0)
			return -1;
		total = total * SIXTY + value;
		if (at == s.len)
			return total;
		if (s.ptr[at] != ':') {
			int64_t ms = part ? 0 : unit_ms(curb_str_from(s, at));
			return ms ? value * ms / 1000 : -1; /* value is at most 10^12 */
		}
		at++;
	}
	return -1;
}
