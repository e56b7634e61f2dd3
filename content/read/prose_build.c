/* A page as a tree of what is kept of it. */
#include <stdlib.h>

#include "curb/cleanup.h"
#include "html.h"
#include "prose_inside.h"

enum { WORDS_MAX = 8 << 20, TITLE_MAX = 1000, NODES_MAX = 400000 };

/* ---- where it goes ---- */

static struct prose_node *around(const struct prose_building *b)
{
	for (int i = b->depth - 1; i > 0; i--)
		if (b->open[i])
			return b->open[i];
	return b->page->body;
}

static struct prose_node *add(struct prose_building *b, const struct prose_name *name)
{
	struct prose_node *node = prose_new(b->page->arena, name);
	node->kept_blanks = b->kept_blanks > 0;
	prose_append(around(b), node);
	b->nodes++;
	return node;
}

/* Runs of blanks are one, but in pre. */
static struct curb_str joined(struct prose_building *b, bool as_is)
{
	struct curb_str words = curb_buf_view(&b->words);
	if (as_is)
		return curb_dup(b->page->arena, words);
	char *text = curb_alloc(b->page->arena, words.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < words.len; i++) {
		bool space = html_is_space(words.ptr[i]);
		if (!space || n == 0 || text[n - 1] != ' ')
			text[n++] = space ? ' ' : words.ptr[i];
	}
	return curb_str_n(text, n);
}

static void flush(struct prose_building *b)
{
	if (b->words.len == 0)
		return;
	b->depth++; /* so that it goes into what is open */
	struct prose_node *node = add(b, NULL);
	b->depth--;
	node->text = joined(b, node->kept_blanks);
	curb_buf_clear(&b->words);
}

/* ---- the walk ---- */

static void lose(struct prose_building *b, struct curb_str name)
{
	struct prose_doubts *doubts = b->page->doubts;
	if (doubts->lost++ == 0) {
		doubts->lost_in = b->page->name;
		doubts->lost_name = curb_str(prose_name(name)->name);
	}
}

/* By its name, and by what EPUB and DPUB-ARIA say of it. */
static const struct prose_name *name_of(struct curb_str name, const char **attributes)
{
	static const char *const pages[] = { "pagebreak", "doc-pagebreak", NULL }, *const notes[] = {
		"footnote", "endnote", "rearnote", "doc-footnote", NULL
	};
	const struct prose_name *row = prose_name(name);
	if (prose_says(attributes, pages))
		return prose_name(curb_str("pagebreak"));
	if (row && row->shape == PROSE_BOX && prose_says(attributes, notes))
		return prose_name(curb_str("footnote"));
	return row;
}

/* The page says what language it is in on its root or its body. */
static void note_root(struct prose_building *b, struct curb_str name, const char **attributes)
{
	struct prose_page *page = b->page;
	struct curb_str lang = prose_lang_of(b, attributes), dir = prose_dir_of(b, attributes);
	if (curb_str_is(name, "body") || curb_str_is(name, "html")) {
		page->lang = lang.ptr ? lang : page->lang;
		page->dir = dir.ptr ? dir : page->dir;
	}
}

static bool begin(void *arg, struct curb_str name, const char **attributes)
{
	struct prose_building *b = arg;
	flush(b);
	b->depth++;
	if (b->depth >= PROSE_DEEPEST || b->nodes >= NODES_MAX)
		return false;
	b->open[b->depth] = NULL;
	b->in_title = (b->in_head || b->svg) &&
	              (curb_str_is(name, "title") || (b->svg && curb_str_is(name, "desc")));
	if (b->skip)
		return true;
	note_root(b, name, attributes);
	if (curb_str_is(name, "svg")) {
		b->svg = b->depth;
		b->drawn = NULL;
		curb_buf_clear(&b->title);
		curb_buf_str(&b->title, curb_str_trim(xml_attribute(attributes, "aria-label")));
		return true;
	}
	const struct prose_name *row = name_of(name, attributes);
	bool hidden = xml_attribute(attributes, "hidden").ptr != NULL;
	b->in_head = curb_str_is(name, "head");
	if (row && row->shape == PROSE_LOST && !hidden)
		lose(b, name);
	if (hidden || (row && (row->shape == PROSE_NOTHING || row->shape == PROSE_LOST))) {
		b->skip = b->depth;
		return true;
	}
	if (!row || (b->svg && !curb_str_is(name, "image")) || curb_str_is(name, "body"))
		return true;
	struct prose_node *node = add(b, row);
	b->open[b->depth] = node;
	prose_know(b, node, attributes);
	return true;
}

