/* Help with consent: how long the sessions last in which it is done. */
#include "cm.h"
#include "curb/err.h"
#include "helpers.h"
#include "people_case.h"
#include "visits.h"

static char token[PEOPLE_TOKEN_SIZE];
static const struct curb_id none;

/* Wang becomes a helper, Li allows her help, and it begins. */
static int begin(struct curb_tx *tx, void *arg)
{
	struct people_help *helps = NULL;
	size_t n = 0;
	(void)arg;
	int err = people_grant(tx, &f.wang, CURB_HELPER, curb_str(NULL), curb_str(NULL), NOW);
	if (!err)
		err = people_help_allow(tx, &f.li, curb_str("13800000001"), NOW);
	if (!err)
		err = people_helped_by(tx, &f.wang, &helps, &n);
	if (!err)
		err = people_help_begin(tx, curb_id_str(&helps[0].id), &f.wang, NOW, token);
	return err;
}

static int set_up(void **state)
{
	int err = people_set_up(state);
	return err ? err : write_now(begin, NULL);
}
#define HELP_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, people_tear_down)

static int find(struct people_session *ret_session)
{
	int err = people_session_find(store_begin(f.reader, f.arena), curb_str(token), NOW + 2, ret_session);
	store_end(f.reader);
	return err;
}

static int sql_fn(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, arg, CURB_BINDS(curb_int(NOW + 1), curb_bind_id(&f.wang)),
	                 NULL);
}

static int end_of_wang(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_visits_end(tx, &f.wang, &none, NOW + 1);
}

static void help__is_in_a_session_of_the_person(void **state)
{
	(void)state;
	struct people_session session;
	assert_int_equal(find(&session), 0);
	assert_string_equal(session.user.id.text, f.li.text);
	assert_string_equal(session.helper.text, f.wang.text);
	assert_int_equal(session.user.roles, CURB_LEARNER);
}

static void help__ends_with_the_role_of_the_helper(void **state)
{
	(void)state;
	struct people_session session;
	char sql[] = "UPDATE core_grant SET until_ms = $1 WHERE person = $2 AND role = 2";
	assert_int_equal(CURB_HELPER, 2);
	assert_int_equal(write_now(sql_fn, sql), 0);
	assert_int_equal(find(&session), CURB_EAUTH);
}

static void help__ends_with_the_account_of_the_helper(void **state)
{
	(void)state;
	struct people_session session;
	char sql[] = "UPDATE core_person SET closed_ms = $1 WHERE id = $2";
	assert_int_equal(write_now(sql_fn, sql), 0);
	assert_int_equal(find(&session), CURB_EAUTH);
}

static void help__ends_when_the_helper_signs_out_everywhere(void **state)
{
	(void)state;
	struct people_session session;
	assert_int_equal(write_now(end_of_wang, NULL), 0);
	assert_int_equal(find(&session), CURB_EAUTH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HELP_TEST(help__is_in_a_session_of_the_person),
		HELP_TEST(help__ends_with_the_role_of_the_helper),
		HELP_TEST(help__ends_with_the_account_of_the_helper),
		HELP_TEST(help__ends_when_the_helper_signs_out_everywhere),
	};
	return cmocka_run_group_tests_name("helpers", tests, NULL, NULL);
}
