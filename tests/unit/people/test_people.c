/* Persons and what they may: grants and their reach, roles apart, sign-in names. */
#include <stdio.h>

#include "cm.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/person.h"
#include "people.h"
#include "roles.h"
#include "temp.h"

enum { NOW = 10000000 };

static struct fixture {
	struct temp_folder folder;
	struct curb_store *store;
	struct store_reader *reader;
	struct curb_arena *arena;
	struct curb_id jinan, qingdao, province; /* institutions */
	struct curb_id person;
	char token[PEOPLE_TOKEN_SIZE];
} f;

static int write_now(curb_write_fn fn, void *arg)
{
	struct store_write write = { .fn = fn, .arg = arg };
	return store_write(f.store, &write);
}

static int add_regions(struct curb_tx *tx, void *arg)
{
	(void)arg;
	int err = people_region_add(tx, curb_str("37"), curb_str(NULL), curb_str("Shandong"));
	if (!err)
		err = people_region_add(tx, curb_str("3701"), curb_str("37"), curb_str("Jinan"));
	if (!err)
		err = people_region_add(tx, curb_str("3702"), curb_str("37"), curb_str("Qingdao"));
	if (!err)
		err = people_region_add(tx, curb_str("370102"), curb_str("3701"), curb_str("Lixia"));
	if (!err)
		err = people_institution_add(tx, curb_str("370102"), curb_str("Base"), NOW, &f.jinan);
	if (!err)
		err = people_institution_add(tx, curb_str("3702"), curb_str("School"), NOW, &f.qingdao);
	return err ? err : people_institution_add(tx, curb_str("37"), curb_str("Centre"), NOW, &f.province);
}

static int set_up(void **state)
{
	char path[512];
	(void)state;
	f = (struct fixture){ .folder = temp_folder() };
	temp_path(&f.folder, "a.db", path);
	const struct store_options options = { .path = path, .fresh_ok = true };
	assert_int_equal(store_open(&options, &f.store), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "people", people_migrations), 0);
	assert_int_equal(store_migrate_part(f.store, &curb_core_host, "roles", roles_migrations), 0);
	assert_int_equal(store_reader_open(f.store, &f.reader), 0);
	f.arena = curb_arena_new(1 << 20);
	assert_int_equal(write_now(add_regions, NULL), 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_reader_close(f.reader);
	store_close(f.store);
	curb_arena_free(f.arena);
	temp_remove(&f.folder);
	return 0;
}

static int add_person(struct curb_tx *tx, void *arg)
{
	int err = people_add(tx, arg, NOW, &f.person);
	return err ? err : people_session_open(tx, &f.person, false, NOW, f.token);
}

static int add(const char *name, uint32_t role, const char *region, const struct curb_id *institution)
{
	struct people_new person = { .name = curb_str(name),
		                     .password_hash = "x",
		                     .role = role,
		                     .region = curb_str(region),
		                     .institution = institution ? curb_id_str(institution) : curb_str(NULL) };
	return write_now(add_person, &person);
}

struct granting {
	uint32_t role;
	const char *region;
};

static int grant(struct curb_tx *tx, void *arg)
{
	const struct granting *granting = arg;
	return people_grant(tx, &f.person, granting->role, curb_str(granting->region), curb_str(NULL), NOW);
}

static struct people_session session_at(int64_t now_ms)
{
	struct people_session session;
	assert_int_equal(
		people_session_find(store_begin(f.reader, f.arena), curb_str(f.token), now_ms, &session), 0);
	store_end(f.reader);
	return session;
}

static int sql_fn(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, arg, CURB_NO_BINDS, NULL);
}

/* ---- reach ---- */

static size_t institutions_of(const struct people_session *session, uint32_t roles)
{
	const struct curb_id *ids = NULL;
	size_t n = 99;
	assert_int_equal(people_institutions(store_begin(f.reader, f.arena), session, roles, &ids, &n), 0);
	store_end(f.reader);
	return n;
}

static void reach__of_an_institution_is_that_alone(void **state)
{
	(void)state;
	assert_int_equal(add("wang", CURB_STAFF, NULL, &f.jinan), 0);
	struct people_session session = session_at(NOW);
	assert_int_equal(session.user.roles, CURB_STAFF);
	assert_true(people_covers(&session, CURB_STAFF | CURB_TEACHER, &f.jinan));
	assert_false(people_covers(&session, CURB_TEACHER, &f.jinan));
	assert_false(people_covers(&session, CURB_STAFF, &f.qingdao));
	assert_false(people_covers(&session, CURB_STAFF, &f.province));
}

static void reach__of_a_region_is_all_below_it(void **state)
{
	(void)state;
	assert_int_equal(add("city", CURB_AUDITOR, "3701", NULL), 0);
	struct people_session session = session_at(NOW);
	assert_true(people_covers(&session, CURB_AUDITOR, &f.jinan));
	assert_false(people_covers(&session, CURB_AUDITOR, &f.qingdao));
	assert_false(people_covers(&session, CURB_AUDITOR, &f.province));
	assert_int_equal(add("land", CURB_AUDITOR, "37", NULL), 0);
	session = session_at(NOW);
	assert_int_equal(session.reach_count, 3);
	assert_int_equal(institutions_of(&session, CURB_AUDITOR), 3);
	assert_true(people_covers(&session, CURB_AUDITOR, &f.jinan) &&
	            people_covers(&session, CURB_AUDITOR, &f.qingdao) &&
	            people_covers(&session, CURB_AUDITOR, &f.province));
}

