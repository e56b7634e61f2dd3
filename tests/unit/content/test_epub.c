/* EPUB with media overlays through the real worker, and the books of others where they are. */
#include "package_case.h"

#define CONTAINER                                                                                    \
	"<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles><rootfile " \
	"full-path=\""                                                                               \
	"OPS/book.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>"
#define OPF                                                                                                 \
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata "                        \
	"xmlns:dc=\"http://purl.org/dc/"                                                                    \
	"elements/1.1/\"><dc:title>书</dc:title><dc:language>zh-CN</dc:language><meta "                    \
	"property=\"schema:accessMode\">"                                                                   \
	"auditory</meta><meta property=\"schema:accessMode\"> textual </meta><meta "                        \
	"name=\"schema:accessibilityHazard\" "                                                              \
	"content=\"none\"/></metadata><manifest><item id=\"nav\" href=\"nav.xhtml\" properties=\"scripted " \
	"nav\" media-type="                                                                                 \
	"\"application/xhtml+xml\"/><item id=\"c1\" href=\"t/c1.xhtml\" media-overlay=\"m1\"/><item "       \
	"id=\"c2\" href=\"t/c2.xhtml\" "                                                                    \
	"media-overlay=\"m1\"/><item id=\"c3\" href=\"t/c3.xhtml\" "                                        \
	"media-type=\"application/xhtml+xml\"/><item id=\"m1\" href=\"m/one.smil\"/><item id=\"ncx\" "      \
	"href=\"n.ncx\"/></manifest>"
#define SPINE                                                                        \
	"<spine toc=\"ncx\"><itemref idref=\"c1\"/><itemref idref=\"c2\"/><itemref " \
	"idref=\"c3\"/></spine></package>"
#define NAV                                                                                         \
	"<!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\" "                              \
	"xmlns:epub=\"http://www.idpf.org/2007/ops\"><body>"                                        \
	"<nav epub:type=\"landmarks\"><ol><li><a href=\"t/c1.xhtml\">Mark</a></li></ol></nav><nav " \
	"epub:type=\"toc\"><ol>"                                                                    \
	"<li><a href=\"t/c1.xhtml\">第<i>一</i>章</a><ol><li><a "                                \
	"href=\"t/c1.xhtml#sec\">节</a></li></ol></li><li>"                                        \
	"<a href=\"t/c2.xhtml#in\">Two</a></li><li><a "                                             \
	"href=\"t/c3.xhtml\">Silent</a></li></ol></nav></body></html>"
#define SMIL                                                                                      \
	"<smil xmlns=\"http://www.w3.org/ns/SMIL\" version=\"3.0\"><body><seq id=\"s\"><par "     \
	"id=\"p1\"><text src=\"../t/c1.xhtml#a\"/>"                                               \
	"<audio src=\"../a.mp3\" clipBegin=\"0s\" clipEnd=\"500ms\"/></par><par id=\"p2\"><text " \
	"src=\"../t/c1.xhtml#b\"/><audio "                                                        \
	"src=\"../a.mp3\" clipBegin=\"0:00:00.500\" clipEnd=\"1s\"/></par><par id=\"p3\"><text "  \
	"src=\"../t/c2.xhtml#c\"/><audio "                                                        \
	"src=\"../a.mp3\" clipBegin=\"1s\"/></par></seq></body></smil>"
#define C1                                                                 \
	"<html><body><p id=\"a\">one</p><section id=\"sec\"><h2>x</h2><p " \
	"id=\"b\">two</p></section></body></html>"
#define C2 "<html><body><p id=\"c\">th<b id=\"in\">re</b>e</p></body></html>"

static void epub__a_book_that_is_read_aloud(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(2 * SECOND);
	const struct zip_item items[] = {
		text("mimetype", "application/epub+zip"),
		text("META-INF/container.xml", CONTAINER),
		text("OPS/book.opf", OPF SPINE),
		text("OPS/nav.xhtml", NAV),
		text("OPS/m/one.smil", SMIL),
		text("OPS/t/c1.xhtml", C1),
		text("OPS/t/c2.xhtml", C2),
		text("OPS/t/c3.xhtml", "<html/>"),
		file("OPS/a.mp3", &audio),
		text("META-INF/encryption.xml",
		     "<encryption><EncryptedData><EncryptionMethod "
		     "Algorithm=\"http://www.idpf.org/2008/embedding\"/>"
		     "<CipherData><CipherReference "
		     "URI=\"OPS/f.otf\"/></CipherData></EncryptedData></encryption>"),
	};
	struct intake_package package = take_zip(bench, items, sizeof items / sizeof *items, "book.epub");
	show(&package);
	assert_false(package.refused);
	struct curb_value *unit = unit_of(&package, 0),
			  *modes = curb_value_get(package.package, "accessMode");
	assert_true(curb_str_is(curb_get_str(package.package, "reader"), "epub"));
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "书"));
	assert_int_equal(curb_value_count(modes), 2);
	assert_true(curb_str_is(curb_value_str(curb_value_at(modes, 1)), "textual"));
	assert_int_equal(curb_value_count(curb_value_get(package.package, "accessibilityHazard")), 1);
	assert_int_equal(curb_value_count(curb_value_get(unit, "nav")), 3);
	assert_point(unit, 0, 1, "第一章", 0);
	assert_point(unit, 1, 2, "节", 500);   /* what is read next behind the place */
	assert_point(unit, 2, 1, "Two", 1000); /* what is being read at the place */
	assert_true(curb_str_is(find(&package, "book.places")->a, "1"));
	assert_true(curb_str_is(find(&package, "book.unread")->a, "1"));
	assert_true(curb_str_is(find(&package, "book.unread")->b, "t/c3.xhtml"));
	assert_non_null(strstr(bytes_of(bench, track_of(unit, "transcript")), "three"));
}

