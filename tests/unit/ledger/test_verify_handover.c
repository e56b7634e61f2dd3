/* A ledger that changed its key: each change is announced under the key before, and whoever trusts one of them can check it all. */
#include <stdio.h>

#include "verify_case.h"

enum { KEYS = 3, ENTRIES = 5 };

static struct note_signer keys[KEYS];
static struct curb_buf bodies[2];

/* Entry n announces that key `from` becomes key `to`. */
static void announce(int n, int from, int to)
{
	struct curb_buf old_key = curb_buf(512), new_key = curb_buf(512);
	note_key_write(&old_key, &keys[from].key);
	note_key_write(&new_key, &keys[to].key);
	struct entry_fact facts[] = {
		{ .name = curb_str("kind"), .kind = ENTRY_TEXT, .bytes = curb_str("rotate") },
		{ .name = curb_str("new_key"), .kind = ENTRY_TEXT, .bytes = curb_buf_view(&new_key) },
		{ .name = curb_str("old_key"), .kind = ENTRY_TEXT, .bytes = curb_buf_view(&old_key) },
	};
	curb_buf_clear(&bodies[n]);
	assert_int_equal(entry_write(&bodies[n], facts, 3), 0);
	world.first[n] = curb_buf_view(&bodies[n]);
	curb_buf_free(&old_key);
	curb_buf_free(&new_key);
}

/* The tree of the first `size` entries, 1 or 2 of them. */
static void root_of(uint64_t size, struct merkle_hash leaves[static 2], struct merkle_hash *ret_root)
{
	struct merkle_tree tree = { .size = 0 };
	for (uint64_t n = 0; n < 2; n++)
		merkle_leaf(world.first[n].ptr ? world.first[n] : curb_str("x"), &leaves[n]);
	for (uint64_t n = 0; n < size; n++)
		merkle_append(&tree, &leaves[n], NULL, NULL);
	merkle_root(&tree, ret_root);
}

/* The proof of entry n in the tree of `size`, under a checkpoint that both keys signed. */
static void write_proof(int n, uint64_t size, int from, int to, struct curb_buf *out)
{
	struct checkpoint checkpoint = { .origin = curb_str("school.example"), .size = size };
	struct curb_buf body = curb_buf(NOTE_MOST), note = curb_buf(NOTE_MOST);
	struct merkle_proof path = { .count = size - 1 };
	struct merkle_hash leaves[2];
	root_of(size, leaves, &checkpoint.root);
	path.hashes[0] = leaves[1 - n];
	checkpoint_write(&body, &checkpoint);
	curb_buf_str(&note, curb_buf_view(&body));
	curb_buf_char(&note, '\n');
	note_sign(&note, &keys[from], curb_buf_view(&body));
	note_sign(&note, &keys[to], curb_buf_view(&body));
	curb_buf_clear(out);
	proof_write(out, world.first[n], (uint64_t)n, &path, curb_buf_view(&note));
	curb_buf_free(&body);
	curb_buf_free(&note);
}

static void put_proof(int number, int n, uint64_t size, int from, int to)
{
	struct curb_buf text = curb_buf(PROOF_MOST);
	char name[32];
	write_proof(n, size, from, to, &text);
	(void)snprintf(name, sizeof name, "handover/%d", number);
	folder_put(name, curb_buf_view(&text));
	curb_buf_free(&text);
}

static int set_up(void **state)
{
	int err = world_setup(state);
	for (unsigned char i = 0; !err && i < KEYS; i++) {
		const unsigned char seed[32] = { 40, i };
		err = note_signer_of("school.example", NOTE_ED25519, seed, &keys[i]);
	}
	bodies[0] = curb_buf(ENTRY_MOST);
	bodies[1] = curb_buf(ENTRY_MOST);
	return err;
}

static int tear_down(void **state)
{
	curb_buf_free(&bodies[0]);
	curb_buf_free(&bodies[1]);
	return world_teardown(state);
}

/* The whole ledger, signed with the key that it has at the end. */
static void fill(int last_key)
{
	world.signer = keys[last_key];
	world_fill(&world, ENTRIES);
}

static void put_ledger(void)
{
	folder_put("checkpoint", curb_buf_view(&world.checkpoint));
	folder_put_tiles(0, false);
	folder_put_tiles(0, true);
}

static char found[200];
static int finds;
static void note_found(void *arg, const char *text)
{
	(void)arg;
	finds++;
	(void)snprintf(found, sizeof found, "%s", text);
}

static int look_with(int key, struct verify_result *result)
{
	const struct verify_call call = { .found = note_found };
	finds = 0;
	return verify_folder(folder, &keys[key].key, &call, result);
}

/* ---- the changes beside the tree ---- */

static bool stop;
static bool stopped(void *arg)
{
	(void)arg;
	return stop;
}

