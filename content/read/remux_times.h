/* The times of one track; see remux_times.c. For remux_track.c and tests. */
#ifndef CONTENT_REMUX_TIMES_H
#define CONTENT_REMUX_TIMES_H

#include "remux_track.h"

/* Input times to output ticks, shifted. False when there is no time at all. */
bool remux_scale(struct remux_track *track, AVPacket *packet);

/* Audio: the duration from the codec; coarse input times go back to the sample grid. */
void remux_snap(struct remux_track *track, AVPacket *packet);

/* Gives the early packets a dts: back from the first known one, or from their order when there is none. */
void remux_fill_dts(struct remux_track *track, int64_t known);

/* Moves the packet's dts behind the held one's. False when it jumps further than a fragment can say. */
bool remux_step(struct remux_track *track, AVPacket *packet);

int64_t remux_opus_samples(const uint8_t *bytes, int n);

#endif
