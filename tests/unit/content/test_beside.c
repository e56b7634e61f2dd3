/* Which files lie beside a lesson, as what, by their names. */

#include "cm.h"

#include "beside.h"

struct name {
	const char *lesson, *path, *kind, *lang; /* kind NULL: it does not; lang NULL: it says none */
};

static void look(const struct name *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct beside as;
		bool found = beside_lesson(curb_str(names[i].lesson), curb_str(names[i].path), &as);
		print_message("%s: %s\n", names[i].path, found ? as.kind : "-");
		assert_int_equal(found, names[i].kind != NULL);
		if (!found)
			continue;
		assert_string_equal(as.kind, names[i].kind);
		assert_int_equal(as.lang.ptr != NULL, names[i].lang != NULL);
		assert_true(!names[i].lang || curb_str_is(as.lang, names[i].lang));
	}
}
#define LOOK(names) look(names, sizeof names / sizeof *names)

static void beside__texts_are_captions_unless_they_say_what_they_are(void **state)
{
	static const struct name names[] = {
		{ "a/lesson1.mp4", "a/lesson1.srt", "captions", NULL },
		{ "a/lesson1.mp4", "a/lesson1.zh-CN.srt", "captions", "zh-CN" },
		{ "a/lesson1.mp4", "a/LESSON1.EN.SRT", "captions", "EN" },
		{ "lesson1.mp4", "lesson1_en.vtt", "captions", "en" },
		{ "lesson1.mp4", "lesson1-zh-Hant.vtt", "captions", "zh-Hant" },
		{ "lesson1.mp4", "lesson1.en.cc.vtt", "captions", "en" },
		{ "lesson1.mp4", "lesson1.chs.ass", "captions", "zh-Hans" },
		{ "lesson1.mp4", "lesson1.final.en.srt", "captions", "en" },
		{ "lesson1.mp4", "lesson1.desc.vtt", "descriptions", NULL },
		{ "lesson1.mp4", "lesson1.AD.en.vtt", "descriptions", "en" },
		{ "lesson1.mp4", "lesson1-chapters.vtt", "chapters", NULL },
		{ "lesson1.mp4", "lesson1.subtitles.en.vtt", "subtitles", "en" },
		{ "第一课.mp4", "第一课 字幕 英文.srt", "captions", "en" },
		{ "第一课.mp4", "第一课（章节）.vtt", "chapters", NULL },
		{ "第一课.mp4", "字幕/第一课.srt", "captions", NULL },
		{ "video/lesson1.mp4", "subs/lesson1.en.srt", "subtitles", "en" },
		{ "video/lesson1.mp4", "other/lesson1.srt", "captions", NULL },
	};
	(void)state;
	LOOK(names);
}

static void beside__media_say_what_they_are(void **state)
{
	static const struct name names[] = {
		{ "lesson1.mp4", "lesson1.sign.mp4", "sign", NULL },
		{ "lesson1.mp4", "lesson1-Sign-Language.webm", "sign", NULL },
		{ "第一课.mp4", "第一课 手语.mp4", "sign", NULL },
		{ "第一课.mp4", "第一课【手语】.mp4", "sign", NULL },
		{ "第一课.mp4", "手语/第一课.mp4", "sign", NULL },
		{ "lesson1.mp4", "lesson1.described.en.m4a", "audio-description", "en" },
		{ "第一课.mp4", "第一课.口述影像.mp3", "audio-description", NULL },
		{ "lesson1.mp4", "lesson1.en.mp4", NULL, NULL },
		{ "lesson1.mp4", "lesson1.chapters.mp4", NULL, NULL },
		{ "lesson1.mp4", "lesson1.captions.mp4", NULL, NULL },
		{ "sign.mp4", "sign.mp4.mp4", NULL, NULL },
	};
	(void)state;
	LOOK(names);
}

static void beside__other_lessons_are_their_own(void **state)
{
	static const struct name names[] = {
		{ "lesson1.mp4", "lesson10.srt", NULL, NULL },
		{ "lesson1.mp4", "lesson1-2.srt", NULL, NULL },
		{ "lesson1.mp4", "lesson1 part two.srt", NULL, NULL },
		{ "lesson1.mp4", "lesson1-new.srt", NULL, NULL },
		{ "第一课.mp4", "第一课补充.srt", NULL, NULL },
		{ "lesson1.mp4", "b/lesson1.final.srt", NULL, NULL },
		{ "sign/lesson1.mp4", "lesson1.mp4", NULL, NULL },
		{ "sign/lesson1.mov", "sign/lesson1.mp4", NULL, NULL },
		{ "lesson1.mp4", "les.srt", NULL, NULL },
		{ "lesson1.mp4", "", NULL, NULL },
	};
	(void)state;
	LOOK(names);
}

static void beside__the_longest_name_is_the_nearest(void **state)
{
	struct beside one, other;
	(void)state;
	assert_true(beside_lesson(curb_str("a/l.mp4"), curb_str("a/l.en.srt"), &one));
	assert_true(beside_lesson(curb_str("a/l.en.mp4"), curb_str("a/l.en.srt"), &other));
	assert_true(other.stem > one.stem && one.same_folder && other.same_folder);
	assert_true(beside_lesson(curb_str("b/l.mp4"), curb_str("a/l.en.srt"), &other));
	assert_false(other.same_folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside__texts_are_captions_unless_they_say_what_they_are),
		cmocka_unit_test(beside__media_say_what_they_are),
		cmocka_unit_test(beside__other_lessons_are_their_own),
		cmocka_unit_test(beside__the_longest_name_is_the_nearest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
