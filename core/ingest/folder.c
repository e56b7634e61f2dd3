/* A folder of this machine as a zip (APPNOTE 6.3, entries stored, ZIP64 throughout), so that the worker knows one way
 * in only. Hidden files, links and what is no file are left out: they are never part of a course.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum {
	DEPTH_MOST = 8,
	FILES_MOST = 10000,
	LOCAL_HEAD = 30,
	ZIP64_LOCAL = 20,
	UTF8_NAMES = 0x0800,
	NEEDED = 45
};

struct packing {
	int out;
	uint64_t at;               /* written so far */
	struct curb_buf directory; /* the central directory as it grows */
	size_t count;
};

static void put16(struct curb_buf *buf, unsigned value)
{
	curb_buf_char(buf, (char)(value & 0xff));
	curb_buf_char(buf, (char)(value >> 8 & 0xff));
}

static void put32(struct curb_buf *buf, uint32_t value)
{
	put16(buf, value & 0xffff);
	put16(buf, value >> 16);
}

static void put64(struct curb_buf *buf, uint64_t value)
{
	put32(buf, (uint32_t)value);
	put32(buf, (uint32_t)(value >> 32));
}

static int write_at(struct packing *packing, const char *bytes, size_t n, uint64_t at)
{
	for (size_t done = 0; done < n;) {
		ssize_t some = pwrite(packing->out, bytes + done, n - done, (off_t)(at + done));
		if (some <= 0)
			return curb_fail(
				CURB_EFULL,
				"There is no room to read the folder; free some space and try again");
		done += (size_t)some;
	}
	return 0;
}

/* What local and central header share: flags to lengths. The sizes themselves stand in the ZIP64 field. */
static void put_common(struct curb_buf *buf, uint32_t crc, size_t name_len, unsigned extra_len)
{
	put16(buf, UTF8_NAMES);
	put16(buf, 0); /* stored */
	put16(buf, 0); /* time and date: midnight, 1980-01-01 */
	put16(buf, 0x21);
	put32(buf, crc);
	put32(buf, 0xffffffff);
	put32(buf, 0xffffffff);
	put16(buf, (unsigned)name_len);
	put16(buf, extra_len);
}

static void put_zip64(struct curb_buf *buf, uint64_t size, unsigned extra_len)
{
	put16(buf, 1);
	put16(buf, extra_len - 4);
	put64(buf, size);
	put64(buf, size);
}

static int write_local(struct packing *packing, const char *name, uint32_t crc, uint64_t size, uint64_t at)
{
	CURB_AUTO(buf) struct curb_buf head = curb_buf(8192);
	put32(&head, 0x04034b50);
	put16(&head, NEEDED);
	put_common(&head, crc, strlen(name), ZIP64_LOCAL);
	curb_buf_text(&head, name);
	put_zip64(&head, size, ZIP64_LOCAL);
	return write_at(packing, head.data, head.len, at);
}

static void add_central(struct packing *packing, const char *name, uint32_t crc, uint64_t size, uint64_t at)
{
	struct curb_buf *directory = &packing->directory;
	put32(directory, 0x02014b50);
	put16(directory, 3 << 8 | NEEDED); /* made on Unix */
	put16(directory, NEEDED);
	put_common(directory, crc, strlen(name), ZIP64_LOCAL + 8);
	put16(directory, 0); /* comment */
	put16(directory, 0); /* disk */
	put16(directory, 0);
	put32(directory, (uint32_t)(S_IFREG | 0644) << 16);
	put32(directory, 0xffffffff);
	curb_buf_text(directory, name);
	put_zip64(directory, size, ZIP64_LOCAL + 8);
	put64(directory, at);
	packing->count++;
}

static int copy_bytes(struct packing *packing, int fd, uint32_t *ret_crc, uint64_t *ret_size)
{
	enum { BLOCK = 1 << 18 };
	CURB_AUTO(mem) char *block = malloc(BLOCK);
	uLong crc = crc32(0, NULL, 0);
	uint64_t size = 0;
	CURB_ASSERT(block);
	for (ssize_t n; (n = read(fd, block, BLOCK)) != 0; size += (uint64_t)n) {
		if (n < 0)
			return curb_fail(CURB_EINVAL, "A file of the folder cannot be read");
		crc = crc32(crc, (const Bytef *)block, (uInt)n);
		int err = write_at(packing, block, (size_t)n, packing->at + size);
		if (err)
			return err;
	}
	*ret_crc = (uint32_t)crc;
	*ret_size = size;
	return 0;
}

