/* Sessions from memory: as good as read again, whatever was written or ended meanwhile. */
#include <stdio.h>

#include "cm.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "people.h"
#include "roles.h"
#include "temp.h"

enum { NOW = 1000000, LATER = NOW + 5000 };

static struct fixture {
	struct temp_folder folder;
	struct curb_store *store;
	struct store_reader *reader;
	struct curb_arena *arena;
	struct people_sessions *sessions;
	struct curb_id person;
	char token[PEOPLE_TOKEN_SIZE];
} f;

static int add_person(struct curb_tx *tx, void *arg)
{
	(void)arg;
	const struct people_new person = { .name = curb_str("li"),
		                           .password_hash = "x",
		                           .role = CURB_LEARNER };
	int err = people_add(tx, &person, NOW, &f.person);
	return err ? err : people_session_open(tx, &f.person, false, NOW, f.token);
}

static int end_session(struct curb_tx *tx, void *arg)
{
	return people_session_end(tx, arg, LATER);
}

static int add_teacher(struct curb_tx *tx, void *arg)
{
	return people_grant(tx, &f.person, CURB_TEACHER, curb_str(NULL), curb_str(NULL), *(int64_t *)arg);
}

static int end_grants(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, "UPDATE core_grant SET until_ms = $1",
	                 CURB_BINDS(curb_int(*(int64_t *)arg)), NULL);
}

static int touch_nothing_of_people(struct curb_tx *tx, void *arg)
{
	static struct curb_host notes = { .magic = CURB_HOST_MAGIC, .owner = "notes" };
	(void)arg;
	return curb_exec(&notes, tx, "INSERT INTO notes_note (id) VALUES ('a')", CURB_NO_BINDS, NULL);
}

static void write_now(curb_write_fn fn, void *arg)
{
	struct store_write write = { .fn = fn, .arg = arg };
	assert_int_equal(store_write(f.store, &write), 0);
}

static int set_up(void **state)
{
	static struct curb_host notes = { .magic = CURB_HOST_MAGIC, .owner = "notes" };
	static const struct curb_migration tables[] = {
		{ 1, "notes", "CREATE TABLE notes_note (id TEXT PRIMARY KEY) {STRICT};" }, { 0 }
	};
	char path[512];
	(void)state;
	f = (struct fixture){ .folder = temp_folder() };
	temp_path(&f.folder, "a.db", path);
	const struct store_options options = { .path = path, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f.store), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_migrate(f.store, &notes, tables), 0);
	assert_int_equal(store_reader_open(f.store, &f.reader), 0);
	f.arena = curb_arena_new(1 << 20);
	f.sessions = people_sessions_new();
	write_now(add_person, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	people_sessions_free(f.sessions);
	store_reader_close(f.reader);
	store_close(f.store);
	curb_arena_free(f.arena);
	temp_remove(&f.folder);
	return 0;
}

/* As a request asks: in a snapshot of its own. `ret_version` may be NULL. */
static int recall(int64_t now_ms, struct people_session *ret_session, uint64_t *ret_version)
{
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	if (ret_version)
		*ret_version = store_tx_version(tx);
	int err = people_session_recall(f.sessions, tx, curb_str(f.token), now_ms, ret_session);
	store_end(f.reader);
	return err;
}

static uint32_t roles_at(int64_t now_ms)
{
	struct people_session session;
	assert_int_equal(recall(now_ms, &session, NULL), 0);
	return session.user.roles;
}

static void sessions__a_second_look_gives_the_same(void **state)
{
	struct people_session first, second;
	(void)state;
	assert_int_equal(recall(NOW, &first, NULL), 0);
	assert_int_equal(recall(NOW + 1, &second, NULL), 0);
	assert_string_equal(first.id.text, second.id.text);
	assert_string_equal(first.user.id.text, second.user.id.text);
	assert_string_equal(first.csrf, second.csrf);
	assert_true(curb_str_is(second.user.name, "li"));
	assert_int_equal(second.user.roles, CURB_LEARNER);
	assert_int_equal(second.reach_count, first.reach_count);
	assert_int_equal(second.reach[0].role, CURB_LEARNER);
	assert_null(second.lang.ptr);
}

static void sessions__a_second_look_reads_nothing(void **state)
{
	struct people_session session;
	(void)state;
	assert_int_equal(recall(NOW, &session, NULL), 0);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	/* a transaction that was never begun has nothing to end: the snapshot of later rows is seen at once */
	assert_int_equal(people_session_recall(f.sessions, tx, curb_str(f.token), NOW, &session), 0);
	write_now(end_session, &session.id);
	struct people_session again;
	assert_int_equal(people_session_find(tx, curb_str(f.token), LATER, &again), CURB_EAUTH);
	store_end(f.reader);
}

static void sessions__one_that_was_ended_is_not_recalled(void **state)
{
	struct people_session session;
	(void)state;
	assert_int_equal(recall(NOW, &session, NULL), 0);
	write_now(end_session, &session.id);
	assert_int_equal(recall(LATER, &session, NULL), CURB_EAUTH);
}

static void sessions__time_ends_them(void **state)
{
	struct people_session session;
	(void)state;
	assert_int_equal(recall(NOW, &session, NULL), 0);
	assert_int_equal(recall(session.until_ms - 1, &session, NULL), 0);
	assert_int_equal(recall(session.until_ms, &session, NULL), CURB_EAUTH);
}

static void sessions__a_new_grant_is_seen_at_once(void **state)
{
	int64_t from = NOW;
	(void)state;
	assert_int_equal(roles_at(NOW), CURB_LEARNER);
	write_now(add_teacher, &from);
	assert_int_equal(roles_at(NOW), CURB_LEARNER | CURB_TEACHER);
}

static void sessions__a_grant_begins_and_ends_in_its_time(void **state)
{
	int64_t from = LATER, until = LATER + 100;
	(void)state;
	write_now(add_teacher, &from);
	write_now(end_grants, &until);
	assert_int_equal(roles_at(LATER - 1), CURB_LEARNER);
	assert_int_equal(roles_at(LATER), CURB_LEARNER | CURB_TEACHER);
	assert_int_equal(roles_at(until - 1), CURB_LEARNER | CURB_TEACHER);
	assert_int_equal(roles_at(until), 0);
	assert_int_equal(roles_at(LATER - 1), CURB_LEARNER); /* a clock that was set back */
}

static void sessions__only_the_core_s_rows_make_a_new_version(void **state)
{
	struct people_session session;
	uint64_t before, between, after;
	(void)state;
	assert_int_equal(recall(NOW, &session, &before), 0);
	write_now(touch_nothing_of_people, NULL);
	assert_int_equal(recall(NOW, &session, &between), 0);
	assert_int_equal(before, between);
	write_now(end_session, &session.id);
	assert_int_equal(recall(LATER, &session, &after), CURB_EAUTH);
	assert_true(after != between);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sessions__a_second_look_gives_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sessions__a_second_look_reads_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sessions__one_that_was_ended_is_not_recalled, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(sessions__time_ends_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sessions__a_new_grant_is_seen_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sessions__a_grant_begins_and_ends_in_its_time, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(sessions__only_the_core_s_rows_make_a_new_version, set_up,
		                                tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
