#include "cm.h"

#include <pthread.h>

#include "curb/err.h"
#include "curb/str.h"
#include "died.h"

static const char *to_chinese(void *arg, const char *source)
{
	(void)arg;
	return strcmp(source, "no course %s") == 0 ? "没有课程 %s" : source;
}

static void err__one_text_for_logs_one_for_people(void **unused)
{
	(void)unused;
	curb_error_translator(to_chinese, NULL);
	assert_int_equal(curb_fail(CURB_ENOTFOUND, "no course %s", "x1"), CURB_ENOTFOUND);
	assert_string_equal(curb_error_text(), "no course x1");
	assert_string_equal(curb_error_local(), "没有课程 x1");
	curb_error_translator(NULL, NULL);
	(void)curb_fail(CURB_ENOTFOUND, "no course %s", "x2");
	assert_string_equal(curb_error_local(), "no course x2");
	curb_error_set("text", "local");
	assert_string_equal(curb_error_text(), "text");
	assert_string_equal(curb_error_local(), "local");
}

static void *fail_elsewhere(void *arg)
{
	(void)arg;
	(void)curb_fail(CURB_EINVAL, "other");
	return NULL;
}

static void err__message_belongs_to_the_thread(void **unused)
{
	(void)unused;
	(void)curb_fail(CURB_EINVAL, "mine");
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, fail_elsewhere, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_string_equal(curb_error_text(), "mine");
}

static void err__long_texts_end_with_a_whole_character(void **unused)
{
	(void)unused;
	char text[1000] = "";
	for (size_t lead = 0; lead < 4; lead++) {
		memset(text, 'a', lead);
		for (size_t i = lead; i + 4 < 900; i += 3)
			memcpy(text + i, "按", 4);
		(void)curb_fail(CURB_EINVAL, "%s", text);
		assert_true(strlen(curb_error_text()) >= 509);
		assert_true(curb_utf8_valid(curb_str(curb_error_text())));
		assert_true(curb_utf8_valid(curb_str(curb_error_local())));
		curb_error_set(text, text);
		assert_true(curb_utf8_valid(curb_str(curb_error_local())));
	}
}

static void err__each_code_has_a_status(void **unused)
{
	(void)unused;
	assert_int_equal(curb_err_status(0), 200);
	assert_int_equal(curb_err_status(CURB_EINVAL), 400);
	assert_int_equal(curb_err_status(CURB_EAUTH), 401);
	assert_int_equal(curb_err_status(CURB_EDENIED), 403);
	assert_int_equal(curb_err_status(CURB_ETIME), 408);
	assert_int_equal(curb_err_status(CURB_EGONE), 410);
	assert_int_equal(curb_err_status(CURB_EFULL), 507);
	assert_int_equal(curb_err_status(CURB_EVERSION), 505);
	assert_int_equal(curb_err_status(CURB_ELATE), 503);
	for (int err = CURB_ELATE; err < 0; err++)
		assert_in_range(curb_err_status(err), 400, 507);
	assert_int_equal(curb_err_status(CURB_ELATE - 1), 500);
	assert_int_equal(curb_err_status(1), 500);
}

static void fail_assertion(void)
{
	int one = 1;
	CURB_ASSERT(one == 2);
}

static void hold_assertion(void)
{
	int one = 1;
	CURB_ASSERT(one == 1);
}

static void err__assertion_aborts(void **unused)
{
	(void)unused;
	assert_true(died(fail_assertion));
	assert_false(died(hold_assertion));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(err__one_text_for_logs_one_for_people),
		cmocka_unit_test(err__message_belongs_to_the_thread),
		cmocka_unit_test(err__long_texts_end_with_a_whole_character),
		cmocka_unit_test(err__each_code_has_a_status),
		cmocka_unit_test(err__assertion_aborts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
