#include "cm.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"
#include "zip.h"

struct verdict {
	char code[64], a[256];
};

static void keep_first(void *arg, const char *code, struct curb_str a, struct curb_str b)
{
	struct verdict *verdict = arg;
	(void)b;
	if (verdict->code[0])
		return;
	(void)snprintf(verdict->code, sizeof verdict->code, "%s", code);
	(void)snprintf(verdict->a, sizeof verdict->a, "%.*s", (int)a.len, a.ptr ? a.ptr : "");
}

/* Opens the zip and unpacks all of it: "" or the code of the first finding. */
static struct verdict judge(int fd)
{
	struct verdict verdict = { "", "" };
	struct curb_arena *arena = curb_arena_new(64 << 20);
	struct zip_names *names = zip_names_open();
	struct zip_report report = { keep_first, &verdict };
	struct zip zip = { 0 };
	struct stat about;
	assert_non_null(names);
	assert_int_equal(fstat(fd, &about), 0);
	if (zip_open(arena, names, fd, 0, (uint64_t)about.st_size, &report, &zip)) {
		for (size_t i = 0; i < zip.count && !verdict.code[0]; i++) {
			const char *fault = unpack(&zip, &zip.entries[i], NULL, NULL);
			if (fault)
				keep_first(&verdict, fault, zip.entries[i].name, curb_str(NULL));
		}
	} else {
		assert_string_not_equal(verdict.code, "");
	}
	zip_names_close(names);
	curb_arena_free(arena);
	return verdict;
}

static const struct {
	const char *file, *code;
} expected[] = {
	{ "End of central directory record signature not found", "zip.end" },
	{ "Invalid comment length", "zip.end" },
	{ "absolute path", "zip.absolute" },
	{ "compressed uncompressed size mismatch", "zip.size" },
	{ "extra field length exceeds", "zip.directory" },
	{ "file data overflows file bounds", "zip.size" },
	{ "invalid central directory file header signature", "zip.directory" },
	{ "invalid characters in fileName", "zip.backslash" },
	{ "invalid code lengths set", "zip.damaged" },
	{ "invalid local file header signature", "zip.local" },
	{ "invalid relative path", "zip.traversal" },
	{ "invalid zip64 end of central directory record", "zip.zip64" },
	{ "multi-disk zip files", "zip.multidisk" },
	{ "not enough bytes in the stream", "zip.local" },
	{ "strong encryption", "zip.encrypted" },
	{ "too many bytes in the stream", "zip.local" },
	{ "too many length or distance symbols", "zip.damaged" },
	{ "unexpected EOF", "zip.zip64" },
	{ "unsupported compression method", "zip.method" },
	{ "zip64 extended information", "zip.zip64" },
	{ "good/bogus-compression-method", "zip.method" },
	{ "good/traditional-encryption", "zip.encrypted" },
	/* byte for byte the one above named "invalid characters": it cannot be both taken and refused */
	{ "good/sloppy-filenames", "zip.backslash" },
};

static const char *expected_code(const char *file)
{
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		if (strncmp(file, expected[i].file, strlen(expected[i].file)) == 0)
			return expected[i].code;
	return strncmp(file, "good/", 5) == 0 ? "" : "?";
}

static int judge_folder(const char *prefix)
{
	char path[1200];
	(void)snprintf(path, sizeof path, "%s/archives/%s", CURB_CORPORA, prefix);
	DIR *dir = opendir(path);
	int count = 0;
	if (!dir)
		return -1;
	for (struct dirent *entry; (entry = readdir(dir));) {
		char name[600];
		if (!strstr(entry->d_name, ".zip"))
			continue;
		(void)snprintf(name, sizeof name, "%s%s", prefix, entry->d_name);
		(void)snprintf(path, sizeof path, "%s/archives/%s", CURB_CORPORA, name);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		struct verdict verdict = judge(fd);
		if (strcmp(verdict.code, expected_code(name)) != 0)
			print_message("%s: %s (%s)\n", name, verdict.code, verdict.a);
		assert_string_equal(verdict.code, expected_code(name));
		(void)close(fd);
		count++;
	}
	(void)closedir(dir);
	return count;
}

static void zip__foreign_files_get_their_verdicts(void **unused)
{
	(void)unused;
	int bad = judge_folder("");
	if (bad < 0) {
		print_message("skipped: no corpora\n");
		skip();
	}
	assert_int_equal(bad, 24);
	assert_int_equal(judge_folder("good/"), 22);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zip__foreign_files_get_their_verdicts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
