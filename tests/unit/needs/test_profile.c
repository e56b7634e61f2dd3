/* What a profile means: presets together, her own choice before them, and its two spellings. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/arena.h"
#include "curb/err.h"
#include "needs.h"

static uint32_t preset(const char *name)
{
	const struct needs_preset *row;
	for (size_t i = 0; (row = needs_preset(i)); i++)
		if (strcmp(row->name, name) == 0)
			return 1u << i;
	fail_msg("no preset %s", name);
	return 0;
}

static const char *held(uint32_t helps, enum needs_detail detail)
{
	const struct needs needs = { .helps = helps };
	const char *value = needs_holds(&needs, detail);
	return value ? value : "";
}

/* A made-up profile for each number: every preset and every value comes up. */
static struct needs made(uint32_t seed)
{
	struct needs needs = { .helps = seed % 512 };
	for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++) {
		uint8_t choices = 0;
		while (choices < NEEDS_CHOICES && needs_term(d)->choices[choices].value)
			choices++;
		seed = seed * 1103515245u + 12345u;
		needs.detail[d] = (uint8_t)((seed >> 16) % (choices + 1u));
	}
	return needs;
}

static void profile__each_preset_does_what_it_says(void **unused)
{
	(void)unused;
	static const struct {
		const char *preset;
		enum needs_detail detail;
		const char *value;
	} rows[] = {
		{ "screenReader", NEEDS_DESCRIBED, "true" },
		{ "screenReader", NEEDS_CUES, "true" },
		{ "largePrint", NEEDS_TEXT, "150" },
		{ "largePrint", NEEDS_COLOURS, "contrast" },
		{ "signLanguage", NEEDS_SIGN, "true" },
		{ "signLanguage", NEEDS_CAPTIONS, "true" },
		{ "captions", NEEDS_CAPTIONS, "true" },
		{ "captions", NEEDS_SIGN, "" },
		{ "braille", NEEDS_TRANSCRIPT, "true" },
		{ "keyboard", NEEDS_HINTS, "true" },
		{ "simplified", NEEDS_LAYOUT, "true" },
		{ "simplified", NEEDS_SPACING, "wide" },
		{ "calm", NEEDS_MOTION, "true" },
		{ "calm", NEEDS_CUES, "false" },
		{ "saveData", NEEDS_DATA, "true" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(held(preset(rows[i].preset), rows[i].detail), rows[i].value);
}

static void profile__every_wish_of_a_preset_is_a_choice(void **unused)
{
	(void)unused;
	const struct needs_preset *row;
	for (size_t i = 0; (row = needs_preset(i)); i++)
		for (size_t w = 0; w < NEEDS_WISHES && row->wishes[w].value; w++)
			if (!needs_value(row->wishes[w].detail, curb_str(row->wishes[w].value)))
				fail_msg("%s wishes for %s", row->name, row->wishes[w].value);
}

static void profile__presets_together_are_a_union(void **unused)
{
	(void)unused;
	uint32_t both = preset("largePrint") | preset("captions");
	assert_string_equal(held(both, NEEDS_TEXT), "150");
	assert_string_equal(held(both, NEEDS_CAPTIONS), "true");
	/* who asks for calm is not beeped at, whatever else helps */
	assert_string_equal(held(preset("screenReader") | preset("calm"), NEEDS_CUES), "false");
	assert_string_equal(held(preset("screenReader"), NEEDS_CUES), "true");
	/* one more preset never takes a wish away */
	for (uint32_t helps = 0; helps < 512; helps++)
		for (enum needs_detail d = 0; d < NEEDS_DETAILS; d++)
			for (int more = 0; more < 9; more++)
				if (needs_value(d, curb_str(held(helps | 1u << more, d))) <
				    needs_value(d, curb_str(held(helps, d))))
					fail_msg("%u and %d at %s", helps, more, needs_term(d)->name);
}

static void profile__her_own_choice_goes_first(void **unused)
{
	(void)unused;
	struct needs needs = { .helps = preset("largePrint") | preset("signLanguage") };
	needs.detail[NEEDS_TEXT] = needs_value(NEEDS_TEXT, curb_str("125"));
	needs.detail[NEEDS_CAPTIONS] = needs_value(NEEDS_CAPTIONS, curb_str("false"));
	assert_string_equal(needs_holds(&needs, NEEDS_TEXT), "125");
	struct curb_needs effect = needs_effect(&needs);
	assert_int_equal(effect.captions, CURB_WISH_NO);
	assert_int_equal(effect.sign, CURB_WISH_YES);
	assert_int_equal(effect.described, CURB_WISH_NONE);
	assert_false(effect.sound_cues || effect.save_data || effect.simple || effect.transcript_first);
	assert_int_equal(effect.captions_lang.len, 0);
	needs.detail[NEEDS_CAPTIONS_LANG] = needs_value(NEEDS_CAPTIONS_LANG, curb_str("en"));
	assert_true(curb_str_is(needs_effect(&needs).captions_lang, "en"));
}

static struct curb_str as_json(const struct needs *needs, struct curb_buf *out)
{
	struct curb_json j = curb_json(out);
	curb_buf_clear(out);
	needs_write(needs, &j);
	assert_int_equal(curb_buf_check(out), 0);
	return curb_buf_view(out);
}

static void profile__json_and_back(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(4 << 20);
	struct curb_buf out = curb_buf(NEEDS_JSON_MOST);
	for (uint32_t seed = 0; seed < 2048; seed++) {
		struct needs before = made(seed), after = { .helps = 77 };
		assert_int_equal(needs_parse(arena, as_json(&before, &out), &after), 0);
		assert_true(needs_same(&before, &after));
		curb_arena_reset(arena);
	}
	/* whatever is chosen, it fits into the length that is sealed */
	struct needs all = { .helps = 511 };
	memset(all.detail, 2, sizeof all.detail);
	assert_true(as_json(&all, &out).len < NEEDS_JSON_MOST);
	curb_buf_free(&out);
	curb_arena_free(arena);
}

static void profile__json_has_the_words_of_the_standard(void **unused)
{
	(void)unused;
	struct needs needs = { .helps = preset("captions") | preset("calm") };
	needs.detail[NEEDS_TEXT] = needs_value(NEEDS_TEXT, curb_str("200"));
	needs.detail[NEEDS_MOTION] = needs_value(NEEDS_MOTION, curb_str("false"));
	needs.detail[NEEDS_COLOURS] = needs_value(NEEDS_COLOURS, curb_str("dark"));
	struct curb_buf out = curb_buf(NEEDS_JSON_MOST);
	assert_true(curb_str_is(as_json(&needs, &out),
	                        "{\"format\":\"ISO/IEC 24751 AccessForAll\",\"version\":1,"
	                        "\"helps\":[\"captions\",\"calm\"],\"preferences\":{\"fontSize\":200,"
	                        "\"colourTheme\":\"dark\",\"reducedMotion\":false}}"));
	curb_buf_free(&out);
}

static void profile__what_is_not_known_is_refused_with_what_to_write(void **unused)
{
	(void)unused;
	static const struct {
		const char *json, *told;
	} rows[] = {
		{ "{\"helps\":[\"blind\"]}",
		  "\"blind\" is not known. Take it out, or write one of: screenReader" },
		{ "{\"helps\":[7]}", "is not known" },
		{ "{\"helps\":\"captions\"}", "must be a list of words" },
		{ "{\"preferences\":{\"fontSise\":150}}", "write one of: fontSize, textSpacing" },
		{ "{\"preferences\":{\"fontSize\":151}}",
		  "\"fontSize\" is not known. Take it out, or write one of: "
		  "100, 125, 150, 200" },
		{ "{\"preferences\":{\"fontSize\":\"150\"}}", "100, 125" },
		{ "{\"preferences\":{\"captions\":\"true\"}}", "true" },
		{ "{\"preferences\":{\"captions\":null}}", "true" },
		{ "{\"preferences\":{\"colourTheme\":true}}", "light, dark, contrast" },
		{ "{\"preferences\":[]}", "must be an object" },
		{ "{\"disability\":\"deaf\"}", "\"disability\" is not known" },
		{ "{\"version\":2}", "Only format" },
		{ "{\"format\":\"other\"}", "Only format" },
		{ "[]", "begins with {" },
		{ "{\"helps\":[],\"helps\":[]}", "" },
		{ "{\"helps\":[\"\xff\"]}", "" },
		{ "", "" },
		{ "{", "" },
	};
	struct curb_arena *arena = curb_arena_new(1 << 20);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct needs needs = { .helps = 3 };
		assert_int_equal(needs_parse(arena, curb_str(rows[i].json), &needs), CURB_EINVAL);
		if (!strstr(curb_error_text(), rows[i].told))
			fail_msg("%s: %s", rows[i].json, curb_error_text());
		assert_int_equal(needs.helps, 3);
	}
	curb_arena_free(arena);
}

static void profile__a_long_name_is_repeated_in_part_and_whole_characters(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct needs needs;
	/* 39 bytes, then a character of three */
	const char *json =
		"{\"helps\":[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\xe7\x9b\xb2\xe7\x9b\xb2\"]}";
	assert_int_equal(needs_parse(arena, curb_str(json), &needs), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "aaaaa\" is not known"));
	assert_true(curb_utf8_valid(curb_str(curb_error_text())));
	curb_arena_free(arena);
}