static int add_file(struct packing *packing, int fd, const char *name)
{
	if (packing->count >= FILES_MOST)
		return curb_fail(CURB_ETOOBIG, "The folder has more than %d files; split it into several",
		                 FILES_MOST);
	uint64_t head_at = packing->at, size = 0;
	uint32_t crc = 0;
	packing->at += LOCAL_HEAD + strlen(name) + ZIP64_LOCAL;
	int err = copy_bytes(packing, fd, &crc, &size);
	if (!err)
		err = write_local(packing, name, crc, size, head_at);
	if (!err)
		add_central(packing, name, crc, size, head_at);
	packing->at += size;
	return err;
}

static int add_folder(struct packing *packing, int folder_fd, const char *prefix, int depth);

static int add_entry(struct packing *packing, int folder_fd, const char *prefix, const char *entry, int depth)
{
	struct stat info;
	CURB_AUTO(buf) struct curb_buf name = curb_buf(4096);
	curb_buf_printf(&name, "%s%s", prefix, entry);
	if (name.failed)
		return curb_fail(CURB_EINVAL, "A name in the folder is too long");
	CURB_AUTO(fd) int fd = openat(folder_fd, entry, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info) != 0)
		return 0; /* a link, or gone meanwhile */
	if (S_ISREG(info.st_mode))
		return add_file(packing, fd, name.data);
	if (!S_ISDIR(info.st_mode))
		return 0;
	curb_buf_char(&name, '/');
	return add_folder(packing, fd, curb_buf_view(&name).ptr, depth + 1);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int add_folder(struct packing *packing, int folder_fd, const char *prefix, int depth)
{
	struct dirent **entries = NULL;
	if (depth > DEPTH_MOST)
		return curb_fail(CURB_EINVAL,
		                 "The folder is nested more than %d deep; lay the files out flatter",
		                 DEPTH_MOST);
	int n = scandirat(folder_fd, ".", &entries, visible, alphasort), err = 0;
	if (n < 0)
		return curb_fail(CURB_EINVAL, "The folder cannot be read; check its permissions");
	for (int i = 0; i < n; i++) {
		if (!err)
			err = add_entry(packing, folder_fd, prefix, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
	return err;
}

/* ZIP64 end record, its locator, and the end record of old. */
static int write_end(struct packing *packing)
{
	uint64_t directory_at = packing->at, directory_size = packing->directory.len;
	struct curb_buf *end = &packing->directory;
	put32(end, 0x06064b50);
	put64(end, 44);
	put16(end, 3 << 8 | NEEDED);
	put16(end, NEEDED);
	put64(end, 0); /* both disk numbers */
	put64(end, packing->count);
	put64(end, packing->count);
	put64(end, directory_size);
	put64(end, directory_at);
	put32(end, 0x07064b50);
	put32(end, 0);
	put64(end, directory_at + directory_size);
	put32(end, 1);
	put32(end, 0x06054b50);
	put32(end, 0);
	put16(end, (unsigned)packing->count);
	put16(end, (unsigned)packing->count);
	put32(end, (uint32_t)directory_size);
	put32(end, 0xffffffff);
	put16(end, 0);
	int err = curb_buf_check(end);
	return err ? err : write_at(packing, end->data, end->len, packing->at);
}

int folder_pack(struct ingest *ingest, int folder, int *ret_fd)
{
	struct packing packing = { .directory = curb_buf(64 << 20) };
	int err = blobs_scratch(ingest->o.blobs, &packing.out);
	if (err)
		return err;
	err = add_folder(&packing, folder, "", 0);
	if (!err)
		err = write_end(&packing);
	curb_buf_free(&packing.directory);
	if (err)
		(void)close(packing.out);
	else
		*ret_fd = packing.out;
	return err;
}
