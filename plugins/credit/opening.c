/* Opening a class: its plan is tested against the policy of the day, which it keeps. */
#include <stdio.h>

#include "curb/err.h"
#include "curb/person.h"
#include "task.h"

struct hours_text {
	char text[24];
};

/* Hundredths of a class hour as people write them: 12.5, 16. */
static struct hours_text hours_text(int64_t hours_c)
{
	struct hours_text out;
	long long whole = hours_c / 100, rest = hours_c % 100;
	if (rest == 0)
		(void)snprintf(out.text, sizeof out.text, "%lld", whole);
	else if (rest % 10 == 0)
		(void)snprintf(out.text, sizeof out.text, "%lld.%lld", whole, rest / 10);
	else
		(void)snprintf(out.text, sizeof out.text, "%lld.%02lld", whole, rest);
	return out;
}

static int check_fields(const struct credit_plan *plan)
{
	enum { MOST_C = 1000000, NAME_LONGEST = 200 };
	if (plan->programme.len == 0 || plan->programme.len > NAME_LONGEST)
		return curb_fail(CURB_EINVAL, "Give the training programme a name of 1 to %d bytes",
		                 NAME_LONGEST);
	if (plan->kind.len && !policy_kind(plan->kind))
		return curb_fail(CURB_EINVAL, "Choose a kind of training");
	if (plan->total_c <= 0 || plan->total_c > MOST_C)
		return curb_fail(CURB_EINVAL, "The total class hours must be more than 0 and at most 10000");
	if (plan->starts_ms >= plan->ends_ms)
		return curb_fail(CURB_EINVAL, "The class must start before it ends; check the two dates");
	if (plan->version_count == 0)
		return curb_fail(CURB_EINVAL, "Choose at least one course for the class");
	return 0;
}

static int sum_offline(const struct credit_plan *plan, int64_t *ret_c)
{
	int64_t sum = 0;
	for (size_t i = 0; i < plan->offline_count; i++) {
		if (plan->offline[i].hours_c <= 0 || plan->offline[i].hours_c > plan->total_c ||
		    plan->offline[i].name.len == 0)
			return curb_fail(CURB_EINVAL,
			                 "Each offline unit needs a name and class hours of its own");
		sum += plan->offline[i].hours_c;
	}
	if (sum > plan->total_c)
		return curb_fail(CURB_EUNFIT,
		                 "The offline units have %s class hours, the class only %s; mend the total "
		                 "or the units",
		                 hours_text(sum).text, hours_text(plan->total_c).text);
	*ret_c = sum;
	return 0;
}

static int sum_courses(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t *ret_c)
{
	int64_t sum = 0;
	for (size_t i = 0; i < plan->version_count; i++) {
		const struct content_unit *units = NULL;
		size_t n = 0;
		struct content_version version;
		int err = c->content->version(c->content, tx, plan->versions[i], &version);
		if (!err)
			err = c->content->units(c->content, tx, plan->versions[i], &units, &n);
		if (err)
			return err;
		for (size_t k = 0; k < n; k++)
			sum += units[k].hours_c;
	}
	*ret_c = sum;
	return 0;
}

/* policy/README.md: planned online / planned total against the share, refused with the figure that would pass. */
static int check_share(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                       const struct policy *policy)
{
	bool planned = policy->value[POLICY_BASIS] != COUNT_EARNED;
	int64_t offline_c = 0, courses_c = 0;
	int err = sum_offline(plan, &offline_c);
	if (err)
		return err;
	int64_t online_c = plan->total_c - offline_c;
	int64_t most_c = count_most_online_c(plan->total_c, policy->value[POLICY_SHARE]);
	if (planned && !count_plan_fits(online_c, plan->total_c, policy->value[POLICY_SHARE]))
		return curb_fail(CURB_EUNFIT,
		                 "Of %s class hours at most %s may be online; this plan has %s online. "
		                 "Plan at least %s offline class hours",
		                 hours_text(plan->total_c).text, hours_text(most_c).text,
		                 hours_text(online_c).text, hours_text(plan->total_c - most_c).text);
	err = sum_courses(c, tx, plan, &courses_c);
	if (!err && courses_c < online_c)
		return curb_fail(CURB_EUNFIT,
		                 "The plan has %s online class hours, but the courses hold only %s. "
		                 "Add a course or plan more offline class hours",
		                 hours_text(online_c).text, hours_text(courses_c).text);
	return err;
}

