#include "fuzz.h"

#include "package.h"

static bool has_lessons(const struct curb_value *package)
{
	return curb_value_count(curb_value_get(package, "units")) > 0;
}

/* The bytes are the course.json of a package with one small sound and one file of captions: it is refused, or what
 * comes out can be sent. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char captions[] = "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n";
	const struct zip_item items[] = {
		{ .name = "course.json", .bytes = bytes, .size = size },
		fuzz_sound("u1.mp3"),
		{ .name = "u1.vtt", .bytes = captions, .size = sizeof captions - 1 },
	};
	fuzz_package(&course_reader, items, sizeof items / sizeof *items, has_lessons);
	return 0;
}
