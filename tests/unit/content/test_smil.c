/* Clock values, clips and anchors of SMIL, and the documents that a book is made of. */
#include "cm.h"

#include "curb/cleanup.h"
#include "document.h"
#include "smil.h"

static void smil__clock_values(void **unused)
{
	(void)unused;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {
		{ "npt=12.345s", 12345 },
		{ "npt=0s", 0 },
		{ "12", 12000 },
		{ "12.5", 12500 },
		{ "250ms", 250 },
		{ "1.5min", 90000 },
		{ "2h", 7200000 },
		{ "0:00:05.123", 5123 },
		{ "02:03", 123000 },
		{ "11:59:59.999", 43199999 },
		{ " 3s ", 3000 },
		{ "1000000000h", INT64_C(3600000000000000) },
		{ "", -1 },
		{ "s", -1 },
		{ "-1s", -1 },
		{ "1:2:3:4", -1 },
		{ "1:2s", -1 },
		{ "1:", -1 },
		{ "12 s", -1 },
		{ "99999999999s", -1 },
		{ "begin", -1 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (smil_clock_ms(curb_str(cases[i].text)) != cases[i].ms)
			fail_msg("%s: %lld", cases[i].text,
			         (long long)smil_clock_ms(curb_str(cases[i].text)));
	assert_int_equal(smil_clock_ms(curb_str(NULL)), -1);
}

static void smil__clips_and_places(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct smil_times times = { .arena = arena };
	static const char first[] =
		"<?xml version=\"1.0\"?><!DOCTYPE smil PUBLIC \"-//W3C//DTD SMIL 1.0//EN\" \"x.dtd\">"
		"<smil><body><seq id=\"s\"><par id=\"p1\"><text id=\"t1\" src=\"n.html#h1\"/><seq>"
		"<audio src=\"a.mp3\" clip-begin=\"npt=0s\" clip-end=\"npt=1.5s\" id=\"q1\"/>"
		"<audio src=\"a.mp3\" clip-begin=\"npt=1.5s\" clip-end=\"npt=2s\" id=\"q2\"/></seq></par>"
		"<par id=\"p2\"><audio src=\"b.mp3\"/><text id=\"t2\" "
		"src=\"n.html#h2\"/></par></seq></body></smil>";
	static const char second[] =
		"<smil><body><par><text src=\"d.xml#z\"/>"
		"<audio src=\"c.mp3\" clipBegin=\"0:00:01\" clipEnd=\"0:00:02\"/></par>&nbsp;</body></smil>";
	assert_int_equal(smil_read(&times, 0, curb_str(first), NULL), 0);
	assert_int_equal(smil_read(&times, 1, curb_str(second), "UTF-8"), 0);
	smil_sort(&times);
	assert_int_equal(times.clip_count, 4);
	assert_int_equal(times.clips[1].begin_ms, 1500);
	assert_int_equal(times.clips[1].end_ms, 2000);
	assert_true(curb_str_is(times.clips[1].text, "n.html#h1"));
	assert_true(curb_str_is(times.clips[2].text, "n.html#h2"));
	assert_int_equal(times.clips[2].end_ms, -1);
	assert_int_equal(times.clips[3].begin_ms, 1000);
	assert_int_equal(smil_clip_at(&times, 0, curb_str("t1")), 0);
	assert_int_equal(smil_clip_at(&times, 0, curb_str("q2")), 1);
	assert_int_equal(smil_clip_at(&times, 0, curb_str("t2")), 2);
	assert_int_equal(smil_clip_at(&times, 0, curb_str("p2")), 2);
	assert_int_equal(smil_clip_at(&times, 1, curb_str(NULL)), 3);
	assert_int_equal(smil_clip_at(&times, 1, curb_str("t2")), times.clip_count);
	assert_int_equal(smil_clip_at(&times, 2, curb_str(NULL)), times.clip_count);
}

static void smil__entities_of_its_own_end_the_reading(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct smil_times times = { .arena = arena };
	static const char *const bad[] = {
		"<!DOCTYPE smil [<!ENTITY a \"b\">]><smil>&a;</smil>",
		"<!DOCTYPE smil [\n<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<smil>&a;</smil>",
		"<smil><par></smil>",
		"",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_not_equal(smil_read(&times, 0, curb_str(bad[i]), NULL), 0);
	assert_int_equal(smil_read(&times, 0, curb_str("<smil>\n\n<par></smil>"), NULL), 3);
	assert_int_equal(
		smil_read(&times, 0, curb_str("<!DOCTYPE smil [<!ENTITY % p \"INCLUDE\">]><smil/>"), NULL),
		0);
}

static void take(void *arg, struct curb_str text)
{
	curb_buf_str(arg, text);
}

static bool each(void *arg, struct curb_str name, const char **attributes)
{
	(void)arg;
	(void)name;
	(void)attributes;
	return true;
}

static void pages__names_and_charsets(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1000);
	const struct xml_walk walk = { .begin = each, .text = take, .end = xml_no_end, .arg = &out };
	static const struct {
		const char *page, *text;
	} cases[] = {
		{ "<p>a&nbsp;b&eacute;&unheard;&amp;</p>", "a\xC2\xA0"
		                                           "b\xC3\xA9&" },
		{ "<?xml version='1.0' encoding='windows-1252'?><p>\x93\xE9\x94</p>",
		  "\xE2\x80\x9C\xC3\xA9\xE2\x80\x9D" },
		{ "<?xml version='1.0' encoding='iso-8859-1'?><p>\xE9</p>", "\xC3\xA9" },
		{ "<!DOCTYPE html PUBLIC 'x' 'http://example.org/x.dtd'><p>&hellip;</p>", "\xE2\x80\xA6" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		curb_buf_clear(&out);
		assert_int_equal(xml_read_page(curb_str(cases[i].page), NULL, &walk), 0);
		assert_string_equal(out.data, cases[i].text);
	}
}

static void documents__addresses(void **unused)
{
	(void)unused;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(1 << 20);
	struct zip_entry entries[] = { { .name = { "book/NCC.html", 13 } },
		                       { .name = { "book/audio/01 a.mp3", 19 } },
		                       { .name = { "top.mp3", 7 } },
		                       { .name = { "book/audio", 10 }, .folder = true } };
	struct zip zip = { .entries = entries, .count = 4 };
	const struct reader_job job = { .arena = arena, .zip = &zip, .root = { "", 0 } };
	struct document_names names;
	struct curb_str fragment, from = curb_str("book/NCC.html");
	document_names(&job, &names);
	assert_ptr_equal(document_beside(&names, from, curb_str("Audio/01%20A.MP3#x"), &fragment),
	                 &entries[1]);
	assert_true(curb_str_is(fragment, "x"));
	assert_ptr_equal(document_beside(&names, from, curb_str("./audio//../ncc.HTML"), &fragment),
	                 &entries[0]);
	assert_null(fragment.ptr);
	assert_ptr_equal(document_beside(&names, from, curb_str("../top.mp3"), &fragment), &entries[2]);
	assert_ptr_equal(document_beside(&names, entries[1].name, curb_str("../ncc.html#"), &fragment),
	                 &entries[0]);
	static const char *const nowhere[] = { "../../top.mp3",
		                               "../../../etc/passwd",
		                               "http://example.org/a.mp3",
		                               "/top.mp3",
		                               "audio",
		                               "",
		                               "#x",
		                               "none.mp3" };
	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
		assert_null(document_beside(&names, from, curb_str(nowhere[i]), &fragment));
	assert_ptr_equal(document_named(&job, "ncc.html", false), &entries[0]);
	assert_ptr_equal(document_named(&job, ".mp3", true), &entries[2]);
	assert_null(document_named(&job, "cc.html", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smil__clock_values),
		cmocka_unit_test(smil__clips_and_places),
		cmocka_unit_test(smil__entities_of_its_own_end_the_reading),
		cmocka_unit_test(pages__names_and_charsets),
		cmocka_unit_test(documents__addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
