#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>

#include "helper.h"
#include "inside.h"

#define COUNT "SELECT count(*) FROM shop_thing"
#define TEXT_ADD "INSERT INTO shop_thing (id, name) VALUES ($1, $2)"

/* ---- a group of known members: the writer is held in one function while the others queue up ---- */

struct hold {
	sem_t entered, go;
};

static int hold_writer(struct curb_tx *tx, void *arg)
{
	(void)tx;
	struct hold *hold = arg;
	(void)sem_post(&hold->entered);
	(void)sem_wait(&hold->go);
	return 0;
}

static void nothing(void *arg)
{
	(void)arg;
}

static void hold_now(struct fixture *f, struct hold *hold)
{
	(void)sem_init(&hold->entered, 0, 0);
	(void)sem_init(&hold->go, 0, 0);
	assert_int_equal(store_write_later(f->store, hold_writer, hold, nothing), 0);
	(void)sem_wait(&hold->entered);
}

static size_t queued(struct fixture *f)
{
	CURB_LOCKED(lock, &f->store->mutex);
	size_t n = 0;
	for (struct ticket *t = f->store->first; t; t = t->next)
		n++;
	return n;
}

struct member {
	struct fixture *f;
	const char *sql; /* run by fn after adding (id, id) when id is given */
	const char *id;
	int (*last)(struct curb_tx *tx, void *arg);
	int err, runs;
	char text[ERROR_TEXT], local[ERROR_TEXT];
	pthread_t thread;
};

static int run_member(struct curb_tx *tx, void *arg)
{
	struct member *m = arg;
	m->runs++;
	int err = 0;
	if (m->id)
		err = curb_exec(&shop, tx, TEXT_ADD, CURB_BINDS(curb_cstring(m->id), curb_cstring(m->id)),
		                NULL);
	if (!err && m->sql)
		err = curb_exec(&shop, tx, m->sql, CURB_NO_BINDS, NULL);
	return err;
}

static const char *in_chinese(void *arg, const char *source)
{
	(void)arg;
	return strcmp(source, "the same entry is there already") == 0 ? "已经有同样的记录了" : source;
}

static void *write_member(void *arg)
{
	struct member *m = arg;
	curb_error_translator(in_chinese, NULL);
	m->err = store_write(
		m->f->store,
		&(struct store_write){ .fn = run_member, .arg = m, .last = m->last, .last_arg = m });
	(void)snprintf(m->text, sizeof m->text, "%s", curb_error_text());
	(void)snprintf(m->local, sizeof m->local, "%s", curb_error_local());
	return NULL;
}

static void run_together(struct fixture *f, struct member *members, size_t n)
{
	struct hold hold;
	hold_now(f, &hold);
	for (size_t i = 0; i < n; i++) {
		members[i].f = f;
		assert_int_equal(pthread_create(&members[i].thread, NULL, write_member, &members[i]), 0);
		while (queued(f) != i + 1)
			(void)sched_yield();
	}
	(void)sem_post(&hold.go);
	for (size_t i = 0; i < n; i++)
		(void)pthread_join(members[i].thread, NULL);
}

static uint64_t stat_groups(struct fixture *f, uint64_t *ret_reruns)
{
	struct store_stats stats;
	store_stats(f->store, &stats);
	*ret_reruns = stats.reruns;
	return stats.groups;
}

static void writer__many_share_a_commit_and_one_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct member members[] = { { .id = "1" },
		                    { .id = "2",
		                      .sql = "INSERT INTO shop_thing (id, name) VALUES ('x', '1')" },
		                    { .id = "3" },
		                    { .id = "4" } };
	uint64_t reruns, groups = stat_groups(f, &reruns);
	run_together(f, members, 4);
	assert_int_equal(stat_groups(f, &reruns) - groups, 2); /* the one that held, and theirs */
	assert_int_equal(reruns, 0);
	assert_int_equal(members[0].err, 0);
	assert_int_equal(members[1].err, CURB_ECONFLICT);
	assert_int_equal(members[2].err, 0);
	assert_int_equal(members[3].err, 0);
	assert_int_equal(members[1].runs, 2); /* a group goes without savepoints until a function fails */
	assert_int_equal(members[3].runs, 1); /* not yet reached when it did */
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 3);
	assert_int_equal(
		read_int(f, &shop, "SELECT count(*) FROM shop_thing WHERE id IN ('2', 'x')", CURB_NO_BINDS),
		0);
}

