#include "places.h"

enum { BITS = 7, MORE = 1 << BITS, LONGEST = 9 }; /* bytes of a number of 63 bits */

/* False where it is cut or does not grow. `places` may be NULL; it has room for one a byte. *ret_last: -1 when there is none.
 * Without branches: each beat reads the list of its play, and whether a step has one byte or two cannot be foreseen. */
static bool scan(struct curb_str packed, int64_t *places, size_t *ret_n, int64_t *ret_last)
{
	uint64_t place = 0, step = 0, wrong = 0, more = 0;
	unsigned shift = 0;
	size_t n = 0;
	for (size_t at = 0; at < packed.len; at++) {
		uint64_t byte = (unsigned char)packed.ptr[at];
		uint64_t ends = (byte >> BITS) ^ 1;
		more = ends ^ 1;
		wrong |= shift >= LONGEST * BITS;
		step += (byte & (MORE - 1)) << (shift & 63);
		place += step & (more - 1);
		wrong |= place >> 63 | (ends & (uint64_t)(n > 0) & (uint64_t)(step == 0));
		if (places)
			places[n] = (int64_t)place;
		n += ends;
		step &= 0 - more;
		shift = (shift + BITS) & (0U - (unsigned)more);
	}
	*ret_n = n;
	*ret_last = n ? (int64_t)place : -1;
	return !wrong && !more;
}

bool places_read(struct curb_arena *arena, struct curb_str packed, int64_t **ret_places, size_t *ret_n)
{
	int64_t last;
	*ret_places = curb_alloc_n(arena, packed.len + 1, sizeof **ret_places);
	return scan(packed, *ret_places, ret_n, &last);
}

struct curb_str places_add(struct curb_arena *arena, struct curb_str packed, int64_t place)
{
	int64_t last = -1;
	size_t n = 0, len = packed.len;
	if (!scan(packed, NULL, &n, &last) || place <= last)
		return curb_str(NULL);
	uint64_t step = (uint64_t)(n ? place - last : place);
	char *bytes = curb_alloc(arena, len + LONGEST);
	if (len > 0)
		memcpy(bytes, packed.ptr, len);
	for (; step >= MORE; step >>= BITS)
		bytes[len++] = (char)((step & (MORE - 1)) | MORE);
	bytes[len++] = (char)step;
	return curb_str_n(bytes, len);
}
