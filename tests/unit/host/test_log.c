#include <stdlib.h>
#include <unistd.h>

#include "cm.h"
#include "log.h"

/* One line of the log, without its time. */
static const char *logged(int fd, char *line, size_t size)
{
	ssize_t n = read(fd, line, size - 1);
	assert_true(n > 0);
	line[n] = '\0';
	char *level = strstr(line, " level=");
	assert_non_null(level);
	return level + 1;
}

static void log__line_has_prefix_level_and_thread(void **state)
{
	(void)state;
	int ends[2];
	char line[4096];
	assert_int_equal(pipe(ends), 0);
	log_to(ends[1]);
	curb_log(CURB_WARN, "import items=%d", 3);
	assert_string_equal(logged(ends[0], line, sizeof line), "level=warn event=import items=3\n");
	assert_int_equal(strncmp(line, "<4>time=20", 10), 0);
	log_thread("video", "GET /video \"x\"");
	curb_log(CURB_ERROR, "broken");
	assert_string_equal(logged(ends[0], line, sizeof line),
	                    "level=error plugin=video at=\"GET /video \"x\"\" event=broken\n");
	log_thread(NULL, NULL);
	curb_log(CURB_INFO, "again");
	assert_string_equal(logged(ends[0], line, sizeof line), "level=info event=again\n");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void log__levels_above_are_dropped(void **state)
{
	(void)state;
	int ends[2];
	char line[4096];
	assert_int_equal(pipe(ends), 0);
	log_to(ends[1]);
	log_level(CURB_WARN);
	curb_log(CURB_INFO, "dropped");
	curb_log(CURB_WARN, "kept");
	log_level(CURB_INFO);
	assert_string_equal(logged(ends[0], line, sizeof line), "level=warn event=kept\n");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void log__forged_lines_stay_one_line(void **state)
{
	(void)state;
	char out[64] = "";
	size_t len = log_escape("a\nlevel=error\r\t\x1b[31m\\", out, sizeof out);
	assert_int_equal(len, strlen(out));
	assert_string_equal(out, "a\\nlevel=error\\r\\t\\x1b[31m\\\\");
	(void)log_escape("按摩 \xc2\x9b"
	                 "31m \xff\xc3",
	                 out, sizeof out);
	assert_string_equal(out, "按摩 \\xc2\\x9b31m \\xff\\xc3");
}

static void log__cut_on_the_border_of_a_character(void **state)
{
	(void)state;
	char out[10] = "";
	assert_int_equal(log_escape("按摩按摩按摩", out, sizeof out), 6);
	assert_string_equal(out, "按摩");
}

static void log__long_lines_are_cut_and_end(void **state)
{
	(void)state;
	int ends[2];
	static char text[5000], line[8192];
	memset(text, 'a', sizeof text - 1);
	assert_int_equal(pipe(ends), 0);
	log_to(ends[1]);
	curb_log(CURB_INFO, "%s", text);
	const char *got = logged(ends[0], line, sizeof line);
	assert_true(strlen(got) < 2100);
	assert_int_equal(got[strlen(got) - 1], '\n');
	(void)close(ends[0]);
	(void)close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log__line_has_prefix_level_and_thread),
		cmocka_unit_test(log__levels_above_are_dropped),
		cmocka_unit_test(log__forged_lines_stay_one_line),
		cmocka_unit_test(log__cut_on_the_border_of_a_character),
		cmocka_unit_test(log__long_lines_are_cut_and_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
