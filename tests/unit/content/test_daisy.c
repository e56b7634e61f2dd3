/* DAISY 2.02 and DAISY 3 through the real worker: two sounds of two seconds, headings, and in the second kind a text. */
#include "package_case.h"

#define NCC(title, links)                                                                                  \
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 "         \
	"Transitional//EN\" "                                                                              \
	"\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\"><html "                               \
	"xmlns=\"http://www.w3.org/1999/xhtml\">"                                                          \
	"<head><title>x</title><meta name=\"dc:title\" content=\"" title "\"/><meta name=\"dc:language\" " \
	"content=\"zh-CN\"/><meta name=\"dc:publisher\" content=\"P\"/></head><body>" links "</body></html>"
#define LINKS                                                                        \
	"<h1 class=\"title\" id=\"a\"><a href=\"one.smil#t1\">书&nbsp;名</a></h1>" \
	"<span class=\"page-normal\" id=\"b\"><a href=\"one.smil#t1\">1</a></span>"  \
	"<h2 id=\"c\"><a href=\"one.smil#t2\">第<b>一</b>节</a></h2>"             \
	"<h1 id=\"d\"><a href=\"TWO.smil#t3\">Two</a></h1><h6 id=\"e\"><a "          \
	"href=\"one.smil#no\">Lost</a></h6>"
#define PAR(text, id, audio, from, to)                                                         \
	"<par endsync=\"last\"><text src=\"" text "\" id=\"" id "\"/><seq><audio src=\"" audio \
	"\" clip-begin=\"npt=" from "s\" clip-end=\"npt=" to "s\"/></seq></par>"
#define SMIL(body) "<smil><head/><body><seq dur=\"4s\">" body "</seq></body></smil>"

static void daisy202__a_book_with_headings(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(2 * SECOND);
	const struct zip_item items[] = {
		text("b/NCC.HTML", NCC("按摩", LINKS)),
		text("b/one.smil", SMIL(PAR("ncc.html#a", "t1", "A.mp3", "0", "0.5")
		                                PAR("ncc.html#c", "t2", "A.mp3", "0.5", "2"))),
		text("b/two.smil", SMIL(PAR("ncc.html#d", "t3", "s/b.mp3", "0.25", "2"))),
		file("b/a.mp3", &audio),
		file("b/s/b.mp3", &audio),
		text("b/master.smil", SMIL("")),
	};
	struct intake_package package = take_zip(bench, items, 6, "book.zip");
	show(&package);
	assert_false(package.refused);
	struct curb_value *unit = unit_of(&package, 0);
	assert_true(curb_str_is(curb_get_str(package.package, "reader"), "daisy202"));
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "按摩"));
	assert_true(curb_str_is(curb_get_str(package.package, "lang"), "zh-CN"));
	assert_true(curb_str_is(curb_get_str(package.package, "provider"), "P"));
	assert_true(curb_str_is(curb_get_str(unit, "kind"), "audiobook"));
	assert_in_range(curb_get_int(unit, "duration_ms", 0), 3900, 4200);
	assert_int_equal(curb_value_count(curb_value_get(unit, "nav")), 3);
	assert_point(unit, 0, 1, "书\xC2\xA0名", 0);
	assert_point(unit, 1, 2, "第一节", 500);
	assert_point(unit, 2, 1, "Two", second_file(unit) + 250);
	assert_true(curb_str_is(find(&package, "book.places")->a, "1"));
	assert_null(track_of(unit, "transcript")); /* headings are no text of the book */
	assert_non_null(find(&package, "a11y.audio-only"));
}

#define OPF                                                                                                 \
	"<package xmlns=\"http://openebook.org/namespaces/oeb-package/1.0/\"><metadata><dc-metadata "       \
	"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:Title>Book &amp; "                               \
	"more</dc:Title><dc:Language>en</dc:Language>"                                                      \
	"<dc:Publisher>P</dc:Publisher></dc-metadata></metadata><manifest><item id=\"ncx\" href=\"n.ncx\" " \
	"media-type=\"application/x-dtbncx+xml\"/><item id=\"s2\" href=\"two.smil\" "                       \
	"media-type=\"application/smil\"/>"                                                                 \
	"<item id=\"s1\" href=\"one.smil\" media-type=\"application/smil\"/></manifest>"                    \
	"<spine><itemref idref=\"s1\"/><itemref idref=\"s2\"/></spine></package>"
