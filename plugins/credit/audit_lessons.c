/* Lessons that stand out: entered for a time before somebody could be in the class, or while she played recorded ones. */
#include "audit.h"
#include "curb/cleanup.h"

/* ---- before the class, or before the roster ---- */

static void read_early(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct audit_early *)row = (struct audit_early){
		.sheet = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.programme = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2)),
		.from_ms = curb_col_int(stmt, 3),
		.people = curb_col_int(stmt, 4),
		.class = curb_col_int(stmt, 5) != 0,
	};
}

int audit_early(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
                struct audit_early **ret_rows, size_t *ret_n)
{
	static const char sql[] =
		"SELECT s.id, s.cohort, k.programme, s.from_ms, count(DISTINCT a.person), "
		"s.from_ms < k.opened_ms FROM credit_cohort k JOIN credit_sheet s ON s.cohort = k.id "
		"JOIN credit_attended a ON a.sheet = s.id "
		"JOIN credit_trainee t ON t.cohort = s.cohort AND t.person = a.person "
		"WHERE k.institution = $1 AND s.from_ms / 86400000 BETWEEN $2 AND $3 "
		"AND (s.from_ms < k.opened_ms OR s.from_ms < t.added_ms) "
		"GROUP BY s.id, s.cohort, k.programme, s.from_ms, k.opened_ms "
		"ORDER BY s.from_ms DESC, s.id LIMIT 50";
	return credit_gather(c, tx, sql,
	                     CURB_BINDS(curb_bind_id(&span->institution), curb_int(span->first_day),
	                                curb_int(span->last_day)),
	                     (struct credit_rows){ sizeof(struct audit_early), read_early }, ret_rows, ret_n);
}

/* ---- while recorded lessons were played ---- */

#define BOTH                                                                                               \
	"SELECT s.id, s.cohort, a.person, t.shown, s.from_ms, s.to_ms, p.opened_ms, p.wall_ms, p.spent_s " \
	"FROM credit_cohort k JOIN credit_sheet s ON s.cohort = k.id AND s.mode <> 'live' "                \
	"JOIN credit_attended a ON a.sheet = s.id AND a.number = 0 "                                       \
	"JOIN credit_trainee t ON t.cohort = s.cohort AND t.person = a.person "                            \
	"JOIN credit_play p ON p.person = a.person AND p.opened_ms < s.to_ms AND p.wall_ms > s.from_ms "

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The seconds of a play that lie within the lesson: never more than were played in it. */
static int64_t both_s(struct curb_stmt *stmt)
{
	int64_t from_ms = curb_col_int(stmt, 4), opened_ms = curb_col_int(stmt, 6);
	int64_t to_ms = smaller(curb_col_int(stmt, 5), curb_col_int(stmt, 7));
	return smaller((to_ms - (opened_ms > from_ms ? opened_ms : from_ms)) / 1000, curb_col_int(stmt, 8));
}

/* Plays of one trainee in one lesson are one row. */
static int add_up(struct curb_tx *tx, struct curb_stmt *stmt, struct audit_both *rows, size_t *n)
{
	int err = 0;
	while (*n <= AUDIT_ROWS_MOST && (err = curb_step(stmt)) > 0) {
		struct curb_id sheet = curb_col_id(stmt, 0), person = curb_col_id(stmt, 2);
		struct audit_both *last = *n ? &rows[*n - 1] : NULL;
		bool same = last && strcmp(last->sheet.text, sheet.text) == 0 &&
		            strcmp(last->person.text, person.text) == 0;
		if (!same && last && last->played_s < AUDIT_FAST_S)
			--*n;
		if (!same)
			rows[(*n)++] = (struct audit_both){ .sheet = sheet,
				                            .cohort = curb_col_id(stmt, 1),
				                            .person = person,
				                            .shown = curb_dup(curb_tx_arena(tx),
				                                              curb_col_text(stmt, 3)),
				                            .from_ms = curb_col_int(stmt, 4) };
		rows[*n - 1].played_s += both_s(stmt);
		err = 0;
	}
	if (*n && rows[*n - 1].played_s < AUDIT_FAST_S)
		--*n;
	*n = *n > AUDIT_ROWS_MOST ? AUDIT_ROWS_MOST : *n;
	return err;
}

static int gather(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                  struct audit_both **ret_rows, size_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	*ret_rows = curb_alloc_n(curb_tx_arena(tx), AUDIT_ROWS_MOST + 1, sizeof **ret_rows);
	*ret_n = 0;
	int err = curb_query(c->host, tx, sql, binds, &stmt);
	return err ? err : add_up(tx, stmt, *ret_rows, ret_n);
}

int audit_both(struct credit *c, struct curb_tx *tx, const struct audit_span *span,
               struct audit_both **ret_rows, size_t *ret_n)
{
	static const char sql[] = BOTH "WHERE k.institution = $1 AND s.from_ms / 86400000 BETWEEN $2 AND $3 "
				       "ORDER BY s.from_ms DESC, s.id, a.person";
	return gather(c, tx, sql,
	              CURB_BINDS(curb_bind_id(&span->institution), curb_int(span->first_day),
	                         curb_int(span->last_day)),
	              ret_rows, ret_n);
}

int audit_both_of(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                  struct audit_both **ret_rows, size_t *ret_n)
{
	static const char sql[] = BOTH "WHERE s.id = $1 ORDER BY t.shown, a.person";
	return gather(c, tx, sql, CURB_BINDS(curb_bind_id(sheet)), ret_rows, ret_n);
}
