/* Files of a backup: written durably, read back with their hash. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { CHUNK = 1 << 20, SMALL_MOST = 1 << 20, DEEPEST = 8 };

int file_fail(const char *path)
{
	if (errno == ENOSPC || errno == EDQUOT)
		return curb_fail(CURB_EFULL, "The disk of %s is full: free some room there and try again",
		                 path);
	if (errno == EACCES || errno == EPERM || errno == EROFS)
		return curb_fail(CURB_EDENIED,
		                 "The server may not write to %s: give the folder to its account", path);
	if (errno == ENOTDIR)
		return curb_fail(CURB_EINVAL, "%s is not a folder", path);
	return curb_fail(CURB_EINTERNAL, "%s: error %d", path, errno);
}

bool call_cancelled(const struct backup_call *call)
{
	return call->cancelled && call->cancelled(call->arg);
}

int call_stopped(void)
{
	return curb_fail(CURB_EBUSY, "It was stopped; nothing of it is left");
}

int file_open_folder(const char *path, int *ret_fd)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_fail(path);
	*ret_fd = fd;
	return 0;
}

/* What waits for a writer would never end. */
int file_open(int at, const char *name, int *ret_fd)
{
	struct stat info;
	CURB_AUTO(fd) int fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ?
		               curb_fail(CURB_ENOTFOUND, "%s is not there", name) :
		       errno == ELOOP || errno == ENXIO ?
		               curb_fail(CURB_EUNFIT, "The backup is damaged: %s is no plain file", name) :
		               file_fail(name);
	if (fstat(fd, &info) != 0)
		return file_fail(name);
	if (!S_ISREG(info.st_mode))
		return curb_fail(CURB_EUNFIT, "The backup is damaged: %s is no plain file", name);
	*ret_fd = fd;
	fd = -1;
	return 0;
}

static int write_all(int fd, const char *bytes, size_t n, const char *name)
{
	while (n) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return file_fail(name);
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

static int make_file(int at, const char *name, int *ret_fd)
{
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return file_fail(name);
	*ret_fd = fd;
	return 0;
}

int file_put(int at, const char *name, struct curb_str bytes)
{
	CURB_AUTO(fd) int fd = -1;
	int err = make_file(at, name, &fd);
	if (!err)
		err = write_all(fd, bytes.ptr, bytes.len, name);
	return err ? err : fsync(fd) != 0 ? file_fail(name) : 0;
}

int file_get(int at, const char *name, struct curb_arena *arena, struct curb_str *ret_bytes)
{
	CURB_AUTO(fd) int fd = -1;
	struct stat info;
	int err = file_open(at, name, &fd);
	if (err)
		return err;
	if (fstat(fd, &info) != 0)
		return file_fail(name);
	if (info.st_size > SMALL_MOST)
		return curb_fail(CURB_ETOOBIG, "%s is too long", name);
	char *bytes = curb_alloc(arena, (size_t)info.st_size + 1);
	ssize_t n = pread(fd, bytes, (size_t)info.st_size, 0);
	if (n != info.st_size)
		return file_fail(name);
	*ret_bytes = curb_str_n(bytes, (size_t)n);
	return 0;
}

/* ---- hashes ---- */

static void auto_hash(EVP_MD_CTX **hash)
{
	EVP_MD_CTX_free(*hash);
}

/* To the descriptor `to` as well, unless it is -1. */
static int pass(int fd, int to, const char *name, const struct backup_call *call, EVP_MD_CTX *hash,
                int64_t *ret_bytes)
{
	CURB_AUTO(mem) char *chunk = curb_xcalloc(1, CHUNK);
	int64_t bytes = 0;
	for (ssize_t n; (n = read(fd, chunk, CHUNK)) != 0; bytes += n) {
		if (n < 0)
			return file_fail(name);
		if (call_cancelled(call))
			return call_stopped();
		CURB_ASSERT(EVP_DigestUpdate(hash, chunk, (size_t)n));
		int err = to < 0 ? 0 : write_all(to, chunk, (size_t)n, name);
		if (err)
			return err;
	}
	*ret_bytes = bytes;
	return 0;
}

static int pass_hashed(int fd, int to, const char *name, const struct backup_call *call, char *ret_hex,
                       int64_t *ret_bytes)
{
	__attribute__((cleanup(auto_hash))) EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char digest[NAMED_BYTES];
	CURB_ASSERT(hash && EVP_DigestInit_ex(hash, EVP_sha256(), NULL));
	int err = pass(fd, to, name, call, hash, ret_bytes);
	if (err)
		return err;
	CURB_ASSERT(EVP_DigestFinal_ex(hash, digest, NULL));
	curb_hex(digest, sizeof digest, ret_hex);
	return 0;
}

int file_hash_open(int fd, const char *name, const struct backup_call *call,
                   char ret_hex[static BLOB_HEX + 1], int64_t *ret_bytes)
{
	return pass_hashed(fd, -1, name, call, ret_hex, ret_bytes);
}

static int open_part(int at, const char *name, int *ret_fd)
{
	int err = file_open(at, name, ret_fd);
	return err == CURB_ENOTFOUND ? curb_fail(CURB_EUNFIT, "The backup is damaged: %s is missing", name) :
	                               err;
}

int file_hash(int at, const char *name, const struct backup_call *call, char ret_hex[static BLOB_HEX + 1],
              int64_t *ret_bytes)
{
	CURB_AUTO(fd) int fd = -1;
	int err = open_part(at, name, &fd);
	return err ? err : pass_hashed(fd, -1, name, call, ret_hex, ret_bytes);
}

int file_copy(int from, int to, const char *name, const struct backup_call *call,
              char ret_hex[static BLOB_HEX + 1])
{
	CURB_AUTO(fd) int fd = -1;
	CURB_AUTO(fd) int source = -1;
	int64_t bytes;
	int err = open_part(from, name, &source);
	if (!err)
		err = make_file(to, name, &fd);
	if (!err)
		err = pass_hashed(source, fd, name, call, ret_hex, &bytes);
	return err ? err : fsync(fd) != 0 ? file_fail(name) : 0;
}

/* ---- removing ---- */

static void remove_below(int at, const char *name, int depth)
{
	if (unlinkat(at, name, 0) == 0 || errno == ENOENT || depth == 0)
		return;
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_below(fd, entry->d_name, depth - 1);
	if (folder)
		(void)closedir(folder);
	else if (fd >= 0)
		(void)close(fd);
	(void)unlinkat(at, name, AT_REMOVEDIR);
}

void file_remove(int at, const char *name)
{
	remove_below(at, name, DEEPEST);
}
