#include "workbook.h"

#include "curb/buf.h"
#include "curb/err.h"

enum { FILE_MOST = 4 << 20 };

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define SHEETS "application/vnd.openxmlformats-officedocument.spreadsheetml."

/* ---- a zip without compression (APPNOTE 6.3) ---- */

static void put_le(struct curb_buf *out, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		curb_buf_u8(out, (uint8_t)(value >> (8 * i)));
}

static uint32_t crc_of(struct curb_str bytes)
{
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.ptr[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

struct packing {
	struct curb_buf *out, *directory;
	int count;
};

/* What stands both before the bytes and in the directory. */
static void put_common(struct curb_buf *out, struct curb_str name, struct curb_str bytes)
{
	enum { VERSION = 20, FIRST_DAY = 0x21 };
	put_le(out, VERSION, 2);
	put_le(out, 0, 4); /* flags, method: stored */
	put_le(out, 0, 2);
	put_le(out, FIRST_DAY, 2);
	put_le(out, crc_of(bytes), 4);
	put_le(out, (uint32_t)bytes.len, 4);
	put_le(out, (uint32_t)bytes.len, 4);
	put_le(out, (uint32_t)name.len, 2);
	put_le(out, 0, 2);
}

static void pack(struct packing *packing, const char *path, struct curb_str bytes)
{
	enum { LOCAL = 0x04034b50, CENTRAL = 0x02014b50, VERSION = 20 };
	struct curb_str name = curb_str(path);
	uint32_t at = (uint32_t)packing->out->len;
	put_le(packing->out, LOCAL, 4);
	put_common(packing->out, name, bytes);
	curb_buf_str(packing->out, name);
	curb_buf_str(packing->out, bytes);
	put_le(packing->directory, CENTRAL, 4);
	put_le(packing->directory, VERSION, 2);
	put_common(packing->directory, name, bytes);
	put_le(packing->directory, 0, 4); /* comment, disk */
	put_le(packing->directory, 0, 2);
	put_le(packing->directory, 0, 4);
	put_le(packing->directory, at, 4);
	curb_buf_str(packing->directory, name);
	packing->count++;
}

static void pack_end(struct packing *packing)
{
	enum { END = 0x06054b50 };
	uint32_t at = (uint32_t)packing->out->len;
	curb_buf_str(packing->out, curb_buf_view(packing->directory));
	put_le(packing->out, END, 4);
	put_le(packing->out, 0, 4);
	put_le(packing->out, (uint32_t)packing->count, 2);
	put_le(packing->out, (uint32_t)packing->count, 2);
	put_le(packing->out, (uint32_t)packing->directory->len, 4);
	put_le(packing->out, at, 4);
	put_le(packing->out, 0, 2);
}

/* ---- the sheet ---- */

/* Control characters cannot stand in XML at all. */
static void put_escaped(struct curb_buf *out, struct curb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '&')
			curb_buf_text(out, "&amp;");
		else if (c == '<')
			curb_buf_text(out, "&lt;");
		else if (c == '>')
			curb_buf_text(out, "&gt;");
		else if (c == '"')
			curb_buf_text(out, "&quot;");
		else if ((unsigned char)c >= ' ')
			curb_buf_char(out, c);
	}
}

/* Of cellXfs below. */
enum style { STYLE_PLAIN, STYLE_TEXT, STYLE_HEADING };

static void put_cell(struct curb_buf *out, size_t column, size_t row, enum style style, struct curb_str text)
{
	if (!text.ptr)
		return;
	curb_buf_printf(out, "<c r=\"%c%zu\" s=\"%d\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
	                (char)('A' + column), row, (int)style);
	put_escaped(out, text);
	curb_buf_text(out, "</t></is></c>");
}

