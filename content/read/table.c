/* An upload that should be a spreadsheet: what it really is, and its parts. */
#include "table.h"

#include <unistd.h>

#include "curb/cleanup.h"

enum { PART_MOST = 24 << 20 };

bool table_refuse(struct reader_job *job, const char *code, struct curb_str fact)
{
	wire_finding(job->wire, code, curb_str(NULL), fact, curb_str(NULL));
	return false;
}

bool table_part(struct reader_job *job, struct curb_str path, struct curb_str *ret_bytes)
{
	struct zip_entry *entry = path.ptr ? zip_find(job->zip, path) : NULL;
	if (!entry)
		return table_refuse(job, "table.damaged", path);
	if (entry->size > PART_MOST)
		return table_refuse(job, "table.large", curb_str(NULL));
	return !reader_unpack(job, entry, ret_bytes) || table_refuse(job, "table.damaged", path);
}

/* ---- texts ---- */

void table_text_add(struct table_text *text, struct curb_str more)
{
	size_t left = sizeof text->bytes - text->n, n = more.len < left ? more.len : left;
	memcpy(text->bytes + text->n, more.ptr, n);
	text->n += n;
}

struct curb_str table_text_end(struct table_text *text)
{
	size_t n = text->n;
	text->n = 0;
	if (n > CONTENT_TABLE_CELL) {
		n = CONTENT_TABLE_CELL;
		while (n > 0 && ((unsigned char)text->bytes[n] & 0xC0) == 0x80)
			n--;
	}
	return curb_str_trim(curb_str_n(text->bytes, n));
}

/* ---- what it is ---- */

/* Programs write "EncryptedPackage" in UTF-16 into the directory of the file that holds a workbook with a password. */
static bool has_password(struct curb_str bytes)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	return memmem(bytes.ptr, bytes.len, name, sizeof name) != NULL;
}

static const char *foreign_kind(struct reader_job *job)
{
	struct curb_str bytes = { curb_alloc(job->arena, CONTENT_TABLE_UPLOAD), 0 };
	ssize_t n = pread(job->upload.fd, (char *)(uintptr_t)bytes.ptr, CONTENT_TABLE_UPLOAD, 0);
	bytes.len = n < 0 ? 0 : (size_t)n;
	if (!curb_str_starts(job->first, "\xD0\xCF\x11\xE0"))
		return "table.unknown";
	return has_password(bytes) ? "table.encrypted" : "table.old";
}

/* Faults of a zip in the words of who knows spreadsheets alone. */
static void tell_zip(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	struct reader_job *job = arg;
	(void)b;
	if (strcmp(code, "zip.encrypted") == 0)
		(void)table_refuse(job, "table.encrypted", curb_str(NULL));
	else if (strcmp(code, "zip.bomb") == 0 || strcmp(code, "zip.many") == 0 ||
	         strcmp(code, "zip.total") == 0)
		(void)table_refuse(job, "table.large", curb_str(NULL));
	else
		(void)table_refuse(job, "table.damaged", a);
}

static bool open_zip(struct reader_job *job)
{
	const struct media_source *upload = &job->upload;
	struct zip_report report = { tell_zip, job };
	job->zip = curb_alloc(job->arena, sizeof *job->zip);
	return zip_open(job->arena, job->tools->names, upload->fd, upload->offset, upload->size, &report,
	                job->zip);
}

/* A workbook that carries programs; they are not run here, and should not lie here for others to run. */
static bool has_macros(const struct zip *zip, struct curb_str types)
{
	static const char enabled[] = "macroEnabled";
	for (size_t i = 0; i < zip->count; i++)
		if (curb_str_ends(zip->entries[i].name, "vbaProject.bin") ||
		    curb_str_starts(zip->entries[i].name, "xl/macrosheets/"))
			return true;
	return memmem(types.ptr, types.len, enabled, sizeof enabled - 1) != NULL;
}

static bool check_kind(struct reader_job *job)
{
	struct curb_str types;
	if (zip_find(job->zip, curb_str("mimetype")) && zip_find(job->zip, curb_str("content.xml")))
		return table_refuse(job, "table.ods", curb_str(NULL));
	if (zip_find(job->zip, curb_str("xl/workbook.bin")))
		return table_refuse(job, "table.binary", curb_str(NULL));
	if (!zip_find(job->zip, curb_str("[Content_Types].xml")))
		return table_refuse(job, "table.unknown", curb_str(NULL));
	if (!table_part(job, curb_str("[Content_Types].xml"), &types))
		return false;
	return !has_macros(job->zip, types) || table_refuse(job, "table.macros", curb_str(NULL));
}

void table_read_job(struct reader_job *job)
{
	struct table_book book = { .job = job };
	if (job->upload.size > CONTENT_TABLE_UPLOAD)
		(void)table_refuse(job, "table.large", curb_str(NULL));
	else if (!zip_looks_like(job->first))
		(void)table_refuse(job, foreign_kind(job), curb_str(NULL));
	else if (open_zip(job) && check_kind(job) && table_open_book(job, &book) && table_read_sheet(&book))
		wire_result(job->wire, job->package);
}

void table_read(struct wire *wire, const struct reader_tools *tools)
{
	enum { FIRST = 64, ARENA = 512 << 20 };
	char first[FIRST];
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA);
	off_t size = lseek(WIRE_UPLOAD_FD, 0, SEEK_END);
	ssize_t n = pread(WIRE_UPLOAD_FD, first, sizeof first, 0);
	struct reader_job job = { .arena = arena,
		                  .wire = wire,
		                  .tools = tools,
		                  .upload = { WIRE_UPLOAD_FD, 0, size < 0 ? 0 : (uint64_t)size, { "", 0 } },
		                  .first = { first, n < 0 ? 0 : (size_t)n },
		                  .root = { "", 0 },
		                  .package = curb_object(arena) };
	table_read_job(&job);
}
