/* A ledger and a receipt out of files: what is missing, too long or no file is no ledger. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify_case.h"

static char folder[64];

static void path_in(const char *name, char path[static 256])
{
	(void)snprintf(path, 256, "%s/%s", folder, name);
}

static void put(const char *name, struct curb_str bytes)
{
	char path[256];
	path_in(name, path);
	for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	(void)close(fd);
}

static void put_tiles(unsigned level, bool entries)
{
	struct curb_buf name = curb_buf(256), bytes = curb_buf(1 << 20);
	struct tile tile = { .level = level, .entries = entries };
	for (; (tile.width = tile_width(&tile, world.size)) > 0; tile.index++) {
		curb_buf_clear(&name);
		tile_write(&name, &tile);
		assert_int_equal(world_tile(&world, &tile, &bytes), 0);
		put(name.data, curb_buf_view(&bytes));
	}
	curb_buf_free(&name);
	curb_buf_free(&bytes);
}

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

static void remove_folder(void)
{
	char command[100];
	(void)snprintf(command, sizeof command, "rm -r %s", folder);
	assert_int_equal(system(command), 0);
}

static void verify__reads_a_folder(void **state)
{
	(void)state;
	struct verify_result result = { .size = 9 };
	char path[256];
	(void)snprintf(folder, sizeof folder, "/tmp/curb-verify-XXXXXX");
	assert_non_null(mkdtemp(folder));
	world_fill(&world, SMALL);
	assert_int_equal(look_at_folder(&result), CURB_ENOTFOUND);
	assert_true(result.size == 0);
	assert_non_null(strstr(curb_error_text(), "checkpoint is missing or cannot be read"));
	put("checkpoint", curb_buf_view(&world.checkpoint));
	put_tiles(0, false);
	put_tiles(0, true);
	put_tiles(1, false);
	assert_int_equal(look_at_folder(&result), 0);
	assert_true(result.size == SMALL);

	path_in("tile/0/001", path);
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
	put("tile/0/001", curb_str_n(long_tile, sizeof long_tile));
	assert_int_equal(look_at_folder(&result), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "longer than what was signed"));
	remove_folder();
}

/* ---- receipts ---- */

static void put_receipt(struct curb_str entry)
{
	const struct merkle_proof none = { .count = 0 };
	struct curb_buf text = curb_buf(PROOF_MOST);
	proof_write(&text, entry, 0, &none, curb_buf_view(&world.checkpoint));
	put("receipt", curb_buf_view(&text));
	curb_buf_free(&text);
}

static void verify__reads_a_receipt(void **state)
{
	(void)state;
	struct curb_buf text = curb_buf(PROOF_MOST), body = curb_buf(ENTRY_MOST);
	struct proof *proof = calloc(1, sizeof *proof);
	struct checkpoint checkpoint;
	char path[256];
	(void)snprintf(folder, sizeof folder, "/tmp/curb-verify-XXXXXX");
	assert_non_null(mkdtemp(folder));
	path_in("receipt", path);
	assert_int_equal(verify_receipt(path, &world.signer.key, &text, proof, &checkpoint), CURB_ENOTFOUND);
	put("receipt", curb_str("nothing"));
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
	remove_folder();
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
