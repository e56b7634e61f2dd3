#include "fuzz.h"

#include <stdlib.h>

#include "inside.h"

/* Whatever a Range header says, what is sent lies within the body and is not more than it. The first eight bytes are
 * the body's size. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint64_t length = 0;
	if (size < sizeof length)
		return 0;
	memcpy(&length, bytes, sizeof length);
	length >>= 1;
	struct byte_range ranges[RANGES_MAX];
	int n = range_parse(curb_str_n((const char *)bytes + 8, size - 8), length, ranges);
	if (n < -1 || n > RANGES_MAX)
		abort();
	uint64_t sum = 0;
	for (int i = 0; i < n; i++) {
		if (ranges[i].from >= ranges[i].to || ranges[i].to > length)
			abort();
		sum += ranges[i].to - ranges[i].from;
	}
	if (sum > length)
		abort();
	return 0;
}
