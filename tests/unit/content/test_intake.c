/* The server's side of the worker: packages, refusals, lies, limits. */
#include "intake_bench.h"

static int course_zip(const char *json, struct curb_buf *audio)
{
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(4 << 20);
	const struct zip_item items[] = {
		{ .name = "course.json", .bytes = json, .size = strlen(json) },
		{ .name = "u1.mp3", .bytes = audio->data, .size = audio->len },
	};
	zip_make(&zip, items, 2);
	return zip_make_fd(&zip);
}

#define UNIT "\"id\":\"u1\",\"name\":\"第一课\",\"kind\":\"audiobook\",\"src\":\"u1.mp3\""
#define HEAD "{\"name\":\"按摩\",\"inLanguage\":\"zh-CN\""

static void intake__a_course_is_stored(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = curb_buf(2 << 20);
	add_silence(&audio, 2200); /* 57 s: two hundredths of a class hour */
	CURB_AUTO(fd) int fd = course_zip(HEAD ",\"units\":[{" UNIT ",\"hours\":0.02}]}", &audio);
	struct intake_package package = take(bench, fd, "按摩.zip");
	show(&package);
	assert_false(package.refused);
	assert_non_null(package.package);
	struct curb_value *unit = curb_value_at(curb_value_get(package.package, "units"), 0);
	assert_int_equal(curb_get_int(unit, "hours", 0), 2);
	assert_in_range(curb_get_int(unit, "duration_ms", 0), 57000, 58000);
	struct curb_value *track = curb_value_at(curb_value_get(unit, "tracks"), 0);
	struct curb_value *file = curb_value_get(track, "file");
	int blob = -1;
	uint64_t size = 0;
	assert_int_equal(blobs_read(bench->blobs, curb_get_str(file, "sha256"), &blob, &size), 0);
	assert_int_equal(size, curb_get_int(file, "size", -1));
	assert_in_range(size, 2200 * 208 - 1000, 2200 * 208);
	(void)close(blob);
	assert_int_equal(bench->progress, 1000);
}

static void intake__a_bad_course_leaves_nothing(void **state)
{
	static const struct {
		const char *json, *code;
	} cases[] = {
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":0.02}]", "course.json" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":0.02,\"hours\":1}]}", "course.json" },
		{ HEAD ",\"units\":[]}", "course.missing_field" },
		{ HEAD ",\"units\":7}", "course.field_type" },
		{ HEAD "}", "course.missing_field" },
		{ "{\"name\":\"x\",\"inLanguage\":\"!\",\"units\":[{" UNIT ",\"hours\":0}]}", "course.lang" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":0.025}]}", "course.hours" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":\"1\"}]}", "course.hours" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":1}]}", "course.hours_long" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":0},{" UNIT ",\"hours\":0}]}", "course.same_key" },
		{ HEAD ",\"units\":[{\"id\":\"a\",\"name\":\"b\",\"kind\":\"video\",\"src\":\"no.mp4\","
		       "\"hours\":1}]}",
		  "course.missing" },
		{ HEAD ",\"units\":[{\"id\":\"a\",\"name\":\"b\",\"kind\":\"game\",\"src\":\"u1.mp3\","
		       "\"hours\":1}]}",
		  "course.kind" },
		{ HEAD ",\"units\":[{" UNIT
		       ",\"hours\":0.02,\"tracks\":[{\"kind\":\"smell\",\"src\":\"u1.mp3\"}]}]}",
		  "course.track_kind" },
		{ HEAD ",\"units\":[{" UNIT ",\"hours\":0.02}],\"programme\":{\"total\":1,\"offline\":["
		       "{\"name\":\"实操\",\"hours\":0.9}]}}",
		  "course.sums" },
	};
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = curb_buf(2 << 20);
	add_silence(&audio, 2200);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CURB_AUTO(fd) int fd = course_zip(cases[i].json, &audio);
		struct intake_package package = take(bench, fd, "x.zip");
		if (!find(&package, cases[i].code)) {
			print_message("%s\n", cases[i].json);
			show(&package);
		}
		assert_non_null(find(&package, cases[i].code));
		assert_true(package.refused);
		assert_null(package.package);
		assert_int_equal(files_in(bench), 0);
	}
}

static void intake__an_unknown_field_is_told(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf audio = curb_buf(2 << 20);
	add_silence(&audio, 2200);
	CURB_AUTO(fd)
	int fd = course_zip(HEAD ",\"colour\":1,\"units\":[{" UNIT ",\"hours\":0.02,\"our\":2}],"
	                         "\"programme\":{\"total\":1,\"offline\":["
	                         "{\"name\":\"实操\",\"hours\":0.98}]}}",
	                    &audio);
	struct intake_package package = take(bench, fd, "x.zip");
	assert_false(package.refused);
	assert_true(package.count >= 2);
	assert_string_equal(package.findings[0].row->code, "course.unknown_field");
	assert_true(curb_str_is(package.findings[0].a, "colour"));
	assert_true(curb_str_is(package.findings[1].a, "units[0].our"));
	struct curb_value *programme = curb_value_get(package.package, "programme");
	assert_int_equal(curb_get_int(programme, "total", 0), 100);
}

