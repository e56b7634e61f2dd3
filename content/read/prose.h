/* Documents that are read: pages in XHTML or HTML become parts of a unit, in elements of our own choosing.
 * The rule: nothing of a page goes on but its words, its pictures and what holds them together: no script, no style, no address
 * that leads out of the package.
 *
 * A part is a file of JSON: {"lang","dir","blocks":[…]}, its blocks and all below them a text, or a list of a name, perhaps what
 * is known of it, and what is in it: ["p",{"lang":"en"},"one ",["em","two"]]. core/page/tree.c has the names. What is known may
 * also be "part" (from 1) and "at" of a link: where in the unit it leads, "at" of anything: where it is led to, "picture": the
 * place of a picture among the unit's tracks, "page": the number of a page in print.
 *
 * A unit's time axis is what reading it aloud takes, by its characters: at is in milliseconds from the beginning of its part.
 */
#ifndef CONTENT_PROSE_H
#define CONTENT_PROSE_H

#include "document.h"

enum {
	PROSE_WIDE_MS = 250,  /* Han, kana and hangul: 240 in a minute */
	PROSE_NARROW_MS = 80, /* any other character that is no blank: about 150 English words in a minute */
	PROSE_PICTURE_MS = 2000,
	PROSE_PART_BYTES = 9000, /* of words: a part is cut behind the block that reaches it */
	PROSE_PARTS_MAX = 2000,
	PROSE_PICTURES_MAX = 2000,
	PROSE_PLACES_MAX = 200000
};

enum prose_shape {
	PROSE_INLINE, /* holds words */
	PROSE_LINE,   /* a block of words */
	PROSE_FLOW,   /* a block of blocks, or of words */
	PROSE_BOX,    /* not kept itself; what is in it are blocks */
	PROSE_LIST,   /* of items */
	PROSE_TERMS,  /* of dt and dd */
	PROSE_TABLE,
	PROSE_ROWS,
	PROSE_ROW,
	PROSE_CELL,
	PROSE_EMPTY, /* holds nothing, stands among words */
	PROSE_RULE,  /* holds nothing, stands among blocks */
	PROSE_MATH,
	PROSE_RUBY,    /* inside of ruby */
	PROSE_NOTHING, /* left out, with all that is in it */
	PROSE_LOST     /* the same, and somebody misses it */
};

struct prose_name {
	const char *name, *out; /* out: what it becomes; NULL: not kept itself */
	enum prose_shape shape;
};

struct prose_attribute {
	const char *key; /* static */
	struct curb_str value;
	struct prose_attribute *next;
};

struct prose_node {
	const struct prose_name *name; /* NULL: words */
	struct prose_node *parent, *first, *last, *next;
	struct curb_str text; /* words; what a picture shows; the number of a page */
	struct curb_str id, lang, dir, url;
	struct prose_attribute *attributes; /* as they are written out */
	int64_t at_ms;                      /* from the beginning of the page */
	int level;                          /* of a heading, as it is written */
	bool described;                     /* a picture with alt, perhaps an empty one */
	bool kept_blanks;                   /* pre */
};

/* What was met in pages and is told to the author. */
struct prose_doubts {
	size_t undescribed, jumps, headless, links_out, drawings, lost, unknown_places;
	struct curb_str undescribed_in, jumps_in, headless_in, lost_in, lost_name; /* the first of each */
	bool no_lang, no_heading;
};

/* One page as a tree: its body. */
struct prose_page {
	struct curb_arena *arena;
	struct prose_node *body;
	struct curb_str title, lang, dir; /* any may be absent */
	struct curb_str name;             /* of the file */
	struct prose_doubts *doubts;
	bool again; /* it was read before: nothing is told */
};

/* ---- prose_names.c ---- */
/* The row of an element, by its name in lower case; NULL: what is in it stands without it. */
const struct prose_name *prose_name(struct curb_str name);
static inline bool prose_is(const struct prose_node *node, const char *out)
{
	return node->name && node->name->out && strcmp(node->name->out, out) == 0;
}
/* Stands among words. */
static inline bool prose_inline(const struct prose_node *node)
{
	return !node->name || node->name->shape == PROSE_INLINE || node->name->shape == PROSE_EMPTY ||
	       node->name->shape == PROSE_MATH || node->name->shape == PROSE_RUBY;
}

/* ---- prose_build.c ---- */
/* Reads a page; the tree is what the page says, not yet in order. False after a finding. page->arena is set. */
bool prose_read(struct reader_job *job, const struct document *document, bool html, struct prose_page *page);

/* ---- prose_tidy.c ---- */
/* Brings it in order: blocks among blocks, words among words, empty ones left out, headings one level below the other. */
void prose_tidy(struct prose_page *page);
struct prose_node *prose_new(struct curb_arena *arena, const struct prose_name *name);
void prose_append(struct prose_node *parent, struct prose_node *child);
/* True when there is nothing in it to read or to see. */
bool prose_blank(const struct prose_node *node);
/* All words in it, to `out`, without reading aids. */
void prose_words(const struct prose_node *node, struct curb_buf *out);

/* ---- prose_measure.c ---- */
/* Sets at_ms of all below; what reading it takes. */
int64_t prose_measure(struct prose_node *body);
/* The block behind the last one of the part that begins with `from`; NULL: the page ends there. */
struct prose_node *prose_part_end(struct prose_node *from);
/* Headings one below the other from level 2 on, by what they were. */
void prose_levels(struct prose_node *from, const struct prose_node *end);

/* ---- prose_out.c ---- */
struct prose_place {
	size_t part; /* from 1; 0: none */
	int64_t at_ms;
	int picture; /* place among the tracks, or -1 */
};
struct prose_writer {
	/* Where a link, or what has an id, is in the unit; `node->url` or `node->id` is asked about. */
	struct prose_place (*link)(void *arg, struct curb_str url);
	bool (*wanted)(void *arg, struct curb_str id);
	struct prose_place (*picture)(void *arg, struct curb_str url);
	void *arg;
	int64_t from_ms; /* of the page, where the part begins */
};
/* The part of blocks from `from` up to `end`, without `left_out`. */
void prose_write(const struct prose_page *page, const struct prose_writer *writer,
                 const struct prose_node *from, const struct prose_node *end,
                 const struct prose_node *left_out, struct curb_buf *out);

/* ---- prose.c ---- */
struct prose_book {
	struct zip_entry **pages; /* in the order of reading */
	size_t page_count;
	struct zip_entry *contents; /* where the points' addresses are from; NULL: none */
	const struct spoken_point *points;
	size_t point_count;
	struct curb_str lang; /* of the book; may be absent */
	bool html;            /* not XHTML */
};
/* Reads the pages into `unit`: parts, pictures, navigation. False after a finding. */
bool prose_unit(struct reader_job *job, const struct prose_book *book, struct curb_value *unit);

#endif