static void profile__too_much_text_is_not_read(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(4 << 20);
	char *text = curb_xcalloc(1, 1 << 20);
	memset(text, ' ', (1 << 20) - 1);
	struct needs needs;
	assert_int_equal(needs_parse(arena, curb_str(text), &needs), CURB_ETOOBIG);
	free(text);
	curb_arena_free(arena);
}

static void profile__cookie_and_back(void **unused)
{
	(void)unused;
	char text[NEEDS_COOKIE_MOST];
	for (uint32_t seed = 0; seed < 2048; seed++) {
		const struct needs_cookie cookie = { made(seed), made(seed + 9), seed & 1, seed & 2,
			                             seed & 4 };
		struct needs_cookie again;
		needs_cookie_write(&cookie, text);
		assert_true(strlen(text) < NEEDS_COOKIE_MOST - 1);
		assert_int_equal(strspn(text, "0123456789abcdef."), strlen(text));
		assert_true(needs_cookie_read(curb_str(text), &again));
		assert_true(needs_same(&cookie.now, &again.now) && needs_same(&cookie.before, &again.before));
		assert_true(cookie.changed == again.changed && cookie.asked == again.asked &&
		            cookie.passing == again.passing);
	}
}

static void profile__a_cookie_from_before_there_were_more_details_holds(void **unused)
{
	(void)unused;
	struct needs_cookie cookie;
	assert_true(
		needs_cookie_read(curb_str("1.00000040.3000000000002.00000000.0000000000000.1"), &cookie));
	assert_true(cookie.changed);
	assert_string_equal(needs_holds(&cookie.now, NEEDS_TEXT), "150");
	assert_string_equal(needs_holds(&cookie.now, NEEDS_DATA), "true");
	assert_string_equal(needs_holds(&cookie.now, NEEDS_EASY), "true"); /* of its preset */
	assert_null(needs_holds(&cookie.now, NEEDS_PINYIN));
	assert_false(needs_effect(&cookie.before).easy_read);
}

