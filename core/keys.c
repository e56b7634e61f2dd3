#include "keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/str.h"

enum { LINE_MAX_BYTES = 96, PATH_SIZE = 4096 };

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

static int read_key(const char *path, bool must_be_ours, struct master_key *ret_key)
{
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return CURB_ENOTFOUND;
	struct stat info;
	if (fd < 0 || fstat(fd, &info) != 0)
		return curb_fail(CURB_EDENIED, "the key %s cannot be read", path);
	if (must_be_ours && (info.st_mode & 077))
		return curb_fail(CURB_EDENIED, "others can read the key %s: chmod 0600 it", path);
	char line[LINE_MAX_BYTES] = "";
	ssize_t n = read(fd, line, sizeof line - 1);
	int err = n > 0 ? parse(path, line, ret_key) : curb_fail(CURB_EINVAL, "the key %s is empty", path);
	explicit_bzero(line, sizeof line);
	if (!err && must_be_ours)
		ret_key->made_ms = (int64_t)info.st_mtim.tv_sec * 1000;
	return err;
}

/* Whole or not at all: a half-written key would lose what it sealed. */
static int write_key(const char *folder, const char *path, const struct master_key *key)
{
	char fresh[PATH_SIZE + 8], hex[2 * KEYS_BYTES + 1], line[LINE_MAX_BYTES];
	(void)snprintf(fresh, sizeof fresh, "%s.new", path);
	curb_hex(key->bytes, sizeof key->bytes, hex);
	int len = snprintf(line, sizeof line, "%u %s\n", (unsigned)key->id, hex);
	CURB_AUTO(fd) int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	CURB_AUTO(fd) int above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && above >= 0 && write(fd, line, (size_t)len) == len && fsync(fd) == 0 &&
	          rename(fresh, path) == 0 && fsync(above) == 0;
	explicit_bzero(line, sizeof line);
	explicit_bzero(hex, sizeof hex);
	return ok ? 0 : curb_fail(CURB_EINTERNAL, "the key %s cannot be written", path);
}

static int make_key(const char *folder, const char *path, struct master_key *ret_key)
{
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return curb_fail(CURB_EINTERNAL, "the folder %s cannot be made", folder);
	struct master_key key = { .id = 1, .made_ms = curb_wall_ms() };
	if (getrandom(key.bytes, sizeof key.bytes, 0) != (ssize_t)sizeof key.bytes)
		return curb_fail(CURB_EINTERNAL, "the system gives no random bytes");
	int err = write_key(folder, path, &key);
	if (!err)
		*ret_key = key;
	keys_wipe(&key);
	return err;
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
	(void)snprintf(folder, sizeof folder, "%s/keys", data);
	(void)snprintf(path, sizeof path, "%s/master", folder);
	struct stat info;
	if (stat(folder, &info) == 0 && (info.st_mode & 077))
		return curb_fail(CURB_EDENIED, "others can look into %s: chmod 0700 it", folder);
	int err = read_key(path, true, ret_key);
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
