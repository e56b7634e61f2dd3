/* The text of a book in time with its sound: each document is read once, and the words of the elements that clips name are taken
 * out of it. */
#include <stdlib.h>

#include "captions_inside.h"
#include "curb/cleanup.h"
#include "spoken.h"

enum { WORDS_MAX = 16 << 10 }; /* bytes that one element may say */

/* An element that one clip, or several in a row, read aloud. */
struct said {
	struct zip_entry *entry;
	struct curb_str id, words;
	size_t first, last; /* clips */
};

struct said_list {
	struct said *rows;
	struct said **sorted; /* by document and id */
	size_t count;
};

static int by_place(const void *a, const void *b)
{
	struct said *const *x = a, *const *y = b;
	if ((*x)->entry != (*y)->entry)
		return (*x)->entry < (*y)->entry ? -1 : 1;
	size_t n = (*x)->id.len < (*y)->id.len ? (*x)->id.len : (*y)->id.len;
	int order = memcmp((*x)->id.ptr, (*y)->id.ptr, n);
	return order ? order : ((*x)->id.len > n) - ((*y)->id.len > n);
}

/* Headings of the contents say no more than the contents do: they are no text of the book. */
static void list_said(struct spoken *s, struct said_list *list)
{
	const struct smil_clip *clips = s->times.clips;
	list->rows = curb_alloc_n(s->job->arena, s->times.clip_count, sizeof *list->rows);
	for (size_t i = 0; i < s->times.clip_count; i++) {
		struct curb_str id;
		if (!clips[i].text.len)
			continue;
		if (i && clips[i - 1].text.ptr == clips[i].text.ptr && list->count &&
		    list->rows[list->count - 1].last == i - 1) {
			list->rows[list->count - 1].last = i;
			continue;
		}
		struct zip_entry *entry = document_beside(&s->names, s->book->smils[clips[i].smil]->name,
		                                          clips[i].text, &id);
		if (entry && entry != s->book->contents && id.len)
			list->rows[list->count++] = (struct said){ entry, id, { NULL, 0 }, i, i };
	}
	list->sorted = curb_alloc_n(s->job->arena, list->count + 1, sizeof(struct said *));
	for (size_t i = 0; i < list->count; i++)
		list->sorted[i] = &list->rows[i];
	if (list->count)
		qsort(list->sorted, list->count, sizeof *list->sorted, by_place);
}

/* ---- one document ---- */

enum { OPEN_MAX = 64 };

struct listening {
	struct curb_arena *arena;
	struct said **rows; /* of this document */
	size_t count;
	int depth, mute; /* mute: depth of a reading aid that is not said twice, or 0 */
	struct {
		size_t row;
		int depth;
		struct curb_buf words;
	} open[OPEN_MAX];
	int open_count;
};

/* The first row with this id; count: none. */
static size_t row_of(const struct listening *l, struct curb_str id)
{
	size_t low = 0, high = l->count;
	const struct said wanted = { .entry = l->rows[0]->entry, .id = id };
	const struct said *key = &wanted;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_place(&l->rows[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < l->count && curb_str_eq(l->rows[low]->id, id) ? low : l->count;
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct listening *l = arg;
	struct curb_str id = xml_attribute(attributes, "id");
	size_t row = id.len ? row_of(l, id) : l->count;
	l->depth++;
	if (!l->mute && (curb_str_is(name, "rt") || curb_str_is(name, "rp")))
		l->mute = l->depth;
	if (row == l->count || l->open_count == OPEN_MAX)
		return true;
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
	struct curb_str kept = curb_dup(l->arena, curb_buf_view(&line)), id = l->rows[row]->id;
	for (; row < l->count && curb_str_eq(l->rows[row]->id, id); row++)
		l->rows[row]->words = kept;
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

static bool listen(struct spoken *s, struct said **rows, size_t count)
{
	struct listening l = { .arena = s->job->arena, .rows = rows, .count = count };
	const struct xml_walk walk = { begin, text, end, &l };
	struct document document;
	if (!document_open(s->job, rows[0]->entry, &document))
		return false;
	unsigned long line = xml_read_page(document.bytes, document.encoding, &walk);
	while (l.open_count)
		curb_buf_free(&l.open[--l.open_count].words);
	if (line)
		wire_finding(s->job->wire, "book.text", document.entry->name,
		             curb_str(curb_printf(l.arena, "%lu", line)), curb_str(NULL));
	return true;
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

static void send_words(struct spoken *s, const struct said_list *list)
{
	struct caption_set set = { .cues = curb_alloc_n(s->job->arena, list->count, sizeof *set.cues) };
	for (size_t i = 0; i < list->count; i++) {
		const struct said *said = &list->rows[i];
		if (said->words.len)
			set.cues[set.count++] = (struct caption_cue){
				.start_ms = spoken_begin_ms(s, said->first),
				.end_ms = spoken_end_ms(s, said->last),
				.text = escaped(s->job->arena, said->words),
			};
	}
	if (set.count)
		tracks_add_spoken(s->job, s->unit,
		                  &(struct text_track){ .kind = "captions",
		                                        .lang = name_is_lang(s->book->facts.lang) ?
		                                                        s->book->facts.lang :
		                                                        curb_str(NULL),
		                                        .name = s->book->contents->name },
		                  &set);
}

void spoken_add_text(struct spoken *s)
{
	struct said_list list = { 0 };
	list_said(s, &list);
	for (size_t i = 0, n; i < list.count; i += n) {
		for (n = 1; i + n < list.count && list.sorted[i + n]->entry == list.sorted[i]->entry; n++)
			;
		if (!listen(s, list.sorted + i, n))
			return;
	}
	if (list.count)
		send_words(s, &list);
}
