/* Bundles with the rows and the ledger: applied once, in any order, whole or not at all. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "house_case.h"

/* ---- applying ---- */

static void apply__once(void **state)
{
	struct house *house = *state;
	struct curb_str bytes = bundle_of(house, 1, 3, 60);
	assert_int_equal(hand_in(house, bytes), 0);
	assert_int_equal(counted(house), 180);
	assert_int_equal(hand_in(house, bytes), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "is in already"));
	assert_int_equal(counted(house), 180);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 1);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_record WHERE number_mark IS NOT NULL"),
	                 3);
	assert_int_equal(
		number(house, "SELECT count(*) FROM exchange_record WHERE instr(number, '19491231') > 0"), 0);
}

static void apply__in_any_order_the_newest_stays(void **state)
{
	struct house *house = *state;
	struct curb_str first = bundle_of(house, 1, 3, 60), second = bundle_of(house, 2, 2, 100),
			third = bundle_of(house, 3, 1, 7);
	int64_t gaps[4];
	size_t n = 0;
	assert_int_equal(hand_in(house, third), 0);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(gaps[0], 1);
	assert_int_equal(gaps[1], 2);
	assert_int_equal(hand_in(house, first), 0);
	assert_int_equal(counted(house), 7 + 60 + 60);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(gaps[0], 2);
	assert_int_equal(hand_in(house, second), 0);
	assert_int_equal(counted(house), 7 + 100 + 60);
	assert_int_equal(number(house, "SELECT sum(news) FROM exchange_in"), 1 + 2 + 1);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 0);
}

static void apply__another_of_the_same_number_is_refused(void **state)
{
	struct house *house = *state;
	assert_int_equal(hand_in(house, bundle_of(house, 1, 3, 60)), 0);
	assert_int_equal(hand_in(house, bundle_of(house, 4, 3, 60)), 0);
	assert_int_equal(hand_in(house, bundle_of(house, 1, 3, 90)), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "Another bundle with number 1"));
	assert_non_null(strstr(curb_error_text(), "hand in those from number 5 on"));
	assert_int_equal(counted(house), 180);
}

/* What fails behind two records takes them with it. */
static void apply__half_of_it_is_nothing(void **state)
{
	struct house *house = *state;
	struct applying a = { .x = &house->x, .bytes = bundle_of(house, 1, 3, 60), .role = "reviewer" };
	assert_int_equal(apply_look(&a, look(house)), 0);
	a.records[2].person = curb_str(NULL); /* the third row of three is refused by the table */
	assert_int_not_equal(write_fn(&house->f, apply_write, &a), 0);
	assert_int_equal(counted(house), 0);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 0);
}

/* ---- refused ---- */

static void apply__unknown_key(void **state)
{
	struct house *house = *state;
	static const unsigned char seeds[2][BUNDLE_KEY] = { { 8 }, { 9 } };
	struct curb_str known = bundle_of(house, 1, 1, 60);
	bundle_keys_of(seeds[0], seeds[1], &house->sender);
	assert_int_equal(hand_in(house, bundle_of(house, 2, 1, 60)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "key is not known here"));
	assert_int_equal(
		write_sql(&house->f, &exchange_host, "UPDATE exchange_server SET ended_ms = 5", NULL), 0);
	assert_int_equal(hand_in(house, known), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "key is not known here"));
	assert_int_equal(counted(house), 0);
}

/* What was looked at before the write is looked at again in it. */
static void bug_trust_ends__between_the_look_and_the_write(void **state)
{
	struct house *house = *state;
	static const char *const changes[] = { "UPDATE exchange_server SET ended_ms = 5",
		                               "UPDATE exchange_server SET ended_ms = 0, region = 'other'" };
	static const int says[] = { CURB_EUNFIT, CURB_ECONFLICT };
	for (int i = 0; i < 2; i++) {
		struct applying a = { .x = &house->x,
			              .bytes = bundle_of(house, 1, 1, 60),
			              .role = "reviewer" };
		assert_int_equal(apply_look(&a, look(house)), 0);
		assert_int_equal(write_sql(&house->f, &exchange_host, changes[i], NULL), 0);
		assert_int_equal(write_fn(&house->f, apply_write, &a), says[i]);
		assert_int_equal(counted(house), 0);
		assert_int_equal(
			write_sql(&house->f, &exchange_host, "UPDATE exchange_server SET ended_ms = 0", NULL),
			0);
	}
}

static void bug_one_key__is_of_one_server(void **state)
{
	struct house *house = *state;
	house->server.id = curb_id_new(2);
	house->server.name = curb_str("County of the same key");
	assert_int_equal(write_fn(&house->f, put_server, house), CURB_ECONFLICT);
	assert_int_equal(
		write_sql(&house->f, &exchange_host, "UPDATE exchange_server SET ended_ms = 5", NULL), 0);
	assert_int_equal(write_fn(&house->f, put_server, house), 0);
}

static void apply__for_another_server(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 1, 60);
	told.bundle.to[4] ^= 1;
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "is for another server"));
	told = new_bundle(house, 1, 1, 60); /* addressed to this one, and sealed for another */
	assert_int_equal(bundle_seal(house->f.arena, curb_str("curbcut-records/v1\n"),
	                             house->sender.box_public, &told.bundle.sealed),
	                 0);
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "cannot be opened"));
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 0);
}

static void apply__forged(void **state)
{
	struct house *house = *state;
	struct curb_str bytes = bundle_of(house, 1, 1, 60);
	char *changed = (char *)(uintptr_t)bytes.ptr;
	changed[bytes.len - BUNDLE_SIGNATURE - 1] ^= 1;
	assert_int_equal(hand_in(house, bytes), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "forged"));
}

/* The signature is right, and the ledger says something else. */
static void apply__without_the_entry_in_the_ledger(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 1, 60), second = new_bundle(house, 1, 1, 90);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	told.kind = "payment";
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "does not show this bundle"));
	(void)file_of(&second);
	told.bundle.receipt = second.bundle.receipt;
	bundle_write(&out, &told.bundle, &house->sender);
	assert_int_equal(hand_in(house, curb_buf_view(&out)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "does not show this bundle"));
	curb_buf_clear(&out);
	told.bundle.receipt = curb_str("none");
	bundle_write(&out, &told.bundle, &house->sender);
	assert_int_equal(hand_in(house, curb_buf_view(&out)), CURB_EUNFIT);
	assert_int_equal(counted(house), 0);
}

static void apply__another_number_of_records_than_it_says(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 2, 60);
	told.bundle.records = 3;
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EINVAL);
	assert_int_equal(counted(house), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)
	const struct CMUnitTest tests[] = {
		TEST(apply__once),
		TEST(apply__in_any_order_the_newest_stays),
		TEST(apply__another_of_the_same_number_is_refused),
		TEST(apply__half_of_it_is_nothing),
		TEST(apply__unknown_key),
		TEST(bug_trust_ends__between_the_look_and_the_write),
		TEST(bug_one_key__is_of_one_server),
		TEST(apply__for_another_server),
		TEST(apply__forged),
		TEST(apply__without_the_entry_in_the_ledger),
		TEST(apply__another_number_of_records_than_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
