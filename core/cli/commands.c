#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "curb/err.h"

const struct command commands[] = {
	{ "serve",
	  "[--config F] [--data DIR] [--listen ADDR:PORT] [--content-listen ADDR:PORT] [--second-factor "
	  "yes|no] [--origin URL]",
	  "run the server under its supervisor", serve_main, NULL },
	{ "user add", "[--config F] [--data DIR] --name N --role R [--region CODE] [--institution ID]",
	  "add a person; the password is the first line of standard input", user_add_main, user_add_serve },
	{ "institution add",
	  "[--config F] [--data DIR] --name N --region CODE [--region-name N [--parent CODE]]",
	  "add an institution; with --region-name its region too", institution_add_main,
	  institution_add_serve },
	{ "import", "[--config F] [--data DIR] [--publish] [--course ID] [--author NAME] FILE...",
	  "import packages, media files or folders; one line of JSON each", import_main, import_serve },
	{ "pack export", "[--config F] [--data DIR] --course ID [--without LIST] --out FILE",
	  "write a course with all its versions for another server; LIST is of 'pack have' there",
	  pack_export_main, pack_export_serve },
	{ "pack have", "[--config F] [--data DIR] --course ID",
	  "the checksums of what is here of a course, one a line", pack_have_main, pack_have_serve },
	{ "pack import", "[--config F] [--data DIR] [--publish] [--author NAME] FILE...",
	  "take in what 'pack export' wrote, as 'import' does; versions that are here stay as they are",
	  import_main, NULL },
	{ "check", "FILE...", "what an import would find, without importing", check_main, NULL },
	{ "backup", "[--config F] [--data DIR] [TO]",
	  "make a backup, while the server runs or not; the keys are not in it", backup_main, backup_serve },
	{ "doctor", "[--config F] [--data DIR]",
	  "look whether a data folder is as the server wrote it, while it runs or not", doctor_main,
	  doctor_serve },
	{ "restore", "[--without-damaged] FROM DIR",
	  "make a new data folder of a backup; everything is checked", restore_main, NULL },
	{ "ledger export", "[--config F] [--data DIR] TO",
	  "write the ledger's files: checkpoint, key, hashes and entries", ledger_export_main,
	  ledger_export_serve },
	{ "ledger checkpoint", "[--config F] [--data DIR]", "sign what is there and print the checkpoint",
	  ledger_checkpoint_main, ledger_checkpoint_serve },
	{ "ledger receipt", "[--config F] [--data DIR] INDEX",
	  "print the receipt of an entry: the entry, its proof and the checkpoint", ledger_receipt_main,
	  ledger_receipt_serve },
	{ "ledger renew", "[--config F] [--data DIR] --reason TEXT",
	  "go on under a new key when the database is not the one that was signed last", ledger_renew_main,
	  ledger_renew_serve },
	{ "ledger rotate", "[--config F] [--data DIR] --reason TEXT",
	  "change the key of a ledger that is as it was signed; the old key announces the new one",
	  ledger_rotate_main, ledger_rotate_serve },
	{ "ledger verify", "--key KEY FOLDER|FILE.tlog-proof",
	  "check such files, or one receipt, by the public key alone; KEY is the key or a file that has it",
	  ledger_verify_main, NULL },
	{ "witness", "--data DIR [--listen ADDR:PORT] [--name NAME]",
	  "cosign checkpoints of the ledgers in DIR/policy; --name is needed once, for its key", witness_main,
	  NULL },
	{ "erasure forget-part", "[--config F] [--data DIR] NAME",
	  "erase people without the part NAME, whose plugin was removed; what it kept of them stays",
	  erasure_forget_part_main, erasure_forget_part_serve },
	{ "plugin list", "[--config F] [--data DIR]", "the plugins, their versions and states",
	  plugin_list_main, plugin_list_serve },
	{ "plugin new", "NAME [--dir DIR]", "write a small working plugin to start from", plugin_new_main,
	  NULL },
	{ "routes", "[--config F] [--data DIR]",
	  "the addresses that the running server answers: method, path, roles, scope", routes_main,
	  routes_serve },
	{ 0 },
};

int command_failed(const char *name)
{
	(void)fprintf(stderr, "curbcut %s: %s\n", name, curb_error_text());
	return 1;
}

void command_tell_percent(void *arg, int permille)
{
	struct command_telling *telling = arg;
	char line[32];
	if (permille / 10 == telling->percent)
		return;
	telling->percent = permille / 10;
	(void)snprintf(line, sizeof line, "{\"percent\":%d}", telling->percent);
	telling->call->line(telling->call, curb_str(line));
}

bool command_is_cancelled(void *arg)
{
	const struct command_telling *telling = arg;
	return telling->call->cancelled(telling->call);
}

static const struct command *row_of(const struct control_call *call)
{
	struct curb_str name = curb_get_str(call->request, "command");
	for (const struct command *row = commands; row->name; row++)
		if (row->serve && curb_str_is(name, row->name))
			return row;
	return NULL;
}

bool control_takes_long(const struct control_call *call)
{
	const struct command *row = row_of(call);
	return row &&
	       (row->serve == import_serve || row->serve == doctor_serve || row->serve == pack_export_serve);
}

int control_serve(struct control_call *call)
{
	const struct command *row = row_of(call);
	struct curb_str name = curb_get_str(call->request, "command");
	return row ? row->serve(call) :
	             curb_fail(CURB_ENOTFOUND, "this server does not know the command %.*s", (int)name.len,
	                       name.ptr);
}

int command_list(const char *name, const char *request, int argc, char **argv)
{
	struct control_ask ask = { .request = curb_str(request), .line = command_print };
	const struct command_option options[] = { { "config", &ask.config_file, NULL },
		                                  { "data", &ask.data, NULL },
		                                  { 0 } };
	if (command_options(argc, argv, options) < 0)
		return 2;
	return control_do(&ask) ? command_failed(name) : 0;
}
