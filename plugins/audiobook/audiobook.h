/* Inside of audiobook: the page, the W3C manifest and the sound of units that are listened to.
 * The rule: a book is one time axis over all of its sounds; routes.c speaks HTTP, page.c makes the page, manifest.c
 * the manifest, service.c says what a book is made of.
 */
#ifndef AUDIOBOOK_H
#define AUDIOBOOK_H

#include "curb/plugin.h"
#include "delivery.h"

struct audiobook {
	struct curb_host *host;
	struct delivery delivery;
	struct credit_player player;
};

/* A file of sound: what is sent for it, and where it stands on the book's time axis. */
struct book_sound {
	const struct content_track *track;
	struct curb_str name;
	int64_t start_ms, duration_ms, size;
};

/* A line of the table of contents. Its sound and how far into that it begins follow from start_ms. */
struct book_point {
	struct curb_str text;
	int64_t level, start_ms;
};

struct book {
	struct content_unit unit;
	struct book_sound *sounds; /* in time; never none */
	size_t sound_count;
	struct book_point *points; /* of the package, else one a sound; never none */
	size_t point_count;
	const struct content_track *cover; /* or NULL */
};

/* ---- service.c ---- */
/* CURB_ENOTFOUND when the person may not open it or it is no audio-book. Arena. */
int book_open(struct audiobook *a, struct curb_req *req, struct curb_str unit_id, struct book *ret_book);
/* The sound that is heard at a time of the book; the last one behind its end. */
const struct book_sound *book_sound_at(const struct book *book, int64_t ms);
/* The address of a track's file; arena of req. */
const char *book_address(struct curb_req *req, const struct content_track *track);
/* credit.v1's player. */
int book_media(void *self, struct curb_req *req, const struct content_unit *unit, struct curb_json *out);
struct curb_str book_page_of(void *self, struct curb_req *req, const struct content_unit *unit);

/* ---- routes.c, manifest.c, page.c ---- */
int book_page(struct curb_req *req, void *state);
int book_contents(struct curb_req *req, void *state);
int book_manifest(struct curb_req *req, void *state);
int book_bytes(struct curb_req *req, void *state);
int book_post_place(struct curb_req *req, void *state);

#endif
