#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "captions_case.h"
#include "curb/cleanup.h"

/* The same lesson in simplified and in traditional characters; eight cues, enough for a guess. */
static const char simplified[] =
	"1\n00:00:01,000 --> 00:00:04,000\n欢迎来到盲人保健按摩基础课程。\n\n2\n00:00:04,000 --> "
	"00:00:08,000\n今天我们学习手法的要领。\n\n"
	"3\n00:00:08,000 --> 00:00:12,000\n先洗手，再准备毛巾。\n\n4\n00:00:12,000 --> "
	"00:00:16,000\n按压的力量要均匀、柔和。\n\n"
	"5\n00:00:16,000 --> 00:00:20,000\n请跟着老师的节奏练习。\n\n6\n00:00:20,000 --> "
	"00:00:24,000\n注意观察客人的反应。\n\n"
	"7\n00:00:24,000 --> 00:00:28,000\n如果感到疼痛，马上停止。\n\n8\n00:00:28,000 --> "
	"00:00:32,000\n下一节课我们学习肩部。\n";
static const char traditional[] =
	"1\n00:00:01,000 --> 00:00:04,000\n歡迎來到盲人保健按摩基礎課程。\n\n2\n00:00:04,000 --> "
	"00:00:08,000\n今天我們學習手法的要領。\n\n"
	"3\n00:00:08,000 --> 00:00:12,000\n先洗手，再準備毛巾。\n\n4\n00:00:12,000 --> "
	"00:00:16,000\n按壓的力量要均勻、柔和。\n\n"
	"5\n00:00:16,000 --> 00:00:20,000\n請跟著老師的節奏練習。\n\n6\n00:00:20,000 --> "
	"00:00:24,000\n注意觀察客人的反應。\n\n"
	"7\n00:00:24,000 --> 00:00:28,000\n如果感到疼痛，馬上停止。\n\n8\n00:00:28,000 --> "
	"00:00:32,000\n下一節課我們學習肩部。\n";
static const char one_cue[] = "1\n00:00:01,000 --> 00:00:04,000\n按摩一下\n";
static const char rare[] = "1\n00:00:01,000 --> 00:00:04,000\n𠀀一二😀\n";

static struct curb_buf encoded(const char *text, const char *charset, const char *bom)
{
	struct curb_buf out = curb_buf(1 << 16);
	curb_buf_text(&out, bom);
	iconv_t converter = iconv_open(charset, "UTF-8");
	assert_true(converter != (iconv_t)-1);
	char piece[8192], *from = (char *)(uintptr_t)text, *to = piece;
	size_t left = strlen(text), room = sizeof piece;
	assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
	curb_buf_add(&out, piece, sizeof piece - room);
	(void)iconv_close(converter);
	return out;
}

static void charset__each_is_told_from_the_others(void **unused)
{
	(void)unused;
	static const struct {
		const char *text, *charset, *bom, *encoding;
	} rows[] = {
		{ simplified, "UTF-8", "", "UTF-8" },
		{ simplified, "UTF-8", "\xef\xbb\xbf", "UTF-8" },
		{ simplified, "UTF-16LE", "\xff\xfe", "UTF-16LE" },
		{ simplified, "UTF-16BE", "\xfe\xff", "UTF-16BE" },
		{ simplified, "UTF-16LE", "", "UTF-16LE" },
		{ simplified, "UTF-16BE", "", "UTF-16BE" },
		{ simplified, "GB18030", "", "GB18030" },
		{ traditional, "GB18030", "", "GB18030" },
		{ traditional, "BIG5", "", "BIG5" },
		{ one_cue, "UTF-8", "", "UTF-8" },
		{ one_cue, "UTF-16LE", "", "UTF-16LE" },
		{ one_cue, "UTF-16BE", "", "UTF-16BE" },
		{ one_cue, "GB18030", "", "GB18030" },
		{ rare, "GB18030", "", "GB18030" },
		{ rare, "UTF-16LE", "", "UTF-16LE" },
		{ rare, "UTF-16BE", "\xfe\xff", "UTF-16BE" },
	};
	struct caption_charsets *charsets = captions_charsets_open();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct curb_buf bytes = encoded(rows[i].text, rows[i].charset, rows[i].bom);
		struct captions_case c;
		case_open(&c);
		struct curb_str text = { 0 };
		const char *encoding = "none";
		assert_true(captions_decode(c.arena, charsets, curb_buf_view(&bytes), &c.report, &text,
		                            &encoding));
		assert_string_equal(encoding, rows[i].encoding);
		assert_str(text, rows[i].text);
		assert_int_equal(c.n_told, 0);
		case_close(&c);
		curb_buf_free(&bytes);
	}
	captions_charsets_free(charsets);
}