static void put_columns_of(struct curb_buf *out, const struct workbook *book)
{
	curb_buf_text(out, "<cols>");
	for (size_t i = 0; i < book->column_count; i++)
		curb_buf_printf(out,
		                "<col min=\"%zu\" max=\"%zu\" width=\"%d\" customWidth=\"1\" style=\"%d\"/>",
		                i + 1, i + 1, book->columns[i].width,
		                (int)(book->columns[i].as_text ? STYLE_TEXT : STYLE_PLAIN));
	curb_buf_text(out, "</cols>");
}

static void put_sheet(struct curb_buf *out, const struct workbook *book)
{
	curb_buf_text(
		out, DECLARATION
		"<worksheet xmlns=\"" MAIN
		"\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" "
		"topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
	put_columns_of(out, book);
	curb_buf_text(out, "<sheetData><row r=\"1\">");
	for (size_t i = 0; i < book->column_count; i++)
		put_cell(out, i, 1, STYLE_HEADING, book->columns[i].heading);
	curb_buf_text(out, "</row>");
	for (size_t row = 0; row < book->row_count; row++) {
		curb_buf_printf(out, "<row r=\"%zu\">", row + 2);
		for (size_t i = 0; i < book->column_count; i++)
			put_cell(out, i, row + 2, STYLE_TEXT, book->cells[row * book->column_count + i]);
		curb_buf_text(out, "</row>");
	}
	curb_buf_text(out, "</sheetData></worksheet>");
}

static void put_workbook(struct curb_buf *out, const struct workbook *book)
{
	curb_buf_text(out, DECLARATION "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" TYPES
	                               "\"><sheets><sheet name=\"");
	put_escaped(out, book->sheet);
	curb_buf_text(out, "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
}

/* ---- all of it ---- */

static const struct {
	const char *path, *text;
} parts[] = {
	{ "[Content_Types].xml", DECLARATION
	  "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" "
	  "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
	  "Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" "
	  "ContentType=\"" SHEETS
	  "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" SHEETS
	  "styles+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" SHEETS
	  "worksheet+xml\"/></Types>" },
	{ "_rels/.rels", DECLARATION "<Relationships xmlns=\"" PACKAGE
	                             "relationships\"><Relationship Id=\"rId1\" Type=\"" TYPES
	                             "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" },
	{ "xl/_rels/workbook.xml.rels", DECLARATION
	  "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" TYPES
	  "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" TYPES
	  "/styles\" Target=\"styles.xml\"/></Relationships>" },
	{ "xl/styles.xml", DECLARATION
	  "<styleSheet xmlns=\"" MAIN "\"><fonts count=\"2\"><font><sz val=\"12\"/></font><font><b/><sz "
	  "val=\"12\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
	  "<fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border/>"
	  "</borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"3\"><xf/><xf "
	  "numFmtId=\"49\" applyNumberFormat=\"1\"/><xf numFmtId=\"49\" fontId=\"1\" "
	  "applyNumberFormat=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>" },
};

int workbook_reply(struct curb_req *req, const struct workbook *book, const char *name)
{
	static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	struct curb_buf out = curb_buf(FILE_MOST), directory = curb_buf(FILE_MOST),
			part = curb_buf(FILE_MOST);
	struct packing packing = { .out = &out, .directory = &directory };
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		pack(&packing, parts[i].path, curb_str(parts[i].text));
	put_workbook(&part, book);
	pack(&packing, "xl/workbook.xml", curb_buf_view(&part));
	curb_buf_clear(&part);
	put_sheet(&part, book);
	int err = curb_buf_check(&part);
	pack(&packing, "xl/worksheets/sheet1.xml", curb_buf_view(&part));
	pack_end(&packing);
	if (!err)
		err = curb_buf_check(&out);
	const struct curb_piece piece = { .bytes = curb_dup(curb_req_arena(req), curb_buf_view(&out)) };
	const struct curb_body_info info = { .type = type, .filename = curb_str(name) };
	curb_buf_free(&part);
	curb_buf_free(&directory);
	curb_buf_free(&out);
	return err ? err : curb_reply_pieces(req, &piece, 1, &info);
}
