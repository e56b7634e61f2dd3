/* A data folder made of a backup: everything is checked before the folder gets its name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "work.h"

struct restoring {
	const struct backup_call *call;
	char from[PATH_SIZE], blobs[PATH_SIZE]; /* the backup, and the blobs of its folder */
	char to[PATH_SIZE], part[PATH_SIZE];    /* the data folder, and its name until it is whole */
	int source, target;                     /* the folders `from` and `part` */
	struct manifest manifest;
	struct named_list list;
};

static bool join(char *path, const char *a, const char *between, const char *b)
{
	int n = snprintf(path, PATH_SIZE, "%s%s%s", a, between, b);
	return n > 0 && n < PATH_SIZE;
}

static int too_long(void)
{
	return curb_fail(CURB_ETOOBIG, "The name of a folder is too long");
}

/* ---- which backup, and where to ---- */

/* `from` is a backup, or a folder of backups: then the newest whole one of it. */
static int find_backup(struct restoring *r, const char *from)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(8 << 20);
	CURB_AUTO(fd) int fd = -1;
	int err = file_open_folder(from, &fd);
	if (err)
		return curb_fail(CURB_ENOTFOUND, "There is no folder %s", from);
	if (faccessat(fd, "manifest.json", F_OK, 0) == 0)
		return join(r->from, from, "", "") && join(r->blobs, from, "/../", "blobs") ? 0 : too_long();
	struct backup_row *rows;
	size_t n, i = 0;
	backup_list(from, arena, &rows, &n);
	while (i < n && !rows[i].whole)
		i++;
	if (i == n)
		return curb_fail(CURB_ENOTFOUND, "There is no whole backup in %s", from);
	return join(r->from, from, "/", rows[i].name) && join(r->blobs, from, "/", "blobs") ? 0 : too_long();
}

static bool is_empty(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	size_t n = 0;
	if (!folder)
		return errno == ENOENT;
	while ((entry = readdir(folder)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	(void)closedir(folder);
	return n == 0;
}

static int make_part(struct restoring *r, const char *to)
{
	size_t n = strlen(to);
	if (n >= sizeof r->to)
		return too_long();
	memcpy(r->to, to, n);
	while (n > 1 && r->to[n - 1] == '/')
		r->to[--n] = '\0';
	if (!join(r->part, r->to, "", ".restoring"))
		return too_long();
	if (!is_empty(r->to))
		return curb_fail(CURB_ECONFLICT,
		                 "%s is not an empty folder: name a new one, and copy the keys into it when "
		                 "this is done",
		                 r->to);
	file_remove(AT_FDCWD, r->part);
	if (mkdir(r->part, 0700) != 0)
		return file_fail(r->part);
	return file_open_folder(r->part, &r->target);
}

/* ---- the database ---- */

/* The backup was itself a job, which the snapshot shows running: it would run again here. */
static int end_jobs(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return work_end_kind(tx, backup_jobs[0].name);
}

static int look_into(struct restoring *r, const char *path)
{
	const struct store_options options = { .path = path };
	const struct store_write write = { .fn = end_jobs };
	struct curb_store *store = NULL;
	int err = store_open(&options, &store);
	if (!err)
		err = store_check(store);
	if (!err)
		err = named_of_store(store, &r->list);
	if (!err)
		err = store_write(store, &write);
	store_close(store);
	(void)unlinkat(r->target, "curbcut.db.lock", 0);
	return err;
}

static int restore_database(struct restoring *r)
{
	char hex[BLOB_HEX + 1], path[PATH_SIZE + 16];
	(void)snprintf(path, sizeof path, "%s/curbcut.db", r->part);
	int err = file_copy(r->source, r->target, "curbcut.db", r->call, hex);
	if (!err && strcmp(hex, r->manifest.database) != 0) {
		if (r->call->found)
			r->call->found(r->call->arg, "curbcut.db", false);
		return curb_fail(CURB_EUNFIT, "The backup is damaged: %s has changed", "curbcut.db");
	}
	if (!err)
		err = look_into(r, path);
	if (!err && (int64_t)r->list.n != r->manifest.row.blobs)
		err = curb_fail(CURB_EUNFIT, "The backup is damaged: %s has changed", "manifest.json");
	return err;
}

/* ---- blobs ---- */

static int restore_blobs(struct restoring *r)
{
	char to[PATH_SIZE + 16];
	struct blobs *from = NULL, *target = NULL;
	(void)snprintf(to, sizeof to, "%s/blobs", r->part);
	int err = blobs_open_read(r->blobs, &from);
	if (!err)
		err = blobs_open(to, &target);
	if (!err) {
		struct carrying carrying = {
			.from = from, .to = target, .list = &r->list, .call = r->call, .total = r->list.bytes
		};
		err = carry(&carrying);
	}
	blobs_close(from);
	blobs_close(target);
	return err;
}

/* ---- the name ---- */

static int give_name(const struct restoring *r)
{
	char above[PATH_SIZE];
	CURB_AUTO(fd) int fd = -1;
	if (fsync(r->target) != 0 || rename(r->part, r->to) != 0)
		return file_fail(r->to);
	(void)snprintf(above, sizeof above, "%s", r->to);
	int err = file_open_folder(dirname(above), &fd);
	return err ? err : fsync(fd) != 0 ? file_fail(r->to) : 0;
}

static int restore(struct restoring *r)
{
	int err = file_open_folder(r->from, &r->source);
	if (!err)
		err = manifest_get(r->source, ".", &r->manifest);
	if (!err)
		err = restore_database(r);
	if (!err)
		err = restore_blobs(r);
	return err ? err : give_name(r);
}

int backup_restore(const char *from, const char *to, const struct backup_call *call,
                   struct backup_row *ret_row)
{
	struct restoring r = { .call = call, .source = -1, .target = -1 };
	int err = find_backup(&r, from);
	if (!err)
		err = make_part(&r, to);
	if (!err) {
		err = restore(&r);
		if (err)
			file_remove(AT_FDCWD, r.part);
	}
	if (!err) {
		*ret_row = r.manifest.row;
		manifest_name(ret_row->made_ms, ret_row->name);
	}
	named_free(&r.list);
	if (r.source >= 0)
		(void)close(r.source);
	if (r.target >= 0)
		(void)close(r.target);
	return err;
}
