#include "page_test.h"

#include <stdlib.h>

#include "mo.h"

enum { MO_SIZE = 512 };

struct made {
	unsigned char bytes[MO_SIZE];
	size_t size;
};

static void put(struct made *made, bool big, size_t at, size_t value)
{
	for (size_t i = 0; i < 4; i++)
		made->bytes[at + (big ? 3 - i : i)] = (unsigned char)(value >> (8 * i));
}

/* A .mo file of `n` sorted pairs. */
static struct made make(const char *const (*pairs)[2], size_t n, bool big)
{
	struct made made = { .size = 28 + 16 * n };
	put(&made, big, 0, 0x950412de);
	put(&made, big, 8, n);
	put(&made, big, 12, 28);
	put(&made, big, 16, 28 + 8 * n);
	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < n; i++) {
			size_t len = strlen(pairs[i][side]), row = 28 + 8 * n * side + 8 * i;
			assert_true(made.size + len + 1 <= MO_SIZE);
			put(&made, big, row, len);
			put(&made, big, row + 4, made.size);
			memcpy(made.bytes + made.size, pairs[i][side], len + 1);
			made.size += len + 1;
		}
	return made;
}

static const char *const good[][2] = {
	{ "", "Language: zh_CN\n" },
	{ "Captions", "字幕" },
	{ "Hi {name}", "{name}，您好" },
	{ "Untranslated", "" },
};

static void mo__both_byte_orders(void **unused)
{
	(void)unused;
	for (int big = 0; big < 2; big++) {
		struct made made = make(good, 4, big);
		struct mo mo;
		assert_int_equal(mo_open(&mo, "x", made.bytes, made.size), 0);
		assert_string_equal(mo_find(&mo, "Captions"), "字幕");
		assert_null(mo_find(&mo, "Caption"));
		assert_null(mo_find(&mo, "Untranslated"));
		assert_null(mo_find(&mo, ""));
	}
}

static void refused(struct made made)
{
	struct mo mo = { .count = 77 };
	unsigned char *copy = malloc(made.size ? made.size : 1);
	assert_non_null(copy);
	memcpy(copy, made.bytes, made.size);
	assert_int_equal(mo_open(&mo, "x", copy, made.size), CURB_EINVAL);
	assert_int_equal(mo.count, 77);
	free(copy);
}

static void mo__a_shortened_file_is_refused(void **unused)
{
	(void)unused;
	struct made made = make(good, 4, false);
	while (made.size > 0) {
		made.size--;
		refused(made);
	}
}

static void mo__broken_files_are_refused(void **unused)
{
	(void)unused;
	static const struct {
		size_t at, value;
	} changes[] = {
		{ 0, 0x950412df },  { 4, 0x20000 }, { 8, 5 },           { 8, 0x20000001 },
		{ 12, 0xfffffff0 }, { 12, 500 },    { 16, 0xffffffff }, { 28, 0xffffffff },
		{ 32, 0xfffffff0 }, { 36, 7 },      { 60, 0x7fffffff }, { 64, 0x80000000 },
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct made made = make(good, 4, false);
		put(&made, false, changes[i].at, changes[i].value);
		refused(made);
	}
	static const char *const unsorted[][2] = { { "b", "1" }, { "a", "2" } };
	static const char *const twice[][2] = { { "a", "1" }, { "a", "2" } };
	static const char *const bytes[][2] = { { "a", "\xe5\xad" } };
	static const char *const other_name[][2] = { { "Hi {name}", "{nmae}" } };
	static const char *const open_brace[][2] = { { "Hi {name}", "{name" } };
	static const char *const new_brace[][2] = { { "Hi", "{name}" } };
	refused(make(unsorted, 2, false));
	refused(make(twice, 2, false));
	refused(make(bytes, 1, false));
	refused(make(other_name, 1, false));
	refused(make(open_brace, 1, false));
	refused(make(new_brace, 1, false));
}

static void add(struct pages *pages, const char *owner, const char *lang, const struct made *made)
{
	const struct curb_embedded messages[] = { { lang, made->bytes, made->size }, { NULL, NULL, 0 } };
	assert_int_equal(pages_add(pages, owner, NULL, messages, NULL), 0);
}

