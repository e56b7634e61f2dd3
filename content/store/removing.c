/* Removing blobs, so that nobody misses one. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blobs_inside.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { SECOND_MS = 1000, MS_NS = 1000000 };

void blobs_path(const char *sha256, char *ret_path)
{
	(void)snprintf(ret_path, BLOBS_PATH, "%.2s/%.64s", sha256, sha256);
}

void blobs_keep(struct blobs *blobs)
{
	CURB_LOCKED(held, &blobs->removing);
	blobs->keepers++;
}

void blobs_let_go(struct blobs *blobs)
{
	CURB_LOCKED(held, &blobs->removing);
	CURB_ASSERT(blobs->keepers > 0);
	blobs->keepers--;
}

bool blobs_begin_removing(struct blobs *blobs)
{
	(void)pthread_mutex_lock(&blobs->removing);
	if (blobs->keepers == 0)
		return true;
	(void)pthread_mutex_unlock(&blobs->removing);
	return false;
}

void blobs_end_removing(struct blobs *blobs)
{
	(void)pthread_mutex_unlock(&blobs->removing);
}

int blobs_about(const struct blobs *blobs, struct curb_str sha256, int64_t *ret_named_ms, uint64_t *ret_size)
{
	char path[BLOBS_PATH];
	struct stat about;
	if (!blobs_name_ok(sha256))
		return curb_fail(CURB_ENOTFOUND, "there is no such file");
	blobs_path(sha256.ptr, path);
	if (fstatat(blobs->root, path, &about, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ?
		               curb_fail(CURB_ENOTFOUND, "there is no such file") :
		               curb_fail(CURB_EINTERNAL, "blob store, look at a blob: errno %d", errno);
	*ret_named_ms = (int64_t)about.st_ctim.tv_sec * SECOND_MS + about.st_ctim.tv_nsec / MS_NS;
	*ret_size = (uint64_t)about.st_size;
	return 0;
}

void blobs_remove(struct blobs *blobs, struct curb_str sha256)
{
	char path[BLOBS_PATH];
	if (!blobs_name_ok(sha256))
		return;
	blobs_path(sha256.ptr, path);
	(void)unlinkat(blobs->root, path, 0);
}