static void intake__what_is_no_package_is_refused(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(buf) struct curb_buf text = curb_buf(100);
	curb_buf_text(&text, "hello");
	CURB_AUTO(fd) int fd = zip_make_fd(&text);
	struct intake_package package = take(bench, fd, "x.txt");
	assert_true(package.refused);
	assert_non_null(find(&package, "package.unknown"));
	package = take(bench, fd, "x.zip");
	assert_non_null(find(&package, "zip.end"));
	assert_int_equal(files_in(bench), 0);
}

static int empty_upload(void)
{
	CURB_AUTO(buf) struct curb_buf bytes = curb_buf(16);
	curb_buf_text(&bytes, "x");
	return zip_make_fd(&bytes);
}

static void intake__an_honest_worker_is_believed_in_what_can_be_checked(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(fd) int upload = empty_upload();
	struct intake_package package = take_by(bench, CURB_LIAR, upload, "honest");
	assert_false(package.refused);
	assert_null(curb_value_get(package.package, "secret"));
	struct curb_value *unit = curb_value_at(curb_value_get(package.package, "units"), 0);
	struct curb_value *track = curb_value_at(curb_value_get(unit, "tracks"), 0);
	struct curb_value *file = curb_value_get(track, "file");
	assert_null(curb_value_get(track, "evil"));
	/* of "some BYTES": the change is in it */
	assert_true(curb_str_is(curb_get_str(file, "sha256"),
	                        "d4775930ae5f728b8049cfbffe636894cf76b7d6804cdd930cbea44ecaac8ac5"));
	assert_true(curb_str_is(curb_get_str(file, "type"), "audio/mpeg"));
	assert_int_equal(curb_get_int(file, "size", 0), 10);
	assert_int_equal(files_in(bench), 1);
}

static void intake__a_lying_worker_leaves_nothing(void **state)
{
	static const char *const lies[] = {
		"path-up",        "path-root",  "type",          "slot-twice",       "no-slot",
		"patch-far",      "long-frame", "kind-of-frame", "finding",          "json",
		"progress",       "after-end",  "flood",         "no-such-file",     "negative-file",
		"hours-negative", "hours-text", "lang-number",   "same-key",         "kind",
		"no-units",       "list",       "crash",         "crash-at-the-end", "exit",
		"half-frame",     "open-file",  "says-nothing",  "parts-gap",        "parts-half",
		"parts-longer",   "parts-none", "parts-type",    "parts-of-film",    "picture-type",
	};
	struct bench *bench = *state;
	CURB_AUTO(fd) int upload = empty_upload();
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct intake_package package = take_by(bench, CURB_LIAR, upload, lies[i]);
		if (!package.refused || !find(&package, "worker.stopped"))
			print_message("%s\n", lies[i]);
		assert_true(package.refused);
		assert_null(package.package);
		assert_non_null(find(&package, "worker.stopped"));
		assert_int_equal(files_in(bench), 0);
	}
	struct intake_package honest = take_by(bench, CURB_LIAR, upload, "document-honest");
	assert_false(honest.refused);
	struct intake_package package = take_by(bench, CURB_LIAR, upload, "refused");
	assert_true(package.refused);
	assert_int_equal(package.count, 1);
	assert_int_equal(files_in(bench), 1); /* of the honest one */
}

/* What a worker tells again and again takes no more room than what is kept of it. */
static void bug_findings__a_flood_of_them_is_told_and_survived(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(fd) int upload = empty_upload();
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(16 << 20);
	struct intake_package package = { 0 };
	struct intake_job job = { .worker = CURB_LIAR,
		                  .blobs = bench->blobs,
		                  .upload = upload,
		                  .name = "findings",
		                  .errors_fd = -1 };
	assert_int_equal(intake_run(arena, &job, &package), 0);
	assert_true(package.refused);
	assert_int_equal(package.count, 500);
	assert_null(find(&package, "worker.stopped"));
	assert_int_equal(package.findings[499].a.len, 300);
	for (size_t i = 0; i < package.count; i++)
		assert_int_equal(intake_text(arena, "{a}", &package.findings[i]).len, 300);
	assert_int_equal(files_in(bench), 0);
}