static void lang__own_messages_then_the_components_then_the_source(void **unused)
{
	(void)unused;
	static const char *const own[][2] = { { "A", "own A" } };
	static const char *const common[][2] = { { "(the name of this language)", "中文" },
		                                 { "A", "common A" },
		                                 { "B", "common B" } };
	static const char *const other[][2] = { { "C", "other C" } };
	const struct made m1 = make(own, 1, false), m2 = make(common, 3, true), m3 = make(other, 1, false);
	struct pages *pages = pages_new();
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_buf out = curb_buf(1024);
	add(pages, "a11y", "zh-CN.mo", &m2);
	add(pages, "own", "zh-CN.mo", &m1);
	add(pages, "other", "zh-CN.mo", &m3);
	static const char text[] = "{{_ A}},{{_ B}},{{_ C}};{{lang}}{{#languages}} "
				   "{{code}}={{name}}{{#current}}!{{/current}}{{/languages}}";
	assert_int_equal(page_of(pages, text, NULL), 0);
	const struct curb_value *model = curb_object(arena);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("zh-CN"), model, &out), 0);
	assert_string_equal(out.data, "own A,common B,C;zh-CN en=English zh-CN=中文!");
	curb_buf_clear(&out);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("xx"), model, &out), 0);
	assert_string_equal(out.data, "A,B,C;en en=English! zh-CN=中文");
	assert_string_equal(pages_tr(pages, curb_str("zh-CN"), "C"), "other C");
	assert_string_equal(pages_tr(pages, curb_str("zh-CN"), "D"), "D");
	assert_string_equal(pages_tr(pages, curb_str("zh-CN"), "A"), "common A");
	assert_string_equal(pages_text(pages, "own", curb_str("zh-CN"), "A"), "own A");
	assert_string_equal(pages_text(pages, "own", curb_str("zh-CN"), "C"), "other C");
	assert_string_equal(pages_text(pages, "own", curb_str("en"), "A"), "A");
	assert_string_equal(pages_lang(pages, 1), "zh-CN");
	assert_null(pages_lang(pages, 2));
	curb_buf_free(&out);
	curb_arena_free(arena);
	pages_free(pages);
}

static void lang__easy_words_where_there_are_some(void **unused)
{
	(void)unused;
	static const char *const own[][2] = { { "A", "own A" },
		                              { "Hi {name}", "own {name}" },
		                              { "easy\4A", "easy A" } };
	static const char *const common[][2] = { { "B", "common B" },
		                                 { "easy\4B", "easy B" },
		                                 { "easy\4Hi {name}", "Hi!" } };
	static const char *const english[][2] = { { "easy\4A", "plain A" } };
	static const char *const other[][2] = { { "easy\4A", "other A" }, { "easy\4C", "other C" } };
	const struct made m1 = make(own, 3, false), m2 = make(common, 3, true), m3 = make(english, 1, false),
			  m4 = make(other, 2, false);
	struct pages *pages = pages_new();
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_buf out = curb_buf(1024);
	struct curb_value *model = NULL;
	add(pages, "a11y", "zh-CN.mo", &m2);
	add(pages, "own", "zh-CN.mo", &m1);
	add(pages, "own", "en.mo", &m3);
	add(pages, "other", "zh-CN.mo", &m4);
	assert_int_equal(
		page_of(pages, "{{_ A}},{{_ B}},{{_ C}},{{_ Hi {name}}},{{>part x=\"_A\"}}", "{{x}}"), 0);
	static const char simple[] = "{\"name\":\"n\",\"needs\":{\"layout\":\"simple\"}}";
	assert_int_equal(curb_json_parse(arena, curb_str(simple), &model), 0);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("zh-CN"), model, &out), 0);
	assert_string_equal(out.data, "easy A,easy B,C,Hi!,easy A");
	curb_buf_clear(&out);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("en"), model, &out), 0);
	assert_string_equal(out.data, "plain A,B,C,Hi n,plain A");
	curb_buf_clear(&out);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("zh-CN"), curb_object(arena), &out), 0);
	assert_string_equal(out.data, "own A,common B,C,own ,own A");
	assert_string_equal(pages_easy_text(pages, "own", curb_str("zh-CN"), "A"), "easy A");
	assert_string_equal(pages_easy_text(pages, "own", curb_str("zh-CN"), "Hi {name}"), "own {name}");
	assert_string_equal(pages_easy_text(pages, "own", curb_str("zh-CN"), "C"), "other C");
	assert_string_equal(pages_easy_text(pages, "own", curb_str("zh-CN"), "D"), "D");
	curb_buf_free(&out);
	curb_arena_free(arena);
	pages_free(pages);
}

