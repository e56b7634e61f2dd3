/* Backups: those that there are, one now, and a word when the newest is too old. */
#include "backup.h"

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "inside.h"

static const struct backup_row *newest_whole(const struct backup_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].whole)
			return &rows[i];
	return NULL;
}

int64_t desk_newest_backup(struct curb_req *req, const struct desk *desk)
{
	struct backup_row *rows;
	size_t n;
	backups_list(desk->o.backups, curb_req_arena(req), &rows, &n);
	const struct backup_row *newest = newest_whole(rows, n);
	return newest ? newest->made_ms : 0;
}

/* `more`: what is said behind the text; NULL: nothing. */
static void complain(struct curb_req *req, struct curb_value *list, const char *more, struct curb_str text)
{
	curb_push(list,
	          curb_string(curb_value_arena(list), more ? desk_tr_str(req, more, "text", text) : text));
}

/* A clock that goes back makes the age of backups a riddle, and an empty mount point looks like a folder for them. */
void desk_backup_complaints(struct curb_req *req, const struct desk *desk, bool here, struct curb_value *list)
{
	const struct backups *backups = desk->o.backups;
	const char *see = here ? NULL : CURB_TEXT("{text}; see Backups");
	const char *press = here ? CURB_TEXT("{text}. Press Make a backup now") : see;
	struct backup_row *rows;
	size_t n;
	backups_list(backups, curb_req_arena(req), &rows, &n);
	const struct backup_row *newest = newest_whole(rows, n);
	int64_t now_ms = curb_wall_ms();
	struct curb_str day = newest ? curb_words_date(req, newest->made_ms) : curb_str("");
	if (backups_gone(backups))
		complain(req, list, see,
		         curb_tr(req, "The folder for backups is not there: connect its disk", NULL));
	else if (backups_misplaced(backups))
		complain(req, list, see,
		         curb_tr(req,
		                 "Backups go to the disk of the server and are lost with it: connect the "
		                 "other disk, or name a folder on another one",
		                 NULL));
	if (!newest)
		complain(req, list, press, curb_tr(req, "There is no backup yet", NULL));
	else if (backups_ahead(newest->made_ms, now_ms))
		complain(req, list, see,
		         desk_tr_str(req,
		                     CURB_TEXT("The newest backup is of {day}, which is yet to come: set the "
		                               "clock of the server right, then move that backup to another "
		                               "folder"),
		                     "day", day));
	else if (backups_late(backups, newest->made_ms, now_ms))
		complain(req, list, press,
		         desk_tr_str(req, CURB_TEXT("The newest backup is of {day}"), "day", day));
	if (newest && newest->missing)
		complain(req, list, see,
		         desk_tr_int(req,
		                     CURB_TEXT("Files of courses that are missing or damaged, also in the "
		                               "newest backup: {n}. Import those courses again, then make a "
		                               "backup"),
		                     "n", newest->missing));
}

/* ---- the page ---- */

static void put_row(struct curb_req *req, const struct backup_row *backup, struct curb_value *columns,
                    struct curb_value *rows)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = desk_row(rows);
	desk_cell(row, columns, desk_moment(req, backup->made_ms), NULL);
	desk_cell(row, columns, curb_str(backup->name), NULL);
	desk_cell(row, columns, curb_words_size(req, backup->database_bytes), NULL);
	desk_cell(row, columns,
	          backup->blob_bytes ? curb_words_size(req, backup->blob_bytes) : curb_tr(req, "None", NULL),
	          NULL);
	desk_cell(row, columns, curb_str(curb_printf(arena, "%u", (unsigned)backup->key_id)), NULL);
	desk_cell(row, columns,
	          backup->missing ? desk_tr_int(req,
	                                        CURB_TEXT("Missing or damaged files: {n}. Import that course "
	                                                  "again"),
	                                        "n", backup->missing) :
	                            curb_tr(req, "Yes, when it was made", NULL),
	          NULL);
}

