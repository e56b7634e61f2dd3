/* The quick mends: each does what it says, and nothing that was said is lost. */
#include <stdlib.h>

#include "captions_case.h"

static void mend(struct captions_case *c, const char *text, const struct captions_mends *mends,
                 const char *lang, int64_t media_ms)
{
	case_parse(c, text);
	assert_true(c->ok);
	captions_mend(c->arena, &c->set, mends, curb_str(lang), media_ms);
}

static void expect(const char *text, const struct captions_mends *mends, const char *lang, int64_t media_ms,
                   const char *vtt)
{
	struct captions_case c;
	mend(&c, text, mends, lang, media_ms);
	char *out = case_vtt(&c.set);
	assert_string_equal(out, vtt);
	free(out);
	case_close(&c);
}

static void mend__nothing_asked_for_changes_nothing(void **unused)
{
	(void)unused;
	expect("0:00:01,000 --> 0:00:04,000\n一二三四五六七八九十一二三四五六七八九十\n\n0:00:03,000 --> "
	       "0:00:05,000\nb\n",
	       &(struct captions_mends){ 0 }, "zh", 0,
	       "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n一二三四五六七八九十一二三四五六七八九十\n\n"
	       "00:00:03.000 --> 00:00:05.000\nb\n\n");
}

static void mend__all_times_are_moved_and_cut_at_both_ends(void **unused)
{
	(void)unused;
	static const char text[] = "0:00:01,000 --> 0:00:02,000\na\n\n0:00:03,000 --> 0:00:05,000\nb\n\n"
				   "0:00:08,000 --> 0:00:09,000\nc\n";
	expect(text, &(struct captions_mends){ .shift_ms = 1500 }, "en", 10000,
	       "WEBVTT\n\n00:00:02.500 --> 00:00:03.500\na\n\n00:00:04.500 --> 00:00:06.500\nb\n\n"
	       "00:00:09.500 --> 00:00:10.000\nc\n\n");
	expect(text, &(struct captions_mends){ .shift_ms = -4000 }, "en", 10000,
	       "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nb\n\n00:00:04.000 --> 00:00:05.000\nc\n\n");
}

static const struct {
	const char *lang, *text, *lines;
} long_lines[] = {
	{ "en", "Press the thumb along the muscle and hold it there for a while",
	  "Press the thumb along the muscle\nand hold it there for a while" },
	{ "en", "123456789 123456789 123456789 123456789 12", "123456789 123456789 123456789 123456789 12" },
	{ "zh", "一二三四五六七八九十，一二三四五六七八", "一二三四五六七八九十，\n一二三四五六七八" },
	{ "zh", "一二三四五六七八九十一二三四五六", "一二三四五六七八九十一二三四五六" },
	{ "zh", "一二三四五六七八九《一二三四五六七》八", "一二三四五六七八九\n《一二三四五六七》八" },
	{ "en", "<i>Press the thumb along the muscle and hold it there for a while</i>",
	  "<i>Press the thumb along the muscle\nand hold it there for a while</i>" },
	{ "en", "                                            the blanks in front", "the blanks in front" },
	{ "en", "1234567890123456789012345678901234567890123456789",
	  "1234567890123456789012345678901234567890123456789" },
	{ "en", "a &amp; b &amp; c &amp; d &amp; e &amp; f &amp; g &amp; h &amp; i &amp; k",
	  "a &amp; b &amp; c &amp; d &amp; e &amp; f &amp; g &amp; h &amp; i &amp; k" },
};

static void mend__long_lines_are_broken_evenly(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof long_lines / sizeof *long_lines; i++) {
		struct captions_case c;
		struct curb_buf text = curb_buf(4096);
		curb_buf_printf(&text, "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\n%s\n", long_lines[i].text);
		curb_buf_char(&text, '\0');
		mend(&c, curb_buf_view(&text).ptr, &(struct captions_mends){ .split = true },
		     long_lines[i].lang, 0);
		assert_int_equal(c.set.count, 1);
		assert_str(c.set.cues[0].text, long_lines[i].lines);
		curb_buf_free(&text);
		case_close(&c);
	}
}

