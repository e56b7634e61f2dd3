/* Which figure holds where, and what can be entered. */
#include "cm.h"

#include "count.h"
#include "curb/err.h"
#include "policy.h"

static const int64_t settings[POLICY_FIELDS] = { 45, 400, COUNT_BOTH,    POLICY_NONE, 3000,       1000,
	                                         0,  0,   POLICY_COUNTY, 0,           POLICY_NONE };
static const struct curb_str county[] = { { "370102", 6 }, { "3701", 4 }, { "37", 2 }, { "", 0 } };

static struct policy_rule rule(const char *region, const char *kind, int64_t from_day)
{
	struct policy_rule made = { .region = curb_str(region),
		                    .kind = curb_str(kind),
		                    .from_day = from_day,
		                    .title = curb_str("Plan"),
		                    .number = curb_str("6(2)") };
	for (int i = 0; i < POLICY_FIELDS; i++)
		made.value[i] = POLICY_NONE;
	return made;
}

static struct policy_rule with(struct policy_rule of, enum policy_field field, int64_t value)
{
	of.value[field] = value;
	return of;
}

static struct policy resolve(const struct policy_rule *rules, size_t n, const char *kind, int64_t day)
{
	const struct policy_book book = { rules, n, settings };
	struct policy policy;
	policy_resolve(&book, county, 4, curb_str(kind), day, &policy);
	return policy;
}

static void policy__without_rules_the_settings_hold(void **unused)
{
	(void)unused;
	struct policy policy = resolve(NULL, 0, "skill", 100);
	assert_memory_equal(policy.value, settings, sizeof settings);
	for (int i = 0; i < POLICY_FIELDS; i++)
		assert_null(policy.from[i]);
}

static void policy__each_figure_is_inherited_by_itself(void **unused)
{
	(void)unused;
	struct policy_rule rules[] = {
		with(with(rule("37", "", 10), POLICY_SHARE, 400), POLICY_HOUR, 50),
		with(rule("3701", "", 20), POLICY_HOUR, 55),
		with(rule("370102", "", 30), POLICY_SHARE, 300),
	};
	struct policy policy = resolve(rules, 3, "", 100);
	assert_int_equal(policy.value[POLICY_HOUR], 55);
	assert_ptr_equal(policy.from[POLICY_HOUR], &rules[1]);
	assert_int_equal(policy.value[POLICY_SHARE], 300);
	assert_ptr_equal(policy.from[POLICY_SHARE], &rules[2]);
	assert_null(policy.from[POLICY_RATE]);
	policy = resolve(rules, 3, "", 25); /* before the county's own */
	assert_int_equal(policy.value[POLICY_SHARE], 400);
	policy = resolve(rules, 3, "", 9);
	assert_int_equal(policy.value[POLICY_HOUR], 45);
}

static void policy__nobody_below_loosens_a_limit(void **unused)
{
	(void)unused;
	struct policy_rule rules[] = {
		with(with(with(with(with(rule("37", "", 10), POLICY_SHARE, 400), POLICY_DAILY, 3600),
		               POLICY_DECIDES, POLICY_CITY),
		          POLICY_HOUR, 50),
		     POLICY_BASIS, COUNT_BOTH),
		with(with(with(with(with(rule("370102", "", 5), POLICY_SHARE, 900), POLICY_DAILY, 7200),
		               POLICY_DECIDES, POLICY_COUNTY),
		          POLICY_HOUR, 40),
		     POLICY_BASIS, COUNT_EARNED),
	};
	struct policy policy = resolve(rules, 2, "skill", 100);
	assert_int_equal(policy.value[POLICY_SHARE], 400);
	assert_int_equal(policy.value[POLICY_DAILY], 3600);
	assert_int_equal(policy.value[POLICY_DECIDES], POLICY_CITY);
	assert_int_equal(policy.value[POLICY_HOUR], 50);
	assert_int_equal(policy.value[POLICY_BASIS], COUNT_BOTH);
	policy = resolve(rules, 2, "skill", 7); /* before the province said anything */
	assert_int_equal(policy.value[POLICY_SHARE], 900);
}

static void policy__within_a_place_the_kind_comes_first(void **unused)
{
	(void)unused;
	struct policy_rule rules[] = { with(rule("37", "", 10), POLICY_SHARE, 300),
		                       with(rule("37", "skill", 10), POLICY_SHARE, 400) };
	assert_int_equal(resolve(rules, 2, "skill", 100).value[POLICY_SHARE], 400);
	assert_int_equal(resolve(rules, 2, "rural", 100).value[POLICY_SHARE], 300);
}

static void policy__a_later_rule_takes_the_place_of_an_earlier_one(void **unused)
{
	(void)unused;
	struct policy_rule rules[] = { with(rule("37", "", 10), POLICY_SHARE, 400),
		                       with(rule("37", "", 20), POLICY_HOUR, 50) };
	rules[1].until_day = 30;
	assert_int_equal(resolve(rules, 2, "", 19).value[POLICY_SHARE], 400);
	assert_int_equal(resolve(rules, 2, "", 20).value[POLICY_HOUR], 50);
	assert_null(resolve(rules, 2, "", 20).from[POLICY_SHARE]);
	assert_int_equal(resolve(rules, 2, "", 29).value[POLICY_HOUR], 50);
	assert_null(resolve(rules, 2, "", 30).from[POLICY_HOUR]); /* the earlier one does not come back */
	assert_null(resolve(rules, 2, "", 30).from[POLICY_SHARE]);
}

