#include "blobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blobs_inside.h"
#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "hash.h"

/* Writing to the disk begins every so many bytes, so that the fsync at the end has little left to do. */
enum { WRITE_BACK = 8 * 1024 * 1024 };
/* From so many files on, one syncfs costs less than an fsync for each; and those that are sealed are closed, so that a
 * package of thousands does not take the server's descriptors. */
enum { MANY_FILES = 12 };

struct blob_file {
	struct blob_batch *batch;
	struct blob_file *next;
	int fd;
	uint64_t size, written_back;
	bool published;
	char name[BLOBS_PATH];
	char sha256[BLOB_HEX + 1]; /* "" before it is sealed */
};

struct blob_batch {
	struct blobs *blobs;
	struct blob_file *files;
	size_t count;
};

static int disk_error(const char *doing)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return curb_fail(CURB_EFULL, "the disk is full: free some room and try again");
	return curb_fail(CURB_EINTERNAL, "blob store, %s: errno %d", doing, errno);
}

static DIR *list_folder(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		(void)close(fd);
	return dir;
}

static void remove_temporaries(int folder)
{
	DIR *dir = list_folder(folder, ".");
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			(void)unlinkat(folder, entry->d_name, 0);
	if (dir)
		(void)closedir(dir);
}

static int open_folder(int at, const char *name, int *ret_fd)
{
	if (mkdirat(at, name, 0700) < 0 && errno != EEXIST)
		return disk_error("make a folder");
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return disk_error("open a folder");
	*ret_fd = fd;
	return 0;
}

static void make_locks(struct blobs *blobs)
{
	(void)pthread_mutex_init(&blobs->lock, NULL);
	(void)pthread_mutex_init(&blobs->removing, NULL);
}

int blobs_open(const char *root, struct blobs **ret_blobs)
{
	struct blobs *blobs = curb_xcalloc(1, sizeof *blobs);
	blobs->root = blobs->temporary = -1;
	make_locks(blobs);
	int err = open_folder(AT_FDCWD, root, &blobs->root);
	if (!err)
		err = open_folder(blobs->root, "tmp", &blobs->temporary);
	if (err) {
		blobs_close(blobs);
		return err;
	}
	remove_temporaries(blobs->temporary);
	*ret_blobs = blobs;
	return 0;
}

int blobs_open_read(const char *root, struct blobs **ret_blobs)
{
	struct blobs *blobs = curb_xcalloc(1, sizeof *blobs);
	blobs->temporary = -1;
	make_locks(blobs);
	blobs->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (blobs->root < 0) {
		blobs_close(blobs);
		return disk_error("open the folder");
	}
	*ret_blobs = blobs;
	return 0;
}

void blobs_close(struct blobs *blobs)
{
	if (!blobs)
		return;
	if (blobs->temporary >= 0)
		(void)close(blobs->temporary);
	if (blobs->root >= 0)
		(void)close(blobs->root);
	(void)pthread_mutex_destroy(&blobs->lock);
	(void)pthread_mutex_destroy(&blobs->removing);
	free(blobs);
}

bool blobs_name_ok(struct curb_str sha256)
{
	if (!sha256.ptr || sha256.len != BLOB_HEX)
		return false;
	for (size_t i = 0; i < BLOB_HEX; i++)
		if (!strchr("0123456789abcdef", sha256.ptr[i]) || !sha256.ptr[i])
			return false;
	return true;
}

