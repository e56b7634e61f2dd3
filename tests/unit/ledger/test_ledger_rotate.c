/* Another key of a healthy ledger: announced under the old one, signed by both, and finished when it was broken off. */
#include <stdio.h>
#include <stdlib.h>

#include "handover.h"
#include "ledger_case.h"

struct change {
	struct note_signer next;
	int err; /* of adopting */
	int adopted;
};

static int next_key(void *arg, const char *name, struct note_signer *ret_signer)
{
	struct change *change = arg;
	const unsigned char seed[32] = { 31 };
	int err = note_signer_of(name, NOTE_ED25519, seed, &change->next);
	*ret_signer = change->next;
	return err;
}

static int adopt(void *arg)
{
	struct change *change = arg;
	change->adopted++;
	return change->err ? curb_fail(change->err, "the disk is full") : 0;
}

static int rotate(struct house *house, struct change *change, const char *reason)
{
	const struct ledger_rotation how = { .arg = change, .next = next_key, .adopt = adopt };
	return ledger_rotate(house->ledger, curb_str(reason), &how);
}

static int64_t announced(struct house *house)
{
	return read_int(&house->f, &ledger_host, "SELECT count(*) FROM ledger_key", NULL);
}

static void check_handover(struct house *house, const struct change *change, uint64_t size)
{
	struct handover handover;
	struct curb_str text;
	int64_t entry = 0;
	assert_int_equal(ledger_handover(case_look(house), -1, &entry, &text), 0);
	assert_int_equal(handover_read(text, &handover), 0);
	assert_true(handover_same_key(&handover.old_key, &house->signer.key));
	assert_true(handover_same_key(&handover.new_key, &change->next.key));
	assert_true(handover.size == size && entry == (int64_t)size - 1);
	assert_int_equal(ledger_handover(case_look(house), entry, &entry, &text), CURB_ENOTFOUND);
}

static void ledger__gets_another_key_that_the_old_one_announced(void **state)
{
	struct house *house = *state;
	struct change change = { .err = 0 };
	struct note_key key, *keys = NULL;
	struct note note;
	size_t n = 0;
	case_append_n(house, 3);
	assert_int_equal(rotate(house, &change, " "), CURB_ENOTFOUND);
	assert_int_equal(rotate(house, &change, "every year"), 0);
	assert_int_equal(change.adopted, 1);
	ledger_key(house->ledger, &key);
	assert_true(handover_same_key(&key, &change.next.key));
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_true(shown.size == 4);
	assert_int_equal(note_read(shown.note, &note), 0);
	assert_true(note_signed_by(&note, &house->signer.key, NULL));
	assert_true(note_signed_by(&note, &change.next.key, NULL));
	check_handover(house, &change, 4);
	assert_int_equal(ledger_keys(house->ledger, case_look(house), &keys, &n), 0);
	assert_int_equal(n, 2);
	assert_true(handover_same_key(&keys[0], &change.next.key));
	assert_true(handover_same_key(&keys[1], &house->signer.key));

	house->signer = change.next;
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	case_append_n(house, 1);
	(void)case_signed(house);
}

static void ledger__whose_change_was_broken_off_goes_on_and_finishes_it(void **state)
{
	struct house *house = *state;
	struct change change = { .err = CURB_EFULL };
	struct note_key key;
	case_append_n(house, 2);
	assert_int_equal(rotate(house, &change, "every year"), CURB_EFULL);
	ledger_key(house->ledger, &key);
	assert_true(handover_same_key(&key, &house->signer.key));
	case_append_n(house, 2);
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	change.err = 0;
	assert_int_equal(rotate(house, &change, ""), 0);
	ledger_key(house->ledger, &key);
	assert_true(handover_same_key(&key, &change.next.key));
	assert_true(announced(house) == 1);
	house->signer = change.next;
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
}

static void ledger__that_is_held_changes_no_key(void **state)
{
	struct house *house = *state;
	struct change change = { .err = 0 };
	char path[600], reason[LEDGER_REASON + 2];
	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	assert_int_equal(rotate(house, &change, reason), CURB_EINVAL);
	assert_int_equal(rotate(house, &change, "\xff"), CURB_EINVAL);
	case_append_n(house, 2);
	ledger_close(house->ledger);
	(void)snprintf(path, sizeof path, "%s/checkpoint", house->folder);
	assert_int_equal(remove(path), 0);
	case_start(house);
	assert_int_equal(rotate(house, &change, "every year"), CURB_EBUSY);
	assert_int_equal(change.adopted, 0);
}

static void handover__that_is_not_one_is_refused(void **state)
{
	struct house *house = *state;
	struct change change = { .err = 0 };
	struct handover handover;
	struct curb_str text;
	int64_t entry = 0;
	case_append_n(house, 1);
	assert_int_equal(rotate(house, &change, "every year"), 0);
	assert_int_equal(ledger_handover(case_look(house), -1, &entry, &text), 0);
	char *copy = curb_xstrdup(curb_cstr(house->f.arena, text));
	for (size_t i = 0; i < text.len;
	     i++) { /* in the first signature's line, the entry, the path, the root */
		char was = copy[i];
		copy[i] = was == 'A' ? 'B' : 'A';
		if (handover_read(curb_str_n(copy, text.len), &handover) == 0)
			fail_msg("byte %zu of a handover may be changed", i);
		copy[i] = was;
	}
	assert_int_equal(handover_read(curb_str_n(copy, text.len), &handover), 0);
	assert_int_equal(handover_read(curb_str("x"), &handover), CURB_EINVAL);
	/* of another entry than one that announces a key */
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(ledger_prove(case_look(house), &shown, 0, true, &text), 0);
	assert_int_equal(handover_read(text, &handover), CURB_EINVAL);
	assert_int_equal(ledger_prove(case_look(house), &shown, 1, false, &text), 0);
	assert_int_equal(handover_read(text, &handover), CURB_EINVAL);
	free(copy);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ledger__gets_another_key_that_the_old_one_announced),
		TEST(ledger__whose_change_was_broken_off_goes_on_and_finishes_it),
		TEST(ledger__that_is_held_changes_no_key),
		TEST(handover__that_is_not_one_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
