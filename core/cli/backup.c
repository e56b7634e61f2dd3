/* curbcut backup: one now, of the server that runs or of the data folder that lies still. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "backup.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/json.h"

enum { LINE_MOST = 16 << 10, ARENA_MOST = 1 << 20 };

/* ---- where the data is ---- */

static void tell_found(void *arg, const char *name, bool missing)
{
	struct command_telling *telling = arg;
	char line[128];
	(void)snprintf(line, sizeof line, "{\"%s\":\"%.80s\"}", missing ? "missing" : "damaged", name);
	telling->call->line(telling->call, curb_str(line));
}

static void tell_row(struct control_call *call, const char *folder, const struct backup_row *row)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MOST);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "backup", row->name);
	curb_json_ktext(&j, "folder", folder);
	curb_json_kint(&j, "database_bytes", row->database_bytes);
	curb_json_kint(&j, "blobs", row->blobs);
	curb_json_kint(&j, "blob_bytes", row->blob_bytes);
	curb_json_kint(&j, "missing", row->missing);
	curb_json_kint(&j, "key_id", row->key_id);
	curb_json_end(&j, '}');
	call->line(call, curb_buf_view(&line));
}

int backup_serve(struct control_call *call)
{
	struct backups *backups = call->app->backups;
	struct command_telling telling = { call, -1 };
	const struct backup_call told = { .progress = command_tell_percent,
		                          .cancelled = command_is_cancelled,
		                          .found = tell_found,
		                          .arg = &telling };
	struct curb_str to = curb_get_str(call->request, "to");
	const char *folder = to.len ? curb_cstr(call->arena, to) : NULL;
	struct backup_row row;
	int err = backup_make(backups, folder, &told, &row);
	if (!err)
		tell_row(call, folder ? folder : backups_folder(backups), &row);
	return err;
}

/* ---- the asking side ---- */

/* What is not the result goes to standard error. */
static void print_line(void *arg, struct curb_str json)
{
	(void)arg;
	(void)fprintf(curb_str_starts(json, "{\"backup\"") ? stdout : stderr, "%.*s\n", (int)json.len,
	              json.ptr);
	(void)fflush(stdout);
}

int backup_main(int argc, char **argv)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(buf) struct curb_buf request = curb_buf(LINE_MOST);
	struct control_ask ask = { .line = print_line };
	const struct command_option options[] = { { "config", &ask.config_file, NULL },
		                                  { "data", &ask.data, NULL },
		                                  { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0)
		return 2;
	if (argc - first > 1) {
		(void)curb_fail(CURB_EINVAL, "name one folder, or none for the configured one");
		return command_failed("backup");
	}
	struct curb_json j = curb_json(&request);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "command", "backup");
	if (first < argc)
		curb_json_ktext(&j, "to", command_path(arena, argv[first]));
	curb_json_end(&j, '}');
	ask.request = curb_buf_view(&request);
	if (control_do(&ask))
		return command_failed("backup");
	(void)fprintf(stderr,
	              "The key is not in the backup: keep a copy of the folder keys elsewhere. Without "
	              "it, what is encrypted is lost.\n");
	return 0;
}
