/* Another key of a healthy ledger: announced under the old one, signed by both, and finished when it was broken off. */
#include <stdio.h>
#include <stdlib.h>

#include "handover.h"
#include "ledger_case.h"

static int rotate(struct house *house, const char *reason)
{
	return ledger_rotate(house->ledger, curb_str(reason));
}

static int64_t announced(struct house *house)
{
	return read_int(&house->f, &ledger_host, "SELECT count(*) FROM ledger_key", NULL);
}

static bool signs_with(struct house *house, const struct note_signer *signer)
{
	struct note_key key;
	ledger_key(house->ledger, &key);
	return handover_same_key(&key, &signer->key);
}

static bool shown_is_signed_by(struct house *house, const struct note_signer *signer)
{
	struct note note;
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(note_read(shown.note, &note), 0);
	return note_signed_by(&note, &signer->key, NULL);
}

static void check_handover(struct house *house, const struct note_signer *old, uint64_t size)
{
	struct handover handover;
	struct curb_str text;
	int64_t entry = 0;
	assert_int_equal(ledger_handover(case_look(house), -1, &entry, &text), 0);
	assert_int_equal(handover_read(text, &handover), 0);
	assert_true(handover_same_key(&handover.old_key, &old->key));
	assert_true(handover_same_key(&handover.new_key, &house->next.key));
	assert_true(handover.size == size && entry == (int64_t)size - 1);
	assert_int_equal(ledger_handover(case_look(house), entry, &entry, &text), CURB_ENOTFOUND);
}

static void ledger__gets_another_key_that_the_old_one_announced(void **state)
{
	struct house *house = *state;
	const struct note_signer old = house->signer;
	struct ledger_known *keys = NULL;
	size_t n = 0;
	case_append_n(house, 3);
	assert_int_equal(rotate(house, " "), CURB_ENOTFOUND);
	assert_int_equal(rotate(house, "every year"), 0);
	assert_int_equal(house->adopted, 1);
	assert_true(signs_with(house, &house->next));
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size == 4);
	assert_true(shown_is_signed_by(house, &old) && shown_is_signed_by(house, &house->next));
	check_handover(house, &old, 4);
	assert_int_equal(ledger_keys(house->ledger, case_look(house), &keys, &n), 0);
	assert_int_equal(n, 2);
	assert_true(handover_same_key(&keys[0].key, &house->next.key) && keys[0].most == UINT64_MAX);
	assert_true(handover_same_key(&keys[1].key, &old.key) && keys[1].most == 4);

	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	case_append_n(house, 1);
	(void)case_signed(house);
}

/* What both keys signed is the last that the old one signs. */
static void goes_on_under_the_new_key(struct house *house, const struct note_signer *old)
{
	assert_int_equal(ledger_held(house->ledger), 0);
	assert_true(signs_with(house, &house->next));
	case_append_n(house, 2);
	(void)case_signed(house);
	assert_true(shown_is_signed_by(house, &house->next) && !shown_is_signed_by(house, old));
}

static void ledger__whose_new_key_is_not_adopted_signs_with_it_and_adopts_it_later(void **state)
{
	struct house *house = *state;
	const struct note_signer old = house->signer;
	case_append_n(house, 2);
	house->adopt_err = CURB_EFULL;
	assert_int_equal(rotate(house, "every year"), CURB_EFULL);
	goes_on_under_the_new_key(house, &old);
	case_restart(house); /* with the old one, and the disk is full still */
	goes_on_under_the_new_key(house, &old);
	assert_true(handover_same_key(&house->signer.key, &old.key));
	house->adopt_err = 0;
	case_restart(house);
	assert_true(handover_same_key(&house->signer.key, &house->next.key));
	goes_on_under_the_new_key(house, &old);
	check_handover(house, &old, 3);
	assert_true(announced(house) == 1);
}

static void ledger__whose_new_key_is_not_adopted_is_finished_by_another_call(void **state)
{
	struct house *house = *state;
	const struct note_signer old = house->signer;
	case_append_n(house, 2);
	house->adopt_err = CURB_EFULL;
	assert_int_equal(rotate(house, "every year"), CURB_EFULL);
	case_append_n(house, 2);
	assert_int_equal(rotate(house, ""), CURB_EFULL);
	house->adopt_err = 0;
	assert_int_equal(rotate(house, ""), 0);
	assert_true(handover_same_key(&house->signer.key, &house->next.key));
	check_handover(house, &old, 3);
	assert_true(announced(house) == 1);
	assert_int_equal(rotate(house, ""), CURB_ENOTFOUND);
}

