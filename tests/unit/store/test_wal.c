#include <sys/stat.h>

#include "helper.h"

#define ADD "INSERT INTO shop_thing (id, name) VALUES ($1, $1)"

static int64_t log_bytes(const struct fixture *f)
{
	char name[520];
	struct stat info = { 0 };
	(void)snprintf(name, sizeof name, "%s-wal", f->path);
	assert_int_equal(stat(name, &info), 0);
	return info.st_size;
}

static void add(struct fixture *f, int number)
{
	char id[16];
	(void)snprintf(id, sizeof id, "%d", number);
	assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring(id))), 0);
}

static void wal__most_commits_find_the_file_long_enough(void **state)
{
	struct fixture *f = *state;
	enum { COMMITS = 400 };
	int longer = 0;
	add(f, -1);
	for (int i = 0; i < COMMITS; i++) {
		int64_t before = log_bytes(f);
		add(f, i);
		longer += log_bytes(f) != before;
	}
	struct store_stats stats;
	store_stats(f->store, &stats);
	assert_true(stats.wal_pages > COMMITS); /* every commit added to the log */
	assert_true(longer > 0);
	assert_true(longer < COMMITS / 20);
	assert_int_equal(store_check(f->store), 0);
}

static void wal__what_is_made_ready_is_little_for_who_writes_little(void **state)
{
	struct fixture *f = *state;
	add(f, 1);
	assert_true(log_bytes(f) <= 1024 * 1024);
}

/* A large transaction has its own end of the file, behind what was made ready. */
static void wal__a_commit_larger_than_the_room_is_whole(void **state)
{
	struct fixture *f = *state;
	static const char large[] =
		"INSERT INTO shop_thing (id, name, picture) SELECT $1, $1, zeroblob(4000000)";
	add(f, 1);
	assert_int_equal(write_sql(f, &shop, large, CURB_BINDS(curb_cstring("large"))), 0);
	for (int i = 2; i < 40; i++)
		add(f, i);
	fixture_reopen(f);
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_thing", CURB_NO_BINDS), 40);
	assert_int_equal(store_check(f->store), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wal__most_commits_find_the_file_long_enough),
		TEST(wal__what_is_made_ready_is_little_for_who_writes_little),
		TEST(wal__a_commit_larger_than_the_room_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
