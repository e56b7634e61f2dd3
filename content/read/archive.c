#include "unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024, HEAD_ROOM = 64 };

/* One entry as libarchive sees it: a local header made by us, then the packed bytes. */
struct view {
	int fd;
	uint64_t at, end;
	size_t head;
	bool head_sent;
	unsigned char bytes[CHUNK];
};

static size_t put_number(unsigned char *to, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (unsigned char)(value >> (8 * i));
	return n;
}

/* APPNOTE 4.3.7, always with the zip64 field; no flag, one name for all. */
static size_t make_head(unsigned char *to, const struct zip_entry *entry)
{
	enum { SIGNATURE = 0x04034b50, VERSION = 45, ZIP64 = 1 };
	size_t n = put_number(to, SIGNATURE, 4);
	n += put_number(to + n, VERSION, 2);
	n += put_number(to + n, 0, 2);
	n += put_number(to + n, entry->method, 2);
	n += put_number(to + n, 0, 4); /* time and date */
	n += put_number(to + n, entry->crc, 4);
	n += put_number(to + n, UINT32_MAX, 4);
	n += put_number(to + n, UINT32_MAX, 4);
	n += put_number(to + n, 1, 2); /* length of the name */
	n += put_number(to + n, 20, 2);
	n += put_number(to + n, 'x', 1);
	n += put_number(to + n, ZIP64, 2);
	n += put_number(to + n, 16, 2);
	n += put_number(to + n, entry->size, 8);
	return n + put_number(to + n, entry->packed, 8);
}

static la_ssize_t view_read(struct archive *archive, void *arg, const void **ret_bytes)
{
	struct view *view = arg;
	*ret_bytes = view->bytes;
	if (!view->head_sent) {
		view->head_sent = true;
		return (la_ssize_t)view->head;
	}
	uint64_t left = view->end - view->at;
	size_t want = left < CHUNK ? (size_t)left : CHUNK;
	ssize_t got = 0;
	while (want && (got = pread(view->fd, view->bytes, want, (off_t)view->at)) < 0 && errno == EINTR)
		;
	if (got < 0) {
		archive_set_error(archive, EIO, "read");
		return ARCHIVE_FATAL;
	}
	view->at += (uint64_t)got;
	return got;
}

static struct archive *open_view(struct view *view, const struct zip_entry *entry)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *head = NULL;
	if (!archive)
		return NULL;
	view->head = make_head(view->bytes, entry);
	if (archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
	    archive_read_open(archive, view, NULL, view_read, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(archive, &head) < ARCHIVE_WARN) {
		(void)archive_read_free(archive);
		return NULL;
	}
	return archive;
}

/* libarchive tells a wrong checksum and a wrong size apart only in words; we count the bytes ourselves. */
static const char *pump(struct archive *archive, const struct zip_entry *entry, unpack_take_fn take,
                        void *arg)
{
	uint64_t have = 0;
	for (;;) {
		const void *bytes = NULL;
		size_t n = 0;
		la_int64_t offset = 0;
		int status = archive_read_data_block(archive, &bytes, &n, &offset);
		if (status == ARCHIVE_EOF)
			return have == entry->size ? NULL : "zip.size";
		if (status == ARCHIVE_RETRY)
			continue;
		if (n > entry->size - have || (status == ARCHIVE_WARN && have + n != entry->size))
			return "zip.size";
		if (status != ARCHIVE_OK)
			return status == ARCHIVE_WARN ? "zip.checksum" : "zip.damaged";
		have += n;
		if (take && n && !take(arg, bytes, n))
			return "";
	}
}

const char *unpack(const struct zip *zip, struct zip_entry *entry, unpack_take_fn take, void *arg)
{
	static const char damaged[] = "zip.damaged";
	if (entry->folder)
		return NULL;
	struct view *view = curb_xcalloc(1, sizeof *view);
	view->fd = zip->fd;
	view->at = entry->data;
	view->end = entry->data + entry->packed;
	struct archive *archive = open_view(view, entry);
	const char *fault = archive ? pump(archive, entry, take, arg) : damaged;
	(void)archive_read_free(archive);
	free(view);
	entry->checked = entry->checked || !fault;
	return fault;
}
