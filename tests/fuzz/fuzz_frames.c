#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/err.h"
#include "inside.h"

static char root[] = "/tmp/curb-fuzz-XXXXXX";
static struct blobs *blobs;

static void forget(void)
{
	char temporary[sizeof root + 8];
	blobs_close(blobs);
	(void)snprintf(temporary, sizeof temporary, "%s/tmp", root);
	(void)rmdir(temporary);
	(void)rmdir(root);
}

static void make_store(void)
{
	if (!mkdtemp(root) || blobs_open(root, &blobs) || atexit(forget))
		abort();
}

/* What a taken-over worker may send: type, slot and one byte of length for each frame, then its bytes. The server takes
 * it or refuses it; a package that it takes has the fields that the rows need. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 64 << 20, HEAD = 4, MOST = 1 << 20 };
	if (!blobs)
		make_store();
	struct intake_job job = { .blobs = blobs, .name = "", .max_bytes = MOST, .errors_fd = -1 };
	struct intake_state state = { .arena = curb_arena_new(ROOM),
		                      .scratch = curb_arena_new(ROOM),
		                      .job = &job,
		                      .batch = blob_batch_new(blobs) };
	struct curb_value *package = NULL;
	int err = 0;
	for (size_t i = 0; i < INTAKE_SLOTS; i++)
		state.slots[i] = -1;
	for (size_t at = 0; !err && size - at >= HEAD;) {
		size_t n = (size_t)bytes[at + 2] | (size_t)bytes[at + 3] << 8;
		if (n > size - at - HEAD)
			n = size - at - HEAD;
		err = intake_frame(&state, (char)bytes[at], bytes[at + 1],
		                   curb_str_n((const char *)bytes + at + HEAD, n));
		at += HEAD + n;
	}
	if (state.bytes > MOST || (err && err != CURB_EINVAL))
		abort();
	if (!err && intake_check_package(&state, &package) == 0 &&
	    (!curb_get_str(package, "name").len || !curb_value_count(curb_value_get(package, "units"))))
		abort();
	blob_batch_drop(state.batch);
	curb_arena_free(state.scratch);
	curb_arena_free(state.arena);
	return 0;
}
