#include "catalog_embedded.h"
#include "helper.h"

static struct curb_host catalog = { .magic = CURB_HOST_MAGIC, .owner = "catalog" };

/* As it was before the words of a state were checked. */
static int setup_before_checks(void **state)
{
	struct curb_migration first[] = {
		catalog_migrations[0], catalog_migrations[1], catalog_migrations[2], { 0 }
	};
	int err = setup_fixture(state);
	struct fixture *f = *state;
	return err ? err : store_migrate(f->store, &catalog, first);
}

static int add_course(struct fixture *f, const char *id, const char *state)
{
	return write_sql(f, &catalog,
	                 "INSERT INTO catalog_course (id, version, state, name, sort_key, lang, description, "
	                 "provider, occupation, hours_c, units, features, owner, made_ms, place) "
	                 "VALUES ($1, 'v', $2, 'n', $3, '', '', '', '', 0, 0, 0, 'o', 0, '')",
	                 CURB_BINDS(curb_cstring(id), curb_cstring(state), curb_blob(curb_str("k"))));
}

static void states__are_kept_and_checked(void **state)
{
	struct fixture *f = *state;
	static const char *const words[] = { "draft", "waiting", "returned", "published", "retired" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_int_equal(add_course(f, words[i], words[i]), 0);
	assert_int_equal(write_sql(f, &catalog,
	                           "INSERT INTO catalog_listed (id, name, words) VALUES ($1, 'n', '')",
	                           CURB_BINDS(curb_cstring("published"))),
	                 0);
	assert_int_equal(store_migrate(f->store, &catalog, catalog_migrations), 0);
	assert_int_equal(read_int(f, &catalog, "SELECT count(*) FROM catalog_course WHERE state = id", NULL),
	                 5);
	assert_int_equal(read_int(f, &catalog, "SELECT count(*) FROM catalog_listed", NULL), 1);
	assert_int_not_equal(add_course(f, "x", "forgotten"), 0);
	assert_int_not_equal(
		write_sql(f, &catalog, "UPDATE catalog_course SET state = $1", CURB_BINDS(curb_cstring(""))),
		0);
}

static int add_listed(struct fixture *f, const char *id)
{
	return write_sql(f, &catalog,
	                 "INSERT INTO catalog_listed (id, name, words) VALUES ($1, 'n', '') "
	                 "ON CONFLICT (id) DO UPDATE SET name = 'again'",
	                 CURB_BINDS(curb_cstring(id)));
}

static int64_t total(struct fixture *f)
{
	return read_int(f, &catalog, "SELECT listed FROM catalog_total", NULL);
}

static void total__is_of_what_is_listed(void **state)
{
	struct fixture *f = *state;
	static const char *const ids[] = { "a", "b", "c" };
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		assert_int_equal(add_course(f, ids[i], "published"), 0);
	assert_int_equal(add_listed(f, "a"), 0);
	assert_int_equal(add_listed(f, "b"), 0);
	assert_int_equal(store_migrate(f->store, &catalog, catalog_migrations), 0);
	assert_int_equal(total(f), 2);
	assert_int_equal(add_listed(f, "c"), 0);
	assert_int_equal(total(f), 3);
	assert_int_equal(add_listed(f, "c"), 0);
	assert_int_equal(total(f), 3);
	assert_int_equal(write_sql(f, &catalog, "DELETE FROM catalog_listed WHERE id = $1",
	                           CURB_BINDS(curb_cstring("a"))),
	                 0);
	assert_int_equal(total(f), 2);
}

static int add_next(struct fixture *f, const char *id, const char *of)
{
	int err = add_course(f, id, "draft");
	return err ? err :
	             write_sql(f, &catalog, "UPDATE catalog_course SET of_course = $2 WHERE id = $1",
	                       CURB_BINDS(curb_cstring(id), curb_cstring(of)));
}

/* What learners could take before stays what they can take; each course has one draft of a new version at most. */
static void versions__of_before_are_published(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(add_course(f, "a", "draft"), 0);
	assert_int_equal(add_course(f, "b", "waiting"), 0);
	assert_int_equal(add_course(f, "c", "published"), 0);
	assert_int_equal(store_migrate(f->store, &catalog, catalog_migrations), 0);
	assert_int_equal(read_int(f, &catalog,
	                          "SELECT count(*) FROM catalog_version WHERE version = 'v' AND "
	                          "course = 'c' AND withdrawn_ms IS NULL",
	                          NULL),
	                 1);
	assert_int_equal(read_int(f, &catalog, "SELECT count(*) FROM catalog_version", NULL), 1);
	assert_int_equal(add_next(f, "d", "c"), 0);
	assert_int_not_equal(add_next(f, "e", "c"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(states__are_kept_and_checked, setup_before_checks,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(total__is_of_what_is_listed, setup_before_checks,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(versions__of_before_are_published, setup_before_checks,
		                                teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
