/* A name that was wrong, and two accounts of one person. */
#include "cm.h"
#include "curb/err.h"
#include "curb/person.h"
#include "people_case.h"
#include "roles.h"
#include "signing.h"

struct merging {
	const struct curb_id *from, *into;
};

static int merge_fn(struct curb_tx *tx, void *arg)
{
	const struct merging *merging = arg;
	return curb_person_merge(tx, merging->from, merging->into, NOW);
}

static int merge(const struct curb_id *from, const struct curb_id *into)
{
	struct merging merging = { from, into };
	return write_now(merge_fn, &merging);
}

struct naming {
	const struct curb_id *person;
	const char *name;
};

static int rename_fn(struct curb_tx *tx, void *arg)
{
	const struct naming *naming = arg;
	return curb_person_rename(tx, naming->person, curb_str(naming->name));
}

static int rename_to(const struct curb_id *person, const char *name)
{
	struct naming naming = { person, name };
	return write_now(rename_fn, &naming);
}

/* Whom the number or id leads to; "" to nobody. */
static struct curb_user found(const char *id_or_name)
{
	struct curb_user user = { .roles = 0 };
	int err = curb_person_find(store_begin(f.reader, f.arena), curb_str(id_or_name), NOW + 1, &user);
	store_end(f.reader);
	assert_true(err == 0 || err == CURB_ENOTFOUND);
	return user;
}

static void mend__name_is_another_one_everywhere(void **state)
{
	(void)state;
	assert_int_equal(rename_to(&f.li, ""), CURB_EINVAL);
	assert_int_equal(rename_to(&f.li, "\xff"), CURB_EINVAL);
	assert_int_equal(rename_to(&(struct curb_id){ "none" }, "Li Na"), CURB_ENOTFOUND);
	assert_int_equal(rename_to(&f.li, "Li Na"), 0);
	assert_true(curb_str_is(found(f.li.text).name, "Li Na"));
	assert_int_equal(count_of("SELECT count(*) FROM core_listed WHERE name = 'Li Na'"), 1);
}

static int open_session_fn(struct curb_tx *tx, void *arg)
{
	char token[PEOPLE_TOKEN_SIZE];
	return people_session_open(tx, arg, false, NOW - 1, token);
}

static void mend__merged_account_is_shut_and_leads_to_the_other(void **state)
{
	(void)state;
	struct people_account account;
	assert_int_equal(write_now(open_session_fn, &f.wang), 0);
	assert_int_equal(merge(&f.wang, &f.li), 0);
	assert_string_equal(found("13800000001").id.text, f.li.text);
	assert_string_equal(found(f.wang.text).id.text, f.li.text);
	assert_int_equal(count_of("SELECT count(*) FROM core_session WHERE ends_ms > 10000000"), 0);
	assert_int_equal(count_of("SELECT count(*) FROM core_listed"), 1);
	assert_int_equal(
		people_account_find(store_begin(f.reader, f.arena), curb_str("13800000001"), &account), 0);
	store_end(f.reader);
	assert_false(curb_id_some(&account.id));
	assert_int_equal(merge(&f.wang, &f.li), CURB_ENOTFOUND);
}

static void mend__only_two_learners_are_merged(void **state)
{
	(void)state;
	assert_int_equal(merge(&f.li, &f.li), CURB_EUNFIT);
	assert_int_equal(merge(&f.li, &(struct curb_id){ "none" }), CURB_ENOTFOUND);
	assert_int_equal(count_of("SELECT count(*) FROM core_person WHERE closed_ms IS NULL"), 2);
}

static int give_fn(struct curb_tx *tx, void *arg)
{
	return people_grant(tx, arg, CURB_CAPTIONER, curb_str(NULL), curb_str(NULL), NOW - 1);
}

static void mend__other_roles_are_ended_first(void **state)
{
	(void)state;
	assert_int_equal(write_now(give_fn, &f.wang), 0);
	assert_int_equal(merge(&f.wang, &f.li), CURB_EUNFIT);
	assert_int_equal(merge(&f.li, &f.wang), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(mend__name_is_another_one_everywhere),
		PEOPLE_TEST(mend__merged_account_is_shut_and_leads_to_the_other),
		PEOPLE_TEST(mend__only_two_learners_are_merged),
		PEOPLE_TEST(mend__other_roles_are_ended_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
