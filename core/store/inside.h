/* What the files of the store share.
 * The rule: a connection is used by one thread at a time; the writing one by the writer's thread alone.
 */
#ifndef CURB_STORE_INSIDE_H
#define CURB_STORE_INSIDE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "store.h"

enum {
	TX_MAGIC = 0x54784378,
	STMT_MAGIC = 0x53746d74,
	BUCKETS = 256,   /* of a connection's statement cache */
	STMTS_MAX = 512, /* above it the cache is emptied at the end of a transaction */
	BINDS_MAX = 64,
	ERROR_TEXT = 512,     /* as in base/err.c */
	SLOW_US = 20000,      /* a write function should be done by then */
	QUIET_PAGES = 4000,   /* of the WAL: checkpoint when nobody waits */
	CEILING_PAGES = 8000, /* of the WAL: checkpoint although somebody waits */
	CAREFUL_GROUPS = 64,
	WAKE_WORDS = 4,
	LATER_MAX = 4096 /* writes that nobody waits for */
};

/* What the authorizer lets pass. SHUT outside of the store's own calls, so nothing is allowed by omission. */
enum guard { GUARD_SHUT, GUARD_STORE, GUARD_OWNER, GUARD_MIGRATION };

enum fixed {
	FIXED_BEGIN,
	FIXED_BEGIN_WRITE,
	FIXED_COMMIT,
	FIXED_ROLLBACK,
	FIXED_SAVE,
	FIXED_RELEASE,
	FIXED_UNDO,
	FIXED_COUNT
};

struct curb_stmt {
	uint32_t magic;
	sqlite3_stmt *raw;
	struct store_conn *conn;
	const char *sql, *owner;         /* the key: both by address */
	struct curb_stmt *next;          /* in its bucket */
	struct curb_stmt *newer, *older; /* among those in use */
	unsigned char param[BINDS_MAX];  /* SQLite's index of $1, $2, … */
	unsigned char params;
	bool busy, done, readonly, core; /* core: changes rows of the core */
	int failed;                      /* what the last step gave when it failed */
};

struct curb_tx {
	uint32_t magic;
	struct store_conn *conn;
	struct curb_arena *arena;
	bool begun; /* a reader's snapshot; the writer's transaction always is */
	uint64_t version;
};

struct store_conn {
	sqlite3 *db;
	struct curb_store *store;
	bool writing, core_changed; /* core_changed: since the last group */
	enum guard guard;
	const char *owner; /* whose statement is prepared or stepped */
	char denied[160];  /* what the authorizer refused last; "" for nothing */
	int broken;        /* first SQLite code after which this connection is not to be trusted */
	sqlite3_stmt *fixed[FIXED_COUNT];
	struct curb_stmt *buckets[BUCKETS];
	struct curb_stmt *in_use; /* newest first */
	size_t stmts;
};

struct store_reader {
	struct store_conn *conn;
	struct curb_tx tx;
};

/* One declared search; never freed before the store, so its texts are static for the statement cache. */
struct search {
	struct search *next;
	char *owner, *table;
	char *sql, *plain, *count; /* best first; as they were added; how many, up to a bound */
};

struct ticket;
struct keys;

struct curb_store {
	char *path;
	bool still;
	bool as_is; /* nothing is migrated, and no transaction committed */
	int lock_fd;
	struct store_conn *writer;
	struct curb_tx tx;        /* the writer's */
	struct curb_arena *arena; /* for write functions whose caller brings none */
	struct keys *keys;        /* NULL: none given */
	struct store_tail tail;   /* all NULL: none */
	_Atomic(struct search *) searches;

	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards the queue */
	pthread_cond_t wake;
	struct ticket *first, **last;
	size_t later;
	bool stop;
	atomic_uint rounds[WAKE_WORDS]; /* callers sleep on one; it grows when they may look */
	unsigned round;                 /* on which who comes now will sleep */

	atomic_bool writable;
	/* the writer's thread only */
	int wal_pages, wal_base; /* now, and at the last checkpoint */
	sqlite3_int64 wal_room;  /* bytes of the file; 0: to be asked */
	int careful;             /* groups yet to run with savepoints */
	atomic_uint_fast64_t groups, writes, refused, failed, reruns, slow, wal_now;
	atomic_uint_fast64_t version; /* of the core's rows */
};

/* ---- store.c ---- */
int store_touch(const char *path); /* makes an empty file that only we may read */

/* ---- conn.c ---- */
int conn_open(struct curb_store *store, bool writing, bool fresh, struct store_conn **ret_conn);
void conn_close(struct store_conn *conn);                  /* NULL is fine */
int conn_fixed(struct store_conn *conn, enum fixed which); /* SQLite's code */
/* Runs one statement of the store's own, static text. *ret_value (may be NULL): first column of the first row. */
int conn_run(struct store_conn *conn, const char *sql, int64_t *ret_value);
/* curb_fail for SQLite's code `rc`, and remembers codes after which the connection is not to be trusted. */
int conn_fail(struct store_conn *conn, int rc, const char *what);

/* ---- guard.c ---- */
int guard_check(void *arg, int action, const char *a, const char *b, const char *db, const char *by);
bool guard_owns(const char *owner, const char *name);

/* ---- stmt.c ---- */
void stmts_reset(struct store_conn *conn);
void stmts_free(struct store_conn *conn);

/* ---- writer.c ---- */
int writer_start(struct curb_store *store);
void writer_stop(struct curb_store *store);
/* Runs `task` on the writer's thread outside of any transaction and returns its result. */
int writer_task(struct curb_store *store, int (*task)(struct curb_store *store, void *arg), void *arg);

/* ---- group.c ---- */
struct ticket {
	struct store_write write;
	int (*task)(struct curb_store *store, void *arg);
	void (*done)(void *arg); /* of a write nobody waits for */
	curb_translate_fn translate;
	void *translate_arg;
	int err;
	char text[ERROR_TEXT], local[ERROR_TEXT];
	struct ticket *next; /* in the queue, then in its group */
	atomic_uint *round;  /* what its caller sleeps on */
	atomic_bool is_done; /* from here on the ticket may be gone */
};

void group_run(struct curb_store *store, struct ticket *first);
void store_break(struct curb_store *store);
int store_broken_fail(void);

/* ---- wal.c ---- */
int wal_start(struct curb_store *store);                   /* before the writer's thread */
void wal_reserve(struct curb_store *store);                /* before a commit */
void wal_checkpoint(struct curb_store *store, bool quiet); /* writes the log back when it is long enough */
int wal_empty(struct curb_store *store); /* writes all of it back, and leaves nothing in it */

/* ---- search.c, hanbigram.c ---- */
int hanbigram_register(struct store_conn *conn);
void searches_free(struct curb_store *store);
/* Puts every index together anew: tokens of deleted rows stay in it until then. On the writer's thread, outside of a transaction. */
int searches_settle(struct curb_store *store);

/* ---- seal.c ---- */
struct keys *keys_new(const unsigned char *key, uint32_t key_id);
void keys_free(struct keys *keys);

extern const struct curb_migration store_migrations[];

#endif
