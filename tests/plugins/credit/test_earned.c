/* How a trainee stands: recorded and live hours under one cap, offline hours, and what waits for them. */
#include "broken.h"
#include "credit.h"
#include "credit_embedded.h"
#include "curb/cleanup.h"
#include "helper.h"

static struct curb_host credit_host = { .magic = CURB_HOST_MAGIC, .owner = "credit" };

enum { HOUR_S = 2700 };

/* 40 class hours, of which 16 may be online. */
static const struct credit_cohort cohort = {
	.id = { "class" }, .total_c = 4000, .share_m = 400, .hour_s = HOUR_S, .completion_m = 901
};

static int setup(void **state)
{
	int err = setup_fixture(state);
	struct fixture *f = *state;
	err = err ? err : store_migrate(f->store, &credit_host, credit_migrations);
	return err ? err :
	             write_sql(f, &credit_host,
	                       "INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, "
	                       "hour_s, "
	                       "rate_m, starts_ms, ends_ms, opened_ms, opened_by) "
	                       "VALUES ('class', 'p', 'i', 4000, 400, 2700, 3000, 1, 2, 1, 's')",
	                       NULL);
}

struct asking {
	struct credit credit;
	const struct credit_cohort *cohort;
	const char *person;
	struct credit_earned earned;
};

static int ask(struct curb_tx *tx, void *arg)
{
	struct asking *asking = arg;
	struct curb_id person = curb_id_of(curb_str(asking->person));
	return credit_earned_of(&asking->credit, tx, asking->cohort, &person, &asking->earned);
}

static int earned_in(struct fixture *f, const struct credit_cohort *class, const char *person,
                     struct credit_earned *ret)
{
	struct asking asking = { .credit = { .host = &credit_host }, .cohort = class, .person = person };
	int err = write_fn(f, ask, &asking);
	*ret = asking.earned;
	return err;
}

static int earned_of(struct fixture *f, const char *person, struct credit_earned *ret)
{
	return earned_in(f, &cohort, person, ret);
}

static struct credit_earned with(struct fixture *f, int64_t online_h, int64_t live_h, int64_t offline_h,
                                 int64_t pending_h)
{
	struct credit_earned earned;
	assert_int_equal(
		write_sql(f, &credit_host,
	                  "INSERT INTO credit_trainee (cohort, person, shown, online_s, live_s, offline_s, "
	                  "pending_s, added_ms, added_by) VALUES ('class', 't', 'T', $1 * 2700, $2 * 2700, "
	                  "$3 * 2700, $4 * 2700, 1, 's') ON CONFLICT (cohort, person) DO UPDATE SET online_s "
	                  "= $1 * 2700, live_s = $2 * 2700, offline_s = $3 * 2700, pending_s = $4 * 2700",
	                  CURB_BINDS(curb_int(online_h), curb_int(live_h), curb_int(offline_h),
	                             curb_int(pending_h))),
		0);
	assert_int_equal(earned_of(f, "t", &earned), 0);
	return earned;
}

static void earned__adds_up_and_leaves_out_what_waits(void **state)
{
	struct credit_earned earned = with(*state, 10, 0, 9, 5);
	assert_int_equal(earned.total_s, 40 * HOUR_S);
	assert_int_equal(earned.complete_m, 901);
	assert_int_equal(earned.complete_s, 97308); /* 36.04 hours */
	assert_int_equal(earned.cap_s, 16 * HOUR_S);
	assert_int_equal(earned.share_m, 400);
	assert_int_equal(earned.sum_s, 19 * HOUR_S); /* pending is none of it */
	assert_int_equal(earned.pending_s, 5 * HOUR_S);
	assert_int_equal(earned.waits_s, 4 * HOUR_S); /* 9 offline hours carry 6 online ones */
	assert_int_equal(earned.wanted_s, 6 * HOUR_S);
	assert_int_equal(earned.counted_s, 15 * HOUR_S);
	earned = with(*state, 10, 0, 15, 0);
	assert_int_equal(earned.waits_s, 0);
	assert_int_equal(earned.counted_s, 25 * HOUR_S);
}

static void earned__live_lessons_share_the_cap(void **state)
{
	struct credit_earned earned = with(*state, 15, 3, 24, 0);
	assert_int_equal(earned.live_s, HOUR_S);
	assert_int_equal(earned.over_s, 2 * HOUR_S);
	assert_int_equal(earned.counted_s, 40 * HOUR_S);
	earned = with(*state, 0, 10, 0, 0);
	assert_int_equal(earned.waits_s, 10 * HOUR_S); /* live hours are online hours: they wait as well */
	assert_int_equal(earned.counted_s, 0);
}

static void earned__says_since_when_she_is_away(void **state)
{
	struct credit_earned earned = with(*state, 1, 0, 0, 0);
	assert_int_equal(earned.left_ms, 0);
	assert_int_equal(write_sql(*state, &credit_host, "UPDATE credit_trainee SET left_ms = 77", NULL), 0);
	assert_int_equal(earned_of(*state, "t", &earned), 0);
	assert_int_equal(earned.left_ms, 77);
}

static void earned__of_strangers_is_not_told(void **state)
{
	struct credit_earned earned;
	assert_int_equal(earned_of(*state, "nobody", &earned), CURB_ENOTFOUND);
}