int blobs_read(const struct blobs *blobs, struct curb_str sha256, int *ret_fd, uint64_t *ret_size)
{
	char path[BLOBS_PATH];
	if (!blobs_name_ok(sha256))
		return curb_fail(CURB_ENOTFOUND, "there is no such file");
	blobs_path(sha256.ptr, path);
	CURB_AUTO(fd) int fd = openat(blobs->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat about;
	if (fd < 0 && errno == ENOENT)
		return curb_fail(CURB_ENOTFOUND, "there is no such file");
	if (fd < 0 ? errno == ELOOP || errno == ENXIO : fstat(fd, &about) == 0 && !S_ISREG(about.st_mode))
		return curb_fail(CURB_EUNFIT, "a blob is no plain file");
	if (fd < 0 || fstat(fd, &about) < 0)
		return disk_error("open a blob");
	*ret_fd = fd;
	*ret_size = (uint64_t)about.st_size;
	fd = -1;
	return 0;
}

bool blobs_has(const struct blobs *blobs, struct curb_str sha256)
{
	char path[BLOBS_PATH];
	if (!blobs_name_ok(sha256))
		return false;
	blobs_path(sha256.ptr, path);
	return faccessat(blobs->root, path, R_OK, 0) == 0;
}

int blobs_each(const struct blobs *blobs, void (*one)(void *arg, struct curb_str sha256), void *arg)
{
	for (int i = 0; i < 256; i++) {
		char name[3];
		(void)snprintf(name, sizeof name, "%02x", (unsigned)i);
		DIR *dir = list_folder(blobs->root, name);
		if (!dir && errno != ENOENT)
			return disk_error("list");
		for (struct dirent *entry; dir && (entry = readdir(dir));)
			if (blobs_name_ok(curb_str(entry->d_name)))
				one(arg, curb_str(entry->d_name));
		if (dir)
			(void)closedir(dir);
	}
	return 0;
}

static int new_temporary(struct blobs *blobs, char *ret_name)
{
	{
		CURB_LOCKED(held, &blobs->lock);
		(void)snprintf(ret_name, BLOBS_PATH, "%ld-%llu", (long)getpid(),
		               (unsigned long long)blobs->next++);
	}
	return openat(blobs->temporary, ret_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
}

int blobs_scratch(struct blobs *blobs, int *ret_fd)
{
	char name[BLOBS_PATH];
	int fd = new_temporary(blobs, name);
	if (fd < 0)
		return disk_error("make a scratch file");
	(void)unlinkat(blobs->temporary, name, 0);
	*ret_fd = fd;
	return 0;
}

struct blob_batch *blob_batch_new(struct blobs *blobs)
{
	struct blob_batch *batch = curb_xcalloc(1, sizeof *batch);
	batch->blobs = blobs;
	return batch;
}

void blob_batch_drop(struct blob_batch *batch)
{
	if (!batch)
		return;
	while (batch->files) {
		struct blob_file *file = batch->files;
		batch->files = file->next;
		if (file->fd >= 0)
			(void)close(file->fd);
		if (!file->published)
			(void)unlinkat(batch->blobs->temporary, file->name, 0);
		free(file);
	}
	free(batch);
}

int blob_new(struct blob_batch *batch, struct blob_file **ret_file)
{
	struct blob_file *file = curb_xcalloc(1, sizeof *file);
	file->batch = batch;
	file->fd = new_temporary(batch->blobs, file->name);
	if (file->fd < 0) {
		free(file);
		return disk_error("make a file");
	}
	file->next = batch->files;
	batch->files = file;
	batch->count++;
	*ret_file = file;
	return 0;
}

static int write_at(int fd, uint64_t offset, const void *bytes, size_t n)
{
	const char *at = bytes;
	while (n) {
		ssize_t done = pwrite(fd, at, n, (off_t)offset);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return disk_error("write");
		at += done;
		offset += (uint64_t)done;
		n -= (size_t)done;
	}
	return 0;
}

int blob_write(struct blob_file *file, const void *bytes, size_t n)
{
	CURB_ASSERT(!file->sha256[0]);
	int err = write_at(file->fd, file->size, bytes, n);
	if (err)
		return err;
	file->size += n;
	if (file->size - file->written_back >= WRITE_BACK) {
		(void)sync_file_range(file->fd, (off_t)file->written_back,
		                      (off_t)(file->size - file->written_back), SYNC_FILE_RANGE_WRITE);
		file->written_back = file->size;
	}
	return 0;
}

int blob_patch(struct blob_file *file, uint64_t offset, const void *bytes, size_t n)
{
	CURB_ASSERT(!file->sha256[0]);
	if (offset > file->size || n > file->size - offset)
		return curb_fail(CURB_EINVAL, "a change past the end of a file");
	return write_at(file->fd, offset, bytes, n);
}

int blob_seal(struct blob_file *file)
{
	char hex[BLOB_HEX + 1];
	int err = blob_hash_fd(file->fd, file->size, hex);
	if (!err && fchmod(file->fd, 0440) < 0)
		err = disk_error("protect a file");
	if (err)
		return err;
	memcpy(file->sha256, hex, sizeof hex);
	if (file->batch->count >= MANY_FILES) {
		(void)close(file->fd);
		file->fd = -1;
	}
	return 0;
}

struct curb_str blob_sha256(const struct blob_file *file)
{
	return curb_str(file->sha256);
}

uint64_t blob_size(const struct blob_file *file)
{
	return file->size;
}

static int sync_files(const struct blob_batch *batch)
{
	if (batch->count >= MANY_FILES)
		return syncfs(batch->blobs->temporary) < 0 ? disk_error("sync") : 0;
	for (const struct blob_file *file = batch->files; file; file = file->next)
		if (fsync(file->fd) < 0)
			return disk_error("sync");
	return 0;
}

static int sync_folder(int at, const char *name)
{
	CURB_AUTO(fd) int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		return disk_error("sync a folder");
	return 0;
}

static int sync_names(const struct blob_batch *batch)
{
	if (batch->count >= MANY_FILES)
		return syncfs(batch->blobs->root) < 0 ? disk_error("sync") : 0;
	for (const struct blob_file *file = batch->files; file; file = file->next) {
		int err = sync_folder(batch->blobs->root,
		                      (const char[]){ file->sha256[0], file->sha256[1], 0 });
		if (err)
			return err;
	}
	return sync_folder(batch->blobs->root, ".");
}

/* The same bytes may be there already: rename then puts an equal file in its place. */
static int give_name(struct blob_file *file)
{
	struct blobs *blobs = file->batch->blobs;
	char path[BLOBS_PATH];
	blobs_path(file->sha256, path);
	const char folder[] = { path[0], path[1], 0 };
	if (mkdirat(blobs->root, folder, 0700) < 0 && errno != EEXIST)
		return disk_error("make a folder");
	if (renameat(blobs->temporary, file->name, blobs->root, path) < 0)
		return disk_error("rename");
	file->published = true;
	return 0;
}

int blob_batch_publish(struct blob_batch *batch)
{
	for (const struct blob_file *file = batch->files; file; file = file->next)
		CURB_ASSERT(file->sha256[0]);
	int err = sync_files(batch);
	for (struct blob_file *file = batch->files; file && !err; file = file->next)
		err = give_name(file);
	return err ? err : sync_names(batch);
}
