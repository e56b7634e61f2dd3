/* Zips that no honest program makes: each gives its own finding. */
#include "cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "unpack.h"
#include "zip.h"
#include "zipmaker.h"

static void keep_first(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	char *kept = arg;
	(void)a;
	(void)b;
	if (!kept[0])
		(void)snprintf(kept, 64, "%s", code);
}

/* Opens and unpacks: the first finding, "" when all is well. The first name goes to `ret_name` (room for 256). */
static void judge(const struct curb_buf *bytes, char *ret_code, char *ret_name)
{
	CURB_AUTO(fd) int fd = zip_make_fd(bytes);
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(256 << 20);
	struct zip_names *names = zip_names_open();
	struct zip_report report = { keep_first, ret_code };
	struct zip zip = { 0 };
	ret_code[0] = ret_name[0] = '\0';
	if (zip_open(arena, names, fd, 0, bytes->len, &report, &zip)) {
		assert_string_equal(ret_code, "");
		for (size_t i = 0; i < zip.count && !ret_code[0]; i++) {
			const char *fault = unpack(&zip, &zip.entries[i], NULL, NULL);
			if (fault)
				keep_first(ret_code, fault, curb_str(NULL), curb_str(NULL));
		}
		if (zip.count)
			(void)snprintf(ret_name, 256, "%.*s", (int)zip.entries[0].name.len,
			               zip.entries[0].name.ptr);
	} else {
		assert_string_not_equal(ret_code, "");
	}
	zip_names_close(names);
}

#define TEXT .bytes = "text", .size = 4
#define TWO(a, b)                         \
	{                                 \
		{ .name = (a), TEXT },    \
		{                         \
			.name = (b), TEXT \
		}                         \
	}

static const struct {
	const char *code;
	struct zip_item items[2];
} bent[] = {
	{ "", TWO("a", "b/c") },
	{ "", TWO("课程/第一课.mp4", "b") },
	{ "zip.traversal", TWO("../a", "b") },
	{ "zip.traversal", TWO("b/../../a", "c") },
	{ "zip.traversal", TWO("b/..", "c") },
	{ "zip.absolute", TWO("/etc/passwd", "b") },
	{ "zip.absolute", TWO("C:/a", "b") },
	{ "zip.absolute", TWO("c:a", "b") },
	{ "zip.backslash", TWO("..\\a", "b") },
	{ "zip.name", TWO("./a", "b") },
	{ "zip.name", TWO("a//b", "b") },
	{ "zip.name", { { .name = "", TEXT }, { .name = "b", TEXT } } },
	{ "zip.name_control", { { .name = "a\0b", .name_length = 3, TEXT }, { .name = "b", TEXT } } },
	{ "zip.name_control", TWO("a\nb", "b") },
	{ "zip.name_control", TWO("a\xE2\x80\xAEgpj.exe", "b") },
	{ "zip.depth", TWO("1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h", "b") },
	{ "zip.duplicate", TWO("a", "a") },
	{ "zip.duplicate", TWO("Lesson.MP4", "lesson.mp4") },
	{ "zip.duplicate", TWO("caf\xC3\xA9", "cafe\xCC\x81") },
	{ "zip.duplicate", TWO("STRASSE", "stra\xC3\x9F"
	                                  "e") },
	{ "zip.duplicate", { { .name = "a/" }, { .name = "a", TEXT } } },
	{ "zip.name_encoding", { { .name = "\xB0\xB4\xC4", .flags = 0x800, TEXT }, { .name = "b", TEXT } } },
	{ "zip.name_encoding", TWO("\xFF\xFE\x80", "b") },
	{ "zip.link", { { .name = "a", TEXT, .mode = S_IFLNK | 0777 }, { .name = "b", TEXT } } },
	{ "zip.special", { { .name = "a", TEXT, .mode = S_IFCHR | 0666 }, { .name = "b", TEXT } } },
	{ "zip.special", { { .name = "a", TEXT, .mode = S_IFIFO | 0666 }, { .name = "b", TEXT } } },
	{ "zip.encrypted", { { .name = "a", TEXT, .flags = 1 }, { .name = "b", TEXT } } },
	{ "zip.encrypted", { { .name = "a", TEXT, .flags = 0x2000 }, { .name = "b", TEXT } } },
	{ "zip.method", { { .name = "a", TEXT, .method = 14 }, { .name = "b", TEXT } } },
	{ "zip.checksum", { { .name = "a", TEXT, .crc = 7 }, { .name = "b", TEXT } } },
	{ "zip.size", { { .name = "a", TEXT, .claim_size = 9 }, { .name = "b", TEXT } } },
	{ "zip.size", { { .name = "a/", TEXT }, { .name = "b", TEXT } } },
	{ "zip.damaged", { { .name = "a", TEXT, .method = 8 }, { .name = "b", TEXT } } },
	{ "zip.local", { { .name = "a", TEXT, .local_name = "c" }, { .name = "b", TEXT } } },
	{ "zip.local", { { .name = "a", TEXT }, { .name = "b", TEXT, .same_place = true } } },
};

static void zip__each_fault_has_its_finding(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof bent / sizeof *bent; i++) {
		CURB_AUTO(buf) struct curb_buf zip = curb_buf(1 << 20);
		char code[64], name[256];
		zip_make(&zip, bent[i].items, 2);
		judge(&zip, code, name);
		if (strcmp(code, bent[i].code) != 0)
			print_message("%zu: %s, not %s\n", i, code, bent[i].code);
		assert_string_equal(code, bent[i].code);
	}
}

