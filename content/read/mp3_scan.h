/* Where the time is in an MP3 (ISO/IEC 11172-3, 13818-3 layer III) or an Ogg Opus file (RFC 3533, 7845), without decoding.
 * Pure: bytes in order, records out. The rule: what is no frame or page is stepped over, never believed.
 */
#ifndef CONTENT_MP3_SCAN_H
#define CONTENT_MP3_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"

enum { MP3_RECORDS_MAX = 1 << 18, SCAN_RECORD_US = 4000000 };

/* Records of content/read/wire.h, one about every four seconds. */
struct scan_records {
	struct curb_buf out;
	uint64_t offset, start_us; /* of the record that is open */
	bool open;
};

/* A frame or page at `offset` begins at `us`. */
void scan_mark(struct scan_records *records, uint64_t offset, uint64_t us);
void scan_end(struct scan_records *records, uint64_t offset, uint64_t us);

struct mp3_scan {
	struct scan_records records;
	uint64_t at;            /* bytes seen */
	uint64_t skip;          /* to the next frame or tag */
	unsigned char look[64]; /* the bytes at the place where a frame should be */
	size_t looked;
	uint32_t like; /* fixed bits of the first frame; 0: none yet */
	uint32_t rate, per_frame;
	uint64_t frames, promised; /* promised: by a Xing head; 0: none */
	uint64_t frame_end;        /* behind the last frame */
	uint64_t first;            /* of the first frame */
	bool head_frame;           /* the first frame was a Xing or VBRI head: it has no sound */
};

void mp3_scan_init(struct mp3_scan *scan);
void mp3_scan_done(struct mp3_scan *scan);
void mp3_scan_feed(struct mp3_scan *scan, const void *bytes, size_t n);
/* After the last byte. False when there are too few frames to call it MP3. */
bool mp3_scan_finish(struct mp3_scan *scan, uint64_t *ret_us);

struct ogg_scan {
	struct scan_records records;
	uint64_t at, skip;
	unsigned char page[27 + 255];
	size_t have;
	unsigned char head[19]; /* of the first packet */
	size_t head_have, head_want;
	uint32_t serial;
	bool serial_known, several, opus, foreign, sound;
	uint32_t pre_skip, channels;
	uint64_t granule, page_end;
};

void ogg_scan_init(struct ogg_scan *scan);
void ogg_scan_done(struct ogg_scan *scan);
void ogg_scan_feed(struct ogg_scan *scan, const void *bytes, size_t n);
/* False when it is not one stream of Opus; scan->foreign or several say why. */
bool ogg_scan_finish(struct ogg_scan *scan, uint64_t *ret_us);

#endif
