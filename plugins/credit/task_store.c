#include "curb/cleanup.h"
#include "curb/err.h"
#include "task.h"

#define TASK                                                                                   \
	"SELECT t.id, t.cohort, t.course, t.key, t.name, t.fact, t.code, t.owner, t.due_day, " \
	"coalesce(t.done_ms, 0), coalesce(t.done_by, ''), coalesce(t.words, ''), 1 FROM credit_task t "

static void read_task(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct task *)row = (struct task){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.course = curb_col_id(stmt, 2),
		.key = curb_dup(arena, curb_col_text(stmt, 3)),
		.name = curb_dup(arena, curb_col_text(stmt, 4)),
		.fact = curb_dup(arena, curb_col_text(stmt, 5)),
		.code = curb_dup(arena, curb_col_text(stmt, 6)),
		.owner = curb_col_id(stmt, 7),
		.due_day = curb_col_int(stmt, 8),
		.done_ms = curb_col_int(stmt, 9),
		.done_by = curb_col_id(stmt, 10),
		.words = curb_dup(arena, curb_col_text(stmt, 11)),
		.classes = curb_col_int(stmt, 12),
	};
}

static const struct credit_rows rows = { sizeof(struct task), read_task };

int tasks_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct task **ret_list,
             size_t *ret_n)
{
	return credit_gather(c, tx, TASK "WHERE t.cohort = $1 ORDER BY t.position",
	                     CURB_BINDS(curb_bind_id(cohort)), rows, ret_list, ret_n);
}

int tasks_owed(struct credit *c, struct curb_tx *tx, const struct curb_id *owner, int64_t now_ms,
               struct task **ret_list, size_t *ret_n)
{
	static const char sql[] =
		"SELECT min(t.id), min(t.cohort), t.course, t.key, min(t.name), t.fact, t.code, t.owner, "
		"min(t.due_day), 0, '', '', count(*) FROM credit_task t "
		"WHERE t.owner = $1 AND t.done_ms IS NULL AND t.ends_ms > $2 GROUP BY t.course, t.key, "
		"t.code, t.fact, t.owner ORDER BY t.course, min(t.position) LIMIT $3";
	return credit_gather(c, tx, sql,
	                     CURB_BINDS(curb_bind_id(owner), curb_int(now_ms), curb_int(TASKS_MOST)), rows,
	                     ret_list, ret_n);
}

int task_add(struct credit *c, struct curb_tx *tx, const struct task *task, int64_t position, int64_t ends_ms)
{
	static const char sql[] =
		"INSERT INTO credit_task (id, cohort, position, course, key, name, fact, code, owner, "
		"due_day, ends_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&task->id), curb_bind_id(&task->cohort), curb_int(position),
	                            curb_bind_id(&task->course), curb_text(task->key), curb_text(task->name),
	                            curb_text(task->fact), curb_text(task->code), curb_bind_id(&task->owner),
	                            curb_int(task->due_day), curb_int(ends_ms)),
	                 NULL);
}

int task_set_done(struct credit *c, struct curb_tx *tx, const struct task *task)
{
	static const char sql[] =
		"UPDATE credit_task SET done_ms = $3, done_by = $4, words = $5 WHERE id = $1 "
		"AND cohort = $2 AND done_ms IS NULL";
	int64_t changed = 0;
	int err = curb_exec(c->host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&task->id), curb_bind_id(&task->cohort),
	                               curb_int(task->done_ms), curb_bind_id(&task->done_by),
	                               curb_text(task->words)),
	                    &changed);
	if (!err && changed == 0)
		return curb_fail(CURB_ECONFLICT, "This is done already; look at the list again");
	return err;
}

int task_set_open(struct credit *c, struct curb_tx *tx, const struct task *task)
{
	static const char sql[] = "UPDATE credit_task SET done_ms = NULL, done_by = NULL, words = NULL "
				  "WHERE id = $1 AND cohort = $2 AND done_ms IS NOT NULL";
	int64_t changed = 0;
	int err = curb_exec(c->host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&task->id), curb_bind_id(&task->cohort)), &changed);
	if (!err && changed == 0)
		return curb_fail(CURB_ECONFLICT, "Nobody has said that this is done; look at the list again");
	return err;
}

/* ---- who helps meanwhile ---- */

static void read_help(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct task_help *help = row;
	*help = (struct task_help){
		.cohort = curb_col_id(stmt, 0),
		.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2)),
		.by = curb_col_id(stmt, 3),
		.named_ms = curb_col_int(stmt, 4),
	};
	(void)support_kind_named(curb_col_text(stmt, 1), &help->kind); /* the table has no other words */
}

int task_help_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 struct task_help **ret_list, size_t *ret_n)
{
	return credit_gather(
		c, tx,
		"SELECT cohort, kind, name, named_by, named_ms FROM credit_task_help WHERE cohort = $1 "
		"ORDER BY kind DESC",
		CURB_BINDS(curb_bind_id(cohort)), (struct credit_rows){ sizeof(struct task_help), read_help },
		ret_list, ret_n);
}

int task_drop_help(struct credit *c, struct curb_tx *tx, const struct task_help *help)
{
	static const char sql[] = "DELETE FROM credit_task_help WHERE cohort = $1 AND kind = $2";
	int64_t changed = 0;
	int err = curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&help->cohort), curb_cstring(support_kind_word(help->kind))),
		&changed);
	if (!err && changed == 0)
		return curb_fail(CURB_ECONFLICT, "Nobody is named for this; look at the list again");
	return err;
}

int task_set_help(struct credit *c, struct curb_tx *tx, const struct task_help *help)
{
	static const char sql[] =
		"INSERT INTO credit_task_help (cohort, kind, name, named_by, named_ms) VALUES ($1, $2, $3, "
		"$4, $5) ON CONFLICT (cohort, kind) DO UPDATE SET name = excluded.name, named_by = "
		"excluded.named_by, named_ms = excluded.named_ms";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&help->cohort), curb_cstring(support_kind_word(help->kind)),
	                            curb_text(help->name), curb_bind_id(&help->by), curb_int(help->named_ms)),
	                 NULL);
}
