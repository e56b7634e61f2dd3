#include "tile.h"

#include "note.h"

void tile_write(struct curb_buf *out, const struct tile *tile)
{
	if (tile->entries)
		curb_buf_text(out, "tile/entries/");
	else
		curb_buf_printf(out, "tile/%u/", tile->level);
	uint64_t group = 1;
	while (tile->index / group >= 1000)
		group *= 1000;
	for (; group > 1; group /= 1000)
		curb_buf_printf(out, "x%03u/", (unsigned)(tile->index / group % 1000));
	curb_buf_printf(out, "%03u", (unsigned)(tile->index % 1000));
	if (tile->width < TILE_WIDTH)
		curb_buf_printf(out, ".p/%u", tile->width);
}

/* Three digits. */
static bool read_group(struct curb_str digits, unsigned *ret_group)
{
	unsigned group = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return false;
		group = group * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	*ret_group = group;
	return digits.len == 3;
}

/* A decimal from 0 to 255, without zeros in front. */
static bool read_small(struct curb_str text, unsigned *ret_number)
{
	uint64_t number;
	if (!note_number(text, &number) || number >= TILE_WIDTH)
		return false;
	*ret_number = (unsigned)number;
	return true;
}

/* The groups of the index; *ret_partial: the last one is followed by ".p/<W>". */
static bool read_index(struct curb_str *rest, uint64_t *ret_index, bool *ret_partial)
{
	struct curb_str part;
	uint64_t index = 0;
	for (bool first = true; curb_str_cut(rest, '/', &part); first = false) {
		bool more = curb_str_starts(part, "x");
		unsigned group;
		*ret_partial = !more && curb_str_ends(part, ".p");
		part = curb_str_from(part, more);
		part.len -= *ret_partial ? 2 : 0;
		if (!read_group(part, &group) || (more && first && group == 0) ||
		    index > (UINT64_MAX - group) / 1000)
			return false;
		index = index * 1000 + group;
		if (!more) {
			*ret_index = index;
			return true;
		}
	}
	return false;
}

bool tile_read(struct curb_str rest, struct tile *ret_tile)
{
	struct tile tile = { .width = TILE_WIDTH };
	struct curb_str part;
	bool partial;
	if (!curb_str_cut(&rest, '/', &part))
		return false;
	tile.entries = curb_str_is(part, "entries");
	if (!tile.entries && (!read_small(part, &tile.level) || tile.level >= TILE_LEVELS))
		return false;
	if (!read_index(&rest, &tile.index, &partial) || partial != (rest.ptr != NULL))
		return false;
	if (partial && (!read_small(rest, &tile.width) || tile.width == 0))
		return false;
	*ret_tile = tile;
	return true;
}

unsigned tile_width(const struct tile *tile, uint64_t size)
{
	uint64_t hashes = size >> (TILE_HEIGHT * tile->level);
	if (hashes >> TILE_HEIGHT < tile->index)
		return 0;
	uint64_t there = hashes - (tile->index << TILE_HEIGHT);
	return there < TILE_WIDTH ? (unsigned)there : TILE_WIDTH;
}
