/* Receipts: each is read as it was written, and every change to one is refused. */
#include <sodium.h>

#include "base64.h"
#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "proof.h"

enum { LEAVES = 13 };

/* A tree of LEAVES entries, "entry 0" and so on, and its checkpoint. */
struct wood {
	struct note_signer signer;
	struct merkle_hash level[4][LEAVES];
	char entry[LEAVES][16];
	struct curb_buf note;
};

static int hash_of(void *arg, unsigned level, uint64_t index, struct merkle_hash *ret_hash)
{
	const struct wood *wood = arg;
	*ret_hash = wood->level[level][index];
	return 0;
}

static void keep_hash(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
	struct wood *wood = arg;
	wood->level[level][index] = *hash;
}

static int setup(void **state)
{
	static struct wood wood;
	const unsigned char seed[32] = { 3 };
	struct merkle_tree tree = { .size = 0 };
	assert_true(sodium_init() >= 0);
	assert_int_equal(note_signer_of("school.example/ledger", NOTE_ED25519, seed, &wood.signer), 0);
	for (int i = 0; i < LEAVES; i++) {
		struct merkle_hash leaf;
		(void)snprintf(wood.entry[i], sizeof wood.entry[i], "entry %d", i);
		merkle_leaf(curb_str(wood.entry[i]), &leaf);
		merkle_append(&tree, &leaf, keep_hash, &wood);
	}
	struct checkpoint checkpoint = { .origin = curb_str(wood.signer.key.name), .size = tree.size };
	merkle_root(&tree, &checkpoint.root);
	CURB_AUTO(buf) struct curb_buf body = curb_buf(4096);
	checkpoint_write(&body, &checkpoint);
	wood.note = curb_buf(NOTE_MOST);
	curb_buf_str(&wood.note, curb_buf_view(&body));
	curb_buf_char(&wood.note, '\n');
	note_sign(&wood.note, &wood.signer, curb_buf_view(&body));
	*state = &wood;
	return 0;
}

static int teardown(void **state)
{
	struct wood *wood = *state;
	curb_buf_free(&wood->note);
	return 0;
}

static struct curb_buf receipt_of(struct wood *wood, uint64_t index, bool with_entry)
{
	const struct merkle_source source = { hash_of, wood };
	struct curb_buf out = curb_buf(PROOF_MOST);
	struct merkle_proof path;
	assert_int_equal(merkle_inclusion(&source, index, LEAVES, &path), 0);
	proof_write(&out, with_entry ? curb_str(wood->entry[index]) : curb_str(NULL), index, &path,
	            curb_buf_view(&wood->note));
	assert_int_equal(curb_buf_check(&out), 0);
	return out;
}

static void proof__of_every_entry_is_read_and_holds(void **state)
{
	struct wood *wood = *state;
	for (uint64_t i = 0; i < LEAVES; i++) {
		CURB_AUTO(buf) struct curb_buf text = receipt_of(wood, i, true);
		struct proof proof;
		struct checkpoint checkpoint;
		assert_int_equal(proof_read(curb_buf_view(&text), &proof), 0);
		assert_true(proof.has_entry && proof.index == i);
		assert_true(curb_str_is(proof_entry(&proof), wood->entry[i]));
		assert_int_equal(proof_verify(&proof, &wood->signer.key, &checkpoint), 0);
		assert_true(checkpoint.size == LEAVES);
	}
}

static void proof__is_laid_out_as_c2sp_says(void **state)
{
	struct wood *wood = *state;
	CURB_AUTO(buf) struct curb_buf with = receipt_of(wood, 12, true), bare = receipt_of(wood, 12, false);
	struct proof proof;
	struct checkpoint checkpoint;
	/* the last of 13 leaves hangs below the two subtrees of 8 and 4 */
	assert_true(curb_str_starts(curb_buf_view(&with),
	                            "c2sp.org/tlog-proof@v1\nextra ZW50cnkgMTI=\nindex 12\n"));
	assert_true(curb_str_starts(curb_buf_view(&bare), "c2sp.org/tlog-proof@v1\nindex 12\n"));
	assert_true(curb_str_ends(curb_buf_view(&bare), wood->note.data));
	assert_int_equal(proof_read(curb_buf_view(&bare), &proof), 0);
	assert_int_equal(proof.path.count, 2);
	assert_false(proof.has_entry);
	assert_int_equal(proof_verify(&proof, &wood->signer.key, &checkpoint), CURB_EUNFIT);
}

