/* A small reader of MP4 boxes of the tests' own. */
#ifndef CURB_TESTS_MEDIA_BOXES_H
#define CURB_TESTS_MEDIA_BOXES_H

#include "got.h"

uint64_t boxes_big(struct curb_str bytes, size_t at, size_t n);

/* Asserts what content/read/wire.h and the design promise of a fragmented track and its index; gives the number of
 * fragments. The decode times join without gaps and begin at `start_us`. */
size_t boxes_check_fragments(struct curb_str file, struct curb_str index, uint64_t start_us);

/* The body of the first box at a path like "moov/trak/mdia", or absent. */
struct curb_str boxes_find(struct curb_str bytes, const char *path);

#endif
