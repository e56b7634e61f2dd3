/* How a trainee stands: recorded and live hours under one cap, offline hours, and what waits for them. */
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
	const char *person;
	struct credit_earned earned;
};

static int ask(struct curb_tx *tx, void *arg)
{
	struct asking *asking = arg;
	struct curb_id person = curb_id_of(curb_str(asking->person));
	return credit_earned_of(&asking->credit, tx, &cohort, &person, &asking->earned);
}

static int earned_of(struct fixture *f, const char *person, struct credit_earned *ret)
{
	struct asking asking = { .credit = { .host = &credit_host }, .person = person };
	int err = write_fn(f, ask, &asking);
	*ret = asking.earned;
	return err;
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

static void earned__of_strangers_is_not_told(void **state)
{
	struct credit_earned earned;
	assert_int_equal(earned_of(*state, "nobody", &earned), CURB_ENOTFOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(earned__adds_up_and_leaves_out_what_waits, setup,
		                                teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__live_lessons_share_the_cap, setup, teardown_fixture),
		cmocka_unit_test_setup_teardown(earned__of_strangers_is_not_told, setup, teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