/* Those that can be read in a table; of the others only the names are known. */
static void put_list(struct curb_req *req, const char *folder, const struct backup_row *backups, size_t n,
                     struct curb_value *model)
{
	static const char *const sources[] = { CURB_TEXT("When"),
		                               CURB_TEXT("Folder"),
		                               CURB_TEXT("Database"),
		                               CURB_TEXT("Media and texts of courses"),
		                               CURB_TEXT("Key number"),
		                               CURB_TEXT("Checked"),
		                               NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *columns = desk_columns(req, sources), *rows = curb_array(arena),
			  *damaged = curb_array(arena);
	for (size_t i = 0; i < n; i++) {
		if (!backups[i].whole) {
			curb_push(damaged, curb_string(arena, curb_str(backups[i].name)));
			continue;
		}
		if (!curb_value_count(rows))
			curb_put_text(model, "restore",
			              curb_printf(arena, "curbcut restore %s %s",
			                          desk_shell_word(arena, curb_printf(arena, "%s/%s", folder,
			                                                             backups[i].name)),
			                          curb_cstr(arena, curb_tr(req, "NEW", NULL))));
		put_row(req, &backups[i], columns, rows);
	}
	curb_put(model, "columns", columns);
	curb_put(model, "rows", rows);
	curb_put(model, "damaged", damaged);
	curb_put_str(model, "count",
	             desk_tr_int(req, CURB_TEXT("Backups: {n}"), "n", (int64_t)curb_value_count(rows)));
}

/* What became of the newest one that was asked for; an empty job when there is none. */
static int put_job(struct curb_req *req, struct curb_value *model, struct work_job *job)
{
	int err = work_newest(curb_req_tx(req), backup_jobs[0].name, job);
	if (err) {
		*job = (struct work_job){ .ended_ms = 0 };
		return err == CURB_ENOTFOUND ? 0 : err;
	}
	if (job->ended_ms && !curb_str_is(job->state, "failed"))
		return 0;
	struct curb_arena *arena = curb_req_arena(req);
	curb_put_text(model, "job", curb_printf(arena, "/machine/jobs/%s", job->id.text));
	if (!job->ended_ms)
		desk_put_progress(req, job, model);
	if (!job->error.len) /* what waits to be tried again has one */
		return 0;
	struct curb_value *failed = curb_object(arena);
	curb_put_str(failed, "text", work_reason_now(job, curb_req_arena(req)));
	curb_put(model, "failed", failed);
	return 0;
}

/* The address keeps what was asked for: what is said of it is how it stands when the page is loaded. */
static void put_notice(struct curb_req *req, const struct desk *desk, const struct work_job *job,
                       struct curb_value *model)
{
	struct curb_str done = curb_req_query(req, "done");
	bool under_way = job->id.text[0] && !job->ended_ms && !job->error.len;
	if (under_way && curb_str_is(done, "already"))
		desk_notice(model, "status", curb_tr(req, "A backup is being made already", NULL));
	else if (under_way && done.len)
		desk_notice(model, "good", curb_tr(req, "A backup is made now.", NULL));
	else if (done.len && curb_str_is(job->state, "done"))
		desk_notice(model, "good",
		            desk_tr_str(req, CURB_TEXT("The backup is done: {moment}"), "moment",
		                        desk_moment(req, job->ended_ms)));
	struct curb_value *complaints = curb_array(curb_req_arena(req));
	if (!under_way)
		desk_backup_complaints(req, desk, true, complaints);
	curb_put(model, "complaints", complaints);
}

int desk_get_backups(struct curb_req *req, void *state)
{
	struct desk *desk = state;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena), *facts = curb_array(arena);
	struct backup_row *rows;
	size_t n;
	struct work_job job;
	backups_list(desk->o.backups, arena, &rows, &n);
	int err = put_job(req, model, &job);
	if (err)
		return err;
	desk_title(req, model, CURB_TEXT("Backups"));
	put_notice(req, desk, &job, model);
	curb_put_text(model, "folder", backups_folder(desk->o.backups));
	desk_fact(facts, curb_tr(req, "How many are kept", NULL),
	          desk_tr_int(req, CURB_TEXT("The newest {n}"), "n", backups_kept(desk->o.backups)), NULL);
	curb_put(model, "facts", facts);
	curb_put_bool(model, "same_disk",
	              backups_same_disk(desk->o.backups) && !backups_misplaced(desk->o.backups));
	put_list(req, backups_folder(desk->o.backups), rows, n, model);
	return curb_reply_page(req, 200, "machine_backups", model);
}

/* ---- one now ---- */

struct asking {
	struct curb_id by, job;
	int64_t now_ms;
};

static int ask(struct curb_tx *tx, void *arg)
{
	struct asking *asking = arg;
	int err = backup_queue(tx, &asking->by, &asking->job);
	const struct curb_change change = { asking->by, curb_id_str(&asking->job), curb_str(""),
		                            CURB_TEXT("asked for a backup"), NULL };
	return err ? err : curb_note_change(tx, &change, asking->now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	(void)arg;
	return desk_go(req, "/machine/backups?done=asked");
}

int desk_post_backups(struct curb_req *req, void *state)
{
	(void)state;
	struct asking asking = { curb_req_user(req)->id, { "" }, curb_wall_ms() };
	int err = curb_write_reply(req, curb_str(NULL), ask, answer, &asking);
	return err == CURB_ECONFLICT ? desk_go(req, "/machine/backups?done=already") : err;
}
