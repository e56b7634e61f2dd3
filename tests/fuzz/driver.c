/* Runs a fuzz target over the files of a folder, so that every input that once broke something is tried
 * in each build. An empty or missing folder is an error: a corpus that is gone must not look like success. */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int run_file(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0) {
		perror(name);
		return 1;
	}
	size_t size = (size_t)info.st_size;
	/* of exactly that size, so that reading one byte too far is seen by the sanitizer */
	uint8_t *bytes = malloc(size ? size : 1);
	if (!bytes || read(fd, bytes, size) != (ssize_t)size) {
		perror(name);
		return 1;
	}
	(void)close(fd);
	(void)printf("%s, %zu bytes\n", name, size);
	(void)fflush(stdout);
	(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	if (!folder) {
		(void)fprintf(stderr, "usage: %s FOLDER, a folder of inputs\n", argv[0]);
		return 2;
	}
	int count = 0, failed = 0;
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		failed |= run_file(dirfd(folder), entry->d_name);
		count++;
	}
	(void)closedir(folder);
	(void)printf("%d inputs\n", count);
	return failed || count == 0;
}
