/* Documents without sound through the real worker: EPUB and pages of HTML. */
#include "package_case.h"

#define CONTAINER                                                                                    \
	"<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile " \
	"full-path=\"b.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>"
#define OPF                                                                                        \
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata "               \
	"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>书</dc:title><dc:language>zh-CN" \
	"</dc:language></metadata><manifest><item id=\"n\" href=\"n.xhtml\" properties=\"nav\" "   \
	"media-type=\"application/xhtml+xml\"/><item id=\"a\" href=\"a.xhtml\" "                   \
	"media-type=\"application/xhtml+xml\"/><item id=\"b\" href=\"b.xhtml\" "                   \
	"media-type=\"application/xhtml+xml\"/></manifest><spine><itemref idref=\"a\"/><itemref "  \
	"idref=\"b\"/></spine></package>"
#define NAV                                                                                                \
	"<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\"><body>"  \
	"<nav epub:type=\"toc\"><ol><li><a href=\"a.xhtml\">One</a></li><li><a href=\"b.xhtml#x\">Two</a>" \
	"</li></ol></nav></body></html>"
#define PAGE(inside) \
	"<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\"><body>" inside "</body></html>"
#define PNG "\x89PNG\r\n\x1a\n 1234567890"

static struct intake_package take_book(struct bench *bench, const char *first, const char *second)
{
	const struct zip_item items[] = {
		text("mimetype", "application/epub+zip"),
		text("META-INF/container.xml", CONTAINER),
		text("b.opf", OPF),
		text("n.xhtml", NAV),
		text("a.xhtml", first),
		text("b.xhtml", second),
		text("i.png", PNG),
	};
	return take_zip(bench, items, sizeof items / sizeof *items, "book.epub");
}

static struct intake_package take_page(struct bench *bench, const char *page)
{
	const struct zip_item items[] = { text("index.html", page), text("i.png", PNG) };
	return take_zip(bench, items, 2, "pages.zip");
}

static void assert_part(struct bench *bench, const char *page, const char *wanted)
{
	struct intake_package package = take_page(bench, page);
	show(&package);
	assert_false(package.refused);
	char *bytes = bytes_of(bench, track_of(unit_of(&package, 0), "part"));
	if (!strstr(bytes, wanted))
		fail_msg("%s\nhas no\n%s", bytes, wanted);
}

static void prose__a_book_without_sound_is_a_document(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = take_book(
		bench, PAGE("<h1>One</h1><p>abcde <a href=\"b.xhtml#x\">on</a></p>"),
		PAGE("<p>一二三四</p><p id=\"x\">五</p>"));
	show(&package);
	assert_false(package.refused);
	struct curb_value *unit = unit_of(&package, 0), *tracks = curb_value_get(unit, "tracks");
	assert_true(curb_str_is(curb_get_str(unit, "kind"), "document"));
	assert_int_equal(curb_value_count(tracks), 2);
	/* ten characters of 80 ms, and five of 250 ms: each part in whole seconds */
	assert_int_equal(curb_get_int(curb_value_at(tracks, 0), "duration_ms", 0), 1000);
	assert_int_equal(second_file(unit), 1000);
	assert_int_equal(curb_get_int(unit, "duration_ms", 0), 3000);
	assert_point(unit, 0, 1, "One", 0);
	assert_point(unit, 1, 1, "Two", 2000);
	const char *bytes = bytes_of(bench, curb_value_at(tracks, 0));
	assert_string_equal(
		bytes,
		"{\"lang\":\"en\",\"blocks\":[[\"p\",\"abcde \",[\"a\",{\"part\":2,\"at\":1000},\"on\"]]]}");
	assert_int_equal(package.count, 0);
}

static void prose__what_runs_and_what_leads_out_is_dropped(void **state)
{
	struct bench *bench = *state;
	assert_part(bench,
	            "<title>t</title><style>x</style><p onclick=x style=y>a<script>b</script><a "
	            "href=javascript:x>c</a><a href=\"http://x\">d</a><iframe src=x>e</iframe></p>",
	            "\"blocks\":[[\"p\",\"a\",\"c\",\"d\"]]");
	struct intake_package package = take_page(bench, "<p>a<video></video><a href=http://x>b</a></p>");
	assert_non_null(find(&package, "prose.lost"));
	assert_non_null(find(&package, "prose.links"));
	assert_non_null(find(&package, "prose.lang"));
	assert_non_null(find(&package, "prose.contents"));
}

