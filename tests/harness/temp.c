#include "temp.h"

#include "cm.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct temp_folder temp_folder(void)
{
	struct temp_folder folder;
	const char *root = getenv("TMPDIR");
	int n = snprintf(folder.path, sizeof folder.path, "%s/curbcut-test-XXXXXX",
	                 root && *root ? root : "/tmp");
	assert_true(n > 0 && (size_t)n < sizeof folder.path);
	assert_non_null(mkdtemp(folder.path));
	return folder;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)info;
	(void)kind;
	(void)where;
	return remove(path);
}

void temp_remove(const struct temp_folder *folder)
{
	assert_int_equal(nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

void temp_path(const struct temp_folder *folder, const char *name, char *ret_path)
{
	int n = snprintf(ret_path, 512, "%s/%s", folder->path, name);
	assert_true(n > 0 && n < 512);
}

void temp_write(const struct temp_folder *folder, const char *name, const void *bytes, size_t size)
{
	char path[512];
	temp_path(folder, name, path);
	FILE *file = fopen(path, "wbe");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

char *temp_read(const struct temp_folder *folder, const char *name, size_t *ret_size)
{
	char path[512];
	temp_path(folder, name, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	struct stat info;
	assert_int_equal(fstat(fd, &info), 0);
	size_t size = (size_t)info.st_size;
	char *bytes = calloc(1, size + 1);
	assert_non_null(bytes);
	assert_int_equal(read(fd, bytes, size), info.st_size);
	(void)close(fd);
	*ret_size = size;
	return bytes;
}

static _Thread_local size_t counted;

static int count_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
	(void)path;
	(void)info;
	(void)kind;
	counted += where->level > 0;
	return 0;
}

size_t temp_count(const struct temp_folder *folder)
{
	counted = 0;
	assert_int_equal(nftw(folder->path, count_one, 16, FTW_PHYS), 0);
	return counted;
}
