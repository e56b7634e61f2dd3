#include <stdio.h>

#include "captions_case.h"
#include "captions_inside.h"
#include "content/finding.h"

/* Parses, then checks with nothing told by the parser in between. */
static void check(struct captions_case *c, const char *text, const char *lang, int64_t media_ms)
{
	case_parse(c, text);
	assert_true(c->ok);
	c->n_told = 0;
	captions_check(&c->set, curb_str(lang), media_ms, &c->report);
}

static const struct {
	const char *text, *lang;
	int64_t media_ms;
	const char *doubt; /* NULL: none at all */
} rules[] = {
	{ "0:00:01,000 --> 0:00:02,000\n一二三四五六七八九\n", "zh-CN", 0, NULL },
	{ "0:00:01,000 --> 0:00:02,000\n一二三四五六七八九十\n", "zh-CN", 0, "captions.fast" },
	{ "0:00:01,000 --> 0:00:02,000\n一二三四五六七八九a\n", "cmn", 0, "captions.fast" },
	{ "0:00:01,000 --> 0:00:02,000\n一二三四五\n", "ja", 0, "captions.fast" },
	{ "0:00:01,000 --> 0:00:02,000\ntwelve characters now\n", "en", 0, NULL },
	{ "0:00:01,000 --> 0:00:02,000\ntwenty-one characters!!\n", "en-GB", 0, "captions.fast" },
	{ "0:00:01,000 --> 0:00:09,000\n一二三四五六七八九十一二三四五六\n", "zh", 0, NULL },
	{ "0:00:01,000 --> 0:00:09,000\n一二三四五六七八九十一二三四五六a\n", "zh", 0, "captions.wide" },
	{ "0:00:01,000 --> 0:00:09,000\n<b>123456789 123456789 123456789 123456789 &amp;2</b>\n", "en", 0,
	  NULL },
	{ "0:00:01,000 --> 0:00:09,000\n123456789 123456789 123456789 123456789 123\n", "en", 0,
	  "captions.wide" },
	{ "0:00:01,000 --> 0:00:09,000\na\nb\n", "en", 0, NULL },
	{ "0:00:01,000 --> 0:00:09,000\na\nb\nc\n", "en", 0, "captions.lines" },
	{ "0:00:01,000 --> 0:00:02,000\n<i> </i>\n", "en", 0, "captions.blank" },
	{ "0:00:01,000 --> 0:00:02,000\na\xef\xbf\xbd\n", "en", 0, "captions.replaced" },
	{ "0:00:02,000 --> 0:00:02,000\na\n", "en", 0, "captions.backwards" },
	{ "0:00:01,000 --> 0:00:02,000\na\n\n0:00:02,000 --> 0:00:03,000\nb\n", "en", 0, NULL },
	{ "0:00:01,000 --> 0:00:02,000\na\n\n0:00:01,999 --> 0:00:03,000\nb\n", "en", 0, "captions.overlap" },
	{ "0:00:02,000 --> 0:00:03,000\na\n\n0:00:01,000 --> 0:00:02,000\nb\n", "en", 0, "captions.order" },
	{ "0:00:59,999 --> 0:01:01,000\na\n", "en", 0, NULL },
	{ "0:01:00,000 --> 0:01:01,000\na\n", "en", 0, "captions.gap" },
	{ "0:00:01,000 --> 0:00:02,000\na\n\n0:01:02,000 --> 0:01:03,000\nb\n", "en", 0, "captions.gap" },
	{ "0:00:01,000 --> 0:00:02,000\na\n", "en", 61999, NULL },
	{ "0:00:01,000 --> 0:00:02,000\na\n", "en", 62000, "captions.gap" },
	{ "0:00:01,000 --> 0:00:02,000\na\n", "en", 1500, NULL },
	{ "0:00:01,000 --> 0:00:02,000\na\n", "en", 1499, "captions.beyond" },
	{ "0:00:01,000 --> 0:00:01,100\na\n", "en", 1000, "captions.beyond" },
	{ "0:00:01,000 --> 0:00:02,000\na\n", NULL, 0, "captions.lang" },
};

static void check__each_rule_has_its_two_sides(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct captions_case c;
		check(&c, rules[i].text, rules[i].lang, rules[i].media_ms);
		if (c.n_told != (rules[i].doubt != NULL) ||
		    (rules[i].doubt && !case_told(&c, rules[i].doubt)))
			fail_msg("row %zu told %zu, first %s", i, c.n_told, c.n_told ? c.told[0].code : "-");
		assert_int_equal(c.set.count,
		                 1 + (strstr(rules[i].text, "\nb\n") && !strstr(rules[i].text, "a\nb")));
		case_close(&c);
	}
}

static void check__many_are_told_once_with_their_lines(void **unused)
{
	(void)unused;
	struct captions_case c;
	struct curb_buf text = curb_buf(4096);
	for (int i = 0; i < 7; i++)
		curb_buf_printf(&text, "0:00:0%d,000 --> 0:00:0%d,000\na\nb\nc\n\n", i, i + 1);
	check(&c, text.data, "en", 0);
	assert_int_equal(c.n_told, 1);
	assert_string_equal(c.told[0].code, "captions.lines");
	assert_string_equal(c.told[0].a, "7");
	assert_string_equal(c.told[0].b, "1, 6, 11, 16, 21 …");
	assert_int_equal(c.told[0].line, 1);
	curb_buf_free(&text);
	case_close(&c);
}

static void check__every_code_has_its_words(void **unused)
{
	(void)unused;
	static const char *const codes[] = {
#define X(name, code) code,
		CAPTIONS_DOUBTS(X)
#undef X
			"captions.empty",
		"captions.encoding",
		"captions.too-big",
		"captions.too-many",
		"captions.lang",
	};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		const struct content_finding_code *row = content_finding_code(codes[i], strlen(codes[i]));
		if (!row)
			fail_msg("no words for %s", codes[i]);
		assert_true(strlen(row->what) > 10 && strlen(row->mend) > 10);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check__each_rule_has_its_two_sides),
		cmocka_unit_test(check__many_are_told_once_with_their_lines),
		cmocka_unit_test(check__every_code_has_its_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