static void prose__pictures_keep_their_words(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = take_page(bench, "<html lang=en><p>x<img src=i.png alt='a hand'><img "
	                                                 "src=i.png><img src=gone.png alt=gone></p>");
	show(&package);
	struct curb_value *unit = unit_of(&package, 0);
	const char *bytes = bytes_of(bench, track_of(unit, "part"));
	assert_non_null(strstr(bytes, "[\"img\",{\"picture\":0,\"alt\":\"a hand\"}]"));
	assert_non_null(strstr(bytes, "\"gone\"]"));
	assert_non_null(track_of(unit, "picture"));
	assert_true(curb_str_is(find(&package, "prose.alt")->a, "1"));
	assert_true(curb_str_is(find(&package, "prose.missing")->a, "gone.png"));
}

static void prose__headings_and_tables_are_looked_at(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = take_page(
		bench, "<html lang=en><h1>a</h1><h4>b</h4><table><tr><td>1<td>2<tr><td>3<td>4</table>");
	assert_non_null(find(&package, "prose.headings"));
	assert_non_null(find(&package, "prose.table"));
	assert_part(bench, "<html lang=en><p>x<h1>a</h1><h4>b</h4>", "[\"h2\",\"a\"],[\"h3\",\"b\"]");
	package = take_page(bench, "<html lang=en><table><tr><th>1<th>2<tr><td>3<td>4</table>");
	assert_null(find(&package, "prose.table"));
}

static void prose__deep_nesting_is_made_flat(void **state)
{
	enum { DEEP = 5000 };
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf page = curb_buf(1 << 20);
	for (int i = 0; i < DEEP; i++)
		curb_buf_text(&page, i % 2 ? "<blockquote>" : "<ul><li>");
	curb_buf_text(&page, "the end");
	curb_buf_char(&page, '\0');
	struct intake_package package = take_page(bench, page.data);
	assert_false(package.refused);
	struct curb_value *part = NULL;
	const char *bytes = bytes_of(bench, track_of(unit_of(&package, 0), "part"));
	assert_non_null(strstr(bytes, "the end"));
	assert_int_equal(curb_json_parse(bench->arena, curb_str(bytes), &part), 0);
}

static void prose__ten_thousand_parts_are_refused(void **state)
{
	enum { PAGES = 10000, NAME = 16 };
	struct bench *bench = *state;
	struct zip_item *items = calloc(PAGES, sizeof *items);
	char(*names)[NAME] = calloc(PAGES, NAME);
	for (int i = 0; i < PAGES; i++) {
		(void)snprintf(names[i], NAME, "p%d.html", i);
		items[i] = text(names[i], "<p>x");
	}
	struct intake_package package = take_zip(bench, items, PAGES, "pages.zip");
	show(&package);
	assert_true(package.refused);
	assert_true(curb_str_is(find(&package, "prose.long")->a, "2000"));
	assert_int_equal(files_in(bench), 0);
	free(names);
	free(items);
}

static void prose__nothing_to_read_is_told(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = take_page(bench, "<body><script>x</script></body>");
	assert_true(package.refused);
	assert_non_null(find(&package, "prose.empty"));
}

static void prose__a_locked_book_is_told_politely(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("mimetype", "application/epub+zip"),
		text("META-INF/container.xml", CONTAINER),
		text("META-INF/encryption.xml",
		     "<encryption><EncryptedData><EncryptionMethod "
		     "Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes256-cbc\"/"
		     "><CipherData><CipherReference "
		     "URI=\"a.xhtml\"/></CipherData></EncryptedData></encryption>"),
		text("b.opf", OPF),
		text("n.xhtml", NAV),
		text("a.xhtml", "locked"),
		text("b.xhtml", PAGE("<p>x</p>")),
	};
	struct intake_package package = take_zip(bench, items, sizeof items / sizeof *items, "book.epub");
	assert_true(package.refused);
	assert_non_null(find(&package, "book.protected"));
	assert_int_equal(files_in(bench), 0);
}

static void prose__broken_xhtml_is_read_as_browsers_do(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = take_book(bench, "<html><p>one<br>two", PAGE("<p id='x'>x</p>"));
	assert_false(package.refused);
	assert_true(curb_str_is(find(&package, "prose.mended")->where, "a.xhtml:1"));
	assert_non_null(
		strstr(bytes_of(bench, track_of(unit_of(&package, 0), "part")), "\"one\",[\"br\"],\"two\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(prose__a_book_without_sound_is_a_document),
		CASE(prose__what_runs_and_what_leads_out_is_dropped),
		CASE(prose__pictures_keep_their_words),
		CASE(prose__headings_and_tables_are_looked_at),
		CASE(prose__deep_nesting_is_made_flat),
		CASE(prose__ten_thousand_parts_are_refused),
		CASE(prose__nothing_to_read_is_told),
		CASE(prose__a_locked_book_is_told_politely),
		CASE(prose__broken_xhtml_is_read_as_browsers_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
