#include "backup.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"
#include "work.h"

enum { TRIES = 3, TIMEOUT_S = 12 * 3600, DAY_MS = 24 * 3600 * 1000, AHEAD_MS = 60 * 1000 };

/* ---- life ---- */

struct backups *backups_new(const struct backups_options *options)
{
	struct backups *backups = curb_xcalloc(1, sizeof *backups);
	backups->o = *options;
	if (options->folder[0])
		(void)snprintf(backups->folder, sizeof backups->folder, "%s", options->folder);
	else
		(void)snprintf(backups->folder, sizeof backups->folder, "%s/backups", options->data);
	return backups;
}

void backups_free(struct backups *backups)
{
	free(backups);
}

/* ---- what the pages say ---- */

const char *backups_folder(const struct backups *backups)
{
	return backups->folder;
}

bool backups_same_disk(const struct backups *backups)
{
	struct stat data, folder;
	if (stat(backups->folder, &folder) != 0)
		return !backups->o.folder[0];
	return stat(backups->o.data, &data) == 0 && data.st_dev == folder.st_dev;
}

int64_t backups_kept(const struct backups *backups)
{
	return backups->o.keep;
}

bool backups_gone(const struct backups *backups)
{
	struct stat info;
	return backups->o.folder[0] && stat(backups->folder, &info) != 0;
}

bool backups_misplaced(const struct backups *backups)
{
	return backups->o.folder[0] && backups_same_disk(backups);
}

bool backups_ahead(int64_t newest_ms, int64_t now_ms)
{
	return newest_ms - now_ms > AHEAD_MS;
}

bool backups_late(const struct backups *backups, int64_t newest_ms, int64_t now_ms)
{
	return now_ms - newest_ms > backups->o.warn_days * DAY_MS;
}

/* ---- the job ---- */

static void tell(void *arg, int permille)
{
	curb_job_progress(arg, permille, "Copying what courses hold");
}

static bool is_cancelled(void *arg)
{
	return curb_job_cancelled(arg);
}

static int run_job(struct curb_job *job, void *state)
{
	const struct backup_call call = { .progress = tell, .cancelled = is_cancelled, .arg = job };
	struct backup_row row;
	curb_job_progress(job, 0, "Copying the database");
	int err = backup_make(state, NULL, &call, &row);
	if (!err)
		curb_job_result(job,
		                curb_str(curb_printf(curb_job_arena(job), "{\"backup\":\"%s\"}", row.name)));
	return err;
}

const struct curb_job_kind backup_jobs[] = {
	{ "backup", run_job, TRIES, TIMEOUT_S },
	{ 0 },
};

int backup_queue(struct curb_tx *tx, const struct curb_id *person, struct curb_id *ret_job)
{
	bool there = false;
	int err = work_under_way(tx, backup_jobs[0].name, &there);
	if (err)
		return err;
	if (there)
		return curb_fail(CURB_ECONFLICT, "A backup is being made already");
	return curb_job_enqueue(&curb_core_host, tx, backup_jobs[0].name, person, curb_str("{}"), ret_job);
}
