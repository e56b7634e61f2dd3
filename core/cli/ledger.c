/* curbcut ledger: its files for others (export), receipts and checkpoints, and whether such files are what was signed (verify). */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
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

static int tell_text(struct control_call *call, struct curb_str text)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(2 * PROOF_MOST);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "text", text);
	curb_json_end(&j, '}');
	int err = curb_buf_check(&line);
	if (!err)
		call->line(call, curb_buf_view(&line));
	return err;
}

/* Signs what is durable first: whoever asks here wants the newest. */
static int newest(struct control_call *call, struct ledger_shown *ret_shown)
{
	int err = ledger_sign(call->app->ledger);
	if (err)
		return err;
	*ret_shown = ledger_checkpoint(call->app->ledger, call->arena);
	return ret_shown->note.len ? 0 : ledger_held(call->app->ledger);
}

int ledger_checkpoint_serve(struct control_call *call)
{
	struct ledger_shown shown;
	int err = newest(call, &shown);
	return err ? err : tell_text(call, shown.note);
}

int ledger_receipt_serve(struct control_call *call)
{
	struct ledger_shown shown;
	struct store_reader *reader;
	struct curb_str text;
	int64_t index = curb_get_int(call->request, "index", -1);
	int err = newest(call, &shown);
	if (!err)
		err = store_reader_open(call->app->store, &reader);
	if (err)
		return err;
	err = ledger_prove(store_begin(reader, call->arena), &shown, (uint64_t)index, true, &text);
	store_end(reader);
	store_reader_close(reader);
	return err ? err : tell_text(call, text);
}

int ledger_renew_serve(struct control_call *call)
{
	return app_ledger_renew(call->app, curb_get_str(call->request, "reason"));
}

/* What witnesses are told is the new key: until their policy has it, they refuse what it signs. */
int ledger_rotate_serve(struct control_call *call)
{
	CURB_AUTO(buf) struct curb_buf text = curb_buf(LINE_MOST);
	struct note_key key;
	int err = app_ledger_rotate(call->app, curb_get_str(call->request, "reason"));
	if (err)
		return err;
	ledger_key(call->app->ledger, &key);
	note_key_write(&text, &key);
	curb_buf_char(&text, '\n');
	return tell_text(call, curb_buf_view(&text));
}

/* ---- the asking side ---- */

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

/* A command that wants a reason, and nothing but options. */
static int ask_with_reason(struct control_ask *control, const char *name, int argc, char **argv)
{
	const char *reason = NULL;
	const struct command_option options[] = { { "config", &control->config_file, NULL },
		                                  { "data", &control->data, NULL },
		                                  { "reason", &reason, NULL },
		                                  { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (first < argc || !reason || !reason[0]) {
		(void)curb_fail(
			CURB_EINVAL,
			"--reason is needed, and nothing but options: it stands in the ledger for good");
		return command_failed(name);
	}
	return ask(control, name, "reason", reason);
}

int ledger_renew_main(int argc, char **argv)
{
	struct control_ask control = { .line = command_print };
	return ask_with_reason(&control, "ledger renew", argc, argv);
}

static void print_text(void *arg, struct curb_str json)
{
	struct curb_value *answer = NULL;
	if (curb_json_parse(arg, json, &answer))
		return;
	struct curb_str text = curb_get_str(answer, "text");
	(void)fwrite(text.ptr, 1, text.len, stdout);
	(void)fflush(stdout);
}

int ledger_rotate_main(int argc, char **argv)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	struct control_ask control = { .line = print_text, .arg = arena };
	int code = ask_with_reason(&control, "ledger rotate", argc, argv);
	if (code == 0)
		(void)fprintf(stderr,
		              "This is the new public key. Tell it to those who keep the old one, and to the "
		              "witnesses: each puts a line\n\"log KEY\" of it beside the old one into its "
		              "policy and starts anew. Until then a witness refuses; hours count on. Once "
		              "it has cosigned\nunder the new key it removes the old line and starts anew.\n"
		              "Copy keys/ledger to where copies of keys are kept.\n");
	return code;
}

/* Prints the text that `request` is answered with. */
static int print_answer(const char *name, struct control_ask *control, const char *request)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	control->line = print_text;
	control->arg = arena;
	control->request = curb_str(request);
	return control_do(control) ? command_failed(name) : 0;
}

