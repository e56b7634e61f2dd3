/* The folder that a data folder is made in: beside the one that it is to become, and nobody else's meanwhile. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sys/file.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { DEEPEST = 8 };

/* ---- what may be replaced ---- */

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	size_t n = 0;
	if (!folder)
		return false;
	while ((entry = readdir(folder)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(folder);
	return n == 0;
}

/* Of a disk, or of a folder that is shown in two places: then the disk alone does not tell. */
static bool is_mounted(const char *path, const struct stat *info)
{
	char above[PATH_SIZE];
	struct stat parent;
	struct statx about;
	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &about) == 0 &&
	    (about.stx_attributes & about.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
		return true;
	(void)snprintf(above, sizeof above, "%s", path);
	return stat(dirname(above), &parent) == 0 && parent.st_dev != info->st_dev;
}

static int check_place(struct into *into)
{
	const char *last = strrchr(into->to, '/');
	last = last ? last + 1 : into->to;
	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return curb_fail(CURB_EINVAL, "%s cannot be replaced: name the new folder by its own name",
		                 into->to);
	if (lstat(into->to, &into->before) != 0)
		return errno == ENOENT ? 0 : file_fail(into->to);
	into->there = true;
	if (S_ISLNK(into->before.st_mode))
		return curb_fail(CURB_EINVAL, "%s is a link: name the folder itself, or a new one", into->to);
	if (is_mounted(into->to, &into->before))
		return curb_fail(CURB_EINVAL,
		                 "%s is where a disk begins and cannot be replaced: name a new folder in it",
		                 into->to);
	if (!S_ISDIR(into->before.st_mode) || !is_empty(into->to))
		return curb_fail(CURB_ECONFLICT,
		                 "%s is not an empty folder: name a new one, and copy the keys into it when "
		                 "this is done",
		                 into->to);
	return 0;
}

static int not_ours(const struct into *into)
{
	return curb_fail(CURB_EDENIED, "%s belongs to another account: run the command as this account",
	                 into->to);
}

/* ---- the folder beside it ---- */

static int busy(const struct into *into)
{
	return curb_fail(CURB_EBUSY, "A data folder is being made in %s already", into->to);
}

/* What one that was cut off has left. */
static void clear(int at)
{
	int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			file_remove(at, entry->d_name);
	if (folder)
		(void)closedir(folder);
	else if (fd >= 0)
		(void)close(fd);
}

/* The lock is on the folder itself: whoever had it before may have given it its name, or removed it. */
static int take_part(struct into *into)
{
	struct stat mine, named;
	if (mkdir(into->part, 0700) != 0 && errno != EEXIST)
		return errno == ENOENT ? curb_fail(CURB_EINVAL,
		                                   "The folder above %s is not there: make it first, or "
		                                   "connect the disk",
		                                   into->to) :
		                         file_fail(into->part);
	into->fd = open(into->part, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (into->fd < 0)
		return errno == ENOENT ? busy(into) : file_fail(into->part);
	if (flock(into->fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? busy(into) : file_fail(into->part);
	if (fstat(into->fd, &mine) != 0)
		return file_fail(into->part);
	if (lstat(into->part, &named) != 0 || named.st_ino != mine.st_ino || named.st_dev != mine.st_dev)
		return busy(into);
	if (mine.st_uid != geteuid() || fchmod(into->fd, 0700) != 0)
		return not_ours(into);
	into->ours = true;
	clear(into->fd);
	return 0;
}

int into_open(struct into *into, const char *to)
{
	size_t n = strlen(to);
	*into = (struct into){ .fd = -1 };
	if (n + sizeof ".restoring" > sizeof into->part)
		return curb_fail(CURB_ETOOBIG, "The name of a folder is too long");
	memcpy(into->to, to, n);
	while (n > 1 && into->to[n - 1] == '/')
		into->to[--n] = '\0';
	(void)snprintf(into->part, sizeof into->part, "%.*s.restoring", (int)n, into->to);
	int err = check_place(into);
	if (!err && into->there && geteuid() != 0 && into->before.st_uid != geteuid())
		err = not_ours(into);
	return err ? err : take_part(into);
}

/* ---- the name ---- */

static int give_to(int at, const char *name, const struct stat *owner, int depth)
{
	if (fchownat(at, name, owner->st_uid, owner->st_gid, AT_SYMLINK_NOFOLLOW) != 0)
		return file_fail(name);
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW), err = 0;
	DIR *folder = fd < 0 || depth == 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	while (!err && folder && (entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			err = give_to(fd, entry->d_name, owner, depth - 1);
	if (folder)
		(void)closedir(folder);
	else if (fd >= 0)
		(void)close(fd);
	return err;
}

/* An empty folder was made by somebody who meant it: for the account of the server, say. */
static int take_over(const struct into *into)
{
	struct stat mine;
	if (!into->there)
		return 0;
	if (fstat(into->fd, &mine) != 0)
		return file_fail(into->part);
	int err = 0;
	if (mine.st_uid != into->before.st_uid || mine.st_gid != into->before.st_gid)
		err = give_to(AT_FDCWD, into->part, &into->before, DEEPEST);
	if (!err && fchmod(into->fd, into->before.st_mode & 07777) != 0)
		err = file_fail(into->part);
	return err;
}

int into_give_name(struct into *into)
{
	char above[PATH_SIZE];
	CURB_AUTO(fd) int fd = -1;
	int err = take_over(into);
	if (err)
		return err;
	if (fsync(into->fd) != 0 || rename(into->part, into->to) != 0)
		return file_fail(into->to);
	into->ours = false;
	(void)snprintf(above, sizeof above, "%s", into->to);
	err = file_open_folder(dirname(above), &fd);
	return err ? err : fsync(fd) != 0 ? file_fail(into->to) : 0;
}

void into_close(struct into *into)
{
	if (into->ours)
		file_remove(AT_FDCWD, into->part);
	if (into->fd >= 0)
		(void)close(into->fd);
}