static void profile__a_cookie_of_somebody_else_s_making_is_none(void **unused)
{
	(void)unused;
	static const char *const texts[] = {
		"",
		"1",
		"1.00000001.0000000000000",
		"2.00000001.0000000000000.00000000.0000000000000.0",
		"1.00000200.0000000000000.00000000.0000000000000.0",
		"1.0000000g.0000000000000.00000000.0000000000000.0",
		"1.00000001.5000000000000.00000000.0000000000000.0",
		"1.00000001.0300000000000.00000000.0000000000000.0",
		"1.00000001./000000000000.00000000.0000000000000.0",
		"1.00000001.00000000000000.00000000.0000000000000.0",
		"1.00000001.0000000000000.00000000.0000000000000.8",
		"1.00000001.0000000000000.00000000.0000000000000.-1",
		"1.00000001.0000000000000.00000000.0000000000000.0.0",
		"1.00000001.0000000000000.00000000.0000000000000.",
	};
	struct needs_cookie cookie;
	assert_true(
		needs_cookie_read(curb_str("1.00000001.0000000000000.00000000.0000000000000.0"), &cookie));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (needs_cookie_read(curb_str(texts[i]), &cookie))
			fail_msg("taken: %s", texts[i]);
}

static void profile__empty_and_same(void **unused)
{
	(void)unused;
	struct needs a = { 0 }, b = { 0 };
	assert_true(needs_empty(&a) && needs_same(&a, &b));
	b.detail[NEEDS_DATA] = 1;
	assert_false(needs_empty(&b) || needs_same(&a, &b));
	a.helps = 1;
	assert_false(needs_empty(&a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(profile__each_preset_does_what_it_says),
		cmocka_unit_test(profile__every_wish_of_a_preset_is_a_choice),
		cmocka_unit_test(profile__presets_together_are_a_union),
		cmocka_unit_test(profile__her_own_choice_goes_first),
		cmocka_unit_test(profile__json_and_back),
		cmocka_unit_test(profile__json_has_the_words_of_the_standard),
		cmocka_unit_test(profile__what_is_not_known_is_refused_with_what_to_write),
		cmocka_unit_test(profile__a_long_name_is_repeated_in_part_and_whole_characters),
		cmocka_unit_test(profile__too_much_text_is_not_read),
		cmocka_unit_test(profile__cookie_and_back),
		cmocka_unit_test(profile__a_cookie_from_before_there_were_more_details_holds),
		cmocka_unit_test(profile__a_cookie_of_somebody_else_s_making_is_none),
		cmocka_unit_test(profile__empty_and_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
