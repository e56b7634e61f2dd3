#include "page_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "curb/cleanup.h"
#include "demo_embedded.h"

struct fixture {
	struct pages *pages;
	struct curb_arena *arena;
	struct curb_buf out;
};

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	char *text = curb_xcalloc(1, 65536);
	assert_true(fread(text, 1, 65535, file) > 0);
	assert_int_equal(fclose(file), 0);
	return text;
}

static int set_up(void **state)
{
	const struct a11y_api *a11y = a11y_service();
	struct fixture *f = curb_xcalloc(1, sizeof *f);
	f->pages = pages_new();
	f->arena = curb_arena_new(1 << 20);
	f->out = curb_buf(1 << 20);
	assert_int_equal(pages_add(f->pages, "core", NULL, core_page_messages, NULL), 0);
	assert_int_equal(pages_add(f->pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets), 0);
	assert_int_equal(pages_add(f->pages, "demo", demo_templates, NULL, NULL), 0);
	if (pages_seal(f->pages))
		fail_msg("%s", curb_error_text());
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	curb_buf_free(&f->out);
	curb_arena_free(f->arena);
	pages_free(f->pages);
	free(f);
	return 0;
}

static void make(struct fixture *f, const char *owner, const char *name, const char *lang, const char *json)
{
	struct curb_value *model = NULL;
	assert_int_equal(curb_json_parse(f->arena, curb_str(json), &model), 0);
	curb_buf_clear(&f->out);
	if (pages_layout(f->pages, owner, name, curb_str(lang), model, &f->out))
		fail_msg("%s", curb_error_text());
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;
	for (; (text = strstr(text, part)); text++)
		n++;
	return n;
}

/* Every component in both languages. With CURB_PAGES_OUT the pages are kept for looking at them. */
static void layout__every_component_in_both_languages(void **state)
{
	struct fixture *f = *state;
	static const char *const langs[] = { "en", "zh-CN" };
	char *json = read_file(CURB_DEMO_MODEL);
	for (size_t i = 0; i < 2; i++) {
		make(f, "demo", "demo", langs[i], json);
		assert_int_equal(count(f->out.data, "<h1>"), 1);
		assert_int_equal(count(f->out.data, "<main "), 1);
		assert_non_null(strstr(f->out.data, i ? "<html lang=\"zh-CN\" dir=\"ltr\">" :
		                                        "<html lang=\"en\" dir=\"ltr\">"));
		assert_non_null(strstr(f->out.data, i ? ">退出登录<" : ">Sign out<"));
		assert_non_null(strstr(f->out.data, "<a href=\"/demo?a=1\" aria-current=\"page\">"));
		assert_int_equal(count(f->out.data, "aria-current=\"page\""), 1);
		assert_null(strstr(f->out.data, "<b>"));
		assert_null(strstr(f->out.data, "<王>"));
		assert_non_null(strstr(f->out.data, "保健按摩 &amp; &lt;components&gt;</h1>"));
		const char *folder = getenv("CURB_PAGES_OUT");
		if (folder) {
			FILE *file = fopen(curb_printf(f->arena, "%s/%s.html", folder, langs[i]), "wb");
			assert_non_null(file);
			assert_int_equal(fwrite(f->out.data, 1, f->out.len, file), f->out.len);
			assert_int_equal(fclose(file), 0);
		}
	}
	free(json);
}

static void layout__the_way_back_is_one_parameter(void **state)
{
	struct fixture *f = *state;
	make(f, "a11y", "problem", "en",
	     "{\"title\":\"T\",\"path\":\"/a?x=1&y=2\",\"way_back\":\"/a?x=1&y=2\"}");
	assert_non_null(strstr(f->out.data, "<a href=\"/signin?back=%2Fa%3Fx%3D1%26y%3D2\">Sign in</a>"));
	assert_non_null(strstr(f->out.data, "name=\"back\" value=\"/a?x=1&amp;y=2\""));
	assert_null(strstr(f->out.data, "/signout"));
	assert_null(strstr(f->out.data, "Report a difficulty"));
}

static void layout__a_page_is_small(void **state)
{
	struct fixture *f = *state;
	make(f, "a11y", "problem", "zh-CN", "{\"title\":\"T\",\"path\":\"/\"}");
	size_t sum = f->out.len;
	for (const struct curb_embedded *asset = a11y_service()->assets; asset->name; asset++)
		if (strstr(f->out.data, asset->name))
			sum += asset->size;
	assert_in_range(sum, 5000, 30 * 1024);
}

static void layout__assets_are_served_by_the_address_in_the_page(void **state)
{
	struct fixture *f = *state;
	struct pages_file file = { 0 };
	make(f, "a11y", "problem", "en", "{\"title\":\"T\",\"path\":\"/\"}");
	assert_non_null(strstr(f->out.data, "<link rel=\"icon\" href=\"data:image/svg+xml,"));
	const char *from = strstr(f->out.data, "/assets/a11y/");
	assert_non_null(from);
	struct curb_str path = curb_str_n(from + 8, strcspn(from + 8, "\""));
	assert_int_equal(pages_asset(f->pages, path, &file), 0);
	assert_string_equal(file.type, "text/css; charset=utf-8");
	assert_true(file.bytes.len > 100);
	assert_int_equal(pages_asset(f->pages, curb_str("a11y/curb.css"), &file), CURB_ENOTFOUND);
}

static void layout__a_page_has_a_head_of_its_own(void **state)
{
	struct fixture *f = *state;
	make(f, "demo", "demo", "en", "{\"title\":\"T\",\"path\":\"/\"}");
	const char *meta = strstr(f->out.data, "<meta name=\"of-this-page\"");
	assert_true(meta && meta < strstr(f->out.data, "</head>"));
	make(f, "a11y", "problem", "en", "{\"title\":\"T\",\"path\":\"/\"}");
	assert_null(strstr(f->out.data, "of-this-page"));
	assert_non_null(strstr(f->out.data, "<li><a href=\"/\" aria-current=\"page\">Captions</a></li>"));
}

static void layout__unknown_pages_are_our_fault(void **state)
{
	struct fixture *f = *state;
	const struct curb_value *model = curb_object(f->arena);
	assert_int_equal(pages_layout(f->pages, "demo", "none", curb_str("en"), model, &f->out),
	                 CURB_EINTERNAL);
}

static void features__have_words(void **state)
{
	struct fixture *f = *state;
	const struct a11y_api *a11y = a11y_service();
	size_t n = 0;
	for (; a11y->feature(n); n++) {
		const struct a11y_feature *feature = a11y->feature(n);
		assert_ptr_equal(a11y->feature_text(feature->name, strlen(feature->name)), feature->text);
		assert_string_not_equal(pages_tr(f->pages, curb_str("zh-CN"), feature->text), feature->text);
	}
	assert_true(n >= 5);
	assert_null(a11y->feature_text("caption", 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(layout__every_component_in_both_languages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layout__the_way_back_is_one_parameter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layout__a_page_is_small, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layout__assets_are_served_by_the_address_in_the_page, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(layout__a_page_has_a_head_of_its_own, set_up, tear_down),
		cmocka_unit_test_setup_teardown(layout__unknown_pages_are_our_fault, set_up, tear_down),
		cmocka_unit_test_setup_teardown(features__have_words, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
