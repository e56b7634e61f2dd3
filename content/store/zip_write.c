/* Always zip64 (APPNOTE 4.5.3): no size has to be known before. */
#include "zip_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { CHUNK = 1024 * 1024, DIRECTORY_MAX = 64 * 1024 * 1024 };
enum { LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END64 = 0x06064b50, LOCATOR = 0x07064b50, END = 0x06054b50 };
enum { VERSION = 45, FLAG_UTF8 = 0x800 };

struct zip_write {
	int out;
	uint64_t at, count;
	struct curb_buf directory; /* central directory, written last */
	char *chunk;
};

static int io_error(const char *doing)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return curb_fail(CURB_EFULL, "the disk is full: free some room and try again");
	return curb_fail(CURB_EINTERNAL, "writing a zip, %s: errno %d", doing, errno);
}

static void number(struct curb_buf *to, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		curb_buf_u8(to, (uint8_t)(i < sizeof value ? value >> (8 * i) : 0));
}

static int put(struct zip_write *p, uint64_t at, const void *bytes, size_t n)
{
	const char *from = bytes;
	while (n) {
		ssize_t done = pwrite(p->out, from, n, (off_t)at);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return io_error("write");
		from += done;
		at += (uint64_t)done;
		n -= (size_t)done;
	}
	return 0;
}

/* What local header and central directory have in common. */
static void common(struct curb_buf *to, uint32_t crc, size_t name, size_t extra)
{
	number(to, VERSION, 2);
	number(to, FLAG_UTF8, 2);
	number(to, 0, 6); /* stored; no time */
	number(to, crc, 4);
	number(to, UINT32_MAX, 4);
	number(to, UINT32_MAX, 4);
	number(to, name, 2);
	number(to, extra, 2);
}

static int put_local(struct zip_write *p, const char *name, uint64_t at, uint32_t crc, uint64_t size)
{
	CURB_AUTO(buf) struct curb_buf head = curb_buf(4 * ZIP_WRITE_NAME);
	number(&head, LOCAL, 4);
	common(&head, crc, strlen(name), 20);
	curb_buf_text(&head, name);
	number(&head, 1, 2);
	number(&head, 16, 2);
	number(&head, size, 8);
	number(&head, size, 8);
	int err = curb_buf_check(&head);
	if (!err)
		err = put(p, at, head.data, head.len);
	if (p->at < at + head.len)
		p->at = at + head.len;
	return err;
}

static void add_central(struct zip_write *p, const char *name, uint64_t at, uint32_t crc, uint64_t size)
{
	struct curb_buf *to = &p->directory;
	number(to, CENTRAL, 4);
	number(to, VERSION, 2);
	common(to, crc, strlen(name), 28);
	number(to, 0, 10); /* comment, disk, attributes */
	number(to, UINT32_MAX, 4);
	curb_buf_text(to, name);
	number(to, 1, 2);
	number(to, 24, 2);
	number(to, size, 8);
	number(to, size, 8);
	number(to, at, 8);
}

static int copy_file(struct zip_write *p, int from, uint32_t *ret_crc, uint64_t *ret_size)
{
	uLong crc = crc32(0, NULL, 0);
	uint64_t size = 0;
	for (ssize_t n; (n = read(from, p->chunk, CHUNK)) != 0;) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return io_error("read");
		crc = crc32(crc, (const Bytef *)p->chunk, (uInt)n);
		int err = put(p, p->at, p->chunk, (size_t)n);
		if (err)
			return err;
		p->at += (uint64_t)n;
		size += (uint64_t)n;
	}
	*ret_crc = (uint32_t)crc;
	*ret_size = size;
	return 0;
}

struct zip_write *zip_write_new(int out)
{
	struct zip_write *p = curb_xcalloc(1, sizeof *p);
	p->out = out;
	p->directory = curb_buf(DIRECTORY_MAX);
	p->chunk = curb_xcalloc(1, CHUNK);
	return p;
}

void zip_write_free(struct zip_write *p)
{
	if (!p)
		return;
	free(p->chunk);
	curb_buf_free(&p->directory);
	free(p);
}

int zip_write_file(struct zip_write *p, const char *name, int from)
{
	uint64_t at = p->at, size = 0;
	uint32_t crc = 0;
	CURB_ASSERT(strlen(name) < ZIP_WRITE_NAME);
	if (++p->count > ZIP_WRITE_FILES)
		return curb_fail(CURB_ETOOBIG, "the folder has more than %d files: divide it",
		                 ZIP_WRITE_FILES);
	int err = put_local(p, name, at, 0, 0);
	if (!err)
		err = copy_file(p, from, &crc, &size);
	if (!err)
		err = put_local(p, name, at, crc, size); /* now with what was counted */
	if (!err)
		add_central(p, name, at, crc, size);
	return err;
}

int zip_write_bytes(struct zip_write *p, const char *name, struct curb_str bytes)
{
	uint64_t at = p->at;
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)bytes.ptr, (uInt)bytes.len);
	CURB_ASSERT(strlen(name) < ZIP_WRITE_NAME);
	p->count++;
	int err = put_local(p, name, at, crc, bytes.len);
	if (!err)
		err = put(p, p->at, bytes.ptr, bytes.len);
	p->at += bytes.len;
	add_central(p, name, at, crc, bytes.len);
	return err;
}

int zip_write_end(struct zip_write *p)
{
	uint64_t directory = p->at, size = p->directory.len, end = directory + size;
	struct curb_buf *to = &p->directory;
	number(to, END64, 4);
	number(to, 44, 8);
	number(to, VERSION, 2);
	number(to, VERSION, 2);
	number(to, 0, 8);
	number(to, p->count, 8);
	number(to, p->count, 8);
	number(to, size, 8);
	number(to, directory, 8);
	number(to, LOCATOR, 4);
	number(to, 0, 4);
	number(to, end, 8);
	number(to, 1, 4);
	number(to, END, 4);
	number(to, 0, 4);
	number(to, UINT32_MAX, 4); /* both counts */
	number(to, UINT32_MAX, 4);
	number(to, UINT32_MAX, 4);
	number(to, 0, 2);
	int err = curb_buf_check(to);
	return err ? err : put(p, directory, to->data, to->len);
}
