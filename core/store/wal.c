/* The write-ahead log: its room on the disk, and when it is written back.
 *
 * A log that grows at every commit makes the file system write the file's size as well: on ext4 each sync then waits
 * twice as long. So the file is made longer a good piece ahead, with zeros, and commits write over them. SQLite reads no
 * further than the last frame with the log's own salt (https://sqlite.org/fileformat2.html, section 4.1): zeros have none.
 */
#include "inside.h"

#include "curb/log.h"

enum {
	FRAME = 24 + 4096,       /* of a log with pages of the usual size */
	STEP_LEAST = 256 * 1024, /* bytes made ready at once: little for a server that writes little */
	STEP_MOST = 1024 * 1024, /* as much as a commit can carry along without being felt */
	PIECE = 64 * 1024
};

static int note_pages(void *arg, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	((struct curb_store *)arg)->wal_pages = pages;
	return SQLITE_OK;
}

/* What a crash left in the log goes into the file before anything is added: after a failed fsync the old pages may be
 * in memory only and still look written, and a log whose middle is not on the disk would lose all that follows. */
static int empty(struct store_conn *conn)
{
	int rc = sqlite3_wal_checkpoint_v2(conn->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc == SQLITE_OK ? 0 : conn_fail(conn, rc, "checkpoint");
}

int wal_start(struct curb_store *store)
{
	int err = empty(store->writer);
	(void)sqlite3_wal_hook(store->writer->db, note_pages, store);
	return err;
}

/* Gives the length that the file has afterwards. */
static sqlite3_int64 lengthen(sqlite3_file *file, sqlite3_int64 size)
{
	static const char zeros[PIECE];
	sqlite3_int64 step = size < STEP_LEAST ? STEP_LEAST : size > STEP_MOST ? STEP_MOST : size;
	for (sqlite3_int64 end = size + step; size < end; size += PIECE)
		if (file->pMethods->xWrite(file, zeros, PIECE, size) != SQLITE_OK)
			break;
	return size;
}

/* Nothing is lost when it fails: the commit then writes behind the end, and says itself what the disk lacks. */
void wal_reserve(struct curb_store *store)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 size, need = (sqlite3_int64)store->wal_pages * FRAME + STEP_LEAST;
	if (need <= store->wal_room || need > (sqlite3_int64)CEILING_PAGES * FRAME)
		return;
	if (sqlite3_file_control(store->writer->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) !=
	            SQLITE_OK ||
	    !file->pMethods || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
		return;
	store->wal_room = need > size ? lengthen(file, size) : size;
}

void wal_checkpoint(struct curb_store *store, bool quiet)
{
	atomic_store(&store->wal_now, (uint64_t)store->wal_pages);
	if (store->wal_pages < store->wal_base) { /* the log began anew, perhaps shorter */
		store->wal_base = 0;
		store->wal_room = 0;
	}
	int grown = store->wal_pages - store->wal_base;
	if (!store_writable(store) || grown < (quiet ? QUIET_PAGES : CEILING_PAGES))
		return;
	int rc = sqlite3_wal_checkpoint_v2(store->writer->db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	store->wal_base = store->wal_pages;
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_FULL)
		return; /* readers or the disk are in the way: the log keeps everything until the next time */
	(void)conn_fail(store->writer, rc, "checkpoint");
	if (store->writer->broken)
		store_break(store);
}

int wal_empty(struct curb_store *store)
{
	enum { PATIENT_MS = 2000, HASTY_MS = 100 };
	(void)sqlite3_busy_timeout(store->writer->db, HASTY_MS); /* nobody is written for meanwhile */
	int rc = sqlite3_wal_checkpoint_v2(store->writer->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	(void)sqlite3_busy_timeout(store->writer->db, PATIENT_MS);
	if (rc != SQLITE_OK)
		return conn_fail(store->writer, rc, "checkpoint");
	store->wal_pages = store->wal_base = 0;
	store->wal_room = 0;
	return 0;
}