static void epub__bad_books_leave_nothing(void **state)
{
	static const struct {
		const char *container, *opf, *lock, *code, *where;
	} cases[] = {
		{ "<container/>", OPF SPINE, "<x/>", "book.missing", "META-INF/container.xml" },
		{ "<container>", OPF SPINE, "<x/>", "book.xml", "META-INF/container.xml:1" },
		{ CONTAINER, OPF "<spine/></package>", "<x/>", "prose.empty", NULL },
		{ CONTAINER, OPF, "<x/>", "book.xml", "OPS/book.opf:1" },
		{ CONTAINER, OPF SPINE,
		  "<encryption><EncryptionMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#aes256-cbc\"/>"
		  "<CipherReference URI=\"OPS/a.mp3\"/></encryption>",
		  "book.protected", "META-INF/encryption.xml" },
	};
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct zip_item items[] = {
			text("mimetype", "application/epub+zip"),
			text("META-INF/container.xml", cases[i].container),
			text("META-INF/encryption.xml", cases[i].lock),
			text("OPS/book.opf", cases[i].opf),
			file("OPS/a.mp3", &audio),
		};
		struct intake_package package = take_zip(bench, items, 5, "book.epub");
		const struct intake_finding *found = find(&package, cases[i].code);
		if (!found)
			show(&package);
		assert_non_null(found);
		assert_true(cases[i].where ? curb_str_is(found->where, cases[i].where) : !found->where.ptr);
		assert_int_equal(files_in(bench), 0);
	}
}

#define MANIFEST_OF(items, spine)                                                                  \
	"<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\"><metadata "               \
	"xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Book</dc:title><dc:language>en</" \
	"dc:language></metadata><manifest>" items "</manifest><spine>" spine "</spine></package>"
#define PAGE(id, more) \
	"<item id=\"" id "\" href=\"t/" id ".xhtml\" media-type=\"application/xhtml+xml\" " more "/>"

static void epub__overlays_for_a_voice_of_the_program_are_a_document(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("mimetype", "application/epub+zip"),
		text("META-INF/container.xml", CONTAINER),
		text("OPS/book.opf",
		     MANIFEST_OF(PAGE("c1", "media-overlay=\"m1\"") "<item id=\"m1\" href=\"m.smil\"/>",
		                 "<itemref idref=\"c1\"/>")),
		text("OPS/m.smil",
		     "<smil xmlns=\"http://www.w3.org/ns/SMIL\" version=\"3.0\"><body><par><text "
		     "src=\"t/c1.xhtml#a\"/></par></body></smil>"),
		text("OPS/t/c1.xhtml", C1),
	};
	struct intake_package package = take_zip(bench, items, 5, "book.epub");
	if (package.refused)
		show(&package);
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(unit_of(&package, 0), "kind"), "document"));
}

static void epub__a_page_that_is_a_picture_is_told(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("mimetype", "application/epub+zip"),
		text("META-INF/container.xml", CONTAINER),
		text("OPS/book.opf",
		     MANIFEST_OF(
			     PAGE("c1",
		                  "") "<item id=\"p\" href=\"p.svg\" media-type=\"image/svg+xml\"/><item "
				      "id=\"gone\" href=\"g.xhtml\" media-type=\"application/xhtml+xml\"/>",
			     "<itemref idref=\"c1\"/><itemref idref=\"p\"/><itemref idref=\"gone\"/>")),
		text("OPS/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
		text("OPS/t/c1.xhtml", C1),
	};
	struct intake_package package = take_zip(bench, items, 5, "book.epub");
	assert_false(package.refused);
	assert_true(curb_str_is(find(&package, "prose.page")->a, "p.svg"));
	assert_true(curb_str_is(find(&package, "prose.missing")->a, "g.xhtml"));
}

static void epub__books_without_sound_are_documents(void **state)
{
	static const char *const books[] = { "idpf-accessible_epub_3", "idpf-childrens-literature",
		                             "idpf-mymedia_lite" };
	struct bench *bench = *state;
	if (access(CURB_CORPORA "/epub", R_OK) != 0) {
		print_message("skipped: no corpora\n");
		skip();
	}
	for (size_t i = 0; i < sizeof books / sizeof *books; i++) {
		char path[600];
		(void)snprintf(path, sizeof path, CURB_CORPORA "/epub/%s.epub", books[i]);
		CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
		struct intake_package package = take(bench, fd, "book.epub");
		show(&package);
		assert_false(package.refused);
		assert_true(curb_str_is(curb_get_str(unit_of(&package, 0), "kind"), "document"));
		assert_non_null(track_of(unit_of(&package, 0), "part"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(epub__a_book_that_is_read_aloud),
		CASE(epub__bad_books_leave_nothing),
		CASE(epub__overlays_for_a_voice_of_the_program_are_a_document),
		CASE(epub__a_page_that_is_a_picture_is_told),
		CASE(epub__books_without_sound_are_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
