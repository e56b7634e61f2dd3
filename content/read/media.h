/* Media in the worker: what is in a file, and its remux into fragments (ISO/IEC 14496-12) without transcoding.
 * The rule: with probe.c, remux.c and their neighbours the only users of libav*.
 */
#ifndef CONTENT_MEDIA_H
#define CONTENT_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/json.h"
#include "wire.h"

/* A seekable slice of a descriptor: the upload itself, a stored entry of a zip, or the scratch file. */
struct media_source {
	int fd;
	uint64_t offset, size;
	struct curb_str name; /* for findings: the path in the package */
};

/* True when the first bytes look like a media file we know (MP4, MOV, MKV, WebM, MP3, M4A, M4B, Ogg, FLAC, WAV). Cheap; no libav. */
bool media_looks_like(struct curb_str first_bytes, struct curb_str name);

/* Reads the source once and sends its files: one fragmented MP4 a track with its index, one flat track, embedded
 * captions as WebVTT, chapters; MP3 and Ogg are kept as they are, with an index. Appends to unit's "tracks" and "nav",
 * sets "duration_ms", "shift_ms" (what was added to its times; captions beside it move with them), and "kind" when it is not set (video when there is a picture in motion, else audiobook).
 * Findings are sent. False when it was refused. */
bool media_ingest(struct wire *wire, const struct media_source *source, struct curb_value *unit);

/* The same for a second stream on the unit's time axis ("sign", "audio-description"): one track of that kind. */
bool media_ingest_as(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                     const char *kind, struct curb_str lang);

/* One chapter of an audio-book: appended behind what the unit has, its track's start_ms = the unit's duration so far. */
bool media_ingest_chapter(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                          struct curb_str label);

/* A rendition (a "want" of wire.h) of a lesson as it is played, into an empty unit. False when it cannot be made. */
bool media_rendition(struct wire *wire, const struct media_source *source, struct curb_value *unit,
                     const char *want);

/* What libav needs done before the walls close: register, open decoders' tables, charset converters. */
void media_before_walls(void);

#endif
