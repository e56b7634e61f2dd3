/* What this ledger is known by elsewhere, and receipts that say nothing though they are signed. */
#include "died.h"
#include "entry.h"
#include "ledger_case.h"
#include "proof.h"

static const unsigned char seed[32] = { 5 };

/* The receipt of a tree of one entry, which may be none. */
static void write_receipt(const struct note_signer *signer, struct curb_str entry, struct curb_buf *out)
{
	struct checkpoint checkpoint = { .origin = curb_str(signer->key.name), .size = 1 };
	const struct merkle_proof path = { .count = 0 };
	CURB_AUTO(buf) struct curb_buf body = curb_buf(NOTE_MOST), note = curb_buf(NOTE_MOST);
	merkle_leaf(entry, &checkpoint.root);
	checkpoint_write(&body, &checkpoint);
	curb_buf_str(&note, curb_buf_view(&body));
	curb_buf_char(&note, '\n');
	note_sign(&note, signer, curb_buf_view(&body));
	proof_write(out, entry, 0, &path, curb_buf_view(&note));
}

static void abroad__what_is_signed_and_no_entry_has_no_facts(void **state)
{
	struct house *house = *state;
	struct entry_fact one = { .name = curb_str("kind"), .kind = ENTRY_TEXT, .bytes = curb_str("k") };
	const struct curb_fact *facts = NULL;
	struct note_signer signer;
	size_t n = 0;
	CURB_AUTO(buf)
	struct curb_buf key = curb_buf(512), entry = curb_buf(ENTRY_MOST), good = curb_buf(PROOF_MOST),
			bad = curb_buf(PROOF_MOST);
	assert_int_equal(note_signer_of("elsewhere.example", NOTE_ED25519, seed, &signer), 0);
	note_key_write(&key, &signer.key);
	assert_int_equal(entry_write(&entry, &one, 1), 0);
	write_receipt(&signer, curb_buf_view(&entry), &good);
	write_receipt(&signer, curb_str_n("\xff", 1), &bad);
	assert_int_equal(
		curb_ledger_check(house->f.arena, curb_buf_view(&good), curb_buf_view(&key), &facts, &n), 0);
	assert_int_equal(n, 1);
	assert_true(curb_str_is(curb_fact_find(facts, n, "kind")->text, "k"));
	assert_int_equal(
		curb_ledger_check(house->f.arena, curb_buf_view(&bad), curb_buf_view(&key), &facts, &n),
		CURB_EINVAL);
	assert_string_equal(curb_error_text(), "this is not an entry of the ledger: it was cut or changed");
}

static void abroad__the_longest_name_is_told_whole(void **state)
{
	struct house *house = *state;
	struct note_signer before = house->ledger->signer, longest;
	struct note_key read;
	struct curb_str key;
	char name[NOTE_NAME];
	memset(name, 'a', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(note_signer_of(name, NOTE_ED25519, seed, &longest), 0);
	house->ledger->signer = longest;
	assert_int_equal(curb_ledger_key(case_look(house), &key), 0);
	house->ledger->signer = before;
	assert_int_equal(note_key_read(key, &read), 0);
	assert_string_equal(read.name, name);
	assert_memory_equal(read.public_key, longest.key.public_key, sizeof read.public_key);
}

static struct fixture bare;

static void ask_without_ledger(void)
{
	struct curb_str key;
	(void)curb_ledger_key(store_begin(bare.reader, bare.arena), &key);
}

static void abroad__where_there_is_no_ledger_it_has_no_key(void **state)
{
	(void)state;
	fixture_open(&bare);
	bool has_died = died(ask_without_ledger);
	fixture_close(&bare);
	assert_true(has_died);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(abroad__what_is_signed_and_no_entry_has_no_facts),
		TEST(abroad__the_longest_name_is_told_whole),
		TEST(abroad__where_there_is_no_ledger_it_has_no_key),
	};
#undef TEST
	return cmocka_run_group_tests_name("abroad", tests, NULL, NULL);
}