#define NCX                                                                                               \
	"<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\"><docTitle><text>T</text></docTitle><navMap>" \
	"<navPoint id=\"1\"><navLabel><text>One</text><audio src=\"a.mp3\"/></navLabel><content "         \
	"src=\"one.smil#p1\"/>"                                                                           \
	"<navPoint id=\"2\"><navLabel><text> Deep </text></navLabel><content "                            \
	"src=\"one.smil#p2\"/></navPoint></navPoint>"                                                     \
	"<navPoint id=\"3\"><navLabel><text>Two</text></navLabel><content "                               \
	"src=\"two.smil\"/></navPoint></navMap>"                                                          \
	"<pageList><pageTarget><navLabel><text>7</text></navLabel><content "                              \
	"src=\"one.smil#p1\"/></pageTarget></pageList></ncx>"
#define PAR3(id, text, audio, from, to)                                                         \
	"<par id=\"" id "\"><text src=\"" text "\"/><audio src=\"" audio "\" clipBegin=\"" from \
	"\" clipEnd=\"" to "\"/></par>"
#define DTBOOK                                                                                            \
	"<!DOCTYPE dtbook PUBLIC \"-//NISO//DTD dtbook 2005-3//EN\" \"dtbook.dtd\" [<!ENTITY % M "        \
	"\"INCLUDE\">]>"                                                                                  \
	"<dtbook><book><level1><h1 id=\"h\">One</h1><p><sent id=\"x\">a &lt; b\n <em>&amp; c</em></sent>" \
	"<sent id=\"y\">&eacute;nd<rt>not said twice</rt></sent></p></level1></book></dtbook>"

static void daisy3__a_book_with_its_text(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(2 * SECOND);
	const struct zip_item items[] = {
		text("book.opf", OPF),
		text("n.ncx", NCX),
		text("one.smil", SMIL(PAR3("p1", "b.xml#h", "a.mp3", "0:00:00", "0:00:01")
		                              PAR3("p2", "b.xml#x", "a.mp3", "1s", "1.5s"))),
		text("two.smil", SMIL(PAR3("p3", "b.xml#y", "b.mp3", "0s", "1s"))),
		text("b.xml", DTBOOK),
		file("a.mp3", &audio),
		file("b.mp3", &audio),
	};
	struct intake_package package = take_zip(bench, items, 7, "book.zip");
	show(&package);
	assert_false(package.refused);
	struct curb_value *unit = unit_of(&package, 0);
	assert_true(curb_str_is(curb_get_str(package.package, "reader"), "daisy3"));
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "Book & more"));
	assert_int_equal(curb_value_count(curb_value_get(unit, "nav")), 3);
	assert_point(unit, 0, 1, "One", 0);
	assert_point(unit, 1, 2, "Deep", 1000);
	assert_point(unit, 2, 1, "Two", second_file(unit));
	const char *said = bytes_of(bench, track_of(unit, "transcript"));
	assert_non_null(strstr(said, "\"a < b & c\""));
	assert_non_null(strstr(said, "\"énd\""));
	assert_non_null(strstr(bytes_of(bench, track_of(unit, "captions")),
	                       "00:00:01.000 --> 00:00:01.500\na &lt; b &amp; c\n"));
	assert_null(find(&package, "a11y.audio-only"));
}

static void daisy__bad_books_leave_nothing(void **state)
{
	static const struct {
		const char *ncc, *smil, *code, *where;
	} cases[] = {
		{ NCC("x", LINKS), SMIL(PAR("ncc.html#a", "t1", "no.mp3", "0", "1")), "book.missing",
		  "one.smil" },
		{ NCC("x", LINKS), SMIL(PAR("ncc.html#a", "t1", "../../a.mp3", "0", "1")), "book.missing",
		  "one.smil" },
		{ NCC("x", LINKS), SMIL(PAR("ncc.html#a", "t1", "http://example.org/a.mp3", "0", "1")),
		  "book.missing", "one.smil" },
		{ NCC("x", LINKS), SMIL("<par><text src=\"ncc.html#a\"/></par>"), "book.no_audio",
		  "ncc.html" },
		{ NCC("x", LINKS), "<smil>\n<par>", "book.xml", "one.smil:2" },
		{ NCC("x", "<h1><a href=\"none.smil\">1</a></h1>"), SMIL(""), "book.contents", "ncc.html" },
		{ "<html>&", SMIL(""), "book.xml", "ncc.html:1" },
		{ "<!DOCTYPE html [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><html>&b;</html>",
		  SMIL(""), "book.xml", "ncc.html:1" },
	};
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct zip_item items[] = { text("ncc.html", cases[i].ncc),
			                          text("one.smil", cases[i].smil), file("a.mp3", &audio) };
		struct intake_package package = take_zip(bench, items, 3, "book.zip");
		const struct intake_finding *found = find(&package, cases[i].code);
		if (!found)
			show(&package);
		assert_non_null(found);
		assert_true(curb_str_is(found->where, cases[i].where));
		assert_true(package.refused);
		assert_int_equal(files_in(bench), 0);
	}
}

