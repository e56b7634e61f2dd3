#include "pack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "zip_write.h"

enum { DEEPEST = 16, NAME_ROOM = ZIP_WRITE_NAME };

static int io_error(const char *doing)
{
	return curb_fail(CURB_EINTERNAL, "packing a folder, %s: errno %d", doing, errno);
}

static int pack_file(struct zip_write *p, int folder, const char *base, const char *name)
{
	CURB_AUTO(fd) int from = openat(folder, base, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (from < 0)
		return curb_fail(CURB_EINVAL, "%s cannot be opened: look at who may read it", name);
	return zip_write_file(p, name, from);
}

static int pack_tree(struct zip_write *p, int folder, const char *prefix, int depth);

static int pack_one(struct zip_write *p, int folder, const char *base, const char *prefix, int depth)
{
	char name[NAME_ROOM];
	struct stat about;
	if (snprintf(name, sizeof name, "%s%s", prefix, base) >= (int)sizeof name - 2)
		return curb_fail(CURB_ETOOBIG, "the name %.100s is too long", base);
	if (fstatat(folder, base, &about, AT_SYMLINK_NOFOLLOW) < 0)
		return io_error("look at a file");
	if (S_ISREG(about.st_mode))
		return pack_file(p, folder, base, name);
	if (!S_ISDIR(about.st_mode))
		return curb_fail(CURB_EINVAL, "%s is a link or no ordinary file: put the file itself there",
		                 name);
	if (depth == DEEPEST)
		return curb_fail(CURB_ETOOBIG, "%s lies more than %d folders deep", name, DEEPEST);
	int inner = openat(folder, base, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (inner < 0)
		return curb_fail(CURB_EINVAL, "%s cannot be opened: look at who may read it", name);
	(void)strncat(name, "/", sizeof name - strlen(name) - 1);
	return pack_tree(p, inner, name, depth + 1);
}

/* Takes `folder` over. */
static int pack_tree(struct zip_write *p, int folder, const char *prefix, int depth)
{
	DIR *dir = fdopendir(folder);
	int err = 0;
	if (!dir) {
		(void)close(folder);
		return io_error("list");
	}
	for (struct dirent *entry; !err && (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			err = pack_one(p, dirfd(dir), entry->d_name, prefix, depth);
	(void)closedir(dir);
	return err;
}

int pack_folder(struct blobs *blobs, int given, int *ret_fd)
{
	int folder = openat(given, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = -1;
	if (folder < 0)
		return curb_fail(CURB_ENOTFOUND, "This is no folder that can be read; check its permissions");
	int err = blobs_scratch(blobs, &out);
	if (err) {
		(void)close(folder);
		return err;
	}
	struct zip_write *p = zip_write_new(out);
	err = pack_tree(p, folder, "", 0);
	if (!err)
		err = zip_write_end(p);
	zip_write_free(p);
	if (err)
		(void)close(out);
	else
		*ret_fd = out;
	return err;
}
