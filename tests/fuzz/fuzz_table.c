#include "fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "table.h"
#include "zipmaker.h"

#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

enum { PARTS = 7 };

/* A workbook of which each part may be another: "@@NAME", a line end and its text, up to the next. */
static size_t parts_of(struct curb_str text, struct zip_item *items)
{
	static const char *const ordinary[PARTS][2] = {
		{ "[Content_Types].xml", "<Types/>" },
		{ "_rels/.rels",
		  "<R><Relationship Id='1' Type='" TYPES "/officeDocument' Target='xl/w.xml'/></R>" },
		{ "xl/w.xml", "<workbook><sheets><sheet name='s' id='1'/></sheets></workbook>" },
		{ "xl/_rels/w.xml.rels",
		  "<R><Relationship Id='1' Type='" TYPES
		  "/worksheet' Target='s.xml'/><Relationship Id='2' Type='" TYPES
		  "/sharedStrings' Target='/xl/t.xml'/><Relationship Id='3' Type='" TYPES
		  "/styles' Target='y.xml'/></R>" },
		{ "xl/s.xml", "<worksheet/>" },
		{ "xl/t.xml", "<sst><si><t>a</t></si></sst>" },
		{ "xl/y.xml", "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>" },
	};
	for (size_t i = 0; i < PARTS; i++)
		items[i] = (struct zip_item){ .name = ordinary[i][0],
			                      .bytes = ordinary[i][1],
			                      .size = strlen(ordinary[i][1]) };
	while (text.len > 0) {
		const char *next = memmem(text.ptr + 1, text.len - 1, "@@", 2);
		struct curb_str part = curb_str_n(text.ptr, next ? (size_t)(next - text.ptr) : text.len),
				name;
		text = curb_str_from(text, part.len);
		if (!curb_str_starts(part, "@@") || !curb_str_cut(&part, '\n', &name))
			continue;
		for (size_t i = 0; i < PARTS; i++)
			if (curb_str_is(curb_str_from(name, 2), items[i].name)) {
				items[i].bytes = part.len ? part.ptr : "";
				items[i].size = part.len;
			}
	}
	return PARTS;
}

/* What the server would not believe. */
static void check(const struct curb_value *rows)
{
	if (curb_value_count(rows) > CONTENT_TABLE_ROWS)
		abort();
	for (size_t i = 0; i < curb_value_count(rows); i++) {
		const struct curb_value *row = curb_value_at(rows, i);
		size_t n = curb_value_count(row);
		if (n < 2 || n > CONTENT_TABLE_COLUMNS + 1 ||
		    curb_value_str(curb_value_at(row, n - 1)).len == 0)
			abort();
		for (size_t k = 1; k < n; k++) {
			struct curb_str cell = curb_value_str(curb_value_at(row, k));
			if (cell.len > CONTENT_TABLE_CELL || !curb_utf8_valid(cell))
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum { ROOM = 256 << 20, ZIP_MOST = 4 << 20 };
	static struct reader_tools tools;
	static int nowhere = -1;
	struct zip_item items[PARTS];
	struct curb_buf zip = curb_buf(ZIP_MOST);
	if (nowhere < 0) {
		tools = (struct reader_tools){ zip_names_open(), captions_charsets_open() };
		nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	zip_make(&zip, items, parts_of(curb_str_n((const char *)bytes, size), items));
	int fd = zip_make_fd(&zip);
	struct reader_job job = { .arena = curb_arena_new(ROOM),
		                  .wire = wire_new(nowhere),
		                  .tools = &tools,
		                  .upload = { fd, 0, zip.len, { "", 0 } },
		                  .first = curb_buf_view(&zip),
		                  .root = curb_str("") };
	job.package = curb_object(job.arena);
	table_read_job(&job);
	const struct curb_value *rows = curb_value_get(job.package, "rows");
	if ((wire_refusals(job.wire) == 0) != (rows != NULL))
		abort();
	check(rows);
	wire_free(job.wire);
	curb_arena_free(job.arena);
	curb_buf_free(&zip);
	(void)close(fd);
	return 0;
}
