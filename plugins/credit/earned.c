/* How a trainee stands in a class: the one place where recorded, live and attended hours meet. */
#include "credit.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"

struct earned_totals {
	int64_t online_s, live_s, offline_s, pending_s, left_ms;
};

static int read_totals(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct earned_totals *ret)
{
	static const char sql[] =
		"SELECT online_s, live_s, offline_s, pending_s, left_ms FROM credit_trainee "
		"WHERE cohort = $1 AND person = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This person is not on the roster of the class");
	*ret = (struct earned_totals){ curb_col_int(stmt, 0), curb_col_int(stmt, 1), curb_col_int(stmt, 2),
		                       curb_col_int(stmt, 3), curb_col_int(stmt, 4) };
	return 0;
}

/* The share with the exceptions that were granted: now, and the largest she ever had, by which what was earned then stays. */
struct shares {
	int64_t now_m, most_m;
};

static int read_shares(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                       const struct curb_id *person, struct shares *ret)
{
	static const char sql[] =
		"SELECT share_m, from_ms <= $3 AND until_ms > $3 FROM credit_waiver_decision "
		"WHERE cohort = $1 AND holder IN ('', $2) AND granted = 1";
	struct shares shares = { cohort->share_m, cohort->share_m };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&cohort->id), curb_bind_id(person), curb_int(curb_wall_ms())), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		int64_t share_m = curb_col_int(stmt, 0);
		shares.most_m = credit_larger(share_m, shares.most_m);
		if (curb_col_int(stmt, 1))
			shares.now_m = credit_larger(share_m, shares.now_m);
		err = 0;
	}
	if (!err)
		*ret = shares;
	return err;
}

/* Live lessons are online: what the cap has no room for is kept and not counted. */
static struct credit_earned add_up(const struct credit_cohort *cohort, const struct earned_totals *totals,
                                   const struct shares *shares)
{
	struct credit_earned earned = {
		.total_s = count_hours_s(cohort->total_c, cohort->hour_s),
		.share_m = shares->now_m,
		.online_s = totals->online_s,
		.offline_s = totals->offline_s,
		.pending_s = totals->pending_s,
		.left_ms = totals->left_ms,
		.complete_m = cohort->completion_m,
	};
	earned.complete_s = (earned.total_s * earned.complete_m + 999) / 1000;
	earned.cap_s = count_cap_s(earned.total_s, earned.share_m, cohort->basis);
	int64_t most_s = count_cap_s(earned.total_s, shares->most_m, cohort->basis);
	int64_t room_s = credit_larger(most_s - earned.online_s, 0);
	earned.over_s = credit_larger(totals->live_s - room_s, 0);
	earned.live_s = totals->live_s - earned.over_s;
	earned.sum_s = earned.online_s + earned.live_s + earned.offline_s;
	if (cohort->basis != COUNT_PLANNED)
		earned.waits_s = count_waits_s(earned.online_s + earned.live_s, earned.offline_s,
		                               shares->most_m, &earned.wanted_s);
	earned.counted_s = earned.sum_s - earned.waits_s;
	return earned;
}

int credit_earned_of(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort,
                     const struct curb_id *person, struct credit_earned *ret_earned)
{
	struct earned_totals totals = { 0 };
	struct shares shares;
	int err = read_totals(c, tx, &cohort->id, person, &totals);
	if (!err)
		err = read_shares(c, tx, cohort, person, &shares);
	if (!err)
		*ret_earned = add_up(cohort, &totals, &shares);
	return err;
}
