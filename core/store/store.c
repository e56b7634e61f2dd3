#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "sums.h"

struct curb_host curb_core_host = { .magic = CURB_HOST_MAGIC, .owner = "core" };

enum { WRITE_ARENA = 16 << 20 };

/* SQLite would let everyone on the machine read a file that it makes; those beside it take the mode of this one. */
int store_touch(const char *path)
{
	CURB_AUTO(fd) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd >= 0 ? 0 : curb_fail(CURB_EINTERNAL, "%s cannot be opened: error %d", path, errno);
}

/* ---- one process ---- */

/* A file of its own: closing any descriptor of the database file would drop the locks SQLite holds on it. */
static int take_lock(struct curb_store *store)
{
	char *name = sqlite3_mprintf("%s.lock", store->path);
	CURB_ASSERT(name);
	store->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	sqlite3_free(name);
	if (store->lock_fd < 0)
		return curb_fail(CURB_EINTERNAL, "%s.lock cannot be opened: error %d", store->path, errno);
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return curb_fail(CURB_EBUSY, "%s is in use by another process; stop that server, or ask it",
	                 store->path);
}

/* ---- opening ---- */

/* Without it every allocation of every thread goes through one lock. */
static void configure_sqlite(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sums_register();
}

static int open_inside(struct curb_store *store, const struct store_options *options)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, configure_sqlite);
	if (sodium_init() < 0)
		return curb_fail(CURB_EINTERNAL, "no random numbers");
	if (!options->fresh_ok && access(store->path, F_OK) != 0)
		return curb_fail(CURB_ENOTFOUND, "there is no database %s", store->path);
	if (options->still)
		return 0;
	int err = take_lock(store);
	if (!err)
		err = store_touch(store->path);
	if (!err)
		err = conn_open(store, true, options->fresh_ok, &store->writer);
	if (!err)
		err = wal_start(store);
	if (err)
		return err;
	store->tx = (struct curb_tx){ .magic = TX_MAGIC, .conn = store->writer, .begun = true };
	store->keys = keys_new(options->key, options->key_id);
	atomic_store(&store->writable, true);
	err = writer_start(store);
	return err ? err : store_migrate_part(store, &curb_core_host, "store", store_migrations);
}

int store_open(const struct store_options *options, struct curb_store **ret_store)
{
	struct curb_store *store = curb_xcalloc(1, sizeof *store);
	store->lock_fd = -1;
	store->path = curb_xstrdup(options->path);
	store->still = options->still;
	store->as_is = options->as_is;
	store->arena = curb_arena_new(WRITE_ARENA);
	(void)pthread_mutex_init(&store->mutex, NULL);
	(void)pthread_cond_init(&store->wake, NULL);
	int err = open_inside(store, options);
	if (err) {
		store_close(store);
		return err;
	}
	*ret_store = store;
	return 0;
}

void store_close(struct curb_store *store)
{
	if (!store)
		return;
	writer_stop(store);
	conn_close(store->writer);
	searches_free(store);
	keys_free(store->keys);
	curb_arena_free(store->arena);
	(void)pthread_cond_destroy(&store->wake);
	(void)pthread_mutex_destroy(&store->mutex);
	if (store->lock_fd >= 0)
		(void)close(store->lock_fd);
	free(store->path);
	free(store);
}

bool store_writable(const struct curb_store *store)
{
	return atomic_load_explicit(&store->writable, memory_order_acquire);
}

void store_stats(const struct curb_store *store, struct store_stats *ret_stats)
{
	*ret_stats = (struct store_stats){
		.groups = atomic_load(&store->groups),
		.writes = atomic_load(&store->writes),
		.refused = atomic_load(&store->refused),
		.failed = atomic_load(&store->failed),
		.reruns = atomic_load(&store->reruns),
		.wal_pages = atomic_load(&store->wal_now),
		.slow = atomic_load(&store->slow),
	};
}

/* ---- reading ---- */

int store_reader_open(struct curb_store *store, struct store_reader **ret_reader)
{
	struct store_conn *conn = NULL;
	int err = conn_open(store, false, false, &conn);
	if (err)
		return err;
	struct store_reader *reader = curb_xcalloc(1, sizeof *reader);
	reader->conn = conn;
	reader->tx = (struct curb_tx){ .magic = TX_MAGIC, .conn = conn };
	*ret_reader = reader;
	return 0;
}

void store_reader_close(struct store_reader *reader)
{
	if (!reader)
		return;
	store_end(reader);
	conn_close(reader->conn);
	free(reader);
}

struct curb_tx *store_begin(struct store_reader *reader, struct curb_arena *arena)
{
	store_end(reader);
	reader->tx.arena = arena;
	reader->tx.version = atomic_load(&reader->conn->store->version);
	return &reader->tx;
}

uint64_t store_tx_version(const struct curb_tx *tx)
{
	return tx->version;
}

void store_end(struct store_reader *reader)
{
	stmts_reset(reader->conn);
	if (reader->tx.begun && !sqlite3_get_autocommit(reader->conn->db))
		(void)conn_fixed(reader->conn, FIXED_COMMIT);
	reader->tx.begun = false;
}

/* ---- what comes last in a transaction ---- */

static int set_tail(struct curb_store *store, void *arg)
{
	store->tail = *(const struct store_tail *)arg;
	return 0;
}

void store_set_tail(struct curb_store *store, const struct store_tail *tail)
{
	struct store_tail copy = *tail;
	(void)writer_task(store, set_tail, &copy); /* between two groups */
}

void *store_tail(const struct curb_tx *tx)
{
	return tx->conn->store->tail.arg;
}
