#include "fuzz.h"

#include "package.h"

static bool is_read(const struct curb_value *package)
{
	const struct curb_value *unit = curb_value_at(curb_value_get(package, "units"), 0);
	return curb_get_int(unit, "duration_ms", 0) > 0 &&
	       curb_value_count(curb_value_get(unit, "tracks")) > 0;
}

#define CONTAINER "<container><rootfiles><rootfile full-path=\"b.opf\"/></rootfiles></container>"
#define OPF                                                                              \
	"<package><manifest><item id=\"a\" href=\"a.xhtml\" "                            \
	"media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/>" \
	"</spine></package>"

/* The bytes as a page of HTML, and as one of XHTML in a book. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct zip_item page = { .name = "index.html", .bytes = bytes, .size = size };
	const struct zip_item book[] = {
		{ .name = "mimetype", .bytes = "application/epub+zip", .size = 20 },
		{ .name = "META-INF/container.xml", .bytes = CONTAINER, .size = sizeof CONTAINER - 1 },
		{ .name = "b.opf", .bytes = OPF, .size = sizeof OPF - 1 },
		{ .name = "a.xhtml", .bytes = bytes, .size = size },
	};
	fuzz_package(&pages_reader, &page, 1, is_read);
	fuzz_package(&epub_reader, book, sizeof book / sizeof *book, is_read);
	return 0;
}
