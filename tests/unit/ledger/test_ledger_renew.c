/* Somebody decides that a ledger goes on whose tree is not the one that was signed: first the entry, then the other key; and what was
 * broken off is finished, once. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "handover.h"
#include "ledger_case.h"

static int renew(struct house *house, const char *reason)
{
	const struct ledger_decision decision = { .reason = curb_str(reason) };
	return ledger_renew(house->ledger, &decision);
}

static void ledger__goes_on_under_another_key_when_somebody_decides(void **state)
{
	struct house *house = *state;
	struct note_signer fresh;
	struct note_key key;
	char path[600];
	const unsigned char seed[32] = { 11 };
	assert_int_equal(note_signer_of("school.example/ledger-2", NOTE_ED25519, seed, &fresh), 0);
	assert_int_equal(renew(house, "why not"), CURB_ECONFLICT);
	case_append_n(house, 3);
	ledger_close(house->ledger);
	(void)snprintf(path, sizeof path, "%s/checkpoint", house->folder);
	assert_int_equal(unlink(path), 0);
	case_start(house);
	assert_int_equal(renew(house, " \n"), CURB_EINVAL);
	assert_int_equal(renew(house, "the disk"), CURB_EFULL);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
	house->another = &fresh;
	assert_int_equal(renew(house, "the disk was lost"), 0);
	house->another = NULL;
	assert_int_equal(ledger_held(house->ledger), 0);
	ledger_key(house->ledger, &key);
	assert_string_equal(key.name, "school.example/ledger-2");
	house->signer = fresh;
	case_append_n(house, 2);
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	case_append_n(house, 1);
	assert_int_equal(read_int(&house->f, &ledger_host, "SELECT count(*) FROM ledger_entry", NULL), 7);
}

/* Its last checkpoint has 20 entries, and the database 10. */
static void put_back(struct house *house)
{
	case_append_n(house, 20);
	(void)case_signed(house);
	ledger_close(house->ledger);
	case_change(house, "DROP TRIGGER ledger_entry_kept");
	case_change(house, "DELETE FROM ledger_entry WHERE n >= 10");
	case_change(house, "UPDATE ledger_tile SET hashes = substr(hashes, 1, 320)");
	case_start(house);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
}

static struct note_signer another(unsigned char n)
{
	const unsigned char seed[32] = { 11, n };
	struct note_signer signer;
	assert_int_equal(note_signer_of("school.example/ledger-2", NOTE_ED25519, seed, &signer), 0);
	return signer;
}

static bool signs_with(struct house *house, const struct note_signer *signer)
{
	struct note_key key;
	ledger_key(house->ledger, &key);
	return handover_same_key(&key, &signer->key);
}

static void stands_as_before(struct house *house, const struct note_signer *old, struct curb_str note)
{
	struct job job = { .count = 1, .err_at = -1 };
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(ledger_held(house->ledger), CURB_EBUSY);
	assert_int_equal(case_append(house, &job), CURB_EBUSY);
	assert_true(signs_with(house, old) && shown.size == 20 && curb_str_eq(shown.note, note));
}

static int64_t count(struct house *house, const char *table)
{
	char sql[64];
	(void)snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return read_int(&house->f, &ledger_host, sql, NULL);
}

/* One decision stands, and names what was signed before; the ledger goes on. */
static void went_on(struct house *house, const struct note_signer *old, const struct note_signer *fresh,
                    struct curb_str note)
{
	CURB_AUTO(buf) struct curb_buf key = curb_buf(NOTE_NAME + 128);
	const struct curb_fact *facts = NULL;
	char path[600];
	size_t n = 0;
	note_key_write(&key, &old->key);
	assert_int_equal(ledger_held(house->ledger), 0);
	assert_true(signs_with(house, fresh) && count(house, "ledger_key") == 1);
	assert_int_equal(curb_ledger_read(case_look(house), 10, &facts, &n), 0);
	assert_true(curb_str_is(curb_fact_find(facts, n, "kind")->text, "renew"));
	assert_true(curb_str_is(curb_fact_find(facts, n, "reason")->text, "the disk was lost"));
	assert_true(curb_str_eq(curb_fact_find(facts, n, "old_key")->text, curb_buf_view(&key)));
	assert_int_equal(curb_fact_find(facts, n, "old_size")->number, 20);
	assert_true(curb_str_eq(curb_fact_find(facts, n, "old_note")->text, note));
	(void)snprintf(path, sizeof path, "%s/checkpoint.20.%08x", house->folder, (unsigned)old->key.id);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(renew(house, "again"), CURB_ECONFLICT);
	case_append_n(house, 1);
	assert_int_equal(ledger_sign(house->ledger), 0);
	assert_true(ledger_checkpoint(house->ledger, house->f.arena).size == 12);
	case_restart(house);
	assert_int_equal(ledger_held(house->ledger), 0);
	assert_int_equal(count(house, "ledger_entry"), 12);
	assert_true(handover_same_key(&house->signer.key, &fresh->key));
}

