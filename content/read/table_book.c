/* The workbook: which sheet is read, its shared texts, and how its numbers are shown. */
#include "table.h"

#include "xml.h"

enum { STRINGS_MOST = 200000, LOOKS_MOST = 70000, LINKS_MOST = 2000, FORMATS_MOST = 5000 };

/* ---- relations: which part is meant by an id ---- */

struct link {
	struct curb_str id, type, target;
};

struct links {
	struct curb_arena *arena;
	struct curb_str folder; /* of the part that they start from, with its slash */
	struct link *rows;
	size_t n;
};

static struct curb_str target_of(const struct links *links, struct curb_str target)
{
	if (target.len > 0 && target.ptr[0] == '/')
		return curb_dup(links->arena, curb_str_from(target, 1));
	return curb_str(curb_printf(links->arena, "%.*s%.*s", (int)links->folder.len, links->folder.ptr,
	                            (int)target.len, target.ptr ? target.ptr : ""));
}

static bool begin_link(void *arg, struct curb_str name, const char **attributes)
{
	struct links *links = arg;
	if (!curb_str_is(name, "Relationship"))
		return true;
	if (links->n == LINKS_MOST)
		return false;
	const struct link link = {
		.id = xml_attribute(attributes, "Id"),
		.type = xml_attribute(attributes, "Type"),
		.target = xml_attribute(attributes, "Target"),
	};
	links->rows[links->n++] = (struct link){ curb_dup(links->arena, link.id),
		                                 curb_dup(links->arena, link.type),
		                                 target_of(links, link.target) };
	return true;
}

static bool read_part(struct reader_job *job, struct curb_str path, const struct xml_walk *walk)
{
	struct curb_str bytes;
	return table_part(job, path, &bytes) &&
	       (xml_read(bytes, walk) || table_refuse(job, "table.damaged", path));
}

/* Those of the part at `path`: they lie beside it, "xl/_rels/workbook.xml.rels" for "xl/workbook.xml". */
static bool read_links(struct reader_job *job, struct curb_str path, struct links *ret_links)
{
	size_t cut = path.len;
	while (cut > 0 && path.ptr[cut - 1] != '/')
		cut--;
	struct curb_str folder = curb_str_n(path.ptr, cut), file = curb_str_from(path, cut);
	*ret_links = (struct links){ .arena = job->arena,
		                     .folder = folder,
		                     .rows = curb_alloc_n(job->arena, LINKS_MOST, sizeof *ret_links->rows) };
	const struct xml_walk walk = {
		.begin = begin_link, .text = xml_no_text, .end = xml_no_end, .arg = ret_links
	};
	return read_part(job,
	                 curb_str(curb_printf(job->arena, "%.*s_rels/%.*s.rels", (int)folder.len, folder.ptr,
	                                      (int)file.len, file.ptr)),
	                 &walk);
}

static struct curb_str link_to(const struct links *links, const char *type)
{
	for (size_t i = 0; i < links->n; i++)
		if (curb_str_ends(links->rows[i].type, type))
			return links->rows[i].target;
	return curb_str(NULL);
}

/* ---- the workbook ---- */

struct choosing {
	struct table_book *book;
	const struct links *links;
	bool workbook; /* it is one */
};

static struct curb_str worksheet_of(const struct links *links, struct curb_str id)
{
	for (size_t i = 0; id.ptr && i < links->n; i++)
		if (curb_str_eq(links->rows[i].id, id) && curb_str_ends(links->rows[i].type, "/worksheet"))
			return links->rows[i].target;
	return curb_str(NULL);
}

static void choose(const struct choosing *choosing, const char **attributes)
{
	struct table_book *book = choosing->book;
	struct curb_arena *arena = book->job->arena;
	struct table_text name = { .n = 0 };
	struct curb_str state = xml_attribute(attributes, "state"),
			path = worksheet_of(choosing->links, xml_attribute(attributes, "id"));
	if (!path.ptr || (state.ptr && !curb_str_is(state, "visible")))
		return;
	if (book->path.ptr) {
		book->others++;
		return;
	}
	struct curb_str said = xml_attribute(attributes, "name");
	table_text_add(&name, said.ptr ? said : curb_str(""));
	book->sheet = curb_dup(arena, table_text_end(&name));
	book->path = path;
}

static bool begin_workbook(void *arg, struct curb_str name, const char **attributes)
{
	struct choosing *choosing = arg;
	choosing->workbook = choosing->workbook || curb_str_is(name, "workbook");
	if (curb_str_is(name, "workbookPr"))
		choosing->book->since_1904 = xml_flag(attributes, "date1904");
	else if (curb_str_is(name, "sheet"))
		choose(choosing, attributes);
	return choosing->workbook;
}

/* ---- shared texts: runs of rich text are one, readings above the characters are none of it ---- */

