/* The database, as a plugin meets it: statements with typed parameters, one writer, groups of commits.
 * The rule: SQL is portable ($1…$n, text ids, int64 milliseconds), reads only its owner's tables, and
 * changes happen in a function handed to curb_write.
 *
 * Thread rules: a curb_tx belongs to the thread it was given to and dies with the handler, the job step
 * or the write function. A statement is reset by CURB_AUTO(stmt) before its block ends.
 */
#ifndef CURB_DB_H
#define CURB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/id.h"
#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_host;
struct curb_req;
struct curb_job;
struct curb_tx; /* one snapshot for reading, or the writer's open transaction */
struct curb_stmt;

enum curb_bind_type { CURB_BIND_END, CURB_BIND_INT, CURB_BIND_TEXT, CURB_BIND_BLOB, CURB_BIND_NULL };

struct curb_bind {
	enum curb_bind_type type;
	int64_t i;
	struct curb_str s;
};

static inline struct curb_bind curb_int(int64_t value)
{
	struct curb_bind b = { CURB_BIND_INT, value, { NULL, 0 } };
	return b;
}
static inline struct curb_bind curb_text(struct curb_str s) /* absent binds NULL */
{
	struct curb_bind b = { s.ptr ? CURB_BIND_TEXT : CURB_BIND_NULL, 0, s };
	return b;
}
static inline struct curb_bind curb_blob(struct curb_str s)
{
	struct curb_bind b = { s.ptr ? CURB_BIND_BLOB : CURB_BIND_NULL, 0, s };
	return b;
}
static inline struct curb_bind curb_cstring(const char *text)
{
	return curb_text(curb_str(text));
}
static inline struct curb_bind curb_bind_id(const struct curb_id *id)
{
	return curb_text(curb_id_str(id));
}
static inline struct curb_bind curb_null(void)
{
	struct curb_bind b = { CURB_BIND_NULL, 0, { NULL, 0 } };
	return b;
}

/* Parameters in order, $1 first: CURB_BINDS(curb_int(5), curb_text(q)). Texts must live until the
 * statement is reset. */
#define CURB_BINDS(...) ((const struct curb_bind[]){ __VA_ARGS__, { CURB_BIND_END, 0, { NULL, 0 } } })
#define CURB_NO_BINDS ((const struct curb_bind *)0)

/* Prepares (or finds prepared) and binds. `sql` is static: the cache knows it by its address. `host` owns
 * the statement and bounds what it may read and write. CURB_EINTERNAL on bad SQL or a table of others. */
int curb_query(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
               struct curb_stmt **ret_stmt);

/* 1: a row is there; 0: no more; negative: CURB_ECONFLICT (unique, foreign key, check), CURB_EINTERNAL. */
int curb_step(struct curb_stmt *stmt);

/* Runs to the end. *ret_changed (may be NULL) is the number of rows changed. */
int curb_exec(struct curb_host *host, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
              int64_t *ret_changed);

/* Columns of the row, from 0. Texts and blobs live until the next step; curb_dup keeps them. */
int64_t curb_col_int(struct curb_stmt *stmt, int column);
struct curb_str curb_col_text(struct curb_stmt *stmt, int column); /* NULL is absent */
struct curb_str curb_col_blob(struct curb_stmt *stmt, int column);
struct curb_id curb_col_id(struct curb_stmt *stmt, int column);
bool curb_col_null(struct curb_stmt *stmt, int column);

void curb_reset(struct curb_stmt *stmt); /* NULL is fine */
static inline void curb_auto_stmt(struct curb_stmt **stmt)
{
	curb_reset(*stmt);
}

/* The request's or the job's reading snapshot (the same one until curb_write). Never NULL in a handler. */
struct curb_tx *curb_req_tx(struct curb_req *req);
struct curb_tx *curb_job_tx(struct curb_job *job);

/* Runs in the writer's transaction, in a savepoint of its own; a negative return undoes it alone. It may
 * run again after a failed group: it touches only `tx` and `arg`, sets `arg`'s results afresh, and reads
 * again what it decides on. Takes under 20 ms. It must not reply, log, wait or write files. */
typedef int (*curb_write_fn)(struct curb_tx *tx, void *arg);

/* Makes the reply of a write from what fn left in `arg`. Called once, after fn: inside the transaction
 * when the client sent an Idempotency-Key, else after the commit. Only curb_reply_… on small bodies. */
typedef int (*curb_answer_fn)(struct curb_req *req, void *arg);

/* Hands `fn` to the writer, gives the permit back while waiting, and returns after the commit is durable.
 * `key` (trainee, cohort) orders writers; absent: no order needed. The request's snapshot is a new one
 * afterwards. Returns what fn returned, or CURB_EBUSY / CURB_EFULL / CURB_EINTERNAL of the commit. */
int curb_write(struct curb_req *req, struct curb_str key, curb_write_fn fn, void *arg);

/* The same, then `answer`. With an Idempotency-Key (header, or the hidden field idempotency_key) the reply
 * is stored in the same transaction, and a repeat gets that reply without fn being run. */
int curb_write_reply(struct curb_req *req, struct curb_str key, curb_write_fn fn, curb_answer_fn answer,
                     void *arg);

int curb_job_write(struct curb_job *job, struct curb_str key, curb_write_fn fn, void *arg);
/* From init and start only. */
int curb_host_write(struct curb_host *host, struct curb_str key, curb_write_fn fn, void *arg);

/* Rows of `table` (declared in the plugin's `searches`) that match what a person typed, best first; when there are
 * more than 2,000, as they were added.
 * Each step gives column 0: the row's id. Bigrams for Chinese, whole words for Latin, both for mixed. */
int curb_search(struct curb_host *host, struct curb_tx *tx, const char *table, struct curb_str words,
                int64_t limit, int64_t offset, struct curb_stmt **ret_stmt);

/* Bytes that sort as Chinese readers expect (ICU's collation for zh: pinyin, Latin behind); for a column to order
 * by, written anew when a text changes. Arena. */
struct curb_str curb_sort_key(struct curb_tx *tx, struct curb_str text);

/* A value encrypted for a column (XChaCha20-Poly1305; associated data is table, column and id), and back.
 * Results are arena of `tx`. CURB_EINTERNAL when the key is not there or the value was changed. */
int curb_seal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
              struct curb_str plain, struct curb_str *ret_sealed);
int curb_unseal(struct curb_tx *tx, const char *table, const char *column, const struct curb_id *id,
                struct curb_str sealed, struct curb_str *ret_plain);
/* A keyed hash to look a sealed value up by; 64 hex digits, arena. */
struct curb_str curb_blind_index(struct curb_tx *tx, const char *table, const char *column,
                                 struct curb_str plain);

struct curb_arena *curb_tx_arena(struct curb_tx *tx);

#ifdef __cplusplus
}
#endif
#endif
