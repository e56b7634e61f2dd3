#include "helper.h"

#include <stdlib.h>

#include "curb/cleanup.h"

struct curb_host shop = { .magic = CURB_HOST_MAGIC, .owner = "shop" };
struct curb_host other = { .magic = CURB_HOST_MAGIC, .owner = "other" };

static const unsigned char key[32] = "a key for tests, thirty-two byte";

static const struct curb_migration shop_migrations[] = {
	{ 1, "init",
	  "CREATE TABLE shop_thing (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
	  " size {INT64} NOT NULL DEFAULT 0 CHECK (size >= 0), picture {BLOB}) {STRICT};\n"
	  "CREATE TABLE shop_part (id TEXT NOT NULL PRIMARY KEY, thing TEXT NOT NULL"
	  " REFERENCES shop_thing (id) DEFERRABLE INITIALLY DEFERRED) {STRICT};\n"
	  "CREATE INDEX shop_part_thing ON shop_part (thing);\n"
	  "CREATE TRIGGER shop_thing_bomb BEFORE INSERT ON shop_thing WHEN new.name = 'bomb'"
	  " BEGIN SELECT RAISE(ROLLBACK, 'bomb'); END;\n" },
	{ 0, NULL, NULL },
};

static const struct curb_migration other_migrations[] = {
	{ 1, "init", "CREATE TABLE other_secret (id TEXT NOT NULL PRIMARY KEY, word TEXT) {STRICT};" },
	{ 0, NULL, NULL },
};

static void open_store(struct fixture *f)
{
	struct store_options options = { .path = f->path, .key = key, .key_id = 7, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f->store), 0);
	assert_int_equal(store_migrate(f->store, &shop, shop_migrations), 0);
	assert_int_equal(store_migrate(f->store, &other, other_migrations), 0);
	assert_int_equal(store_reader_open(f->store, &f->reader), 0);
}

static void close_store(struct fixture *f)
{
	store_reader_close(f->reader);
	store_close(f->store);
}

void fixture_open(struct fixture *f)
{
	*f = (struct fixture){ .folder = temp_folder() };
	temp_path(&f->folder, "main.db", f->path);
	f->arena = curb_arena_new(1 << 20);
	open_store(f);
}

void fixture_reopen(struct fixture *f)
{
	close_store(f);
	open_store(f);
}

void fixture_close(struct fixture *f)
{
	close_store(f);
	curb_arena_free(f->arena);
	temp_remove(&f->folder);
}

int setup_fixture(void **state)
{
	struct fixture *f = curb_xcalloc(1, sizeof *f);
	fixture_open(f);
	*state = f;
	return 0;
}

int teardown_fixture(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

struct one_statement {
	struct curb_host *host;
	const char *sql;
	const struct curb_bind *binds;
};

static int run_one_statement(struct curb_tx *tx, void *arg)
{
	struct one_statement *one = arg;
	return curb_exec(one->host, tx, one->sql, one->binds, NULL);
}

int write_fn(struct fixture *f, curb_write_fn fn, void *arg)
{
	return store_write(f->store, &(struct store_write){ .fn = fn, .arg = arg });
}

int write_sql(struct fixture *f, struct curb_host *host, const char *sql, const struct curb_bind *binds)
{
	struct one_statement one = { host, sql, binds };
	return write_fn(f, run_one_statement, &one);
}

int64_t read_int(struct fixture *f, struct curb_host *host, const char *sql, const struct curb_bind *binds)
{
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	struct curb_stmt *stmt = NULL;
	int err = curb_query(host, tx, sql, binds, &stmt);
	int row = err ? err : curb_step(stmt);
	int64_t value = row == 1 ? curb_col_int(stmt, 0) : -1000 - row;
	store_end(f->reader);
	curb_arena_reset(f->arena);
	return value;
}
