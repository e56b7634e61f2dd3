#include "curb/cleanup.h"
#include "helper.h"

static const char first[] =
	"CREATE TABLE shop_box (id TEXT NOT NULL PRIMARY KEY, size {INT64}, rest {BLOB},"
	" note TEXT NOT NULL DEFAULT '{}') {STRICT};\nINSERT INTO shop_box (id, size) VALUES ('1', 5);";
static const char second[] = "ALTER TABLE shop_box ADD COLUMN colour TEXT;\n-- and a comment at the end\n";

static int migrate(struct fixture *f, const char *one, const char *two)
{
	const struct curb_migration migrations[] = { { 1, "one", one },
		                                     { two ? 2 : 0, two ? "two" : NULL, two },
		                                     { 0, NULL, NULL } };
	return store_migrate_part(f->store, &shop, "box", migrations);
}

static void migrate__goes_forward_once(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(migrate(f, first, NULL), 0);
	assert_int_equal(migrate(f, first, NULL), 0);
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_box WHERE note = '{}'", CURB_NO_BINDS),
	                 1);
	assert_int_equal(migrate(f, first, second), 0);
	fixture_reopen(f);
	assert_int_equal(migrate(f, first, second), 0);
	assert_int_equal(
		read_int(f, &shop, "SELECT count(*) FROM shop_box WHERE colour IS NULL", CURB_NO_BINDS), 1);
	assert_int_equal(read_int(f, &curb_core_host,
	                          "SELECT count(*) FROM core_migration WHERE plugin = 'shop.box'",
	                          CURB_NO_BINDS),
	                 2);
}

static void migrate__words_become_types(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(migrate(f, first, NULL), 0);
	assert_int_equal(
		write_sql(f, &shop, "INSERT INTO shop_box (id, size) VALUES ('2', 'x')", CURB_NO_BINDS),
		CURB_ECONFLICT); /* STRICT */
	assert_int_equal(migrate(f, first, "CREATE TABLE shop_x (id {TEXTUAL});"), CURB_EINVAL);
}

static void migrate__changed_or_newer_is_refused(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(migrate(f, first, second), 0);
	assert_int_equal(migrate(f, "CREATE TABLE shop_box (id TEXT);", second), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "migration 1 of shop.box was changed"));
	assert_int_equal(migrate(f, first, NULL), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "version 2"));
}

static void migrate__a_bad_one_leaves_nothing(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = {
		"CREATE TABLE shop_half (id TEXT); CREATE TABLE shop_half (id TEXT);",
		"CREATE TABLE shop_half (id TEXT); SELEKT;",
		"CREATE TABLE shop_half (id TEXT); CREATE TABLE other_more (id TEXT);",
		"CREATE TABLE shop_half (id TEXT); INSERT INTO other_secret (id) VALUES ('x');",
		"CREATE TABLE shop_half (id TEXT); DROP TABLE other_secret;",
		"CREATE TABLE shop_half (id TEXT); ALTER TABLE other_secret ADD COLUMN x;",
		"CREATE TABLE shop_half (id TEXT); CREATE INDEX shop_i ON other_secret (word);",
		"CREATE TABLE shop_half (id TEXT); CREATE INDEX mine ON shop_half (id);",
		"CREATE TABLE shop_half (id TEXT); CREATE TEMP TABLE shop_t (id TEXT);",
		"CREATE TABLE shop_half (id TEXT); CREATE VIRTUAL TABLE shop_v USING fts5(a);",
		"CREATE TABLE shop_half (id TEXT); COMMIT;",
		"CREATE TABLE shop_half (id TEXT); PRAGMA foreign_keys = OFF;",
		"CREATE TABLE shop_half (id TEXT); ATTACH ':memory:' AS x;",
		"CREATE TABLE shop_half (id TEXT); UPDATE sqlite_master SET sql = '';",
		"CREATE TABLE shop_half (id TEXT); INSERT INTO shop_part VALUES ('p', 'nowhere');",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		int err = migrate(f, bad[i], NULL);
		if (!err)
			print_error("%s\n", bad[i]);
		assert_true(err < 0);
	}
	assert_int_equal(migrate(f, first, NULL), 0);
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_half", CURB_NO_BINDS),
	                 -1000 - CURB_EINTERNAL);
	assert_int_equal(write_sql(f, &shop, "INSERT INTO shop_part (id, thing) VALUES ('p', 'nowhere')",
	                           CURB_NO_BINDS),
	                 CURB_ECONFLICT); /* foreign keys are on again */
}

