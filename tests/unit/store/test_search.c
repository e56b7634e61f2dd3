#include "helper.h"

#include "curb/cleanup.h"

static const struct curb_search searches[] = {
	{ "shop_thing", "name", "5" },
	{ NULL, NULL, NULL },
};

static int setup(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	return err ? err : store_make_searches(f->store, &shop, searches);
}

static void add(struct fixture *f, const char *id, const char *name)
{
	int err = write_sql(f, &shop, "INSERT INTO shop_thing (id, name) VALUES ($1, $2)",
	                    CURB_BINDS(curb_cstring(id), curb_cstring(name)));
	if (err)
		print_error("%s\n", curb_error_text());
	assert_int_equal(err, 0);
}

/* The ids found, each followed by a blank; arena. */
static const char *find(struct fixture *f, const char *words)
{
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	struct curb_stmt *stmt = NULL;
	int err = curb_search(&shop, tx, "shop_thing", curb_str(words), 100, 0, &stmt);
	const char *found = "";
	int row = err;
	while (!err && (row = curb_step(stmt)) == 1)
		found = curb_printf(f->arena, "%s%s ", found, curb_cstr(f->arena, curb_col_text(stmt, 0)));
	if (row)
		print_error("%s: %s\n", words, curb_error_text());
	assert_int_equal(row, 0);
	store_end(f->reader);
	return found;
}

static void fill(struct fixture *f)
{
	add(f, "a", "盲人保健按摩基础");
	add(f, "b", "按摩师的一天");
	add(f, "c", "用NVDA读屏学电脑");
	add(f, "d", "Excel for beginners");
	add(f, "e", "手按压的技巧");
	add(f, "f", "摩天大楼");
	add(f, "g", "ＮＶＤＡ 入门 Éclair");
}

static void search__finds_two_characters(void **state)
{
	fill(*state);
	assert_string_equal(find(*state, "按摩"), "b a ");
	assert_string_equal(find(*state, "按摩师"), "b ");
	assert_string_equal(find(*state, "摩天"), "f ");
	assert_string_equal(find(*state, "按天"), "");
}

static void search__finds_one_character_anywhere_in_a_run(void **state)
{
	fill(*state);
	assert_string_equal(find(*state, "天"), "f b ");
	assert_string_equal(find(*state, "础"), "a ");
	assert_string_equal(find(*state, "盲"), "a ");
	assert_string_equal(find(*state, "楼"), "f ");
}

static void search__mixes_scripts(void **state)
{
	fill(*state);
	assert_string_equal(find(*state, "NVDA 读屏"), "c ");
	assert_string_equal(find(*state, "读屏nvda"), "c ");
	assert_string_equal(find(*state, "nvda"), "g c ");
	assert_string_equal(find(*state, "excel"), "d ");
	assert_string_equal(find(*state, "éCLAIR"), "g ");
	assert_string_equal(find(*state, "exce"), ""); /* whole words */
}

static void search__takes_whatever_is_typed(void **state)
{
	fill(*state);
	static const char *const typed[] = { "",           " ",     "\"",         "\"\"\"",   "*",
		                             "按*",        "AND",   "a OR",       "NOT 按摩", "(",
		                             "name:按摩",  "^按",   "按摩\"; --", "-",        "NEAR(",
		                             "\xff\xfe按", "按+摩", "{name}: 按", "'; x",     "按摩 AND",
		                             "。，" };
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		(void)find(*state, typed[i]);
	assert_string_equal(find(*state, "“按摩”"), "b a ");
	assert_string_equal(find(*state, ""), "");
	assert_string_equal(find(*state, "\"按摩\" *"), "b a ");
}

static void search__too_much_is_refused(void **state)
{
	struct fixture *f = *state;
	struct curb_buf words = curb_buf(1 << 16);
	for (int i = 0; i < 3000; i++)
		curb_buf_text(&words, "按摩");
	struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_search(&shop, store_begin(f->reader, f->arena), "shop_thing",
	                             curb_buf_view(&words), 10, 0, &stmt),
	                 CURB_ETOOBIG);
	curb_buf_free(&words);
}

static void search__follows_the_rows(void **state)
{
	struct fixture *f = *state;
	fill(f);
	assert_int_equal(
		write_sql(f, &shop, "UPDATE shop_thing SET name = '推拿' WHERE id = 'b'", CURB_NO_BINDS), 0);
	assert_int_equal(write_sql(f, &shop, "DELETE FROM shop_thing WHERE id = 'f'", CURB_NO_BINDS), 0);
	assert_string_equal(find(f, "按摩"), "a ");
	assert_string_equal(find(f, "推拿"), "b ");
	assert_string_equal(find(f, "摩天"), "");
	/* a write that is undone leaves nothing in the index either */
	assert_int_equal(write_sql(f, &shop,
	                           "INSERT INTO shop_thing (id, name) VALUES ('h', '推拿'), ('a', 'x')",
	                           CURB_NO_BINDS),
	                 CURB_ECONFLICT);
	assert_string_equal(find(f, "推拿"), "b ");
	assert_int_equal(
		write_sql(f, &shop,
	                  "INSERT INTO shop_thing_fts (shop_thing_fts, rank) VALUES ('integrity-check', 1)",
	                  CURB_NO_BINDS),
		0);
}

