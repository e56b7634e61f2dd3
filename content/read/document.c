#include "document.h"

#include <ctype.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "lpf.h"

/* ---- names ---- */

static int compare_nocase(struct curb_str a, struct curb_str b)
{
	for (size_t i = 0; i < a.len && i < b.len; i++) {
		int order = tolower((unsigned char)a.ptr[i]) - tolower((unsigned char)b.ptr[i]);
		if (order)
			return order;
	}
	return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int by_name(const void *a, const void *b)
{
	struct zip_entry *const *x = a, *const *y = b;
	return compare_nocase((*x)->name, (*y)->name);
}

void document_names(const struct reader_job *job, struct document_names *ret_names)
{
	const struct zip *zip = job->zip;
	struct zip_entry **rows = curb_alloc_n(job->arena, zip->count + 1, sizeof(struct zip_entry *));
	size_t n = 0;
	for (size_t i = 0; i < zip->count; i++)
		if (!zip->entries[i].folder)
			rows[n++] = &zip->entries[i];
	qsort(rows, n, sizeof *rows, by_name);
	*ret_names = (struct document_names){ rows, n, job->arena };
}

/* Takes the last folder off; false when there is none. */
static bool up(struct curb_buf *path)
{
	if (path->len == 0)
		return false;
	size_t n = path->len - 1; /* its slash */
	while (n > 0 && path->data[n - 1] != '/')
		n--;
	path->len = n;
	return true;
}

/* "a/b/" and "../c.mp3" to "a/c.mp3"; false when it leads out. */
static bool join(struct curb_str folder, struct curb_str path, struct curb_buf *out)
{
	struct curb_str rest = path, part;
	curb_buf_str(out, folder);
	while (curb_str_cut(&rest, '/', &part)) {
		if (curb_str_is(part, "..") && !up(out))
			return false;
		if (part.len == 0 || curb_str_is(part, ".") || curb_str_is(part, ".."))
			continue;
		curb_buf_str(out, part);
		if (rest.ptr && rest.len)
			curb_buf_char(out, '/');
	}
	return !out->failed;
}

static int to_row(const void *key, const void *row)
{
	const struct curb_str *name = key;
	struct zip_entry *const *entry = row;
	return compare_nocase(*name, (*entry)->name);
}

struct zip_entry *document_beside(const struct document_names *names, struct curb_str from,
                                  struct curb_str url, struct curb_str *ret_fragment)
{
	CURB_AUTO(buf) struct curb_buf full = curb_buf(ZIP_NAME_MAX + 1);
	struct curb_str folder = from, path = lpf_path(names->arena, url);
	const char *mark = url.len ? memchr(url.ptr, '#', url.len) : NULL;
	*ret_fragment = mark ? curb_str_from(url, (size_t)(mark - url.ptr) + 1) : curb_str(NULL);
	while (folder.len && folder.ptr[folder.len - 1] != '/')
		folder.len--;
	if (!path.ptr || !join(folder, path, &full))
		return NULL;
	struct curb_str name = curb_buf_view(&full);
	struct zip_entry **found =
		names->count ? bsearch(&name, names->rows, names->count, sizeof *names->rows, to_row) : NULL;
	return found ? *found : NULL;
}

static size_t depth(struct curb_str name)
{
	size_t n = 0;
	for (size_t i = 0; i < name.len; i++)
		n += name.ptr[i] == '/';
	return n;
}

static bool named(struct curb_str name, struct curb_str wanted, bool ending)
{
	if (name.len < wanted.len)
		return false;
	struct curb_str tail = curb_str_from(name, name.len - wanted.len);
	return compare_nocase(tail, wanted) == 0 &&
	       (ending || name.len == wanted.len || name.ptr[name.len - wanted.len - 1] == '/');
}

struct zip_entry *document_named(const struct reader_job *job, const char *name, bool ending)
{
	struct zip_entry *best = NULL;
	for (size_t i = 0; job->zip && i < job->zip->count; i++) {
		struct zip_entry *entry = &job->zip->entries[i];
		if (!entry->folder && !name_is_litter(entry->name) &&
		    named(entry->name, curb_str(name), ending) &&
		    (!best || depth(entry->name) < depth(best->name)))
			best = entry;
	}
	return best;
}

/* ---- documents ---- */

/* The charset that the XML declaration or a page's <meta> names, within the first bytes; "" when none. */
static struct curb_str declared(struct curb_str bytes)
{
	enum { LOOK = 1024 };
	static const char *const marks[] = { "encoding=\"", "encoding='", "charset=" };
	size_t n = bytes.len < LOOK ? bytes.len : LOOK;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		const char *at = memmem(bytes.ptr, n, marks[i], strlen(marks[i]));
		if (!at)
			continue;
		struct curb_str name = curb_str_n(at + strlen(marks[i]), 0);
		while (name.ptr + name.len < bytes.ptr + n &&
		       (isalnum((unsigned char)name.ptr[name.len]) || strchr("-_", name.ptr[name.len])))
			name.len++;
		return name;
	}
	return curb_str("");
}

static bool is_one_of(struct curb_str name, const char *const *names)
{
	for (; *names; names++)
		if (curb_str_is_nocase(name, *names))
			return true;
	return false;
}

/* Bytes that are not UTF-8: Chinese when they say so, or when they say nothing true and all of them fit. */
static void decode(struct reader_job *job, struct document *document)
{
	enum { SPREAD = 3 };
	static const char *const chinese[] = { "gb2312", "gbk", "gb18030", "big5", "utf-8", "", NULL };
	struct curb_str said = declared(document->bytes);
	if (!is_one_of(said, chinese) || document->bytes.len < 2 ||
	    curb_str_starts(document->bytes, "\xff\xfe") || curb_str_starts(document->bytes, "\xfe\xff"))
		return;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(SPREAD * document->bytes.len);
	if (!captions_convert(job->tools->charsets, curb_str_is_nocase(said, "big5"), document->bytes, &out))
		return;
	document->bytes = curb_dup(job->arena, curb_buf_view(&out));
	document->encoding = "UTF-8";
}

bool document_open(struct reader_job *job, struct zip_entry *entry, struct document *ret_document)
{
	enum { MOST = 32 << 20, ALL = 128 << 20 };
	uint64_t left = curb_arena_used(job->arena) < ALL ? ALL - curb_arena_used(job->arena) : 0;
	struct document document = { .entry = entry };
	entry->used = true;
	if (!reader_bytes(job, entry, left < MOST ? left : MOST, &document.bytes))
		return false;
	if (curb_utf8_valid(document.bytes))
		document.encoding = "UTF-8";
	else
		decode(job, &document);
	*ret_document = document;
	return true;
}

bool document_told(struct reader_job *job, const struct document *document, unsigned long line)
{
	struct curb_str name = document->entry->name;
	if (line)
		wire_finding(job->wire, "book.xml",
		             curb_str(curb_printf(job->arena, "%.*s:%lu", (int)name.len, name.ptr, line)),
		             curb_str(NULL), curb_str(NULL));
	return line == 0;
}

bool document_walk(struct reader_job *job, const struct document *document, const struct xml_walk *walk)
{
	return document_told(job, document, xml_read_page(document->bytes, document->encoding, walk));
}
