/* What each reader makes of its packages, through the real worker. */
#include "package_case.h"

static void folder__audio_files_become_a_book(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(2 * SECOND);
	const struct zip_item items[] = { text("书/", ""),
		                          file("书/第10课.mp3", &audio),
		                          file("书/第2课.mp3", &audio),
		                          text("书/readme.txt", "x"),
		                          text("__MACOSX/书/._第2课.mp3", "x"),
		                          text("书/.DS_Store", "x") };
	struct intake_package package = take_zip(bench, items, sizeof items / sizeof *items, "upload.zip");
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(package.package, "reader"), "folder"));
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "书"));
	struct curb_value *unit = unit_of(&package, 0), *nav = curb_value_get(unit, "nav");
	assert_int_equal(curb_value_count(curb_value_get(package.package, "units")), 1);
	assert_true(curb_str_is(curb_get_str(unit, "kind"), "audiobook"));
	assert_int_equal(curb_value_count(nav), 2);
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 0), "text"), "第2课"));
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 1), "text"), "第10课"));
	assert_in_range(curb_get_int(curb_value_at(nav, 1), "start_ms", 0), 1900, 2200);
	assert_true(curb_str_is(find(&package, "folder.unused")->a, "书/readme.txt"));
	assert_int_equal(bench->progress, 1000);
}

static void folder__captions_belong_to_the_video_of_their_name(void **state)
{
	static const char gb18030[] =
		"1\r\n00:00:00,500 --> 00:00:03,000\r\n\xB0\xB4\xC4\xA6\xBB\xF9\xB4\xA1\r\n";
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf video = curb_buf(8 << 20);
	CURB_AUTO(fd) int fd = open(CURB_CORPORA "/video/mountains_31175.mp4", O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		print_message("skipped: no corpora\n");
		skip();
	}
	char chunk[65536];
	for (ssize_t n; (n = read(fd, chunk, sizeof chunk)) > 0;)
		curb_buf_add(&video, chunk, (size_t)n);
	const struct zip_item items[] = { file("lesson1.mp4", &video), text("lesson1.zh-CN.srt", gb18030),
		                          text("lesson10.srt", "1\n00:00:00,500 --> 00:00:03,000\nx\n") };
	struct intake_package package = take_zip(bench, items, 3, "lessons.zip");
	assert_false(package.refused);
	struct curb_value *captions = track_of(unit_of(&package, 0), "captions");
	assert_non_null(captions);
	assert_true(curb_str_is(curb_get_str(captions, "lang"), "zh-CN"));
	assert_non_null(strstr(bytes_of(bench, captions), "03.000\n按摩基础\n"));
	assert_true(curb_str_is(find(&package, "folder.unused")->a, "lesson10.srt"));
}

#define BOOK "{\"id\":\"u1\",\"name\":\"n\",\"kind\":\"audiobook\",\"hours\":0,\"src\":"
#define COURSE "{\"name\":\"c\",\"inLanguage\":\"en\",\"units\":["

static void course__tracks_lie_beside_the_media(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(20 * SECOND);
	const struct zip_item items[] = {
		text("c/course.json", COURSE BOOK
		     "\"a/u1.mp3\",\"tracks\":[{\"kind\":\"captions\",\"lang\":\"en\",\"src\":\"u1.vtt\","
		     "\"label\":\"English\"},{\"kind\":\"chapters\",\"src\":\"ch.vtt\"}]}]}"),
		file("c/a/u1.mp3", &audio),
		text("c/u1.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nHello &amp; welcome\n"),
		text("c/ch.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\n<b>One</b> &amp; a half\n\n"
		                 "00:05.000 --> 00:09.000\nTwo\n"),
	};
	struct intake_package package = take_zip(bench, items, 4, "c.zip");
	show(&package);
	assert_false(package.refused);
	struct curb_value *unit = unit_of(&package, 0), *nav = curb_value_get(unit, "nav");
	assert_true(curb_str_is(curb_get_str(track_of(unit, "captions"), "label"), "English"));
	assert_non_null(strstr(bytes_of(bench, track_of(unit, "captions")), "Hello &amp; welcome"));
	assert_int_equal(curb_value_count(nav), 2);
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 0), "text"), "One & a half"));
	assert_int_equal(curb_get_int(curb_value_at(nav, 1), "start_ms", 0), 5000);
}

