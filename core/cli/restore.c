/* curbcut restore: a new data folder made of a backup. */
#include <stdio.h>

#include "backup.h"
#include "commands.h"
#include "curb/err.h"

static void tell_percent(void *arg, int permille)
{
	int *told = arg;
	if (permille / 10 != *told)
		(void)fprintf(stderr, "{\"percent\":%d}\n", *told = permille / 10);
}

static void tell_found(void *arg, const char *name, bool missing)
{
	(void)arg;
	(void)fprintf(stderr, "{\"%s\":\"%s\"}\n", missing ? "missing" : "damaged", name);
}

int restore_main(int argc, char **argv)
{
	int percent = -1;
	const struct backup_call told = { .progress = tell_percent, .found = tell_found, .arg = &percent };
	struct backup_row row;
	if (argc != 3 || argv[1][0] == '-' || argv[2][0] == '-') {
		(void)fprintf(stderr,
		              "curbcut restore FROM DIR: FROM is a backup or a folder of backups, DIR a "
		              "new or empty folder\n");
		return 2;
	}
	if (backup_restore(argv[1], argv[2], &told, &row))
		return command_failed("restore");
	(void)printf("{\"backup\":\"%s\",\"folder\":\"%s\",\"blobs\":%lld,\"key_id\":%u}\n", row.name,
	             argv[2], (long long)row.blobs, (unsigned)row.key_id);
	(void)fprintf(
		stderr,
		"Before you serve it: copy the folder keys of the server that was backed up (key number "
		"%u) to %s/keys. A backup never has it.\n",
		(unsigned)row.key_id, argv[2]);
	return 0;
}
