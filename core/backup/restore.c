/* A data folder made of a backup: everything is checked before the folder gets its name. */
#include <fcntl.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"
#include "visits.h"
#include "work.h"

struct restoring {
	const struct backup_call *call;
	char from[PATH_SIZE],
		blobs[PATH_SIZE]; /* the backup, and the blobs of its folder; "": they are not there */
	int source;               /* the folder `from` */
	struct into into;
	struct manifest manifest;
	struct named_list list,
		missed; /* what the database names, by hashes; what the server itself missed of it */
	bool *gone;     /* of `list`: it is missing or damaged */
	int64_t lost;   /* so many of them that the server had */
};

static bool join(char *path, const char *a, const char *between, const char *b)
{
	int n = snprintf(path, PATH_SIZE, "%s%s%s", a, between, b);
	return n > 0 && n < PATH_SIZE;
}

/* ---- which backup ---- */

/* Of the server that made the newest one. Those from before backups had a mark say nothing. */
static int check_marks(const char *folder, const struct backup_row *rows, size_t n,
                       const struct backup_row *newest)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].whole && rows[i].mark[0] && strcmp(rows[i].mark, newest->mark) != 0)
			return curb_fail(
				CURB_ECONFLICT,
				"Backups of several servers lie in %s: name the folder of one backup",
				folder);
	return 0;
}

/* `from` is a backup, or a folder of backups: then the newest whole one of it. */
static int find_backup(struct restoring *r, const char *from)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(8 << 20);
	CURB_AUTO(fd) int fd = -1;
	bool fits = true;
	int err = file_open_folder(from, &fd);
	if (err)
		return curb_fail(CURB_ENOTFOUND, "There is no folder %s", from);
	if (faccessat(fd, "manifest.json", F_OK, 0) == 0) {
		fits = join(r->from, from, "", "") && join(r->blobs, from, "/../", "blobs");
	} else {
		struct backup_row *rows;
		size_t n, i = 0;
		backup_list(from, arena, &rows, &n);
		while (i < n && !rows[i].whole)
			i++;
		if (i == n)
			return curb_fail(CURB_ENOTFOUND, "There is no whole backup in %s", from);
		err = check_marks(from, rows, n, &rows[i]);
		fits = join(r->from, from, "/", rows[i].name) && join(r->blobs, from, "/", "blobs");
	}
	return err || fits ? err : curb_fail(CURB_ETOOBIG, "The name of a folder is too long");
}

/* A dated folder that was copied alone. */
static int check_blobs(struct restoring *r)
{
	if (access(r->blobs, F_OK) == 0)
		return 0;
	r->blobs[0] = '\0';
	if (r->call->without_damaged)
		return 0;
	return curb_fail(
		CURB_ENOTFOUND,
		"The folder blobs beside the backup %s is missing: copy it there too. "
		"curbcut restore --without-damaged goes on without it; all courses are then imported "
		"again",
		r->from);
}

/* ---- the database ---- */

/* The backup was itself a job, which the snapshot shows running; and who was signed out since then would be in again. */
static int end_what_went_on(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = work_end_core(tx);
	return err ? err : people_visits_end_all(tx, curb_wall_ms());
}

static int look_into(struct restoring *r, const char *path)
{
	const struct store_options options = { .path = path };
	const struct store_write write = { .fn = end_what_went_on };
	struct curb_store *store = NULL;
	int err = store_open(&options, &store);
	if (!err)
		err = store_check(store);
	if (!err)
		err = named_of_store(store, &r->list);
	if (!err)
		err = store_write(store, &write);
	store_close(store);
	(void)unlinkat(r->into.fd, "curbcut.db.lock", 0);
	return err;
}

static int restore_database(struct restoring *r)
{
	char hex[BLOB_HEX + 1], path[PATH_SIZE + 16];
	(void)snprintf(path, sizeof path, "%s/curbcut.db", r->into.part);
	int err = file_copy(r->source, r->into.fd, "curbcut.db", r->call, hex);
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

static int check_lost(const struct restoring *r, const struct named_list *lost)
{
	int64_t more = 0; /* than the server missed itself */
	for (size_t i = 0; i < lost->n; i++) {
		char hex[BLOB_HEX + 1];
		named_hex(&lost->items[i], hex);
		more += !named_has(&r->missed, curb_str(hex));
	}
	if (!more || r->call->without_damaged)
		return 0;
	return curb_fail(CURB_EUNFIT,
	                 "Files of courses in the backup are missing or damaged: %lld. curbcut restore "
	                 "--without-damaged goes on without them; these courses are then imported again",
	                 (long long)more);
}

static int carry_whole(struct restoring *r, const struct blobs *from, struct blobs *to)
{
	struct named_list lost = { .n = 0 };
	struct carrying carrying = { .from = from,
		                     .to = to,
		                     .list = &r->list,
		                     .call = r->call,
		                     .lost = &lost,
		                     .total = r->list.bytes };
	int err = carry(&carrying);
	if (err == CURB_EUNFIT)
		err = check_lost(r, &lost);
	named_free(&lost);
	return err;
}

static int restore_blobs(struct restoring *r)
{
	char to[PATH_SIZE + 16];
	struct blobs *from = NULL, *target = NULL;
	(void)snprintf(to, sizeof to, "%s/blobs", r->into.part);
	int err = blobs_open(to, &target);
	if (!err)
		err = blobs_open_read(r->blobs[0] ? r->blobs : to, &from);
	if (!err)
		err = named_missing(r->source, &r->manifest, &r->missed);
	if (err == CURB_EUNFIT && r->call->without_damaged)
		err = 0;
	named_sort(&r->missed);
	if (!err)
		err = carry_whole(r, from, target);
	blobs_close(from);
	blobs_close(target);
	return err;
}

static int restore(struct restoring *r)
{
	int err = check_blobs(r);
	if (!err)
		err = file_open_folder(r->from, &r->source);
	if (!err)
		err = manifest_get(r->source, ".", &r->manifest);
	if (!err)
		err = restore_database(r);
	if (!err)
		err = restore_blobs(r);
	return err ? err : into_give_name(&r->into);
}

int backup_restore(const char *from, const char *to, const struct backup_call *call,
                   struct backup_row *ret_row)
{
	struct restoring r = { .call = call, .source = -1, .into.fd = -1 };
	int err = find_backup(&r, from);
	if (!err)
		err = into_open(&r.into, to);
	if (!err)
		err = restore(&r);
	if (!err) {
		*ret_row = r.manifest.row;
		manifest_name(ret_row->made_ms, ret_row->name);
	}
	named_free(&r.list);
	named_free(&r.missed);
	if (r.source >= 0)
		(void)close(r.source);
	into_close(&r.into);
	return err;
}
