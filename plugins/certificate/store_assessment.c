/* The SQL of final assessments. */
#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"

static const char *const outcome_words[] = {
	[OUTCOME_NONE] = "none", [OUTCOME_FAILED] = "failed", [OUTCOME_PASSED] = "passed"
};

static enum outcome outcome_of(struct curb_str word)
{
	return curb_str_is(word, "passed") ? OUTCOME_PASSED :
	       curb_str_is(word, "failed") ? OUTCOME_FAILED :
	                                     OUTCOME_NONE;
}

static struct curb_bind points(int64_t hundredths)
{
	return hundredths < 0 ? curb_null() : curb_int(hundredths);
}

#define SITTING                                                                                        \
	"SELECT a.id, a.cohort, a.institution, a.holder, a.theory, a.practice, "                       \
	"coalesce(a.theory_points, -1), coalesce(a.practice_points, -1), a.resit, a.day, a.examiner, " \
	"a.adjustments, a.other, a.reason, a.corrects, k.id, a.entered_by, a.entered_ms, a.entry, "    \
	"s.person, s.at_ms, a.person FROM certificate_assessment a "                                   \
	"LEFT JOIN certificate_assessment_sign s ON s.assessment = a.id "                              \
	"LEFT JOIN certificate_assessment k ON k.corrects = a.id "

static void read_sitting(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct sitting *)row = (struct sitting){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.institution = curb_col_id(stmt, 2),
		.person = curb_col_id(stmt, 3),
		.theory = outcome_of(curb_col_text(stmt, 4)),
		.practice = outcome_of(curb_col_text(stmt, 5)),
		.theory_points = curb_col_int(stmt, 6),
		.practice_points = curb_col_int(stmt, 7),
		.resit = curb_col_int(stmt, 8) != 0,
		.day = curb_col_int(stmt, 9),
		.examiner = curb_dup(arena, curb_col_text(stmt, 10)),
		.adjustments = curb_dup(arena, curb_col_text(stmt, 11)),
		.other = curb_dup(arena, curb_col_text(stmt, 12)),
		.reason = curb_dup(arena, curb_col_text(stmt, 13)),
		.corrects = curb_col_id(stmt, 14),
		.corrected = curb_col_id(stmt, 15),
		.entered_by = curb_col_id(stmt, 16),
		.entered_ms = curb_col_int(stmt, 17),
		.entry = curb_col_int(stmt, 18),
		.signed_by = curb_col_id(stmt, 19),
		.signed_ms = curb_col_int(stmt, 20),
		.subject = curb_col_id(stmt, 21),
	};
}

int sitting_add(struct certificate *c, struct curb_tx *tx, const struct sitting *s)
{
	static const char sql[] =
		"INSERT INTO certificate_assessment (id, cohort, institution, person, theory, practice, "
		"theory_points, practice_points, resit, day, examiner, adjustments, other, corrects, reason, "
		"entered_by, entered_ms, entry, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		"$11, $12, "
		"$13, $14, $15, $16, $17, $18, $4)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&s->id), curb_bind_id(&s->cohort),
	                            curb_bind_id(&s->institution), curb_bind_id(&s->person),
	                            curb_cstring(outcome_words[s->theory]),
	                            curb_cstring(outcome_words[s->practice]), points(s->theory_points),
	                            points(s->practice_points), curb_int(s->resit), curb_int(s->day),
	                            curb_text(s->examiner), curb_text(s->adjustments), curb_text(s->other),
	                            curb_id_some(&s->corrects) ? curb_bind_id(&s->corrects) : curb_null(),
	                            curb_text(s->reason), curb_bind_id(&s->entered_by),
	                            curb_int(s->entered_ms), curb_int(s->entry)),
	                 NULL);
}

int sitting_sign(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                 const struct curb_id *by, int64_t now_ms, int64_t entry)
{
	static const char sql[] =
		"INSERT INTO certificate_assessment_sign (assessment, person, at_ms, entry) "
		"VALUES ($1, $2, $3, $4)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(id), curb_bind_id(by), curb_int(now_ms), curb_int(entry)),
	                 NULL);
}

static int find_sitting(struct certificate *c, struct curb_tx *tx, const char *sql,
                        const struct curb_bind *binds, struct sitting *ret)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such result");
	read_sitting(tx, stmt, ret);
	return 0;
}

int sitting_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct sitting *ret)
{
	static const char sql[] = SITTING "WHERE a.id = $1";
	return find_sitting(c, tx, sql, CURB_BINDS(curb_text(id)), ret);
}

int sitting_latest(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *by, struct sitting *ret)
{
	static const char sql[] = SITTING
		"WHERE a.cohort = $1 AND a.entered_by = $2 ORDER BY a.entry DESC LIMIT 1";
	return find_sitting(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(by)), ret);
}

int sittings_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, struct sitting **ret, size_t *ret_n)
{
	static const char sql[] = SITTING "WHERE a.cohort = $1 AND a.holder = $2 ORDER BY a.entered_ms, a.id";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)),
	                   sizeof **ret, read_sitting, ret, ret_n);
}

static void read_person(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct curb_id *)row = curb_col_id(stmt, 0);
}

int sittings_persons(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                     struct curb_id **ret, size_t *ret_n)
{
	static const char sql[] =
		"SELECT holder FROM certificate_assessment WHERE cohort = $1 GROUP BY holder ORDER BY holder";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort)), sizeof **ret, read_person, ret,
	                   ret_n);
}

#define WAITS                                                             \
	"LEFT JOIN certificate_assessment_sign s ON s.assessment = a.id " \
	"LEFT JOIN certificate_assessment k ON k.corrects = a.id "        \
	"WHERE s.person IS NULL AND k.id IS NULL "

int sittings_persons_waiting(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                             const struct curb_id *by, struct curb_id **ret, size_t *ret_n)
{
	static const char sql[] = "SELECT a.holder FROM certificate_assessment a " WAITS
				  "AND a.cohort = $1 AND a.entered_by <> $2 AND a.holder <> $2 "
				  "GROUP BY a.holder ORDER BY min(a.entry)";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(by)), sizeof **ret,
	                   read_person, ret, ret_n);
}

static void read_waiting(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct waiting *)row = (struct waiting){ curb_col_id(stmt, 0), curb_col_int(stmt, 1) };
}

#define WAITS_AT WAITS "AND a.institution = $1 AND a.entered_by <> $2 AND a.holder <> $2"

int sittings_waiting(struct certificate *c, struct curb_tx *tx, const struct curb_id *institution,
                     const struct curb_id *by, int64_t skip, int64_t most, struct waiting **ret,
                     size_t *ret_n)
{
	static const char sql[] = "SELECT a.cohort, count(*) FROM certificate_assessment a " WAITS_AT
				  " GROUP BY a.cohort ORDER BY a.cohort LIMIT $3 OFFSET $4";
	return rows_gather(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(institution), curb_bind_id(by), curb_int(most), curb_int(skip)),
		sizeof **ret, read_waiting, ret, ret_n);
}

int sittings_waiting_count(struct certificate *c, struct curb_tx *tx, const struct curb_id *institution,
                           const struct curb_id *by, int64_t *ret_n)
{
	static const char sql[] = "SELECT count(DISTINCT a.cohort) FROM certificate_assessment a " WAITS_AT;
	return rows_number(c->host, tx, sql, CURB_BINDS(curb_bind_id(institution), curb_bind_id(by)), 0,
	                   ret_n);
}