static void lang__best_of_accept_language(void **unused)
{
	(void)unused;
	const struct made made = make(good, 4, false);
	struct pages *pages = pages_new();
	add(pages, "a11y", "zh-CN.mo", &made);
	assert_int_equal(pages_seal(pages), 0);
	static const struct {
		const char *header, *lang;
	} cases[] = {
		{ NULL, "zh-CN" },
		{ "", "zh-CN" },
		{ "en", "en" },
		{ "en-US,en;q=0.9", "en" },
		{ "zh", "zh-CN" },
		{ "zh-Hans-CN, en;q=0.5", "zh-CN" },
		{ "zh-TW,en;q=0.3", "zh-CN" },
		{ "fr", "zh-CN" },
		{ "fr, en;q=0.1", "en" },
		{ "en;q=0.4, ZH-cn;q=0.5", "zh-CN" },
		{ "en;q=0, *", "zh-CN" },
		{ "en;q=0.5,zh;q=0.5", "en" },
		{ "en;q=1.000, zh", "en" },
		{ "zh;q=2, en;q=0.1", "en" },
		{ "en;q=x, zh;q=0.1", "zh-CN" },
		{ ",;,;;q=,en;q=0.001", "en" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(pages_best_lang(pages, curb_str(cases[i].header)), cases[i].lang);
	pages_free(pages);
}

/* Once there is a catalog in traditional characters, who reads these gets it, and who does not never does. */
static void lang__best_of_chinese(void **unused)
{
	(void)unused;
	const struct made made = make(good, 4, false), other = make(good, 4, false);
	struct pages *pages = pages_new();
	add(pages, "a11y", "zh-TW.mo", &made);
	add(pages, "a11y", "zh-CN.mo", &other);
	assert_int_equal(pages_seal(pages), 0);
	static const struct {
		const char *header, *lang;
	} cases[] = {
		{ NULL, "zh-CN" },         { "zh", "zh-CN" },
		{ "zh-TW", "zh-TW" },      { "zh-tw", "zh-TW" },
		{ "zh-HK", "zh-TW" },      { "zh-MO,en;q=0.9", "zh-TW" },
		{ "zh-Hant", "zh-TW" },    { "zh-Hant-HK", "zh-TW" },
		{ "ZH-HANT-CN", "zh-TW" }, { "zh-Hans", "zh-CN" },
		{ "zh-Hans-TW", "zh-CN" }, { "zh-SG", "zh-CN" },
		{ "zh-Hans-HK", "zh-CN" }, { "en;q=0.8, zh-HK", "zh-TW" },
		{ "zho", "zh-CN" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(pages_best_lang(pages, curb_str(cases[i].header)), cases[i].lang);
	pages_free(pages);
}

static void lang__fill(void **unused)
{
	(void)unused;
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_value *values = NULL;
	assert_int_equal(
		curb_json_parse(arena, curb_str("{\"a\":\"<x>\",\"n\":12.5,\"u\":{\"b\":true}}"), &values),
		0);
	struct curb_str s = pages_fill(arena, "{a} {n} {u.b} {none}{a.b}|", values);
	assert_true(curb_str_is(s, "<x> 12.5 true |"));
	assert_true(curb_str_is(pages_fill(arena, "plain", NULL), "plain"));
	assert_true(curb_str_is(pages_fill(arena, "{a}!", NULL), "!"));
	assert_true(curb_str_is(pages_fill(arena, "", NULL), ""));
	curb_arena_free(arena);
}

static int add_one(const char *kind, const char *name, const char *text)
{
	const struct curb_embedded files[] = { { name, (const unsigned char *)text, strlen(text) },
		                               { NULL, NULL, 0 } };
	struct pages *pages = pages_new();
	int err = pages_add(pages, "own", *kind == 't' ? files : NULL, *kind == 'm' ? files : NULL,
	                    *kind == 'a' ? files : NULL);
	pages_free(pages);
	return err;
}

static void pages__names_that_are_refused(void **unused)
{
	(void)unused;
	assert_int_equal(add_one("template", "a.txt", "x"), CURB_EINVAL);
	assert_int_equal(add_one("template", ".html", "x"), CURB_EINVAL);
	assert_int_equal(add_one("messages", "zh.po", "x"), CURB_EINVAL);
	assert_int_equal(add_one("messages", "zh.mo", "x"), CURB_EINVAL);
	assert_int_equal(add_one("asset", "a.exe", "x"), CURB_EINVAL);
	assert_int_equal(add_one("asset", "a\"b.js", "x"), CURB_EINVAL);
	assert_int_equal(add_one("asset", "/a.js", "x"), CURB_EINVAL);
	assert_int_equal(add_one("asset", "a.js", "x"), 0);
	struct pages *pages = pages_new();
	const struct curb_embedded files[] = { { "a.html", (const unsigned char *)"x", 1 },
		                               { NULL, NULL, 0 } };
	assert_int_equal(pages_add(pages, "own", files, NULL, NULL), 0);
	assert_int_equal(pages_add(pages, "own", files, NULL, NULL), 0);
	assert_int_equal(pages_seal(pages), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "own/a.html is there twice"));
	pages_free(pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mo__both_byte_orders),
		cmocka_unit_test(mo__a_shortened_file_is_refused),
		cmocka_unit_test(mo__broken_files_are_refused),
		cmocka_unit_test(lang__own_messages_then_the_components_then_the_source),
		cmocka_unit_test(lang__easy_words_where_there_are_some),
		cmocka_unit_test(lang__best_of_accept_language),
		cmocka_unit_test(lang__best_of_chinese),
		cmocka_unit_test(lang__fill),
		cmocka_unit_test(pages__names_that_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
