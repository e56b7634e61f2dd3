/* Manifests and tables of contents of audio-books, with the W3C's own cases where they are there. */
#include "cm.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "lpf.h"
#include "reader.h"

struct notes {
	char text[4000];
};

static void note(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	struct notes *notes = arg;
	size_t n = strlen(notes->text);
	(void)b;
	(void)snprintf(notes->text + n, sizeof notes->text - n, "%s(%.*s) ", code, (int)a.len,
	               a.ptr ? a.ptr : "");
}

static bool parse(struct curb_arena *arena, struct curb_str json, struct notes *notes, struct lpf_book *book)
{
	const struct lpf_report report = { note, notes };
	notes->text[0] = '\0';
	return lpf_parse_manifest(arena, json, &report, book);
}

static struct curb_str load(struct curb_arena *arena, const char *name)
{
	enum { ROOM = 65536 };
	char path[600], *bytes = curb_alloc(arena, ROOM);
	(void)snprintf(path, sizeof path, "%s/audiobooks/%s", CURB_CORPORA, name);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, ROOM);
	return n < 0 ? curb_str(NULL) : curb_str_n(bytes, (size_t)n);
}

/* Before anything is allocated: skip() does not come back. */
static void need_corpora(void)
{
	if (access(CURB_CORPORA "/audiobooks", R_OK) == 0)
		return;
	print_message("skipped: no corpora\n");
	skip();
}

static void lpf__durations(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = { { "PT59S", 59000 },
		      { "PT1H2M3.5S", 3723500 },
		      { "P1DT1S", 86401000 },
		      { "PT0.25S", 250 },
		      { "PT13774S", 13774000 },
		      { "PT", -1 },
		      { "", -1 },
		      { "59", -1 },
		      { "PT1S1H", -1 },
		      { "P1H", -1 },
		      { "PT99999999999S", -1 },
		      { "PT-1S", -1 } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(lpf_duration_ms(curb_str(cases[i].text)), cases[i].ms);
	assert_int_equal(lpf_fragment_ms(curb_str("a.mp3#t=12.5")), 12500);
	assert_int_equal(lpf_fragment_ms(curb_str("a.mp3#t=npt:3,9")), 3000);
	assert_int_equal(lpf_fragment_ms(curb_str("a.mp3#x")), 0);
}

static void lpf__addresses_stay_inside(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 16);
	assert_true(curb_str_is(lpf_path(arena, curb_str("./a%20b/%E6%8C%89.mp3#t=1")), "a b/按.mp3"));
	assert_true(curb_str_is(lpf_path(arena, curb_str("a.mp3?x=1")), "a.mp3"));
	assert_null(lpf_path(arena, curb_str("http://example.org/a.mp3")).ptr);
	assert_null(lpf_path(arena, curb_str("file:a")).ptr);
	assert_null(lpf_path(arena, curb_str("//host/a")).ptr);
	assert_null(lpf_path(arena, curb_str("/a")).ptr);
	assert_null(lpf_path(arena, curb_str("#here")).ptr);
}

static void lpf__the_manifest_is_found(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_str url, json;
	assert_true(
		lpf_find_manifest(arena,
	                          curb_str("<!-- <link rel=publication href=no> --><LINK REL='x publication' "
	                                   "HREF='a&amp;b.json'>"),
	                          &url, &json));
	assert_true(curb_str_is(url, "a&b.json"));
	assert_true(lpf_find_manifest(
		arena, curb_str("<link href=#m rel=publication><script id=m>{\"a\":1}</script>"), &url,
		&json));
	assert_true(curb_str_is(json, "{\"a\":1}"));
	assert_false(lpf_find_manifest(arena, curb_str("<link href=#m rel=publication><script id=m>{"), &url,
	                               &json));
	assert_false(lpf_find_manifest(arena, curb_str("<p>nothing <"), &url, &json));
}