static void text(void *arg, struct curb_str bytes)
{
	struct prose_building *b = arg;
	if (b->in_title || b->number)
		curb_buf_str(&b->title, bytes);
	else if (!b->skip && !b->svg)
		curb_buf_str(&b->words, bytes);
}

/* A drawing without a picture in it is left out; its name stands there instead. */
static void end_drawing(struct prose_building *b)
{
	struct curb_str words = curb_dup(b->page->arena, curb_str_trim(curb_buf_view(&b->title)));
	b->svg = 0;
	if (b->drawn && !b->drawn->text.len) {
		b->drawn->text = words;
		b->drawn->described = b->drawn->described || words.len;
	}
	if (!b->drawn)
		b->page->doubts->drawings++;
	if (!b->drawn && words.len)
		curb_buf_str(&b->words, words);
}

static void end_skipped(struct prose_building *b)
{
	if (b->number)
		b->number->text = curb_dup(b->page->arena, curb_str_trim(curb_buf_view(&b->title)));
	if (b->in_head)
		b->page->title = curb_dup(b->page->arena, curb_str_trim(curb_buf_view(&b->title)));
	if (b->number || b->in_head)
		curb_buf_clear(&b->title);
	b->number = NULL;
	b->in_head = false;
	b->skip = 0;
}

static bool end(void *arg, struct curb_str name)
{
	struct prose_building *b = arg;
	const struct prose_node *node = b->open[b->depth];
	(void)name;
	flush(b);
	b->in_title = false;
	if (b->svg == b->depth)
		end_drawing(b);
	if (b->skip == b->depth)
		end_skipped(b);
	b->kept_blanks -= node && prose_is(node, "pre");
	b->depth--;
	flush(b);
	return true;
}

static bool walk_html(struct prose_building *b, const struct document *document, const struct xml_walk *walk)
{
	b->depth = b->skip = b->svg = b->kept_blanks = 0;
	return html_read(document->bytes, document->encoding == NULL, walk);
}

/* As HTML when it is no well-formed XML: what can be read is better than nothing, and it is told. */
static bool walk_any(struct reader_job *job, struct prose_building *b, const struct document *document,
                     bool html, const struct xml_walk *walk)
{
	unsigned long line = html ? 0 : xml_read_page(document->bytes, document->encoding, walk);
	struct curb_str name = document->entry->name;
	if (!html && !line)
		return true;
	if (line && b->nodes < NODES_MAX) {
		if (!b->page->again)
			wire_finding(job->wire, "prose.mended",
			             curb_str(curb_printf(b->page->arena, "%.*s:%lu", (int)name.len, name.ptr,
			                                  line)),
			             curb_str(NULL), curb_str(NULL));
		b->page->body = prose_new(b->page->arena, prose_name(curb_str("body")));
		b->number = b->drawn = NULL;
		b->in_head = b->in_title = false;
		curb_buf_clear(&b->words);
		curb_buf_clear(&b->title);
		b->nodes = 0;
	}
	if (b->nodes < NODES_MAX && walk_html(b, document, walk))
		return true;
	wire_finding(job->wire, "package.large", curb_str(NULL), name,
	             curb_str(curb_printf(b->page->arena, "%d", NODES_MAX)));
	return false;
}

bool prose_read(struct reader_job *job, const struct document *document, bool html, struct prose_page *page)
{
	struct prose_building b = { .page = page,
		                    .words = curb_buf(WORDS_MAX),
		                    .title = curb_buf(TITLE_MAX) };
	const struct xml_walk walk = { .begin = begin, .text = text, .end = end, .arg = &b };
	page->name = document->entry->name;
	page->body = prose_new(page->arena, prose_name(curb_str("body")));
	bool ok = walk_any(job, &b, document, html, &walk);
	curb_buf_free(&b.words);
	curb_buf_free(&b.title);
	return ok;
}