static void intake__the_worker_gets_three_descriptors_and_no_environment(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(fd) int upload = empty_upload();
	CURB_AUTO(fd) int stray = fcntl(upload, F_DUPFD, 100); /* not closed on exec */
	static const char *const asked[] = { "environment", "descriptors" };
	assert_true(stray >= 100);
	for (size_t i = 0; i < 2; i++) {
		struct intake_package package = take_by(bench, CURB_LIAR, upload, asked[i]);
		const struct intake_finding *finding = find(&package, "worker.stopped");
		assert_non_null(finding);
		assert_true(curb_str_is(finding->a, "exit 42"));
	}
}

static void intake__time_is_limited(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = { 0 };
	CURB_AUTO(fd) int upload = empty_upload();
	struct intake_job job = { .worker = CURB_LIAR,
		                  .blobs = bench->blobs,
		                  .upload = upload,
		                  .name = "never-ends",
		                  .wall_ms = 100,
		                  .errors_fd = -1 };
	assert_int_equal(intake_run(bench->arena, &job, &package), 0);
	assert_true(curb_str_is(find(&package, "worker.stopped")->a, "time"));
	assert_int_equal(files_in(bench), 0);
}

static bool at_once(void *arg)
{
	return arg != NULL;
}

static void intake__can_be_cancelled(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = { 0 };
	CURB_AUTO(fd) int upload = empty_upload();
	struct intake_job job = { .worker = CURB_LIAR,
		                  .blobs = bench->blobs,
		                  .upload = upload,
		                  .name = "never-ends",
		                  .errors_fd = -1,
		                  .cancelled = at_once,
		                  .arg = bench };
	assert_int_equal(intake_run(bench->arena, &job, &package), CURB_ECONFLICT);
	job.worker = "/nowhere/worker";
	assert_int_equal(intake_run(bench->arena, &job, &package), CURB_EINTERNAL);
	assert_int_equal(files_in(bench), 0);
}

static void intake__checking_stores_nothing(void **state)
{
	struct bench *bench = *state;
	struct intake_package package = { 0 };
	CURB_AUTO(fd) int upload = empty_upload();
	struct intake_job job = { .worker = CURB_LIAR,
		                  .blobs = bench->blobs,
		                  .upload = upload,
		                  .name = "honest",
		                  .check_only = true,
		                  .errors_fd = -1 };
	assert_int_equal(intake_run(bench->arena, &job, &package), 0);
	assert_false(package.refused);
	assert_int_equal(files_in(bench), 0);
}

static void intake__words_are_filled(void **state)
{
	struct bench *bench = *state;
	struct intake_finding finding = { .a = curb_str("x{b}"), .b = curb_str("y") };
	assert_true(curb_str_is(intake_text(bench->arena, "{b}: {a} {c}", &finding), "y: x{b} {c}"));
}

static void intake__foreign_books_and_folders(void **state)
{
	struct bench *bench = *state;
	CURB_AUTO(fd) int book = open(CURB_CORPORA "/audiobooks/dickinson.lpf", O_RDONLY | O_CLOEXEC);
	if (book < 0) {
		print_message("skipped: no corpora\n");
		skip();
	}
	struct intake_package package = take(bench, book, "dickinson.lpf");
	assert_false(package.refused);
	struct curb_value *unit = curb_value_at(curb_value_get(package.package, "units"), 0);
	assert_int_equal(curb_value_count(curb_value_get(unit, "nav")), 25);
	assert_int_equal(curb_value_count(curb_value_get(unit, "tracks")), 26); /* and the cover */
	assert_int_equal(curb_get_int(curb_value_at(curb_value_get(unit, "nav"), 1), "start_ms", 0),
	                 curb_get_int(curb_value_at(curb_value_get(unit, "tracks"), 1), "start_ms", 0));
	assert_true(curb_str_is(curb_get_str(package.package, "lang"), "en"));
	CURB_AUTO(fd) int video = open(CURB_CORPORA "/video/mountains_31175.mp4", O_RDONLY | O_CLOEXEC);
	package = take(bench, video, "mountains.mp4");
	assert_false(package.refused);
	unit = curb_value_at(curb_value_get(package.package, "units"), 0);
	assert_true(curb_str_is(curb_get_str(unit, "kind"), "video"));
	assert_in_range(curb_get_int(unit, "duration_ms", 0), 7900, 8100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(intake__a_course_is_stored, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__a_bad_course_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__an_unknown_field_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__what_is_no_package_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__an_honest_worker_is_believed_in_what_can_be_checked,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__a_lying_worker_leaves_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(bug_findings__a_flood_of_them_is_told_and_survived, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(intake__the_worker_gets_three_descriptors_and_no_environment,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__time_is_limited, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__can_be_cancelled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__checking_stores_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__words_are_filled, set_up, tear_down),
		cmocka_unit_test_setup_teardown(intake__foreign_books_and_folders, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