static void proof__with_any_bit_changed_is_refused(void **state)
{
	struct wood *wood = *state;
	CURB_AUTO(buf) struct curb_buf text = receipt_of(wood, 5, true);
	struct checkpoint checkpoint;
	struct proof proof;
	for (size_t at = 0; at < text.len; at++)
		for (int bit = 0; bit < 8; bit++) {
			text.data[at] ^= (char)(1 << bit);
			if (proof_read(curb_buf_view(&text), &proof) == 0 &&
			    proof_verify(&proof, &wood->signer.key, &checkpoint) == 0)
				fail_msg("byte %zu, bit %d", at, bit);
			text.data[at] ^= (char)(1 << bit);
		}
	for (size_t len = 0; len < text.len; len++)
		if (proof_read(curb_str_n(text.data, len), &proof) == 0 &&
		    proof_verify(&proof, &wood->signer.key, &checkpoint) == 0)
			fail_msg("cut at %zu", len);
}

static void proof__of_another_ledger_is_refused(void **state)
{
	struct wood *wood = *state;
	CURB_AUTO(buf) struct curb_buf text = receipt_of(wood, 5, true);
	const unsigned char seed[32] = { 4 };
	struct note_signer other;
	struct checkpoint checkpoint;
	struct proof proof;
	assert_int_equal(proof_read(curb_buf_view(&text), &proof), 0);
	assert_int_equal(note_signer_of("school.example/ledger", NOTE_ED25519, seed, &other), 0);
	assert_int_equal(proof_verify(&proof, &other.key, &checkpoint), CURB_EINVAL);
	/* signed by the right key for a ledger of another name */
	CURB_AUTO(buf) struct curb_buf body = curb_buf(4096), note = curb_buf(4096);
	curb_buf_text(&body, "other.example\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	curb_buf_printf(&note, "%s\n", body.data);
	note_sign(&note, &wood->signer, curb_buf_view(&body));
	proof.checkpoint = curb_buf_view(&note);
	assert_int_equal(proof_verify(&proof, &wood->signer.key, &checkpoint), CURB_EINVAL);
	/* what is no checkpoint, whoever signed it */
	static const char *const none[] = { "", "x", "school.example/ledger\n1\n\n" };
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		proof.checkpoint = curb_str(none[i]);
		assert_int_equal(proof_holds(&proof, &checkpoint), CURB_EINVAL);
		assert_int_equal(proof_verify(&proof, &wood->signer.key, &checkpoint), CURB_EINVAL);
	}
	curb_buf_clear(&body);
	curb_buf_clear(&note);
	curb_buf_text(&body, "school.example/ledger\nmany\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	curb_buf_printf(&note, "%s\n", body.data);
	note_sign(&note, &wood->signer, curb_buf_view(&body));
	proof.checkpoint = curb_buf_view(&note);
	assert_int_equal(proof_holds(&proof, &checkpoint), CURB_EINVAL);
	assert_int_equal(proof_verify(&proof, &wood->signer.key, &checkpoint), CURB_EINVAL);
}

static void proof__is_in_one_form(void **state)
{
	(void)state;
#define HEAD "c2sp.org/tlog-proof@v1\n"
#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	static const char *const wrong[] = {
		"",
		HEAD,
		HEAD "index 1",
		HEAD "index 1\n",
		HEAD "index 01\n\nx",
		HEAD "index -1\n\nx",
		HEAD "index \n\nx",
		HEAD "index 9223372036854775808\n\nx",
		HEAD "index 1\n" HASH,
		HEAD "index 1\nAAAA\n\nx",
		HEAD "index 1\n" HASH "AAAA\n\nx",
		HEAD "index 1\nextra AAAA\n\nx",
		HEAD "extra A\nindex 1\n\nx",
		HEAD "extra\nindex 1\n\nx",
		HEAD "extra AAAA\nextra AAAA\nindex 1\n\nx",
		"c2sp.org/tlog-proof@v2\nindex 1\n\nx",
		"c2sp.org/tlog-proof@v1x\nindex 1\n\nx",
		" " HEAD "index 1\n\nx",
		HEAD "\nindex 1\n\nx",
		HEAD "index 1\r\n\nx",
	};
	struct proof proof;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (proof_read(curb_str(wrong[i]), &proof) != CURB_EINVAL)
			fail_msg("%zu: %s", i, wrong[i]);
	assert_int_equal(proof_read(curb_str(HEAD "index 0\n\nx"), &proof), 0);
	assert_true(curb_str_is(proof.checkpoint, "x"));
	assert_true(!proof.has_entry && proof.entry_len == 0);
	CURB_AUTO(buf) struct curb_buf many = curb_buf(PROOF_MOST);
	curb_buf_text(&many, HEAD "index 1\n");
	for (int i = 0; i <= MERKLE_PROOF_MOST; i++)
		curb_buf_text(&many, HASH);
	curb_buf_text(&many, "\nx");
	assert_int_equal(proof_read(curb_buf_view(&many), &proof), CURB_EINVAL);
	CURB_AUTO(buf) struct curb_buf large = curb_buf(2 * PROOF_MOST);
	curb_buf_text(&large, HEAD "index 0\n\n");
	while (large.len < PROOF_MOST)
		curb_buf_char(&large, 'x');
	assert_int_equal(proof_read(curb_buf_view(&large), &proof), 0);
	curb_buf_char(&large, 'x');
	assert_int_equal(proof_read(curb_buf_view(&large), &proof), CURB_EINVAL);
#undef HEAD
#undef HASH
}

