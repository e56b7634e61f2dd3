#include "page_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "template.h"

static void check(const char *text, const char *json, const char *wanted)
{
	char *got = page_text(text, NULL, json);
	if (!got)
		fail_msg("%s refused: %s", text, curb_error_text());
	assert_string_equal(got, wanted);
	free(got);
}

static void template__escapes_by_place(void **unused)
{
	(void)unused;
	static const char model[] = "{\"x\":\"<b a='1'>&\\\"`</b>\",\"u\":\"a\\u0001b\"}";
	static const char escaped[] = "&lt;b a=&#39;1&#39;&gt;&amp;&#34;&#96;&lt;/b&gt;";
	static const struct {
		const char *before, *after;
	} places[] = {
		{ "<p>", "</p>" },         { "<p title=\"", "\">y</p>" },   { "<p title='", "'>y</p>" },
		{ "<title>", "</title>" }, { "<textarea>", "</textarea>" },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char text[128], wanted[256];
		(void)snprintf(text, sizeof text, "%s{{x}}%s", places[i].before, places[i].after);
		(void)snprintf(wanted, sizeof wanted, "%s%s%s", places[i].before, escaped, places[i].after);
		check(text, model, wanted);
	}
	check("{{_ a {x} b}}", model, "a &lt;b a=&#39;1&#39;&gt;&amp;&#34;&#96;&lt;/b&gt; b");
	check("<i title=\"{{_ a\n\t {x}}}\"></i>", "{\"x\":\"\\\"\"}", "<i title=\"a &#34;\"></i>");
}

