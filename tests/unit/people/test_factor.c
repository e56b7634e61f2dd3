/* The second factor: numbers as RFC 6238 has them, used once; recovery codes; sessions as their owner sees them. */
#include <stdio.h>

#include "cm.h"
#include "curb/err.h"
#include "factor.h"
#include "people_case.h"
#include "visits.h"

static const char rfc_secret[] = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; /* 12345678901234567890 */

static void totp__gives_the_numbers_of_the_rfc(void **state)
{
	(void)state;
	static const struct {
		int64_t at_s;
		int32_t number;
	} rows[] = { { 59, 287082 },       { 1111111109, 81804 },  { 1111111111, 50471 },
		     { 1234567890, 5924 }, { 2000000000, 279037 }, { 20000000000, 353130 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(people_totp_at(curb_str(rfc_secret), rows[i].at_s / 30), rows[i].number);
	assert_int_equal(people_totp_at(curb_str("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"), 1), -1);
	assert_int_equal(people_totp_at(curb_str("GEZD"), 1), -1);
}

static void totp__takes_one_step_of_drift(void **state)
{
	(void)state;
	struct curb_str secret = curb_str(rfc_secret), number = curb_str("287 082");
	assert_int_equal(people_totp_match(secret, number, 59000), 1);
	assert_int_equal(people_totp_match(secret, number, 29000), 1);
	assert_int_equal(people_totp_match(secret, number, 89000), 1);
	assert_int_equal(people_totp_match(secret, number, 90000), 0);
	assert_int_equal(people_totp_match(secret, curb_str("28708"), 59000), 0);
	assert_int_equal(people_totp_match(secret, curb_str("2870820"), 59000), 0);
	assert_int_equal(people_totp_match(secret, curb_str(NULL), 59000), 0);
}

static void totp__secrets_are_not_the_same(void **state)
{
	(void)state;
	char one[PEOPLE_SECRET_TEXT], two[PEOPLE_SECRET_TEXT];
	people_totp_secret(one);
	people_totp_secret(two);
	assert_string_not_equal(one, two);
	assert_true(people_totp_at(curb_str(one), 1) >= 0);
}

static char codes[PEOPLE_RECOVERIES][PEOPLE_RECOVERY_TEXT];

static int set_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_factor_set(tx, &f.li, curb_str(rfc_secret), 1, NOW, codes);
}

static int check(const char *typed, int64_t now_ms, struct people_factor_good *ret_good)
{
	int err = people_factor_check(store_begin(f.reader, f.arena), &f.li, curb_str(typed), now_ms,
	                              ret_good);
	store_end(f.reader);
	return err;
}

static int use_fn(struct curb_tx *tx, void *arg)
{
	return people_factor_use(tx, &f.li, arg, NOW);
}

static int remove_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return people_factor_remove(tx, &f.li);
}

static void factor__is_sealed_and_good_once(void **state)
{
	(void)state;
	struct people_factor_good good;
	bool has = true;
	assert_int_equal(people_factor_has(store_begin(f.reader, f.arena), &f.li, &has), 0);
	store_end(f.reader);
	assert_false(has);
	assert_int_equal(check("287082", 59000, &good), CURB_EAUTH); /* nobody has no number */
	assert_int_equal(write_now(set_fn, NULL), 0);
	assert_int_equal(count_of("SELECT count(*) FROM core_factor WHERE instr(secret, 'GEZDGNBV') > 0"), 0);
	assert_int_equal(check("287082", 59000, &good), CURB_EAUTH); /* typed when it was set up */
	char number[8];
	(void)snprintf(number, sizeof number, "%06d", people_totp_at(curb_str(rfc_secret), 2));
	assert_int_equal(check(number, 61000, &good), 0);
	struct people_factor_good twin = good;
	assert_int_equal(write_now(use_fn, &good), 0);
	assert_int_equal(write_now(use_fn, &twin), CURB_EAUTH); /* two windows at the same time */
	assert_int_equal(check(number, 61000, &good), CURB_EAUTH);
}

static void factor__recovery_codes_are_good_once_and_renewed(void **state)
{
	(void)state;
	struct people_factor_good good;
	char old[PEOPLE_RECOVERY_TEXT];
	int64_t left = 0;
	assert_int_equal(write_now(set_fn, NULL), 0);
	assert_int_equal(check(codes[9], NOW, &good), 0);
	assert_int_equal(write_now(use_fn, &good), 0);
	assert_int_equal(check(codes[9], NOW, &good), CURB_EAUTH);
	assert_int_equal(people_recoveries_left(store_begin(f.reader, f.arena), &f.li, &left), 0);
	store_end(f.reader);
	assert_int_equal(left, 9);
	memcpy(old, codes[0], sizeof old);
	assert_int_equal(write_now(set_fn, NULL), 0);
	assert_int_equal(check(old, NOW, &good), CURB_EAUTH);
	assert_int_equal(check(codes[0], NOW, &good), 0);
	assert_int_equal(write_now(remove_fn, NULL), 0);
	assert_int_equal(check(codes[0], NOW, &good), CURB_EAUTH);
}

/* ---- sessions ---- */

struct visiting {
	const struct curb_id *person;
	bool shared;
	int64_t now_ms;
	char token[PEOPLE_TOKEN_SIZE];
};