static void migrate__numbers_have_no_gap(void **state)
{
	struct fixture *f = *state;
	static const struct curb_migration gap[] = { { 1, "one", "CREATE TABLE shop_a (id TEXT);" },
		                                     { 3, "three", "CREATE TABLE shop_b (id TEXT);" },
		                                     { 0, NULL, NULL } };
	assert_int_equal(store_migrate_part(f->store, &shop, "gap", gap), CURB_EINVAL);
}

static void migrate__rebuilds_a_table_that_others_refer_to(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(
		write_sql(f, &shop, "INSERT INTO shop_thing (id, name) VALUES ('1', 'a')", CURB_NO_BINDS), 0);
	assert_int_equal(
		write_sql(f, &shop, "INSERT INTO shop_part (id, thing) VALUES ('p', '1')", CURB_NO_BINDS), 0);
	assert_int_equal(
		migrate(f,
	                "CREATE TABLE shop_new (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL) {STRICT};\n"
	                "INSERT INTO shop_new SELECT id, name FROM shop_thing;\n"
	                "DROP TABLE shop_thing;\nALTER TABLE shop_new RENAME TO shop_thing;\n",
	                NULL),
		0);
	assert_int_equal(read_int(f, &shop,
	                          "SELECT count(*) FROM shop_part JOIN shop_thing ON shop_thing.id = thing",
	                          CURB_NO_BINDS),
	                 1);
	assert_int_equal(store_check(f->store), 0);
}

/* ---- kept replies ---- */

struct keeping {
	struct store_answer answer;
	const char *person;
	int64_t before, removed;
};

static int keep(struct curb_tx *tx, void *arg)
{
	struct keeping *k = arg;
	return store_answer_put(tx, curb_str(k->person), curb_str("POST /x"), curb_str("key"), &k->answer);
}

static int purge(struct curb_tx *tx, void *arg)
{
	struct keeping *k = arg;
	return store_answer_purge(tx, k->before, &k->removed);
}

static int find(struct fixture *f, const char *person, struct store_answer *ret_answer)
{
	int err = store_answer_find(store_begin(f->reader, f->arena), curb_str(person), curb_str("POST /x"),
	                            curb_str("key"), ret_answer);
	store_end(f->reader);
	return err;
}

static void answers__are_kept_once_and_purged(void **state)
{
	struct fixture *f = *state;
	struct keeping k = { .person = "ann",
		             .answer = { 201, curb_str("Location: /x/1\r\n"), curb_str_n("a\0b", 3), 1000 } };
	struct store_answer got = { 0 };
	assert_int_equal(find(f, "ann", &got), CURB_ENOTFOUND);
	assert_int_equal(write_fn(f, keep, &k), 0);
	assert_int_equal(write_fn(f, keep, &k), CURB_ECONFLICT);
	assert_int_equal(find(f, "ann", &got), 0);
	assert_int_equal(got.status, 201);
	assert_true(curb_str_is(got.headers, "Location: /x/1\r\n"));
	assert_int_equal(got.body.len, 3);
	assert_memory_equal(got.body.ptr, "a\0b", 3);
	assert_int_equal(got.made_ms, 1000);
	assert_int_equal(find(f, "bob", &got), CURB_ENOTFOUND);
	k.person = "bob";
	k.answer = (struct store_answer){ .status = 204, .made_ms = 2000 };
	assert_int_equal(write_fn(f, keep, &k), 0);
	k.before = 2000;
	assert_int_equal(write_fn(f, purge, &k), 0);
	assert_int_equal(k.removed, 1);
	assert_int_equal(find(f, "ann", &got), CURB_ENOTFOUND);
	assert_int_equal(find(f, "bob", &got), 0);
	assert_int_equal(got.body.len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(migrate__goes_forward_once),
		TEST(migrate__words_become_types),
		TEST(migrate__changed_or_newer_is_refused),
		TEST(migrate__a_bad_one_leaves_nothing),
		TEST(migrate__numbers_have_no_gap),
		TEST(migrate__rebuilds_a_table_that_others_refer_to),
		TEST(answers__are_kept_once_and_purged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
