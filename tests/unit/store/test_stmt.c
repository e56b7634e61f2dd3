#include <stdio.h>

#include "helper.h"

#include "curb/cleanup.h"

#define ADD "INSERT INTO shop_thing (id, name, size) VALUES ($1, $2, $3)"
#define COUNT "SELECT count(*) FROM shop_thing"

static void add(struct fixture *f, const char *id, const char *name, int64_t size)
{
	assert_int_equal(
		write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring(id), curb_cstring(name), curb_int(size))),
		0);
}

static void stmt__a_write_is_seen_at_once(void **state)
{
	struct fixture *f = *state;
	for (int i = 1; i <= 50; i++) {
		char name[16];
		(void)snprintf(name, sizeof name, "n%d", i);
		add(f, name, name, i);
		assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), i);
	}
}

static void stmt__a_snapshot_stays_as_it_was(void **state)
{
	struct fixture *f = *state;
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	for (int i = 0; i < 2; i++) {
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		assert_int_equal(curb_query(&shop, tx, COUNT, CURB_NO_BINDS, &stmt), 0);
		assert_int_equal(curb_step(stmt), 1);
		assert_int_equal(curb_col_int(stmt, 0), 0);
		if (!i)
			add(f, "1", "a", 1);
	}
	store_end(f->reader);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 1);
}

static void stmt__columns_have_their_types(void **state)
{
	struct fixture *f = *state;
	struct curb_id id = curb_id_new(1);
	assert_int_equal(
		write_sql(f, &shop,
	                  "INSERT INTO shop_thing (id, name, size, picture) VALUES ($1, $2, $3, $4)",
	                  CURB_BINDS(curb_bind_id(&id), curb_text(curb_str_n("", 0)),
	                             curb_int(INT64_C(9007199254740993)), curb_blob(curb_str_n("\0x", 2)))),
		0);
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_query(&shop, tx, "SELECT id, name, size, picture, NULL, x'' FROM shop_thing",
	                            CURB_NO_BINDS, &stmt),
	                 0);
	assert_int_equal(curb_step(stmt), 1);
	struct curb_id got = curb_col_id(stmt, 0);
	assert_string_equal(got.text, id.text);
	assert_non_null(curb_col_text(stmt, 1).ptr);
	assert_int_equal(curb_col_text(stmt, 1).len, 0);
	assert_true(curb_col_int(stmt, 2) == INT64_C(9007199254740993));
	assert_int_equal(curb_col_blob(stmt, 3).len, 2);
	assert_memory_equal(curb_col_blob(stmt, 3).ptr, "\0x", 2);
	assert_true(curb_col_null(stmt, 4));
	assert_null(curb_col_text(stmt, 4).ptr);
	assert_null(curb_col_blob(stmt, 4).ptr);
	assert_false(curb_col_null(stmt, 5));
	assert_non_null(curb_col_blob(stmt, 5).ptr);
	assert_int_equal(curb_step(stmt), 0);
	assert_int_equal(curb_step(stmt), 0); /* the end stays the end */
}

static void stmt__parameters_are_numbered_by_name(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(read_int(f, &shop, "SELECT $2 * 10 + $1", CURB_BINDS(curb_int(3), curb_int(4))), 43);
	assert_int_equal(read_int(f, &shop, "SELECT $1 + $1", CURB_BINDS(curb_int(3))), 6);
}

static int query_error(struct fixture *f, const char *sql, const struct curb_bind *binds)
{
	struct curb_stmt *stmt = NULL;
	int err = curb_query(&shop, store_begin(f->reader, f->arena), sql, binds, &stmt);
	store_end(f->reader);
	return err;
}

