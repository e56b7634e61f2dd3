/* Assets and what gzip made of them: as they are built in, and what is refused. */
#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "gunzip.h"
#include "packed_embedded.h"
#include "page_test.h"

#define SEED "a { color: red }\n"

static const struct curb_embedded *row(const struct curb_embedded *rows, const char *name)
{
	for (; rows->name; rows++)
		if (strcmp(rows->name, name) == 0)
			return rows;
	return NULL;
}

static const struct curb_embedded *packed_row(const struct curb_embedded *rows, const char *name)
{
	char packed[128];
	(void)snprintf(packed, sizeof packed, "%s.gz", name);
	return row(rows, packed);
}

static bool is_packed(const struct curb_embedded *file)
{
	return curb_str_ends(curb_str(file->name), ".gz");
}

static void packed__rows_hold_what_their_assets_hold(void **unused)
{
	(void)unused;
	const struct curb_embedded *const tables[] = { packed_assets, a11y_service()->assets };
	size_t n = 0;
	for (size_t i = 0; i < 2; i++)
		for (const struct curb_embedded *file = tables[i]; file->name; file++) {
			const struct curb_embedded *packed = packed_row(tables[i], file->name);
			if (!packed)
				continue;
			assert_unpacks(packed->bytes, packed->size, file->bytes, file->size);
			assert_true(packed->size * 10 <= file->size * 9);
			n++;
		}
	assert_true(n >= 4);
	for (const struct curb_embedded *file = a11y_service()->assets; file->name; file++)
		assert_true(is_packed(file) || packed_row(a11y_service()->assets, file->name));
}

static void packed__only_what_gains_by_it(void **unused)
{
	(void)unused;
	assert_non_null(packed_row(packed_assets, "long.css"));
	assert_non_null(row(packed_assets, "short.css"));
	assert_null(packed_row(packed_assets, "short.css"));
	assert_non_null(row(packed_assets, "picture.webp"));
	assert_null(packed_row(packed_assets, "picture.webp"));
}

static char *address_of(struct pages *pages, const char *template)
{
	struct curb_arena *arena = curb_arena_new(4096);
	struct curb_buf out = curb_buf(1024);
	assert_int_equal(pages_render(pages, "packed", template, curb_str("en"), curb_object(arena), &out),
	                 0);
	char *address = curb_xstrdup(strstr(out.data, "/assets/"));
	address[strcspn(address, "\"")] = '\0';
	curb_buf_free(&out);
	curb_arena_free(arena);
	return address;
}

static void packed__the_asset_brings_both(void **unused)
{
	(void)unused;
	struct pages *pages = pages_new();
	struct pages_file file = { 0 };
	assert_int_equal(pages_add(pages, "packed", packed_templates, NULL, packed_assets), 0);
	assert_int_equal(pages_seal(pages), 0);
	char *address = address_of(pages, "sheet"), path[256];
	assert_int_equal(pages_asset(pages, curb_str(address + 8), &file), 0);
	/* the very bytes that were built in: no copy of them is kept */
	assert_ptr_equal(file.bytes.ptr, row(packed_assets, "long.css")->bytes);
	assert_ptr_equal(file.gzip.ptr, row(packed_assets, "long.css.gz")->bytes);
	assert_true(file.version.len > 0);
	(void)snprintf(path, sizeof path, "%s.gz", address + 8);
	assert_int_equal(pages_asset(pages, curb_str(path), &file), CURB_ENOTFOUND);
	free(address);
	pages_free(pages);
}

static int add(const struct curb_embedded *assets, const char *template)
{
	const struct curb_embedded templates[] = {
		{ "t.html", (const unsigned char *)template, strlen(template) }, { 0 }
	};
	struct pages *pages = pages_new();
	int err = pages_add(pages, "own", templates, NULL, assets);
	if (!err)
		err = pages_seal(pages);
	pages_free(pages);
	return err;
}

static void packed__rows_that_fit_no_asset_are_refused(void **unused)
{
	(void)unused;
	const unsigned char *text = (const unsigned char *)SEED;
	const struct curb_embedded *gz = row(packed_assets, "long.css.gz"),
				   *css = row(packed_assets, "long.css");
	const struct curb_embedded alone[] = { { "a.css.gz", gz->bytes, gz->size }, { 0 } };
	assert_int_equal(add(alone, "x"), CURB_EINVAL);
	const struct curb_embedded other[] = { { "a.css", text, strlen(SEED) },
		                               { "a.css.gz", gz->bytes, gz->size },
		                               { 0 } };
	assert_int_equal(add(other, "x"), CURB_EINVAL);
	const struct curb_embedded no_gzip[] = { { "a.css", text, strlen(SEED) },
		                                 { "a.css.gz", css->bytes, css->size },
		                                 { 0 } };
	assert_int_equal(add(no_gzip, "x"), CURB_EINVAL);
	const struct curb_embedded cut[] = { { "a.css", css->bytes, css->size },
		                             { "a.css.gz", gz->bytes, 10 },
		                             { 0 } };
	assert_int_equal(add(cut, "x"), CURB_EINVAL);
	const struct curb_embedded before[] = { { "a.css.gz", gz->bytes, gz->size },
		                                { "a.css", css->bytes, css->size },
		                                { 0 } };
	assert_int_equal(add(before, "<a href=\"{{asset a.css}}\">a</a>"), 0);
	assert_int_equal(add(before, "<a href=\"{{asset a.css.gz}}\">a</a>"), CURB_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed__rows_hold_what_their_assets_hold),
		cmocka_unit_test(packed__only_what_gains_by_it),
		cmocka_unit_test(packed__the_asset_brings_both),
		cmocka_unit_test(packed__rows_that_fit_no_asset_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
