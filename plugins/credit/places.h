/* Places of entries in the ledger, packed: each as what it is more than the one before, seven bits a byte, the lowest first, the
 * top bit set while more follow (LEB128). A play of two hours has some 700 in 1.5 KB. Pure.
 */
#ifndef CREDIT_PLACES_H
#define CREDIT_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/str.h"

/* The packed list with one more, which is past all of them; arena. Absent when `packed` is no such list. */
struct curb_str places_add(struct curb_arena *arena, struct curb_str packed, int64_t place);
/* All of them, the smallest first; arena. False when `packed` is no such list. */
bool places_read(struct curb_arena *arena, struct curb_str packed, int64_t **ret_places, size_t *ret_n);

#endif