static void writer__behind_a_failure_groups_have_savepoints(void **state)
{
	struct fixture *f = *state;
	static const char bad[] = "INSERT INTO shop_thing (id, name) VALUES ('x', '1')";
	struct member first[] = { { .id = "1" }, { .id = "2", .sql = bad } };
	struct member second[] = { { .id = "3" }, { .id = "4", .sql = bad }, { .id = "5" } };
	run_together(f, first, 2);
	run_together(f, second, 3);
	assert_int_equal(first[0].runs, 2);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(second[i].runs, 1);
	assert_int_equal(second[1].err, CURB_ECONFLICT);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 3);
}

static void writer__the_message_crosses_the_thread_in_the_callers_language(void **state)
{
	struct fixture *f = *state;
	struct member members[] = { { .id = "1" }, { .id = "1" } };
	run_together(f, members, 2);
	assert_int_equal(members[1].err, CURB_ECONFLICT);
	assert_non_null(strstr(members[1].text, "UNIQUE constraint failed"));
	assert_string_equal(members[1].local, "已经有同样的记录了");
}

/* The trigger's RAISE(ROLLBACK) ends the whole transaction. */
static void writer__a_transaction_that_is_gone_runs_again_one_by_one(void **state)
{
	struct fixture *f = *state;
	struct member members[] = { { .id = "1" }, { .id = "bomb" }, { .id = "3" } };
	run_together(f, members, 3);
	uint64_t reruns;
	(void)stat_groups(f, &reruns);
	assert_int_equal(reruns, 1);
	assert_int_equal(members[0].err, 0);
	assert_int_equal(members[0].runs, 2);
	assert_int_equal(members[1].err, CURB_ECONFLICT);
	assert_int_equal(members[2].err, 0);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 2);
}

static int swallow_bomb(struct curb_tx *tx, void *arg)
{
	(void)arg;
	(void)curb_exec(&shop, tx, TEXT_ADD, CURB_BINDS(curb_cstring("bomb"), curb_cstring("bomb")), NULL);
	return 0;
}

static void writer__a_function_that_hides_the_end_of_its_transaction_fails(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_fn(f, swallow_bomb, NULL), CURB_EINTERNAL);
	assert_int_equal(
		write_sql(f, &shop, "INSERT INTO shop_thing (id, name) VALUES ('1', 'a')", CURB_NO_BINDS), 0);
}

static int bomb_then_write(struct curb_tx *tx, void *arg)
{
	(void)swallow_bomb(tx, arg);
	return curb_exec(&shop, tx, TEXT_ADD, CURB_BINDS(curb_cstring("late"), curb_cstring("late")), NULL);
}

static void writer__nothing_commits_behind_the_end_of_a_transaction(void **state)
{
	struct fixture *f = *state;
	assert_true(write_fn(f, bomb_then_write, NULL) < 0);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 0);
}

static void writer__a_deferred_reference_fails_at_commit_alone(void **state)
{
	struct fixture *f = *state;
	struct member members[] = { { .id = "1" },
		                    { .sql = "INSERT INTO shop_part (id, thing) VALUES ('p', 'nowhere')" },
		                    { .id = "3" } };
	run_together(f, members, 3);
	assert_int_equal(members[0].err, 0);
	assert_int_equal(members[1].err, CURB_ECONFLICT);
	assert_int_equal(members[2].err, 0);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 2);
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_part", CURB_NO_BINDS), 0);
}

static int last_fails(struct curb_tx *tx, void *arg)
{
	struct member *m = arg;
	/* sees what fn wrote */
	struct curb_stmt *stmt = NULL;
	int err = curb_query(&shop, tx, "SELECT 1 FROM shop_thing WHERE id = $1",
	                     CURB_BINDS(curb_cstring(m->id)), &stmt);
	if (err || curb_step(stmt) != 1)
		return CURB_EINVAL;
	return curb_fail(CURB_EUNFIT, "not like this");
}