static void template__writes_known_elements_of_a_tree(void **unused)
{
	(void)unused;
	static const struct {
		const char *tree, *wanted;
	} cases[] = {
		{ "[\"<b>\",[\"p\",\"a\",[\"em\",\"&\"]]]", "&lt;b&gt;<p>a<em>&amp;</em></p>" },
		{ "[[\"script\",\"x\"],[\"p\",{\"onclick\":\"x\",\"style\":\"x\",\"class\":\"x\"}]]",
		  "x<p></p>" },
		{ "[[\"p\",{\"lang\":\"zh-CN\",\"dir\":\"rtl\",\"id\":\"p1\"},\"x\"]]",
		  "<p id=\"p1\" lang=\"zh-CN\" dir=\"rtl\">x</p>" },
		{ "[[\"p\",{\"lang\":\"\\\" x=\\\"\",\"id\":1}]]", "<p></p>" },
		{ "[[\"a\",{\"href\":\"/documents/1?part=2#p3\"},\"x\"]]",
		  "<a href=\"/documents/1?part=2#p3\">x</a>" },
		{ "[[\"a\",{\"href\":\"javascript:x\"}],[\"a\",{\"href\":\"//x\"}],[\"a\",{\"href\":\"https:/"
		  "/x\"}],"
		  "[\"a\",{\"href\":\"/\\\\x\"}]]",
		  "<a></a><a></a><a></a><a></a>" },
		{ "[[\"img\",{\"src\":\"/a\",\"alt\":\"\\\"<\"},\"lost\"]]",
		  "<img src=\"/a\" alt=\"&#34;&lt;\">" },
		{ "[[\"thead\",[\"tr\",[\"th\",{\"scope\":\"row\"},\"a\"],[\"th\",\"b\"],[\"td\",{"
		  "\"colspan\":\"2\"}]]]]",
		  "<tbody role=\"rowgroup\"><tr role=\"row\"><th scope=\"row\" role=\"rowheader\">a</th><th "
		  "role=\"columnheader\">"
		  "b</th><td colspan=\"2\" role=\"cell\"></td></tr></tbody>" },
		{ "[[\"page\",{\"aria-label\":\"<7>\"}]]",
		  "<span aria-label=\"&lt;7&gt;\" role=\"doc-pagebreak\"></span>" },
		{ "[[\"pre\",\"a b\\n  <手\",[\"b\",\"c\"]]]",
		  "<pre class=\"typed\">a b\n\xc2\xa0\xc2\xa0&lt;手<b>c</b></pre>" },
		{ "[1,null,true,{},[],[1,\"x\"]]", "x" },
		{ "\"<b>\"", "" },
		{ "null", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char model[400];
		(void)snprintf(model, sizeof model, "{\"x\":%s}", cases[i].tree);
		check("{{tree x}}", model, cases[i].wanted);
	}
	assert_null(page_text("<p title=\"{{tree x}}\">a</p>", NULL, "{}"));
	assert_null(page_text("{{tree x y}}", NULL, "{}"));
}

static void template__blocks_addresses_that_run(void **unused)
{
	(void)unused;
	static const struct {
		const char *url, *wanted;
	} cases[] = {
		{ "javascript:alert(1)", "#" },
		{ "JaVaScRiPt:alert(1)", "#" },
		{ " javascript:alert(1)", "#" },
		{ "java\\tscript:alert(1)", "#" },
		{ "\\u0001javascript:alert(1)", "#" },
		{ "javascript&colon;alert(1)", "#" },
		{ "data:text/html,x", "#" },
		{ "vbscript:x", "#" },
		{ "file:///etc/passwd", "#" },
		{ "", "" },
		{ "#top", "#top" },
		{ "/courses/1?a=1&b=c:d", "/courses/1?a=1&amp;b=c:d" },
		{ "page?x=javascript:", "page?x=javascript:" },
		{ "https://example.org/", "https://example.org/" },
		{ "HTTP://example.org/", "HTTP://example.org/" },
		{ "mailto:a@example.org", "mailto:a@example.org" },
		{ "tel:+86531", "tel:+86531" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char model[128], wanted[128];
		(void)snprintf(model, sizeof model, "{\"x\":\"%s\",\"y\":\"script:z\"}", cases[i].url);
		(void)snprintf(wanted, sizeof wanted, "<a href=\"%s\">x</a>", cases[i].wanted);
		check("<a href=\"{{x}}\">x</a>", model, wanted);
	}
	check("<form action='{{x}}{{y}}'></form>", "{\"x\":\"java\",\"y\":\"script:z\"}",
	      "<form action='#'></form>");
	check("<link href=\"data:image/svg+xml,x\">", "{}", "<link href=\"data:image/svg+xml,x\">");
	check("<form action='/{{x}}{{y}}'></form>", "{\"x\":\"java\",\"y\":\"script:z\"}",
	      "<form action='/javascript:z'></form>");
	check("<a href=\"/x/{{x}}?a={{x}}#{{y}}\" title='?{{x}}'>{{x}}</a>",
	      "{\"x\":\"a&b=\u6309 \",\"y\":\"~'\"}",
	      "<a href=\"/x/a&amp;b=\u6309 ?a=a%26b%3D%E6%8C%89%20#~%27\" title='?a&amp;b=\u6309 "
	      "'>a&amp;b=\u6309 </a>");
	check("<a href=\"{{#l}}{{.}}{{/l}}\">x</a>", "{\"l\":[\"javascript\",\":\",\"x\"]}",
	      "<a href=\"#\">x</a>");
}

static const struct {
	const char *text;
	unsigned line;
} refused[] = {
	{ "<script>{{x}}</script>", 1 },
	{ "<script>alert(1)</script>", 1 },
	{ "\n<style>{{x}}</style>", 2 },
	{ "<style>p{}</style>", 1 },
	{ "<p style=\"{{x}}\">", 1 },
	{ "<p style=\"color:red\">", 1 },
	{ "<p onclick=\"{{x}}\">", 1 },
	{ "<p ONCLICK='f()'>", 1 },
	{ "<p class={{x}}>", 1 },
	{ "<p class=a{{x}}>", 1 },
	{ "<p {{x}}>", 1 },
	{ "<p {{x}}=\"1\">", 1 },
	{ "<p a{{x}}=\"1\">", 1 },
	{ "<{{x}}>", 1 },
	{ "<p{{x}}>", 1 },
	{ "</{{x}}>", 1 },
	{ "<textarea></text{{x}}></textarea>", 1 },
	{ "<!-- {{x}} -->", 1 },
	{ "<!doctype {{x}}>", 1 },
	{ "<iframe srcdoc=\"{{x}}\"></iframe>", 1 },
	{ "<iframe>{{x}}</iframe>", 1 },
	{ "<img srcset=\"{{x}}\">", 1 },
	{ "<script src=\"{{x}}\"></script>", 1 },
	{ "<link href=\"{{x}}\">", 1 },
	{ "<svg><animate attributeName=\"href\" values=\"{{x}}\"/>", 1 },
	{ "<svg><set to=\"{{x}}\"/>", 1 },
	{ "<base href=\"{{x}}\">", 1 },
	{ "<object data=\"{{x}}\"></object>", 1 },
	{ "<meta http-equiv=\"refresh\" content=\"{{x}}\">", 1 },
	{ "<a href=\"javascript:alert(1)\">", 1 },
	{ "<a href=\"{{_ text}}\">", 1 },
	{ "a\nb\n{{#x}}<p>\n", 4 },
	{ "{{#x}}<p {{/x}}>", 1 },
	{ "<p {{#x}}a=\"{{/x}}\">", 1 },
	{ "<p a=\"{{#x}}\"b=\"{{/x}}\">", 1 },
	{ "{{#x}}<title>{{/x}}</title>", 1 },
	{ "<p {{#x}}a{{/x}}b=\"1\">", 1 },
	{ "<p a=\"1\"b=\"2\">", 1 },
	{ "<p a = \"1\">", 1 },
	{ "<p a=>", 1 },
	{ "{{/x}}", 1 },
	{ "{{#x}}{{/y}}", 1 },
	{ "{{x", 1 },
	{ "{{}}", 1 },
	{ "{{a..b}}", 1 },
	{ "{{a b}}", 1 },
	{ "{{{x}}}", 1 },
	{ "{{&x}}", 1 },
	{ "{{_ }}", 1 },
	{ "{{_ a {b c}}}", 1 },
	{ "{{>}}", 1 },
	{ "{{>part x}}", 1 },
	{ "{{>part x=\"a}}", 1 },
	{ "{{>part x=a-b}}", 1 },
	{ "<p {{>part}}>", 1 },
	{ "<p title=\"{{>part}}\">", 1 },
	{ "{{>nobody}}", 1 },
	{ "\n\n{{>nobody}}", 3 },
	{ "{{>content}}", 1 },
	{ "<script src=\"{{asset b.js}}\"></script>", 1 },
	{ "{{asset a.js}}", 1 },
	{ "<a href=\"data:image/svg+xml,x\">x</a>", 1 },
	{ "<link href=\"data:text/css,x\">", 1 },
	{ "<link href=\"data:image/{{x}}\">", 1 },
	{ "<?php", 1 },
	{ "<p", 1 },
	{ "<title>x", 1 },
	{ "<title></titlex>", 1 },
	{ "<script></scripts>", 1 },
	{ "\xff", 1 },
};

static void template__refuses_with_the_line(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct pages *pages = pages_new();
		char where[64];
		(void)snprintf(where, sizeof where, "own/t.html, line %u:", refused[i].line);
		assert_int_equal(page_of(pages, refused[i].text, ""), CURB_EINVAL);
		if (!strstr(curb_error_text(), where))
			fail_msg("%s: %s", refused[i].text, curb_error_text());
		pages_free(pages);
	}
}

static void template__a_zero_byte_is_refused(void **unused)
{
	(void)unused;
	static const char text[] = "{{_ \0 x}}";
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct template *template = NULL;
	int err = template_compile(arena, "own", "t", curb_str_n(text, sizeof text - 1), &template);
	assert_int_equal(err, CURB_EINVAL);
	assert_null(template);
	assert_int_equal(template_compile(arena, "own", "t", curb_str(""), &template), 0);
	curb_arena_free(arena);
}

static void template__takes_what_is_safe(void **unused)
{
	(void)unused;
	check("a < b && {{x}} }} {", "{\"x\":1}", "a < b && 1 }} {");
	check("<!doctype html><!-- a -- > - --><p>{{x}}", "{\"x\":\"1\"}",
	      "<!doctype html><!-- a -- > - --><p>1");
	check("<input{{#on}} checked{{/on}} value=\"{{x}}\">", "{\"on\":true,\"x\":\"v\"}",
	      "<input checked value=\"v\">");
	check("<input {{#on}}checked{{/on}}>", "{}", "<input >");
	check("<p class=\"a{{#on}} b{{/on}}\">", "{\"on\":1}", "<p class=\"a b\">");
	check("<script src=\"/x.js\" defer></script>{{x}}", "{\"x\":true}",
	      "<script src=\"/x.js\" defer></script>true");
	check("<title>a</titlé>{{x}}</TITLE ><script></script >", "{\"x\":\"<\"}",
	      "<title>a</titlé>&lt;</TITLE ><script></script >");
	check("<video poster=\"{{x}}\" src=\"/m/{{x}}\">", "{\"x\":\"p\"}",
	      "<video poster=\"p\" src=\"/m/p\">");
	check("<a href=\"/x\">{{! {{ no }}{{x}}</a>", "{\"x\":1.5}", "<a href=\"/x\">1.5</a>");
}

static void template__sections(void **unused)
{
	(void)unused;
	check("{{#l}}{{.}},{{/l}}{{^l}}none{{/l}}", "{\"l\":[1,\"b\",true]}", "1,b,true,");
	check("{{#l}}x{{/l}}{{^l}}none{{/l}}", "{\"l\":[]}", "none");
	check("{{#a}}{{b}}{{c}}{{/a}}", "{\"a\":{\"b\":1},\"c\":2}", "12");
	check("{{a.b.c}}{{a.x.y}}{{x}}", "{\"a\":{\"b\":{\"c\":3}}}", "3");
	check("{{#n}}n{{/n}}{{^n}}0{{/n}}{{#s}}s{{/s}}{{^t}}no t{{/t}}", "{\"n\":0,\"s\":\"y\",\"t\":\"\"}",
	      "0sno t");
	check("{{#l}}{{#k}}{{n}}{{/k}};{{/l}}", "{\"l\":[{\"k\":[{\"n\":1},{\"n\":2}]},{\"n\":9}]}", "12;;");
	check("{{#l.0}}<b>{{#l}}{{.}}{{/l}}</b>{{/l.0}}{{#m.0}}no{{/m.0}}{{l.1}}{{l.2}}{{l.x}}",
	      "{\"l\":[\"a\",\"b\"],\"m\":[]}", "<b>ab</b>b");
	check("{{#f}}x{{/f}}{{^f}}y{{/f}}{{^z}}z{{/z}}", "{\"f\":false,\"z\":null}", "yz");
}

static void template__a_line_of_a_tag_alone_is_left_out(void **unused)
{
	(void)unused;
	check("a\n {{#l}} \n<b>{{.}}</b>\n{{/l}}\n{{! c }}\nz", "{\"l\":[1,2]}", "a\n<b>1</b>\n<b>2</b>\nz");
	check("{{#l}}\n{{.}} {{/l}}\nz", "{\"l\":[1]}", "1 \nz");
	check("{{#l}}{{/l}}\n{{l.0}}\n", "{\"l\":[1]}", "\n1\n");
	check("<p\n{{#l}}\nhidden\n{{/l}}\n>", "{\"l\":[1]}", "<p\n\nhidden\n\n>");
}

static void template__partials_have_names_of_their_own(void **unused)
{
	(void)unused;
	char *got = page_text("{{>part a=\"1\" b=x c=\"_Hi {x}\"}}|{{>part}}", "{{a}}{{b}}{{c}}{{#c}}!{{/c}}",
	                      "{\"x\":\"<\",\"a\":\"outer\"}");
	assert_string_equal(got, "1&lt;Hi &lt;!|outer");
	free(got);
	got = page_text("{{#l}}{{>part label=\"_{a} of {n}\" a=x}}{{/l}}",
	                "{{label}}{{a}}{{n}}{{y}}{{lang}};",
	                "{\"l\":[{\"a\":1,\"x\":\"X\"},{\"a\":2}],\"n\":2,\"y\":\"Y\"}");
	assert_string_equal(got, "1 of 2Xen;2 of 2en;");
	free(got);
	got = page_text("{{#l}}{{>part}}{{/l}}", "({{n}}{{#l}}{{>part}}{{/l}})",
	                "{\"l\":[{\"n\":1,\"l\":[{\"n\":2,\"l\":[]},{\"n\":3,\"l\":[]}]}]}");
	assert_string_equal(got, "(1(2)(3))");
	free(got);
}

static void template__recursion_ends(void **unused)
{
	(void)unused;
	assert_null(page_text("{{>part}}", "x{{>part}}", "{}"));
	assert_non_null(strstr(curb_error_text(), "nests too deep"));
}

static void template__a_full_buffer_is_an_error(void **unused)
{
	(void)unused;
	struct pages *pages = pages_new();
	struct curb_arena *arena = curb_arena_new(1 << 20);
	struct curb_buf out = curb_buf(8);
	assert_int_equal(page_of(pages, "<a href=\"{{x}}\">0123456789</a>", NULL), 0);
	assert_int_equal(pages_render(pages, "own", "t", curb_str("en"), curb_object(arena), &out),
	                 CURB_ETOOBIG);
	assert_int_equal(pages_render(pages, "own", "u", curb_str("en"), curb_object(arena), &out),
	                 CURB_EINTERNAL);
	curb_buf_free(&out);
	curb_arena_free(arena);
	pages_free(pages);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(template__escapes_by_place),
		cmocka_unit_test(template__writes_known_elements_of_a_tree),
		cmocka_unit_test(template__blocks_addresses_that_run),
		cmocka_unit_test(template__refuses_with_the_line),
		cmocka_unit_test(template__a_zero_byte_is_refused),
		cmocka_unit_test(template__takes_what_is_safe),
		cmocka_unit_test(template__sections),
		cmocka_unit_test(template__a_line_of_a_tag_alone_is_left_out),
		cmocka_unit_test(template__partials_have_names_of_their_own),
		cmocka_unit_test(template__recursion_ends),
		cmocka_unit_test(template__a_full_buffer_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
