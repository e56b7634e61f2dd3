/* Uploads: a row that says how much is to come, and a file whose size says how much came. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"
#include "work.h"

#define SELECT_UPLOAD "SELECT id, person, name, length, made_ms, expires_ms, job FROM core_upload "

static int read_upload(struct curb_tx *tx, const char *sql, struct curb_str id, struct upload *ret_upload)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND,
		                 "This upload is not here: it was finished, ended or has expired. "
		                 "Start it again");
	*ret_upload = (struct upload){
		.id = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2)),
		.length = curb_col_int(stmt, 3),
		.made_ms = curb_col_int(stmt, 4),
		.expires_ms = curb_col_int(stmt, 5),
		.job = curb_col_id(stmt, 6),
	};
	return 0;
}

int upload_row(struct curb_tx *tx, struct curb_str id, struct upload *ret_upload)
{
	return read_upload(tx, SELECT_UPLOAD "WHERE id = $1", id, ret_upload);
}

int upload_of_job(struct curb_tx *tx, const struct curb_id *job, struct upload *ret_upload)
{
	return read_upload(tx, SELECT_UPLOAD "WHERE job = $1", curb_id_str(job), ret_upload);
}

int upload_held(struct curb_tx *tx, const struct upload *upload, bool *ret_held)
{
	struct work_job job;
	int err = curb_id_some(&upload->job) ? work_job(tx, curb_id_str(&upload->job), &job) : CURB_ENOTFOUND;
	if (err && err != CURB_ENOTFOUND)
		return err;
	*ret_held = !err && job.ended_ms == 0;
	return 0;
}

int upload_forget(struct curb_tx *tx, const struct curb_id *id)
{
	static const char sql[] = "DELETE FROM core_upload WHERE id = $1";
	return curb_exec(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(id)), NULL);
}

int upload_add(struct curb_tx *tx, const struct upload *upload, struct upload_expired *ret_expired)
{
	static const char sql[] = "INSERT INTO core_upload (id, person, name, length, made_ms, expires_ms) "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
	int err = upload_expire(tx, upload->made_ms, ret_expired);
	if (err)
		return err;
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&upload->id), curb_bind_id(&upload->person),
	                            curb_text(upload->name), curb_int(upload->length),
	                            curb_int(upload->made_ms), curb_int(upload->expires_ms)),
	                 NULL);
}

struct upload_path {
	char text[4096];
};

static struct upload_path path_of(const struct ingest *ingest, const char *name)
{
	struct upload_path path;
	(void)snprintf(path.text, sizeof path.text, "%s/%s", ingest->o.upload_folder, name);
	return path;
}

/* What is acknowledged of a file is worth nothing when its name is lost. */
static int sync_folder(const struct ingest *ingest)
{
	CURB_AUTO(fd) int folder = open(ingest->o.upload_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder >= 0 && fsync(folder) == 0 ? 0 : -1;
}

int upload_open(const struct ingest *ingest, const struct curb_id *id, bool make, int *ret_fd,
                int64_t *ret_size)
{
	struct stat info;
	int fd = open(path_of(ingest, id->text).text, O_RDWR | O_CLOEXEC | (make ? O_CREAT | O_EXCL : 0),
	              0600);
	if (fd < 0 || fstat(fd, &info) != 0 || (make && sync_folder(ingest) != 0)) {
		if (fd >= 0)
			(void)close(fd);
		return curb_fail(make ? CURB_EFULL : CURB_ENOTFOUND,
		                 "The file of this upload cannot be opened; start again");
	}
	*ret_fd = fd;
	*ret_size = info.st_size;
	return 0;
}

void upload_unlink(const struct ingest *ingest, const struct curb_id *id)
{
	if (unlink(path_of(ingest, id->text).text) != 0)
		curb_log(CURB_DEBUG, "upload-file-gone upload=%s", id->text);
}

int upload_expire(struct curb_tx *tx, int64_t now_ms, struct upload_expired *ret_expired)
{
	static const char sql[] =
		"DELETE FROM core_upload WHERE id IN (SELECT u.id FROM core_upload u WHERE u.expires_ms < $1 "
		"AND NOT EXISTS (SELECT 1 FROM core_job j WHERE j.id = u.job AND j.ended_ms IS NULL) LIMIT "
		"$2) "
		"RETURNING id";
	enum { MOST = sizeof ret_expired->ids / sizeof *ret_expired->ids };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_int(now_ms), curb_int(MOST)), &stmt);
	ret_expired->n = 0;
	while (!err && (err = curb_step(stmt)) > 0) {
		ret_expired->ids[ret_expired->n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	return err;
}

void upload_unlink_expired(const struct ingest *ingest, const struct upload_expired *expired)
{
	for (size_t i = 0; i < expired->n; i++)
		upload_unlink(ingest, &expired->ids[i]);
}

static int expire(struct curb_tx *tx, void *arg)
{
	return upload_expire(tx, curb_wall_ms(), arg);
}

static int expire_all(struct ingest *ingest)
{
	struct upload_expired expired = { .n = 1 };
	int err = 0;
	while (!err && expired.n) {
		err = store_write(ingest->o.store, &(struct store_write){ .fn = expire, .arg = &expired });
		if (!err)
			upload_unlink_expired(ingest, &expired);
	}
	return err;
}

/* A file goes when its row is gone: it was finished, ended or expired, or the row never became durable. */
static void sweep_file(struct ingest *ingest, struct store_reader *reader, const char *name)
{
	struct curb_id id;
	struct upload upload;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	if (!curb_id_parse(curb_str(name), &id))
		return;
	int err = upload_row(store_begin(reader, arena), curb_str(name), &upload);
	store_end(reader);
	if (err == CURB_ENOTFOUND)
		upload_unlink(ingest, &id);
}

int upload_sweep(struct ingest *ingest)
{
	struct store_reader *reader = NULL;
	int err = expire_all(ingest);
	if (!err)
		err = store_reader_open(ingest->o.store, &reader);
	if (err)
		return err;
	DIR *folder = opendir(ingest->o.upload_folder);
	for (struct dirent *entry; folder && (entry = readdir(folder));)
		sweep_file(ingest, reader, entry->d_name);
	if (folder)
		(void)closedir(folder);
	store_reader_close(reader);
	return 0;
}
