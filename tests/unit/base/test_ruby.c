/* Pinyin beside its text: counted, and cut into pieces. */
#include "cm.h"
#include "curb/ruby.h"

static void ruby__a_syllable_for_each_character(void **unused)
{
	(void)unused;
	static const struct {
		const char *text, *pinyin;
		size_t characters, syllables;
	} rows[] = {
		{ "盲人", "máng rén", 2, 2 },
		{ "盲人，入门。", "máng rén, rù mén.", 4, 4 },
		{ "学 Braille 3 课", "xué kè", 2, 2 },
		{ "啊", "ā", 1, 1 },
		{ "女𠮷", "nü3  ji2\n", 2, 2 },
		{ "课", "— kè (", 1, 1 },
		{ "课", "　kè　", 1, 1 },
		{ "Hello", "", 0, 0 },
		{ "", "x", 0, 1 },
		{ "盲人", "盲 人 12 ，", 2, 0 },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(curb_ruby_characters(curb_str(rows[i].text)), rows[i].characters);
		assert_int_equal(curb_ruby_syllables(curb_str(rows[i].pinyin)), rows[i].syllables);
	}
	assert_int_equal(curb_ruby_characters(curb_str(NULL)), 0);
	assert_int_equal(curb_ruby_syllables(curb_str(NULL)), 0);
}

static void ruby__pieces_are_the_whole_text(void **unused)
{
	(void)unused;
	static const struct {
		const char *piece, *syllable;
	} rows[] = { { "第", "dì" }, { " 1 ", NULL }, { "课", "kè" }, { "：A!", NULL }, { "手", "shǒu" } };
	struct curb_str text = curb_str("第 1 课：A!手"), pinyin = curb_str("dì, kè shǒu."), piece, syllable;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(curb_ruby_next(&text, &pinyin, &piece, &syllable));
		assert_true(curb_str_is(piece, rows[i].piece));
		if (rows[i].syllable)
			assert_true(curb_str_is(syllable, rows[i].syllable));
		else
			assert_null(syllable.ptr);
	}
	assert_false(curb_ruby_next(&text, &pinyin, &piece, &syllable));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ruby__a_syllable_for_each_character),
		cmocka_unit_test(ruby__pieces_are_the_whole_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
