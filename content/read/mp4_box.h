/* Boxes of ISO base media files (ISO/IEC 14496-12) in memory: finding, reading, writing. Pure, no libav.
 * The rule: a reader never looks past the bytes it was given; what does not fit is absent.
 */
#ifndef CONTENT_MP4_BOX_H
#define CONTENT_MP4_BOX_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"
#include "curb/str.h"

#define MP4_TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))

struct mp4_box {
	uint32_t type;
	struct curb_str whole, body; /* with and without its head; inside the bytes given */
};

/* Big-endian integers at `at`; 0 when they are not all there. */
uint16_t mp4_u16(struct curb_str bytes, size_t at);
uint32_t mp4_u32(struct curb_str bytes, size_t at);
uint64_t mp4_u64(struct curb_str bytes, size_t at);

/* The head of a box from its first 8 or 16 bytes: total size (0: to the end of the file) and the head's length.
 * False when more bytes are needed or the size is smaller than the head. */
bool mp4_head(struct curb_str bytes, uint32_t *ret_type, uint64_t *ret_size, uint32_t *ret_head);

/* Cuts the first whole box off `*rest`. False at the end or when it does not fit. */
bool mp4_next(struct curb_str *rest, struct mp4_box *ret_box);

/* The first box of that type directly inside `body`; body absent when there is none. */
struct curb_str mp4_find(struct curb_str body, uint32_t type);

/* Follows a path of types, ended by 0: MP4_TYPE('t','r','a','k'), …, 0. The body, or absent. */
struct curb_str mp4_path(struct curb_str body, const uint32_t *types);

/* The body of `type` inside the sample entry of a moov's first track ("avcC", "dOps", …), or absent.
 * *ret_entry: the sample entry's own type. */
struct curb_str mp4_sample_config(struct curb_str moov, uint32_t type, uint32_t *ret_entry);

/* The whole stsd box of a moov's first track, or absent. */
struct curb_str mp4_stsd(struct curb_str moov);

/* RFC 6381 name of the codec of a moov's first track ("avc1.64001f"); "" when it is none of ours.
 * aac_object: 2 plain, 5 HE, 29 HE version 2. Arena. */
struct curb_arena;
const char *mp4_codec_name(struct curb_arena *arena, struct curb_str moov, int aac_object);

/* Opens a box in a buffer and gives its place; mp4_end writes the size. */
size_t mp4_begin(struct curb_buf *out, uint32_t type);
size_t mp4_begin_full(struct curb_buf *out, uint32_t type, uint8_t version, uint32_t flags);
void mp4_end(struct curb_buf *out, size_t place);

#endif
