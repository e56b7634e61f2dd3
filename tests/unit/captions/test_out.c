#include <stdlib.h>

#include "captions_case.h"
#include "curb/json.h"

static void out__file_of_webvtt(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "WEBVTT\n\nSTYLE\n::cue{}\n\nid 1\n00:01.000 --> 100:00:02.005 size:50%\na & b\n\n"
	               "00:03.000 --> 00:04.000\n");
	char *text = case_vtt(&c.set);
	assert_string_equal(text,
	                    "WEBVTT\n\nSTYLE\n::cue{}\n\nid 1\n00:00:01.000 --> 100:00:02.005 size:50%\n"
	                    "a &amp; b\n\n00:00:03.000 --> 00:00:04.000\n\n");
	free(text);
	case_close(&c);
}

static void out__what_is_written_is_read_the_same(void **unused)
{
	(void)unused;
	static const char *const texts[] = {
		"1\n00:00:01,000 --> 00:00:02,000\na --> b\n\n\nc & d < e\n<i>x <b>y</i> z\n{\\an7}w\n",
		"WEBVTT\n\nNOTE\n00:01.000 --> 00:02.000\n<v.loud A & B>x<c.a-- >y\n&#10;z<rt>t\n",
		"WEBVTT\n\n00:01.000 --> 00:02.000 region:q line:1,end x\n<ruby>a<rt>b<i>c</ruby>d\n  \ne\n",
		"1\n00:00:05,000 --> 00:00:01,000\n\n2\n00:00:00,000 --> 00:00:01,000\n--\n>\n",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct captions_case c, again;
		case_parse(&c, texts[i]);
		assert_true(c.ok);
		char *first = case_vtt(&c.set);
		case_parse(&again, first);
		assert_true(again.ok);
		assert_int_equal(again.n_told, 0);
		assert_int_equal(again.set.count, c.set.count);
		char *second = case_vtt(&again.set);
		assert_string_equal(first, second);
		free(first);
		free(second);
		case_close(&again);
		case_close(&c);
	}
}

static void out__arrows_stand_in_times_only(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "1\n00:00:01,000 --> 00:00:02,000\n--> <i>--</i>> --&gt;\n");
	char *text = case_vtt(&c.set);
	char *arrow = strstr(text, "-->");
	assert_non_null(arrow);
	assert_null(strstr(arrow + 1, "-->"));
	free(text);
	case_close(&c);
}

static void out__fit_moves_sorts_and_clips(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "00:00:09,000 --> 00:00:12,000\nclipped\n\n00:00:05,000 --> 00:00:06,000\nmiddle\n\n"
	               "00:00:00,500 --> 00:00:02,000\nfirst\n\n00:00:00,100 --> 00:00:00,900\ngone\n\n"
	               "00:00:12,000 --> 00:00:13,000\nbehind\n");
	captions_fit(&c.set, -1000, 10000);
	assert_int_equal(c.set.count, 3);
	assert_str(c.set.cues[0].text, "first");
	assert_int_equal(c.set.cues[0].start_ms, 0);
	assert_int_equal(c.set.cues[0].end_ms, 1000);
	assert_str(c.set.cues[1].text, "middle");
	assert_int_equal(c.set.cues[1].start_ms, 4000);
	assert_int_equal(c.set.cues[2].start_ms, 8000);
	assert_int_equal(c.set.cues[2].end_ms, 10000);
	case_close(&c);
}

static void out__fit_without_an_end_keeps_all(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "99:00:00,000 --> 99:00:01,000\nlate\n");
	captions_fit(&c.set, 1300, 0);
	assert_int_equal(c.set.count, 1);
	assert_int_equal(c.set.cues[0].start_ms, 356401300);
	case_close(&c);
}

static void out__backwards_cue_is_shown_until_the_next(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c,
	           "00:00:05,000 --> 00:00:01,000\nshort\n\n00:00:05,500 --> 00:00:01,000\na bit longer\n\n"
	           "00:00:20,000 --> 00:00:20,000\nlast\n");
	captions_fit(&c.set, 0, 0);
	assert_int_equal(c.set.count, 3);
	assert_int_equal(c.set.cues[0].end_ms, 5500);
	assert_int_equal(c.set.cues[1].end_ms, 5500 + 1000 + 12 * 40);
	assert_int_equal(c.set.cues[2].end_ms, 20000 + 1000 + 4 * 40);
	case_close(&c);
}

