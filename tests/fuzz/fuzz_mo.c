#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "mo.h"

/* What mo_open has accepted can be read through and looked up without looking outside the bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mo mo;
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, bytes, size);
	if (mo_open(&mo, "fuzz", copy, size) == 0)
		for (uint32_t i = 0; i < mo.count; i++) {
			const char *found = mo_find(&mo, mo_source(&mo, i));
			if (found && found != mo_translation(&mo, i))
				abort();
		}
	(void)free(copy);
	return 0;
}
