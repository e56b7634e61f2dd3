/* What is in a media file: opened through our own reader, nothing else is ever opened. Used by remux*.c and media*.c.
 * The rule: formats and codecs come from our lists; the demuxer gets no network, no other file, one thread.
 */
#ifndef CONTENT_PROBE_H
#define CONTENT_PROBE_H

#include <libavformat/avformat.h>
#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "media.h"

struct probe {
	AVFormatContext *in;
	AVIOContext *io;
	const struct media_source *source;
	uint64_t at;     /* of the reader */
	bool short_read; /* the descriptor ended before the slice did */
	bool denied;     /* it asked for another file */
	bool odd_format; /* not on our list */
	int streams;     /* as of opening: more may turn up while reading */
};

/* Opens and looks; false when it is nothing we read. Yours: probe_close, also after false. */
bool probe_open(struct probe *probe, const struct media_source *source);
void probe_close(struct probe *probe);

/* True when browsers play it as it is and our muxer takes it. */
bool probe_servable(const AVCodecParameters *par);
bool probe_encrypted(const AVStream *stream);
bool probe_is_picture(const AVStream *stream); /* an attached cover, not motion */
bool probe_is_text(const AVStream *stream);    /* captions that can be pulled out */

/* BCP 47 of the stream's language, or absent. Arena. */
struct curb_str probe_lang(struct curb_arena *arena, const AVStream *stream);
/* The stream's title when it is well-formed UTF-8 of at most 200 bytes, or absent. Lives as long as the probe. */
struct curb_str probe_label(const AVStream *stream);

/* Length that the container claims; 0: it does not say. */
int64_t probe_duration_ms(const struct probe *probe);

/* Appends the chapters to unit's "nav", `shift_ms` added to each. */
void probe_chapters(const struct probe *probe, struct curb_arena *arena, struct curb_value *unit,
                    int64_t shift_ms);

/* A reader of the whole source at `offset`; short at the end, 0 past it, negative on an error. */
int64_t media_pread(const struct media_source *source, uint64_t offset, void *bytes, size_t n);

#endif
