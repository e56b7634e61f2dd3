#include <stdio.h>

#include "a11y/a11y_checks.h"
#include "cm.h"
#include "content/finding.h"

struct told {
	char text[512]; /* "code where a b;" of each finding, in order */
};

static void found(void *arg, const char *code, struct curb_str where, struct curb_str a, struct curb_str b)
{
	struct told *told = arg;
	size_t n = strlen(told->text);
	(void)snprintf(told->text + n, sizeof told->text - n, "%s %.*s %.*s %.*s;", code, (int)where.len,
	               where.ptr ? where.ptr : "", (int)a.len, a.ptr ? a.ptr : "", (int)b.len,
	               b.ptr ? b.ptr : "");
}

static void check(const char *json, const char *expected)
{
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *package = NULL;
	struct told told = { "" };
	assert_int_equal(curb_json_parse(arena, curb_str(json), &package), 0);
	a11y_check_package(package, found, &told);
	assert_string_equal(told.text, expected);
	curb_arena_free(arena);
}

/* A package in Chinese with one unit u1, "U", of that kind and those tracks. */
static void unit(const char *kind, const char *tracks, const char *expected)
{
	char json[1024];
	(void)snprintf(json, sizeof json,
	               "{\"lang\":\"zh-CN\",\"units\":[{\"key\":\"u1\",\"name\":\"U\",\"kind\":\"%s\","
	               "\"tracks\":[%s]}]}",
	               kind, tracks);
	check(json, expected);
}

#define PICTURE "{\"kind\":\"video\"}"
#define SOUND "{\"kind\":\"audio\"}"
#define CAPTIONS(lang) "{\"kind\":\"captions\",\"lang\":\"" lang "\"}"
#define TRANSCRIPT "{\"kind\":\"transcript\",\"lang\":\"zh-CN\"}"
#define DESCRIBED "{\"kind\":\"descriptions\",\"lang\":\"zh-CN\"}"

static void a11y__video_with_everything_is_silent(void **unused)
{
	(void)unused;
	unit("video", PICTURE "," SOUND "," CAPTIONS("zh-CN") "," TRANSCRIPT "," DESCRIBED, "");
	unit("video",
	     PICTURE "," SOUND "," CAPTIONS("zh-CN") "," TRANSCRIPT ",{\"kind\":\"audio-description\"}", "");
}

static void a11y__video_with_sound_needs_captions(void **unused)
{
	(void)unused;
	unit("video", PICTURE "," SOUND "," DESCRIBED, "a11y.no-captions u1 U ;");
	unit("video", PICTURE "," SOUND "," TRANSCRIPT "," DESCRIBED, "a11y.no-captions u1 U ;");
	unit("video",
	     PICTURE "," SOUND "," TRANSCRIPT "," DESCRIBED ",{\"kind\":\"subtitles\",\"lang\":\"zh\"}", "");
}

