/* curbcut restore: a new data folder made of a backup. */
#include <stdio.h>

#include "backup.h"
#include "commands.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/json.h"

enum { LINE_MOST = 32 << 10 };

struct telling {
	int percent;  /* told last */
	int left_out; /* files that are missing or damaged */
};

static void tell_percent(void *arg, int permille)
{
	struct telling *telling = arg;
	if (permille / 10 != telling->percent)
		(void)fprintf(stderr, "{\"percent\":%d}\n", telling->percent = permille / 10);
}

static void tell_found(void *arg, const char *name, bool missing)
{
	struct telling *telling = arg;
	telling->left_out++;
	(void)fprintf(stderr, "{\"%s\":\"%s\"}\n", missing ? "missing" : "damaged", name);
}

static void tell_row(const char *folder, const struct backup_row *row, int left_out)
{
	CURB_AUTO(buf) struct curb_buf line = curb_buf(LINE_MOST);
	struct curb_json j = curb_json(&line);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "backup", row->name);
	curb_json_ktext(&j, "folder", folder);
	curb_json_kint(&j, "blobs", row->blobs - left_out);
	curb_json_kint(&j, "left_out", left_out);
	curb_json_kint(&j, "key_id", row->key_id);
	curb_json_end(&j, '}');
	(void)printf("%.*s\n", (int)line.len, line.data);
	if (left_out)
		(void)fprintf(stderr,
		              "Files of courses are missing or damaged: %d, named above. Import these "
		              "courses again.\n",
		              left_out);
	(void)fprintf(
		stderr,
		"Before you serve it: copy the folder keys of the server that was backed up (key number "
		"%u) to %s/keys. A backup never has it. Nobody is signed in there. Its ledger counts nothing "
		"until an auditor decides that it goes on: its page /ledger/decision.\n",
		(unsigned)row->key_id, folder);
}

static int usage(void)
{
	(void)fprintf(stderr, "curbcut restore [--without-damaged] FROM DIR: FROM is a backup or a folder of "
	                      "backups, DIR a new or empty folder\n");
	return 2;
}

int restore_main(int argc, char **argv)
{
	struct telling telling = { .percent = -1 };
	struct backup_call told = { .progress = tell_percent, .found = tell_found, .arg = &telling };
	struct backup_row row;
	const struct command_option options[] = { { "without-damaged", NULL, &told.without_damaged }, { 0 } };
	int first = command_options(argc, argv, options);
	if (first < 0 || argc - first != 2)
		return usage();
	if (backup_restore(argv[first], argv[first + 1], &told, &row))
		return command_failed("restore");
	tell_row(argv[first + 1], &row, telling.left_out);
	return 0;
}