static void out__text_has_paragraphs(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c,
	           "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Wang>First\nline &amp; more\n\n"
	           "00:01.500 --> 00:02.000\n<v Wang>goes on.\n\n00:02.000 --> 00:03.000\n<v Li>I answer.\n\n"
	           "00:05.000 --> 00:06.000\n<v Li>No pause.\n\n00:08.001 --> 00:09.000\n<v Li>A pause.\n\n"
	           "00:09.000 --> 00:10.000\n盲人<b>按摩</b>\n基础\n\n00:10.000 --> 00:11.000\n课程 "
	           "(<ruby>按<rt>àn</rt></ruby>)\n");
	struct curb_buf out = curb_buf(4096);
	captions_write_text(&c.set, &out);
	assert_string_equal(out.data,
	                    "Wang: First line & more goes on.\n\nLi: I answer. No pause.\n\nA pause.\n\n"
	                    "盲人按摩基础课程 (按(àn))\n");
	curb_buf_free(&out);
	case_close(&c);
}

static void out__transcript_is_json(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Wang>\"Hi\"</v>\n<v Li>你\n好</v>\n\n"
	               "00:01.500 --> 00:02.000\n<v Li>还有\n\n00:02.000 --> 00:03.000\n<i></i>\n\n00:03.000 "
	               "--> 00:04.000\n&lt;end&gt;\n");
	struct curb_buf out = curb_buf(4096);
	captions_write_transcript_json(&c.set, &out);
	assert_string_equal(out.data, "[{\"start_ms\":0,\"end_ms\":1000,\"text\":\"Wang: \\\"Hi\\\"\"},"
	                              "{\"start_ms\":0,\"end_ms\":1000,\"text\":\"Li: 你好\"},"
	                              "{\"start_ms\":1500,\"end_ms\":2000,\"text\":\"还有\"},"
	                              "{\"start_ms\":3000,\"end_ms\":4000,\"text\":\"<end>\"}]");
	curb_buf_free(&out);
	case_close(&c);
}

static void out__language_of_a_name(void **unused)
{
	(void)unused;
	static const struct {
		const char *name, *lang;
	} rows[] = {
		{ "lesson1.zh-CN.srt", "zh-CN" },
		{ "lesson1.en.vtt", "en" },
		{ "a/b/lesson1.zh-Hans-CN.srt", "zh-Hans-CN" },
		{ "lesson.1.yue.srt", "yue" },
		{ "l.zh-yue-Hant-HK.srt", "zh-yue-Hant-HK" },
		{ "l.es-419.vtt", "es-419" },
		{ "l.sl-rozaj-1994.vtt", "sl-rozaj-1994" },
		{ "l.de-x-leicht.vtt", "de-x-leicht" },
		{ "l.CHS.srt", "zh-Hans" },
		{ "l.cht.srt", "zh-Hant" },
		{ "lesson1.srt", NULL },
		{ "en.srt", NULL },
		{ "a.en/lesson1.srt", NULL },
		{ "a/.en.srt", NULL },
		{ "my.video.srt", NULL },
		{ "l.zh_CN.srt", NULL },
		{ "l.zh-.srt", NULL },
		{ "l.-zh.srt", NULL },
		{ "l.zh-CN-Hans.srt", NULL },
		{ "l.de-x.vtt", NULL },
		{ "l.mp4.srt", NULL },
		{ "l..srt", NULL },
		{ "l.z.srt", NULL },
		{ "l.zh--CN.srt", NULL },
		{ "lesson", NULL },
		{ "", NULL },
		{ "l.zh-CN-toolongsubtag.srt", NULL },
		{ "第一课.zh-CN.srt", "zh-CN" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct curb_str lang = captions_lang_of_name(curb_str(rows[i].name));
		bool right = rows[i].lang ? lang.ptr && curb_str_is(lang, rows[i].lang) : !lang.ptr;
		if (!right)
			fail_msg("%s gave %.*s", rows[i].name, (int)lang.len, lang.ptr ? lang.ptr : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out__file_of_webvtt),
		cmocka_unit_test(out__what_is_written_is_read_the_same),
		cmocka_unit_test(out__arrows_stand_in_times_only),
		cmocka_unit_test(out__fit_moves_sorts_and_clips),
		cmocka_unit_test(out__fit_without_an_end_keeps_all),
		cmocka_unit_test(out__backwards_cue_is_shown_until_the_next),
		cmocka_unit_test(out__text_has_paragraphs),
		cmocka_unit_test(out__transcript_is_json),
		cmocka_unit_test(out__language_of_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
