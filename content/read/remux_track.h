/* One track on its way out: times made sound, one packet held, libav's mp4 muxer, fragments to the wire.
 * The rule: what reaches the muxer has growing dts, a duration that leads to the next packet, and no jump that it asserts on.
 */
#ifndef CONTENT_REMUX_TRACK_H
#define CONTENT_REMUX_TRACK_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <stdbool.h>
#include <stdint.h>

#include "mp4_frag.h"
#include "wire.h"

enum { REMUX_EARLY = 32 };

struct remux_track {
	const AVStream *in;
	struct wire *wire;
	struct wire_slot slot;
	struct mp4_frags frags;
	AVFormatContext *out;
	AVIOContext *io;
	AVRational tb; /* of what goes out */
	bool video, lead, header, moov_flushed, started;
	bool needs_key;               /* what comes before a whole picture is dropped */
	int64_t shift;                /* ticks added to every time */
	int64_t dts_lead;             /* ticks added to every dts, so that the first dts is the first pts */
	int64_t first_gap;            /* the first picture is shown from so many ticks earlier on */
	int64_t step, grid;           /* audio: samples a packet, where the next should begin */
	AVPacket *early[REMUX_EARLY]; /* packets before the first known dts */
	int early_count;
	AVPacket *held;
	int64_t last_duration;
	int64_t fragment_at; /* dts where the running fragment began */
	size_t fragment_bytes;
	size_t cuts_seen;              /* of the lead's cuts */
	int64_t last_key, longest_gop; /* ticks */
	bool encrypted, bad_times, failed;
};

/* When to cut; asked with each packet that could begin a fragment. */
typedef bool (*remux_cut_fn)(void *arg, struct remux_track *track, const AVPacket *packet);

/* Opens the slot and the muxer. False when the muxer refuses the stream. Yours: remux_track_close. */
bool remux_track_open(struct remux_track *track, struct wire *wire, const AVStream *in, const char *path,
                      uint32_t reserve);
void remux_track_close(struct remux_track *track);

/* A packet of this track; its times are of the input. It is used up. False when the track can go no further. */
bool remux_track_take(struct remux_track *track, AVPacket *packet, remux_cut_fn cut, void *arg);

/* After the last packet: the rest goes out and the sidx is written. False when nothing usable was sent. */
bool remux_track_finish(struct remux_track *track, remux_cut_fn cut, void *arg);

/* Where the track ends, in ticks. */
uint64_t remux_track_end(const struct remux_track *track);

#endif
