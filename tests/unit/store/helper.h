/* A store in a folder of its own, a few tables, and short ways to write and read.
 * The rule: each test opens its own and closes it.
 */
#ifndef CURB_TESTS_STORE_HELPER_H
#define CURB_TESTS_STORE_HELPER_H

#include <stdio.h>

#include "cm.h"
#include "curb/err.h"
#include "store.h"
#include "temp.h"

struct fixture {
	struct temp_folder folder;
	char path[512];
	struct curb_store *store;
	struct store_reader *reader;
	struct curb_arena *arena;
};

extern struct curb_host shop, other; /* two plugins: tables shop_… and other_… */

/* shop_thing (id, name, size), shop_part (thing -> shop_thing, deferred) and other_secret (id) */
void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);
/* Closes and opens the store again, as a restart does. */
void fixture_reopen(struct fixture *f);

int setup_fixture(void **state);
int teardown_fixture(void **state);

/* One statement of `host` in a write of its own. */
int write_sql(struct fixture *f, struct curb_host *host, const char *sql, const struct curb_bind *binds);
int write_fn(struct fixture *f, curb_write_fn fn, void *arg);
/* The first column of the first row in a new snapshot; -1000 - err on an error. */
int64_t read_int(struct fixture *f, struct curb_host *host, const char *sql, const struct curb_bind *binds);

#endif
