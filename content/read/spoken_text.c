/* The text of a book in time with its sound: each document is read once, and the words of the elements that clips name are taken
 * out of it. */
#include <stdlib.h>

#include "captions_inside.h"
#include "curb/cleanup.h"
#include "spoken.h"

enum { WORDS_MAX = 16 << 10 }; /* bytes that one element may say */

static int by_place(const void *a, const void *b)
{
	struct spoken_place *const *x = a, *const *y = b;
	if ((*x)->entry != (*y)->entry)
		return (*x)->entry < (*y)->entry ? -1 : 1;
	size_t n = (*x)->id.len < (*y)->id.len ? (*x)->id.len : (*y)->id.len;
	int order = n ? memcmp((*x)->id.ptr, (*y)->id.ptr, n) : 0;
	return order ? order : ((*x)->id.len > n) - ((*y)->id.len > n);
}

void spoken_sort(const struct spoken *s, struct spoken_places *places)
{
	places->sorted = curb_alloc_n(s->job->arena, places->count + 1, sizeof(struct spoken_place *));
	for (size_t i = 0; i < places->count; i++)
		places->sorted[i] = &places->rows[i];
	if (places->count)
		qsort(places->sorted, places->count, sizeof *places->sorted, by_place);
}

/* Headings of the contents say no more than the contents do: they are no text of the book. */
static void list_said(struct spoken *s)
{
	const struct smil_clip *clips = s->times.clips;
	struct spoken_places *said = &s->said;
	said->rows = curb_alloc_n(s->job->arena, s->times.clip_count, sizeof *said->rows);
	for (size_t i = 0; i < s->times.clip_count; i++) {
		struct curb_str id;
		struct spoken_place *last = said->count ? &said->rows[said->count - 1] : NULL;
		if (!clips[i].text.len)
			continue;
		if (i && last && last->last == i - 1 && clips[i - 1].text.ptr == clips[i].text.ptr) {
			last->last = i;
			continue;
		}
		struct zip_entry *entry = document_beside(&s->names, s->book->smils[clips[i].smil]->name,
		                                          clips[i].text, &id);
		if (entry && entry != s->book->contents && id.len)
			said->rows[said->count++] = (struct spoken_place){ entry, id, { NULL, 0 }, i, i };
	}
	spoken_sort(s, said);
}

/* ---- one document ---- */

enum { OPEN_MAX = 64 };

/* The rows of one document. */
struct rows {
	struct spoken_place **rows;
	size_t count;
};

struct listening {
	struct curb_arena *arena;
	struct rows said, wanted;
	/* Of rows with one id only the first is written to while the document is read; share() gives it to the others. */
	bool *waiting;        /* of the wanted: the next element that is read aloud is theirs */
	size_t *waiting_list; /* which they are */
	size_t waiting_count;
	int depth, mute; /* mute: depth of a reading aid that is not said twice, or 0 */
	struct {
		size_t row;
		int depth;
		struct curb_buf words;
	} open[OPEN_MAX];
	int open_count;
};