/* The folder of keys was put back from a copy of before. */
static void ledger__whose_new_key_is_lost_signs_nothing(void **state)
{
	struct house *house = *state;
	const struct note_signer old = house->signer, *lost = &old;
	struct job job = { .count = 1, .err_at = -1 };
	case_append_n(house, 2);
	assert_int_equal(rotate(house, "every year"), 0);
	const struct note_signer fresh = house->next;
	case_append_n(house, 2);
	ledger_close(house->ledger);
	house->signer = *lost;
	memset(&house->next, 0, sizeof house->next);
	case_start(house);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
	assert_non_null(strstr(curb_error_text(), "another key than the one in the folder keys"));
	assert_int_equal(case_append(house, &job), CURB_EBUSY);
	assert_int_equal(ledger_sign(house->ledger), 0);
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size == 5);
	assert_true(shown_is_signed_by(house, &fresh) && !shown_is_signed_by(house, &old));
	ledger_close(house->ledger);
	house->signer = fresh;
	case_start(house);
	house->next = fresh;
	goes_on_under_the_new_key(house, &old);
}

static void ledger__that_is_held_changes_no_key(void **state)
{
	struct house *house = *state;
	char path[600], reason[LEDGER_REASON + 2];
	memset(reason, 'x', sizeof reason - 1);
	reason[sizeof reason - 1] = '\0';
	assert_int_equal(rotate(house, reason), CURB_EINVAL);
	assert_int_equal(rotate(house, "\xff"), CURB_EINVAL);
	case_append_n(house, 2);
	ledger_close(house->ledger);
	(void)snprintf(path, sizeof path, "%s/checkpoint", house->folder);
	assert_int_equal(remove(path), 0);
	case_start(house);
	assert_int_equal(rotate(house, "every year"), CURB_EBUSY);
	assert_int_equal(house->adopted, 0);
}

/* A checkpoint of a tree that is not ours, by whoever has the key. */
static struct curb_str forged(const struct note_signer *signer, uint64_t size, struct curb_buf *out)
{
	struct checkpoint checkpoint = { .origin = curb_str(signer->key.name), .size = size };
	CURB_AUTO(buf) struct curb_buf body = curb_buf(NOTE_MOST);
	memset(checkpoint.root.bytes, 7, sizeof checkpoint.root.bytes);
	checkpoint_write(&body, &checkpoint);
	curb_buf_clear(out);
	curb_buf_str(out, curb_buf_view(&body));
	curb_buf_char(out, '\n');
	note_sign(out, signer, curb_buf_view(&body));
	return curb_buf_view(out);
}

static void ledger__is_held_by_a_replaced_key_up_to_its_last_checkpoint_alone(void **state)
{
	struct house *house = *state;
	CURB_AUTO(buf) struct curb_buf note = curb_buf(NOTE_MOST);
	const struct note_signer stolen = house->signer;
	case_append_n(house, 3);
	assert_int_equal(rotate(house, "it was stolen"), 0);
	case_append_n(house, 3);
	(void)case_signed(house);
	for (uint64_t size = 5; size < 9; size++)
		assert_int_equal(
			cosign_evidence(house->ledger, case_look(house), forged(&stolen, size, &note)), 0);
	case_restart(house);
	assert_int_equal(cosign_evidence(house->ledger, case_look(house), forged(&stolen, 5, &note)), 0);
	assert_int_equal(ledger_held(house->ledger), 0);
	assert_int_equal(cosign_evidence(house->ledger, case_look(house), forged(&stolen, 4, &note)), 0);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
}

static void handover__that_is_not_one_is_refused(void **state)
{
	struct house *house = *state;
	struct handover handover;
	struct curb_str text;
	int64_t entry = 0;
	case_append_n(house, 1);
	assert_int_equal(rotate(house, "every year"), 0);
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
		TEST(ledger__whose_new_key_is_not_adopted_signs_with_it_and_adopts_it_later),
		TEST(ledger__whose_new_key_is_not_adopted_is_finished_by_another_call),
		TEST(ledger__whose_new_key_is_lost_signs_nothing),
		TEST(ledger__that_is_held_changes_no_key),
		TEST(ledger__is_held_by_a_replaced_key_up_to_its_last_checkpoint_alone),
		TEST(handover__that_is_not_one_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
