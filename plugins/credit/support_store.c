#include "curb/err.h"
#include "support.h"

#define SUPPORT                                                                                            \
	"SELECT s.id, s.cohort, s.kind, s.from_day, s.until_day, s.number, s.words, s.corrects, s.entry, " \
	"s.entered_ms, s.entered_by, coalesce(s.signed_ms, 0), coalesce(s.signed_by, ''), coalesce(x.id, " \
	"''), "                                                                                            \
	"coalesce(x.signed_ms, 0) FROM credit_support s LEFT JOIN credit_support x ON x.corrects = s.id "  \
	"AND "                                                                                             \
	"x.corrects <> '' "

static void read_support(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct support *support = row;
	*support = (struct support){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.from_day = curb_col_int(stmt, 3),
		.until_day = curb_col_int(stmt, 4),
		.number = curb_col_int(stmt, 5),
		.words = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 6)),
		.corrects = curb_col_id(stmt, 7),
		.entry = curb_col_int(stmt, 8),
		.entered_ms = curb_col_int(stmt, 9),
		.entered_by = curb_col_id(stmt, 10),
		.signed_ms = curb_col_int(stmt, 11),
		.signed_by = curb_col_id(stmt, 12),
		.corrected = curb_col_id(stmt, 13),
		.corrected_signed = curb_col_int(stmt, 14) != 0,
	};
	(void)support_kind_named(curb_col_text(stmt, 2), &support->kind); /* the table has no other words */
}

static const struct credit_rows rows = { sizeof(struct support), read_support };

int support_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct support *ret_support)
{
	struct support *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, SUPPORT "WHERE s.id = $1",
	                        CURB_BINDS(curb_text(id.ptr ? id : curb_str(""))), rows, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such line of support");
	if (!err)
		*ret_support = *found;
	return err;
}

int supports_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct support **ret_list,
                size_t *ret_n)
{
	return credit_gather(
		c, tx, SUPPORT "WHERE s.cohort = $1 ORDER BY s.from_day, s.entered_ms, s.id LIMIT $2",
		CURB_BINDS(curb_bind_id(cohort), curb_int(SUPPORT_LINES_MOST)), rows, ret_list, ret_n);
}

int support_add(struct credit *c, struct curb_tx *tx, const struct support *support)
{
	static const char sql[] =
		"INSERT INTO credit_support (id, cohort, kind, from_day, until_day, number, words, corrects, "
		"entry, entered_ms, entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&support->id), curb_bind_id(&support->cohort),
	                            curb_cstring(support_kind_word(support->kind)),
	                            curb_int(support->from_day), curb_int(support->until_day),
	                            curb_int(support->number), curb_text(support->words),
	                            curb_bind_id(&support->corrects), curb_int(support->entry),
	                            curb_int(support->entered_ms), curb_bind_id(&support->entered_by)),
	                 NULL);
}

int support_add_sign(struct credit *c, struct curb_tx *tx, const struct support *support, int64_t entry)
{
	static const char sql[] =
		"UPDATE credit_support SET signed_ms = $2, signed_by = $3, signed_entry = $4 WHERE id = $1";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&support->id), curb_int(support->signed_ms),
	                            curb_bind_id(&support->signed_by), curb_int(entry)),
	                 NULL);
}

/* ---- days attended ---- */

static void read_days(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct attended_days *)row = (struct attended_days){ .person = curb_col_id(stmt, 0),
		                                               .days = curb_col_int(stmt, 1) };
}

int attended_days_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                     struct attended_days **ret_list, size_t *ret_n)
{
	static const char sql[] = "SELECT person, count(DISTINCT day) FROM (SELECT a.person AS person, "
				  "(s.from_ms + $2) / 86400000 AS "
				  "day FROM credit_sheet s JOIN credit_attended a ON a.sheet = s.id WHERE "
				  "s.cohort = $1 AND s.mode = "
				  "'onsite' AND a.signed_ms IS NOT NULL GROUP BY a.sheet, a.person, "
				  "s.from_ms HAVING sum(a.seconds) > 0) "
				  "there GROUP BY person ORDER BY person";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_int(c->utc_offset_ms)),
	                     (struct credit_rows){ sizeof(struct attended_days), read_days }, ret_list,
	                     ret_n);
}
