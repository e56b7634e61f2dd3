#include "status.h"

#include <zlib.h>

#include "curb/err.h"
#include "sign.h"

struct curb_str status_encode(struct curb_arena *arena, const int64_t *set, size_t n)
{
	enum { BYTES = STATUS_PLACES / 8, GZIP = 15 + 16, MEMORY = 8 };
	unsigned char *bits = curb_alloc(arena, BYTES);
	z_stream z = { 0 };
	for (size_t i = 0; i < n; i++)
		bits[set[i] / 8] |= (unsigned char)(0x80 >> set[i] % 8);
	CURB_ASSERT(deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) ==
	            Z_OK);
	uLong most = deflateBound(&z, BYTES);
	unsigned char *packed = curb_alloc(arena, most);
	z.next_in = bits;
	z.avail_in = BYTES;
	z.next_out = packed;
	z.avail_out = (uInt)most;
	CURB_ASSERT(deflate(&z, Z_FINISH) == Z_STREAM_END);
	struct curb_str text = sign_base64(arena, packed, most - z.avail_out);
	(void)deflateEnd(&z);
	return curb_str(curb_printf(arena, "u%.*s", (int)text.len, text.ptr));
}
