/* curbcut import and curbcut check: packages of this machine, one JSON line a file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "signing.h"

enum { ARENA_MAX = 256 << 20, LINE_MAX_BYTES = 4 << 20 };

/* ---- where the data is ---- */

static bool is_cancelled(void *arg)
{
	const struct control_call *call = arg;
	return call->cancelled && call->cancelled(call);
}

/* Whose course it becomes: somebody who may hand in courses. */
static int find_author(struct control_call *call, struct curb_arena *arena, struct curb_id *ret)
{
	struct curb_str name = curb_get_str(call->request, "author"), place;
	struct people_account account = { .id = { "" } };
	struct store_reader *reader = NULL;
	if (!name.ptr)
		return 0;
	int err = store_reader_open(call->app->store, &reader);
	if (err)
		return err;
	struct curb_tx *tx = store_begin(reader, arena);
	err = people_account_find(tx, name, &account);
	if (!err)
		err = curb_person_place(tx, &account.id, CURB_AUTHOR, curb_wall_ms(), &place);
	store_end(reader);
	store_reader_close(reader);
	*ret = account.id;
	return err == CURB_ENOTFOUND ? curb_fail(CURB_ENOTFOUND, "%.*s is nobody who may hand in courses",
	                                         (int)name.len, name.ptr) :
	                               err;
}

int import_serve(struct control_call *call)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MAX_BYTES);
	bool refused = false;
	if (call->fd_count != 1)
		return curb_fail(CURB_EINVAL, "one file a call, please");
	struct ingest_local local = {
		.fd = call->fds[0],
		.name = curb_cstr(arena, curb_get_str(call->request, "file")),
		.course = curb_get_str(call->request, "course"),
		.lang = curb_get_str(call->request, "lang"),
		.publish = curb_value_bool(curb_value_get(call->request, "publish"), false),
		.cancelled = is_cancelled,
		.arg = call,
	};
	int err = find_author(call, arena, &local.author);
	if (!err)
		err = ingest_local_file(call->app->ingest, arena, &local, &line, &refused);
	if (!err)
		call->line(call, curb_buf_view(&line));
	return err;
}

/* ---- the asking side ---- */

struct arguments {
	const char *config_file, *data, *course, *author;
	bool publish;
};

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

/* The language of the findings: that of the terminal. */
static const char *terminal_lang(void)
{
	const char *lang = getenv("LC_ALL");
	if (!lang || !*lang)
		lang = getenv("LANG");
	return lang && strncmp(lang, "zh", 2) == 0 ? "zh-CN" : "en";
}

struct outcome {
	bool refused;
};

static void print_line(void *arg, struct curb_str json)
{
	struct outcome *outcome = arg;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	struct curb_value *line = NULL;
	if (curb_json_parse(arena, json, &line) == 0 && curb_str_is(curb_get_str(line, "state"), "refused"))
		outcome->refused = true;
	(void)printf("%.*s\n", (int)json.len, json.ptr);
	(void)fflush(stdout);
}

static int import_one(const struct arguments *a, const char *path, struct outcome *outcome)
{
	CURB_AUTO(buf) struct curb_buf request = curb_buf(64 << 10);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return curb_fail(CURB_ENOTFOUND, "%s cannot be opened; check the name and its permissions",
		                 path);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "import");
	curb_json_ktext(&j, "file", last_name(path));
	curb_json_ktext(&j, "lang", terminal_lang());
	if (a->course)
		curb_json_ktext(&j, "course", a->course);
	if (a->author)
		curb_json_ktext(&j, "author", a->author);
	curb_json_kbool(&j, "publish", a->publish);
	curb_json_end(&j, '}');
	struct control_ask control = { .config_file = a->config_file,
		                       .data = a->data,
		                       .request = curb_buf_view(&request),
		                       .fds = &fd,
		                       .fd_count = 1,
		                       .line = print_line,
		                       .arg = outcome };
	return control_do(&control);
}

int import_main(int argc, char **argv)
{
	struct arguments a = { .course = NULL };
	const struct command_option options[] = {
		{ "config", &a.config_file, NULL }, { "data", &a.data, NULL },
		{ "course", &a.course, NULL },      { "author", &a.author, NULL },
		{ "publish", NULL, &a.publish },    { 0 }
	};
	struct outcome outcome = { false };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (first == argc) {
		(void)curb_fail(CURB_EINVAL, "name at least one file or folder");
		return command_failed("import");
	}
	for (int i = first; i < argc; i++)
		if (import_one(&a, argv[i], &outcome)) {
			(void)command_failed("import");
			outcome.refused = true;
		}
	return outcome.refused ? 1 : 0;
}

/* ---- check: no server and no data folder ---- */

static int check_one(struct ingest *ingest, const char *path, struct outcome *outcome)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MAX);
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MAX_BYTES);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool refused = false;
	if (fd < 0)
		return curb_fail(CURB_ENOTFOUND, "%s cannot be opened; check the name and its permissions",
		                 path);
	struct ingest_local local = {
		.fd = fd, .name = last_name(path), .lang = curb_str(terminal_lang()), .check_only = true
	};
	int err = ingest_local_file(ingest, arena, &local, &line, &refused);
	if (!err)
		print_line(outcome, curb_buf_view(&line));
	return err;
}

int check_main(int argc, char **argv)
{
	struct app app = { 0 };
	struct outcome outcome = { false };
	const char *temporary = getenv("TMPDIR");
	char folder[4096];
	(void)snprintf(folder, sizeof folder, "%s/curbcut-check-XXXXXX",
	               temporary && *temporary ? temporary : "/tmp");
	if (argc < 2) {
		(void)curb_fail(CURB_EINVAL, "name at least one file or folder");
		return command_failed("check");
	}
	int err = mkdtemp(folder) ? app_open_check(&app, folder) :
	                            curb_fail(CURB_EINTERNAL, "no folder can be made: %s", folder);
	for (int i = 1; !err && i < argc; i++)
		if (check_one(app.ingest, argv[i], &outcome)) {
			(void)command_failed("check");
			outcome.refused = true;
		}
	if (err)
		outcome.refused = command_failed("check");
	app_close_check(&app, folder);
	return outcome.refused ? 1 : 0;
}
