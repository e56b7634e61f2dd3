#include "people_case.h"

#include "cm.h"
#include "roles.h"

struct people_case f;
int write_now(curb_write_fn fn, void *arg)
{
	struct store_write write = { .fn = fn, .arg = arg, .arena = f.arena };
	return store_write(f.store, &write);
}

static int add_people(struct curb_tx *tx, void *arg)
{
	(void)arg;
	struct people_new li = { .name = curb_str("Li"), .password_hash = "x", .role = CURB_LEARNER };
	struct people_new wang = { .name = curb_str("13800000001"),
		                   .password_hash = "y",
		                   .role = CURB_LEARNER };
	int err = people_add(tx, &li, NOW, &f.li);
	return err ? err : people_add(tx, &wang, NOW, &f.wang);
}

int people_set_up(void **state)
{
	static const unsigned char key[32] = "a key of the tests, nothing more";
	char path[512];
	(void)state;
	f = (struct people_case){ .folder = temp_folder() };
	temp_path(&f.folder, "a.db", path);
	const struct store_options options = { .path = path, .key = key, .key_id = 1, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f.store), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_reader_open(f.store, &f.reader), 0);
	f.arena = curb_arena_new(1 << 20);
	assert_int_equal(write_now(add_people, NULL), 0);
	return 0;
}

int people_tear_down(void **state)
{
	(void)state;
	store_reader_close(f.reader);
	store_close(f.store);
	curb_arena_free(f.arena);
	temp_remove(&f.folder);
	return 0;
}

int64_t count_of(const char *sql)
{
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_query(&curb_core_host, tx, sql, CURB_NO_BINDS, &stmt), 0);
	assert_int_equal(curb_step(stmt), 1);
	int64_t n = curb_col_int(stmt, 0);
	curb_reset(stmt);
	store_end(f.reader);
	return n;
}
