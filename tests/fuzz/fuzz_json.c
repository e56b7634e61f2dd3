#include "fuzz.h"

#include <stdlib.h>

#include "curb/json.h"

/* What was read is written, and what was written is read again: a text that we make is one that we take. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct curb_arena *arena = curb_arena_new(64 << 20);
	struct curb_value *value = NULL, *again = NULL;
	if (curb_json_parse(arena, curb_str_n((const char *)bytes, size), &value) == 0) {
		struct curb_buf out = curb_buf(16 << 20);
		struct curb_json j = curb_json(&out);
		curb_json_value(&j, value);
		if (!out.failed && curb_json_parse(arena, curb_buf_view(&out), &again) != 0)
			abort();
		curb_buf_free(&out);
	}
	curb_arena_free(arena);
	return 0;
}