static void submission__is_in_one_form(void **state)
{
	struct wood *wood = *state;
	static const char *const wrong[] = {
		"",
		"old",
		"old \n\nx",
		"old 1",
		"old 1\n",
		"old 01\n\nx",
		"old -1\n\nx",
		"new 1\n\nx",
		"old 1\nAAAA\n\nx",
		"old 1 \n\nx",
	};
	const struct merkle_source source = { hash_of, wood };
	struct merkle_proof hashes;
	struct submission submission;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(PROOF_MOST);
	assert_int_equal(merkle_consistency(&source, 5, LEAVES, &hashes), 0);
	submission_write(&text, 5, &hashes, curb_buf_view(&wood->note));
	assert_int_equal(submission_read(curb_buf_view(&text), &submission), 0);
	assert_true(submission.old_size == 5 && submission.hashes.count == hashes.count);
	assert_memory_equal(submission.hashes.hashes, hashes.hashes, hashes.count * sizeof hashes.hashes[0]);
	assert_true(curb_str_eq(submission.checkpoint, curb_buf_view(&wood->note)));
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (submission_read(curb_str(wrong[i]), &submission) != CURB_EINVAL)
			fail_msg("%s", wrong[i]);
	assert_int_equal(submission_read(curb_str(NULL), &submission), CURB_EINVAL);
	CURB_AUTO(buf) struct curb_buf large = curb_buf(2 * PROOF_MOST);
	curb_buf_text(&large, "old 1\n\n");
	while (large.len < PROOF_MOST)
		curb_buf_char(&large, 'x');
	assert_int_equal(submission_read(curb_buf_view(&large), &submission), 0);
	curb_buf_char(&large, 'x');
	assert_int_equal(submission_read(curb_buf_view(&large), &submission), CURB_EINVAL);
	for (int n = SUBMISSION_HASHES; n <= SUBMISSION_HASHES + 1; n++) {
		curb_buf_clear(&text);
		curb_buf_text(&text, "old 1\n");
		for (int i = 0; i < n; i++)
			curb_buf_text(&text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
		curb_buf_text(&text, "\nx");
		assert_int_equal(submission_read(curb_buf_view(&text), &submission),
		                 n == SUBMISSION_HASHES ? 0 : CURB_EINVAL);
	}
}

static void base64__is_the_one_text_of_its_bytes(void **state)
{
	(void)state;
	static const char *const wrong[] = { "A",     "AA",   "AAA",  "AA=",  "AB==",    "AAB=",
		                             "AA==A", "A A=", "AAA*", "-_-_", "AA\301A", "AA\200A" };
	unsigned char bytes[8];
	size_t n;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (base64_read(curb_str(wrong[i]), bytes, sizeof bytes, &n))
			fail_msg("%s", wrong[i]);
	assert_true(base64_read(curb_str("AAECAwQFBgc="), bytes, sizeof bytes, &n));
	assert_int_equal(n, 8);
	assert_false(base64_read(curb_str("AAECAwQFBgcI"), bytes, sizeof bytes, &n));
	assert_false(base64_read(curb_str(NULL), bytes, sizeof bytes, &n));
	CURB_AUTO(buf) struct curb_buf small = curb_buf(4);
	base64_write(&small, bytes, sizeof bytes);
	assert_int_equal(curb_buf_check(&small), CURB_ETOOBIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proof__of_every_entry_is_read_and_holds),
		cmocka_unit_test(proof__is_laid_out_as_c2sp_says),
		cmocka_unit_test(proof__with_any_bit_changed_is_refused),
		cmocka_unit_test(proof__of_another_ledger_is_refused),
		cmocka_unit_test(proof__is_in_one_form),
		cmocka_unit_test(submission__is_in_one_form),
		cmocka_unit_test(base64__is_the_one_text_of_its_bytes),
	};
	return cmocka_run_group_tests_name("proof", tests, setup, teardown);
}
