/* Blobs are durable before rows name them, so an import that fails or dies in between leaves some that nobody names. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

struct mark_path {
	char text[4096];
};

static struct mark_path mark_of(const struct ingest *ingest)
{
	struct mark_path path;
	(void)snprintf(path.text, sizeof path.text, "%s/.importing", ingest->o.upload_folder);
	return path;
}

/* Durable, folder and all: it must be there after a power cut too. */
static void put_mark(const struct ingest *ingest)
{
	CURB_AUTO(fd) int fd = open(mark_of(ingest).text, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CURB_AUTO(fd) int folder = open(ingest->o.upload_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) != 0 || folder < 0 || fsync(folder) != 0)
		curb_log(CURB_WARN, "import_mark_failed");
}

void leavings_mark(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->leaving);
	if (ingest->under_way++ == 0 && ingest->o.store)
		put_mark(ingest);
}

void leavings_unmark(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->leaving);
	if (--ingest->under_way == 0 && ingest->o.store && !ingest->left_over)
		(void)unlink(mark_of(ingest).text);
}

void leavings_begin(struct ingest *ingest)
{
	leavings_mark(ingest);
	blobs_keep(ingest->o.blobs);
}

void leavings_end(struct ingest *ingest)
{
	blobs_let_go(ingest->o.blobs);
	leavings_unmark(ingest);
}

void leavings_leave(struct ingest *ingest)
{
	CURB_LOCKED(lock, &ingest->leaving);
	ingest->left_over = true;
}

static int blob_named(struct curb_tx *tx, struct curb_str sha256, bool *ret_named)
{
	static const char sql[] = "SELECT 1 FROM core_blob WHERE sha256 = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(sha256)), &stmt);
	if (!err && (err = curb_step(stmt)) >= 0) {
		*ret_named = err == 1;
		err = 0;
	}
	return err;
}

struct dropping {
	struct ingest *ingest;
	struct curb_tx *tx;
	int64_t count;
};

static void drop_unnamed(void *arg, struct curb_str sha256)
{
	struct dropping *dropping = arg;
	bool named = true;
	if (!sha256.ptr || blob_named(dropping->tx, sha256, &named) != 0 || named)
		return;
	blobs_remove(dropping->ingest->o.blobs, sha256);
	dropping->count++;
}

static void drop_file(struct dropping *dropping, const struct curb_value *file)
{
	drop_unnamed(dropping, curb_get_str(file, "sha256"));
}

static void drop_package(struct dropping *dropping, const struct curb_value *package)
{
	const struct curb_value *units = curb_value_get(package, "units");
	for (size_t i = 0; i < curb_value_count(units); i++) {
		const struct curb_value *tracks = curb_value_get(curb_value_at(units, i), "tracks");
		for (size_t k = 0; k < curb_value_count(tracks); k++) {
			drop_file(dropping, curb_value_get(curb_value_at(tracks, k), "file"));
			drop_file(dropping, curb_value_get(curb_value_at(tracks, k), "index"));
		}
	}
}

void leavings_drop(struct ingest *ingest, struct curb_arena *arena, const struct curb_value *package)
{
	CURB_LOCKED(lock, &ingest->leaving);
	struct store_reader *reader = NULL;
	/* After an error of the database the rows may be there all the same: readers do not see them, the next start does. */
	if (ingest->under_way > 1 || !store_writable(ingest->o.store) ||
	    store_reader_open(ingest->o.store, &reader) != 0) {
		ingest->left_over = true;
		return;
	}
	struct dropping dropping = { ingest, store_begin(reader, arena), 0 };
	const struct curb_value *versions = curb_value_get(package, "versions"); /* of a pack */
	drop_package(&dropping, package);
	for (size_t i = 0; i < curb_value_count(versions); i++)
		drop_package(&dropping, curb_value_at(versions, i));
	store_end(reader);
	store_reader_close(reader);
}

int leavings_sweep(struct ingest *ingest)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(64 << 20);
	struct store_reader *reader = NULL;
	if (access(mark_of(ingest).text, F_OK) != 0)
		return 0;
	int err = store_reader_open(ingest->o.store, &reader);
	if (err)
		return err;
	struct dropping dropping = { ingest, store_begin(reader, arena), 0 };
	err = blobs_each(ingest->o.blobs, drop_unnamed, &dropping);
	store_end(reader);
	store_reader_close(reader);
	if (err)
		return err;
	(void)unlink(mark_of(ingest).text);
	curb_log(CURB_INFO, "import_leavings removed=%lld", (long long)dropping.count);
	return 0;
}
