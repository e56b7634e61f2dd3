/* Tiles: the tree as static files of 256 hashes, C2SP tlog-tiles. Pure.
 * The rule: a tile that is full never changes; a partial one is named by its width and never changes either.
 *
 * tile/<L>/<N>[.p/<W>]         the roots of the subtrees of 256^L leaves, from the 256*N-th on, 32 bytes each
 * tile/entries/<N>[.p/<W>]     the entries of such a tile of level 0, each behind its length (16 bits, big-endian)
 * <N> is in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067.
 */
#ifndef CURB_LEDGER_TILE_H
#define CURB_LEDGER_TILE_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/buf.h"
#include "curb/str.h"

enum { TILE_WIDTH = 256, TILE_HEIGHT = 8, TILE_LEVELS = 8, TILE_HASH = 32 };

struct tile {
	bool entries;
	unsigned level; /* 0 to 7; 0 for entries */
	uint64_t index;
	unsigned width; /* 1 to 256; 256: full */
};

/* Appends the address, "tile/…". */
void tile_write(struct curb_buf *out, const struct tile *tile);
/* What comes behind "tile/". False unless it is the one address of a tile. */
bool tile_read(struct curb_str rest, struct tile *ret_tile);

/* How many hashes of `tile`'s level and index a tree of `size` leaves has: 0 to 256. */
unsigned tile_width(const struct tile *tile, uint64_t size);

#endif
