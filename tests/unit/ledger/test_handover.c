/* The proof that a ledger changed its key: one that says so under both keys is read, and any other is refused. */
#include <stdio.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
#include "handover.h"
#include "proof.h"

enum { OLD, NEW, OTHER, RENAMED, WITNESS, KEYS };

static struct note_signer keys[KEYS];

static int set_up(void **state)
{
	static const char *const names[KEYS] = { [RENAMED] = "elsewhere.example" };
	(void)state;
	for (unsigned char i = 0; i < KEYS; i++) {
		const unsigned char seed[32] = { 9, i };
		assert_int_equal(note_signer_of(names[i] ? names[i] : "school.example",
		                                i == WITNESS ? NOTE_COSIGNATURE : NOTE_ED25519, seed,
		                                &keys[i]),
		                 0);
	}
	return 0;
}

/* What a handover says, and who signed it; what is not said here is as it must be. */
struct said {
	const char *kind;
	int from, to;
	int signed_by[2];    /* a key, or -1: by nobody */
	bool old_is_number;  /* the old key is no text */
	bool kind_is_number; /* nor is the kind */
	bool wrong_new_key, without_new_key, without_entry, without_kind;
	uint64_t index; /* in a tree of one entry */
};

static const struct said right = { .kind = "rotate", .from = OLD, .to = NEW, .signed_by = { OLD, NEW } };

static void write_entry(const struct said *said, struct curb_buf *out)
{
	CURB_AUTO(buf) struct curb_buf old_key = curb_buf(512), new_key = curb_buf(512);
	struct entry_fact facts[3];
	size_t n = 0;
	note_key_write(&old_key, &keys[said->from].key);
	note_key_write(&new_key, &keys[said->to].key);
	facts[n++] = (struct entry_fact){ .name = curb_str("old_key"),
		                          .kind = said->old_is_number ? ENTRY_NUMBER : ENTRY_TEXT,
		                          .bytes = curb_buf_view(&old_key) };
	if (!said->without_kind)
		facts[n++] = (struct entry_fact){ .name = curb_str("kind"),
			                          .kind = said->kind_is_number ? ENTRY_NUMBER : ENTRY_TEXT,
			                          .bytes = curb_str(said->kind) };
	if (!said->without_new_key)
		facts[n++] = (struct entry_fact){ .name = curb_str("new_key"),
			                          .kind = ENTRY_TEXT,
			                          .bytes = said->wrong_new_key ? curb_str("key") :
			                                                         curb_buf_view(&new_key) };
	assert_int_equal(entry_write(out, facts, n), 0);
}

/* The proof of it, as the one entry of a tree. */
static void write_proof(const struct said *said, struct curb_buf *out)
{
	struct checkpoint checkpoint = { .origin = curb_str("school.example"), .size = 1 };
	const struct merkle_proof path = { .count = 0 };
	CURB_AUTO(buf)
	struct curb_buf entry = curb_buf(ENTRY_MOST), body = curb_buf(NOTE_MOST), note = curb_buf(NOTE_MOST);
	write_entry(said, &entry);
	merkle_leaf(curb_buf_view(&entry), &checkpoint.root);
	checkpoint_write(&body, &checkpoint);
	curb_buf_str(&note, curb_buf_view(&body));
	curb_buf_char(&note, '\n');
	for (size_t i = 0; i < 2; i++)
		if (said->signed_by[i] >= 0)
			note_sign(&note, &keys[said->signed_by[i]], curb_buf_view(&body));
	proof_write(out, said->without_entry ? curb_str(NULL) : curb_buf_view(&entry), said->index, &path,
	            curb_buf_view(&note));
	assert_int_equal(curb_buf_check(out), 0);
}

static int read_said(const struct said *said, struct handover *ret_handover)
{
	CURB_AUTO(buf) struct curb_buf text = curb_buf(PROOF_MOST);
	write_proof(said, &text);
	return handover_read(curb_buf_view(&text), ret_handover);
}