/* ---- exceptions ---- */

enum { LONG_AGO_MS = 2 };
static const int64_t far_ms = INT64_MAX;

static void except(struct fixture *f, const char *waiver, const char *holder, int64_t granted,
                   int64_t share_m, int64_t until_ms)
{
	assert_int_equal(
		write_sql(f, &credit_host,
	                  "INSERT INTO credit_waiver (id, cohort, person, region, share_m, until_ms, "
	                  "document, sealed_reason, asked_ms, asked_by) "
	                  "VALUES ($1, 'class', $2, '370100', 1, 1, 'd', x'00', 1, 's')",
	                  CURB_BINDS(curb_cstring(waiver), curb_cstring(holder))),
		0);
	assert_int_equal(
		write_sql(f, &credit_host,
	                  "INSERT INTO credit_waiver_decision (waiver, cohort, person, holder, granted, "
	                  "share_m, from_ms, until_ms, sealed_words, decided_by) "
	                  "VALUES ($1, 'class', $2, $2, $3, $4, 1, $5, x'00', 'f')",
	                  CURB_BINDS(curb_cstring(waiver), curb_cstring(holder), curb_int(granted),
	                             curb_int(share_m), curb_int(until_ms))),
		0);
}

static void earned__the_share_is_the_largest_exception_of_now_or_the_class_s_own(void **state)
{
	struct fixture *f = *state;
	(void)with(f, 0, 0, 0, 0);
	except(f, "refused", "", 0, 900, far_ms);
	except(f, "another's", "somebody", 1, 900, far_ms);
	except(f, "over", "", 1, 500, LONG_AGO_MS);
	struct credit_earned earned = with(f, 0, 18, 0, 0);
	assert_int_equal(earned.share_m, 400);
	assert_int_equal(earned.cap_s, 16 * HOUR_S);
	assert_int_equal(earned.live_s, 18 * HOUR_S); /* what was earned under one that is over stays */
	assert_int_equal(earned.over_s, 0);
	except(f, "smaller", "t", 1, 300, far_ms);
	assert_int_equal(with(f, 0, 0, 0, 0).share_m, 400);
	except(f, "hers", "t", 1, 600, far_ms);
	assert_int_equal(with(f, 0, 0, 0, 0).share_m, 600);
	except(f, "all", "", 1, 550, far_ms);
	earned = with(f, 0, 25, 0, 0);
	assert_int_equal(earned.share_m, 600);
	assert_int_equal(earned.cap_s, 24 * HOUR_S);
	assert_int_equal(earned.live_s, 24 * HOUR_S);
	assert_int_equal(earned.over_s, HOUR_S);
}

static void earned__a_share_of_what_is_planned_waits_for_nothing(void **state)
{
	struct credit_cohort planned = cohort;
	struct credit_earned earned;
	(void)with(*state, 17, 3, 0, 0); /* more than the cap, which was larger once */
	planned.basis = COUNT_PLANNED;
	assert_int_equal(earned_in(*state, &planned, "t", &earned), 0);
	assert_int_equal(earned.waits_s, 0);
	assert_int_equal(earned.wanted_s, 0);
	assert_int_equal(earned.live_s, 0);
	assert_int_equal(earned.over_s, 3 * HOUR_S);
	assert_int_equal(earned.counted_s, 17 * HOUR_S);
}

static void earned__what_completes_is_rounded_up(void **state)
{
	struct credit_cohort odd = cohort;
	struct credit_earned earned;
	(void)with(*state, 0, 0, 0, 0);
	odd.completion_m = 500;
	odd.total_c = 1;
	odd.hour_s = 100; /* one second in all */
	assert_int_equal(earned_in(*state, &odd, "t", &earned), 0);
	assert_int_equal(earned.total_s, 1);
	assert_int_equal(earned.complete_s, 1);
	odd.completion_m = 1000;
	assert_int_equal(earned_in(*state, &odd, "t", &earned), 0);
	assert_int_equal(earned.complete_s, 1);
	odd.completion_m = 1;
	odd.total_c = 1000;
	assert_int_equal(earned_in(*state, &odd, "t", &earned), 0);
	assert_int_equal(earned.complete_s, 1); /* a thousandth of a thousand */
	odd.total_c = 1001;
	assert_int_equal(earned_in(*state, &odd, "t", &earned), 0);
	assert_int_equal(earned.complete_s, 2);
}

static void earned__each_statement_that_fails_is_told(void **state)
{
	struct credit_earned earned;
	int good = 0;
	(void)with(*state, 1, 0, 0, 0);
	except(*state, "all", "", 1, 550, far_ms);
	for (int err = CURB_EINTERNAL; err; good++) {
		broken_after(good);
		err = earned_of(*state, "t", &earned);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
	}
	assert_true(good > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(earned__adds_up_and_leaves_out_what_waits, setup,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__live_lessons_share_the_cap, setup, teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__says_since_when_she_is_away, setup, teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__of_strangers_is_not_told, setup, teardown_fixture),
		cmocka_unit_test_setup_teardown(
			earned__the_share_is_the_largest_exception_of_now_or_the_class_s_own, setup,
			teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__a_share_of_what_is_planned_waits_for_nothing, setup,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__what_completes_is_rounded_up, setup,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__each_statement_that_fails_is_told, setup,
		                                teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
