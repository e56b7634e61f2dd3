#include "flaky.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

struct flaky flaky;

struct file {
	sqlite3_file base;
	bool is_wal;
	sqlite3_file *under; /* behind this struct */
};

static sqlite3_vfs layer;
static sqlite3_vfs *system_vfs;

static sqlite3_file *under(sqlite3_file *file)
{
	return ((struct file *)(void *)file)->under;
}

static bool used_up(atomic_int *left)
{
	int n = atomic_load(left);
	if (n < 0)
		return false;
	if (n > 0)
		atomic_store(left, n - 1);
	return n == 0;
}

static int do_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
	atomic_fetch_add(&flaky.writes, 1);
	int64_t room = atomic_load(&flaky.wal_room);
	if (room >= 0 && ((struct file *)(void *)file)->is_wal && offset + n > room)
		return SQLITE_FULL;
	if (used_up(&flaky.writes_left))
		return atomic_load(&flaky.code);
	return under(file)->pMethods->xWrite(under(file), bytes, n, offset);
}

static int do_sync(sqlite3_file *file, int flags)
{
	atomic_fetch_add(&flaky.syncs, 1);
	if (used_up(&flaky.syncs_left))
		return atomic_load(&flaky.code);
	return under(file)->pMethods->xSync(under(file), flags);
}

static int do_close(sqlite3_file *f)
{
	return under(f)->pMethods->xClose(under(f));
}
static int do_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return under(f)->pMethods->xRead(under(f), p, n, at);
}
static int do_truncate(sqlite3_file *f, sqlite3_int64 n)
{
	return under(f)->pMethods->xTruncate(under(f), n);
}
static int do_size(sqlite3_file *f, sqlite3_int64 *n)
{
	return under(f)->pMethods->xFileSize(under(f), n);
}
static int do_lock(sqlite3_file *f, int n)
{
	return under(f)->pMethods->xLock(under(f), n);
}
static int do_unlock(sqlite3_file *f, int n)
{
	return under(f)->pMethods->xUnlock(under(f), n);
}
static int do_reserved(sqlite3_file *f, int *r)
{
	return under(f)->pMethods->xCheckReservedLock(under(f), r);
}
static int do_control(sqlite3_file *f, int op, void *p)
{
	return under(f)->pMethods->xFileControl(under(f), op, p);
}
static int do_sector(sqlite3_file *f)
{
	return under(f)->pMethods->xSectorSize(under(f));
}
static int do_device(sqlite3_file *f)
{
	return under(f)->pMethods->xDeviceCharacteristics(under(f));
}
static int do_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **p)
{
	return under(f)->pMethods->xShmMap(under(f), page, size, extend, p);
}
static int do_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
	return under(f)->pMethods->xShmLock(under(f), at, n, flags);
}
static void do_shm_barrier(sqlite3_file *f)
{
	under(f)->pMethods->xShmBarrier(under(f));
}
static int do_shm_unmap(sqlite3_file *f, int remove)
{
	return under(f)->pMethods->xShmUnmap(under(f), remove);
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = do_close,
	.xRead = do_read,
	.xWrite = do_write,
	.xTruncate = do_truncate,
	.xSync = do_sync,
	.xFileSize = do_size,
	.xLock = do_lock,
	.xUnlock = do_unlock,
	.xCheckReservedLock = do_reserved,
	.xFileControl = do_control,
	.xSectorSize = do_sector,
	.xDeviceCharacteristics = do_device,
	.xShmMap = do_shm_map,
	.xShmLock = do_shm_lock,
	.xShmBarrier = do_shm_barrier,
	.xShmUnmap = do_shm_unmap,
};

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
	(void)vfs;
	struct file *f = (struct file *)(void *)file;
	memset(f, 0, sizeof *f);
	f->under = (sqlite3_file *)(void *)(f + 1);
	f->is_wal = flags & SQLITE_OPEN_WAL;
	int rc = system_vfs->xOpen(system_vfs, name, f->under, flags, ret_flags);
	if (rc == SQLITE_OK)
		f->base.pMethods = &methods;
	return rc;
}

void flaky_calm(void)
{
	atomic_store(&flaky.wal_room, -1);
	atomic_store(&flaky.writes_left, -1);
	atomic_store(&flaky.syncs_left, -1);
	atomic_store(&flaky.code, SQLITE_IOERR);
	atomic_store(&flaky.writes, 0);
	atomic_store(&flaky.syncs, 0);
}

void flaky_install(void)
{
	flaky_calm();
	system_vfs = sqlite3_vfs_find(NULL);
	layer = *system_vfs;
	layer.zName = "flaky";
	layer.pNext = NULL;
	layer.szOsFile = (int)sizeof(struct file) + system_vfs->szOsFile;
	layer.xOpen = do_open;
	(void)sqlite3_vfs_register(&layer, 1);
}
