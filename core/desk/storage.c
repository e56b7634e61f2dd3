/* What the machine holds: blobs, the database, uploads that wait, the room that is left. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/words.h"
#include "ingest.h"
#include "inside.h"

enum { PATH_SIZE = 4096 };

static int64_t size_of(const struct desk *desk, const char *name)
{
	char path[PATH_SIZE];
	struct stat info;
	(void)snprintf(path, sizeof path, "%s/%s", desk->o.data, name);
	return stat(path, &info) == 0 ? (int64_t)info.st_size : 0;
}

/* Files that lie directly in a folder of the data; uploads are few. */
static int64_t size_of_folder(const struct desk *desk, const char *name)
{
	char path[PATH_SIZE];
	int64_t sum = 0;
	(void)snprintf(path, sizeof path, "%s/%s", desk->o.data, name);
	DIR *folder = opendir(path);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		struct stat info;
		if (fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(info.st_mode))
			sum += (int64_t)info.st_size;
	}
	if (folder)
		(void)closedir(folder);
	return sum;
}

static int count_blobs(struct curb_tx *tx, struct desk_storage *storage)
{
	static const char sql[] = "SELECT count(*), coalesce(sum(size), 0) FROM core_blob";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	storage->blobs = curb_col_int(stmt, 0);
	storage->blob_bytes = curb_col_int(stmt, 1);
	return 0;
}

int desk_storage(struct curb_tx *tx, const struct desk *desk, struct desk_storage *ret_storage)
{
	struct desk_storage storage = { .free_bytes = -1, .disk_bytes = -1 };
	struct statvfs disk;
	int err = count_blobs(tx, &storage);
	if (err)
		return err;
	storage.database_bytes = size_of(desk, "curbcut.db") + size_of(desk, "curbcut.db-wal");
	storage.waiting_bytes = size_of_folder(desk, "uploads") + size_of_folder(desk, "spool");
	if (statvfs(desk->o.data, &disk) == 0) {
		storage.free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
		storage.disk_bytes = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
	}
	*ret_storage = storage;
	return 0;
}

struct curb_str desk_files(struct curb_req *req, const char *source, int64_t n, int64_t bytes)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "n", n);
	curb_put_str(values, "size", curb_words_size(req, bytes));
	return curb_tr(req, source, values);
}

/* What nothing needs, and what became of it. */
static int put_unused(struct curb_req *req, struct curb_value *facts)
{
	struct ingest_unused unused;
	int err = ingest_unused(curb_req_tx(req), &unused);
	if (err)
		return err;
	desk_fact(facts, curb_tr(req, "Files that nothing needs", NULL),
	          unused.waiting ? desk_files(req,
	                                      CURB_TEXT("{n} files, {size}; they are kept for a week and "
	                                                "then removed"),
	                                      unused.waiting, unused.waiting_bytes) :
	                           curb_tr(req, "None", NULL),
	          NULL);
	desk_fact(facts, curb_tr(req, "Removed so far, because nothing needed them", NULL),
	          unused.removed ? desk_files(req, CURB_TEXT("{n} files, {size}"), unused.removed,
	                                      unused.removed_bytes) :
	                           curb_tr(req, "None", NULL),
	          NULL);
	desk_fact(facts, curb_tr(req, "Last looked for them", NULL),
	          unused.looked_ms ? desk_moment(req, unused.looked_ms) : curb_tr(req, "Not yet", NULL),
	          "/machine/jobs");
	if (unused.away.len)
		desk_fact(facts, curb_tr(req, "None is removed while this does not run", NULL), unused.away,
		          NULL);
	return 0;
}

int desk_get_storage(struct curb_req *req, void *state)
{
	struct curb_value *model = curb_object(curb_req_arena(req)), *facts = curb_array(curb_req_arena(req));
	struct desk_storage storage;
	int err = desk_storage(curb_req_tx(req), state, &storage);
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("Storage"));
	desk_fact(facts, curb_tr(req, "Media and texts of courses", NULL),
	          curb_words_size(req, storage.blob_bytes), NULL);
	desk_fact(facts, curb_tr(req, "Files they are kept in", NULL),
	          desk_tr_int(req, CURB_TEXT("{n} files"), "n", storage.blobs), NULL);
	desk_fact(facts, curb_tr(req, "Database", NULL), curb_words_size(req, storage.database_bytes), NULL);
	desk_fact(facts, curb_tr(req, "Uploads that are not taken in yet", NULL),
	          storage.waiting_bytes ? curb_words_size(req, storage.waiting_bytes) :
	                                  curb_tr(req, "None", NULL),
	          NULL);
	if (storage.free_bytes >= 0) {
		desk_fact(facts, curb_tr(req, "Free on the disk", NULL),
		          curb_words_size(req, storage.free_bytes), NULL);
		desk_fact(facts, curb_tr(req, "Size of the disk", NULL),
		          curb_words_size(req, storage.disk_bytes), NULL);
	}
	err = put_unused(req, facts);
	if (err)
		return err;
	curb_put(model, "facts", facts);
	return curb_reply_page(req, 200, "machine_storage", model);
}
