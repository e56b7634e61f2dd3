/* What a ledger makes of a database and a checkpoint that do not fit together. */
#include <stdio.h>
#include <unistd.h>

#include "ledger_case.h"

/* A database that was put back from an older copy. */
static void ledger__that_is_shorter_than_what_was_signed_takes_no_entries(void **state)
{
	struct house *house = *state;
	case_append_n(house, 20);
	(void)case_signed(house);
	ledger_close(house->ledger);
	house->ledger = NULL;
	case_change(house, "DROP TRIGGER ledger_entry_kept");
	case_change(house, "DELETE FROM ledger_entry WHERE n >= 10");
	case_change(house, "UPDATE ledger_tile SET hashes = substr(hashes, 1, 320)");
	case_start(house);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
	assert_non_null(strstr(curb_error_text(), "older than the last checkpoint"));
	struct job job = { .count = 1, .err_at = -1 };
	assert_int_equal(case_append(house, &job), CURB_EBUSY);
	assert_int_equal(ledger_sign(house->ledger), 0);
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size ==
	            20); /* it does not sign a second tree of a size */
}

static void ledger__that_was_changed_below_what_was_signed_takes_no_entries(void **state)
{
	struct house *house = *state;
	case_append_n(house, 20);
	(void)case_signed(house);
	ledger_close(house->ledger);
	house->ledger = NULL;
	case_change(house, "UPDATE ledger_tile SET hashes = CAST (substr(hashes, 33, 32) || "
	                   "substr(hashes, 33) AS BLOB)");
	case_start(house);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
	assert_non_null(strstr(curb_error_text(), "not the one that was signed"));
	struct job job = { .count = 1, .err_at = -1 };
	assert_int_equal(case_append(house, &job), CURB_EBUSY);
}

static void ledger__whose_rows_and_tiles_differ_does_not_open(void **state)
{
	struct house *house = *state;
	const struct ledger_options options = {
		.store = house->f.store, .signer = &house->signer, .folder = house->folder, .every_ms = 60000
	};
	case_append_n(house, 3);
	ledger_close(house->ledger);
	house->ledger = NULL;
	case_change(house, "UPDATE ledger_tile SET hashes = substr(hashes, 1, 64)");
	assert_int_equal(ledger_open(&options, &house->ledger), CURB_EINTERNAL);
	assert_non_null(strstr(curb_error_text(), "3 entries, but hashes of 2"));
	case_change(house, "UPDATE ledger_tile SET hashes = substr(hashes, 1, 63)");
	assert_int_equal(ledger_open(&options, &house->ledger), CURB_EINTERNAL);
	assert_non_null(strstr(curb_error_text(), "damaged"));
}

static void is_held(struct house *house, const char *why)
{
	struct job job = { .count = 1, .err_at = -1 };
	case_start(house);
	assert_int_equal(case_append(house, &job), CURB_EBUSY);
	assert_non_null(strstr(curb_error_text(), why));
	ledger_close(house->ledger);
	house->ledger = NULL;
}

static void ledger__a_checkpoint_of_another_key_cut_off_or_lost_is_not_gone_on_from(void **state)
{
	struct house *house = *state;
	char path[600];
	const unsigned char seed[32] = { 9 };
	case_append_n(house, 3);
	ledger_close(house->ledger);
	const struct note_signer own = house->signer;
	assert_int_equal(note_signer_of("school.example/ledger", NOTE_ED25519, seed, &house->signer), 0);
	is_held(house, "its last checkpoint is not there or not readable");
	house->signer = own;
	(void)snprintf(path, sizeof path, "%s/checkpoint", house->folder);
	assert_int_equal(truncate(path, 40), 0);
	is_held(house, "its last checkpoint is not there or not readable");
	assert_int_equal(truncate(path, 0), 0);
	is_held(house, "its last checkpoint is not there or not readable");
	assert_int_equal(unlink(path), 0);
	is_held(house, "its last checkpoint is not there or not readable");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ledger__that_is_shorter_than_what_was_signed_takes_no_entries),
		TEST(ledger__that_was_changed_below_what_was_signed_takes_no_entries),
		TEST(ledger__whose_rows_and_tiles_differ_does_not_open),
		TEST(ledger__a_checkpoint_of_another_key_cut_off_or_lost_is_not_gone_on_from),
	};
#undef TEST
	return cmocka_run_group_tests_name("ledger_start", tests, NULL, NULL);
}
