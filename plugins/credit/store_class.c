#include "curb/cleanup.h"
#include "curb/err.h"
#include "pages.h"

#define IN_STATE                                                                   \
	"FROM credit_cohort c WHERE c.institution = $1 AND "                       \
	"($2 = 0 OR ($2 = 1 AND c.starts_ms <= $3 AND c.ends_ms > $3) OR ($2 = 2 " \
	"AND c.starts_ms > $3) OR ($2 = 3 AND c.ends_ms <= $3)) "

int credit_cohorts_in_state(struct credit *c, struct curb_tx *tx, const struct class_wanted *wanted,
                            struct credit_cohort **ret_cohorts, size_t *ret_n)
{
	static const char sql[] = "SELECT " CREDIT_COHORT_COLUMNS IN_STATE
				  "ORDER BY c.starts_ms DESC, c.id LIMIT $4 OFFSET $5";
	return credit_gather(
		c, tx, sql,
		CURB_BINDS(curb_bind_id(&wanted->institution), curb_int(wanted->state),
	                   curb_int(wanted->now_ms), curb_int(wanted->most), curb_int(wanted->skip)),
		(struct credit_rows){ sizeof(struct credit_cohort), credit_read_cohort }, ret_cohorts, ret_n);
}

static int count_rows(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                      int64_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_n = curb_col_int(stmt, 0);
	return 0;
}

int credit_cohorts_count(struct credit *c, struct curb_tx *tx, const struct class_wanted *wanted,
                         int64_t *ret_n)
{
	return count_rows(c, tx, "SELECT count(*) " IN_STATE,
	                  CURB_BINDS(curb_bind_id(&wanted->institution), curb_int(wanted->state),
	                             curb_int(wanted->now_ms)),
	                  ret_n);
}

int credit_trainee_count(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t *ret_n)
{
	return count_rows(c, tx, "SELECT count(*) FROM credit_trainee WHERE cohort = $1",
	                  CURB_BINDS(curb_bind_id(cohort)), ret_n);
}

int credit_trainee_blank(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                         const struct curb_id *person, bool *ret_blank)
{
	int64_t n = 0;
	static const char sql[] =
		"SELECT (SELECT count(*) FROM credit_coverage WHERE person = $1 AND cohort = "
		"$2) + (SELECT count(*) FROM credit_attended a JOIN credit_sheet s ON s.id = "
		"a.sheet WHERE a.person = $1 AND s.cohort = $2) + (SELECT count(*) FROM credit_move WHERE "
		"person = $1 AND (cohort = $2 OR target = $2))";
	int err = count_rows(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)), &n);
	if (!err)
		*ret_blank = n == 0;
	return err;
}

int credit_trainee_remove(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          const struct curb_id *person)
{
	return curb_exec(c->host, tx, "DELETE FROM credit_trainee WHERE cohort = $1 AND person = $2",
	                 CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), NULL);
}

int credit_trainees_called(struct credit *c, struct curb_tx *tx, const struct curb_id *institution,
                           struct curb_str shown, struct curb_id **ret_persons, size_t *ret_n)
{
	static const char sql[] = "SELECT DISTINCT t.person FROM credit_cohort c "
				  "JOIN credit_trainee t ON t.cohort = c.id "
				  "WHERE c.institution = $1 AND t.shown = $2 LIMIT 2";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(institution), curb_text(shown)),
	                     (struct credit_rows){ sizeof(struct curb_id), credit_read_id }, ret_persons,
	                     ret_n);
}

/* ---- drafts ---- */

#define DRAFT_COLUMNS "id, person, coalesce(cohort, ''), body, changed_ms, dropped_ms IS NOT NULL "

static void read_draft(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct credit_draft *)row = (struct credit_draft){
		.id = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.cohort = curb_col_id(stmt, 2),
		.body = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 3)),
		.changed_ms = curb_col_int(stmt, 4),
		.dropped = curb_col_int(stmt, 5) != 0,
	};
}

int credit_draft_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, const struct curb_id *person,
                       struct credit_draft *ret_draft)
{
	static const char sql[] = "SELECT " DRAFT_COLUMNS "FROM credit_draft WHERE id = $1 AND person = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(id), curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This draft is not here; look at the list of classes");
	read_draft(tx, stmt, ret_draft);
	return 0;
}

int credit_drafts_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person, int64_t skip,
                     int64_t most, struct credit_draft **ret_drafts, size_t *ret_n, int64_t *ret_total)
{
	static const char all[] = "SELECT count(*) FROM credit_draft WHERE person = $1 AND cohort IS NULL "
				  "AND dropped_ms IS NULL";
	static const char sql[] = "SELECT " DRAFT_COLUMNS
				  "FROM credit_draft WHERE person = $1 AND cohort IS NULL "
				  "AND dropped_ms IS NULL ORDER BY changed_ms DESC, id LIMIT $2 OFFSET $3";
	int err = credit_one_number(c, tx, all, CURB_BINDS(curb_bind_id(person)), ret_total);
	return err ? err :
	             credit_gather(c, tx, sql,
	                           CURB_BINDS(curb_bind_id(person), curb_int(most), curb_int(skip)),
	                           (struct credit_rows){ sizeof(struct credit_draft), read_draft },
	                           ret_drafts, ret_n);
}

int credit_draft_save(struct credit *c, struct curb_tx *tx, const struct credit_draft *draft)
{
	static const char sql[] =
		"INSERT INTO credit_draft (id, person, body, changed_ms, dropped_ms, cohort) "
		"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET body = $3, changed_ms = $4, "
		"dropped_ms = $5, cohort = $6 WHERE credit_draft.person = $2";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&draft->id), curb_bind_id(&draft->person), curb_text(draft->body),
	                   curb_int(draft->changed_ms),
	                   draft->dropped ? curb_int(draft->changed_ms) : curb_null(),
	                   curb_id_some(&draft->cohort) ? curb_bind_id(&draft->cohort) : curb_null()),
		NULL);
}

int credit_drafts_forget(struct credit *c, struct curb_tx *tx, int64_t before_ms)
{
	return curb_exec(c->host, tx, "DELETE FROM credit_draft WHERE dropped_ms < $1",
	                 CURB_BINDS(curb_int(before_ms)), NULL);
}