static int last_adds(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&shop, tx, TEXT_ADD, CURB_BINDS(curb_cstring("last"), curb_cstring("last")), NULL);
}

static void writer__last_runs_inside_the_same_savepoint(void **state)
{
	struct fixture *f = *state;
	struct member members[] = { { .id = "1", .last = last_fails },
		                    { .id = "2", .last = last_adds },
		                    { .id = "2", .last = last_adds } };
	run_together(f, members, 3);
	assert_int_equal(members[0].err, CURB_EUNFIT);
	assert_string_equal(members[0].text, "not like this");
	assert_int_equal(members[1].err, 0);
	assert_int_equal(members[2].err, CURB_ECONFLICT); /* fn failed: last was not asked */
	assert_int_equal(read_int(f, &shop, "SELECT count(*) FROM shop_thing WHERE id IN ('2', 'last')",
	                          CURB_NO_BINDS),
	                 2);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 2);
}

/* ---- results, and writes nobody waits for ---- */

static int leave_text(struct curb_tx *tx, void *arg)
{
	*(const char **)arg = curb_printf(curb_tx_arena(tx), "for %s", "later");
	return 3;
}

static void writer__results_live_in_the_callers_arena(void **state)
{
	struct fixture *f = *state;
	const char *text = NULL;
	struct store_write write = { .fn = leave_text, .arg = &text, .arena = f->arena };
	assert_int_equal(store_write(f->store, &write), 3);
	assert_true(curb_arena_used(f->arena) > 0);
	assert_int_equal(write_fn(f, leave_text, &(const char *){ NULL }), 3);
	assert_string_equal(text, "for later");
}

struct later {
	atomic_int runs, ended;
};

static int run_later(struct curb_tx *tx, void *arg)
{
	(void)tx;
	atomic_fetch_add(&((struct later *)arg)->runs, 1);
	return 0;
}

static void end_later(void *arg)
{
	atomic_fetch_add(&((struct later *)arg)->ended, 1);
}

static void writer__later_ends_once_whatever_happens(void **state)
{
	struct fixture *f = *state;
	struct later later = { 0, 0 };
	struct hold hold;
	hold_now(f, &hold);
	int taken = 0;
	while (store_write_later(f->store, run_later, &later, end_later) == 0)
		taken++;
	assert_int_equal(taken, LATER_MAX);
	assert_int_equal(atomic_load(&later.ended), 1); /* the refused one */
	(void)sem_post(&hold.go);
	assert_int_equal(write_sql(f, &shop, "DELETE FROM shop_thing", CURB_NO_BINDS), 0);
	fixture_reopen(f); /* closing finishes what is queued */
	assert_int_equal(atomic_load(&later.runs), LATER_MAX);
	assert_int_equal(atomic_load(&later.ended), LATER_MAX + 1);
}

static int be_slow(struct curb_tx *tx, void *arg)
{
	(void)arg;
	struct curb_stmt *stmt = NULL;
	int err = curb_query(
		&shop, tx,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) "
		"SELECT max(i) FROM n",
		CURB_NO_BINDS, &stmt);
	return err ? err : curb_step(stmt) == 1 ? 0 : CURB_EINTERNAL;
}

static void writer__a_slow_function_is_counted(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_fn(f, be_slow, NULL), 0);
	struct store_stats stats;
	store_stats(f->store, &stats);
	assert_int_equal(stats.slow, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writer__many_share_a_commit_and_one_fails_alone),
		TEST(writer__behind_a_failure_groups_have_savepoints),
		TEST(writer__the_message_crosses_the_thread_in_the_callers_language),
		TEST(writer__a_transaction_that_is_gone_runs_again_one_by_one),
		TEST(writer__a_function_that_hides_the_end_of_its_transaction_fails),
		TEST(writer__nothing_commits_behind_the_end_of_a_transaction),
		TEST(writer__a_deferred_reference_fails_at_commit_alone),
		TEST(writer__last_runs_inside_the_same_savepoint),
		TEST(writer__results_live_in_the_callers_arena),
		TEST(writer__later_ends_once_whatever_happens),
		TEST(writer__a_slow_function_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
