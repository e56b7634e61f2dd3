#include "fuzz.h"

#include <string.h>

#include "package.h"

static bool is_one(const struct curb_value *package)
{
	return curb_value_count(curb_value_get(package, "units")) == 1;
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
	for (int i = 0; i < 3; i++) {
		struct zip_item items[] = { text("ncc.html", NCC), text("one.smil", SMIL),
			                    text("text.xml", "<p id=\"x\">x</p>"), fuzz_sound("a.mp3") };
		items[i].bytes = bytes;
		items[i].size = size;
		fuzz_package(&daisy202_reader, items, sizeof items / sizeof *items, is_one);
	}
	for (int i = 0; i < 2; i++) {
		struct zip_item items[] = { text("book.opf", OPF), text("n.ncx", "<ncx/>"),
			                    text("one.smil", SMIL), fuzz_sound("a.mp3") };
		items[i].bytes = bytes;
		items[i].size = size;
		fuzz_package(&daisy3_reader, items, sizeof items / sizeof *items, is_one);
	}
	return 0;
}
