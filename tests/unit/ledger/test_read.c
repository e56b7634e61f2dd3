/* What readers are given of the ledger, also when a statement fails, a row is missing or an entry is none. */
#include "broken.h"
#include "ledger_case.h"
#include "proof.h"

static struct ledger_shown shown; /* of 300 entries */

/* ---- each kind of reading, for as many statements as it takes ---- */

static int read_tile(struct curb_tx *tx)
{
	struct curb_str bytes;
	return ledger_tile(tx, &(struct tile){ .width = 256 }, &bytes);
}

static int read_entries(struct curb_tx *tx)
{
	struct curb_str bytes;
	return ledger_tile(tx, &(struct tile){ .entries = true, .index = 1, .width = 44 }, &bytes);
}

static int read_hash(struct curb_tx *tx)
{
	struct merkle_hash hash;
	return ledger_tile_hash(tx, 3, 1, &hash);
}

static int read_body(struct curb_tx *tx)
{
	struct curb_str body;
	return ledger_entry(tx, 5, &body);
}

static int prove_entry(struct curb_tx *tx)
{
	struct curb_str text;
	return ledger_prove(tx, &shown, 299, true, &text);
}

static int prove_hash(struct curb_tx *tx)
{
	struct curb_str text;
	return ledger_prove(tx, &shown, 0, false, &text);
}

static int prove_growth(struct curb_tx *tx)
{
	struct curb_str text;
	return ledger_prove_growth(tx, 37, 300, &text);
}

static int read_facts(struct curb_tx *tx)
{
	const struct curb_fact *facts;
	size_t n;
	return curb_ledger_read(tx, 7, &facts, &n);
}

static void read__each_statement_that_fails_is_told(void **state)
{
	struct house *house = *state;
	int (*const readings[])(struct curb_tx *) = { read_tile,   read_entries, read_hash,    read_body,
		                                      prove_entry, prove_hash,   prove_growth, read_facts };
	CURB_AUTO(arena) struct curb_arena *kept = curb_arena_new(NOTE_MOST * 2);
	case_append_n(house, 300);
	(void)case_signed(house);
	shown = ledger_checkpoint(house->ledger, kept);
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		int good = 0;
		for (int err = CURB_EINTERNAL; err; good++) {
			curb_arena_reset(house->f.arena);
			struct curb_tx *tx = case_look(house);
			broken_after(good);
			err = readings[i](tx);
			assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
		}
		assert_true(good > 2);
	}
}

/* ---- what is not there ---- */

static int add_broken_entry(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&ledger_host, tx, "INSERT INTO ledger_entry (n, body) VALUES (900, x'ff')",
	                 CURB_NO_BINDS, NULL);
}

static void read__what_is_not_there_is_not_found(void **state)
{
	struct house *house = *state;
	const struct curb_fact *facts;
	struct merkle_hash hash;
	struct curb_str bytes;
	size_t n;
	case_append_n(house, 300);
	struct curb_tx *tx = case_look(house);
	assert_int_equal(ledger_entry(tx, 300, &bytes), CURB_ENOTFOUND);
	assert_int_equal(curb_ledger_read(tx, 300, &facts, &n), CURB_ENOTFOUND);
	assert_int_equal(ledger_tile_hash(tx, 0, 299, &hash), 0);
	assert_int_equal(ledger_tile_hash(tx, 0, 300, &hash), CURB_ENOTFOUND); /* of a tile that is there */
	assert_int_equal(ledger_tile_hash(tx, 0, 512, &hash), CURB_ENOTFOUND); /* of one that is not */
	assert_int_equal(ledger_tile_hash(tx, 3, 37, &hash), CURB_ENOTFOUND);  /* four of its eight leaves */
	assert_string_equal(curb_error_text(), "the ledger has no tile 0/1 yet");
	assert_int_equal(ledger_tile_hash(tx, 3, 36, &hash), 0);
	assert_int_equal(write_fn(&house->f, add_broken_entry, NULL), 0);
	assert_int_equal(curb_ledger_read(case_look(house), 900, &facts, &n), CURB_EINVAL);
}

static void read__subtrees_have_the_roots_of_their_leaves(void **state)
{
	struct house *house = *state;
	struct merkle_hash leaves[256], root;
	case_append_n(house, 600);
	struct curb_tx *tx = case_look(house);
	for (unsigned i = 0; i < 256; i++) {
		curb_arena_reset(house->f.arena);
		assert_int_equal(ledger_tile_hash(tx, 0, 256 + i, &leaves[i]), 0);
	}
	for (unsigned level = 0; level <= 8; level++)
		for (uint64_t i = 0; i < 256U >> level; i++) {
			struct merkle_tree tree = { .size = 0 };
			struct merkle_hash hash;
			for (uint64_t leaf = i << level; leaf < (i + 1) << level; leaf++)
				merkle_append(&tree, &leaves[leaf], NULL, NULL);
			merkle_root(&tree, &root);
			curb_arena_reset(house->f.arena);
			assert_int_equal(ledger_tile_hash(tx, level, (256U >> level) + i, &hash), 0);
			assert_true(merkle_same(&root, &hash));
		}
}

