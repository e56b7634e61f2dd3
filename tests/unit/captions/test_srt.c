#include <stdio.h>

#include "captions_case.h"

static void srt__one_cue_of_each_form(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		int64_t start, end;
		const char *words, *doubt;
	} rows[] = {
		{ "1\n00:00:01,000 --> 00:00:02,500\nhello\n", 1000, 2500, "hello", NULL },
		{ "1\r\n00:00:01,000 --> 00:00:02,500\r\nhello\r\nyou\r\n", 1000, 2500, "hello\nyou", NULL },
		{ "1\r00:00:01,000 --> 00:00:02,500\rhello\r", 1000, 2500, "hello", NULL },
		{ "\xef\xbb\xbf"
		  "1\n00:00:01,000 --> 00:00:02,500\nhello",
		  1000, 2500, "hello", NULL },
		{ "00:00:01.000 --> 00:00:02.500\nno number", 1000, 2500, "no number", NULL },
		{ "00:00:18,5 --> 00:00:20,25\nshort", 18500, 20250, "short", "captions.time-form" },
		{ "0:00:01,000-->0:00:02,000\nclose", 1000, 2000, "close", NULL },
		{ "00:01,000 --> 00:02,000\nno hours", 1000, 2000, "no hours", "captions.time-form" },
		{ "00:00:01 --> 00:00:02\nno fraction", 1000, 2000, "no fraction", "captions.time-form" },
		{ "00：00：01，000 --> 00：00：02，000\n全角", 1000, 2000, "全角", "captions.time-form" },
		{ "00:00:01,000 -> 00:00:02,000\nshort arrow", 1000, 2000, "short arrow",
		  "captions.time-form" },
		{ "00:00:01,000 --> 00:00:02,000  X1:10 X2:20 Y1:1 Y2:2\nplace", 1000, 2000, "place", NULL },
		{ "100:00:01,000 --> 100:00:02,000\nlong", 360001000, 360002000, "long", NULL },
		{ "1\n00:00:05,000 --> 00:00:02,000\nbackwards", 5000, 2000, "backwards", NULL },
		{ "1\n00:00:01,000 --> 00:00:02,000\n\n\nlate\n\n\nwords\n\n", 1000, 2000, "late\nwords",
		  "captions.inner-blank" },
		{ "1\n\n00:00:01,000 --> 00:00:02,000\n\nx\n", 1000, 2000, "x", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct captions_case c;
		case_parse(&c, rows[i].text);
		assert_true(c.ok);
		assert_int_equal(c.set.count, 1);
		assert_string_equal(c.set.format, "srt");
		assert_int_equal(c.set.cues[0].start_ms, rows[i].start);
		assert_int_equal(c.set.cues[0].end_ms, rows[i].end);
		assert_str(c.set.cues[0].text, rows[i].words);
		assert_int_equal(c.n_told, rows[i].doubt != NULL);
		if (rows[i].doubt)
			assert_non_null(case_told(&c, rows[i].doubt));
		case_close(&c);
	}
}

static void srt__markup_becomes_webvtt(void **unused)
{
	(void)unused;
	static const struct {
		const char *text, *words, *settings;
	} rows[] = {
		{ "a < b && c > d", "a &lt; b &amp;&amp; c &gt; d", NULL },
		{ "<i>a</i> <B>b</B> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>", NULL },
		{ "<i>never closed", "<i>never closed</i>", NULL },
		{ "x</i>", "x", NULL },
		{ "<font color=\"#ff0000\">red</font>", "red", NULL },
		{ "<em>a</em><br>b", "<i>a</i>\nb", NULL },
		{ "{\\an8}top", "top", "line:0" },
		{ "{\\an7}corner", "corner", "line:0 align:left" },
		{ "{\\an6}right", "right", "line:50%,center align:right" },
		{ "{\\an2}usual", "usual", NULL },
		{ "{\\i1}a{\\i0}", "a", NULL },
		{ "{\\an8 not closed", "{\\an8 not closed", NULL },
		{ "{curly}", "{curly}", NULL },
		{ "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", NULL },
		{ "<v Wang>no voices in SubRip", "&lt;v Wang&gt;no voices in SubRip", NULL },
		{ "a &amp; b &lt;c&gt; &copy;", "a &amp; b &lt;c&gt; &amp;copy;", NULL },
		{ "x --> y", "x --&gt; y", NULL },
		{ "x\n3 --> 4", "x\n3 --&gt; 4", NULL },
		{ "NOTE no comment", "NOTE no comment", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct captions_case c;
		char text[256];
		(void)snprintf(text, sizeof text, "1\n00:00:01,000 --> 00:00:02,000\n%s\n", rows[i].text);
		case_parse(&c, text);
		assert_true(c.ok);
		assert_int_equal(c.set.count, 1);
		assert_str(c.set.cues[0].text, rows[i].words);
		if (rows[i].settings)
			assert_str(c.set.cues[0].settings, rows[i].settings);
		else
			assert_null(c.set.cues[0].settings.ptr);
		case_close(&c);
	}
}

static void srt__what_is_left_out_is_told(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "<font color=red>a</font>", "{\\pos(1,2)}a", "a</b>" };
	for (size_t i = 0; i < 3; i++) {
		struct captions_case c;
		char text[256];
		(void)snprintf(text, sizeof text, "\n\n1\n00:00:01,000 --> 00:00:02,000\n%s\n", texts[i]);
		case_parse(&c, text);
		const struct told *told = case_told(&c, "captions.markup");
		assert_non_null(told);
		assert_int_equal(told->line, 4);
		case_close(&c);
	}
}

