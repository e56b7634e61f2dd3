/* Between the files that read documents: the pages of a unit, and the order in one of them. */
#ifndef CONTENT_PROSE_INSIDE_H
#define CONTENT_PROSE_INSIDE_H

#include "prose.h"
#include "spoken.h"

enum { PROSE_PAGE_ARENA = 400 << 20 };

/* Something with an id, or an address that leads to one (part 0 until it is found). */
struct prose_spot {
	size_t page;
	struct curb_str id;
	size_t part;
	int64_t at_ms;
	bool wanted;
};

struct prose_part {
	size_t page;
	int64_t start_ms, ms;
	struct curb_str heading, label;
};

struct prose_page_row {
	struct curb_str title;
	size_t first_part; /* from 1; 0: nothing is in it */
};

struct prose_reading {
	struct reader_job *job;
	const struct prose_book *book;
	struct curb_value *unit;
	struct document_names names;
	uint32_t *page_of; /* by entry, from 1 */
	int *picture_of;   /* by entry: its track from 1; -1: it is none that is shown */
	struct prose_page_row *pages;
	struct prose_spot *places;
	size_t place_count;
	struct prose_part *parts;
	size_t part_count, part_room;
	struct prose_spot *wants;
	size_t want_count;
	struct prose_doubts doubts;
	size_t missing, pictures;
	size_t now; /* the page that is being read */
	int64_t end_ms;
	bool again; /* the second reading */
};

/* ---- prose_build.c, prose_attributes.c ---- */
enum { PROSE_DEEPEST = 70 };

struct prose_building {
	struct prose_page *page;
	struct prose_node *open[PROSE_DEEPEST]; /* by depth; NULL: not kept itself */
	int depth, skip, kept_blanks;           /* skip: depth of what is left out with all in it, or 0 */
	int svg;                                /* depth of a drawing, or 0 */
	size_t nodes;
	bool in_head, in_title; /* in_title: of the page, or of a drawing */
	struct prose_node *number,
		*drawn; /* number: of a page, whose words are read; drawn: the picture in a drawing */
	struct curb_buf words, title;
};

/* epub:type and role say the same; role has "doc-" before it. */
bool prose_says(const char **attributes, const char *const *words);
struct curb_str prose_lang_of(struct prose_building *b, const char **attributes);
struct curb_str prose_dir_of(struct prose_building *b, const char **attributes);
/* Puts what the attributes say into the node. */
void prose_know(struct prose_building *b, struct prose_node *node, const char **attributes);

/* ---- prose_places.c ---- */
bool prose_leads_out(struct curb_str url);
/* The page that an address of the file `from` leads to, from 1; 0: none. `own`: the file's own page. */
size_t prose_follow(const struct prose_reading *r, struct curb_str from, size_t own, struct curb_str url,
                    struct curb_str *ret_id);
struct prose_spot *prose_find_place(const struct prose_reading *r, size_t page, struct curb_str id);
/* A page as a whole is its first part; an id that nobody has leads there, too. */
struct prose_place prose_place_of(const struct prose_reading *r, size_t page, struct curb_str id);
/* The track of a picture that the page read now shows, which is sent when it is met first; -1: none. */
int prose_picture_at(struct prose_reading *r, struct curb_str url);
void prose_want(struct prose_reading *r, size_t page, struct curb_str id);
/* Once all pages are known: which of the places are led to. */
void prose_match_places(struct prose_reading *r);

/* ---- prose_know.c ---- */
/* All words in it, on one line. Arena. */
struct curb_str prose_line(struct curb_arena *arena, const struct prose_node *node);
bool prose_blank_part(const struct prose_node *from, const struct prose_node *end);
/* The page r->now as a tidy tree. False after a finding. */
bool prose_open_page(struct prose_reading *r, struct curb_arena *arena, struct prose_page *page);
/* The first reading of it: parts, places, pictures, doubts. */
bool prose_know_page(struct prose_reading *r);

/* ---- prose_tidy.c, prose_table.c ---- */
struct prose_tidying {
	struct prose_page *page;
	int depth;
};
struct prose_node *prose_take_children(struct prose_node *node);
void prose_tidy_line(struct prose_tidying *t, struct prose_node *line);
/* Puts them into `parent` as blocks; words among them are paragraphs when there is a block, or `wrap`. */
void prose_blocks_into(struct prose_tidying *t, struct prose_node *parent, struct prose_node *first,
                       bool wrap);
void prose_tidy_table(struct prose_tidying *t, struct prose_node *table);

#endif
