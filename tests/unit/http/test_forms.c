#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/err.h"
#include "inside.h"

static int setup(void **state)
{
	*state = curb_arena_new(16 << 20);
	return 0;
}

static int teardown(void **state)
{
	curb_arena_free(*state);
	return 0;
}

static void paths__are_decoded_by_segments(void **state)
{
	struct curb_str segments[HTTP_SEGMENTS_MAX], path;
	size_t n = 0;
	assert_int_equal(path_split(*state, curb_str("/a/%E6%8C%89%2Fx/"), segments, &n, &path), 0);
	assert_int_equal(n, 3);
	assert_true(curb_str_is(segments[0], "a"));
	assert_true(curb_str_is(segments[1], "按/x"));
	assert_true(curb_str_is(segments[2], ""));
	assert_true(curb_str_is(path, "/a/按/x/"));
	assert_int_equal(path_split(*state, curb_str("/"), segments, &n, &path), 0);
	assert_int_equal(n, 1);
	assert_true(curb_str_is(path, "/"));
}

static void paths__that_cannot_be_are_refused(void **state)
{
	static const char *const bad[] = {
		"",     "a",   "/%00",    "/a%",  "/a%4", "/a%zz",     "/%0d%0a",
		"/%7f", "/..", "/a/../b", "/./a", "/%ff", "/%2e%2e/x", "/a%C0%AF"
	};
	struct curb_str segments[HTTP_SEGMENTS_MAX], path;
	size_t n = 0;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (path_split(*state, curb_str(bad[i]), segments, &n, &path) != CURB_EINVAL)
			fail_msg("taken: %s", bad[i]);
	char deep[2 * HTTP_SEGMENTS_MAX + 3] = "";
	for (int i = 0; i <= HTTP_SEGMENTS_MAX; i++)
		memcpy(deep + 2 * i, "/a", 3);
	assert_int_equal(path_split(*state, curb_str(deep), segments, &n, &path), CURB_ENOTFOUND);
}

static void forms__fields(void **state)
{
	struct curb_value *form = NULL;
	const char *text = "q=%E6%8C%89+x&empty=&bare&l%5B%5D=1&l[]=2&&q=second";
	assert_int_equal(form_urlencoded(*state, curb_str(text), &form), 0);
	assert_true(curb_str_is(curb_get_str(form, "q"), "按 x"));
	assert_true(curb_str_is(curb_get_str(form, "empty"), ""));
	assert_true(curb_str_is(curb_get_str(form, "bare"), ""));
	assert_int_equal(curb_value_count(curb_value_get(form, "l")), 2);
	assert_null(curb_get_str(form, "other").ptr);
}

static void forms__doubtful_ones_are_refused(void **state)
{
	static const char *const bad[] = { "a=%00", "a=%",   "a=%1",      "a=%gg",
		                           "a=%ff", "%00=a", "a=1&a[]=2", "a=%ed%a0%80" };
	struct curb_value *form = NULL;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (form_urlencoded(*state, curb_str(bad[i]), &form) != CURB_EINVAL)
			fail_msg("taken: %s", bad[i]);
	assert_null(form);
}

static void forms__have_limits(void **state)
{
	char text[8192] = "", name[300] = "";
	struct curb_value *form = NULL;
	for (int i = 0; i < 1000; i++)
		memcpy(text + 4 * i, "a=1&", 4);
	assert_int_equal(form_urlencoded(*state, curb_str(text), &form), 0);
	memcpy(text + 4000, "b=1", 4);
	assert_int_equal(form_urlencoded(*state, curb_str(text), &form), CURB_EINVAL);
	memset(name, 'n', 201);
	assert_int_equal(form_urlencoded(*state, curb_str(name), &form), CURB_EINVAL);
}

static const char type_text[] = "multipart/form-data; boundary=\"xyz\"";
static const struct curb_str type = { type_text, sizeof type_text - 1 };

