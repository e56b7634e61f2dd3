/* Making a backup: a snapshot, what it names, and last the name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

struct making {
	struct backups *backups;
	const struct backup_call *call;
	char path[PATH_SIZE];         /* the folder, with all links followed */
	int at, part, lock;           /* the folder, what is made in it, its lock */
	struct blobs *blobs;          /* of the folder */
	struct named_list list, lost; /* what the database names; what of it cannot be had */
	struct manifest manifest;
};

/* ---- the folder ---- */

static bool lies_in(const char *path, const char *folder)
{
	size_t n = strlen(folder);
	return strncmp(path, folder, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

/* Inside of the data folder only below "backups": blobs that no backup names are removed, and those of the server must
 * not be among them. */
static int check_place(const struct making *making)
{
	char data[PATH_SIZE], own[PATH_SIZE + 16];
	if (!realpath(making->backups->o.data, data))
		return file_fail(making->backups->o.data);
	(void)snprintf(own, sizeof own, "%s/backups", data);
	if (!lies_in(making->path, data) || lies_in(making->path, own))
		return 0;
	return curb_fail(
		CURB_EINVAL,
		"Backups cannot lie in %s, among what the server works with: name a folder outside of "
		"the data folder",
		making->path);
}

static bool holds(const struct making *making, const char *name)
{
	struct stat info;
	return fstatat(making->at, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Blobs that no backup names are removed: they must not be those of a server, nor what somebody else keeps there. */
static int check_holds(const struct making *making)
{
	if (holds(making, "curbcut.db") || holds(making, "keys"))
		return curb_fail(CURB_EINVAL,
		                 "%s is the data folder of a server, or a copy of one: name another folder "
		                 "for backups",
		                 making->path);
	if (holds(making, "blobs") && !holds(making, ".lock") && !keep_any(making->at))
		return curb_fail(CURB_EINVAL,
		                 "%s has a folder blobs and no backup: name an empty folder for backups",
		                 making->path);
	return 0;
}

/* Any other folder must be there: where a disk is not connected, a new one would lie on the disk of the system. */
static int make_own(const struct backups *backups)
{
	CURB_AUTO(fd) int above = -1;
	if (mkdir(backups->folder, 0700) != 0)
		return errno == EEXIST ? 0 : file_fail(backups->folder);
	int err = file_open_folder(backups->o.data, &above);
	return err ? err : fsync(above) != 0 ? file_fail(backups->folder) : 0;
}

static int lock(struct making *making)
{
	making->lock = openat(making->at, ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	                      0600);
	if (making->lock < 0)
		return file_fail(making->path);
	if (flock(making->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return curb_fail(CURB_EBUSY, "A backup is being made in %s already", making->path);
	return curb_fail(CURB_EINTERNAL,
	                 "%s cannot be locked (error %d): name a folder on a disk that knows locks",
	                 making->path, errno);
}

static int open_folder(struct making *making, const char *folder)
{
	const struct backups *backups = making->backups;
	int err = 0;
	if (folder == backups->folder && !backups->o.folder[0])
		err = make_own(backups);
	if (err)
		return err;
	if (!realpath(folder, making->path))
		return errno == ENOENT ? curb_fail(CURB_EINVAL,
		                                   "The folder %s is not there: make it first, or connect "
		                                   "its disk",
		                                   folder) :
		                         file_fail(folder);
	err = check_place(making);
	if (!err)
		err = file_open_folder(making->path, &making->at);
	if (!err)
		err = check_holds(making);
	return err ? err : lock(making);
}

/* What one that was cut off has left. */
static void clear_leavings(const struct making *making)
{
	int fd = openat(making->at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	file_remove(making->at, BACKUP_MAKING);
	while (folder && (entry = readdir(folder)))
		if (strncmp(entry->d_name, BACKUP_GOING, sizeof BACKUP_GOING - 1) == 0)
			file_remove(making->at, entry->d_name);
	if (folder)
		(void)closedir(folder);
	else if (fd >= 0)
		(void)close(fd);
}

static int open_blobs(struct making *making)
{
	char path[PATH_SIZE + 16];
	(void)snprintf(path, sizeof path, "%s/blobs", making->path);
	return blobs_open(path, &making->blobs);
}

static int check_room(const struct making *making, int64_t needed)
{
	enum { MEGABYTE = 1 << 20 };
	struct statvfs disk;
	if (fstatvfs(making->at, &disk) != 0)
		return file_fail(making->path);
	int64_t lacking = needed - (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	const long long missing = lacking / MEGABYTE + 1;
	if (lacking <= 0)
		return 0;
	return curb_fail(CURB_EFULL,
	                 "There is no room for a backup in %s: %lld MB are missing. Free as much, or name a "
	                 "folder on another disk",
	                 making->path, missing);
}

/* ---- the database ---- */

static int64_t size_of(const char *data, const char *name)
{
	char path[PATH_SIZE];
	struct stat info;
	(void)snprintf(path, sizeof path, "%s/%s", data, name);
	return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* The copy is read as a database, and tells what it names. */
static int look_into(struct making *making, const char *path)
{
	const struct store_options options = { .path = path, .still = true };
	struct curb_store *copy = NULL;
	int err = store_open(&options, &copy);
	if (!err)
		err = store_check(copy);
	if (!err)
		err = named_of_store(copy, &making->list);
	store_close(copy);
	return err;
}

static int copy_database(struct making *making)
{
	struct backup_row *row = &making->manifest.row;
	char path[PATH_SIZE + 32];
	(void)snprintf(path, sizeof path, "%s/" BACKUP_MAKING "/curbcut.db", making->path);
	int err = check_room(making, size_of(making->backups->o.data, "curbcut.db") +
	                                     size_of(making->backups->o.data, "curbcut.db-wal"));
	if (!err)
		err = store_copy(making->backups->o.store, path);
	if (!err)
		err = look_into(making, path);
	if (!err)
		err = file_hash(making->part, "curbcut.db", making->call, making->manifest.database,
		                &row->database_bytes);
	return err;
}

/* ---- blobs ---- */

static int copy_blobs(struct making *making)
{
	struct backup_row *row = &making->manifest.row;
	struct carrying carrying = { .from = making->backups->o.blobs,
		                     .to = making->blobs,
		                     .list = &making->list,
		                     .lost = &making->lost,
		                     .total = making->list.bytes,
		                     .call = making->call };
	row->blobs = (int64_t)making->list.n;
	row->blob_bytes = making->list.bytes;
	int err = check_room(making, carry_missing(&carrying));
	if (!err)
		err = carry(&carrying);
	/* The hours of everybody do not wait for a film. */
	if (err == CURB_EUNFIT && making->lost.n) {
		curb_log(CURB_WARN, "backup_lost blobs=%zu reason=\"%s\"", making->lost.n, curb_error_text());
		err = 0;
	}
	row->missing = (int64_t)making->lost.n;
	return err;
}

/* ---- the name ---- */

/* Behind all that are there, also when the clock has gone back: what is made last is the newest. */
static void find_name(struct making *making, char *ret_name)
{
	struct backup_row *row = &making->manifest.row;
	const int64_t newest_ms = keep_newest_ms(making->at);
	if (row->made_ms <= newest_ms)
		row->made_ms = newest_ms + 1;
	for (manifest_name(row->made_ms, ret_name); holds(making, ret_name);)
		manifest_name(++row->made_ms, ret_name);
}

static int give_name(struct making *making)
{
	struct backup_row *row = &making->manifest.row;
	char name[BACKUP_NAME];
	find_name(making, name);
	if (!manifest_name_ok(name))
		return curb_fail(CURB_EINVAL, "A backup in %s is of the year 9999: move it to another folder",
		                 making->path);
	int err = making->lost.n ? named_put_missing(making->part, &making->lost) : 0;
	if (!err)
		err = named_put(making->part, &making->list, making->manifest.list);
	if (!err)
		err = manifest_put(making->part, &making->manifest);
	if (err)
		return err;
	/* What an aborted one has brought may not be on the disk yet. */
	if (syncfs(making->at) != 0 || fsync(making->part) != 0 ||
	    renameat(making->at, BACKUP_MAKING, making->at, name) != 0)
		return file_fail(making->path);
	(void)snprintf(row->name, sizeof row->name, "%s", name);
	return fsync(making->at) != 0 ? file_fail(making->path) : 0;
}

static int make_part(struct making *making)
{
	if (mkdirat(making->at, BACKUP_MAKING, 0700) != 0)
		return file_fail(making->path);
	making->part = openat(making->at, BACKUP_MAKING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return making->part < 0 ? file_fail(making->path) : 0;
}

static int make(struct making *making)
{
	struct backup_row *row = &making->manifest.row;
	row->made_ms = curb_wall_ms();
	row->key_id = making->backups->o.key_id;
	row->whole = true;
	(void)snprintf(row->mark, sizeof row->mark, "%s", making->backups->o.mark);
	(void)snprintf(row->version, sizeof row->version, "%s", making->backups->o.version);
	clear_leavings(making);
	int err = open_blobs(making);
	if (!err)
		err = make_part(making);
	if (!err)
		err = copy_database(making);
	if (!err)
		err = copy_blobs(making);
	if (!err)
		err = call_cancelled(making->call) ? call_stopped() : give_name(making);
	return err;
}

/* Blobs that an aborted one has brought stay for the next: they are whole, and named by nothing. */
static void end(struct making *making, int err)
{
	if (err && making->part >= 0)
		file_remove(making->at, BACKUP_MAKING);
	named_free(&making->list);
	named_free(&making->lost);
	blobs_close(making->blobs);
	const int fds[] = { making->part, making->lock, making->at };
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
}

int backup_make(struct backups *backups, const char *folder, const struct backup_call *call,
                struct backup_row *ret_row)
{
	struct making making = {
		.backups = backups, .call = call, .at = -1, .part = -1, .lock = -1, .manifest = { .list = "" }
	};
	int64_t from_us = curb_tick_us();
	int err = open_folder(&making, folder ? folder : backups->folder);
	blobs_keep(
		backups->o.blobs); /* what the copy of the database names is there until it is copied too */
	if (!err)
		err = make(&making);
	blobs_let_go(backups->o.blobs);
	if (!err) {
		*ret_row = making.manifest.row;
		curb_log(CURB_INFO, "backup name=%s blobs=%lld ms=%lld", ret_row->name,
		         (long long)ret_row->blobs, (long long)((curb_tick_us() - from_us) / 1000));
	}
	/* The new one is whole: that an old one cannot be removed does not take it back. */
	if (!err && !folder && keep_newest(making.path, making.at, making.blobs, backups->o.keep, ret_row))
		curb_log(CURB_WARN, "backup_keep reason=\"%s\"", curb_error_text());
	end(&making, err);
	return err;
}
