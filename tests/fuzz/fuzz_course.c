#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader.h"
#include "zipmaker.h"

/* The bytes are the course.json of a package with one small sound and one file of captions: it is refused, or what
 * comes out can be sent. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 64 << 20, FRAME = 208, FRAMES = 50 };
	static struct reader_tools tools;
	static int nowhere = -1;
	static char sound[FRAME * FRAMES];
	static const char captions[] = "WEBVTT\n\n00:00.000 --> 00:01.000\nhello\n";
	if (nowhere < 0) {
		tools = (struct reader_tools){ zip_names_open(), captions_charsets_open() };
		media_before_walls();
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
		for (size_t i = 0; i < FRAMES; i++)
			memcpy(sound + i * FRAME, "\xFF\xFB\x50\xC4", 4);
	}
	const struct zip_item items[] = {
		{ .name = "course.json", .bytes = bytes, .size = size },
		{ .name = "u1.mp3", .bytes = sound, .size = sizeof sound },
		{ .name = "u1.vtt", .bytes = captions, .size = sizeof captions - 1 }
	};
	struct curb_buf zip = curb_buf(4 << 20);
	zip_make(&zip, items, sizeof items / sizeof *items);
	int fd = zip_make_fd(&zip);
	uint64_t scratch = 0;
	struct reader_job job = { .arena = curb_arena_new(ROOM),
		                  .wire = wire_new(nowhere),
		                  .tools = &tools,
		                  .name = curb_str("fuzz.zip"),
		                  .upload = { fd, 0, zip.len, { "fuzz.zip", 8 } },
		                  .root = curb_str(""),
		                  .scratch_used = &scratch };
	job.package = curb_object(job.arena);
	if (!reader_open_zip(&job, &job.upload) || course_reader.bid(&job) == 0)
		abort();
	course_reader.read(&job);
	if (wire_refusals(job.wire) == 0) {
		if (curb_value_count(curb_value_get(job.package, "units")) == 0)
			abort();
		wire_result(job.wire, job.package);
	}
	wire_free(job.wire);
	curb_arena_free(job.arena);
	curb_buf_free(&zip);
	(void)close(fd);
	return 0;
}