/* An entry whose packed bytes hold another entry, header and all. */
static void zip__entries_share_no_bytes(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf inner = curb_buf(1 << 16), zip = curb_buf(1 << 16);
	char code[64], name[256];
	const struct zip_item item = { .name = "b", TEXT };
	zip_make(&inner, &item, 1);
	const struct zip_item items[] = { { .name = "a", .bytes = inner.data, .size = inner.len },
		                          { .name = "b", TEXT, .inside = 31 } };
	zip_make(&zip, items, 2);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.overlap");
}

static void zip__names_are_read_in_their_encoding(void **unused)
{
	(void)unused;
	static const struct {
		struct zip_item item;
		const char *name;
	} cases[] = {
		{ { .name = "\xB0\xB4\xC4\xA6.mp4", TEXT }, "按摩.mp4" },
		{ { .name = "按摩.mp4", TEXT }, "按摩.mp4" },
		{ { .name = "?.mp4", .unicode = "按摩.mp4", TEXT }, "按摩.mp4" },
		{ { .name = "\x81\x30\x81\x30", TEXT }, "\xC2\x80" },
	};
	for (size_t i = 0; i < 3; i++) {
		CURB_AUTO(buf) struct curb_buf zip = curb_buf(1 << 16);
		char code[64], name[256];
		zip_make(&zip, &cases[i].item, 1);
		judge(&zip, code, name);
		assert_string_equal(code, "");
		assert_string_equal(name, cases[i].name);
	}
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(1 << 16);
	char code[64], name[256];
	zip_make(&zip, &cases[3].item, 1); /* a control character that hides in four bytes */
	judge(&zip, code, name);
	assert_string_equal(code, "zip.name_control");
}

static void zip__bombs_are_not_unpacked(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf zeros = curb_buf(1 << 20), zip = curb_buf(4 << 20);
	char code[64], name[256];
	struct zip_item items[10];
	char *nothing = calloc(1, 32 << 20);
	zip_make_deflated(&zeros, nothing, 32 << 20);
	free(nothing);
	for (size_t i = 0; i < 10; i++)
		items[i] = (struct zip_item){ .name = (const char *const[]){ "0", "1", "2", "3", "4", "5",
			                                                     "6", "7", "8", "9" }[i],
			                      .bytes = zeros.data,
			                      .size = zeros.len,
			                      .deflate = true,
			                      .unpacked = 32 << 20 };
	zip_make(&zip, items, 1);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.bomb");
	for (size_t i = 0; i < 10; i++) /* each small enough, together not; and they lie about it */
		items[i].unpacked = 12 << 20;
	curb_buf_clear(&zip);
	zip_make(&zip, items, 10);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.bomb");
	curb_buf_clear(&zip);
	zip_make(&zip, items, 1); /* one alone passes the sums and is caught while it unpacks */
	judge(&zip, code, name);
	assert_string_equal(code, "zip.size");
}

static void zip__too_many_files(void **unused)
{
	(void)unused;
	enum { MANY = 60000 };
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(16 << 20);
	struct zip_item *items = calloc(MANY, sizeof *items);
	char(*names)[8] = calloc(MANY, sizeof *names), code[64], name[256];
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(names[i], sizeof names[i], "%d", i);
		items[i].name = names[i];
	}
	zip_make(&zip, items, MANY);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.many");
	curb_buf_clear(&zip);
	zip_make(&zip, items, ZIP_ENTRIES_MAX);
	judge(&zip, code, name);
	assert_string_equal(code, "");
	free(names);
	free(items);
}

static void zip__long_names(void **unused)
{
	(void)unused;
	enum { LONG = 65000 };
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(1 << 20);
	char *text = malloc(LONG + 1), code[64], name[256];
	memset(text, 'a', LONG);
	text[LONG] = '\0';
	zip_make(&zip, &(const struct zip_item){ .name = text, TEXT }, 1);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.name_length");
	text[256] = '\0';
	curb_buf_clear(&zip);
	zip_make(&zip, &(const struct zip_item){ .name = text, TEXT }, 1);
	judge(&zip, code, name);
	assert_string_equal(code, "zip.name_length");
	free(text);
}

/* Cut anywhere, a zip is refused; it is never read half. */
static void zip__cut_short(void **unused)
{
	(void)unused;
	CURB_AUTO(buf) struct curb_buf zip = curb_buf(1 << 16);
	const struct zip_item items[] = TWO("a", "b");
	zip_make(&zip, items, 2);
	for (size_t whole = zip.len--; zip.len > 0; zip.len--) {
		char code[64], name[256];
		judge(&zip, code, name);
		assert_string_equal(code, "zip.end");
		assert_true(zip.len < whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zip__each_fault_has_its_finding),
		cmocka_unit_test(zip__entries_share_no_bytes),
		cmocka_unit_test(zip__names_are_read_in_their_encoding),
		cmocka_unit_test(zip__bombs_are_not_unpacked),
		cmocka_unit_test(zip__too_many_files),
		cmocka_unit_test(zip__long_names),
		cmocka_unit_test(zip__cut_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
