/* Proofs out of the database, and checkpoints that somebody waits for. */
#include "curb/clock.h"
#include "ledger_case.h"
#include "proof.h"

static void prove__entries_of_a_checkpoint_hold(void **state)
{
	struct house *house = *state;
	static const uint64_t picked[] = { 0, 1, 255, 256, 299 };
	case_append_n(house, 300);
	(void)case_signed(house);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	case_append_n(house, 500); /* the tiles have grown since */
	struct curb_tx *tx = case_look(house);
	for (size_t i = 0; i < sizeof picked / sizeof *picked; i++)
		for (int with_entry = 0; with_entry < 2; with_entry++) {
			struct proof proof;
			struct checkpoint checkpoint;
			struct curb_str text;
			assert_int_equal(ledger_prove(tx, &shown, picked[i], with_entry, &text), 0);
			assert_int_equal(proof_read(text, &proof), 0);
			assert_true(proof.has_entry == with_entry && proof.index == picked[i]);
			assert_int_equal(proof_verify(&proof, &house->signer.key, &checkpoint),
			                 with_entry ? 0 : CURB_EUNFIT);
		}
	struct curb_str text;
	assert_int_equal(ledger_prove(tx, &shown, 300, true, &text), CURB_ENOTFOUND);
	assert_int_equal(ledger_prove(tx, &shown, 300, false, &text), CURB_ENOTFOUND);
}

static void prove__growth_holds(void **state)
{
	struct house *house = *state;
	case_append_n(house, 257);
	const struct checkpoint before = case_signed(house);
	case_append_n(house, 300);
	const struct checkpoint after = case_signed(house);
	struct curb_str text, rest;
	struct merkle_proof hashes;
	assert_int_equal(ledger_prove_growth(case_look(house), 257, 557, &text), 0);
	rest = curb_str(curb_printf(house->f.arena, "%.*s\nx", (int)text.len, text.ptr));
	assert_int_equal(proof_read_hashes(&rest, MERKLE_PROOF_MOST, &hashes), 0);
	assert_true(curb_str_is(rest, "x"));
	assert_true(merkle_consistency_holds(257, &before.root, 557, &after.root, &hashes));
	assert_int_equal(ledger_prove_growth(case_look(house), 557, 257, &text), CURB_EINVAL);
}

static int erase_fn(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&ledger_host, tx, "UPDATE ledger_entry SET body = NULL WHERE n = 2", CURB_NO_BINDS,
	                 NULL);
}

static void prove__an_erased_entry_has_no_receipt_and_keeps_its_place(void **state)
{
	struct house *house = *state;
	case_append_n(house, 5);
	(void)case_signed(house);
	assert_int_equal(write_fn(&house->f, erase_fn, NULL), 0);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	struct curb_str text;
	assert_int_equal(ledger_prove(case_look(house), &shown, 2, true, &text), CURB_EGONE);
	assert_int_equal(ledger_prove(case_look(house), &shown, 2, false, &text), 0);
	assert_int_equal(ledger_prove(case_look(house), &shown, 3, true, &text), 0);
}

static void await__signs_at_once_and_then_once_a_second(void **state)
{
	enum { SECOND_MS = 1000, EARLY_MS = 100 };
	struct house *house = *state; /* signs a minute behind an entry */
	struct ledger_shown shown;
	case_append_n(house, 3);
	assert_int_equal(ledger_await(house->ledger, 3, house->f.arena, &shown), 0);
	assert_true(shown.size == 3);
	int64_t signed_ms = curb_tick_ms();
	case_append_n(house, 2);
	assert_int_equal(ledger_await(house->ledger, 3, house->f.arena, &shown), 0);
	assert_true(shown.size == 3); /* no reason to sign */
	assert_int_equal(ledger_await(house->ledger, 5, house->f.arena, &shown), 0);
	assert_true(shown.size == 5);
	assert_true(curb_tick_ms() - signed_ms >= SECOND_MS - EARLY_MS);
	assert_int_equal(ledger_await(house->ledger, 6, house->f.arena, &shown), CURB_ENOTFOUND);
}

static void await__ends_when_nothing_can_be_signed(void **state)
{
	struct house *house = *state;
	struct ledger_shown shown;
	case_append_n(house, 1);
	char *real = strdup(house->ledger->folder);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "/nowhere");
	assert_int_equal(ledger_await(house->ledger, 1, house->f.arena, &shown), CURB_EBUSY);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "%s", real);
	free(real);
}

/* By the key alone, as another server looks at it. */
static void prove__receipts_are_checked_elsewhere(void **state)
{
	struct house *house = *state;
	const struct curb_fact *facts = NULL;
	struct curb_str key, text;
	size_t n = 0;
	case_append_n(house, 7);
	(void)case_signed(house);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(curb_ledger_key(case_look(house), &key), 0);
	assert_int_equal(curb_ledger_key_check(key), 0);
	assert_int_equal(curb_ledger_key_check(curb_str_n(key.ptr, key.len - 1)), CURB_EINVAL);
	assert_int_equal(ledger_prove(case_look(house), &shown, 3, true, &text), 0);
	assert_int_equal(curb_ledger_check(house->f.arena, text, key, &facts, &n), 0);
	assert_non_null(curb_fact_find(facts, n, "kind"));
	assert_int_equal(curb_ledger_check(house->f.arena, curb_str("none"), key, &facts, &n), CURB_EINVAL);
	assert_int_equal(curb_ledger_check(house->f.arena, text, curb_str("none"), &facts, &n), CURB_EINVAL);
	char *changed = (char *)(uintptr_t)text.ptr, *line = strstr(changed, "\n\n");
	assert_non_null(line);
	for (char *at = changed; at < line; at += 23) {
		*at ^= 1;
		assert_int_not_equal(curb_ledger_check(house->f.arena, text, key, &facts, &n), 0);
		*at ^= 1;
	}
	CURB_AUTO(buf) struct curb_buf changed_key = curb_buf(512);
	struct note_signer signer;
	static const unsigned char seed[32] = { 77 };
	assert_int_equal(note_signer_of(house->signer.key.name, NOTE_ED25519, seed, &signer), 0);
	note_key_write(&changed_key, &signer.key);
	assert_int_equal(curb_ledger_check(house->f.arena, text, curb_buf_view(&changed_key), &facts, &n),
	                 CURB_EINVAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(prove__entries_of_a_checkpoint_hold),
		TEST(prove__growth_holds),
		TEST(prove__an_erased_entry_has_no_receipt_and_keeps_its_place),
		TEST(prove__receipts_are_checked_elsewhere),
		TEST(await__signs_at_once_and_then_once_a_second),
		TEST(await__ends_when_nothing_can_be_signed),
	};
#undef TEST
	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
