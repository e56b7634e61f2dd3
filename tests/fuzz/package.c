#include "package.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct zip_item fuzz_sound(const char *name)
{
	enum { FRAME = 208, FRAMES = 50 };
	static char sound[FRAME * FRAMES];
	for (size_t i = 0; i < FRAMES; i++)
		memcpy(sound + i * FRAME, "\xFF\xFB\x50\xC4", 4);
	return (struct zip_item){ .name = name, .bytes = sound, .size = sizeof sound };
}

static void read_job(struct reader_job *job, const struct content_reader *reader,
                     bool (*right)(const struct curb_value *package))
{
	job->package = curb_object(job->arena);
	if (!reader_open_zip(job, &job->upload) || reader->bid(job) == 0)
		abort();
	if (reader->book)
		book_read_package(job, reader);
	else
		reader->read(job);
	if (wire_refusals(job->wire) > 0)
		return;
	if (!right(job->package))
		abort();
	wire_result(job->wire, job->package);
}

void fuzz_package(const struct content_reader *reader, const struct zip_item *items, size_t count,
                  bool (*right)(const struct curb_value *package))
{
	enum { ROOM = 256 << 20 };
	static struct reader_tools tools;
	static int nowhere = -1;
	if (nowhere < 0) {
		tools = (struct reader_tools){ zip_names_open(), captions_charsets_open() };
		media_before_walls();
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	struct curb_buf zip = curb_buf(4 << 20);
	zip_make(&zip, items, count);
	int fd = zip_make_fd(&zip);
	uint64_t scratch = 0;
	struct reader_job job = { .arena = curb_arena_new(ROOM),
		                  .wire = wire_new(nowhere),
		                  .tools = &tools,
		                  .name = curb_str("fuzz.zip"),
		                  .upload = { fd, 0, zip.len, { "fuzz.zip", 8 } },
		                  .root = curb_str(""),
		                  .scratch_used = &scratch };
	read_job(&job, reader, right);
	wire_free(job.wire);
	curb_arena_free(job.arena);
	curb_buf_free(&zip);
	(void)close(fd);
}
