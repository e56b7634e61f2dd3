#include "cm.h"
#include "tile.h"

static void is_at(struct tile tile, const char *address)
{
	struct curb_buf out = curb_buf(256);
	struct tile back;
	tile_write(&out, &tile);
	assert_string_equal(out.data, address);
	assert_true(tile_read(curb_str(address + strlen("tile/")), &back));
	assert_int_equal(back.entries, tile.entries);
	assert_int_equal(back.level, tile.level);
	assert_true(back.index == tile.index);
	assert_int_equal(back.width, tile.width);
	curb_buf_free(&out);
}

static void tile__has_one_address(void **state)
{
	(void)state;
	is_at((struct tile){ .width = 256 }, "tile/0/000");
	is_at((struct tile){ .width = 7 }, "tile/0/000.p/7");
	is_at((struct tile){ .level = 1, .index = 999, .width = 255 }, "tile/1/999.p/255");
	is_at((struct tile){ .level = 7, .index = 1000, .width = 256 }, "tile/7/x001/000");
	is_at((struct tile){ .index = 1234067, .width = 112 }, "tile/0/x001/x234/067.p/112");
	is_at((struct tile){ .entries = true, .index = 12000045, .width = 256 },
	      "tile/entries/x012/x000/045");
	is_at((struct tile){ .index = UINT64_MAX / 256, .width = 1 },
	      "tile/0/x072/x057/x594/x037/x927/935.p/1");
	is_at((struct tile){ .index = UINT64_MAX, .width = 10 },
	      "tile/0/x018/x446/x744/x073/x709/x551/615.p/10");
}

static void tile__refuses_every_other_address(void **state)
{
	(void)state;
	static const char *const wrong[] = {
		"",
		"0",
		"0/",
		"0/00",
		"0/0000",
		"0/00a",
		"0/00:",
		"0/00/",
		"8/000",
		"00/000",
		"-1/000",
		"+1/000",
		"a/000",
		"entry/000",
		"0/x000/000",
		"0/x01/000",
		"0/001/000",
		"0/x001",
		"0/x001/",
		"0/x001/x000",
		"0/000.p",
		"0/000.p/",
		"0/000.p/0",
		"0/000.p/256",
		"0/000.p/07",
		"0/000.p/7/8",
		"0/000.q/7",
		"0/000/7",
		"0/000/",
		"0/000.p7",
		"0/x001.p/000",
		"0/.p/7",
		"0//000",
		"0/x018/x446/x744/x073/x709/x551/616",
		"0/x999/x999/x999/x999/x999/x999/x999/999",
		"entries/../000",
	};
	struct tile tile;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (tile_read(curb_str(wrong[i]), &tile))
			fail_msg("%s", wrong[i]);
	assert_false(tile_read(curb_str(NULL), &tile));
}

static void tile__is_as_wide_as_the_tree_has_hashes_for_it(void **state)
{
	(void)state;
	const struct tile first = { .level = 0 }, second = { .level = 0, .index = 1 }, above = { .level = 1 };
	assert_int_equal(tile_width(&first, 0), 0);
	assert_int_equal(tile_width(&first, 1), 1);
	assert_int_equal(tile_width(&first, 255), 255);
	assert_int_equal(tile_width(&first, 70000), 256);
	assert_int_equal(tile_width(&second, 256), 0);
	assert_int_equal(tile_width(&second, 255), 0);
	assert_int_equal(tile_width(&second, 300), 44);
	assert_int_equal(tile_width(&above, 255), 0);
	assert_int_equal(tile_width(&above, 70000), 256);
	assert_int_equal(tile_width(&above, 1000), 3);
	assert_int_equal(tile_width(&(struct tile){ .level = 7, .index = UINT64_MAX }, UINT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tile__has_one_address),
		cmocka_unit_test(tile__refuses_every_other_address),
		cmocka_unit_test(tile__is_as_wide_as_the_tree_has_hashes_for_it),
	};
	return cmocka_run_group_tests_name("tile", tests, NULL, NULL);
}