static void search__weights_and_ties_give_the_order(void **state)
{
	struct fixture *f = *state;
	static const struct curb_migration migrations[] = {
		{ 1, "init",
		  "CREATE TABLE shop_page (id TEXT NOT NULL PRIMARY KEY, title TEXT, body TEXT) {STRICT};\n"
		  "INSERT INTO shop_page VALUES ('1', '推拿', '按摩'), ('2', '按摩', '推拿'), ('3', 'x', "
		  "'y'), ('4', 'x', 'y'),"
		  " ('5', 'x', 'y'), ('6', 'x', 'y'), ('7', 'x', 'y');" },
		{ 0, NULL, NULL },
	};
	static const struct curb_search pages[] = { { "shop_page", "title, body", "5, 1" },
		                                    { NULL, NULL, NULL } };
	assert_int_equal(store_migrate_part(f->store, &shop, "page", migrations), 0);
	assert_int_equal(store_make_searches(f->store, &shop, pages), 0);
	struct curb_tx *tx = store_begin(f->reader, f->arena);
	static const struct {
		const char *words, *first;
	} cases[] = { { "按摩", "2" }, { "推拿", "1" }, { "x", "3" } };
	for (size_t i = 0; i < 3; i++) {
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		assert_int_equal(curb_search(&shop, tx, "shop_page", curb_str(cases[i].words), 9, 0, &stmt),
		                 0);
		assert_int_equal(curb_step(stmt), 1);
		assert_true(curb_str_is(curb_col_text(stmt, 0), cases[i].first));
	}
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_search(&shop, tx, "shop_page", curb_str("x"), 1, 2, &stmt), 0);
	assert_int_equal(curb_step(stmt), 1);
	assert_true(curb_str_is(curb_col_text(stmt, 0), "5"));
	assert_int_equal(curb_step(stmt), 0);
}

static void search__survives_restart_and_rebuilt_tables(void **state)
{
	struct fixture *f = *state;
	fill(f);
	fixture_reopen(f);
	assert_int_equal(store_make_searches(f->store, &shop, searches), 0);
	assert_string_equal(find(f, "按摩"), "b a ");
	static const struct curb_migration rebuild[] = {
		{ 1, "rebuild",
		  "CREATE TABLE shop_new (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
		  " size {INT64} NOT NULL DEFAULT 0, picture {BLOB}) {STRICT};\n"
		  "INSERT INTO shop_new (id, name) SELECT id, name FROM shop_thing ORDER BY name DESC;\n"
		  "DROP TABLE shop_thing;\nALTER TABLE shop_new RENAME TO shop_thing;" },
		{ 0, NULL, NULL },
	};
	int err = store_migrate_part(f->store, &shop, "rebuild", rebuild);
	if (err)
		print_error("%s\n", curb_error_text());
	assert_int_equal(err, 0);
	assert_int_equal(store_make_searches(f->store, &shop, searches), 0);
	assert_string_equal(find(f, "按摩"), "b a ");
	add(f, "i", "新按摩");
	assert_string_equal(find(f, "按摩师"), "b ");
	assert_string_equal(find(f, "新按"), "i ");
}

static void search__bad_declarations_are_refused(void **state)
{
	struct fixture *f = *state;
	static const struct curb_search bad[][2] = {
		{ { "other_secret", "word", "1" }, { NULL, NULL, NULL } },
		{ { "shop_thing", "name", "1,2" }, { NULL, NULL, NULL } },
		{ { "shop_thing", "name); DROP", "1" }, { NULL, NULL, NULL } },
		{ { "shop_thing", "name", "x" }, { NULL, NULL, NULL } },
		{ { "shop_none", "name", "1" }, { NULL, NULL, NULL } },
		{ { "shop_thing", "colour", "1" }, { NULL, NULL, NULL } },
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_not_equal(store_make_searches(f->store, &shop, bad[i]), 0);
	add(f, "1", "按摩");
	assert_string_equal(find(f, "按摩"), "1 ");
	struct curb_stmt *stmt = NULL;
	assert_int_equal(curb_search(&other, store_begin(f->reader, f->arena), "shop_thing", curb_str("x"), 1,
	                             0, &stmt),
	                 CURB_EINTERNAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(search__finds_two_characters),
		TEST(search__finds_one_character_anywhere_in_a_run),
		TEST(search__mixes_scripts),
		TEST(search__takes_whatever_is_typed),
		TEST(search__too_much_is_refused),
		TEST(search__follows_the_rows),
		TEST(search__weights_and_ties_give_the_order),
		TEST(search__survives_restart_and_rebuilt_tables),
		TEST(search__bad_declarations_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