static void forms__multipart(void **state)
{
	const char *body = "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nline 1\r\nline 2\r\n"
			   "--xyz\r\ncontent-disposition: form-data; name=b\r\n\r\n\r\n--xyz--\r\n";
	struct curb_value *form = NULL;
	assert_int_equal(form_multipart(*state, type, curb_str(body), &form), 0);
	assert_true(curb_str_is(curb_get_str(form, "a"), "line 1\r\nline 2"));
	assert_true(curb_str_is(curb_get_str(form, "b"), ""));
}

static void forms__multipart_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"preamble--xyz--",
		"--xyz",
		"--xyz\r\n\r\n\r\n--xyz--",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--xyz",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\r\nx\r\n--xyz--",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--xyz--",
		"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--xyz--",
	};
	struct curb_value *form = NULL;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (form_multipart(*state, type, curb_str(bad[i]), &form) != CURB_EINVAL)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(form_multipart(*state, curb_str("multipart/form-data"), curb_str("--\r\n"), &form),
	                 CURB_EINVAL);
}

static void cookies__are_found_whole(void **state)
{
	(void)state;
	struct http_head head = { .count = 2 };
	head.headers[0] = (struct http_header){ curb_str("Cookie"), curb_str("xcurb=no; curb=yes; lang=en") };
	head.headers[1] = (struct http_header){ curb_str("cookie"), curb_str("other=1") };
	assert_true(curb_str_is(cookie_find(&head, "curb"), "yes"));
	assert_true(curb_str_is(cookie_find(&head, "other"), "1"));
	assert_null(cookie_find(&head, "cur").ptr);
	head.headers[1].value = curb_str("curb=another");
	assert_null(cookie_find(&head, "curb").ptr);
}

static const char file_form[] =
	"--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n"
	"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\x\\a.zip\"\r\n"
	"Content-Type: application/zip\r\n\r\nPK\r\n--b--\r\n";

static void forms__are_read_up_to_their_file(void **state)
{
	struct curb_value *form = NULL;
	struct form_file file;
	const char *boundary_b = "multipart/form-data; boundary=b";
	size_t bytes = (size_t)(strstr(file_form, "PK") - file_form);
	/* the file may go on behind what is looked at */
	for (size_t size = bytes; size <= strlen(file_form); size++) {
		assert_int_equal(form_until_file(*state, curb_str(boundary_b), curb_str_n(file_form, size),
		                                 &file, &form),
		                 0);
		assert_true(curb_str_is(curb_get_str(form, "csrf"), "token"));
		assert_true(curb_str_is(file.name, "a.zip"));
		assert_int_equal(file.from, bytes);
		assert_true(curb_str_is(file.mark, "\r\n--b"));
	}
	for (size_t size = 0; size < bytes; size++)
		assert_int_equal(form_until_file(*state, curb_str(boundary_b), curb_str_n(file_form, size),
		                                 &file, &form),
		                 CURB_EINVAL);
}

static void forms__without_a_file_have_their_fields(void **state)
{
	static const char text[] = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n";
	struct curb_value *form = NULL;
	struct form_file file;
	const char *boundary_b = "multipart/form-data; boundary=b";
	assert_int_equal(form_until_file(*state, curb_str(boundary_b), curb_str(text), &file, &form), 0);
	assert_true(curb_str_is(curb_get_str(form, "a"), "1"));
	assert_null(file.name.ptr);
	/* elsewhere a file is still refused */
	assert_int_equal(form_multipart(*state, curb_str(boundary_b), curb_str(file_form), &form),
	                 CURB_EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(paths__are_decoded_by_segments, setup, teardown),
		cmocka_unit_test_setup_teardown(paths__that_cannot_be_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__fields, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__doubtful_ones_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__have_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__multipart, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__multipart_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(cookies__are_found_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__are_read_up_to_their_file, setup, teardown),
		cmocka_unit_test_setup_teardown(forms__without_a_file_have_their_fields, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