/* The first row with this id; count: none. */
static size_t row_of(const struct rows *rows, struct curb_str id)
{
	size_t low = 0, high = rows->count;
	const struct spoken_place wanted = { .entry = high ? rows->rows[0]->entry : NULL, .id = id };
	const struct spoken_place *key = &wanted;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_place(&rows->rows[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < rows->count && curb_str_eq(rows->rows[low]->id, id) ? low : rows->count;
}

/* A place that lies in what is being said has its clip; any other waits for what is said next. */
static void want(struct listening *l, struct curb_str id)
{
	size_t row = row_of(&l->wanted, id);
	if (row == l->wanted.count)
		return;
	if (l->open_count) {
		l->wanted.rows[row]->first = l->said.rows[l->open[l->open_count - 1].row]->first;
	} else if (!l->waiting[row]) {
		l->waiting[row] = true;
		l->waiting_list[l->waiting_count++] = row;
	}
}

static void give(struct listening *l, size_t clip)
{
	while (l->waiting_count) {
		size_t row = l->waiting_list[--l->waiting_count];
		l->waiting[row] = false;
		l->wanted.rows[row]->first = clip;
	}
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct listening *l = arg;
	struct curb_str id = xml_attribute(attributes, "id");
	size_t row = id.len ? row_of(&l->said, id) : l->said.count;
	l->depth++;
	if (!l->mute && (curb_str_is(name, "rt") || curb_str_is(name, "rp")))
		l->mute = l->depth;
	if (id.len)
		want(l, id);
	if (row == l->said.count || l->open_count == OPEN_MAX)
		return true;
	give(l, l->said.rows[row]->first);
	l->open[l->open_count].row = row;
	l->open[l->open_count].depth = l->depth;
	l->open[l->open_count].words = curb_buf(WORDS_MAX);
	l->open_count++;
	return true;
}

static void text(void *arg, struct curb_str bytes)
{
	struct listening *l = arg;
	if (l->open_count && !l->mute)
		curb_buf_str(&l->open[l->open_count - 1].words, bytes);
}

static void put_words(struct listening *l, size_t row, struct curb_str words)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(WORDS_MAX);
	captions_join(words, &line);
	l->said.rows[row]->words = curb_dup(l->arena, curb_buf_view(&line));
}

/* What the first of several rows with one id has become is that of all of them. */
static void share(struct listening *l)
{
	for (size_t i = 1; i < l->said.count; i++)
		if (curb_str_eq(l->said.rows[i]->id, l->said.rows[i - 1]->id))
			l->said.rows[i]->words = l->said.rows[i - 1]->words;
	for (size_t i = 1; i < l->wanted.count; i++)
		if (curb_str_eq(l->wanted.rows[i]->id, l->wanted.rows[i - 1]->id))
			l->wanted.rows[i]->first = l->wanted.rows[i - 1]->first;
}

static bool end(void *arg, struct curb_str name)
{
	struct listening *l = arg;
	(void)name;
	if (l->open_count && l->open[l->open_count - 1].depth == l->depth) {
		l->open_count--;
		put_words(l, l->open[l->open_count].row, curb_buf_view(&l->open[l->open_count].words));
		curb_buf_free(&l->open[l->open_count].words);
	}
	if (l->mute == l->depth)
		l->mute = 0;
	l->depth--;
	return true;
}

static void listen(struct spoken *s, struct rows said, struct rows wanted)
{
	struct listening l = { .arena = s->job->arena, .said = said, .wanted = wanted };
	const struct xml_walk walk = { .begin = begin, .text = text, .end = end, .arg = &l };
	struct document document;
	if (!document_open(s->job, said.rows[0]->entry, &document))
		return;
	l.waiting = curb_alloc_n(l.arena, wanted.count + 1, sizeof *l.waiting);
	l.waiting_list = curb_alloc_n(l.arena, wanted.count + 1, sizeof *l.waiting_list);
	want(&l, curb_str("")); /* the document as a whole */
	unsigned long line = xml_read_page(document.bytes, document.encoding, &walk);
	while (l.open_count)
		curb_buf_free(&l.open[--l.open_count].words);
	share(&l);
	if (line)
		wire_finding(s->job->wire, "book.text", document.entry->name,
		             curb_str(curb_printf(l.arena, "%lu", line)), curb_str(NULL));
}

/* The rows from `*from` on that lie in the same document as the first; *from moves behind those of `entry` and before it. */
static struct rows rows_in(const struct spoken_places *places, const struct zip_entry *entry, size_t *from)
{
	while (*from < places->count && places->sorted[*from]->entry < entry)
		(*from)++;
	struct rows rows = { places->sorted + *from, 0 };
	while (*from < places->count && places->sorted[*from]->entry == entry) {
		(*from)++;
		rows.count++;
	}
	return rows;
}

void spoken_listen(struct spoken *s, struct spoken_places *wanted)
{
	size_t at = 0, wanted_at = 0;
	list_said(s);
	spoken_sort(s, wanted);
	while (at < s->said.count && wire_refusals(s->job->wire) == 0) {
		const struct zip_entry *entry = s->said.sorted[at]->entry;
		struct rows said = rows_in(&s->said, entry, &at);
		listen(s, said, rows_in(wanted, entry, &wanted_at));
	}
}

/* ---- the track ---- */

static struct curb_str escaped(struct curb_arena *arena, struct curb_str words)
{
	enum { LONGEST = 6 };
	CURB_AUTO(buf) struct curb_buf out = curb_buf(LONGEST * WORDS_MAX);
	for (size_t i = 0; i < words.len; i++)
		if (words.ptr[i] == '&')
			curb_buf_text(&out, "&amp;");
		else if (words.ptr[i] == '<')
			curb_buf_text(&out, "&lt;");
		else if (words.ptr[i] == '>')
			curb_buf_text(&out, "&gt;");
		else
			curb_buf_char(&out, words.ptr[i]);
	return curb_dup(arena, curb_buf_view(&out));
}

void spoken_add_text(struct spoken *s)
{
	struct caption_set set = { .cues = curb_alloc_n(s->job->arena, s->said.count + 1, sizeof *set.cues) };
	struct curb_str lang = s->book->facts.lang;
	for (size_t i = 0; i < s->said.count; i++) {
		const struct spoken_place *said = &s->said.rows[i];
		if (said->words.len)
			set.cues[set.count++] = (struct caption_cue){
				.start_ms = spoken_begin_ms(s, said->first),
				.end_ms = spoken_end_ms(s, said->last),
				.text = escaped(s->job->arena, said->words),
			};
	}
	const struct text_track text = { .kind = "captions",
		                         .lang = name_is_lang(lang) ? lang : curb_str(NULL),
		                         .name = s->book->contents->name };
	if (set.count)
		tracks_add_spoken(s->job, s->unit, &text, &set);
}