static void mend__more_than_two_lines_become_captions_one_behind_the_other(void **unused)
{
	(void)unused;
	expect("WEBVTT\n\nid\n00:00:00.000 --> 00:00:08.000 line:1\naaa\nbbb\nccc\nddd\n",
	       &(struct captions_mends){ .split = true }, "en", 0,
	       "WEBVTT\n\nid\n00:00:00.000 --> 00:00:04.000 line:1\naaa\nbbb\n\n"
	       "00:00:04.000 --> 00:00:08.000 line:1\nccc\nddd\n\n");
	/* marks may reach over the cut, and half a second is too short for two */
	expect("WEBVTT\n\n00:00:00.000 --> 00:00:08.000\n<b>aaa\nbbb\nccc</b>\n",
	       &(struct captions_mends){ .split = true }, "en", 0,
	       "WEBVTT\n\n00:00:00.000 --> 00:00:08.000\n<b>aaa\nbbb\nccc</b>\n\n");
	expect("WEBVTT\n\n00:00:00.000 --> 00:00:00.900\naaa\nbbb\nccc\n",
	       &(struct captions_mends){ .split = true }, "en", 0,
	       "WEBVTT\n\n00:00:00.000 --> 00:00:00.900\naaa\nbbb\nccc\n\n");
}

static void mend__a_caption_ends_where_the_next_begins(void **unused)
{
	(void)unused;
	static const struct captions_mends ends = { .overlaps = true };
	expect("0:00:01,000 --> 0:00:04,000\na\n\n0:00:03,000 --> 0:00:05,000\nb\n", &ends, "en", 0,
	       "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\na\n\n00:00:03.000 --> 00:00:05.000\nb\n\n");
	/* two who speak at once, one that would be gone at once, and a place of its own: as they were */
	expect("0:00:01,000 --> 0:00:04,000\na\n\n0:00:01,000 --> 0:00:04,000\nb\n", &ends, "en", 0,
	       "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\na\n\n00:00:01.000 --> 00:00:04.000\nb\n\n");
	expect("0:00:01,000 --> 0:00:04,000\na\n\n0:00:01,499 --> 0:00:05,000\nb\n", &ends, "en", 0,
	       "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\na\n\n00:00:01.499 --> 00:00:05.000\nb\n\n");
	expect("WEBVTT\n\n00:00:01.000 --> 00:00:04.000 line:0\na\n\n00:00:03.000 --> 00:00:05.000\nb\n",
	       &ends, "en", 0,
	       "WEBVTT\n\n00:00:01.000 --> 00:00:04.000 line:0\na\n\n00:00:03.000 --> 00:00:05.000\nb\n\n");
}

static void mend__readings_above_characters_are_not_torn_apart(void **unused)
{
	(void)unused;
	expect("WEBVTT\n\n00:00:00.000 --> 00:00:09.000\n"
	       "<ruby>一<rt>yi</rt></ruby>二三四五六七八九十一二三四五六七八九十\n",
	       &(struct captions_mends){ .split = true }, "zh", 0,
	       "WEBVTT\n\n00:00:00.000 --> 00:00:09.000\n"
	       "<ruby>一<rt>yi</rt></ruby>二三四五六七八九十一二三四五六七八九十\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mend__nothing_asked_for_changes_nothing),
		cmocka_unit_test(mend__all_times_are_moved_and_cut_at_both_ends),
		cmocka_unit_test(mend__long_lines_are_broken_evenly),
		cmocka_unit_test(mend__more_than_two_lines_become_captions_one_behind_the_other),
		cmocka_unit_test(mend__a_caption_ends_where_the_next_begins),
		cmocka_unit_test(mend__readings_above_characters_are_not_torn_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
