#include "fuzz.h"

#include "package.h"

static bool has_versions(const struct curb_value *package)
{
	return curb_value_count(curb_value_get(package, "versions")) > 0 &&
	       curb_get_str(package, "course").ptr;
}

/* The bytes are both lists of a pack, cut at the first NUL: pack.json, and the version that it names. There is one blob. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char blob[] = "hello";
	static const char name[] = "blobs/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
	const uint8_t *cut = memchr(bytes, 0, size), *second = cut ? cut + 1 : bytes + size;
	const struct zip_item items[] = {
		{ .name = "pack.json", .bytes = bytes, .size = cut ? (size_t)(cut - bytes) : size },
		{ .name = "versions/1.json", .bytes = second, .size = (size_t)(bytes + size - second) },
		{ .name = name, .bytes = blob, .size = sizeof blob - 1 },
	};
	fuzz_package(&pack_reader, items, sizeof items / sizeof *items, has_versions);
	return 0;
}
