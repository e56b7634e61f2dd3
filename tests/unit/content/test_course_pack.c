/* Packs: all versions of a course, carried from another server. */
#include "package_case.h"

#define COURSE "01980000-0000-7000-8000-0000000000ff"
#define VERSION "01980000-0000-7000-8000-00000000000"
#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define WORLD "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7"
#define MANIFEST(versions)                                                                       \
	"{\"format\":\"curbcut-pack/v1\",\"course\":\"" COURSE "\",\"versions\":[" versions "]," \
	"\"blobs\":[{\"sha256\":\"" HELLO "\",\"size\":5,\"type\":\"text/vtt\"},"                \
	"{\"sha256\":\"" WORLD "\",\"size\":5,\"type\":\"text/vtt\"}]}"
#define ROW(n) "{\"id\":\"" VERSION #n "\",\"number\":" #n ",\"made_ms\":1000}"
#define PACKAGE(name, sha256, more)                                                                    \
	"{\"reader\":\"course\",\"name\":\"" name "\",\"lang\":\"en\",\"units\":[{\"key\":\"u1\","     \
	"\"name\":\"one\",\"kind\":\"video\",\"hours\":0,\"tracks\":[{\"kind\":\"captions\",\"type\":" \
	"\"text/vtt\",\"file\":\"" sha256 "\"" more "}]}]}"

static void assert_refused(const struct intake_package *package, const char *code)
{
	assert_true(package->refused);
	assert_null(package->package);
	if (!find(package, code))
		fail_msg("%s is not found", code);
}

static void pack__its_versions_come_with_their_files(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("pack.json", MANIFEST(ROW(1) "," ROW(2))),
		text("versions/1.json", PACKAGE("first", HELLO, "")),
		text("versions/2.json", PACKAGE("second", HELLO, ",\"index\":\"" WORLD "\"")),
		text("blobs/" HELLO, "hello"),
	};
	struct intake_package package = take_zip(bench, items, 4, "pack.zip");
	assert_false(package.refused);
	assert_string_equal(curb_get_str(package.package, "reader").ptr, "pack");
	assert_string_equal(curb_get_str(package.package, "course").ptr, COURSE);
	const struct curb_value *versions = curb_value_get(package.package, "versions");
	assert_int_equal(curb_value_count(versions), 2);
	const struct curb_value *second = curb_value_at(versions, 1);
	assert_string_equal(curb_get_str(second, "name").ptr, "second");
	assert_string_equal(curb_get_str(second, "reader").ptr, "course");
	assert_string_equal(curb_get_str(second, "version").ptr, VERSION "2");
	assert_int_equal(curb_get_int(second, "made_ms", 0), 1000);
	const struct curb_value *track = track_of(curb_value_at(curb_value_get(second, "units"), 0),
	                                          "captions");
	assert_memory_equal(bytes_of(bench, track), "hello", 5);
	/* what it does not bring is named, and marked */
	assert_string_equal(curb_get_str(curb_value_get(track, "index"), "sha256").ptr, WORLD);
	assert_true(curb_value_bool(curb_value_get(curb_value_get(track, "index"), "kept"), false));
	assert_false(curb_value_bool(curb_value_get(curb_value_get(track, "file"), "kept"), false));
	assert_int_equal(files_in(bench), 1);
}

static void pack__bytes_that_are_not_those_of_their_name(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("pack.json", MANIFEST(ROW(1))),
		text("versions/1.json", PACKAGE("first", HELLO, "")),
		text("blobs/" HELLO, "hullo"),
	};
	struct intake_package package = take_zip(bench, items, 3, "pack.zip");
	assert_refused(&package, "pack.changed");
	assert_int_equal(files_in(bench), 0);
}

static void pack__lists_that_are_wrong(void **state)
{
	struct bench *bench = *state;
	static const struct {
		const char *manifest, *version, *code;
	} cases[] = {
		{ "{", PACKAGE("a", HELLO, ""), "pack.damaged" },
		{ "[]", PACKAGE("a", HELLO, ""), "pack.damaged" },
		{ "{\"format\":\"curbcut-pack/v2\"}", PACKAGE("a", HELLO, ""), "pack.format" },
		{ MANIFEST(""), PACKAGE("a", HELLO, ""), "pack.damaged" },
		{ MANIFEST(ROW(2)), PACKAGE("a", HELLO, ""), "pack.damaged" },
		{ MANIFEST(ROW(1)), "{", "pack.damaged" },
		{ MANIFEST(ROW(1)), PACKAGE("a", COURSE, ""), "pack.damaged" },
		{ MANIFEST(ROW(1)), PACKAGE("a", HELLO, ",\"type\":\"text/html\""), "pack.damaged" },
		{ MANIFEST(ROW(1)), PACKAGE("", HELLO, ""), "pack.damaged" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct zip_item items[] = {
			text("pack.json", cases[i].manifest),
			text("versions/1.json", cases[i].version),
			text("blobs/" HELLO, "hello"),
		};
		struct intake_package package = take_zip(bench, items, 3, "pack.zip");
		assert_refused(&package, cases[i].code);
		assert_int_equal(files_in(bench), 0);
	}
}

/* Only a pack may name bytes that it does not bring. */
static void pack__an_ordinary_package_brings_all(void **state)
{
	struct bench *bench = *state;
	const struct zip_item items[] = {
		text("course.json", MANIFEST(ROW(1))),
		text("versions/1.json", PACKAGE("first", HELLO, "")),
	};
	struct intake_package package = take_zip(bench, items, 2, "course.zip");
	assert_true(package.refused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(pack__its_versions_come_with_their_files),
		CASE(pack__bytes_that_are_not_those_of_their_name),
		CASE(pack__lists_that_are_wrong),
		CASE(pack__an_ordinary_package_brings_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
