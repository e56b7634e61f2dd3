#include <pthread.h>
#include <stdio.h>

#include "helper.h"
#include "inside.h"

#define COUNT "SELECT count(*) FROM shop_thing"
#define TEXT_ADD "INSERT INTO shop_thing (id, name) VALUES ($1, $2)"

enum { THREADS = 8, WRITES = 2000 };

struct worker {
	struct fixture *f;
	int number, wrong;
	char id[24], twice[24];
	pthread_t thread;
};

/* Every tenth adds a good row and then one that is there already. */
static int add_row(struct curb_tx *tx, void *arg)
{
	struct worker *w = arg;
	int err = curb_exec(&shop, tx, TEXT_ADD, CURB_BINDS(curb_cstring(w->id), curb_cstring(w->id)), NULL);
	if (!err && w->twice[0])
		err = curb_exec(&shop, tx, TEXT_ADD,
		                CURB_BINDS(curb_cstring(w->twice), curb_cstring(w->twice)), NULL);
	return err;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct store_reader *reader = NULL;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	w->wrong += store_reader_open(w->f->store, &reader) != 0;
	for (int i = 0; i < WRITES && !w->wrong; i++) {
		bool bad = i % 10 == 9;
		if (bad)
			memcpy(w->twice, w->id, sizeof w->id);
		else
			w->twice[0] = '\0';
		(void)snprintf(w->id, sizeof w->id, "%d-%d", w->number, i);
		w->wrong += write_fn(w->f, add_row, w) != (bad ? CURB_ECONFLICT : 0);
		struct curb_stmt *stmt = NULL;
		w->wrong += curb_query(&shop, store_begin(reader, arena),
		                       "SELECT 1 FROM shop_thing WHERE id = $1",
		                       CURB_BINDS(curb_cstring(w->id)), &stmt) != 0;
		w->wrong += curb_step(stmt) != !bad;
		store_end(reader);
	}
	store_reader_close(reader);
	curb_arena_free(arena);
	return NULL;
}

static void many__eight_threads_every_tenth_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct worker workers[THREADS] = { 0 };
	for (int i = 0; i < THREADS; i++) {
		workers[i].f = f;
		workers[i].number = i;
		assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		(void)pthread_join(workers[i].thread, NULL);
		assert_int_equal(workers[i].wrong, 0);
	}
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), THREADS * WRITES / 10 * 9);
	struct store_stats stats;
	store_stats(f->store, &stats);
	assert_int_equal(stats.writes, THREADS * WRITES);
	assert_int_equal(stats.refused, THREADS * WRITES / 10); /* an id that is there: no fault of ours */
	assert_int_equal(stats.failed, 0);
	assert_true(stats.groups < stats.writes);
	assert_int_equal(store_check(f->store), 0);
}

static void many__the_log_is_written_back(void **state)
{
	struct fixture *f = *state;
	struct store_stats stats = { 0 };
	static const char grow[] =
		"INSERT INTO shop_thing (id, name, picture) SELECT $1, $1, zeroblob(4000000)";
	uint64_t most = 0;
	for (int i = 0; i < 20; i++) {
		char id[16];
		(void)snprintf(id, sizeof id, "%d", i);
		assert_int_equal(write_sql(f, &shop, grow, CURB_BINDS(curb_cstring(id))), 0);
		assert_int_equal(write_sql(f, &shop, "UPDATE shop_thing SET size = size + 1", CURB_NO_BINDS),
		                 0);
		store_stats(f->store, &stats);
		most = stats.wal_pages > most ? stats.wal_pages : most;
	}
	assert_true(most >= QUIET_PAGES);         /* it was needed */
	assert_true(most < CEILING_PAGES + 2000); /* a round is 1000 and a few */
	assert_int_equal(store_check(f->store), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many__eight_threads_every_tenth_fails_alone),
		TEST(many__the_log_is_written_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
