/* LRC and SBV. */
#include "captions_case.h"
#include "curb/buf.h"
#include "curb/cleanup.h"

static void assert_cue(const struct captions_case *c, size_t i, int64_t start, int64_t end, const char *words)
{
	assert_true(i < c->set.count);
	assert_int_equal(c->set.cues[i].start_ms, start);
	assert_int_equal(c->set.cues[i].end_ms, end);
	assert_string_equal(curb_cstr(c->arena, c->set.cues[i].text), words);
}

static void lrc__each_line_lasts_until_the_next(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "[ti:Song]\n[00:01.50]one\n[0:03]<00:03.00>two "
	               "<00:03.5>words\n[00:04.250]\n[01:00.00]last & <b>\n");
	assert_true(c.ok);
	assert_string_equal(c.set.format, "lrc");
	assert_int_equal(c.set.count, 3);
	assert_cue(&c, 0, 1500, 3000, "one");
	assert_cue(&c, 1, 3000, 4250, "two words");
	assert_cue(&c, 2, 60000, 65000, "last &amp; <b></b>");
	assert_int_equal(c.set.cues[1].line, 3);
	case_close(&c);
}

static void lrc__a_text_may_come_several_times(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "\xef\xbb\xbf[offset:+500]\r\n[00:10.00][00:01.00]again\r\nstray\r\n[00:05.00]"
	               "once\r\n[1:99.00]no time\r\n");
	assert_int_equal(c.set.count, 3);
	assert_cue(&c, 0, 500, 4500, "again");
	assert_cue(&c, 1, 4500, 9500, "once");
	assert_cue(&c, 2, 9500, 14500, "again");
	assert_string_equal(case_told(&c, "captions.stray")->b, "3");
	case_close(&c);
}

/* 20,000 copies of 5 KB would be more than the room for the captions of a file. */
static void bug_lrc__a_text_that_comes_very_often_is_kept_once(void **unused)
{
	(void)unused;
	enum { STAMPS = 20000, WORDS = 5000 };
	CURB_AUTO(buf) struct curb_buf text = curb_buf(1 << 20);
	struct captions_case c;
	for (int i = 0; i < STAMPS; i++)
		curb_buf_printf(&text, "[%d:%d]", i / 60, i % 60);
	for (int i = 0; i < WORDS; i++)
		curb_buf_char(&text, 'a');
	case_parse_n(&c, curb_buf_view(&text));
	assert_true(c.ok);
	assert_int_equal(c.set.count, STAMPS);
	assert_int_equal(c.set.cues[STAMPS - 1].text.len, WORDS);
	assert_ptr_equal(c.set.cues[0].text.ptr, c.set.cues[STAMPS - 1].text.ptr);
	case_close(&c);
}

static void sbv__times_then_words(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "\n0:00:01.000,0:00:02.500\none\ntwo\n\n0:01:02.5,1:00:00.000\n<three>\n\n\n0:00:05."
	               "000,0:00:06.000\n");
	assert_true(c.ok);
	assert_string_equal(c.set.format, "sbv");
	assert_int_equal(c.set.count, 3);
	assert_cue(&c, 0, 1000, 2500, "one\ntwo");
	assert_cue(&c, 1, 62500, 3600000, "&lt;three&gt;");
	assert_cue(&c, 2, 5000, 6000, "");
	case_close(&c);
}

static void lines__others_are_not_taken_for_them(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "1\n00:00:01,000 --> 00:00:02,000\n[00:01] he said\n",
		                             "WEBVTT\n\n00:01.000 --> 00:02.000\n[00:01.00]x\n" };
	static const char *const formats[] = { "srt", "vtt" };
	for (size_t i = 0; i < 2; i++) {
		struct captions_case c;
		case_parse(&c, texts[i]);
		assert_string_equal(c.set.format, formats[i]);
		assert_int_equal(c.set.count, 1);
		case_close(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lrc__each_line_lasts_until_the_next),
		cmocka_unit_test(lrc__a_text_may_come_several_times),
		cmocka_unit_test(bug_lrc__a_text_that_comes_very_often_is_kept_once),
		cmocka_unit_test(sbv__times_then_words),
		cmocka_unit_test(lines__others_are_not_taken_for_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
