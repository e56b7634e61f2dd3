/* Cells of files for spreadsheets; no page is made here. */
#include "cells.h"
#include "cm.h"
#include "curb/cleanup.h"

struct curb_arena *curb_req_arena(struct curb_req *req)
{
	(void)req;
	fail_msg("a page without a request");
	return NULL;
}

struct curb_str curb_tr(struct curb_req *req, const char *source, const struct curb_value *values)
{
	(void)req;
	(void)values;
	fail_msg("words without a request");
	return curb_str(source);
}

int curb_reply_pieces(struct curb_req *req, const struct curb_piece *pieces, size_t count,
                      const struct curb_body_info *info)
{
	(void)req;
	(void)pieces;
	(void)count;
	(void)info;
	fail_msg("a reply without a request");
	return -1;
}

static void assert_cell(const char *text, const char *cell)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(256);
	csv_cell(&out, curb_str(text), ',');
	curb_buf_char(&out, '\0');
	assert_string_equal(out.data, cell);
}

static void cell__of_a_text_is_no_formula(void **state)
{
	(void)state;
	assert_cell("=1+1", "\"'=1+1\",");
	assert_cell("\t=1", "\"'\t=1\",");
	assert_cell("\n=1", "\"'\n=1\",");
	assert_cell("＝1", "\"'＝1\",");
	assert_cell("＋1", "\"'＋1\",");
	assert_cell("－1", "\"'－1\",");
	assert_cell("＠x", "\"'＠x\",");
}

static void cell__of_any_other_text_stays_as_it_is(void **state)
{
	(void)state;
	assert_cell("王芳", "\"王芳\",");
	assert_cell("（一）", "\"（一）\","); /* full width as well, and no sign */
	assert_cell("a=\"b\"", "\"a=\"\"b\"\"\",");
	assert_cell("", "\"\",");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cell__of_a_text_is_no_formula),
		cmocka_unit_test(cell__of_any_other_text_stays_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