static void course__one_question_a_chapter_is_taken_and_what_cannot_be_asked_is_told(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(20 * SECOND);
	const struct zip_item items[] = {
		text("course.json", COURSE BOOK
		     "\"u1.mp3\",\"tracks\":[{\"kind\":\"chapters\",\"src\":\"ch.vtt\"}],\"questions\":["
		     "{\"chapter\":1,\"text\":\"Which?\",\"answers\":[\"this\",\"that\"],\"right\":2},"
		     "{\"chapter\":1,\"text\":\"Twice\",\"answers\":[\"a\",\"b\"],\"right\":1},"
		     "{\"chapter\":2,\"text\":\"One answer\",\"answers\":[\"a\"],\"right\":1},"
		     "{\"chapter\":2,\"text\":\"No such\",\"answers\":[\"a\",\"b\"],\"right\":3},"
		     "{\"chapter\":2,\"text\":\"Second\",\"answers\":[\"a\",\"b\"],\"right\":1},"
		     "{\"chapter\":3,\"text\":\"Behind the end\",\"answers\":[\"a\",\"b\"],\"right\":1}]}]}"),
		file("u1.mp3", &audio),
		text("ch.vtt", "WEBVTT\n\n00:00.000 --> 00:05.000\nOne\n\n00:05.000 --> 00:09.000\nTwo\n"),
	};
	struct intake_package package = take_zip(bench, items, 3, "c.zip");
	show(&package);
	assert_false(package.refused);
	const struct curb_value *questions = curb_value_get(unit_of(&package, 0), "questions");
	assert_int_equal(curb_value_count(questions), 2);
	const struct curb_value *first = curb_value_at(questions, 0);
	assert_int_equal(curb_get_int(first, "chapter", 0), 1);
	assert_int_equal(curb_get_int(first, "right", 0), 2);
	assert_true(curb_str_is(curb_get_str(first, "text"), "Which?"));
	assert_true(curb_str_is(curb_value_str(curb_value_at(curb_value_get(first, "answers"), 1)), "that"));
	assert_true(curb_str_is(curb_get_str(curb_value_at(questions, 1), "text"), "Second"));
	assert_true(curb_str_is(find(&package, "course.question")->a, "units[0].questions[1]"));
}

static void course__deflated_media_are_unpacked(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(5 * SECOND), packed = curb_buf(1 << 20);
	zip_make_deflated(&packed, audio.data, audio.len);
	const struct zip_item items[] = { text("course.json", COURSE BOOK "\"u1.mp3\"}]}"),
		                          { .name = "u1.mp3",
		                            .bytes = packed.data,
		                            .size = packed.len,
		                            .deflate = true,
		                            .unpacked = audio.len,
		                            .crc = zip_make_crc(audio.data, audio.len) } };
	struct intake_package package = take_zip(bench, items, 2, "c.zip");
	assert_false(package.refused);
	assert_in_range(curb_get_int(unit_of(&package, 0), "duration_ms", 0), 4900, 5300);
}

static void course__damage_anywhere_refuses_all(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(5 * SECOND);
	struct zip_item items[] = { text("course.json", COURSE BOOK "\"u1.mp3\"}]}"), file("u1.mp3", &audio),
		                    text("never named.txt", "x") };
	items[2].crc = 7;
	struct intake_package package = take_zip(bench, items, 3, "c.zip");
	assert_true(package.refused);
	assert_true(curb_str_is(find(&package, "zip.checksum")->a, "never named.txt"));
	items[2].crc = 0;
	items[1].crc = 7;
	package = take_zip(bench, items, 3, "c.zip");
	assert_true(curb_str_is(find(&package, "zip.checksum")->a, "u1.mp3"));
	assert_int_equal(files_in(bench), 0);
}

#define MANIFEST(order, more)                                                                          \
	"{\"@context\":[\"https://schema.org\",\"https://www.w3.org/ns/pub-context\"],\"conformsTo\":" \
	"\"https://www.w3.org/TR/audiobooks/"                                                          \
	"\",\"type\":\"Audiobook\",\"name\":{\"value\":\"书\"},\"inLanguage\":"                       \
	"[\"zh-CN\"],\"readingOrder\":[" order "]" more "}"
#define TOC                                                                                            \
	"<link rel=publication href=publication.json><nav role=doc-toc><ol><li><a href='b.mp3'>Second" \
	"</a><ol><li><a href='b.mp3#t=0.5'>Half</a></ol></ol></nav>"

