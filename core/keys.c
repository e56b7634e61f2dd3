#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/str.h"

enum { PATH_SIZE = 4096 };

static int parse(const char *path, const char *line, struct master_key *ret_key)
{
	struct curb_str rest = curb_str_trim(curb_str(line)), id;
	int64_t number = 0;
	struct master_key key = { 0 };
	if (!curb_str_cut(&rest, ' ', &id) || !curb_str_int(id, &number) || number < 1 ||
	    number > INT32_MAX || !curb_unhex(rest, key.bytes, sizeof key.bytes))
		return curb_fail(CURB_EINVAL, "%s is not a key: it must hold a number and 64 hex digits",
		                 path);
	key.id = (uint32_t)number;
	*ret_key = key;
	keys_wipe(&key);
	return 0;
}

static int read_line(const char *path, bool must_be_ours, char line[static KEYS_LINE], int64_t *ret_made_ms)
{
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return CURB_ENOTFOUND;
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0)
		return curb_fail(CURB_EDENIED, "the key %s cannot be read", path);
	if (must_be_ours && (info.st_mode & 077))
		return curb_fail(CURB_EDENIED, "others can read the key %s: chmod 0600 it", path);
	ssize_t n = read(fd, line, KEYS_LINE - 1);
	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	*ret_made_ms = must_be_ours ? (int64_t)info.st_mtim.tv_sec * 1000 : 0;
	return line[0] ? 0 : curb_fail(CURB_EINVAL, "the key %s is empty", path);
}

static int read_key(const char *path, bool must_be_ours, struct master_key *ret_key)
{
	char line[KEYS_LINE];
	int64_t made_ms;
	int err = read_line(path, must_be_ours, line, &made_ms);
	if (!err)
		err = parse(path, line, ret_key);
	if (!err)
		ret_key->made_ms = made_ms;
	explicit_bzero(line, sizeof line);
	return err;
}

/* Whole or not at all: a half-written key would lose what it sealed. */
static int write_line(const char *folder, const char *path, const char *line)
{
	char fresh[PATH_SIZE + 64], text[KEYS_LINE + 2];
	(void)snprintf(fresh, sizeof fresh, "%s.new", path);
	int len = snprintf(text, sizeof text, "%s\n", line);
	CURB_AUTO(fd) int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CURB_AUTO(fd) int above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && above >= 0 && write(fd, text, (size_t)len) == len && fsync(fd) == 0 &&
	          rename(fresh, path) == 0 && fsync(above) == 0;
	explicit_bzero(text, sizeof text);
	return ok ? 0 : curb_fail(CURB_EINTERNAL, "the key %s cannot be written", path);
}

static int make_folder(const char *folder)
{
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return curb_fail(CURB_EINTERNAL, "the folder %s cannot be made", folder);
	return 0;
}

static int make_key(const char *folder, const char *path, struct master_key *ret_key)
{
	char hex[2 * KEYS_BYTES + 1], line[KEYS_LINE];
	struct master_key key = { .id = 1, .made_ms = curb_wall_ms() };
	if (getrandom(key.bytes, sizeof key.bytes, 0) != (ssize_t)sizeof key.bytes)
		return curb_fail(CURB_EINTERNAL, "the system gives no random bytes");
	curb_hex(key.bytes, sizeof key.bytes, hex);
	(void)snprintf(line, sizeof line, "%u %s", (unsigned)key.id, hex);
	int err = make_folder(folder);
	if (!err)
		err = write_line(folder, path, line);
	if (!err)
		*ret_key = key;
	explicit_bzero(line, sizeof line);
	explicit_bzero(hex, sizeof hex);
	keys_wipe(&key);
	return err;
}

/* The folder, and the file `name` in it; refused when others can look into the folder. */
static int find(const char *data, const char *name, char folder[static PATH_SIZE],
                char path[static PATH_SIZE + 32])
{
	struct stat info;
	(void)snprintf(folder, PATH_SIZE, "%s/keys", data);
	(void)snprintf(path, PATH_SIZE + 32, "%s/%s", folder, name);
	if (stat(folder, &info) == 0 && (info.st_mode & 077))
		return curb_fail(CURB_EDENIED, "others can look into %s: chmod 0700 it", folder);
	return 0;
}

int keys_line_read(const char *data, const char *name, char ret_line[static KEYS_LINE])
{
	char folder[PATH_SIZE], path[PATH_SIZE + 32];
	int64_t made_ms;
	int err = find(data, name, folder, path);
	return err ? err : read_line(path, true, ret_line, &made_ms);
}

int keys_line_write(const char *data, const char *name, const char *line)
{
	char folder[PATH_SIZE], path[PATH_SIZE + 32];
	int err = find(data, name, folder, path);
	if (!err)
		err = make_folder(folder);
	return err ? err : write_line(folder, path, line);
}

int keys_line_rename(const char *data, const char *from, const char *to)
{
	char folder[PATH_SIZE], path[PATH_SIZE + 32], target[PATH_SIZE + 32];
	int err = find(data, to, folder, target);
	if (!err)
		err = find(data, from, folder, path);
	if (err)
		return err;
	CURB_AUTO(fd) int above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = above >= 0 && rename(path, target) == 0 && fsync(above) == 0;
	return ok ? 0 : curb_fail(CURB_EINTERNAL, "the key %s cannot be renamed", path);
}

int keys_read(const char *data, bool fresh_ok, struct master_key *ret_key)
{
	char folder[PATH_SIZE], path[PATH_SIZE + 32];
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	if (credentials) {
		(void)snprintf(path, sizeof path, "%s/curbcut-master", credentials);
		int err = read_key(path, false, ret_key);
		if (err != CURB_ENOTFOUND)
			return err;
	}
	int err = find(data, "master", folder, path);
	if (!err)
		err = read_key(path, true, ret_key);
	if (err != CURB_ENOTFOUND)
		return err;
	if (!fresh_ok)
		return curb_fail(
			CURB_ENOTFOUND,
			"the database is there, but its key %s is not: put it back. A backup never has it: "
			"behind a restore, copy the folder keys of the server that was backed up",
			path);
	return make_key(folder, path, ret_key);
}

void keys_wipe(struct master_key *key)
{
	explicit_bzero(key, sizeof *key);
}
