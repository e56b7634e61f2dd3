/* Records that are told to be gone, and those of a server that is to be forgotten: nothing but whose they were stays. */
#include "house_case.h"

static int64_t plain(struct house *house)
{
	return number(house,
	              "SELECT count(*) FROM exchange_record WHERE programme || institution || shown || "
	              "code <> '' OR hour_s + total_s + counted_s + starts_ms + ends_ms <> 0 OR "
	              "number IS NOT NULL OR number_mark IS NOT NULL");
}

static int64_t listed(struct house *house)
{
	struct kept *kept = NULL;
	size_t n = 0;
	int64_t total = 0;
	assert_int_equal(kept_of(&house->x, look(house), &house->server.id, 0, 10, &kept, &n, &total), 0);
	assert_int_equal(n, total);
	return total;
}

/* Whoever was told to be gone is; an older bundle does not bring her back, a newer one does. */
static void bug_gone__stays_gone(void **state)
{
	struct house *house = *state;
	struct curb_str first = bundle_of(house, 1, 3, 60), second = bundle_of(house, 2, 3, 70);
	assert_int_equal(hand_in(house, second), 0);
	assert_int_equal(hand_in(house, bundle_of(house, 3, 2, GONE)), 0);
	assert_int_equal(plain(house), 1);
	assert_int_equal(listed(house), 1);
	assert_int_equal(counted(house), 70);
	assert_int_equal(hand_in(house, first), 0);
	assert_int_equal(plain(house), 1);
	assert_int_equal(hand_in(house, bundle_of(house, 4, 1, 90)), 0);
	assert_int_equal(listed(house), 2);
	assert_int_equal(counted(house), 70 + 90);
}

/* It was told before anything of it came. */
static void bug_gone__before_it_was_there(void **state)
{
	struct house *house = *state;
	struct curb_str first = bundle_of(house, 1, 3, 60);
	assert_int_equal(hand_in(house, bundle_of(house, 2, 3, GONE)), 0);
	assert_int_equal(hand_in(house, first), 0);
	assert_int_equal(plain(house), 0);
	assert_int_equal(listed(house), 0);
}

struct forgetting {
	struct house *house;
	int64_t n;
};

static int forget_two(struct curb_tx *tx, void *arg)
{
	struct forgetting *f = arg;
	return kept_forget(&f->house->x, tx, &f->house->server.id, 2, &f->n);
}

static void bug_records_of_a_server__can_be_deleted(void **state)
{
	struct house *house = *state;
	struct forgetting f = { .house = house };
	struct curb_str older = bundle_of(house, 1, 3, 60);
	assert_int_equal(hand_in(house, bundle_of(house, 2, 3, 70)), 0);
	for (int64_t left = 3; left > 0; left -= 2) {
		assert_int_equal(write_fn(&house->f, forget_two, &f), 0);
		assert_int_equal(f.n, left < 2 ? left : 2);
	}
	assert_int_equal(plain(house), 0);
	assert_int_equal(hand_in(house, older), 0);
	assert_int_equal(plain(house), 0);
	assert_int_equal(hand_in(house, bundle_of(house, 3, 1, 80)), 0);
	assert_int_equal(listed(house), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)
	const struct CMUnitTest tests[] = {
		TEST(bug_gone__stays_gone),
		TEST(bug_gone__before_it_was_there),
		TEST(bug_records_of_a_server__can_be_deleted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
