#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader.h"
#include "zipmaker.h"

static struct reader_tools tools;
static int nowhere = -1;

/* A book of these documents, with one small sound. */
static void read_book(const struct content_reader *reader, struct zip_item *items, size_t count)
{
	enum { ROOM = 256 << 20, FRAME = 208, FRAMES = 50 };
	static char sound[FRAME * FRAMES];
	for (size_t i = 0; i < FRAMES; i++)
		memcpy(sound + i * FRAME, "\xFF\xFB\x50\xC4", 4);
	items[count++] = (struct zip_item){ .name = "a.mp3", .bytes = sound, .size = sizeof sound };
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
	job.package = curb_object(job.arena);
	if (!reader_open_zip(&job, &job.upload) || reader->bid(&job) == 0)
		abort();
	book_read_package(&job, reader);
	if (wire_refusals(job.wire) == 0) {
		if (curb_value_count(curb_value_get(job.package, "units")) != 1)
			abort();
		wire_result(job.wire, job.package);
	}
	wire_free(job.wire);
	curb_arena_free(job.arena);
	curb_buf_free(&zip);
	(void)close(fd);
}

#define NCC "<html><h1><a href=\"one.smil#a\">1</a></h1></html>"
#define SMIL                                                                  \
	"<smil><par id=\"a\"><text src=\"text.xml#x\"/><audio src=\"a.mp3\" " \
	"clip-begin=\"npt=0s\"/></par></smil>"
#define OPF                                                                 \
	"<package><manifest><item id=\"n\" href=\"n.ncx\"/><item id=\"s\" " \
	"href=\"one.smil\"/></manifest><spine>"                             \
	"<itemref idref=\"s\"/></spine></package>"
static struct zip_item text(const char *name, const char *words)
{
	return (struct zip_item){ .name = name, .bytes = words, .size = strlen(words) };
}

/* The bytes take the place of one document after another: contents, times, text, package, navigation. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { MORE = 1 };
	if (nowhere < 0) {
		tools = (struct reader_tools){ zip_names_open(), captions_charsets_open() };
		media_before_walls();
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	for (int i = 0; i < 3; i++) {
		struct zip_item items[3 + MORE] = { text("ncc.html", NCC), text("one.smil", SMIL),
			                            text("text.xml", "<p id=\"x\">x</p>") };
		items[i].bytes = bytes;
		items[i].size = size;
		read_book(&daisy202_reader, items, 3);
	}
	for (int i = 0; i < 2; i++) {
		struct zip_item items[3 + MORE] = { text("book.opf", OPF), text("n.ncx", "<ncx/>"),
			                            text("one.smil", SMIL) };
		items[i].bytes = bytes;
		items[i].size = size;
		read_book(&daisy3_reader, items, 3);
	}
	return 0;
}
