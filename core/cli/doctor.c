/* curbcut doctor: whether a data folder is as the server wrote it, while one runs there or not. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "doctor.h"
#include "keys.h"
#include "note.h"
#include "signers.h"

enum { PATH_SIZE = 4096, LINE_MOST = 16 << 10 };

/* ---- where the data is ---- */

static void send_finding(void *arg, enum doctor_state state, const char *text, const char *remedy)
{
	struct control_call *call = arg;
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MOST);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_kint(&j, "state", state);
	curb_json_ktext(&j, "text", text);
	curb_json_ktext(&j, "remedy", remedy ? remedy : "");
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
}

static bool is_gone(void *arg)
{
	const struct control_call *call = arg;
	return call->cancelled(call);
}

int doctor_serve(struct control_call *call)
{
	const struct app *app = call->app;
	const struct doctor_rows rows = { .store = app->store, .ledger = app->ledger, .blobs = app->blobs };
	const struct doctor_report report = { send_finding, is_gone, call };
	return doctor_rows(app->doctor, &rows, &report);
}

/* ---- the asking side ---- */

static const char put_back[] = "Put the folder keys back from the copy that is kept elsewhere.";

static void print(void *arg, enum doctor_state state, const char *text, const char *remedy)
{
	int64_t *damaged = arg;
	*damaged += state == DOCTOR_DAMAGED;
	(void)printf("%s %s\n",
	             state == DOCTOR_DAMAGED ? "damaged" :
	             state == DOCTOR_NOTE    ? "note   " :
	                                       "sound  ",
	             text);
	if (remedy && *remedy)
		(void)printf("        %s\n", remedy);
	(void)fflush(stdout);
}

static void print_line(void *arg, struct curb_str json)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(4 * LINE_MOST);
	struct curb_value *line = NULL;
	if (curb_json_parse(arena, json, &line))
		return;
	print(arg, (enum doctor_state)curb_get_int(line, "state", DOCTOR_DAMAGED),
	      curb_cstr(arena, curb_get_str(line, "text")), curb_cstr(arena, curb_get_str(line, "remedy")));
}

static bool goes_on(void *arg)
{
	(void)arg;
	return false;
}

/* A server may have its master key from the system. */
static bool look_at_master(const char *data, bool served, const struct doctor_report *report)
{
	struct master_key key;
	int err = keys_read(data, false, &key);
	keys_wipe(&key);
	if (err == CURB_ENOTFOUND && served)
		report->say(report->arg, DOCTOR_NOTE,
		            "The master key was not looked at: the server that runs has it from elsewhere",
		            NULL);
	else if (err)
		report->say(report->arg, DOCTOR_DAMAGED, curb_error_text(), put_back);
	else
		report->say(report->arg, DOCTOR_SOUND, "The master key can be read", NULL);
	return !err || served;
}

/* Whether the last checkpoint was signed with it; true when none is there to tell. */
static bool fits_checkpoint(const char *data, const struct note_signer *signer)
{
	char path[PATH_SIZE], text[NOTE_MOST];
	struct note note;
	(void)snprintf(path, sizeof path, "%s/ledger/checkpoint", data);
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	return fd < 0 || (n > 0 && note_read(curb_str_n(text, (size_t)n), &note) == 0 &&
	                  note_signed_by(&note, &signer->key, NULL));
}

static bool look_at_ledger_key(const char *data, const struct doctor_report *report)
{
	struct note_signer signer = { .key.id = 0 };
	int err = signer_read(data, "ledger", NOTE_ED25519, &signer);
	if (err == CURB_ENOTFOUND)
		(void)curb_fail(err, "the ledger's key %s/keys/ledger is not there", data);
	if (err)
		report->say(report->arg, DOCTOR_DAMAGED, curb_error_text(), put_back);
	else if (!fits_checkpoint(data, &signer))
		report->say(report->arg, DOCTOR_DAMAGED,
		            "The ledger's key and its last checkpoint, the files keys/ledger and "
		            "ledger/checkpoint, do not belong together",
		            "Put the folders keys and ledger back from the copies that are kept elsewhere.");
	else
		report->say(report->arg, DOCTOR_SOUND, "The ledger's key can be read", NULL);
	note_signer_wipe(&signer);
	return !err;
}

/* The rest is not asked of a database that is damaged: opening it writes to it. Nor, when no server runs, of one without its
 * keys. */
static int look_at_all(const char *data, struct control_ask *ask, int64_t *damaged)
{
	const struct doctor_report report = { print, goes_on, damaged };
	char path[PATH_SIZE];
	int64_t pages = 0, blobs = 0;
	(void)snprintf(path, sizeof path, "%s/curbcut.db", data);
	int err = doctor_pages(path, &report, &pages);
	if (err)
		return err;
	bool served = control_is_served(data), master = look_at_master(data, served, &report);
	bool keys = look_at_ledger_key(data, &report) && master;
	(void)snprintf(path, sizeof path, "%s/blobs", data);
	err = doctor_blobs(path, &report, &blobs);
	if (err)
		return err;
	if (pages == 0 && (keys || served))
		return control_do(ask);
	print(damaged, DOCTOR_NOTE,
	      pages ? "Entries and sums were not looked at: the database is damaged" :
	              "Entries and sums were not looked at: a key is missing or damaged",
	      NULL);
	return 0;
}

int doctor_main(int argc, char **argv)
{
	int64_t damaged = 0;
	struct control_ask ask = { .request = curb_str("{\"command\":\"doctor\"}"),
		                   .looking = true,
		                   .line = print_line,
		                   .arg = &damaged };
	const struct command_option options[] = { { "config", &ask.config_file, NULL },
		                                  { "data", &ask.data, NULL },
		                                  { 0 } };
	if (command_options(argc, argv, options) < 0)
		return 2;
	struct config_option chosen[] = { { ask.data ? "data" : NULL, ask.data }, { NULL, NULL } };
	struct config *config = NULL;
	int err = config_read(ask.config_file, chosen, &config);
	if (!err)
		err = look_at_all(config->data, &ask, &damaged);
	config_free(config);
	if (err)
		return command_failed("doctor");
	if (damaged)
		(void)printf("%lld findings\n", (long long)damaged);
	else
		(void)printf("Nothing is damaged\n");
	return damaged > 0;
}