static void lpf__a_book_is_read(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(2 * SECOND);
	const struct zip_item items[] = {
		text("publication.json", MANIFEST("{\"url\":\"a.mp3\",\"duration\":\"PT9S\"},\"b.mp3\"", "")),
		text("index.html", TOC),
		file("a.mp3", &audio),
		file("b.mp3", &audio),
	};
	struct intake_package package = take_zip(bench, items, 4, "book.lpf");
	assert_false(package.refused);
	assert_true(curb_str_is(curb_get_str(package.package, "name"), "书"));
	assert_true(curb_str_is(curb_get_str(package.package, "lang"), "zh-CN"));
	struct curb_value *unit = unit_of(&package, 0), *nav = curb_value_get(unit, "nav");
	int64_t second = curb_get_int(curb_value_at(curb_value_get(unit, "tracks"), 1), "start_ms", 0);
	assert_int_equal(curb_value_count(nav), 2);
	assert_int_equal(curb_get_int(curb_value_at(nav, 0), "start_ms", 0), second);
	assert_int_equal(curb_get_int(curb_value_at(nav, 1), "start_ms", 0), second + 500);
	assert_int_equal(curb_get_int(curb_value_at(nav, 1), "level", 0), 2);
	assert_true(curb_str_is(find(&package, "lpf.duration_wrong")->a, "a.mp3"));
	assert_true(curb_str_is(find(&package, "lpf.duration")->a, "b.mp3"));

	CURB_AUTO(buf) struct curb_buf book = curb_buf(4 << 20);
	zip_make(&book, items, 4); /* and the same book as a unit of a course */
	const struct zip_item outer[] = { text("course.json", COURSE BOOK "\"book.lpf\"}]}"),
		                          file("book.lpf", &book) };
	package = take_zip(bench, outer, 2, "c.zip");
	assert_false(package.refused);
	assert_int_equal(curb_value_count(curb_value_get(unit_of(&package, 0), "nav")), 2);
	assert_true(curb_str_is(curb_get_str(unit_of(&package, 0), "name"), "n"));
}

static void lpf__bad_books_leave_nothing(void **state)
{
	static const struct {
		const char *manifest, *code;
	} cases[] = {
		{ MANIFEST("\"a.mp3\",\"no.mp3\"", ""), "lpf.missing" },
		{ MANIFEST("\"a.mp3\"", ",\"resources\":[\"no.css\"]"), "lpf.missing" },
		{ MANIFEST("\"a.mp3\",\"no.html\"", ""), "lpf.missing" },
		{ MANIFEST("\"https://example.org/a.mp3\"", ""), "lpf.remote" },
		{ MANIFEST("", ""), "lpf.no_audio" },
		{ "{", "lpf.manifest" },
		{ "[]", "lpf.manifest" },
	};
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct zip_item items[] = { text("publication.json", cases[i].manifest),
			                          file("a.mp3", &audio) };
		struct intake_package package = take_zip(bench, items, 2, "book.lpf");
		if (!find(&package, cases[i].code))
			show(&package);
		assert_non_null(find(&package, cases[i].code));
		assert_true(package.refused);
		assert_int_equal(files_in(bench), 0);
	}
	const struct zip_item items[] = { file("a.mp3", &audio) };
	struct intake_package package = take_zip(bench, items, 1, "book.lpf");
	assert_non_null(find(&package, "lpf.no_manifest"));
}

static void lpf__long_words_are_cut(void **state)
{
	enum { LONG = 700 };
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = sound(SECOND), manifest = curb_buf(1 << 16);
	curb_buf_text(&manifest, "{\"name\":\"");
	for (int i = 0; i < LONG; i++)
		curb_buf_text(&manifest, "书");
	curb_buf_text(&manifest, "\",\"readingOrder\":[{\"url\":\"a.mp3\",\"name\":\"");
	for (int i = 0; i < LONG; i++)
		curb_buf_text(&manifest, "x");
	curb_buf_text(&manifest, "\"},{\"url\":\"b.mp3\",\"name\":\" \"}]}");
	const struct zip_item items[] = { file("publication.json", &manifest), file("a.mp3", &audio),
		                          file("b.mp3", &audio) };
	struct intake_package package = take_zip(bench, items, 3, "book.lpf");
	assert_false(package.refused);
	assert_int_equal(curb_get_str(package.package, "name").len, 498);
	struct curb_value *nav = curb_value_get(unit_of(&package, 0), "nav");
	assert_int_equal(curb_get_str(curb_value_at(nav, 0), "text").len, 500);
	assert_true(curb_str_is(curb_get_str(curb_value_at(nav, 1), "text"), "2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(folder__audio_files_become_a_book),
		CASE(folder__captions_belong_to_the_video_of_their_name),
		CASE(course__tracks_lie_beside_the_media),
		CASE(course__one_question_a_chapter_is_taken_and_what_cannot_be_asked_is_told),
		CASE(course__deflated_media_are_unpacked),
		CASE(course__damage_anywhere_refuses_all),
		CASE(lpf__a_book_is_read),
		CASE(lpf__bad_books_leave_nothing),
		CASE(lpf__long_words_are_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
