/* Which backups are there, and which ones go. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

struct names {
	char (*items)[BACKUP_NAME]; /* the newest first: their order is that of time */
	size_t n;
};

static int newest_first(const void *a, const void *b)
{
	return strcmp(b, a);
}

static struct names list_names(int at)
{
	struct names names = { NULL, 0 };
	size_t room = 0;
	int fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		if (!manifest_name_ok(entry->d_name))
			continue;
		if (names.n == room) {
			room = room ? 2 * room : 64;
			names.items = realloc(names.items, room * sizeof *names.items);
			CURB_ASSERT(names.items);
		}
		(void)snprintf(names.items[names.n++], BACKUP_NAME, "%.24s", entry->d_name);
	}
	if (folder)
		(void)closedir(folder);
	else if (fd >= 0)
		(void)close(fd);
	if (names.n)
		qsort(names.items, names.n, sizeof *names.items, newest_first);
	return names;
}

void backup_list(const char *folder, struct curb_arena *arena, struct backup_row **ret_rows, size_t *ret_n)
{
	CURB_AUTO(fd) int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct names names = { NULL, 0 };
	if (at >= 0)
		names = list_names(at);
	if (names.n > BACKUPS_LISTED)
		names.n = BACKUPS_LISTED;
	struct backup_row *rows = curb_alloc_n(arena, names.n ? names.n : 1, sizeof *rows);
	for (size_t i = 0; i < names.n; i++) {
		struct manifest manifest;
		if (manifest_get(at, names.items[i], &manifest) == 0)
			rows[i] = manifest.row;
		(void)snprintf(rows[i].name, sizeof rows[i].name, "%s", names.items[i]);
	}
	free(names.items);
	*ret_rows = rows;
	*ret_n = names.n;
}

/* One without a mark may be anybody's. */
static bool is_own(const struct backup_row *row, const char *mark)
{
	return !row->mark[0] || strcmp(row->mark, mark) == 0;
}

void backups_list(const struct backups *backups, struct curb_arena *arena, struct backup_row **ret_rows,
                  size_t *ret_n)
{
	size_t n, own = 0;
	backup_list(backups->folder, arena, ret_rows, &n);
	for (size_t i = 0; i < n; i++)
		if (is_own(&(*ret_rows)[i], backups->o.mark))
			(*ret_rows)[own++] = (*ret_rows)[i];
	*ret_n = own;
}

int64_t keep_newest_ms(int at)
{
	struct names names = list_names(at);
	struct manifest manifest = { .row = { .made_ms = -1 } };
	for (size_t i = 0; i < names.n && manifest_get(at, names.items[i], &manifest) != 0; i++)
		;
	free(names.items);
	return manifest.row.made_ms;
}

bool keep_any(int at)
{
	struct names names = list_names(at);
	free(names.items);
	return names.n > 0;
}

/* ---- removing ---- */

/* Under another name first: one that is half removed must not look like a backup. */
static int remove_one(const char *folder, int at, const char *name)
{
	char going[BACKUP_NAME + 16];
	(void)snprintf(going, sizeof going, BACKUP_GOING "%s", name);
	if (renameat(at, name, at, going) != 0 || fsync(at) != 0)
		return file_fail(folder);
	file_remove(at, going);
	curb_log(CURB_INFO, "backup_removed name=%s", name);
	return 0;
}

struct sweeping {
	struct blobs *blobs;
	struct named_list list;
	int64_t removed;
};

static void drop_unnamed(void *arg, struct curb_str sha256)
{
	struct sweeping *sweeping = arg;
	if (named_has(&sweeping->list, sha256))
		return;
	blobs_remove(sweeping->blobs, sha256);
	sweeping->removed++;
}

static int sweep(int at, const struct names *names, struct blobs *blobs)
{
	struct sweeping sweeping = { .blobs = blobs };
	int err = 0;
	for (size_t i = 0; !err && i < names->n; i++) {
		struct manifest manifest;
		err = manifest_get(at, names->items[i], &manifest);
		if (!err)
			err = named_get(at, names->items[i], manifest.list, &sweeping.list);
	}
	named_sort(&sweeping.list);
	if (!err)
		err = blobs_each(blobs, drop_unnamed, &sweeping);
	named_free(&sweeping.list);
	if (sweeping.removed)
		curb_log(CURB_INFO, "backup_blobs removed=%lld", (long long)sweeping.removed);
	return err;
}

int keep_newest(const char *folder, int at, struct blobs *blobs, int64_t keep, const struct backup_row *made)
{
	struct names names = list_names(at);
	int64_t whole = 0;
	int err = 0;
	for (size_t i = 0; !err && i < names.n; i++) {
		struct manifest manifest;
		if (manifest_get(at, names.items[i], &manifest) == 0 && is_own(&manifest.row, made->mark) &&
		    ++whole > keep && strcmp(names.items[i], made->name) != 0)
			err = remove_one(folder, at, names.items[i]);
	}
	free(names.items);
	if (err)
		return err;
	names = list_names(at);
	err = sweep(at, &names, blobs);
	free(names.items);
	return err;
}