static bool refused(struct caption_charsets *charsets, struct curb_str bytes, const char *code)
{
	struct captions_case c;
	case_open(&c);
	struct curb_str text = curb_str("untouched");
	const char *encoding = "untouched";
	bool ok = captions_decode(c.arena, charsets, bytes, &c.report, &text, &encoding);
	bool told = c.n_told == 1 && case_told(&c, code) && curb_str_is(text, "untouched") &&
	            strcmp(encoding, "untouched") == 0;
	case_close(&c);
	return !ok && told;
}

static void charset__unknown_is_refused(void **unused)
{
	(void)unused;
	struct caption_charsets *charsets = captions_charsets_open();
	static const char *const texts[] = {
		"1\n00:00:01,000 --> 00:00:04,000\nd\xe9j\xe0 vu \xe9\n",   /* Windows-1252 */
		"1\n00:00:01,000 --> 00:00:04,000\n\xc4\xe3\xba\xc3\xff\n", /* 0xff is in no GB18030 */
		"1\n00:00:01,000 --> 00:00:04,000\n\xc4\xe3\xba",           /* cut in a character */
		"1\n00:00:01,000 --> 00:00:04,000\n\xaa\xa1\xaa\xa2\n",     /* private use */
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_true(refused(charsets, curb_str(texts[i]), "captions.encoding"));
	assert_true(refused(charsets, curb_str_n("\xc4\xe3\0\xba\xc3", 5), "captions.encoding"));
	assert_true(refused(charsets, curb_str(""), "captions.empty"));
	assert_true(refused(NULL, curb_str(texts[0]), "captions.encoding"));
	captions_charsets_free(charsets);
}

static void charset__korean_is_not_taken_for_chinese(void **unused)
{
	(void)unused;
	static const char korean[] =
		"1\n00:00:01,000 --> 00:00:04,000\n안녕하세요 여러분 반갑습니다\n\n2\n00:00:04,000 --> "
		"00:00:08,000\n오늘은 안마를 배웁니다\n\n"
		"3\n00:00:08,000 --> 00:00:12,000\n손을 깨끗이 씻으세요\n\n4\n00:00:12,000 --> "
		"00:00:16,000\n천천히 눌러 주세요\n\n"
		"5\n00:00:16,000 --> 00:00:20,000\n선생님을 따라 하세요\n\n6\n00:00:20,000 --> "
		"00:00:24,000\n수고하셨습니다 감사합니다\n";
	struct caption_charsets *charsets = captions_charsets_open();
	struct curb_buf bytes = encoded(korean, "EUC-KR", "");
	assert_true(refused(charsets, curb_buf_view(&bytes), "captions.encoding"));
	curb_buf_free(&bytes);
	captions_charsets_free(charsets);
}

static void charset__too_big_is_refused(void **unused)
{
	(void)unused;
	char *bytes = calloc(1, CAPTIONS_BYTES_MAX + 1);
	assert_non_null(bytes);
	assert_true(refused(NULL, curb_str_n(bytes, CAPTIONS_BYTES_MAX + 1), "captions.too-big"));
	free(bytes);
}

static void charset__broken_utf16_is_replaced_only_behind_a_bom(void **unused)
{
	(void)unused;
	struct captions_case c;
	case_open(&c);
	struct curb_str text = { 0 };
	const char *encoding = NULL;
	assert_true(captions_decode(c.arena, NULL,
	                            curb_str_n("\xff\xfe"
	                                       "a\0\x00\xd8"
	                                       "b\0x",
	                                       9),
	                            &c.report, &text, &encoding));
	assert_str(text, "a\xef\xbf\xbd"
	                 "b\xef\xbf\xbd");
	case_close(&c);
	assert_true(refused(NULL, curb_str_n("a\0b\0c\0d\0e\0\x00\xd8", 12), "captions.encoding"));
}

static void charset__from_bytes_to_cues(void **unused)
{
	(void)unused;
	struct caption_charsets *charsets = captions_charsets_open();
	struct curb_buf bytes = encoded(simplified, "GB18030", "");
	struct captions_case c;
	case_open(&c);
	struct curb_str text;
	const char *encoding;
	assert_true(captions_decode(c.arena, charsets, curb_buf_view(&bytes), &c.report, &text, &encoding));
	assert_true(captions_parse(c.arena, text, &c.report, &c.set));
	assert_int_equal(c.set.count, 8);
	assert_str(c.set.cues[7].text, "下一节课我们学习肩部。");
	case_close(&c);
	curb_buf_free(&bytes);
	captions_charsets_free(charsets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(charset__each_is_told_from_the_others),
		cmocka_unit_test(charset__unknown_is_refused),
		cmocka_unit_test(charset__korean_is_not_taken_for_chinese),
		cmocka_unit_test(charset__too_big_is_refused),
		cmocka_unit_test(charset__broken_utf16_is_replaced_only_behind_a_bom),
		cmocka_unit_test(charset__from_bytes_to_cues),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
