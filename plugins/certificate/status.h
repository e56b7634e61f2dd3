/* The list that says which certificates were withdrawn: a bitstring, as W3C Bitstring Status List v1.0 encodes it. */
#ifndef CERTIFICATE_STATUS_H
#define CERTIFICATE_STATUS_H

#include "curb/arena.h"
#include "curb/str.h"

/* Places of one list: 16 KB, the least that the standard allows, so that a look at it tells nobody which one was looked up. */
enum { STATUS_PLACES = 16 * 1024 * 8 };

/* "u" and the base64url of the gzipped bits, of which those of `set` (places within the list) are 1; the first place is the
 * leftmost bit. Arena. */
struct curb_str status_encode(struct curb_arena *arena, const int64_t *set, size_t n);

#endif