static int add_parts(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                     const struct curb_id *cohort)
{
	int err = 0;
	for (size_t i = 0; !err && i < plan->version_count; i++)
		err = credit_cohort_add_course(c, tx, cohort, plan->versions[i], (int64_t)i);
	if (err == CURB_ECONFLICT)
		return curb_fail(CURB_EINVAL, "A course is named twice; name each once");
	for (size_t i = 0; !err && i < plan->offline_count; i++)
		err = credit_cohort_add_offline(c, tx, cohort, &plan->offline[i], (int64_t)i);
	return err;
}

int credit_plan_policy(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t now_ms,
                       struct policy *ret_policy)
{
	return policy_at(c, tx, plan->institution, plan->kind.ptr ? plan->kind : curb_str(""),
	                 count_day(now_ms, c->utc_offset_ms), ret_policy);
}

static int check_plan(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t now_ms,
                      struct policy *ret_policy)
{
	struct curb_id institution;
	struct curb_str institution_name;
	if (!curb_id_parse(plan->institution, &institution))
		return curb_fail(CURB_EINVAL, "Choose the institution that runs the class");
	int err = check_fields(plan);
	if (!err)
		err = curb_institution_name(tx, &institution, &institution_name);
	if (!err)
		err = credit_plan_policy(c, tx, plan, now_ms, ret_policy);
	if (!err && count_hours_s(plan->total_c, ret_policy->value[POLICY_HOUR] * 60) == 0)
		return curb_fail(CURB_EINVAL, "The total class hours must be more than 0 and at most 10000");
	return err ? err : check_share(c, tx, plan, ret_policy);
}

int credit_check_plan(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan, int64_t now_ms)
{
	struct policy policy;
	return check_plan(c, tx, plan, now_ms, &policy);
}

int64_t credit_cap_s(const struct credit_cohort *cohort)
{
	return count_cap_s(count_hours_s(cohort->total_c, cohort->hour_s), cohort->share_m, cohort->basis);
}

/* What a class keeps of the policy in force. */
static void keep_policy(struct credit_cohort *cohort, const struct policy *policy)
{
	const int64_t *value = policy->value;
	const struct policy_rule *share = policy->from[POLICY_SHARE];
	cohort->hour_s = value[POLICY_HOUR] * 60;
	cohort->share_m = value[POLICY_SHARE];
	cohort->rate_m = value[POLICY_RATE];
	cohort->basis = (enum count_basis)value[POLICY_BASIS];
	cohort->daily_s = value[POLICY_DAILY] == POLICY_NONE ? 0 : value[POLICY_DAILY];
	cohort->completion_m = value[POLICY_COMPLETION];
	cohort->decides = (enum policy_tier)value[POLICY_DECIDES];
	cohort->presence_s = value[POLICY_PRESENCE] * 60;
	if (share)
		cohort->policy = share->id;
}

static int note_opened(struct curb_tx *tx, const struct credit_cohort *cohort)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "name", cohort->programme);
	const struct curb_change change = { cohort->opened_by, curb_id_str(&cohort->id),
		                            curb_id_str(&cohort->institution),
		                            CURB_TEXT("opened the class {name}"), detail };
	return curb_note_change(tx, &change, cohort->opened_ms);
}

int credit_open_cohort(struct credit *c, struct curb_tx *tx, const struct credit_plan *plan,
                       const struct credit_actor *by, int64_t now_ms, struct curb_id *ret_cohort)
{
	struct policy policy;
	struct credit_cohort cohort = {
		.id = curb_id_new(now_ms),
		.opened_by = by->id,
		.programme = plan->programme,
		.kind = plan->kind.ptr ? plan->kind : curb_str(""),
		.total_c = plan->total_c,
		.starts_ms = plan->starts_ms,
		.ends_ms = plan->ends_ms,
		.opened_ms = now_ms,
	};
	int err = check_plan(c, tx, plan, now_ms, &policy);
	if (err)
		return err;
	cohort.institution = curb_id_of(plan->institution);
	keep_policy(&cohort, &policy);
	err = credit_entry_class(tx, &cohort, by->role, &cohort.entry);
	if (!err)
		err = credit_cohort_add(c, tx, &cohort);
	if (!err)
		err = add_parts(c, tx, plan, &cohort.id);
	if (!err)
		err = tasks_open(c, tx, plan, &cohort);
	if (!err)
		err = note_opened(tx, &cohort);
	if (!err)
		*ret_cohort = cohort.id;
	return err;
}
