/* The flat file: an ordinary MP4 whose moov is made here and whose bytes are the fragments' payloads. Pure.
 * The rule: no second copy of media; what is written is the head and the list of pieces behind it.
 */
#ifndef CONTENT_FLAT_H
#define CONTENT_FLAT_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"
#include "mp4_frag.h"

enum { FLAT_TRACKS_MAX = 4, FLAT_HEAD_MAX = 128 << 20 };

struct flat_track {
	const struct mp4_frags *frags; /* finished */
	uint32_t place;                /* in "tracks" of content/read/wire.h */
};

/* Appends ftyp, moov and mdat header to `head`, the records of content/read/wire.h to `pieces`.
 * *ret_payload: bytes of all pieces. False when it grows past its limit. */
bool flat_build(const struct flat_track *tracks, size_t n, struct curb_buf *head, struct curb_buf *pieces,
                uint64_t *ret_payload);

#endif