struct strings {
	struct table_book *book;
	struct table_text text;
	size_t room;
	bool taking, reading; /* within <t>; within <rPh> */
};

static bool begin_string(void *arg, struct curb_str name, const char **attributes)
{
	struct strings *strings = arg;
	(void)attributes;
	if (curb_str_is(name, "rPh"))
		strings->reading = true;
	strings->taking = curb_str_is(name, "t") && !strings->reading;
	return true;
}

static void string_text(void *arg, struct curb_str text)
{
	struct strings *strings = arg;
	if (strings->taking)
		table_text_add(&strings->text, text);
}

static bool end_string(void *arg, struct curb_str name)
{
	struct strings *strings = arg;
	struct table_book *book = strings->book;
	strings->taking = false;
	if (curb_str_is(name, "rPh"))
		strings->reading = false;
	if (!curb_str_is(name, "si"))
		return true;
	if (book->string_count == STRINGS_MOST)
		return false;
	if (book->string_count == strings->room) {
		enum { FIRST = 256 };
		size_t room = strings->room ? 2 * strings->room : FIRST;
		struct curb_str *more = curb_alloc_n(book->job->arena, room, sizeof *more);
		if (strings->room)
			memcpy(more, book->strings, strings->room * sizeof *more);
		book->strings = more;
		strings->room = room;
	}
	book->strings[book->string_count++] = curb_dup(book->job->arena, table_text_end(&strings->text));
	return true;
}

/* ---- styles ---- */

struct styles {
	struct table_book *book;
	struct {
		int64_t id;
		struct table_look look;
	} * formats;
	size_t n;
	bool cells; /* within <cellXfs> */
};

static struct table_look look_of(const struct styles *styles, int64_t id)
{
	for (size_t i = 0; i < styles->n; i++)
		if (styles->formats[i].id == id)
			return styles->formats[i].look;
	return table_look_of(id, curb_str(NULL));
}

static bool begin_style(void *arg, struct curb_str name, const char **attributes)
{
	struct styles *styles = arg;
	struct table_book *book = styles->book;
	int64_t id = 0;
	styles->cells = styles->cells || curb_str_is(name, "cellXfs");
	bool numbered = curb_str_int(xml_attribute(attributes, "numFmtId"), &id);
	if (curb_str_is(name, "numFmt") && numbered && styles->n < FORMATS_MOST) {
		struct curb_str code = xml_attribute(attributes, "formatCode");
		styles->formats[styles->n].id = id;
		styles->formats[styles->n++].look = table_look_of(id, code);
	} else if (curb_str_is(name, "xf") && styles->cells) {
		if (book->look_count == LOOKS_MOST)
			return false;
		book->looks[book->look_count++] = look_of(styles, id);
	}
	return true;
}

static bool end_style(void *arg, struct curb_str name)
{
	struct styles *styles = arg;
	styles->cells = styles->cells && !curb_str_is(name, "cellXfs");
	return true;
}

/* ---- all of it ---- */

static bool read_shared(struct table_book *book, const struct links *links)
{
	struct reader_job *job = book->job;
	struct strings strings = { .book = book };
	struct styles styles = { .book = book };
	struct curb_str texts = link_to(links, "/sharedStrings"), looks = link_to(links, "/styles");
	const struct xml_walk of_strings = {
		.begin = begin_string, .text = string_text, .end = end_string, .arg = &strings
	};
	const struct xml_walk of_styles = {
		.begin = begin_style, .text = xml_no_text, .end = end_style, .arg = &styles
	};
	styles.formats = curb_alloc_n(job->arena, FORMATS_MOST, sizeof *styles.formats);
	book->looks = curb_alloc_n(job->arena, LOOKS_MOST, sizeof *book->looks);
	return (!texts.ptr || read_part(job, texts, &of_strings)) &&
	       (!looks.ptr || read_part(job, looks, &of_styles));
}

bool table_open_book(struct reader_job *job, struct table_book *ret_book)
{
	struct links top, links;
	struct choosing choosing = { .book = ret_book, .links = &links };
	const struct xml_walk walk = {
		.begin = begin_workbook, .text = xml_no_text, .end = xml_no_end, .arg = &choosing
	};
	struct curb_str bytes;
	if (!read_links(job, curb_str(""), &top))
		return false;
	struct curb_str workbook = link_to(&top, "/officeDocument");
	if (!workbook.ptr)
		return table_refuse(job, "table.unknown", curb_str(NULL));
	if (!read_links(job, workbook, &links))
		return false;
	if (!table_part(job, workbook, &bytes))
		return false;
	if (!xml_read(bytes, &walk))
		return table_refuse(job, choosing.workbook ? "table.damaged" : "table.unknown", workbook);
	if (!ret_book->path.ptr)
		return table_refuse(job, "table.empty", curb_str(NULL));
	return read_shared(ret_book, &links);
}
