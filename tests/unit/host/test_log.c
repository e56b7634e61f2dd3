#include <stdlib.h>
#include <unistd.h>

#include "cm.h"
#include "curb/str.h"
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

static void log__keeps_its_last_lines_and_the_serious_ones_apart(void **state)
{
	(void)state;
	int ends[2];
	struct log_kept kept[LOG_KEPT];
	assert_int_equal(pipe(ends), 0);
	log_to(ends[1]);
	curb_log(CURB_WARN, "rare");
	for (int i = 0; i < LOG_KEPT + 10; i++) {
		char line[4096];
		curb_log(CURB_INFO, "often n=%d", i);
		assert_true(read(ends[0], line, sizeof line) > 0);
	}
	assert_int_equal(log_recent(false, kept, LOG_KEPT), LOG_KEPT);
	assert_non_null(strstr(kept[0].line, "event=often n=265"));
	assert_non_null(strstr(kept[LOG_KEPT - 1].line, "event=often n=10"));
	assert_true(log_recent(true, kept, LOG_KEPT) >= 1);
	assert_non_null(strstr(kept[0].line, "level=warn event=rare"));
	assert_int_equal(strncmp(kept[0].line, "time=", 5), 0); /* no prefix, no end of line */
	assert_null(strchr(kept[0].line, '\n'));
	assert_int_equal(log_recent(true, kept, 0), 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void log__kept_lines_are_cut_between_characters(void **state)
{
	(void)state;
	int ends[2];
	struct log_kept kept[1];
	char text[LOG_KEPT_SIZE * 3];
	assert_int_equal(pipe(ends), 0);
	log_to(ends[1]);
	size_t n = 0;
	for (; n + 4 < sizeof text; n += 3)
		memcpy(text + n, "\xe5\xad\x97", 3);
	text[n] = '\0';
	curb_log(CURB_WARN, "%s", text);
	assert_int_equal(log_recent(true, kept, 1), 1);
	assert_true(strlen(kept[0].line) >= LOG_KEPT_SIZE - 4);
	assert_true(curb_utf8_valid(curb_str(kept[0].line)));
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
		cmocka_unit_test(log__keeps_its_last_lines_and_the_serious_ones_apart),
		cmocka_unit_test(log__kept_lines_are_cut_between_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
