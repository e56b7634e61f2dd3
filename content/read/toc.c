#include "toc.h"

#include "curb/cleanup.h"
#include "html.h"

enum { WORDS_MAX = 4000 };

struct navigation {
	struct curb_arena *arena;
	struct spoken_book *book;
	struct curb_buf words;
	struct curb_str url;   /* of the link that is open */
	int depth, toc, level; /* toc: depth of its nav, or 0; level: lists that are open in it */
	bool page, in_title;   /* page: all of it is looked at */
	size_t more;
};

static void begin_of_page(struct navigation *nav, struct curb_str name, const char **attributes)
{
	struct curb_str lang = xml_attribute(attributes, "lang");
	if (lang.len && !nav->book->facts.lang.len)
		nav->book->facts.lang = curb_dup(nav->arena, lang);
	nav->in_title = curb_str_is(name, "title") && !nav->book->facts.name.len;
	if (nav->in_title)
		curb_buf_clear(&nav->words);
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct navigation *nav = arg;
	struct curb_str href = xml_attribute(attributes, "href");
	nav->depth++;
	if (nav->page)
		begin_of_page(nav, name, attributes);
	if (curb_str_is(name, "nav") && !nav->toc &&
	    name_has_word(xml_attribute(attributes, "type"), "toc")) {
		nav->toc = nav->depth;
		nav->level = 0;
	}
	if (nav->toc && (curb_str_is(name, "ol") || (nav->page && curb_str_is(name, "ul"))))
		nav->level++;
	if (nav->toc && curb_str_is(name, "a") && href.ptr) {
		nav->url = curb_dup(nav->arena, curb_str_trim(href));
		curb_buf_clear(&nav->words);
	}
	return true;
}

static void text(void *arg, struct curb_str bytes)
{
	struct navigation *nav = arg;
	if (nav->url.ptr || nav->in_title)
		curb_buf_str(&nav->words, bytes);
}

static void add_link(struct navigation *nav)
{
	struct spoken_book *book = nav->book;
	struct curb_str words = curb_dup(nav->arena, curb_str_trim(curb_buf_view(&nav->words)));
	if (book->point_count == SPOKEN_POINTS_MAX)
		nav->more++;
	else
		book->points[book->point_count++] = (struct spoken_point){ words, nav->url,
			                                                   nav->level ? nav->level : 1 };
	nav->url = curb_str(NULL);
}

static bool end(void *arg, struct curb_str name)
{
	struct navigation *nav = arg;
	if (nav->in_title)
		nav->book->facts.name = curb_dup(nav->arena, curb_str_trim(curb_buf_view(&nav->words)));
	nav->in_title = false;
	if (nav->url.ptr && curb_str_is(name, "a"))
		add_link(nav);
	if (nav->toc && nav->level && (curb_str_is(name, "ol") || (nav->page && curb_str_is(name, "ul"))))
		nav->level--;
	if (nav->toc == nav->depth)
		nav->toc = 0;
	nav->depth--;
	return true;
}

static bool read_links(struct reader_job *job, struct navigation *nav)
{
	const struct xml_walk walk = { .begin = begin, .text = text, .end = end, .arg = nav };
	struct document document;
	if (!document_open(job, nav->book->contents, &document))
		return false;
	nav->words = curb_buf(WORDS_MAX);
	bool read = nav->page ? html_read(document.bytes, document.encoding == NULL, &walk) :
	                        document_walk(job, &document, &walk);
	curb_buf_free(&nav->words);
	return read;
}

bool toc_read(struct reader_job *job, struct spoken_book *book, size_t *ret_more)
{
	struct navigation nav = { .arena = job->arena, .book = book };
	bool read = read_links(job, &nav);
	*ret_more = nav.more;
	return read;
}

bool toc_read_page(struct reader_job *job, struct spoken_book *book, size_t *ret_more)
{
	enum { WHOLE = -1 };
	struct navigation nav = { .arena = job->arena, .book = book, .toc = WHOLE, .page = true };
	bool read = read_links(job, &nav);
	*ret_more = nav.more;
	return read;
}