static int look_at(const struct handover *handovers, size_t n, struct verify_result *result)
{
	const struct verify_source source = { .checkpoint = curb_buf_view(&world.checkpoint),
		                              .tile = world_tile,
		                              .arg = &world,
		                              .handovers = handovers,
		                              .handover_count = n };
	const struct verify_call call = { .found = note_found, .cancelled = stopped };
	finds = 0;
	return verify(&source, &world.signer.key, &call, result);
}

static void verify__tree_begins_as_it_was_when_the_key_changed(void **state)
{
	struct verify_result result;
	struct curb_buf text = curb_buf(PROOF_MOST);
	struct handover handovers[2];
	(void)state;
	announce(0, 0, 1);
	announce(1, 1, 2);
	fill(2);
	write_proof(0, 1, 0, 1, &text);
	assert_int_equal(handover_read(curb_buf_view(&text), &handovers[0]), 0);
	write_proof(1, 2, 1, 2, &text);
	assert_int_equal(handover_read(curb_buf_view(&text), &handovers[1]), 0);
	assert_int_equal(look_at(handovers, 2, &result), 0);
	assert_true(result.keys == 2 && finds == 0);

	handovers[1].root.bytes[0] ^= 1;
	assert_int_equal(look_at(handovers, 2, &result), CURB_EUNFIT);
	assert_int_equal(finds, 1);
	assert_non_null(strstr(found, "the first 2 entries are not those"));
	handovers[1].root.bytes[0] ^= 1;
	handovers[1].size = ENTRIES + 1;
	assert_int_equal(look_at(handovers, 2, &result), CURB_EUNFIT);
	assert_int_equal(finds, 1);
	assert_non_null(strstr(found, "older than a change of the key"));
	curb_buf_free(&text);
}

static void verify__ends_when_it_is_told_to(void **state)
{
	struct verify_result result;
	(void)state;
	fill(0);
	stop = true;
	assert_int_equal(look_at(NULL, 0, &result), CURB_EBUSY);
	stop = false;
	assert_int_equal(look_at(NULL, 0, &result), 0);
}

/* ---- the changes in a folder ---- */

static void verify__by_any_key_that_the_ledger_had(void **state)
{
	struct verify_result result;
	(void)state;
	folder_make();
	announce(0, 0, 1);
	announce(1, 1, 2);
	fill(2);
	put_ledger();
	put_proof(1, 0, 1, 0, 1);
	put_proof(2, 1, 2, 1, 2);
	for (int key = 0; key < KEYS; key++) {
		assert_int_equal(look_with(key, &result), 0);
		assert_true(result.keys == 2 && result.size == ENTRIES);
	}
	const unsigned char seed[32] = { 77 };
	assert_int_equal(note_signer_of("school.example", NOTE_ED25519, seed, &keys[0]), 0);
	assert_int_equal(look_with(0, &result), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "not of the ledger with this key"));
	folder_remove();
}

static void refused(const char *why)
{
	struct verify_result result;
	assert_int_equal(look_with(0, &result), CURB_EUNFIT);
	if (!strstr(curb_error_text(), why))
		fail_msg("%s", curb_error_text());
	assert_int_equal(finds, 0);
}

static void verify__change_that_is_not_shown_is_none(void **state)
{
	static char long_text[PROOF_MOST + 1];
	(void)state;
	folder_make();
	announce(0, 0, 1);
	announce(1, 2, 0);
	fill(0);
	put_ledger();
	put_proof(1, 0, 1, 0, 1);
	put_proof(2, 1, 2, 2, 0); /* not from the key that the first one announced */
	refused("handover/2 does not show");
	folder_put("handover/2", curb_str("nothing"));
	refused("handover/2 does not show");
	folder_put("handover/1", curb_str_n(long_text, sizeof long_text));
	refused("longer than what was signed");
	announce(0, 1, 2);
	announce(1, 0, 1);
	fill(2);
	put_ledger();
	put_proof(1, 1, 2, 0, 1);
	put_proof(2, 0, 1, 1, 2); /* before the first */
	refused("handover/2 does not show");
	folder_remove();
}

static void verify__takes_so_many_changes_and_no_more(void **state)
{
	struct verify_result result;
	(void)state;
	folder_make();
	announce(0, 0, 1);
	announce(1, 1, 0);
	fill(0);
	put_ledger();
	for (int i = 0; i <= VERIFY_HANDOVERS; i++)
		put_proof(i + 1, i % 2, 2, i % 2, 1 - i % 2);
	assert_int_equal(look_with(1, &result), 0);
	assert_true(result.keys == VERIFY_HANDOVERS);
	folder_remove();
}

int main(void)
{
#define HANDOVER_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		HANDOVER_TEST(verify__tree_begins_as_it_was_when_the_key_changed),
		HANDOVER_TEST(verify__ends_when_it_is_told_to),
		HANDOVER_TEST(verify__by_any_key_that_the_ledger_had),
		HANDOVER_TEST(verify__change_that_is_not_shown_is_none),
		HANDOVER_TEST(verify__takes_so_many_changes_and_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
