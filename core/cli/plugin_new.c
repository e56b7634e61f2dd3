/* curbcut plugin new: a small plugin that works, to be changed into what is wanted. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/plugin.h"
#include "skeleton_embedded.h"

enum { PATH_SIZE = 4096, NAME_MAX_BYTES = 32, FILE_MAX = 1 << 20 };

/* Where the files of the skeleton go; "name" in a path and @name@ in a text stand for the plugin's name. */
static const struct {
	const char *from, *to;
} files[] = {
	{ "CMakeLists.txt.in", "CMakeLists.txt" },
	{ "name.c.in", "@name@.c" },
	{ "name.h.in", "@name@.h" },
	{ "routes.c.in", "routes.c" },
	{ "service.c.in", "service.c" },
	{ "store.c.in", "store.c" },
	{ "init.sql.in", "migrations/001_init.sql" },
	{ "page.html.in", "templates/@name@.html" },
	{ "zh-CN.po.in", "lang/zh-CN.po" },
};

static int check_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");
	if (!n || name[n] || n >= NAME_MAX_BYTES || (name[0] >= '0' && name[0] <= '9'))
		return curb_fail(CURB_EINVAL,
		                 "a plugin's name is a letter and then letters and digits (a-z, 0-9), "
		                 "less than %d in all",
		                 NAME_MAX_BYTES);
	return 0;
}

static void fill(struct curb_buf *out, struct curb_str text, const char *name)
{
	static const char mark[] = "@name@";
	while (text.len) {
		const char *found = memmem(text.ptr, text.len, mark, sizeof mark - 1);
		size_t n = found ? (size_t)(found - text.ptr) : text.len;
		curb_buf_add(out, text.ptr, n);
		if (!found)
			break;
		curb_buf_text(out, name);
		text = curb_str_from(text, n + sizeof mark - 1);
	}
}

static int make_folder(const char *path)
{
	if (mkdir(path, 0777) == 0 || errno == EEXIST)
		return 0;
	return curb_fail(CURB_EINVAL, "the folder %s cannot be made", path);
}

/* Never over a file that is there. */
static int write_file(const char *path, struct curb_str bytes)
{
	CURB_AUTO(fd) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return curb_fail(CURB_ECONFLICT, "%s cannot be made, or is there already", path);
	if (write(fd, bytes.ptr, bytes.len) != (ssize_t)bytes.len)
		return curb_fail(CURB_EFULL, "%s cannot be written whole", path);
	return 0;
}

static int write_one(const char *folder, const char *to, const char *from, const char *name)
{
	const struct curb_embedded *row = skeleton_assets;
	while (row->name && strcmp(row->name, from) != 0)
		row++;
	CURB_ASSERT(row->name);
	CURB_AUTO(buf) struct curb_buf path = curb_buf(PATH_SIZE);
	curb_buf_printf(&path, "%s/", folder);
	fill(&path, curb_str(to), name);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(FILE_MAX);
	fill(&text, curb_str_n((const char *)row->bytes, (size_t)row->size), name);
	int err = curb_buf_check(&path);
	if (!err)
		err = curb_buf_check(&text);
	return err ? err : write_file(path.data, curb_buf_view(&text));
}

static int write_all(const char *above, const char *name)
{
	static const char *const below[] = { "", "/migrations", "/templates", "/lang" };
	char folder[PATH_SIZE], path[PATH_SIZE + 16];
	if (snprintf(folder, sizeof folder, "%s/%s", above, name) >= (int)sizeof folder)
		return curb_fail(CURB_EINVAL, "the path is too long");
	int err = make_folder(above);
	for (size_t i = 0; !err && i < sizeof below / sizeof *below; i++) {
		(void)snprintf(path, sizeof path, "%s%s", folder, below[i]);
		err = make_folder(path);
	}
	for (size_t i = 0; !err && i < sizeof files / sizeof *files; i++)
		err = write_one(folder, files[i].to, files[i].from, name);
	if (!err)
		(void)printf(
			"%s is ready:\n"
			"  cmake -S %s -B %s/build && cmake --build %s/build && cmake --install %s/build\n"
			"then add %s to \"plugins\" in the configuration.\n",
			folder, folder, folder, folder, folder, name);
	return err;
}

int plugin_new_main(int argc, char **argv)
{
	const char *above = ".";
	const struct command_option options[] = { { "dir", &above, NULL }, { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	int err = first == argc - 1 ? check_name(argv[first]) :
	                              curb_fail(CURB_EINVAL, "exactly one name is needed");
	if (!err)
		err = write_all(above, argv[first]);
	return err ? command_failed("plugin new") : 0;
}
