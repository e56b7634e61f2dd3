#include "fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unpack.h"
#include "zip.h"

static void found(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	(void)code;
	(void)a;
	(void)b;
	++*(int *)arg;
}

/* A zip is refused with exactly one finding, or all of it lies within the bytes and can be unpacked or is told. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 64 << 20, UNPACK_MAX = 4 << 20 };
	static struct zip_names *names;
	struct curb_arena *arena = curb_arena_new(ROOM);
	struct zip zip = { 0 };
	int findings = 0, fd = memfd_create("zip", MFD_CLOEXEC);
	struct zip_report report = { found, &findings };
	if (!names)
		names = zip_names_open();
	if (fd < 0 || !names || write(fd, bytes, size) != (ssize_t)size)
		abort();
	bool ok = zip_open(arena, names, fd, 0, size, &report, &zip);
	if (findings != !ok)
		abort();
	for (size_t i = 0; i < zip.count; i++) {
		const struct zip_entry *entry = &zip.entries[i];
		if (entry->data > size || entry->packed > size - entry->data ||
		    !curb_utf8_valid(entry->name) || entry->name.len > ZIP_NAME_MAX)
			abort();
		if (entry->size < UNPACK_MAX && !unpack(&zip, &zip.entries[i], NULL, NULL) &&
		    !entry->checked && !entry->folder)
			abort();
	}
	(void)close(fd);
	curb_arena_free(arena);
	return 0;
}
