/* curbcut ledger: its files for others (export), and whether such files are what was signed (verify). */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "export.h"
#include "ledger.h"
#include "verify.h"

enum { REQUEST_MOST = 16 << 10, ARENA_MOST = 1 << 20, LINE_MOST = 4096 };

/* ---- where the data is ---- */

int ledger_export_serve(struct control_call *call)
{
	struct command_telling telling = { call, -1 };
	const struct export_call export = { command_tell_percent, command_is_cancelled, &telling };
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MOST);
	const char *to = curb_cstr(call->arena, curb_get_str(call->request, "to"));
	uint64_t size;
	int err = ledger_export(call->app->ledger, call->app->store, to, &export, &size);
	if (err)
		return err;
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "folder", to);
	curb_json_kint(&j, "entries", (int64_t)size);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
	return 0;
}

/* ---- the asking side ---- */

int ledger_renew_serve(struct control_call *call)
{
	return app_ledger_renew(call->app, curb_get_str(call->request, "reason"));
}

static int ask(struct control_ask *control, const char *command, const char *key, const char *value)
{
	CURB_AUTO(buf) struct curb_buf request = curb_buf(REQUEST_MOST);
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", command);
	curb_json_ktext(&j, key, value);
	curb_json_end(&j, '}');
	control->request = curb_buf_view(&request);
	return control_do(control) ? command_failed(command) : 0;
}

int ledger_export_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { 0 } };
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (argc - first != 1) {
		(void)curb_fail(CURB_EINVAL, "name one folder to write to");
		return command_failed("ledger export");
	}
	return ask(&control, "ledger export", "to", command_path(arena, argv[first]));
}

int ledger_renew_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	const char *reason = NULL;
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { "reason", &reason, NULL },
		                                  { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (first < argc || !reason) {
		(void)curb_fail(
			CURB_EINVAL,
			"--reason is needed, and nothing but options: it stands in the ledger for good");
		return command_failed("ledger renew");
	}
	return ask(&control, "ledger renew", "reason", reason);
}

/* ---- verify: neither server nor database ---- */

static void print_found(void *arg, const char *text)
{
	(void)arg;
	(void)printf("%s\n", text);
}

/* The key itself, or the name of a file that has it. */
static int read_key(const char *text, struct note_key *ret_key)
{
	char bytes[NOTE_NAME + 128];
	CURB_AUTO(fd) int fd = open(text, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
	struct curb_str key = n < 0 ? curb_str(text) : curb_str_n(bytes, (size_t)n);
	return note_key_read(curb_str_trim(key), ret_key);
}

int ledger_verify_main(int argc, char **argv)
{
	const char *key_text = NULL;
	const struct command_option options[] = { { "key", &key_text, NULL }, { 0 } };
	const struct verify_call call = { .found = print_found };
	struct verify_result result = { 0 };
	struct note_key key;
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	int err = key_text && argc - first == 1 ? read_key(key_text, &key) :
	                                          curb_fail(CURB_EINVAL, "--key and one folder are needed");
	if (!err)
		err = verify_folder(argv[first], &key, &call, &result);
	if (err) {
		if (err == CURB_EUNFIT)
			(void)printf("%llu of %llu entries are wrong\n", (unsigned long long)result.wrong,
			             (unsigned long long)result.size);
		return command_failed("ledger verify");
	}
	(void)printf("%llu entries are as %s signed them\n", (unsigned long long)result.size, key.name);
	return 0;
}