static void stmt__wrong_use_is_an_error(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(query_error(f, "SELECT $1", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT $1", CURB_BINDS(curb_int(1), curb_int(2))), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT $1 + $3", CURB_BINDS(curb_int(1), curb_int(2))),
	                 CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT ?", CURB_BINDS(curb_int(1))), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT 1; SELECT 2", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "-- nothing", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELEKT", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT \"name\"", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_int_equal(query_error(f, "SELECT 1 ;\n", CURB_NO_BINDS), 0);
}

static void stmt__changes_need_a_write(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(query_error(f, "DELETE FROM shop_thing", CURB_NO_BINDS), CURB_EINTERNAL);
	assert_non_null(strstr(curb_error_text(), "curb_write"));
}

static void stmt__a_text_that_is_not_static_is_noticed(void **state)
{
	struct fixture *f = *state;
	char sql[32] = "SELECT 1";
	assert_int_equal(read_int(f, &shop, sql, CURB_NO_BINDS), 1);
	(void)snprintf(sql, sizeof sql, "SELECT 2");
	assert_int_equal(query_error(f, sql, CURB_NO_BINDS), CURB_EINTERNAL);
}

static void stmt__one_text_can_run_within_itself(void **state)
{
	struct fixture *f = *state;
	static const char sql[] = "SELECT name FROM shop_thing ORDER BY name";
	add(f, "1", "a", 0);
	add(f, "2", "b", 0);
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	CURB_AUTO(stmt) struct curb_stmt *outer = NULL, *inner = NULL;
	assert_int_equal(curb_query(&shop, tx, sql, CURB_NO_BINDS, &outer), 0);
	assert_int_equal(curb_step(outer), 1);
	assert_int_equal(curb_query(&shop, tx, sql, CURB_NO_BINDS, &inner), 0);
	assert_ptr_not_equal(outer, inner);
	assert_int_equal(curb_step(inner), 1);
	assert_int_equal(curb_step(inner), 1);
	assert_true(curb_str_is(curb_col_text(inner, 0), "b"));
	assert_true(curb_str_is(curb_col_text(outer, 0), "a"));
}

static void stmt__a_reset_statement_gives_no_rows(void **state)
{
	struct fixture *f = *state;
	struct curb_stmt *stmt = NULL;
	assert_int_equal(
		curb_query(&shop, store_begin(f->reader, f->arena), "SELECT 1", CURB_NO_BINDS, &stmt), 0);
	curb_reset(stmt);
	curb_reset(stmt);
	assert_int_equal(curb_step(stmt), CURB_EINTERNAL);
}

static int count_changes(struct curb_tx *tx, void *arg)
{
	int64_t *counts = arg;
	int err = curb_exec(&shop, tx, "INSERT INTO shop_thing (id, name) VALUES ('1', 'a'), ('2', 'b')",
	                    CURB_NO_BINDS, &counts[0]);
	if (!err)
		err = curb_exec(&shop, tx, "UPDATE shop_thing SET size = 3 WHERE id = '9'", CURB_NO_BINDS,
		                &counts[1]);
	if (!err)
		err = curb_exec(&shop, tx,
		                "INSERT INTO shop_thing (id, name) VALUES ('3', 'a') ON CONFLICT DO NOTHING",
		                CURB_NO_BINDS, &counts[2]);
	if (!err)
		err = curb_exec(&shop, tx, "UPDATE shop_thing SET size = 4 RETURNING id", CURB_NO_BINDS,
		                &counts[3]);
	if (!err)
		err = curb_exec(&shop, tx, COUNT, CURB_NO_BINDS, &counts[4]);
	return err;
}

static void stmt__changed_rows_are_counted(void **state)
{
	struct fixture *f = *state;
	int64_t counts[5] = { -1, -1, -1, -1, -1 };
	assert_int_equal(write_fn(f, count_changes, counts), 0);
	static const int64_t wanted[] = { 2, 0, 0, 2, 0 };
	assert_memory_equal(counts, wanted, sizeof wanted);
}

static void stmt__constraints_are_conflicts(void **state)
{
	struct fixture *f = *state;
	add(f, "1", "a", 0);
	static const char *const bad[] = {
		"INSERT INTO shop_thing (id, name) VALUES ('1', 'b')",
		"INSERT INTO shop_thing (id, name) VALUES ('2', 'a')",
		"INSERT INTO shop_thing (id, name, size) VALUES ('2', 'b', -1)",
		"INSERT INTO shop_thing (id, name, size) VALUES ('2', 'b', 'many')",
		"INSERT INTO shop_thing (id, name) VALUES ('2', NULL)",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(write_sql(f, &shop, bad[i], CURB_NO_BINDS), CURB_ECONFLICT);
	assert_int_equal(write_sql(f, &shop, bad[0], CURB_NO_BINDS), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "UNIQUE constraint failed: shop_thing.id"));
	assert_string_equal(curb_error_local(), "the same entry is there already");
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 1);
}

static void stmt__the_cache_does_not_grow_without_end(void **state)
{
	struct fixture *f = *state;
	static char sqls[2000][24];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 2000; i++) {
			(void)snprintf(sqls[i], sizeof sqls[i], "SELECT %d", i);
			assert_int_equal(read_int(f, &shop, sqls[i], CURB_NO_BINDS), i);
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stmt__a_write_is_seen_at_once),
		TEST(stmt__a_snapshot_stays_as_it_was),
		TEST(stmt__columns_have_their_types),
		TEST(stmt__parameters_are_numbered_by_name),
		TEST(stmt__wrong_use_is_an_error),
		TEST(stmt__changes_need_a_write),
		TEST(stmt__a_text_that_is_not_static_is_noticed),
		TEST(stmt__one_text_can_run_within_itself),
		TEST(stmt__a_reset_statement_gives_no_rows),
		TEST(stmt__changed_rows_are_counted),
		TEST(stmt__constraints_are_conflicts),
		TEST(stmt__the_cache_does_not_grow_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