static void a11y__captions_are_in_the_language_of_the_course(void **unused)
{
	(void)unused;
	static const char rest[] = PICTURE "," SOUND "," TRANSCRIPT "," DESCRIBED;
	static const struct {
		const char *captions, *expected;
	} rows[] = {
		{ CAPTIONS("en"), "a11y.captions-language u1 U en;" },
		{ CAPTIONS("en-GB") "," CAPTIONS("fr"), "a11y.captions-language u1 U en-GB;" },
		{ CAPTIONS("en") "," CAPTIONS("ZH-Hant"), "" },
		{ CAPTIONS("cmn-Hans"), "" },
		{ CAPTIONS("zha"), "a11y.captions-language u1 U zha;" },
		{ "{\"kind\":\"captions\"}", "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char tracks[512];
		(void)snprintf(tracks, sizeof tracks, "%s,%s", rest, rows[i].captions);
		unit("video", tracks, rows[i].expected);
	}
	check("{\"units\":[{\"kind\":\"video\",\"tracks\":[" PICTURE "," SOUND "," TRANSCRIPT "," DESCRIBED
	      "," CAPTIONS("en") "]}]}",
	      "");
}

static void a11y__video_is_described_and_transcribed(void **unused)
{
	(void)unused;
	unit("video", PICTURE "," SOUND "," CAPTIONS("zh") "," TRANSCRIPT, "a11y.no-description u1 U ;");
	unit("video", PICTURE "," SOUND "," CAPTIONS("zh") "," DESCRIBED, "a11y.no-transcript u1 U ;");
}

static void a11y__captions_in_the_picture_are_captions_and_no_transcript(void **unused)
{
	(void)unused;
	check("{\"lang\":\"zh\",\"units\":[{\"key\":\"u1\",\"name\":\"U\",\"kind\":\"video\",\"open_"
	      "captions\":{},\"tracks\":[" PICTURE "," SOUND "," DESCRIBED "]}]}",
	      "a11y.no-transcript u1 U ;");
	check("{\"lang\":\"zh\",\"units\":[{\"key\":\"u1\",\"name\":\"U\",\"kind\":\"video\",\"open_"
	      "captions\":true,\"tracks\":[" PICTURE "," SOUND "," DESCRIBED "]}]}",
	      "a11y.no-captions u1 U ;");
}

static void a11y__picture_without_sound_needs_words(void **unused)
{
	(void)unused;
	unit("video", PICTURE, "a11y.picture-only u1 U ;");
	unit("video", PICTURE "," DESCRIBED, "");
	unit("video", PICTURE "," TRANSCRIPT, "");
	unit("video", PICTURE "," CAPTIONS("zh"), "");
}

static void a11y__sound_alone_needs_text(void **unused)
{
	(void)unused;
	unit("audiobook", SOUND, "a11y.audio-only u1 U ;");
	unit("audiobook", SOUND "," TRANSCRIPT, "");
	unit("audiobook", SOUND "," CAPTIONS("zh-CN"), "");
	unit("audiobook", SOUND "," CAPTIONS("en"), "a11y.captions-language u1 U en;");
}

static void a11y__each_unit_is_told_by_its_key(void **unused)
{
	(void)unused;
	check("{\"lang\":\"en\",\"units\":["
	      "{\"key\":\"a\",\"name\":\"One\",\"kind\":\"audiobook\",\"tracks\":[" SOUND "]},"
	      "{\"key\":\"b\",\"name\":\"Two\",\"kind\":\"document\",\"tracks\":[]},"
	      "{\"key\":\"c\",\"name\":\"Three\",\"kind\":\"video\",\"tracks\":[" PICTURE "," SOUND "]}]}",
	      "a11y.audio-only a One ;a11y.no-captions c Three ;a11y.no-description c Three ;");
}

static void a11y__other_shapes_are_passed_over(void **unused)
{
	(void)unused;
	static const char *const texts[] = {
		"[]",
		"{}",
		"{\"units\":{}}",
		"{\"units\":[1,null,{}]}",
		"{\"units\":[{\"kind\":1,\"tracks\":{\"kind\":\"audio\"}}]}",
		"{\"units\":[{\"kind\":\"audiobook\",\"tracks\":[1,[],{\"kind\":2}]}]}"
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		check(texts[i], "");
}

static void a11y__every_rule_has_its_words(void **unused)
{
	(void)unused;
	size_t i = 0;
	for (const struct a11y_rule *rule; (rule = a11y_rule(i)) != NULL; i++) {
		const struct content_finding_code *row = content_finding_code(rule->code, strlen(rule->code));
		if (!row)
			fail_msg("no words for %s", rule->code);
		assert_int_not_equal(row->severity, CONTENT_REFUSED);
		assert_true(rule->level[0] == 'A' && strncmp(rule->criterion, "1.2.", 4) == 0);
	}
	assert_int_equal(i, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a11y__video_with_everything_is_silent),
		cmocka_unit_test(a11y__video_with_sound_needs_captions),
		cmocka_unit_test(a11y__captions_are_in_the_language_of_the_course),
		cmocka_unit_test(a11y__video_is_described_and_transcribed),
		cmocka_unit_test(a11y__captions_in_the_picture_are_captions_and_no_transcript),
		cmocka_unit_test(a11y__picture_without_sound_needs_words),
		cmocka_unit_test(a11y__sound_alone_needs_text),
		cmocka_unit_test(a11y__each_unit_is_told_by_its_key),
		cmocka_unit_test(a11y__other_shapes_are_passed_over),
		cmocka_unit_test(a11y__every_rule_has_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
