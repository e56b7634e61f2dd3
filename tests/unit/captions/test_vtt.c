#include <stdio.h>
#include <stdlib.h>

#include "captions_case.h"

static void vtt__whole_file(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "\xef\xbb\xbfWEBVTT - a title\r\nKind: captions\r\n\r\nNOTE not shown\r\n\r\n"
	               "STYLE\r\n::cue { color: lime }\r\n\r\nREGION\r\nid:top width:40%\r\nlines:3\r\n\r\n"
	               "first\r\n00:01.000 --> 00:02.000 region:top align:left\r\n<v 王老师>你好</v>\r\n\r\n"
	               "00:00:03.000 --> 00:00:04.000 line:0\r\ntwo\r\nlines\r\n");
	assert_true(c.ok);
	assert_int_equal(c.n_told, 0);
	assert_string_equal(c.set.format, "vtt");
	assert_int_equal(c.set.count, 2);
	assert_str(c.set.styles, "STYLE\n::cue { color: lime }\n\nREGION\nid:top\nwidth:40%\nlines:3\n\n");
	assert_str(c.set.cues[0].id, "first");
	assert_str(c.set.cues[0].settings, "align:left region:top");
	assert_str(c.set.cues[0].text, "<v 王老师>你好</v>");
	assert_int_equal(c.set.cues[0].start_ms, 1000);
	assert_int_equal(c.set.cues[0].line, 14);
	assert_null(c.set.cues[1].id.ptr);
	assert_str(c.set.cues[1].text, "two\nlines");
	case_close(&c);
}

static void vtt__cue_text_is_made_well_formed(void **unused)
{
	(void)unused;
	static const struct {
		const char *text, *words;
		const char *doubt;
	} rows[] = {
		{ "plain", "plain", NULL },
		{ "a &amp; b &lt; c", "a &amp; b &lt; c", NULL },
		{ "a & b", "a &amp; b", "captions.markup" },
		{ "2 > 1", "2 &gt; 1", NULL },
		{ "<i>a<b>b</i></b>", "<i>a<b>b</b></i>", "captions.markup" },
		{ "<b>open", "<b>open</b>", "captions.markup" },
		{ "<v Wang>open voice", "<v Wang>open voice</v>", NULL },
		{ "<v A&B>x", "<v A&amp;B>x</v>", "captions.markup" },
		{ "<v \ta \f b >x", "<v a b>x</v>", NULL },
		{ "<script>x</script>", "x", "captions.markup" },
		{ "<c.red.big>x</c>", "<c.red.big>x</c>", NULL },
		{ "<lang zh-CN>x</lang>", "<lang zh-CN>x</lang>", NULL },
		{ "<ruby>按<rt>àn</rt></ruby>", "<ruby>按<rt>àn</rt></ruby>", NULL },
		{ "<rt>x</rt>", "x", "captions.markup" },
		{ "a<00:00:01.500>b", "ab", "captions.inner-time" },
		{ "a&#10;&#10;&#13;b", "a\nb", NULL },
		{ "&#10;a&#10;", "a", NULL },
		{ "x &#45;&#45;&gt; y", "x --&gt; y", NULL },
		{ "<v a--&gt;b>x", "<v a--&gt;b>x</v>", NULL },
		{ "<v a-- >x", "<v a-- >x</v>", NULL },
		{ "<c.a-- >x", "<c.a-- >x</c>", "captions.markup" },
		{ "a&#0;b",
		  "a\xef\xbf\xbd"
		  "b",
		  NULL },
		{ "&#x80;&#150;&#xD800;&#x110000;&#99999999999;", "€–\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
		  NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct captions_case c;
		char text[512];
		(void)snprintf(text, sizeof text, "WEBVTT\n\n00:01.000 --> 00:02.000\n%s\n", rows[i].text);
		case_parse(&c, text);
		assert_true(c.ok);
		assert_int_equal(c.set.count, 1);
		assert_str(c.set.cues[0].text, rows[i].words);
		assert_int_equal(c.n_told, rows[i].doubt != NULL);
		if (rows[i].doubt)
			assert_non_null(case_told(&c, rows[i].doubt));
		case_close(&c);
	}
}

static void vtt__nesting_is_bounded(void **unused)
{
	(void)unused;
	struct curb_buf text = curb_buf(1 << 20);
	curb_buf_text(&text, "WEBVTT\n\n00:01.000 --> 00:02.000\n");
	for (int i = 0; i < 1000; i++)
		curb_buf_text(&text, "<b>");
	curb_buf_text(&text, "deep");
	struct captions_case c;
	case_parse_n(&c, curb_buf_view(&text));
	assert_int_equal(c.set.cues[0].text.len, 32 * 7 + 4);
	assert_non_null(case_told(&c, "captions.markup"));
	case_close(&c);
	curb_buf_free(&text);
}

static void vtt__what_browsers_drop_is_told(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(
		&c,
		"WEBVTT\n\n00:00:01,000 --> 00:00:02,000\ncommas\n\n00:03.000 --> 00:04.000 line:x\nkept\n\n"
		"words without times\n\nSTYLE\n::cue{}\n");
	assert_true(c.ok);
	assert_int_equal(c.set.count, 1);
	assert_str(c.set.cues[0].text, "kept");
	assert_null(c.set.cues[0].settings.ptr);
	assert_int_equal(case_told(&c, "captions.time")->line, 3);
	assert_int_equal(case_told(&c, "captions.setting")->line, 6);
	assert_string_equal(case_told(&c, "captions.stray")->b, "9, 11");
	case_close(&c);
}

static void vtt__styles_that_fetch_are_left_out(void **unused)
{
	(void)unused;
	static const char *const sheets[] = { "::cue{background:url(http://x/)}", "@import 'x';",
		                              "::cue{background:\\75rl(x)}",
		                              "::cue{background:IMAGE-set('x')}",
		                              "::cue{background:URL(x)}" };
	for (size_t i = 0; i < sizeof sheets / sizeof *sheets; i++) {
		struct captions_case c;
		char text[512];
		(void)snprintf(text, sizeof text, "WEBVTT\n\nSTYLE\n%s\n\n00:01.000 --> 00:02.000\na\n",
		               sheets[i]);
		case_parse(&c, text);
		assert_true(c.ok);
		assert_null(c.set.styles.ptr);
		assert_int_equal(case_told(&c, "captions.style")->line, 3);
		case_close(&c);
	}
}

static void vtt__header_alone_is_refused(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "WEBVTT\n\nNOTE nothing\n");
	assert_false(c.ok);
	assert_non_null(case_told(&c, "captions.empty"));
	case_close(&c);
}

