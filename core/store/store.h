/* The store: one SQLite database, one writing connection, reading connections for permits and jobs.
 * The rule: with stmt.c, writer.c, migrate.c, search.c the only place that knows SQLite; nobody else begins a
 * transaction, commits or checkpoints.
 */
#ifndef CURB_STORE_H
#define CURB_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/arena.h"
#include "curb/db.h"
#include "curb/plugin.h"
#include "host.h"

struct curb_store;
struct store_reader; /* a read-only connection with its statement cache */

struct store_options {
	const char *path;         /* database file; its folder exists */
	const unsigned char *key; /* 32 bytes for sealed columns and blind indexes, or NULL: none */
	uint32_t key_id;
	bool fresh_ok; /* make it when it is not there */
	bool as_is; /* CURB_ECONFLICT instead of a migration; what is written is thrown away, and its writer told nothing */
	bool still; /* nobody writes to it: for reading alone, without a lock, and nothing is made beside it */
};

/* Opens, sets WAL and synchronous=FULL, takes the file's lock, starts the writer thread. Yours: store_close,
 * which ends the writer after what is queued; readers are closed before. CURB_EBUSY: another process has it;
 * CURB_ENOTFOUND: not there; CURB_EINVAL: not a database of Curbcut. */
int store_open(const struct store_options *options, struct curb_store **ret_store);
void store_close(struct curb_store *store);

/* False after an I/O error or corruption: no more writes are taken (CURB_EINTERNAL), the server should exit
 * so that the supervisor reopens and checks. */
bool store_writable(const struct curb_store *store);

/* ---- reading: one thread at a time per reader ---- */
int store_reader_open(struct curb_store *store, struct store_reader **ret_reader);
void store_reader_close(struct store_reader *reader);
/* Begins a snapshot whose results go to `arena`; ends it (statements are reset). Cheap: begun lazily at the first
 * statement. */
struct curb_tx *store_begin(struct store_reader *reader, struct curb_arena *arena);
void store_end(struct store_reader *reader);
/* A number that is another one after each commit that may have changed rows of the core, as it was before the snapshot
 * began: what is read in a snapshot holds while store_begin gives the same number. */
uint64_t store_tx_version(const struct curb_tx *tx);

/* ---- writing ---- */
struct store_write {
	struct curb_str key;
	curb_write_fn fn;
	void *arg;
	/* Runs inside the transaction behind fn when that succeeded; may be NULL. Its error undoes both. */
	int (*last)(struct curb_tx *tx, void *last_arg);
	void *last_arg;
	/* For results of fn and last; the caller's own, untouched until store_write returns. NULL: they die with fn. */
	struct curb_arena *arena;
};
/* Queues, waits for the durable commit, returns fn's (or last's) result; curb_error_text of the writer's thread
 * is carried over. Many callers share a commit. */
int store_write(struct curb_store *store, const struct store_write *write);
/* Queues and returns at once; fn's arg is freed with `done(arg)` after the commit or the failure, also when this
 * returns CURB_EBUSY (too many wait already) or CURB_EINTERNAL (not writable). done runs on the writer's thread. */
int store_write_later(struct curb_store *store, curb_write_fn fn, void *arg, void (*done)(void *arg));

/* What is written last in every transaction, behind all functions of a group: the ledger's leaves. Its functions run on the
 * writer's thread; what it keeps in memory it throws away at the next `begin` unless `committed` was called. */
struct store_tail {
	void (*begin)(void *arg);
	void (*mark)(void *arg);                     /* a function begins */
	void (*undo)(void *arg);                     /* and was undone: back to the mark */
	int (*write)(struct curb_tx *tx, void *arg); /* an error undoes the whole transaction */
	void (*committed)(void *arg);                /* durable; nobody was told yet */
	void *arg;
};
/* Before the first write that needs it; once. */
void store_set_tail(struct curb_store *store, const struct store_tail *tail);
/* Its arg, in a write function; NULL: there is none. */
void *store_tail(const struct curb_tx *tx);

/* `refused`: functions that said no for a reason of the one who asked (a status below 500); `failed`: our own fault;
 * `slow`: over 20 ms. */
struct store_stats {
	uint64_t groups, writes, refused, failed, reruns, wal_pages, slow;
};
void store_stats(const struct curb_store *store, struct store_stats *ret_stats);

/* ---- migrations and search indexes ---- */
/* Brings the tables of `host` to the newest of `migrations`. CURB_ECONFLICT when an applied file has changed or the
 * database is newer. Each migration is one transaction. */
int store_migrate(struct curb_store *store, struct curb_host *host, const struct curb_migration *migrations);
/* The same for one of several parts that share an owner (the core's): each counts its versions from 1. */
int store_migrate_part(struct curb_store *store, struct curb_host *host, const char *part,
                       const struct curb_migration *migrations);
int store_make_searches(struct curb_store *store, struct curb_host *host, const struct curb_search *searches);

/* What was deleted so far is in no file of the database any more: the indexes of searches are put together anew, and the log is
 * written back and emptied. Keeps the writer for as long as the indexes are large: for what is seldom. CURB_EBUSY: a reader still
 * sees what was there before; try again. */
int store_scrub(struct curb_store *store);

/* ---- replies kept by Idempotency-Key ---- */
struct store_answer {
	int status;
	struct curb_str headers, body;
	int64_t made_ms;
};
/* Texts are arena of tx. CURB_ENOTFOUND when this person sent no such key to this route. */
int store_answer_find(struct curb_tx *tx, struct curb_str person, struct curb_str route, struct curb_str key,
                      struct store_answer *ret_answer);
/* In a write function. CURB_ECONFLICT when it is there. */
int store_answer_put(struct curb_tx *tx, struct curb_str person, struct curb_str route, struct curb_str key,
                     const struct store_answer *answer);
/* In a write function: removes at most 500 made before `before_ms`; call again while *ret_removed is 500. */
int store_answer_purge(struct curb_tx *tx, int64_t before_ms, int64_t *ret_removed);

/* PRAGMA quick_check and foreign_key_check. CURB_EINTERNAL with the first finding. */
int store_check(struct curb_store *store);
/* PRAGMA integrity_check and foreign_key_check, to the end: each finding is told to `found` (may be NULL), as SQLite words it.
 * CURB_EUNFIT when there were any; CURB_EBUSY when `cancelled` (may be NULL), which is asked again and again, says so. */
struct store_look {
	void (*found)(void *arg, const char *text);
	bool (*cancelled)(void *arg);
	void *arg;
};
int store_examine(struct curb_store *store, const struct store_look *look);

struct store_pages {
	uint64_t all, wrong;
	uint64_t holes; /* were never written, and are free */
	bool without;   /* a file of the time before checksums: nothing was compared */
};
/* Compares each page of a database file with its checksum, also while a server works on it in another process (not in this one:
 * closing the file would drop SQLite's locks on it). Pages count from 0. CURB_ENOTFOUND; CURB_EINTERNAL: it cannot be read. */
int store_scan(const char *path, void (*found)(void *arg, uint64_t page), void *arg,
               struct store_pages *ret_pages);
/* A consistent copy while the server runs: one snapshot, durable under its name only when it is whole. */
int store_copy(struct curb_store *store, const char *to_path);

#endif