static void srt__numbers_are_not_words(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c,
	           "1\n00:00:01,000 --> 00:00:02,000\na\n2\n00:00:03,000 --> 00:00:04,000\nhow many?\n42\n\n"
	           "7\n00:00:05,000 --> 00:00:06,000\n1984\n99\n00:00:07,000 --> 00:00:08,000\nb\n\n5\n");
	assert_int_equal(c.set.count, 4);
	assert_str(c.set.cues[0].text, "a");
	assert_str(c.set.cues[1].text, "how many?\n42");
	assert_str(c.set.cues[2].text, "1984\n99");
	assert_str(c.set.cues[3].text, "b\n5");
	case_close(&c);
	case_parse(&c, "1\n00:00:01,000 --> 00:00:02,000\nlast\n\n2\n");
	assert_int_equal(c.set.count, 1);
	assert_str(c.set.cues[0].text, "last");
	case_close(&c);
}

static void srt__broken_times_lose_one_cue_and_say_so(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c,
	           "1\n00:00:01,000 --> 00:00:02,000\none\n\n2\n00:00:xx --> 00:00:04,000\nlost\n\n"
	           "3\n00:61:00,000 --> 01:00:04,000\nlost too\n\n4\n00:00:05,000 --> 00:00:06,000\nfour\n");
	assert_true(c.ok);
	assert_int_equal(c.set.count, 2);
	assert_str(c.set.cues[0].text, "one");
	assert_str(c.set.cues[1].text, "four");
	const struct told *told = case_told(&c, "captions.time");
	assert_non_null(told);
	assert_string_equal(told->a, "2");
	assert_string_equal(told->b, "6, 10");
	assert_int_equal(told->line, 6);
	case_close(&c);
}

static void srt__words_before_the_first_times_are_told(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "Subtitles by me\n\n1\n00:00:01,000 --> 00:00:02,000\none\n");
	assert_int_equal(c.set.count, 1);
	assert_non_null(case_told(&c, "captions.stray"));
	case_close(&c);
}

static void srt__nothing_to_read_is_refused(void **unused)
{
	(void)unused;
	static const char *const texts[] = { "", "\n\n", "just words\nand more\n", "1\n2\n3\n",
		                             "WEBVTTX\n\nno\n" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct captions_case c;
		case_parse(&c, texts[i]);
		assert_false(c.ok);
		assert_non_null(case_told(&c, "captions.empty"));
		case_close(&c);
	}
}

static void srt__too_many_cues_are_refused(void **unused)
{
	(void)unused;
	struct curb_buf text = curb_buf(4 << 20);
	for (int i = 0; i <= CAPTIONS_CUES_MAX; i++)
		curb_buf_text(&text, "0:0:1,000 --> 0:0:2,000\na\n\n");
	struct captions_case c;
	case_parse_n(&c, curb_buf_view(&text));
	assert_false(c.ok);
	assert_non_null(case_told(&c, "captions.too-many"));
	case_close(&c);
	text.len -= 27;
	case_parse_n(&c, curb_buf_view(&text));
	assert_true(c.ok);
	assert_int_equal(c.set.count, CAPTIONS_CUES_MAX);
	case_close(&c);
	curb_buf_free(&text);
}

static void srt__packet_of_a_film_becomes_a_cue(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_open(&c);
	struct caption_cue cue = { .start_ms = 5 };
	captions_cue_of_srt(c.arena, curb_str("{\\an8}<i>a & b\r\n\r\nc\xff"), &cue);
	assert_str(cue.text, "<i>a &amp; b\nc\xef\xbf\xbd</i>");
	assert_str(cue.settings, "line:0");
	assert_int_equal(cue.start_ms, 5);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(srt__one_cue_of_each_form),
		cmocka_unit_test(srt__markup_becomes_webvtt),
		cmocka_unit_test(srt__what_is_left_out_is_told),
		cmocka_unit_test(srt__numbers_are_not_words),
		cmocka_unit_test(srt__broken_times_lose_one_cue_and_say_so),
		cmocka_unit_test(srt__words_before_the_first_times_are_told),
		cmocka_unit_test(srt__nothing_to_read_is_refused),
		cmocka_unit_test(srt__too_many_cues_are_refused),
		cmocka_unit_test(srt__packet_of_a_film_becomes_a_cue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
