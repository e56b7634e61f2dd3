#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "reader.h"
#include "zipmaker.h"

static struct reader_tools tools;
static int nowhere = -1;

static void read_book(const struct content_reader *reader, const struct zip_item *items, size_t count)
{
	enum { ROOM = 256 << 20 };
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
		const struct curb_value *unit = curb_value_at(curb_value_get(job.package, "units"), 0);
		if (curb_get_int(unit, "duration_ms", 0) <= 0 ||
		    curb_value_count(curb_value_get(unit, "tracks")) == 0)
			abort();
		wire_result(job.wire, job.package);
	}
	wire_free(job.wire);
	curb_arena_free(job.arena);
	curb_buf_free(&zip);
	(void)close(fd);
}

#define CONTAINER "<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>"
#define OPF                                                                              \
	"<package><manifest><item id=\"a\" href=\"a.xhtml\" "                            \
	"media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/>" \
	"</spine></package>"

/* The bytes as a page of HTML, and as one of XHTML in a book. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (nowhere < 0) {
		tools = (struct reader_tools){ zip_names_open(), captions_charsets_open() };
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	const struct zip_item page = { .name = "index.html", .bytes = bytes, .size = size };
	const struct zip_item book[] = {
		{ .name = "mimetype", .bytes = "application/epub+zip", .size = 20 },
		{ .name = "META-INF/container.xml", .bytes = CONTAINER, .size = sizeof CONTAINER - 1 },
		{ .name = "b.opf", .bytes = OPF, .size = sizeof OPF - 1 },
		{ .name = "a.xhtml", .bytes = bytes, .size = size },
	};
	read_book(&pages_reader, &page, 1);
	read_book(&epub_reader, book, sizeof book / sizeof *book);
	return 0;
}
