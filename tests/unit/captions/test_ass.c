/* SubStation Alpha: columns, times, overrides. */
#include <stdio.h>

#include "captions_case.h"

#define HEAD "[Script Info]\n; a remark\nTitle: x\n[V4+ Styles]\nStyle: Default,Arial\n[Events]\n"
#define FORMAT "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
#define SAID(text) "Dialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,," text "\n"

static void ass__one_event_of_each_form(void **unused)
{
	(void)unused;
	static const struct {
		const char *event, *words, *settings, *doubt;
	} rows[] = {
		{ SAID("one, two"), "one, two", "", NULL },
		{ SAID("one\\Ntwo\\hthree\\nfour"), "one\ntwo three\nfour", "", NULL },
		{ SAID("{\\i1}soft{\\i0} {\\b1}loud{\\b0}"), "<i>soft</i> <b>loud</b>", "", NULL },
		{ SAID("{\\an8}above"), "above", "line:0", NULL },
		{ SAID("{a remark}a < b & c"), "a &lt; b &amp; c", "", NULL },
		{ SAID("{\\c&HFF0000&\\fs20}red"), "red", "", "captions.markup" },
		{ SAID("{\\p1}m 0 0 l 9 9{\\p0}words"), "words", "", "captions.markup" },
		{ SAID("open { brace"), "open { brace", "", NULL },
		{ "Dialogue: 0,0:00:01.50,0:00:03.00,Default,王 & <李>,0,0,0,,hello\n",
		  "<v 王 &amp; &lt;李&gt;>hello</v>", "", NULL },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct captions_case c;
		char text[1000];
		(void)snprintf(text, sizeof text, HEAD FORMAT "%s", rows[i].event);
		case_parse(&c, text);
		assert_true(c.ok);
		assert_string_equal(c.set.format, "ass");
		assert_int_equal(c.set.count, 1);
		assert_int_equal(c.set.cues[0].start_ms, 1500);
		assert_int_equal(c.set.cues[0].end_ms, 3000);
		assert_str(c.set.cues[0].text, rows[i].words);
		assert_string_equal(c.set.cues[0].settings.ptr ? curb_cstr(c.arena, c.set.cues[0].settings) :
		                                                 "",
		                    rows[i].settings);
		assert_int_equal(c.n_told, rows[i].doubt != NULL);
		assert_true(!rows[i].doubt || case_told(&c, rows[i].doubt));
		case_close(&c);
	}
}

static void ass__columns_come_in_any_order(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "[events]\nformat: End, Actor, Start, Text\nComment: 0:00:02.00,,0:00:01.00,no\n"
	               "Dialogue: 0:00:02.00,,0:00:01.00,yes, it is\nDialogue: 0:00:04.00,,3 "
	               "s,bad\nDialogue: 0:00:04.00\n"
	               "[Fonts]\nDialogue: 0:00:02.00,,0:00:01.00,no event\n");
	assert_int_equal(c.set.count, 1);
	assert_str(c.set.cues[0].text, "yes, it is");
	assert_int_equal(c.set.cues[0].start_ms, 1000);
	assert_string_equal(case_told(&c, "captions.time")->b, "5, 6");
	case_close(&c);
}

static void ass__old_files_have_their_own_columns(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_parse(&c, "[Script Info]\nScriptType: v4.00\n[V4 Styles]\n[Events]\nFormat: Marked, Start, End, "
	               "Style, Name, MarginL, "
	               "MarginR, MarginV, Effect, Text\nDialogue: "
	               "Marked=0,100:00:00.5,100:00:01,Default,NTP,0000,0000,0000,!Effect,x\n");
	assert_int_equal(c.set.count, 1);
	assert_int_equal(c.set.cues[0].start_ms, 360000500);
	assert_int_equal(c.set.cues[0].end_ms, 360001000);
	case_close(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ass__one_event_of_each_form),
		cmocka_unit_test(ass__columns_come_in_any_order),
		cmocka_unit_test(ass__old_files_have_their_own_columns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
