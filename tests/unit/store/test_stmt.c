#include "helper.h"

#define ADD "INSERT INTO shop_thing (id, name, size) VALUES ($1, $2, $3)"
#define COUNT "SELECT count(*) FROM shop_thing"

static void stmt__a_write_is_seen_at_once(void **state)
{
	struct fixture *f = *state;
	assert_int_equal(write_sql(f, &shop, ADD, CURB_BINDS(curb_cstring("1"), curb_cstring("a"), curb_int(5))), 0);
	assert_int_equal(read_int(f, &shop, COUNT, CURB_NO_BINDS), 1);
	assert_int_equal(read_int(f, &shop, "SELECT size FROM shop_thing WHERE name = $1", CURB_BINDS(curb_cstring("a"))),
	                 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(stmt__a_write_is_seen_at_once, setup_fixture, teardown_fixture),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
