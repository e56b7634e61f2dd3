/* One read pass over a probed file: each servable track becomes fragments, text packets go to their taker.
 * The rule: one common shift for all tracks, so that the picture starts at exactly 0.
 */
#ifndef CONTENT_REMUX_H
#define CONTENT_REMUX_H

#include "curb/buf.h"
#include "probe.h"
#include "remux_track.h"

enum { REMUX_TRACKS_MAX = 16 };

struct remux {
	struct wire *wire;
	struct probe *probe;
	struct remux_track tracks[REMUX_TRACKS_MAX];
	int count;
	struct remux_track *lead;                        /* the video, or NULL */
	void (*text)(void *arg, const AVPacket *packet); /* times of the input; or NULL */
	void *text_arg;

	int64_t shift_us;     /* what was added to every time */
	int64_t hidden_us;    /* pictures that an edit list hid and that now show */
	bool cut_short;       /* reading stopped at an error */
	struct curb_buf cuts; /* int64 microseconds of the lead's cuts */
	AVPacket **wait;      /* until the shift is known */
	size_t waiting, wait_bytes;
	int permille;
};

/* Adds a track for this stream; the first video leads. False when the muxer refuses it or there are too many. */
bool remux_add(struct remux *remux, const AVStream *stream, const char *path);

/* Reads to the end. False when a track failed. Tracks without a single packet are removed. */
bool remux_run(struct remux *remux);
void remux_done(struct remux *remux);

#endif
