#include "places.h"

enum { BITS = 7, MORE = 1 << BITS, LONGEST = 9 }; /* bytes of a number of 63 bits */

/* False at the end, or where it is cut. */
static bool read_step(struct curb_str packed, size_t *at, uint64_t *ret_step)
{
	uint64_t step = 0;
	for (unsigned i = 0; i < LONGEST && *at < packed.len; i++) {
		unsigned char byte = (unsigned char)packed.ptr[(*at)++];
		step |= (uint64_t)(byte & (MORE - 1)) << (BITS * i);
		if (!(byte & MORE)) {
			*ret_step = step;
			return true;
		}
	}
	return false;
}

/* `places` may be NULL; it has room for one a byte. *ret_last: -1 when there is none. */
static bool scan(struct curb_str packed, int64_t *places, size_t *ret_n, int64_t *ret_last)
{
	uint64_t place = 0, step = 0;
	size_t n = 0;
	for (size_t at = 0; at < packed.len; n++) {
		if (!read_step(packed, &at, &step) || (n > 0 && step == 0) || step > INT64_MAX - place)
			return false;
		place += step;
		if (places)
			places[n] = (int64_t)place;
	}
	*ret_n = n;
	*ret_last = n ? (int64_t)place : -1;
	return true;
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
