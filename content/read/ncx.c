#include "ncx.h"

#include "curb/cleanup.h"

enum { WORDS_MAX = 4000, DEEPEST = 32 };

struct walk {
	struct curb_arena *arena;
	struct spoken_book *book;
	struct curb_buf words;
	int level;            /* of the navPoint that is open; 0: none */
	size_t open[DEEPEST]; /* its row, and those around it */
	bool in_map, in_text, in_title;
	size_t left_out;
};

static bool begin_point(struct walk *walk)
{
	struct spoken_book *book = walk->book;
	if (walk->level + 1 == DEEPEST)
		return false;
	walk->level++;
	walk->open[walk->level] = book->point_count;
	if (book->point_count == SPOKEN_POINTS_MAX)
		walk->left_out++;
	else
		book->points[book->point_count++].level = walk->level;
	return true;
}

/* The row of the entry that is open; NULL: none, or there was no room for it. */
static struct spoken_point *point_of(struct walk *walk)
{
	size_t row = walk->level ? walk->open[walk->level] : SPOKEN_POINTS_MAX;
	return row < SPOKEN_POINTS_MAX ? &walk->book->points[row] : NULL;
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct walk *walk = arg;
	struct spoken_point *point = point_of(walk);
	if (curb_str_is(name, "navMap"))
		walk->in_map = true;
	else if (curb_str_is(name, "docTitle"))
		walk->in_title = true;
	else if (curb_str_is(name, "navPoint") && walk->in_map)
		return begin_point(walk);
	else if (curb_str_is(name, "content") && point && !point->url.ptr)
		point->url = curb_dup(walk->arena, curb_str_trim(xml_attribute(attributes, "src")));
	else if (curb_str_is(name, "text")) {
		walk->in_text = true;
		curb_buf_clear(&walk->words);
	}
	return true;
}

static void text(void *arg, struct curb_str bytes)
{
	struct walk *walk = arg;
	if (walk->in_text)
		curb_buf_str(&walk->words, bytes);
}

static void end_text(struct walk *walk)
{
	struct spoken_point *point = point_of(walk);
	struct curb_str words = curb_str_trim(curb_buf_view(&walk->words));
	if (point && !point->text.ptr)
		point->text = curb_dup(walk->arena, words);
	else if (walk->in_title && !walk->book->facts.name.len)
		walk->book->facts.name = curb_dup(walk->arena, words);
	walk->in_text = false;
}

static bool end(void *arg, struct curb_str name)
{
	struct walk *walk = arg;
	if (curb_str_is(name, "text") && walk->in_text)
		end_text(walk);
	else if (curb_str_is(name, "navPoint") && walk->level)
		walk->level--;
	else if (curb_str_is(name, "navMap"))
		walk->in_map = false;
	else if (curb_str_is(name, "docTitle"))
		walk->in_title = false;
	return true;
}

bool ncx_read(struct reader_job *job, struct spoken_book *book, size_t *ret_more)
{
	struct document document;
	struct walk walk = { .arena = job->arena, .book = book, .words = curb_buf(WORDS_MAX) };
	const struct xml_walk xml = { .begin = begin, .text = text, .end = end, .arg = &walk };
	bool ok = document_open(job, book->contents, &document) && document_walk(job, &document, &xml);
	curb_buf_free(&walk.words);
	*ret_more = walk.left_out;
	return ok;
}
