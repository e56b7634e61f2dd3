/* Persons and what they may: grants and their reach, roles apart, sign-in names, passwords, tries that are slowed. */
#include <stdio.h>

#include "cm.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/person.h"
#include "people.h"
#include "temp.h"

enum { NOW = 10000000, HOUR_MS = 3600000 };

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
	struct curb_id person;
	char hash[PEOPLE_HASH_SIZE], closed[] = "UPDATE core_person SET closed_ms = 1";
	assert_int_equal(add("Li", CURB_LEARNER, NULL, NULL), 0);
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	assert_int_equal(curb_person_find(tx, curb_str(" LI "), NOW, &user), 0);
	assert_string_equal(user.id.text, f.person.text);
	assert_int_equal(curb_person_find(tx, curb_id_str(&f.person), NOW, &user), 0);
	assert_int_equal(user.roles, CURB_LEARNER);
	assert_int_equal(people_sign_in_name(tx, curb_str("li"), &person, hash), 0);
	assert_string_equal(hash, "x");
	assert_int_equal(people_sign_in_name(tx, curb_str("lo"), &person, hash), 0);
	assert_string_equal(hash, "");
	store_end(f.reader);
	assert_int_equal(write_now(sql_fn, closed), 0);
	tx = store_begin(f.reader, f.arena);
	struct people_session session;
	assert_int_equal(curb_person_find(tx, curb_str("li"), NOW, &user), CURB_ENOTFOUND);
	assert_int_equal(people_session_find(tx, curb_str(f.token), NOW, &session), CURB_EAUTH);
	assert_int_equal(people_sign_in_name(tx, curb_str("li"), &person, hash), 0);
	assert_string_equal(person.text, "");
	assert_string_equal(hash, "");
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

/* ---- tries ---- */

struct trying {
	const char *name, *address;
	bool ok;
	int64_t now_ms;
};

static int note_fn(struct curb_tx *tx, void *arg)
{
	const struct trying *trying = arg;
	return people_note_try(tx, curb_str(trying->name), curb_str(trying->address), trying->ok,
	                       trying->now_ms);
}

static void note(const char *name, const char *address, bool ok, int64_t now_ms)
{
	assert_int_equal(write_now(note_fn, &(struct trying){ name, address, ok, now_ms }), 0);
}

/* The seconds to wait, 0 when a try is allowed. */
static int64_t wait_of(const char *name, const char *address, int64_t now_ms)
{
	int64_t wait_s = 0;
	struct curb_tx *tx = store_begin(f.reader, f.arena);
	int err = people_try_allowed(tx, curb_str(name), curb_str(address), now_ms, &wait_s);
	store_end(f.reader);
	assert_int_equal(err, wait_s ? CURB_ESLOW : 0);
	return wait_s;
}

static void tries__wait_longer_and_never_over_a_minute(void **state)
{
	(void)state;
	static const int64_t waits[] = { 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60 };
	int64_t now_ms = NOW;
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		assert_int_equal(wait_of("li", "1.2.3.4", now_ms), waits[i]);
		assert_int_equal(wait_of("li", "1.2.3.4", now_ms + waits[i] * 1000), 0);
		now_ms += waits[i] * 1000;
		note("li", "1.2.3.4", false, now_ms);
	}
}

static void tries__of_somebody_else_lock_nobody_out(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++)
		note("LI ", "6.6.6.6", false, NOW);
	assert_int_equal(wait_of("li", "6.6.6.6", NOW), 60);
	assert_int_equal(wait_of("li", "1.2.3.4", NOW), 0);   /* she, from where she is */
	assert_int_equal(wait_of("wang", "6.6.6.6", NOW), 0); /* somebody else in the same room */
}

static void tries__are_forgotten_by_a_good_one_and_by_time(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		note("li", "1.2.3.4", false, NOW);
	assert_int_equal(wait_of("li", "1.2.3.4", NOW), 8);
	assert_int_equal(wait_of("li", "1.2.3.4", NOW - 5000), 0); /* a clock that was set back */
	assert_int_equal(wait_of("li", "1.2.3.4", NOW + HOUR_MS), 0);
	note("li", "1.2.3.4", false, NOW + HOUR_MS + 1);
	assert_int_equal(wait_of("li", "1.2.3.4", NOW + HOUR_MS + 1), 0);
	for (int i = 0; i < 8; i++)
		note("li", "1.2.3.4", false, NOW + HOUR_MS + 2);
	note("li", "1.2.3.4", true, NOW + HOUR_MS + 3);
	assert_int_equal(wait_of("li", "1.2.3.4", NOW + HOUR_MS + 3), 0);
}

/* Names that nobody can have are slowed all the same, and cost no more room than others. */
static void tries__with_overlong_names_are_slowed_too(void **state)
{
	(void)state;
	char name[301];
	for (size_t i = 0; i < 100; i++)
		memcpy(name + 3 * i, "李", 3);
	name[300] = '\0';
	for (int i = 0; i < 8; i++)
		note(name, "1.2.3.4", false, NOW);
	assert_int_equal(wait_of(name, "1.2.3.4", NOW), 8);
}

/* ---- passwords ---- */

static void password__matches_itself_alone(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE];
	assert_int_equal(people_password_hash(curb_str("密码密码密码"), hash), 0);
	assert_non_null(strstr(hash, "$argon2id$"));
	assert_int_equal(people_password_check(hash, curb_str("密码密码密码")), 0);
	assert_int_equal(people_password_check(hash, curb_str("密码密码密")), CURB_EAUTH);
	assert_int_equal(people_password_check("", curb_str("密码密码密码")), CURB_EAUTH);
	assert_int_equal(people_password_check(hash, curb_str(NULL)), CURB_EAUTH);
}

static void password__has_a_length(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE], longest[1026];
	memset(longest, 'p', 1025);
	longest[1025] = '\0';
	assert_int_equal(people_password_hash(curb_str("密码密码密"), hash), CURB_EINVAL);
	assert_int_equal(people_password_hash(curb_str(NULL), hash), CURB_EINVAL);
	assert_int_equal(people_password_hash(curb_str(longest), hash), CURB_EINVAL);
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
		PEOPLE_TEST(tries__wait_longer_and_never_over_a_minute),
		PEOPLE_TEST(tries__of_somebody_else_lock_nobody_out),
		PEOPLE_TEST(tries__are_forgotten_by_a_good_one_and_by_time),
		PEOPLE_TEST(tries__with_overlong_names_are_slowed_too),
		cmocka_unit_test(password__matches_itself_alone),
		cmocka_unit_test(password__has_a_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
