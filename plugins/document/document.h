/* Inside of document: lessons that are read.
 * The rule: a page shows one part, and counts when its reader goes on from it by the form; no script is needed for anything.
 * routes.c speaks HTTP, page.c makes the page, part.c makes of what the worker wrote what the page shows, service.c says what a
 * document is made of.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include "curb/plugin.h"
#include "delivery.h"

struct document {
	struct curb_host *host;
	struct delivery delivery;
	struct credit_player player;
};

struct text {
	struct content_unit unit;
	const struct content_track *tracks; /* all of the unit, by position */
	size_t track_count;
	const struct content_track **parts; /* in the order of reading; never none */
	size_t part_count;
};

/* ---- service.c ---- */
/* CURB_ENOTFOUND when the person may not open it or it is no document. Arena. */
int text_open(struct document *d, struct curb_req *req, struct curb_str unit_id, struct text *ret_text);
/* The part, from 0, in which a second of the document is; the last one behind its end. */
size_t text_part_at(const struct text *text, int64_t second);
/* The seconds of a part. */
struct credit_delivery text_part_of(struct curb_req *req, const struct text *text, size_t part);
/* credit.v1's player. */
struct curb_str text_page_of(void *self, struct curb_req *req, const struct content_unit *unit);

/* ---- part.c ---- */
/* blocks (for {{tree}}), text_lang, text_dir of a part. Only links to parts and pictures of this document are left in it. */
int text_put_part(struct document *d, struct curb_req *req, const struct text *text, size_t part,
                  struct curb_value *model);

/* ---- routes.c, page.c ---- */
int text_page(struct curb_req *req, void *state);
int text_post_next(struct curb_req *req, void *state);
int text_picture(struct curb_req *req, void *state);

#endif
