/* A ledger and a receipt out of files: what is missing, too long or no file is no ledger. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify_case.h"

static void no_finding(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static int look_at_folder(struct verify_result *result)
{
	const struct verify_call call = { .found = no_finding };
	return verify_folder(folder, &world.signer.key, &call, result);
}

static void verify__reads_a_folder(void **state)
{
	(void)state;
	struct verify_result result = { .size = 9 };
	char path[256];
	folder_make();
	world_fill(&world, SMALL);
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_true(result.size == 0);
	assert_non_null(strstr(curb_error_text(), "checkpoint is missing or cannot be read"));
	folder_put("checkpoint", curb_buf_view(&world.checkpoint));
	folder_put_tiles(0, false);
	folder_put_tiles(0, true);
	folder_put_tiles(1, false);
	assert_int_equal(look_at_folder(&result), 0);
	assert_true(result.size == SMALL);

	folder_path("tile/0/001", path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_int_equal(mkdir(path, 0700), 0); /* no file */
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0); /* what waits for a writer would never end */
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("000", path), 0); /* nor one of its own */
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_int_equal(unlink(path), 0);
	static char long_tile[TILE_WIDTH * TILE_HASH + 1];
	folder_put("tile/0/001", curb_str_n(long_tile, sizeof long_tile));
	assert_int_equal(look_at_folder(&result), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "longer than what was signed"));
	folder_remove();
}

/* ---- receipts ---- */

static void put_receipt(struct curb_str entry)
{
	const struct merkle_proof none = { .count = 0 };
	struct curb_buf text = curb_buf(PROOF_MOST);
	proof_write(&text, entry, 0, &none, curb_buf_view(&world.checkpoint));
	folder_put("receipt", curb_buf_view(&text));
	curb_buf_free(&text);
}

static void verify__reads_a_receipt(void **state)
{
	(void)state;
	struct curb_buf text = curb_buf(PROOF_MOST), body = curb_buf(ENTRY_MOST);
	struct proof *proof = calloc(1, sizeof *proof);
	struct checkpoint checkpoint;
	char path[256];
	folder_make();
	folder_path("receipt", path);
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), CURB_ENOTFOUND);
	folder_put("receipt", curb_str("nothing"));
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), CURB_EINVAL);
	world_fill(&world, 1);
	world_body(&world, 0, &body);
	put_receipt(curb_buf_view(&body));
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), 0);
	assert_true(checkpoint.size == 1 && proof->index == 0);
	world_body(&world, 1, &body);
	put_receipt(curb_buf_view(&body));
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), CURB_EUNFIT);
	world.odd = 0;
	world.body = curb_str("no entry");
	world_fill(&world, 1);
	put_receipt(world.body);
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "no entry"));
	folder_remove();
	free(proof);
	curb_buf_free(&text);
	curb_buf_free(&body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(verify__reads_a_folder),
		TEST(verify__reads_a_receipt),
	};
	return cmocka_run_group_tests_name("verify_files", tests, NULL, NULL);
}
