/* Who runs the machine neither moves hours nor checks them. */
#include "cm.h"
#include "curb/err.h"
#include "people_case.h"
#include "roles.h"

static int add_grant(struct curb_tx *tx, void *arg)
{
	struct people_grant_row *grant = arg;
	return people_grant_add(tx, grant, NOW, &grant->id);
}

static int end_grant(struct curb_tx *tx, void *arg)
{
	return people_grant_end(tx, arg, NOW);
}

static int give(const struct curb_id *person, uint32_t role, struct curb_id *ret_id)
{
	struct people_grant_row grant = { .person = *person, .role = role, .place = curb_str("") };
	int err = write_now(add_grant, &grant);
	*ret_id = grant.id;
	return err;
}

static void grant__of_an_admin_neither_moves_nor_checks_hours(void **state)
{
	(void)state;
	static const uint32_t roles[] = { CURB_TEACHER, CURB_STAFF, CURB_REVIEWER, CURB_AUDITOR };
	struct curb_id id;
	assert_int_equal(give(&f.li, CURB_ADMIN, &id), 0);
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		assert_int_equal(give(&f.li, roles[i], &id), CURB_ECONFLICT);
		assert_int_equal(give(&f.wang, roles[i], &id), 0);
		struct curb_id admin;
		assert_int_equal(give(&f.wang, CURB_ADMIN, &admin), CURB_ECONFLICT);
		assert_int_equal(write_now(end_grant, &id), 0);
	}
	assert_int_equal(give(&f.wang, CURB_ADMIN, &id), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(grant__of_an_admin_neither_moves_nor_checks_hours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
