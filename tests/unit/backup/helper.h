/* A data folder with a database and blobs, a folder for backups beside it, and a disk that fails when it is told to.
 * The rule: each test makes its own house.
 */
#ifndef CURB_TESTS_BACKUP_HELPER_H
#define CURB_TESTS_BACKUP_HELPER_H

#include "backup.h"
#include "cm.h"
#include "temp.h"

enum { HEX_SIZE = BLOB_HEX + 1, PATH_ROOM = 512 };

struct house {
	struct temp_folder folder;
	char data[PATH_ROOM], to[PATH_ROOM], back[PATH_ROOM]; /* the data, the backups, what is restored */
	struct curb_store *store;
	struct blobs *blobs;
	struct backups *backups;
	struct curb_arena *arena;
	char mark[BACKUP_MARK];
	char later[HEX_SIZE]; /* a blob that came while a backup was made; "": none */
};

int house_open(void **state);
int house_close(void **state);
/* Ends what works in the data folder, as a server that stops, and begins it again. */
void house_lock(struct house *house);
void house_unlock(struct house *house);
/* The house's backups as the configuration would have them. */
void house_backups(struct house *house, const char *folder, int64_t keep);

/* A blob of this text, named by a row; its hash. */
void house_blob(struct house *house, const char *text, char ret_hex[static HEX_SIZE]);
/* A row without a blob. */
void house_row(struct house *house, const char *hex, int64_t size);
/* A job of the kind "backup", */
void house_job(struct house *house, const char *id, const char *state, int64_t made_ms);
/* and one that is running. */
void house_running(struct house *house);
/* The first column of the first row in the database at `path`, as text; arena. */
const char *ask_database(struct house *house, const char *path, const char *sql);

/* Backups in the folder: how many, and how many of them are whole. */
size_t count_backups(struct house *house, size_t *ret_whole);
/* The path of a blob below `folder`. */
const char *blob_path(struct house *house, const char *folder, const char *hex);
void flip_byte(const char *path);

extern const struct backup_call quiet;
/* One made in the configured folder; the path of a file of one; whether there is something at a path. */
struct backup_row make(struct house *house);
const char *in(struct house *house, const char *name, const char *file);
bool is_there(const char *path);

struct finding {
	char name[80];
	bool missing;
	int count;
};
/* For backup_call.found; its arg is a struct finding. */
void note(void *arg, const char *name, bool missing);

/* The n-th of the calls that write to the disk from now on fails with this error, or ends the process like kill -9 when
 * it is 0. n 0: none. */
void disk_fails_at(int n, int error);
/* The clock on the wall shows so much more from now on. */
void clock_moves(int64_t ms);
/* Bytes that the disk says are free; -1: as it is. */
void disk_free(int64_t bytes);

#endif