static void vtt__broken_utf8_is_replaced(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "WEBVTT\n\n\xff\n00:01.000 --> 00:02.000\na\xe6\x8c\n");
	assert_str(c.set.cues[0].id, "\xef\xbf\xbd");
	assert_str(c.set.cues[0].text, "a\xef\xbf\xbd\xef\xbf\xbd");
	case_close(&c);
}

static void vtt__more_than_the_limit_is_refused(void **unused)
{
	(void)unused;
	struct captions_case c;
	char *text = calloc(1, 2 * CAPTIONS_BYTES_MAX + 1);
	assert_non_null(text);
	case_parse_n(&c, curb_str_n(text, 2 * CAPTIONS_BYTES_MAX + 1));
	assert_false(c.ok);
	assert_non_null(case_told(&c, "captions.too-big"));
	case_close(&c);
	free(text);
}

/* The arena aborts when it is full, so no file may fill it. Half the largest text takes less than half. */
static void vtt__the_worst_files_fit_the_arena(void **unused)
{
	(void)unused;
	static const struct {
		const char *head, *piece;
		size_t length;
	} worst[] = {
		{ "WEBVTT\n\n00:01.000 --> 00:02.000\n", "&", 1 },
		{ "WEBVTT\n\n00:01.000 --> 00:02.000\n", "", 1 },
		{ "WEBVTT\n\n00:01.000 --> 00:02.000\n", "\xff", 1 },
		{ "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<b>", 3 },
		{ "WEBVTT\n\n", "0:00:01.000-->0:00:02.000 line:0\n&&&&&&&&&&&&\n\n", 47 },
		{ "00:00:01,000 --> 00:00:02,000\n", "&", 1 },
	};
	for (size_t i = 0; i < sizeof worst / sizeof *worst; i++) {
		struct curb_buf text = curb_buf(CAPTIONS_BYTES_MAX);
		curb_buf_text(&text, worst[i].head);
		while (text.len + worst[i].length <= text.max)
			curb_buf_add(&text, worst[i].piece, worst[i].length);
		struct captions_case c;
		case_parse_n(&c, curb_buf_view(&text));
		assert_true(c.ok || case_told(&c, "captions.too-many"));
		assert_true(curb_arena_used(c.arena) < CAPTIONS_ARENA_MAX / 8 * 3);
		char *written = case_vtt(&c.set);
		free(written);
		case_close(&c);
		curb_buf_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vtt__whole_file),
		cmocka_unit_test(vtt__cue_text_is_made_well_formed),
		cmocka_unit_test(vtt__nesting_is_bounded),
		cmocka_unit_test(vtt__what_browsers_drop_is_told),
		cmocka_unit_test(vtt__styles_that_fetch_are_left_out),
		cmocka_unit_test(vtt__header_alone_is_refused),
		cmocka_unit_test(vtt__broken_utf8_is_replaced),
		cmocka_unit_test(vtt__more_than_the_limit_is_refused),
		cmocka_unit_test(vtt__the_worst_files_fit_the_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