int ledger_checkpoint_main(int argc, char **argv)
{
	struct control_ask control = { .config_file = NULL };
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { 0 } };
	if (command_options(argc, argv, options) < 0)
		return 2;
	return print_answer("ledger checkpoint", &control, "{\"command\":\"ledger checkpoint\"}");
}

int ledger_receipt_main(int argc, char **argv)
{
	struct control_ask control = { .config_file = NULL };
	const struct command_option options[] = { { "config", &control.config_file, NULL },
		                                  { "data", &control.data, NULL },
		                                  { 0 } };
	char request[128];
	uint64_t index;
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (argc - first != 1 || !note_number(curb_str(argv[first]), &index)) {
		(void)curb_fail(CURB_EINVAL, "name one entry by its number, from 0");
		return command_failed("ledger receipt");
	}
	(void)snprintf(request, sizeof request, "{\"command\":\"ledger receipt\",\"index\":%llu}",
	               (unsigned long long)index);
	return print_answer("ledger receipt", &control, request);
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

static void print_fact(const struct entry_fact *fact)
{
	(void)printf("  %.*s: ", (int)fact->name.len, fact->name.ptr);
	if (fact->kind == ENTRY_NUMBER)
		(void)printf("%lld", (long long)fact->number);
	else if (fact->kind == ENTRY_TEXT)
		(void)printf("%.*s", (int)fact->bytes.len, fact->bytes.ptr);
	for (size_t i = 0; fact->kind == ENTRY_BYTES && i < fact->bytes.len; i++)
		(void)printf("%02x", (unsigned)(unsigned char)fact->bytes.ptr[i]);
	(void)printf("\n");
}

static int verify_one(const char *path, const struct note_key *key)
{
	CURB_AUTO(buf) struct curb_buf text = curb_buf(PROOF_MOST);
	struct entry_fact facts[ENTRY_FACTS];
	struct checkpoint checkpoint;
	struct proof proof;
	size_t n = 0;
	int err = verify_receipt(path, key, &text, &proof, &checkpoint);
	if (err || (err = entry_read(proof_entry(&proof), facts, &n)))
		return err;
	(void)printf("entry %llu of %llu is as %s signed it\n", (unsigned long long)proof.index,
	             (unsigned long long)checkpoint.size, key->name);
	for (size_t i = 0; i < n; i++)
		print_fact(&facts[i]);
	return 0;
}

static int verify_all(const char *folder, const struct note_key *key)
{
	const struct verify_call call = { .found = print_found };
	struct verify_result result = { 0 };
	int err = verify_folder(folder, key, &call, &result);
	if (err == CURB_EUNFIT)
		(void)printf("%llu of %llu entries are wrong\n", (unsigned long long)result.wrong,
		             (unsigned long long)result.size);
	if (!err)
		(void)printf("%llu entries are as %s signed them\n", (unsigned long long)result.size,
		             key->name);
	if (!err && result.keys)
		(void)printf("its key changed %llu times; each new key was announced under the old one and "
		             "signed by both\n",
		             (unsigned long long)result.keys);
	if (result.erased)
		(void)printf("%llu of them were erased: their hashes alone are there\n",
		             (unsigned long long)result.erased);
	return err;
}

int ledger_verify_main(int argc, char **argv)
{
	const char *key_text = NULL;
	const struct command_option options[] = { { "key", &key_text, NULL }, { 0 } };
	struct note_key key;
	struct stat info;
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	int err = key_text && argc - first == 1 ?
	                  read_key(key_text, &key) :
	                  curb_fail(CURB_EINVAL, "--key and one folder or receipt are needed");
	if (!err)
		err = stat(argv[first], &info) == 0 && S_ISREG(info.st_mode) ? verify_one(argv[first], &key) :
		                                                               verify_all(argv[first], &key);
	return err ? command_failed("ledger verify") : 0;
}
