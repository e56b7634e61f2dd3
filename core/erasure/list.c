/* The list of those who were erased. It lies beside the keys, because backups do not have it: whoever is on it and comes back with an
 * older backup is erased again. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { PATH_SIZE = 4096, LINE = ERASURE_MARK + 1 };

static int cannot(const char *path, const char *what)
{
	return curb_fail(errno == ENOSPC ? CURB_EFULL : CURB_EINTERNAL,
	                 "the list of those who were erased, %s, cannot be %s", path, what);
}

static void path_of(const char *data, char path[static PATH_SIZE])
{
	(void)snprintf(path, PATH_SIZE, "%s/keys/erased", data);
}

struct curb_str list_mark(struct curb_tx *tx, const struct curb_id *person)
{
	return curb_blind_index(tx, "core_person", "erased", curb_id_str(person));
}

static int compare(const void *left, const void *right)
{
	return memcmp(((const struct curb_str *)left)->ptr, ((const struct curb_str *)right)->ptr,
	              ERASURE_MARK);
}

bool list_has(const struct curb_str *marks, size_t n, struct curb_str mark)
{
	return n && mark.len == ERASURE_MARK && bsearch(&mark, marks, n, sizeof mark, compare) != NULL;
}

int list_read(const char *data, struct curb_arena *arena, struct curb_str **ret_marks, size_t *ret_n)
{
	char path[PATH_SIZE];
	struct stat info;
	path_of(data, path);
	*ret_n = 0;
	*ret_marks = NULL;
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || fstat(fd, &info) != 0)
		return cannot(path, "read");
	size_t n = (size_t)info.st_size / LINE; /* a line that was cut off by a crash is no line yet */
	char *bytes = curb_alloc(arena, n * LINE + 1);
	struct curb_str *marks = curb_alloc_n(arena, n + 1, sizeof *marks);
	if (read(fd, bytes, n * LINE) != (ssize_t)(n * LINE))
		return cannot(path, "read");
	for (size_t i = 0; i < n; i++) {
		marks[i] = curb_str_n(bytes + i * LINE, ERASURE_MARK);
		if (bytes[i * LINE + ERASURE_MARK] != '\n')
			return curb_fail(CURB_EINVAL, "%s was changed: its line %zu is not 64 hex digits",
			                 path, i + 1);
	}
	qsort(marks, n, sizeof *marks, compare);
	*ret_marks = marks;
	*ret_n = n;
	return 0;
}

/* Behind the last whole line. */
static bool append(int fd, struct curb_str mark)
{
	char line[LINE];
	struct stat info;
	memcpy(line, mark.ptr, ERASURE_MARK);
	line[ERASURE_MARK] = '\n';
	return fstat(fd, &info) == 0 &&
	       pwrite(fd, line, LINE, (off_t)((size_t)info.st_size / LINE * LINE)) == LINE && fsync(fd) == 0;
}

int list_add(const char *data, struct curb_str mark, int64_t *ret_lines)
{
	enum { ARENA_MOST = 256 << 20 };
	char path[PATH_SIZE], folder[PATH_SIZE];
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct curb_str *marks = NULL;
	size_t n = 0;
	path_of(data, path);
	(void)snprintf(folder, sizeof folder, "%s/keys", data);
	int err = list_read(data, arena, &marks, &n);
	bool there = !err && list_has(marks, n, mark);
	*ret_lines = (int64_t)n + !there;
	if (err || there)
		return err;
	if (mark.len != ERASURE_MARK)
		return curb_fail(CURB_EINTERNAL, "there is no key to note by who is erased");
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return cannot(path, "written");
	CURB_AUTO(fd) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	CURB_AUTO(fd) int above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && above >= 0 && append(fd, mark) && fsync(above) == 0 ? 0 : cannot(path, "written");
}