static int check(const struct policy_rule *one, const struct policy_rule *same, size_t n,
                 const struct policy_rule *above, const char *field)
{
	const struct policy_book book = { same, n, settings }, up = { above, above ? 1 : 0, settings };
	struct policy around;
	const char *at = NULL;
	policy_resolve(&up, county + 2, 2, one->kind, one->from_day, &around);
	int err = policy_check(one, &book, &around, &at);
	if (err)
		assert_string_equal(at, field);
	return err;
}

static void policy__what_contradicts_is_refused_at_its_field(void **unused)
{
	(void)unused;
	struct policy_rule good = with(rule("3701", "skill", 50), POLICY_SHARE, 400), bad = good;
	struct policy_rule province = with(with(rule("37", "", 10), POLICY_SHARE, 350), POLICY_RATE, 2000);
	assert_int_equal(check(&good, NULL, 0, NULL, ""), 0);
	assert_int_equal(check(&good, NULL, 0, &province, "share"), CURB_EUNFIT);
	bad = with(rule("3701", "skill", 50), POLICY_SHARE, 350);
	assert_int_equal(check(&bad, NULL, 0, &province, ""), 0);
	bad = with(bad, POLICY_RATE, 2001);
	assert_int_equal(check(&bad, NULL, 0, &province, "rate"), CURB_EUNFIT);
	bad = with(good, POLICY_SHARE, 1001);
	assert_int_equal(check(&bad, NULL, 0, NULL, "share"), CURB_EINVAL);
	bad = with(good, POLICY_RATE, 999);
	assert_int_equal(check(&bad, NULL, 0, NULL, "rate"), CURB_EINVAL);
	bad = with(good, POLICY_DAILY, 0);
	assert_int_equal(check(&bad, NULL, 0, NULL, "daily"), CURB_EINVAL);
	bad = with(good, POLICY_HOUR, 0);
	assert_int_equal(check(&bad, NULL, 0, NULL, "hour"), CURB_EINVAL);
	bad = rule("3701", "skill", 50);
	assert_int_equal(check(&bad, NULL, 0, NULL, "share"), CURB_EINVAL);
	bad = good;
	bad.until_day = 50;
	assert_int_equal(check(&bad, NULL, 0, NULL, "until"), CURB_EINVAL);
	bad = good;
	bad.kind = curb_str("cooking");
	assert_int_equal(check(&bad, NULL, 0, NULL, "kind"), CURB_EINVAL);
	bad = good;
	bad.title = curb_str("");
	assert_int_equal(check(&bad, NULL, 0, NULL, "title"), CURB_EINVAL);
	bad = good;
	bad.number = curb_str("");
	assert_int_equal(check(&bad, NULL, 0, NULL, "number"), CURB_EINVAL);
	struct policy_rule there[] = { rule("3701", "skill", 50), rule("3701", "", 50),
		                       rule("3702", "skill", 50) };
	assert_int_equal(check(&good, there, 3, NULL, "from"), CURB_ECONFLICT);
	assert_int_equal(check(&good, there + 1, 2, NULL, ""), 0); /* of another kind, of another place */
	there[0].from_day = 51;
	assert_int_equal(check(&good, there, 3, NULL, "from"), CURB_ECONFLICT);
	there[0].from_day = 49;
	assert_int_equal(check(&good, there, 3, NULL, ""), 0);
}

static void policy__tiers_are_counted_from_the_province(void **unused)
{
	(void)unused;
	struct curb_str regions[] = { county[0], county[1], county[2], county[3] };
	struct policy_place place = { .regions = regions, .n = 4 };
	assert_true(curb_str_is(policy_tier_region(&place, POLICY_PROVINCE), "37"));
	assert_true(curb_str_is(policy_tier_region(&place, POLICY_CITY), "3701"));
	assert_true(curb_str_is(policy_tier_region(&place, POLICY_COUNTY), "370102"));
	place = (struct policy_place){ .regions = regions + 2,
		                       .n = 2 }; /* a province without anything below */
	assert_true(curb_str_is(policy_tier_region(&place, POLICY_COUNTY), "37"));
	place = (struct policy_place){ .regions = regions + 3, .n = 1 };
	assert_true(curb_str_is(policy_tier_region(&place, POLICY_PROVINCE), ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy__without_rules_the_settings_hold),
		cmocka_unit_test(policy__each_figure_is_inherited_by_itself),
		cmocka_unit_test(policy__nobody_below_loosens_a_limit),
		cmocka_unit_test(policy__within_a_place_the_kind_comes_first),
		cmocka_unit_test(policy__a_later_rule_takes_the_place_of_an_earlier_one),
		cmocka_unit_test(policy__what_contradicts_is_refused_at_its_field),
		cmocka_unit_test(policy__tiers_are_counted_from_the_province),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
