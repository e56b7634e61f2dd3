/* In a program of its own: what a hash takes is said before the first one is made. */
#include "cm.h"
#include "people.h"

static void password_memory__is_that_of_the_hashes_made_from_then_on(void **state)
{
	(void)state;
	char hash[PEOPLE_HASH_SIZE];
	people_password_memory(19);
	assert_int_equal(people_password_hash(curb_str("correct horse"), hash), 0);
	assert_non_null(strstr(hash, "$m=19456,t=2,p=1$"));
	assert_int_equal(
		people_password_check(hash, curb_str("correct horse"), PEOPLE_LANE_KNOWN, curb_str("here")),
		0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password_memory__is_that_of_the_hashes_made_from_then_on),
	};
	return cmocka_run_group_tests_name("password_memory", tests, NULL, NULL);
}
