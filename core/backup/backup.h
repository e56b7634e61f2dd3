/* Backups: a snapshot of the database with all blobs that it names, in a folder that is whole or not there.
 * The rule: the key is never in one; blobs are shared by the backups of a folder, and copied there once.
 *
 *     FOLDER/2026-11-22T02-00-00.000Z/curbcut.db      one snapshot, checked
 *                                     blobs           what it names: a line "SHA256 SIZE" for each
 *                                     missing         those of them that were missing or damaged in the server already
 *                                     manifest.json   what the others must be
 *     FOLDER/blobs/ab/SHA256
 *
 * Rows of blobs are never removed, and a blob that a row names is never removed either: what the snapshot names is there
 * until it is copied. What a backup that was cut off has left is removed by the next one.
 */
#ifndef CURB_BACKUP_H
#define CURB_BACKUP_H

#include "blobs.h"
#include "curb/job.h"
#include "curb/plugin.h"
#include "store.h"

struct backups; /* state of the process */

enum { BACKUP_NAME = 32, BACKUP_VERSION = 32, BACKUP_MARK = 40, BACKUPS_LISTED = 1000 };

struct backups_options {
	struct curb_store *store;
	struct blobs *blobs;
	const char *data;    /* the data folder; lives as long as the backups, as do the other texts */
	const char *folder;  /* "": the folder backups in the data folder */
	const char *version; /* of the server */
	uint32_t key_id;
	char mark[BACKUP_MARK]; /* of the server: backup_mark */
	int64_t keep;           /* whole ones in the folder; older ones are removed behind a newer one */
	int64_t warn_days;      /* the newest may be as old */
};

struct backups *backups_new(const struct backups_options *options);
void backups_free(struct backups *backups); /* NULL is fine */

const char *backups_folder(const struct backups *backups);
/* On the disk of the data folder: both are lost together. */
bool backups_same_disk(const struct backups *backups);
/* The configured folder is not there: its disk may not be connected. */
bool backups_gone(const struct backups *backups);
/* The configured folder is there, but on the disk of the data folder: another disk that should hold it is not connected. */
bool backups_misplaced(const struct backups *backups);
/* Made by a clock that was ahead of this one: how old it is cannot be told. */
bool backups_ahead(int64_t newest_ms, int64_t now_ms);
bool backups_late(const struct backups *backups, int64_t newest_ms, int64_t now_ms);
int64_t backups_kept(const struct backups *backups);

struct backup_row {
	char name[BACKUP_NAME], version[BACKUP_VERSION];
	char mark[BACKUP_MARK]; /* of the server; "": it has none */
	int64_t made_ms, database_bytes, blobs, blob_bytes;
	int64_t missing; /* of the blobs, those that were missing or damaged in the server itself */
	uint32_t key_id;
	bool whole; /* false: its manifest cannot be read, and only the name is known */
};
/* The newest BACKUPS_LISTED in `folder`, the newest first; arena. A folder that is not there holds none. */
void backup_list(const char *folder, struct curb_arena *arena, struct backup_row **ret_rows, size_t *ret_n);

/* Those of this server in the configured folder, and those that cannot be read. */
void backups_list(const struct backups *backups, struct curb_arena *arena, struct backup_row **ret_rows,
                  size_t *ret_n);

/* Who is told how far it is, and may stop it; each may be NULL. `found` names a file that is missing or damaged;
 * `without_damaged`: restoring goes on without those. */
struct backup_call {
	bool without_damaged;
	void (*progress)(void *arg, int permille);
	bool (*cancelled)(void *arg);
	void (*found)(void *arg, const char *name, bool missing);
	void *arg;
};

/* Makes one while the server goes on. `folder` NULL: the configured one, in which too old ones are then removed. Only the
 * folder backups in the data folder is made when it is not there. Blobs that are missing or damaged in the server are
 * left out, and counted in the row.
 * CURB_EBUSY: one is being made there, or it was cancelled; CURB_EINVAL: the folder must not be used; CURB_EDENIED: it
 * cannot be written; CURB_EFULL, with what is missing. */
int backup_make(struct backups *backups, const char *folder, const struct backup_call *call,
                struct backup_row *ret_row);

/* Makes the data folder `to` of the backup `from` (or of the newest in the folder `from`). Everything is checked before
 * `to` gets its name; the key is not in it. Nobody is signed in there, and no job of the core goes on. What the server
 * itself missed is told to `found` and refuses nothing.
 * CURB_ENOTFOUND: no backup, or not all of it; CURB_EINVAL: `to` cannot be replaced; CURB_ECONFLICT: it is not empty, or
 * `from` has backups of several servers; CURB_EBUSY: another makes it just now; CURB_EUNFIT: the backup is damaged. */
int backup_restore(const char *from, const char *to, const struct backup_call *call,
                   struct backup_row *ret_row);

extern const struct curb_migration backup_migrations[]; /* of the core's host */
/* The store's key is the one that the database is sealed with; a first one, or one with a higher number, is taken as it
 * is and remembered. CURB_EINVAL: it is another one. */
int backup_check_key(struct curb_store *store, uint32_t key_id);

/* What tells this database's backups from those of others in the same folder; made when it is asked for first. */
int backup_mark(struct curb_store *store, char ret_mark[static BACKUP_MARK]);

/* The kind "backup"; its state is the struct backups. Ended by a zero row. */
extern const struct curb_job_kind backup_jobs[];
/* In a write function. CURB_ECONFLICT: one waits or runs already. */
int backup_queue(struct curb_tx *tx, const struct curb_id *person, struct curb_id *ret_job);

#endif
