/* The trak box of one track of a flat file. For flat.c. */
#ifndef CONTENT_FLAT_TABLES_H
#define CONTENT_FLAT_TABLES_H

#include "mp4_frag.h"

enum { FLAT_TIMESCALE = 90000 };

struct flat_chunks {
	struct curb_str
		offsets; /* u64 big-endian, one a fragment, from the first byte of the mdat's payload */
	uint64_t base;   /* where that byte lies */
	bool wide;       /* co64 */
};

void flat_trak(struct curb_buf *out, const struct mp4_frags *frags, uint32_t id,
               const struct flat_chunks *chunks);

/* Of the whole track from 0, in FLAT_TIMESCALE. */
uint64_t flat_duration(const struct mp4_frags *frags);

/* A time as 64 or 32 bits. */
void flat_time(struct curb_buf *out, uint64_t time, bool wide);

#endif
