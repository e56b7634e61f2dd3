/* What media*.c share: one ingest of one source into one unit. */
#ifndef CONTENT_MEDIA_INSIDE_H
#define CONTENT_MEDIA_INSIDE_H

#include "media.h"
#include "media_shape.h"
#include "remux.h"

struct media_job {
	struct wire *wire;
	const struct media_source *source;
	struct curb_arena *arena; /* of the unit */
	struct curb_value *unit;
	const char *as;        /* kind of the one track that is wanted; NULL: all */
	struct curb_str lang;  /* said from outside, or absent */
	struct curb_str label; /* said from outside, or absent */
	bool chapter;          /* sound only, behind what the unit has */
	int64_t start_ms;      /* where the first track begins on the unit's axis */
	int64_t end_ms;        /* on the source's own axis, when it is done */
	bool motion;           /* it has a picture in motion */
	bool formed;           /* the source is a form that was made of it */
	const char *want;      /* the rendition that is made of it; NULL: none */
};

/* A finding at this source. Always false, for `return media_refuse(…)`. */
bool media_refuse(const struct media_job *job, const char *code, struct curb_str a, struct curb_str b);
void media_note(const struct media_job *job, const char *code, struct curb_str a, struct curb_str b);
struct curb_str media_seconds(const struct media_job *job, int64_t ms); /* "12.5" */

/* The unit's "tracks", made when there are none. */
struct curb_value *media_tracks(const struct media_job *job);
/* A new track at the end of them with kind, file, index (-1: none), type, codec and times. */
struct curb_value *media_track(const struct media_job *job, const char *kind, int file, int index,
                               const char *type, const char *codec, int64_t duration_ms);

/* Name of a file made from this source. Arena. */
const char *media_path(const struct media_job *job, const char *what, int number, const char *suffix);
/* Sends small bytes as a file of their own and gives its number. */
int media_send(const struct media_job *job, const char *path, const char *type, const struct curb_buf *bytes);

/* MP3 and Ogg: as they are, with an index of times. */
bool media_keep(struct media_job *job, enum media_shape shape);
/* All the rest. */
bool media_remux(struct media_job *job, enum media_shape shape);

/* media_form.c: has a form made that browsers play, and takes that. `codec`: why, for people; `texts`: as in wire_wish. */
bool media_form(struct media_job *job, struct curb_str codec, const char *texts);
/* The streams of captions in it that a form keeps. Arena. */
const char *media_form_texts(const struct media_job *job, const struct probe *probe);

/* Sends the attached picture as the unit's cover, when there is one and it is JPEG or PNG. */
void media_cover(struct media_job *job, const struct probe *probe);

/* After a remux: the records of its tracks and the flat files. */
bool media_describe(struct media_job *job, struct remux *remux);

/* Captions inside the file. */
struct media_texts;
struct media_texts *media_texts_new(struct media_job *job, struct probe *probe);
void media_texts_take(void *texts, const AVPacket *packet);
/* Sends them as WebVTT, moved by shift_ms. */
void media_texts_send(struct media_texts *texts, int64_t shift_ms);
void media_texts_free(struct media_texts *texts);

#define MEDIA_INDEX_TYPE "application/octet-stream"

#endif
