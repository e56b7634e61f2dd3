/* Between the files of backups. */
#ifndef CURB_BACKUP_INSIDE_H
#define CURB_BACKUP_INSIDE_H

#include <sys/stat.h>

#include "backup.h"

enum { PATH_SIZE = 4096, NAMED_BYTES = 32 };

#define BACKUP_MAKING ".making"
#define BACKUP_GOING ".going-"

struct backups {
	struct backups_options o;
	char folder[PATH_SIZE];
};

/* ---- files.c: paths are relative to the open folder `at` ---- */
/* An error of the disk while `path` was worked on: CURB_EFULL, CURB_EDENIED, CURB_EINTERNAL. */
int file_fail(const char *path);
int file_open_folder(const char *path, int *ret_fd);
/* For reading. CURB_ENOTFOUND; CURB_EUNFIT: it is no plain file. */
int file_open(int at, const char *name, int *ret_fd);
/* Writes a file and makes it durable. */
int file_put(int at, const char *name, struct curb_str bytes);
/* The bytes of a small file, arena. CURB_ENOTFOUND, CURB_ETOOBIG. */
int file_get(int at, const char *name, struct curb_arena *arena, struct curb_str *ret_bytes);
/* The hash of an open file, from where it stands; `name` is for what is said. */
int file_hash_open(int fd, const char *name, const struct backup_call *call,
                   char ret_hex[static BLOB_HEX + 1], int64_t *ret_bytes);
int file_hash(int at, const char *name, const struct backup_call *call, char ret_hex[static BLOB_HEX + 1],
              int64_t *ret_bytes);
/* Copies a file, makes it durable, and tells the hash of what was read. */
int file_copy(int from, int to, const char *name, const struct backup_call *call,
              char ret_hex[static BLOB_HEX + 1]);
/* Removes a file or a folder with all that is in it; follows no links. */
void file_remove(int at, const char *name);
bool call_cancelled(const struct backup_call *call);
int call_stopped(void); /* the error for it */

/* ---- named.c: the blobs that a database names ---- */
struct named {
	unsigned char sha256[NAMED_BYTES];
	int64_t size;
};
struct named_list {
	struct named *items; /* by their hashes, after named_sort */
	size_t n, room;
	int64_t bytes;
};
void named_add(struct named_list *list, const struct named *one);
void named_free(struct named_list *list);
void named_hex(const struct named *one, char ret_hex[static BLOB_HEX + 1]);
/* All that the database names. */
int named_of_store(struct curb_store *store, struct named_list *list);
/* The file of them, and back: it adds to what is there. */
int named_put(int at, const struct named_list *list, char ret_hex[static BLOB_HEX + 1]);
int named_get(int at, const char *name, const char *hex, struct named_list *list);
struct manifest;
/* The file of those that were missing or damaged in the server itself, and back: from the open folder of the backup `at`.
 * CURB_EUNFIT when it is not what the manifest says. */
int named_put_missing(int at, const struct named_list *list);
int named_missing(int at, const struct manifest *manifest, struct named_list *list);
void named_sort(struct named_list *list);
bool named_has(const struct named_list *list, struct curb_str hex);

/* ---- carry.c: blobs from one store to another ---- */
struct carrying {
	const struct blobs *from;
	struct blobs *to;
	const struct named_list *list;
	const struct backup_call *call;
	struct named_list *lost; /* what is missing or damaged is added; may be NULL */
	int64_t done, total;     /* bytes, for the progress */
};
/* Bytes of those that are not in `to` in their full size. */
int64_t carry_missing(const struct carrying *carrying);
/* Copies those that `to` has not or has damaged, a few at a time, each checked by its hash and durable. All are tried;
 * CURB_EUNFIT when one or more are missing or damaged, with the name of the first: the others are there. */
int carry(struct carrying *carrying);

/* ---- manifest.c ---- */
struct manifest {
	struct backup_row row;
	char database[BLOB_HEX + 1], list[BLOB_HEX + 1]; /* hashes */
};
/* The name of a backup of this moment; room for BACKUP_NAME. */
void manifest_name(int64_t made_ms, char *ret_name);
bool manifest_name_ok(const char *name);
int manifest_put(int at, const struct manifest *manifest);
/* CURB_EUNFIT when it is not one of ours, or of another moment than `folder` says; "." says none. */
int manifest_get(int at, const char *folder, struct manifest *ret_manifest);

/* ---- into.c: the folder that a data folder is made in ---- */
struct into {
	char to[PATH_SIZE], part[PATH_SIZE]; /* its name, and the one until it is whole */
	int fd;                              /* of `part`, locked; -1: none */
	bool ours, there;                    /* there: an empty folder of the name, to be replaced */
	struct stat before;                  /* of it */
};
/* Makes `part`, or empties what was left of it. CURB_EINVAL: `to` cannot be replaced; CURB_ECONFLICT: it is not empty;
 * CURB_EBUSY: another makes it just now; CURB_EDENIED. into_close in any case. */
int into_open(struct into *into, const char *to);
/* With owner and mode of the folder that it replaces. */
int into_give_name(struct into *into);
/* What has no name yet is removed. */
void into_close(struct into *into);

/* ---- keep.c ---- */
/* Removes the whole ones of this server but the newest `keep` and never `made`, then the blobs that no backup names any
 * more. While there is one whose names cannot be read, blobs stay. */
int keep_newest(const char *folder, int at, struct blobs *blobs, int64_t keep, const struct backup_row *made);
/* When the newest whole one of any server was made; -1: there is none. */
int64_t keep_newest_ms(int at);
/* Whether there is anything that has the name of a backup. */
bool keep_any(int at);

#endif
