/* curbcut pack: a course with all its versions as one file for another server. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"

enum { LIST_MOST = 1 << 20, REQUEST_MOST = 16 << 10, LINE_MOST = 4096 };

/* ---- where the data is ---- */

/* All of a file; absent when it is none of the call's. */
static int read_list(struct control_call *call, struct curb_str *ret_list)
{
	char *bytes = curb_alloc(call->arena, LIST_MOST);
	size_t n = 0;
	for (ssize_t got = 1; got > 0 && n < LIST_MOST; n += (size_t)got)
		if ((got = pread(call->fds[1], bytes + n, LIST_MOST - n, (off_t)n)) < 0)
			return curb_fail(CURB_EINVAL, "the list cannot be read");
	*ret_list = curb_str_n(bytes, n);
	return n < LIST_MOST ? 0 : curb_fail(CURB_ETOOBIG, "the list has more than %d bytes", LIST_MOST);
}

int pack_export_serve(struct control_call *call)
{
	struct command_telling telling = { call, -1 };
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MOST);
	struct ingest_packed packed;
	if (call->fd_count < 1)
		return curb_fail(CURB_EINVAL, "a file to write to, please");
	struct ingest_pack pack = { .course = curb_get_str(call->request, "course"),
		                    .to = call->fds[0],
		                    .cancelled = command_is_cancelled,
		                    .arg = &telling };
	int err = call->fd_count > 1 ? read_list(call, &pack.without) : 0;
	if (!err)
		err = ingest_pack_export(call->app->ingest, &pack, &packed);
	if (err)
		return err;
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "course", pack.course);
	curb_json_kint(&j, "versions", packed.versions);
	curb_json_kint(&j, "files", packed.files);
	curb_json_kint(&j, "left_out", packed.left_out);
	curb_json_kint(&j, "bytes", packed.bytes);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
	return 0;
}

int pack_have_serve(struct control_call *call)
{
	CURB_AUTO(buf) struct curb_buf list = curb_buf(LIST_MOST);
	CURB_AUTO(buf) struct curb_buf line = curb_buf(2 * LIST_MOST);
	int err = ingest_pack_have(call->app->ingest, curb_get_str(call->request, "course"), &list);
	if (err)
		return err;
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "text", curb_buf_view(&list));
	curb_json_end(&j, '}');
	err = curb_buf_check(&line);
	if (!err)
		call->line(call, curb_buf_view(&line));
	return err;
}

/* ---- the asking side ---- */

struct asked {
	const char *config_file, *data, *course, *without, *out;
};

static int ask(const struct asked *a, const char *command, const int *fds, int fd_count,
               void (*line)(void *arg, struct curb_str json))
{
	CURB_AUTO(buf) struct curb_buf request = curb_buf(REQUEST_MOST);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", command);
	curb_json_ktext(&j, "course", a->course);
	curb_json_end(&j, '}');
	struct control_ask control = { .config_file = a->config_file,
		                       .data = a->data,
		                       .request = curb_buf_view(&request),
		                       .fds = fds,
		                       .fd_count = fd_count,
		                       .line = line };
	return control_do(&control);
}

static int export_to(const struct asked *a)
{
	CURB_AUTO(fd) int list = -1;
	CURB_AUTO(fd) int out = -1;
	if (!a->course || !a->out)
		return curb_fail(CURB_EINVAL, "--course and --out are needed");
	if (a->without && (list = open(a->without, O_RDONLY | O_CLOEXEC)) < 0)
		return curb_fail(CURB_ENOTFOUND, "%s cannot be opened; check the name and its permissions",
		                 a->without);
	out = open(a->out, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return curb_fail(CURB_EINVAL, "%s cannot be made: it is there already, or its folder is not",
		                 a->out);
	const int fds[] = { out, list };
	int err = ask(a, "pack export", fds, a->without ? 2 : 1, command_print);
	if (err)
		(void)unlink(a->out);
	return err;
}

int pack_export_main(int argc, char **argv)
{
	struct asked a = { .course = NULL };
	const struct command_option options[] = {
		{ "config", &a.config_file, NULL }, { "data", &a.data, NULL }, { "course", &a.course, NULL },
		{ "without", &a.without, NULL },    { "out", &a.out, NULL },   { 0 },
	};
	if (command_options(argc, argv, options) < 0)
		return 2;
	return export_to(&a) ? command_failed("pack export") : 0;
}

/* The list as it is, to be kept in a file. */
static void print_text(void *arg, struct curb_str json)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(4 * LIST_MOST);
	struct curb_value *line = NULL;
	(void)arg;
	if (curb_json_parse(arena, json, &line) != 0)
		return;
	struct curb_str text = curb_get_str(line, "text");
	(void)fwrite(text.ptr, 1, text.len, stdout);
}

int pack_have_main(int argc, char **argv)
{
	struct asked a = { .course = NULL };
	const struct command_option options[] = { { "config", &a.config_file, NULL },
		                                  { "data", &a.data, NULL },
		                                  { "course", &a.course, NULL },
		                                  { 0 } };
	if (command_options(argc, argv, options) < 0)
		return 2;
	if (!a.course)
		(void)curb_fail(CURB_EINVAL, "--course is needed");
	return !a.course || ask(&a, "pack have", NULL, 0, print_text) ? command_failed("pack have") : 0;
}