static void daisy__odd_times_and_texts_are_told(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(5 * SECOND);
	const struct zip_item items[] = {
		text("ncc.html", NCC("x", "<h1><a href=\"one.smil#t1\">1</a></h1>")),
		text("one.smil",
		     SMIL(PAR("t.html#x", "t1", "a.mp3", "4", "5") PAR("t.html#y", "t2", "a.mp3", "0", "1")
		                  PAR("t.html#z", "t3", "a.mp3", "90", "91"))),
		text("t.html", "<html><p id=\"x\">one</p>\n<p id=\"y\">two</html>"),
		file("a.mp3", &audio),
	};
	struct intake_package package = take_zip(bench, items, 4, "book.zip");
	show(&package);
	assert_false(package.refused);
	assert_true(curb_str_is(find(&package, "book.order")->a, "1"));
	assert_true(curb_str_is(find(&package, "book.beyond")->b, "1"));
	assert_true(curb_str_is(find(&package, "book.text")->a, "2"));
	assert_non_null(strstr(bytes_of(bench, track_of(unit_of(&package, 0), "transcript")), "one"));
}

static void daisy__texts_that_nobody_reads_aloud_are_told(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND);
	const struct zip_item items[] = {
		text("ncc.html", NCC("x", "<h1><a href=\"one.smil#t1\">1</a></h1>")),
		text("one.smil", SMIL(PAR("t.html#x", "t1", "a.mp3", "0", "1") "<par><text src=\"t.html#y\"/>"
		                                                               "</par>")),
		text("t.html", "<html><p id=\"x\">one</p><p id=\"y\">two</p></html>"),
		file("a.mp3", &audio),
	};
	struct intake_package package = take_zip(bench, items, 4, "book.zip");
	show(&package);
	assert_false(package.refused);
	const struct intake_finding *found = find(&package, "book.unread");
	assert_true(curb_str_is(found->where, "one.smil") && curb_str_is(found->a, "1"));
	assert_true(curb_str_is(found->b, "t.html#y"));
}

static void daisy202__chinese_charsets(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND);
	const struct zip_item items[] = {
		text("ncc.html",
		     "<?xml version=\"1.0\" encoding=\"gb2312\"?><html><head><meta name=\"dc:title\" "
		     "content=\"\xB0\xB4\xC4\xA6\"/></head><body><h1><a "
		     "href=\"one.smil\">\xBB\xF9\xB4\xA1</a></h1></body></html>"),
		text("one.smil", SMIL("<audio src=\"a.mp3\"/>")),
		file("a.mp3", &audio),
	};
	struct intake_package package = take_zip(bench, items, 3, "book.zip");
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "按摩"));
	assert_point(unit_of(&package, 0), 0, 1, "基础", 0);
}

static void daisy__lies_in_a_course(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND), book = curb_buf(4 << 20);
	const struct zip_item inner[] = {
		text("ncc.html", NCC("x", "<h1><a href=\"one.smil\">1</a></h1>")),
		text("one.smil", SMIL("<audio src=\"a.mp3\"/>")),
		file("a.mp3", &audio),
	};
	zip_make(&book, inner, 3);
	const struct zip_item outer[] = {
		text("course.json", "{\"name\":\"c\",\"inLanguage\":\"en\",\"units\":[{\"id\":\"u1\","
		                    "\"name\":\"n\",\"kind\":"
		                    "\"audiobook\",\"hours\":0,\"src\":\"book.zip\"}]}"),
		file("book.zip", &book),
	};
	struct intake_package package = take_zip(bench, outer, 2, "c.zip");
	show(&package);
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(unit_of(&package, 0), "kind"), "audiobook"));
	assert_point(unit_of(&package, 0), 0, 1, "1", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(daisy202__a_book_with_headings),
		CASE(daisy202__chinese_charsets),
		CASE(daisy3__a_book_with_its_text),
		CASE(daisy__bad_books_leave_nothing),
		CASE(daisy__odd_times_and_texts_are_told),
		CASE(daisy__lies_in_a_course),
		CASE(daisy__texts_that_nobody_reads_aloud_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