static void read__tiles_are_as_wide_as_they_are_asked_for(void **state)
{
	struct house *house = *state;
	struct curb_str bytes;
	case_append_n(house, 300);
	struct curb_tx *tx = case_look(house);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .width = 256 }, &bytes), 0);
	assert_int_equal(bytes.len, 8192);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .index = 1, .width = 44 }, &bytes), 0);
	assert_int_equal(bytes.len, 44 * 32);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .level = 1, .width = 1 }, &bytes), 0);
	assert_int_equal(bytes.len, 32);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .index = 1, .width = 45 }, &bytes), CURB_ENOTFOUND);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .level = 2, .width = 1 }, &bytes), CURB_ENOTFOUND);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .entries = true, .index = 1, .width = 2 }, &bytes),
	                 0);
	size_t first = (size_t)(unsigned char)bytes.ptr[0] << 8 | (unsigned char)bytes.ptr[1];
	struct merkle_hash leaf;
	merkle_leaf(curb_str_n(bytes.ptr + 2, first), &leaf);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .index = 1, .width = 1 }, &bytes), 0);
	assert_memory_equal(bytes.ptr, leaf.bytes, 32);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .entries = true, .index = 1, .width = 45 }, &bytes),
	                 CURB_ENOTFOUND);
	assert_string_equal(curb_error_text(), "the ledger has no tile 0/1 yet");
}

/* A tile is read whole also when each of its entries has as many bytes as one may have. */
static void read__the_longest_entries_make_a_tile(void **state)
{
	struct house *house = *state;
	struct curb_str bytes;
	CURB_AUTO(arena) struct curb_arena *roomy = curb_arena_new(16 << 20);
	case_change(house,
	            "WITH RECURSIVE place (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n < 255) "
	            "INSERT INTO ledger_entry (n, body) SELECT n, zeroblob(16384) FROM place");
	struct curb_tx *tx = store_begin(house->f.reader, roomy);
	assert_int_equal(ledger_tile(tx, &(struct tile){ .entries = true, .width = 256 }, &bytes), 0);
	assert_int_equal(bytes.len, 256 * (2 + 16384));
	assert_memory_equal(bytes.ptr + bytes.len - 16386, "\x40\x00", 2);
	store_end(house->f.reader);
}

static void read__a_receipt_that_is_too_long_is_none(void **state)
{
	struct house *house = *state;
	struct curb_str text;
	CURB_AUTO(mem) char *long_note = curb_xcalloc(1, PROOF_MOST + 1);
	case_append_n(house, 3);
	memset(long_note, 'a', PROOF_MOST);
	const struct ledger_shown none = { curb_str(long_note), 3 };
	assert_int_equal(ledger_prove(case_look(house), &none, 1, true, &text), CURB_ETOOBIG);
}

static void read__facts_are_numbers_and_texts(void **state)
{
	struct house *house = *state;
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	case_append_n(house, 3);
	assert_int_equal(curb_ledger_read(case_look(house), 2, &facts, &n), 0);
	assert_int_equal(n, 6); /* v kind at role granted unit; neither sub nor by nor salt */
	assert_int_equal(curb_fact_find(facts, n, "granted")->number, 2);
	assert_null(curb_fact_find(facts, n, "granted")->text.ptr);
	assert_true(curb_str_is(curb_fact_find(facts, n, "unit")->text, "u1"));
	assert_true(curb_str_is(curb_fact_find(facts, n, "role")->text, "learner"));
	assert_null(curb_fact_find(facts, n, "salt"));
	assert_null(curb_fact_find(facts, n, "sub"));
	assert_null(curb_fact_find(facts, 0, "granted"));
	assert_ptr_equal(curb_fact_find(facts, n, "v"), facts); /* the shortest name is the first */
	assert_int_equal(facts[0].number, 1);
	assert_int_equal(facts_of(house->f.arena, NULL, 0, &facts), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(read__each_statement_that_fails_is_told),
		TEST(read__what_is_not_there_is_not_found),
		TEST(read__subtrees_have_the_roots_of_their_leaves),
		TEST(read__tiles_are_as_wide_as_they_are_asked_for),
		TEST(read__the_longest_entries_make_a_tile),
		TEST(read__a_receipt_that_is_too_long_is_none),
		TEST(read__facts_are_numbers_and_texts),
	};
#undef TEST
	return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