static void handover__under_both_keys_is_read(void **state)
{
	struct handover handover;
	(void)state;
	assert_int_equal(read_said(&right, &handover), 0);
	assert_true(handover_same_key(&handover.old_key, &keys[OLD].key));
	assert_true(handover_same_key(&handover.new_key, &keys[NEW].key));
	assert_int_equal(handover.size, 1);
	CURB_AUTO(buf) struct curb_buf entry = curb_buf(ENTRY_MOST);
	struct merkle_hash root;
	write_entry(&right, &entry);
	merkle_leaf(curb_buf_view(&entry), &root);
	assert_memory_equal(handover.root.bytes, root.bytes, sizeof root.bytes);
}

static void refused(const struct said *said, int due, const char *what)
{
	struct handover handover = { .size = 77 };
	int err = read_said(said, &handover);
	if (err != due || handover.size != 77)
		fail_msg("%s: %d", what, err);
}

static void handover__of_another_content_is_refused(void **state)
{
	struct said said = right;
	(void)state;
	said.kind = "rotated";
	refused(&said, CURB_EINVAL, "another kind");
	said = right;
	said.kind_is_number = true;
	refused(&said, CURB_EINVAL, "a kind that is a number");
	said = right;
	said.without_kind = true;
	refused(&said, CURB_EINVAL, "no kind");
	said = right;
	said.old_is_number = true;
	refused(&said, CURB_EINVAL, "an old key that is a number");
	said = right;
	said.without_new_key = true;
	refused(&said, CURB_EINVAL, "no new key");
	said = right;
	said.wrong_new_key = true;
	refused(&said, CURB_EINVAL, "a new key that is none");
	said = right;
	said.without_entry = true;
	refused(&said, CURB_EINVAL, "no entry");
	said = right;
	said.to = RENAMED;
	refused(&said, CURB_EINVAL, "a ledger of another name");
	said = right;
	said.to = WITNESS;
	refused(&said, CURB_EINVAL, "the key of a witness");
}

static void handover__that_one_of_them_did_not_sign_is_refused(void **state)
{
	static const int by[][2] = {
		{ OLD, -1 }, { NEW, -1 }, { OLD, OTHER }, { OTHER, NEW }, { OTHER, -1 }
	};
	struct said said = right;
	(void)state;
	for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
		memcpy(said.signed_by, by[i], sizeof by[i]);
		refused(&said, CURB_EUNFIT, "signed by others");
	}
	said = right;
	said.index = 1;
	refused(&said, CURB_EUNFIT, "not in the tree");
}

static void handover__that_is_no_proof_or_no_entry_is_refused(void **state)
{
	struct handover handover;
	(void)state;
	assert_int_equal(handover_read(curb_str("nothing"), &handover), CURB_EINVAL);
	assert_int_equal(
		handover_read(curb_str("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nx"), &handover),
		CURB_EINVAL);
	CURB_AUTO(buf) struct curb_buf entry = curb_buf(ENTRY_MOST), text = curb_buf(PROOF_MOST);
	const struct merkle_proof path = { .count = 0 };
	write_entry(&right, &entry);
	proof_write(&text, curb_buf_view(&entry), 0, &path, curb_str("x"));
	assert_int_equal(handover_read(curb_buf_view(&text), &handover), CURB_EUNFIT);
}

static void handover__keys_are_the_same_by_all_that_they_are(void **state)
{
	struct note_key key = keys[OLD].key;
	(void)state;
	assert_true(handover_same_key(&key, &keys[OLD].key));
	key.type = NOTE_COSIGNATURE;
	assert_false(handover_same_key(&key, &keys[OLD].key));
	key = keys[OLD].key;
	key.public_key[sizeof key.public_key - 1] ^= 1;
	assert_false(handover_same_key(&key, &keys[OLD].key));
	key = keys[OLD].key;
	key.name[0] ^= 1;
	assert_false(handover_same_key(&key, &keys[OLD].key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(handover__under_both_keys_is_read),
		cmocka_unit_test(handover__of_another_content_is_refused),
		cmocka_unit_test(handover__that_one_of_them_did_not_sign_is_refused),
		cmocka_unit_test(handover__that_is_no_proof_or_no_entry_is_refused),
		cmocka_unit_test(handover__keys_are_the_same_by_all_that_they_are),
	};
	return cmocka_run_group_tests_name("handover", tests, set_up, NULL);
}