static void reach__without_a_place_is_everywhere(void **state)
{
	(void)state;
	assert_int_equal(add("all", CURB_REVIEWER, NULL, NULL), 0);
	struct people_session session = session_at(NOW);
	assert_true(people_covers(&session, CURB_REVIEWER, &f.qingdao));
	assert_false(people_covers(&session, CURB_STAFF, &f.qingdao));
	assert_int_equal(institutions_of(&session, CURB_REVIEWER), 3);
	assert_int_equal(institutions_of(&session, CURB_STAFF), 0);
}

static void reach__of_two_grants_keeps_their_roles_apart(void **state)
{
	(void)state;
	assert_int_equal(add("two", CURB_TEACHER, "3702", NULL), 0);
	assert_int_equal(write_now(grant, &(struct granting){ CURB_AUDITOR, "3701" }), 0);
	struct people_session session = session_at(NOW);
	assert_int_equal(session.user.roles, CURB_TEACHER | CURB_AUDITOR);
	assert_true(people_covers(&session, CURB_TEACHER, &f.qingdao) &&
	            people_covers(&session, CURB_AUDITOR, &f.jinan));
	assert_false(people_covers(&session, CURB_TEACHER, &f.jinan));
	assert_false(people_covers(&session, CURB_AUDITOR, &f.qingdao));
}

static void reach__a_place_must_be_there(void **state)
{
	(void)state;
	struct curb_id nowhere = curb_id_new(NOW);
	assert_int_equal(add("a", CURB_STAFF, "99", NULL), CURB_ENOTFOUND);
	assert_int_equal(add("b", CURB_STAFF, NULL, &nowhere), CURB_ENOTFOUND);
	assert_int_equal(add("a", CURB_STAFF, "3701", NULL), 0); /* the refused one left no person */
}

/* ---- persons ---- */

static void person__the_admin_moves_no_hours(void **state)
{
	(void)state;
	static const uint32_t moving[] = { CURB_TEACHER, CURB_STAFF, CURB_REVIEWER };
	assert_int_equal(add("root", CURB_ADMIN, NULL, NULL), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(write_now(grant, &(struct granting){ moving[i], NULL }), CURB_ECONFLICT);
	assert_int_equal(write_now(grant, &(struct granting){ CURB_AUTHOR, NULL }), 0);
	assert_int_equal(session_at(NOW).user.roles, CURB_ADMIN | CURB_AUTHOR);
	assert_int_equal(add("staff", CURB_STAFF, NULL, NULL), 0);
	assert_int_equal(write_now(grant, &(struct granting){ CURB_ADMIN, NULL }), CURB_ECONFLICT);
	char ended[] = "UPDATE core_grant SET until_ms = 10000000";
	assert_int_equal(write_now(sql_fn, ended), 0);
	assert_int_equal(write_now(grant, &(struct granting){ CURB_ADMIN, NULL }),
	                 0); /* the other one has ended */
}

static void person__has_one_role_and_a_name_of_her_own(void **state)
{
	(void)state;
	char longest[66];
	memset(longest, 'n', 65);
	longest[65] = '\0';
	assert_int_equal(add("", CURB_LEARNER, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("   ", CURB_LEARNER, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("\xff", CURB_LEARNER, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add(longest, CURB_LEARNER, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("x", 0, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("x", CURB_LEARNER | CURB_AUTHOR, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("x", CURB_ANYONE, NULL, NULL), CURB_EINVAL);
	assert_int_equal(add("Li 李", CURB_LEARNER, NULL, NULL), 0);
	assert_int_equal(add(" li 李 ", CURB_LEARNER, NULL, NULL), CURB_ECONFLICT);
}

static void person__is_found_by_name_or_number_until_closed(void **state)
{
	(void)state;
	struct curb_user user;
	char closed[] = "UPDATE core_person SET closed_ms = 1";
	assert_int_equal(add("Li", CURB_LEARNER, NULL, NULL), 0);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(curb_person_find(tx, curb_str(" LI "), NOW, &user), 0);
	assert_string_equal(user.id.text, f.person.text);
	assert_int_equal(curb_person_find(tx, curb_id_str(&f.person), NOW, &user), 0);
	assert_int_equal(user.roles, CURB_LEARNER);
	store_end(f.reader);
	assert_int_equal(write_now(sql_fn, closed), 0);
	tx = store_begin(f.reader, f.arena);
	struct people_session session;
	assert_int_equal(curb_person_find(tx, curb_str("li"), NOW, &user), CURB_ENOTFOUND);
	assert_int_equal(people_session_find(tx, curb_str(f.token), NOW, &session), CURB_EAUTH);
	store_end(f.reader);
}

static void person__words_of_roles_go_both_ways(void **state)
{
	(void)state;
	int n = 0;
	for (; people_role_word(n); n++)
		assert_int_equal(people_role(curb_str(people_role_word(n))), 1 << n);
	assert_int_equal((1 << n) - 1, CURB_SIGNED_IN);
	assert_int_equal(people_role(curb_str("king")), 0);
}

#define PEOPLE_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(reach__of_an_institution_is_that_alone),
		PEOPLE_TEST(reach__of_a_region_is_all_below_it),
		PEOPLE_TEST(reach__without_a_place_is_everywhere),
		PEOPLE_TEST(reach__of_two_grants_keeps_their_roles_apart),
		PEOPLE_TEST(reach__a_place_must_be_there),
		PEOPLE_TEST(person__the_admin_moves_no_hours),
		PEOPLE_TEST(person__has_one_role_and_a_name_of_her_own),
		PEOPLE_TEST(person__is_found_by_name_or_number_until_closed),
		PEOPLE_TEST(person__words_of_roles_go_both_ways),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
