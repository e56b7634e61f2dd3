/* One fragmented track as it streams out of the muxer: where its fragments lie, what samples they hold, its sidx.
 * Pure: bytes in, bytes and tables out. The rule: the sidx ends where the first moof begins, or players scan the file.
 */
#ifndef CONTENT_MP4_FRAG_H
#define CONTENT_MP4_FRAG_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"
#include "curb/str.h"

struct mp4_fragment {
	uint64_t offset, length;          /* moof and mdat */
	uint64_t payload, payload_length; /* the mdat's bytes */
	uint64_t start, duration;         /* ticks */
	uint32_t samples;
	bool key; /* begins with a sync sample */
};

/* Sample tables, ready for a moov: big-endian entries, runs where the box has runs. */
struct mp4_samples {
	uint32_t count;
	struct curb_buf sizes;  /* u32 each */
	struct curb_buf times;  /* runs: u32 count, u32 delta */
	struct curb_buf shifts; /* runs: u32 count, i32 composition offset */
	struct curb_buf syncs;  /* u32 numbers from 1 */
	int32_t lowest_shift;
	bool all_sync;
	uint32_t run_times, run_shifts; /* counts of the last run, not yet written */
	uint32_t last_time;
	int32_t last_shift;
};

struct mp4_sink {
	void (*data)(void *arg, const void *bytes, size_t n);
	void (*patch)(void *arg, uint64_t offset, const void *bytes, size_t n);
	void *arg;
};

struct mp4_frags {
	struct mp4_sink sink;
	uint64_t sent;        /* bytes given to the sink */
	uint32_t reserve;     /* references the sidx has room for */
	uint64_t reserved_at; /* where free and sidx go; 0: not yet */
	uint32_t timescale;
	struct mp4_samples samples;
	struct mp4_fragment *list;
	size_t count, cap;
	struct curb_buf head; /* of a box, until it is known */
	struct curb_buf moov; /* body, kept for codec names and the flat file */
	struct curb_buf box;  /* a moof or moov, until it is whole */
	uint32_t box_type;
	uint64_t box_left;
	uint32_t default_duration, default_size, default_flags; /* trex */
	const char *failed;                                     /* why; static */
};

enum { MP4_SAMPLES_MAX = 16 << 20, MP4_FRAGMENTS_MAX = 1 << 18, MP4_BOX_MAX = 32 << 20 };

/* `reserve`: how many fragments to expect; more are merged in the sidx. Yours: mp4_frags_done. */
void mp4_frags_init(struct mp4_frags *frags, const struct mp4_sink *sink, uint32_t reserve);
void mp4_frags_done(struct mp4_frags *frags);

/* The next bytes of [ftyp][moov][moof][mdat]…; false when they are not that (frags->failed says why). */
bool mp4_frags_feed(struct mp4_frags *frags, const void *bytes, size_t n);

/* After the last byte: writes free and sidx into their place. False when a box is not whole. */
bool mp4_frags_finish(struct mp4_frags *frags);

/* The records of content/read/wire.h. */
void mp4_frags_index(const struct mp4_frags *frags, struct curb_buf *out);

/* Microseconds of ticks. */
uint64_t mp4_us(uint64_t ticks, uint32_t timescale);

/* One sample more: for mp4_frag.c and tests. */
void mp4_sample_add(struct mp4_samples *samples, uint32_t size, uint32_t duration, int32_t shift, bool sync);
void mp4_samples_init(struct mp4_samples *samples);
void mp4_samples_done(struct mp4_samples *samples);
/* Writes the runs that are still open. */
void mp4_samples_close(struct mp4_samples *samples);

#endif
