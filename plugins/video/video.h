/* Inside of video: the play page, HLS playlists and media addresses of units with a picture.
 * The rule: routes.c speaks HTTP, page.c makes the page, service.c decides what is offered.
 */
#ifndef VIDEO_H
#define VIDEO_H

#include "curb/plugin.h"
#include "delivery.h"

struct video {
	struct curb_host *host;
	struct delivery delivery;
	struct credit_player player;
};

/* What a unit offers, sorted out of its tracks; NULL or 0 where there is none. */
struct video_offer {
	struct content_unit unit;
	const struct content_track *tracks;
	size_t count;
	const struct content_track *flat, *picture, *sound, *described, *sign;
	const struct content_rendition *low; /* smaller forms that are made, the largest first */
	size_t low_count;
	const struct content_rendition *small_sound; /* one of them, without a picture; NULL: none */
	/* The one with a picture that the page begins with; NULL: the lesson as it is. */
	const struct content_rendition *begin;
};

/* ---- service.c ---- */
/* CURB_ENOTFOUND when the person may not open it or it is no video. */
int video_offer(struct video *v, struct curb_req *req, struct curb_str unit_id,
                struct video_offer *ret_offer);
bool video_is_text(const struct content_track *track);  /* captions, subtitles, descriptions, chapters */
bool video_is_sound(const struct content_track *track); /* audio and recorded audio description */
/* A track of a rendition by its kind; NULL: it has none. */
const struct content_track *video_of_low(const struct content_rendition *low, const char *kind);
/* The address of a track's file; arena of req. */
const char *video_address(struct curb_req *req, const struct content_track *track);
/* The name of a track in the page's language: its label, else its language. Arena of req. */
struct curb_str video_track_name(struct curb_req *req, const struct content_track *track);
/* credit.v1's player. */
int video_media(void *self, struct curb_req *req, const struct content_unit *unit, struct curb_json *out);
struct curb_str video_page_of(void *self, struct curb_req *req, const struct content_unit *unit);

/* ---- routes.c, page.c ---- */
int video_page(struct curb_req *req, void *state);
int video_master(struct curb_req *req, void *state);
int video_playlist(struct curb_req *req, void *state);
int video_bytes(struct curb_req *req, void *state);
int video_post_place(struct curb_req *req, void *state);

#endif
