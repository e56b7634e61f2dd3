/* When a certificate is issued, and how it takes another name: the rules with the rows and the ledger, without pages. */
#include <sodium.h>

#include "house.h"

static void issue__wants_hours_offline_hours_and_both_parts(void **state)
{
	struct house *house = *state;
	const struct credit_earned enough = house->earned;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assess(house, OUTCOME_PASSED, OUTCOME_FAILED);
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assess(house, OUTCOME_NONE, OUTCOME_PASSED);
	house->earned.counted_s = enough.total_s - 1;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	house->earned = enough;
	house->earned.offline_s = 16199;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_issued"), 0);
	house->earned = enough;
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), CURB_EDENIED);
	assert_int_equal(issue(house, NULL), 0);
	assert_int_equal(issue(house, NULL), CURB_ECONFLICT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_issued"), 1);
	assert_int_equal(count(house, "SELECT online_c FROM certificate_issued"), 400);
	assert_int_equal(count(house, "SELECT offline_c FROM certificate_issued"), 600);
}

/* Nine of ten class hours, and nine tenths of the offline part. */
static void issue__wants_as_many_hours_as_complete_the_class(void **state)
{
	struct house *house = *state;
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	house->earned.complete_m = 900;
	house->earned.complete_s = 24300;
	house->earned.counted_s = 24299;
	house->earned.offline_s = 14580;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	house->earned.counted_s = 24300;
	house->earned.offline_s = 14579;
	assert_int_equal(issue(house, NULL), CURB_EUNFIT);
	house->earned.offline_s = 14580;
	assert_int_equal(issue(house, NULL), 0);
}

static void issue__a_row_is_never_changed(void **state)
{
	struct house *house = *state;
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, NULL), 0);
	static const char *const changes[] = { "UPDATE certificate_issued SET name = 'x'",
		                               "DELETE FROM certificate_issued",
		                               "UPDATE certificate_assessment SET theory = 'failed'",
		                               "DELETE FROM certificate_assessment" };
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		assert_int_not_equal(write_sql(&house->f, &certificate_host, changes[i], CURB_NO_BINDS), 0);
}

/* ---- what others know ---- */

static void held__tells_of_those_in_force_and_of_all_in_their_order(void **state)
{
	struct house *house = *state;
	struct issued issued;
	struct certificate_held held, *all = NULL;
	size_t n = 0;
	const struct certificate_api *api = &house->c.api;
	const struct curb_id class = class_of_ten().id;
	char expected[128];
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &issued), 0);
	(void)snprintf(expected, sizeof expected, "certificate.issued.v1 {\"id\":\"%s\"}\n", issued.id.text);
	assert_string_equal(told, expected);
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(api->in_force(api, tx, &class, &house->trainee, &held), 0);
	assert_string_equal(held.id.text, issued.id.text);
	assert_int_equal(held.hours_c, 1000);
	assert_int_equal(held.withdrawn_ms, 0);
	assert_int_equal(api->in_force(api, tx, &class, &house->staff, &held), CURB_ENOTFOUND);
	assert_int_equal(api->from(api, tx, 0, 10, &all, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(api->from(api, tx, 1, 10, &all, &n), 0);
	assert_int_equal(n, 0);
}

/* ---- another name ---- */

static void renewal__takes_the_place_of_the_one_with_the_wrong_name(void **state)
{
	struct house *house = *state;
	struct issued issued, renewed;
	struct curb_id made;
	char expected[256];
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &issued), 0);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), CURB_EUNFIT);
	assert_int_equal(write_sql(&house->f, &curb_core_host,
	                           "UPDATE core_person SET shown = 'Wang Xin' WHERE id = $1",
	                           CURB_BINDS(curb_bind_id(&house->trainee))),
	                 0);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), 0);
	assert_false(curb_id_some(&made));
	assert_int_equal(withdraw(house, &issued, do_sign, &house->staff, true, &made), CURB_EDENIED);
	house->earned.counted_s = 26999; /* a correction: what is gone is not certified again */
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), CURB_EUNFIT);
	assert_int_equal(withdraw(house, &issued, do_withdraw, &house->staff, true, &made), CURB_EUNFIT);
	assert_int_equal(count(house, "SELECT count(*) FROM certificate_withdrawal_sign"), 0);
	house->earned.counted_s = 27270;
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), 0);
	assert_true(curb_id_some(&made));
	(void)snprintf(expected, sizeof expected,
	               "certificate.issued.v1 {\"id\":\"%s\"}\ncertificate.withdrawn.v1 {\"id\":\"%s\"}\n"
	               "certificate.issued.v1 {\"id\":\"%s\"}\n",
	               issued.id.text, issued.id.text, made.text);
	assert_string_equal(told, expected);
	struct curb_tx *tx = store_begin(house->f.reader, house->f.arena);
	assert_int_equal(issued_by_id(&house->c, tx, curb_id_str(&made), &renewed), 0);
	assert_true(curb_str_is(renewed.name, "Wang Xin"));
	assert_string_equal(renewed.replaces.text, issued.id.text);
	assert_int_equal(renewed.online_c * 10 + renewed.place, 4101);
	assert_int_equal(renewed.withdrawn_ms, 0);
	assert_int_equal(issued_by_id(&house->c, tx, curb_id_str(&issued.id), &renewed), 0);
	assert_true(renewed.withdrawn_ms > 0);
	assert_true(curb_str_is(renewed.name, "Wang"));
	assert_int_equal(withdraw(house, &issued, do_sign, &house->colleague, true, &made), CURB_ECONFLICT);
}

static void issue__behind_a_withdrawn_one_is_for_the_federation_and_names_it(void **state)
{
	struct house *house = *state;
	struct issued first, second;
	struct curb_id made;
	assess(house, OUTCOME_PASSED, OUTCOME_PASSED);
	assert_int_equal(issue(house, &first), 0);
	assert_int_equal(withdraw(house, &first, do_withdraw, &house->staff, false, &made), 0);
	assert_int_equal(withdraw(house, &first, do_sign, &house->colleague, false, &made), 0);
	assert_int_equal(issue(house, NULL), CURB_EDENIED);
	assert_int_equal(issue_as(house, CURB_REVIEWER, &second), 0);
	assert_string_equal(second.replaces.text, first.id.text);
	assert_int_equal(issue_as(house, CURB_REVIEWER, NULL), CURB_ECONFLICT);
}

static void did__of_an_origin_is_that_of_its_host(void **state)
{
	struct house *house = *state;
	assert_true(curb_str_is(credential_did(house->f.arena, curb_str("https://learn.example.org")),
	                        "did:web:learn.example.org"));
	assert_true(curb_str_is(credential_did(house->f.arena, curb_str("http://127.0.0.1:8080")),
	                        "did:web:127.0.0.1%3A8080"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(issue__wants_hours_offline_hours_and_both_parts),
		TEST(issue__wants_as_many_hours_as_complete_the_class),
		TEST(issue__a_row_is_never_changed),
		TEST(held__tells_of_those_in_force_and_of_all_in_their_order),
		TEST(renewal__takes_the_place_of_the_one_with_the_wrong_name),
		TEST(issue__behind_a_withdrawn_one_is_for_the_federation_and_names_it),
		TEST(did__of_an_origin_is_that_of_its_host),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests_name("issue", tests, NULL, NULL);
}