static struct curb_str note_of(struct house *house, char note[static NOTE_MOST])
{
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	memcpy(note, shown.note.ptr, shown.note.len);
	return curb_str_n(note, shown.note.len);
}

static void decision__whose_entry_is_not_written_changes_nothing(void **state)
{
	static char bytes[NOTE_MOST];
	struct house *house = *state;
	const struct note_signer old = house->signer, first = another(1), fresh = another(2);
	put_back(house);
	const struct curb_str note = note_of(house, bytes);
	case_change(house, "CREATE TRIGGER ledger_full BEFORE INSERT ON ledger_entry BEGIN SELECT RAISE "
	                   "(ABORT, 'full'); END");
	house->another = &first;
	assert_true(renew(house, "the disk was lost") < 0);
	stands_as_before(house, &old, note);
	assert_int_equal(house->adopted, 0);
	case_restart(house);
	stands_as_before(house, &old, note);
	case_change(house, "DROP TRIGGER ledger_full");
	house->another = &fresh;
	assert_int_equal(renew(house, "the disk was lost"), 0);
	went_on(house, &old, &fresh, note);
}

static void decision__whose_key_is_not_adopted_is_repeated_and_stands_once(void **state)
{
	static char bytes[NOTE_MOST];
	struct house *house = *state;
	const struct note_signer old = house->signer, fresh = another(1), never = another(2);
	put_back(house);
	const struct curb_str note = note_of(house, bytes);
	house->another = &fresh;
	house->adopt_err = CURB_EFULL;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(renew(house, "the disk was lost"), CURB_EFULL);
		stands_as_before(house, &old, note);
		assert_int_equal(count(house, "ledger_entry"), 11);
		house->another = &never;
	}
	house->adopt_err = 0;
	assert_int_equal(renew(house, "another reason"), 0);
	went_on(house, &old, &fresh, note);
}

static void decision__that_was_broken_off_is_finished_at_the_start(void **state)
{
	static char bytes[NOTE_MOST];
	struct house *house = *state;
	const struct note_signer old = house->signer, fresh = another(1);
	put_back(house);
	const struct curb_str note = note_of(house, bytes);
	house->another = &fresh;
	house->adopt_err = CURB_EFULL;
	assert_int_equal(renew(house, "the disk was lost"), CURB_EFULL);
	house->adopt_err = 0;
	case_restart(house);
	went_on(house, &old, &fresh, note);
}

static void decision__that_was_broken_off_before_the_new_key_signed_is_finished_at_the_start(void **state)
{
	static char bytes[NOTE_MOST];
	struct house *house = *state;
	const struct note_signer old = house->signer, fresh = another(1);
	put_back(house);
	const struct curb_str note = note_of(house, bytes);
	house->another = &fresh;
	char *real = strdup(house->ledger->folder);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "/nowhere");
	assert_int_equal(renew(house, "the disk was lost"), CURB_EINTERNAL);
	assert_int_equal(house->adopted, 0);
	(void)snprintf(house->ledger->folder, strlen(real) + 1, "%s", real);
	free(real);
	stands_as_before(house, &old, note);
	case_restart(house);
	went_on(house, &old, &fresh, note);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ledger__goes_on_under_another_key_when_somebody_decides),
		TEST(decision__whose_entry_is_not_written_changes_nothing),
		TEST(decision__whose_key_is_not_adopted_is_repeated_and_stands_once),
		TEST(decision__that_was_broken_off_is_finished_at_the_start),
		TEST(decision__that_was_broken_off_before_the_new_key_signed_is_finished_at_the_start),
	};
	return cmocka_run_group_tests_name("ledger_renew", tests, NULL, NULL);
}
