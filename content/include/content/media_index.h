/* What the index of a track says: fragments and pieces, the HLS playlists made of them (RFC 8216, version 7), and which
 * seconds a range of bytes holds. Pure.
 * The rule: an index comes from the worker and is checked when it is read; what is made of it cannot go wrong any more.
 */
#ifndef CONTENT_MEDIA_INDEX_H
#define CONTENT_MEDIA_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct media_fragment {
	uint64_t offset, length; /* in the track's file */
	uint64_t start_us, duration_us;
};

struct media_piece {
	uint32_t track, fragment; /* the track's place among the unit's tracks, its fragment from 0 */
	uint64_t offset, length;  /* in that track's file */
};

struct media_span {
	uint64_t from_us, to_us;
};

/* Whether a track of that kind (content/read/wire.h) is the lesson's own picture. */
bool media_is_picture(struct curb_str kind);

/* Whether a lesson of that kind (course.json's) is read and not played: nothing of it follows a clock. */
bool media_is_read(struct curb_str kind);

/* Records of a track's index. They follow each other in bytes and do not overlap in time. Arena. CURB_EINVAL. */
int media_index_read(struct curb_arena *arena, struct curb_str index,
                     const struct media_fragment **ret_fragments, size_t *ret_n);

/* Records of a flat track's index, the pieces behind its own file. Arena. CURB_EINVAL. */
int media_pieces_read(struct curb_arena *arena, struct curb_str index, const struct media_piece **ret_pieces,
                      size_t *ret_n);

/* Bytes of all pieces together. */
uint64_t media_pieces_length(const struct media_piece *pieces, size_t n);

/* Bits per second of the fragment that has most. */
uint64_t media_peak(const struct media_fragment *fragments, size_t n);

/* Time that bytes [from, to) of the track's file hold, part of a fragment counted in proportion; asked for side by side
 * the spans join. False when there is none. */
bool media_span_of_track(const struct media_fragment *fragments, size_t n, uint64_t from, uint64_t to,
                         struct media_span *ret_span);

/* The same for bytes of a flat file whose own file has `head` bytes: the time of the pieces of `track`, whose fragments
 * are given (the picture, or the sound when there is none). */
bool media_span_of_flat(const struct media_piece *pieces, size_t piece_count, uint64_t head, uint32_t track,
                        const struct media_fragment *fragments, size_t n, uint64_t from, uint64_t to,
                        struct media_span *ret_span);

/* Media playlist of a fragmented track at `uri`. */
void media_hls_playlist(const struct media_fragment *fragments, size_t n, struct curb_str uri,
                        struct curb_buf *out);

/* Media playlist of a WebVTT file at `uri`, one segment long. */
void media_hls_text_playlist(uint64_t duration_us, struct curb_str uri, struct curb_buf *out);

enum media_hls_kind {
	MEDIA_HLS_VIDEO,
	MEDIA_HLS_AUDIO,
	MEDIA_HLS_AUDIO_DESCRIPTION,
	MEDIA_HLS_SUBTITLES,
	MEDIA_HLS_CAPTIONS
};

struct media_hls_track {
	enum media_hls_kind kind;
	struct curb_str uri;        /* of its media playlist */
	struct curb_str lang, name; /* BCP 47, for people; may be absent */
	struct curb_str codec;      /* RFC 6381; absent for text */
	uint64_t bandwidth;         /* peak, bits per second */
	int64_t width, height;
	bool chosen; /* what the need profile picks; else the first sound is the default */
	bool low;    /* of a rendition: a picture that goes with the small sound, or that sound */
};

/* Multivariant playlist: a variant for each video (or the first sound), one group of sounds, one of text. A small sound has a group
 * of its own for small pictures, with all others but the first plain one, whose place it takes; it is a variant too. */
void media_hls_master(const struct media_hls_track *tracks, size_t n, struct curb_buf *out);

#ifdef __cplusplus
}
#endif
#endif