/* Each case: the manifest and a finding that must be told; "": no finding but notes on what is recommended. */
static void lpf__manifests_of_the_w3c(void **unused)
{
	(void)unused;
	need_corpora();
	static const struct {
		const char *file, *finding;
		size_t chapters;
	} cases[] = {
		{ "a5.01.jsonld", NULL, 9 },
		{ "a5.02.jsonld", NULL, 1 },
		{ "a5.4.01.jsonld", "lpf.type()", 1 },
		{ "a5.5.01.jsonld", "lpf.recommended(accessMode)", 1 },
		{ "a5.5.02.jsonld", "lpf.duration_sum(13774)", 3 },
		{ "a5.5.03.jsonld", "lpf.duration(", 3 },
		{ "a5.6.01.jsonld", "lpf.no_audio()", 0 },
		{ "a5.6.02.jsonld", "lpf.not_audio(", 0 },
		{ "a5.7.01.jsonld", "lpf.cover()", 0 },
		{ "a5.7.02.jsonld", NULL, 0 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(4 << 20);
		struct notes notes;
		struct lpf_book book;
		char name[200];
		(void)snprintf(name, sizeof name, "manifests/manifest_processing/tests/%s", cases[i].file);
		struct curb_str json = load(arena, name);
		assert_non_null(json.ptr);
		assert_true(parse(arena, json, &notes, &book));
		if (cases[i].finding ? !strstr(notes.text, cases[i].finding) : notes.text[0] != '\0')
			print_message("%s: %s\n", cases[i].file, notes.text);
		if (cases[i].finding)
			assert_non_null(strstr(notes.text, cases[i].finding));
		else
			assert_string_equal(notes.text, "");
		if (cases[i].chapters)
			assert_int_equal(book.count, cases[i].chapters);
	}
}

static void toc_of(struct curb_arena *arena, struct curb_str html, char *ret_text, size_t room)
{
	struct lpf_link links[50];
	size_t count = lpf_parse_toc(arena, html, links, 50);
	ret_text[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(ret_text);
		(void)snprintf(ret_text + n, room - n, "%d%.*s|", links[i].level, (int)links[i].text.len,
		               links[i].text.ptr);
	}
}

static void lpf__tables_of_contents_of_the_w3c(void **unused)
{
	(void)unused;
	need_corpora();
	static const struct {
		const char *file, *links;
	} cases[] = {
		{ "c2.branches.01", "1Section 1|2Section 1.1|3Section 1.1.1|" },
		{ "c2.branches.02", "1Section 1|2Section 1.1|3Section 1.1.1|" },
		{ "c2.branches.03",
		  "1Section 1|1Section 2|2Section 2.1|3Section 2.1.1|1Section 3|2Section 3.1|" },
		{ "c2.branches.05", "1About the Author|" },
		{ "c2.branches.06", "1Section 1|" },
		{ "c2.branches.08", "1Section 1|2Section 1.1|" },
		{ "c2.ignored.01", "1Chapter 1|" },
		{ "c2.ignored.02", "" },
		{ "c2.ignored.03", "1Part 1|" },
		{ "c2.ignored.04", "1Part 1|2Chapter 1|2Chapter 3|" },
		{ "c2.ignored.05", "1Chapter 1|" },
		{ "c2.list.01", "1Chapter 1|" },
		{ "c2.list.02", "1Chapter 1|" },
		{ "c2.skipped.01", "1Chapter 1|" },
		{ "c2.skipped.02", "1Chapter 1|" },
		{ "c2.skipped.03", "" },
		{ "s4813-04/toc", "1Chapter 1|" },
		{ "s4.8.1.3.06", "1Chapter 1|" },
		{ "s4.8.1.3.07", "1Chapter 1|" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(4 << 20);
		char name[200], text[2000];
		(void)snprintf(name, sizeof name, "publication_manifest/toc_processing/tests/%s.html",
		               cases[i].file);
		struct curb_str html = load(arena, name);
		assert_non_null(html.ptr);
		toc_of(arena, html, text, sizeof text);
		if (strcmp(text, cases[i].links) != 0)
			print_message("%s: %s\n", cases[i].file, text);
		assert_string_equal(text, cases[i].links);
	}
}

static void lpf__broken_pages_end(void **unused)
{
	(void)unused;
	static const char *const pages[] = { "<nav role=doc-toc><ol><li><a href=x>&#x110000;&#65;&bogus;&",
		                             "<nav role=doc-toc><ol><li><a href=\"x>",
		                             "<nav role=doc-toc></ol></ol><ol>",
		                             "<",
		                             "<a",
		                             "<!--",
		                             "<nav role=\"doc-toc" };
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
		char text[2000];
		toc_of(arena, curb_str(pages[i]), text, sizeof text);
		assert_string_equal(text, i == 0 ? "1|" : "");
	}
}

/* Four megabytes of tags that never end are read once, not once for each. */
static void lpf__hostile_pages_cost_little(void **unused)
{
	(void)unused;
	enum { SIZE = 4 * 1024 * 1024, SECONDS = 5 };
	static const char *const parts[] = {
		"<a", "<a \"", "<!-", "<a href=x>", "<ol>", "&#", "<nav role=doc-toc><ol><a href=a>"
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(64 << 20);
		char *page = curb_alloc(arena, SIZE), text[4000];
		static const char head[] = "<nav role=doc-toc><ol>";
		size_t n = strlen(parts[i]);
		memcpy(page, head, sizeof head - 1);
		for (size_t at = sizeof head - 1; at + n < SIZE; at += n)
			memcpy(page + at, parts[i], n);
		clock_t start = clock();
		toc_of(arena, curb_str_n(page, SIZE), text, sizeof text);
		assert_true(clock() - start < (clock_t)SECONDS * CLOCKS_PER_SEC);
	}
}

static void names__order_and_kinds(void **unused)
{
	(void)unused;
	static const char *const sorted[] = { "lesson1.mp4",    "lesson2.mp4", "lesson10.mp4",
		                              "lesson010b.mp4", "课1",         "课12" };
	for (size_t i = 1; i < sizeof sorted / sizeof *sorted; i++) {
		assert_true(name_compare(curb_str(sorted[i - 1]), curb_str(sorted[i])) < 0);
		assert_true(name_compare(curb_str(sorted[i]), curb_str(sorted[i - 1])) > 0);
	}
	assert_int_equal(name_compare(curb_str("a1"), curb_str("a1")), 0);
	assert_true(curb_str_is(name_stem(curb_str("a/b/lesson1.zh-CN.srt")), "lesson1.zh-CN"));
	assert_true(curb_str_is(name_stem(curb_str(".hidden")), ".hidden"));
	assert_true(curb_str_is(name_ending(curb_str("a.b/c")), ""));
	assert_true(name_is_litter(curb_str("__MACOSX/._a.mp4")) && name_is_litter(curb_str("a/.DS_Store")));
	assert_false(name_is_litter(curb_str("a/b.mp4")));
	assert_true(name_is_lang(curb_str("zh-CN")) && name_is_lang(curb_str("csl")) &&
	            name_is_lang(curb_str("zh-Hans-CN")));
	assert_false(name_is_lang(curb_str("")) || name_is_lang(curb_str("z")) ||
	             name_is_lang(curb_str("zh_CN")) || name_is_lang(curb_str("zh-")) ||
	             name_is_lang(curb_str("1a")));
	assert_int_equal(hours_of_media(45 * 60 * 1000), 100);
	assert_int_equal(hours_of_media(26999), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lpf__durations),
		cmocka_unit_test(lpf__addresses_stay_inside),
		cmocka_unit_test(lpf__the_manifest_is_found),
		cmocka_unit_test(lpf__manifests_of_the_w3c),
		cmocka_unit_test(lpf__tables_of_contents_of_the_w3c),
		cmocka_unit_test(lpf__broken_pages_end),
		cmocka_unit_test(lpf__hostile_pages_cost_little),
		cmocka_unit_test(names__order_and_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
