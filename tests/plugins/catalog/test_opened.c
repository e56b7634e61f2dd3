/* Courses that were seen open to everyone. */
#include <pthread.h>
#include <stdio.h>

#include "catalog.h"
#include "cm.h"

enum { SLOTS = 1024, MANY = 8 * SLOTS };

static struct curb_id id_of(int n)
{
	struct curb_id id;
	(void)snprintf(id.text, sizeof id.text, "00000000-0000-7000-8000-%012d", n);
	return id;
}

static bool has(struct catalog_opened *opened, int n)
{
	struct curb_id id = id_of(n);
	return catalog_opened_has(opened, curb_id_str(&id));
}

static void add(struct catalog_opened *opened, int n)
{
	struct curb_id id = id_of(n);
	catalog_opened_add(opened, &id);
}

static int set_up(void **state)
{
	*state = catalog_opened_new();
	return 0;
}

static int tear_down(void **state)
{
	catalog_opened_free(*state);
	return 0;
}

static void opened__a_course_is_open_only_when_it_was_seen_open(void **state)
{
	assert_false(has(*state, 1));
	add(*state, 1);
	assert_true(has(*state, 1));
	add(*state, 1);
	assert_true(has(*state, 1));
	for (int n = 2; n < MANY; n++)
		assert_false(has(*state, n)); /* also those that would lie in its slot */
}

static void opened__who_takes_a_slot_over_has_it_alone(void **state)
{
	int known = 0;
	for (int n = 0; n < MANY; n++) {
		assert_false(has(*state, n));
		add(*state, n);
		assert_true(has(*state, n));
	}
	for (int n = 0; n < MANY; n++)
		known += has(*state, n);
	assert_in_range(known, 1, SLOTS);
}

static void opened__what_is_no_id_is_not_open(void **state)
{
	struct curb_id id = id_of(1);
	add(*state, 1);
	assert_false(catalog_opened_has(*state, curb_str("")));
	assert_false(catalog_opened_has(*state, curb_str(NULL)));
	assert_false(catalog_opened_has(*state, curb_str_n(id.text, 35)));
	assert_false(catalog_opened_has(*state, curb_str("00000000-0000-7000-8000-0000000000011")));
}

/* Even numbers are open, odd ones never. */
static void *look(void *opened)
{
	for (int n = 0; n < MANY; n++) {
		assert_false(has(opened, 2 * n + 1));
		add(opened, 2 * n);
	}
	return NULL;
}

static void opened__many_look_at_once(void **state)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, look, *state), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(opened__a_course_is_open_only_when_it_was_seen_open, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(opened__who_takes_a_slot_over_has_it_alone, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(opened__what_is_no_id_is_not_open, set_up, tear_down),
		cmocka_unit_test_setup_teardown(opened__many_look_at_once, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