static int open_fn(struct curb_tx *tx, void *arg)
{
	struct visiting *v = arg;
	int err = people_session_open(tx, v->person, v->shared, v->now_ms, v->token);
	return err ? err : people_session_describe(tx, curb_str(v->token), curb_str("Firefox on Linux"));
}

static struct people_visit *visits_at(int64_t now_ms, size_t *ret_n)
{
	struct people_visit *visits = NULL;
	assert_int_equal(people_visits(store_begin(f.reader, f.arena), &f.li, now_ms, &visits, ret_n), 0);
	store_end(f.reader);
	return visits;
}

static int end_fn(struct curb_tx *tx, void *arg)
{
	const struct people_visit *visit = arg;
	return people_visit_end(tx, &f.li, &visit->id, NOW + 5);
}

static int end_of_wang(struct curb_tx *tx, void *arg)
{
	const struct people_visit *visit = arg;
	return people_visit_end(tx, &f.wang, &visit->id, NOW + 5);
}

static void visits__are_their_owners(void **state)
{
	(void)state;
	struct visiting own = { &f.li, false, NOW, "" }, shared = { &f.li, true, NOW + 1, "" },
			other = { &f.wang, false, NOW, "" };
	size_t n = 0;
	assert_int_equal(write_now(open_fn, &own), 0);
	assert_int_equal(write_now(open_fn, &shared), 0);
	assert_int_equal(write_now(open_fn, &other), 0);
	struct people_visit *visits = visits_at(NOW + 2, &n);
	assert_int_equal(n, 2);
	assert_true(visits[0].shared && !visits[1].shared);
	assert_true(curb_str_is(visits[0].agent, "Firefox, Linux"));
	assert_int_equal(write_now(end_of_wang, &visits[0]), CURB_ENOTFOUND);
	assert_int_equal(write_now(end_fn, &visits[0]), 0);
	assert_int_equal(write_now(end_fn, &visits[0]), CURB_ENOTFOUND);
	(void)visits_at(NOW + 6, &n);
	assert_int_equal(n, 1);
	(void)visits_at(NOW + 30LL * DAY_MS, &n);
	assert_int_equal(n, 0);
}

struct going_on {
	struct curb_id session;
	int64_t now_ms;
};

static int seen_fn(struct curb_tx *tx, void *arg)
{
	const struct going_on *g = arg;
	return people_session_seen(tx, &g->session, g->now_ms);
}

static int extend_fn(struct curb_tx *tx, void *arg)
{
	const struct going_on *g = arg;
	return people_session_extend(tx, &g->session, g->now_ms);
}

static void visits__last_longer_when_they_are_used(void **state)
{
	(void)state;
	struct visiting own = { &f.li, false, NOW, "" }, shared = { &f.li, true, NOW + 1, "" };
	size_t n = 0;
	assert_int_equal(write_now(open_fn, &own), 0);
	assert_int_equal(write_now(open_fn, &shared), 0);
	struct people_visit *visits = visits_at(NOW + 2, &n);
	struct going_on of_shared = { visits[0].id, NOW + 11 * HOUR_MS },
			of_own = { visits[1].id, NOW + 11 * HOUR_MS };
	assert_int_equal(write_now(seen_fn, &of_shared), 0);
	assert_int_equal(write_now(seen_fn, &of_own), 0);
	visits = visits_at(NOW + 11 * HOUR_MS, &n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(visits[i].seen_ms, NOW + 11 * HOUR_MS);
		assert_int_equal(visits[i].ends_ms, visits[i].shared ? NOW + 1 + 12 * HOUR_MS :
		                                                       NOW + 11 * HOUR_MS + 30LL * DAY_MS);
	}
	assert_int_equal(write_now(extend_fn, &of_shared), 0);
	(void)visits_at(NOW + 22 * HOUR_MS, &n);
	assert_int_equal(n, 2);
	of_shared.now_ms = NOW + 24 * HOUR_MS;
	assert_int_equal(write_now(extend_fn, &of_shared), CURB_EAUTH);
}

static void visits__that_ended_long_ago_are_removed(void **state)
{
	(void)state;
	static const char all[] = "SELECT count(*) FROM core_session";
	struct visiting first = { &f.li, true, NOW, "" }, month = { &f.wang, true, NOW + 30LL * DAY_MS, "" },
			later = { &f.wang, true, NOW + 30LL * DAY_MS + 12 * HOUR_MS + 1, "" };
	assert_int_equal(write_now(open_fn, &first), 0); /* for 12 hours */
	assert_int_equal(write_now(open_fn, &month), 0);
	assert_int_equal(count_of(all), 2);
	assert_int_equal(write_now(open_fn, &later), 0);
	assert_int_equal(count_of(all), 2);
	assert_int_equal(count_of("SELECT count(*) FROM core_session s JOIN core_person p ON p.id = s.person "
	                          "WHERE p.shown = 'Li'"),
	                 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totp__gives_the_numbers_of_the_rfc),
		cmocka_unit_test(totp__takes_one_step_of_drift),
		cmocka_unit_test(totp__secrets_are_not_the_same),
		PEOPLE_TEST(factor__is_sealed_and_good_once),
		PEOPLE_TEST(factor__recovery_codes_are_good_once_and_renewed),
		PEOPLE_TEST(visits__are_their_owners),
		PEOPLE_TEST(visits__last_longer_when_they_are_used),
		PEOPLE_TEST(visits__that_ended_long_ago_are_removed),
	};
	return cmocka_run_group_tests_name("factor", tests, NULL, NULL);
}
