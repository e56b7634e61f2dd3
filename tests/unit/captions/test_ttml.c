/* TTML and IMSC: times, what lies in what, words. */
#include <stdio.h>

#include "captions_case.h"

#define TT(attributes, body)                                                                   \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\" " \
	"xmlns:tts=\"urn:s\" "                                                                 \
	"xmlns:ttp=\"urn:p\" " attributes "><head><layout/></head><body>" body "</body></tt>"

static void ttml__time_expressions(void **unused)
{
	(void)unused;
	static const struct {
		const char *begin;
		int64_t ms;
	} rows[] = { { "00:00:01", 1000 },   { "00:01:02.5", 62500 }, { "01:00:00:05", 3600200 },
		     { "1.5s", 1500 },       { "250ms", 250 },        { "2m", 120000 },
		     { "0.5h", 1800000 },    { "50f", 2000 },         { "20000000t", 2000 },
		     { "12.345678s", 12345 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct captions_case c;
		char text[1000];
		(void)snprintf(text, sizeof text,
		               TT("ttp:frameRate=\"25\" ttp:tickRate=\"10000000\"",
		                  "<div><p begin=\"%s\" dur=\"1s\">x</p></div>"),
		               rows[i].begin);
		case_parse(&c, text);
		assert_true(c.ok);
		assert_string_equal(c.set.format, "ttml");
		assert_int_equal(c.set.cues[0].start_ms, rows[i].ms);
		assert_int_equal(c.set.cues[0].end_ms, rows[i].ms + 1000);
		assert_int_equal(c.n_told, 0);
		case_close(&c);
	}
}

static void ttml__frames_by_a_multiplier(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, TT("ttp:frameRate=\"30\" ttp:frameRateMultiplier=\"1000 1001\"",
	                  "<p begin=\"30f\" end=\"60f\">x</p>"));
	assert_int_equal(c.set.cues[0].start_ms, 1001);
	assert_int_equal(c.set.cues[0].end_ms, 2002);
	case_close(&c);
}

static void ttml__times_lie_within_each_other(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(
		&c,
		TT("",
	           "<div begin=\"10s\" end=\"20s\"><p begin=\"1s\" end=\"3s\">one</p><p begin=\"4s\">two</p>"
	           "<p begin=\"5s\"><span begin=\"1s\" end=\"2s\">three</span> <span begin=\"2s\" "
	           "dur=\"1s\">four</span></p></div>"));
	static const struct {
		int64_t start, end;
		const char *words;
	} rows[] = { { 11000, 13000, "one" },
		     { 14000, 20000, "two" },
		     { 16000, 17000, "three" },
		     { 17000, 18000, "four" } };
	assert_int_equal(c.set.count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(c.set.cues[i].start_ms, rows[i].start);
		assert_int_equal(c.set.cues[i].end_ms, rows[i].end);
		assert_str(c.set.cues[i].text, rows[i].words);
	}
	case_close(&c);
}

static void ttml__words_with_their_marks(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, TT("", "<p begin=\"1s\" end=\"2s\">\n  a &lt; b &amp;\n\tc<br/>\n <span "
	                      "tts:fontStyle=\"italic\">soft <span "
	                      "tts:fontWeight=\"bold\">loud</span></span> end\n</p>\n<p begin=\"3s\" "
	                      "end=\"4s\" xml:space=\"preserve\">two  blanks</p>"));
	assert_int_equal(c.set.count, 2);
	assert_str(c.set.cues[0].text, "a &lt; b &amp; c\n<i>soft <b>loud</b></i> end");
	assert_str(c.set.cues[1].text, "two  blanks");
	assert_int_equal(c.set.cues[0].line, 2);
	case_close(&c);
}

static void ttml__what_is_wrong_is_told(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, TT("", "<p begin=\"soon\" end=\"2s\">x</p>\n<p begin=\"1s\" end=\"2s\">y</q>"));
	assert_true(c.ok);
	assert_int_equal(c.set.count, 1);
	assert_string_equal(case_told(&c, "captions.time")->b, "2");
	assert_string_equal(case_told(&c, "captions.markup")->b, "3");
	case_close(&c);
	case_parse(&c, "<!DOCTYPE tt [<!ENTITY a \"b\">]><tt ><body><p begin=\"1s\">&a;</p></body></tt>");
	assert_false(c.ok);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ttml__time_expressions),
		cmocka_unit_test(ttml__frames_by_a_multiplier),
		cmocka_unit_test(ttml__times_lie_within_each_other),
		cmocka_unit_test(ttml__words_with_their_marks),
		cmocka_unit_test(ttml__what_is_wrong_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
