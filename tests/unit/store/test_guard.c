#include "helper.h"

static void check_all(struct fixture *f, const char *const *sqls, size_t n, int wanted)
{
	for (size_t i = 0; i < n; i++) {
		int err = write_sql(f, &shop, sqls[i], CURB_NO_BINDS);
		if (err != wanted)
			print_error("%s -> %d %s\n", sqls[i], err, curb_error_text());
		assert_int_equal(err, wanted);
	}
}
#define CHECK_ALL(f, sqls, wanted) check_all(f, sqls, sizeof(sqls) / sizeof *(sqls), wanted)

static void guard__others_tables_are_out_of_reach(void **state)
{
	static const char *const sqls[] = {
		"SELECT word FROM other_secret",
		"SELECT count(*) FROM other_secret",
		"SELECT 1 FROM shop_thing WHERE EXISTS (SELECT 1 FROM other_secret)",
		"INSERT INTO shop_thing (id, name) SELECT id, id FROM other_secret",
		"INSERT INTO other_secret (id) VALUES ('1')",
		"UPDATE other_secret SET word = 'x'",
		"DELETE FROM other_secret",
		"SELECT count(*) FROM core_migration",
		"DELETE FROM core_migration",
		"SELECT sql FROM sqlite_master",
		"SELECT count(*) FROM sqlite_master",
		"UPDATE sqlite_master SET sql = ''",
		"DELETE FROM sqlite_master",
		"SELECT name FROM pragma_table_info('other_secret')",
		"SELECT name FROM dbstat",
	};
	CHECK_ALL(*state, sqls, CURB_EINTERNAL);
	assert_int_equal(read_int(*state, &curb_core_host, "SELECT word FROM other_secret", CURB_NO_BINDS),
	                 -1000 - CURB_EINTERNAL);
	assert_non_null(strstr(curb_error_text(), "core may not read other_secret"));
}

static void guard__a_name_that_begins_alike_is_another(void **state)
{
	struct curb_host sho = { .magic = CURB_HOST_MAGIC, .owner = "sho" };
	assert_int_equal(write_sql(*state, &sho, "SELECT name FROM shop_thing", CURB_NO_BINDS),
	                 CURB_EINTERNAL);
	assert_int_equal(write_sql(*state, &sho, "DELETE FROM shop_thing", CURB_NO_BINDS), CURB_EINTERNAL);
}

static void guard__statements_neither_begin_nor_build(void **state)
{
	static const char *const sqls[] = {
		"BEGIN",
		"COMMIT",
		"ROLLBACK",
		"SAVEPOINT one",
		"RELEASE one",
		"ROLLBACK TO one",
		"ATTACH '/tmp/x.db' AS x",
		"DETACH main",
		"PRAGMA synchronous = OFF",
		"PRAGMA journal_mode",
		"VACUUM INTO '/tmp/curb-store-never'",
		"ANALYZE",
		"REINDEX",
		"CREATE TABLE shop_more (id TEXT)",
		"CREATE TEMP TABLE shop_more (id TEXT)",
		"CREATE TEMP TRIGGER shop_t AFTER INSERT ON shop_thing BEGIN SELECT 1; END",
		"CREATE VIRTUAL TABLE shop_more USING fts5(a)",
		"CREATE INDEX shop_i ON shop_thing (size)",
		"CREATE VIEW shop_v AS SELECT 1",
		"DROP TABLE shop_thing",
		"ALTER TABLE shop_thing ADD COLUMN more TEXT",
		"SELECT load_extension('x')",
		"SELECT fts5(NULL)",
		"SELECT datetime('now')",
		"SELECT json_extract('{}', '$')",
	};
	CHECK_ALL(*state, sqls, CURB_EINTERNAL);
}

static void guard__own_tables_and_with_clauses_work(void **state)
{
	static const char *const sqls[] = {
		"SELECT id FROM shop_thing",
		"WITH t AS (SELECT 1) SELECT count(*) FROM t",
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT max(i) "
		"FROM n",
		"SELECT count(*) FROM (SELECT name FROM shop_thing GROUP BY name) AS x",
		"INSERT INTO shop_thing (id, name) VALUES ('1', 'a') ON CONFLICT (id) DO UPDATE SET name = "
		"excluded.name",
		"SELECT sum(size) OVER (ORDER BY id) FROM shop_thing",
		"SELECT lower(name), length(name), coalesce(picture, x'') FROM shop_thing",
	};
	CHECK_ALL(*state, sqls, 0);
}

/* One plugin's function calls another's service in its own transaction: each statement keeps its own rights. */
static int two_owners(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = curb_exec(&shop, tx, "INSERT INTO shop_thing (id, name) VALUES ('1', 'a')", CURB_NO_BINDS,
	                    NULL);
	if (!err)
		err = curb_exec(&other, tx, "INSERT INTO other_secret (id) VALUES ('1')", CURB_NO_BINDS,
		                NULL);
	static const char read_secret[] = "SELECT count(*) FROM other_secret";
	struct curb_stmt *stmt = NULL;
	if (!err)
		err = curb_query(&other, tx, read_secret, CURB_NO_BINDS, &stmt);
	curb_reset(stmt);
	/* prepared for its owner already, and still refused to another */
	return err                                                                        ? err :
	       curb_query(&shop, tx, read_secret, CURB_NO_BINDS, &stmt) == CURB_EINTERNAL ? 0 :
	                                                                                    CURB_EINVAL;
}

static void guard__each_statement_has_its_owner(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_fn(f, two_owners, NULL), 0);
	assert_int_equal(read_int(f, &other, "SELECT count(*) FROM other_secret", CURB_NO_BINDS), 1);
}

/* A changed schema makes SQLite prepare again inside the step, where the authorizer asks once more. */
static void guard__holds_when_the_schema_changes(void **state)
{
	struct fixture *f = *state;
	static const char count[] = "SELECT count(*) FROM shop_thing";
	assert_int_equal(read_int(f, &shop, count, CURB_NO_BINDS), 0);
	static const struct curb_migration more[] = {
		{ 1, "init", "CREATE TABLE shop_later (id TEXT NOT NULL PRIMARY KEY) {STRICT};" },
		{ 0, NULL, NULL },
	};
	assert_int_equal(store_migrate_part(f->store, &shop, "later", more), 0);
	assert_int_equal(read_int(f, &shop, count, CURB_NO_BINDS), 0);
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_later", CURB_NO_BINDS), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(guard__others_tables_are_out_of_reach),
		TEST(guard__a_name_that_begins_alike_is_another),
		TEST(guard__statements_neither_begin_nor_build),
		TEST(guard__own_tables_and_with_clauses_work),
		TEST(guard__each_statement_has_its_owner),
		TEST(guard__holds_when_the_schema_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
