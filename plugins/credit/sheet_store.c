#include "curb/cleanup.h"
#include "curb/err.h"
#include "sheet.h"

#define SHEET_COLUMNS                                                                                   \
	"s.id, s.cohort, s.unit, s.mode, s.from_ms, s.to_ms, s.place, s.teacher, s.key, s.entered_ms, " \
	"s.entered_by, s.paper, s.roll "

enum { SHEET_PAPER = 11, SHEET_ROLL, SHEET_END };

static struct sheet sheet_of(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct sheet sheet = {
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.unit = curb_col_int(stmt, 2),
		.from_ms = curb_col_int(stmt, 4),
		.to_ms = curb_col_int(stmt, 5),
		.place = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 6)),
		.teacher = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 7)),
		.key = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 8)),
		.entered_ms = curb_col_int(stmt, 9),
		.entered_by = curb_col_id(stmt, 10),
		.paper = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, SHEET_PAPER)),
		.roll = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, SHEET_ROLL)),
	};
	(void)sheet_mode_named(curb_col_text(stmt, 3), &sheet.mode); /* the table has no other words */
	return sheet;
}

static int find_sheet(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                      struct sheet *ret_sheet)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such attendance sheet");
	*ret_sheet = sheet_of(tx, stmt);
	return 0;
}

int sheet_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct sheet *ret_sheet)
{
	static const char sql[] = "SELECT " SHEET_COLUMNS "FROM credit_sheet s WHERE s.id = $1";
	return find_sheet(c, tx, sql, CURB_BINDS(curb_text(id)), ret_sheet);
}

int sheet_by_key(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct curb_str key,
                 struct sheet *ret_sheet)
{
	static const char sql[] = "SELECT " SHEET_COLUMNS
				  "FROM credit_sheet s WHERE s.cohort = $1 AND s.key = $2";
	return find_sheet(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_text(key)), ret_sheet);
}

int sheet_latest(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t unit,
                 struct sheet *ret_sheet, int64_t *ret_whole_s)
{
	static const char sql[] = "SELECT " SHEET_COLUMNS "FROM credit_sheet s WHERE s.cohort = $1 AND "
				  "s.unit = $2 ORDER BY s.from_ms DESC, s.id DESC LIMIT 1";
	static const char whole[] =
		"SELECT coalesce(max(seconds), 0) FROM credit_attended WHERE sheet = $1 AND number = 0";
	int err = find_sheet(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_int(unit)), ret_sheet);
	return err ? err :
	             credit_one_number(c, tx, whole, CURB_BINDS(curb_bind_id(&ret_sheet->id)), ret_whole_s);
}

int sheet_add(struct credit *c, struct curb_tx *tx, const struct sheet *sheet)
{
	static const char sql[] =
		"INSERT INTO credit_sheet (id, cohort, unit, mode, from_ms, to_ms, place, teacher, key, "
		"entered_ms, entered_by, paper, roll) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
		"$12, $13)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&sheet->id), curb_bind_id(&sheet->cohort),
	                            curb_int(sheet->unit), curb_cstring(sheet_mode_word(sheet->mode)),
	                            curb_int(sheet->from_ms), curb_int(sheet->to_ms), curb_text(sheet->place),
	                            curb_text(sheet->teacher), curb_text(sheet->key),
	                            curb_int(sheet->entered_ms), curb_bind_id(&sheet->entered_by),
	                            curb_text(sheet->paper.ptr ? sheet->paper : curb_str("")),
	                            curb_text(sheet->roll.ptr ? sheet->roll : curb_str(""))),
	                 NULL);
}

/* ---- lines ---- */

#define LINE_COLUMNS                                                                              \
	"a.person, t.shown, a.number, a.seconds, a.reason, a.entry, a.entered_ms, a.entered_by, " \
	"coalesce(a.signed_ms, 0), coalesce(a.signed_by, ''), coalesce(a.signed_as, '') "

/* From column `at` on. */
static struct sheet_line line_of(struct curb_tx *tx, struct curb_stmt *stmt, int at)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct sheet_line){
		.person = curb_col_id(stmt, at),
		.shown = curb_dup(arena, curb_col_text(stmt, at + 1)),
		.number = curb_col_int(stmt, at + 2),
		.seconds = curb_col_int(stmt, at + 3),
		.reason = curb_dup(arena, curb_col_text(stmt, at + 4)),
		.entry = curb_col_int(stmt, at + 5),
		.entered_ms = curb_col_int(stmt, at + 6),
		.entered_by = curb_col_id(stmt, at + 7),
		.signed_ms = curb_col_int(stmt, at + 8),
		.signed_by = curb_col_id(stmt, at + 9),
		.signed_as = curb_dup(arena, curb_col_text(stmt, at + 10)),
	};
}

static void read_line(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct sheet_line *)row = line_of(tx, stmt, 0);
}

int sheet_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                const struct curb_id *person, struct sheet_line **ret_lines, size_t *ret_n)
{
	static const char sql[] =
		"SELECT " LINE_COLUMNS "FROM credit_attended a JOIN credit_sheet s ON s.id = a.sheet "
		"JOIN credit_trainee t ON t.cohort = s.cohort AND t.person = a.person "
		"WHERE a.sheet = $1 AND ($2 = '' OR a.person = $2) ORDER BY t.shown, a.person, a.number";
	return credit_gather(
		c, tx, sql, CURB_BINDS(curb_bind_id(sheet), person ? curb_bind_id(person) : curb_cstring("")),
		(struct credit_rows){ sizeof(struct sheet_line), read_line }, ret_lines, ret_n);
}

static void read_attended(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct sheet_attended *)row = (struct sheet_attended){
		.sheet = sheet_of(tx, stmt),
		.unit_name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, SHEET_END)),
		.line = line_of(tx, stmt, SHEET_END + 1),
	};
}

int sheet_attended_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                      const struct curb_id *person, struct sheet_attended **ret_lines, size_t *ret_n)
{
	static const char sql[] = "SELECT " SHEET_COLUMNS ", o.name, " LINE_COLUMNS "FROM credit_attended a "
				  "JOIN credit_sheet s ON s.id = a.sheet "
				  "JOIN credit_offline o ON o.cohort = s.cohort AND o.position = s.unit "
				  "JOIN credit_trainee t ON t.cohort = s.cohort AND t.person = a.person "
				  "WHERE a.person = $1 AND s.cohort = $2 ORDER BY s.from_ms, s.id, a.number";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct sheet_attended), read_attended }, ret_lines,
	                     ret_n);
}

int sheet_line_add(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                   const struct sheet_line *line)
{
	static const char sql[] =
		"INSERT INTO credit_attended (sheet, person, number, seconds, reason, entry, entered_ms, "
		"entered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(sheet), curb_bind_id(&line->person), curb_int(line->number),
	                            curb_int(line->seconds), curb_text(line->reason), curb_int(line->entry),
	                            curb_int(line->entered_ms), curb_bind_id(&line->entered_by)),
	                 NULL);
}

int sheet_line_sign(struct credit *c, struct curb_tx *tx, const struct curb_id *sheet,
                    const struct sheet_line *line, int64_t signed_entry)
{
	static const char sql[] = "UPDATE credit_attended SET signed_ms = $4, signed_by = $5, signed_as = "
				  "$6, signed_entry = $7 "
				  "WHERE sheet = $1 AND person = $2 AND number = $3";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(sheet), curb_bind_id(&line->person), curb_int(line->number),
	                            curb_int(line->signed_ms), curb_bind_id(&line->signed_by),
	                            curb_text(line->signed_as), curb_int(signed_entry)),
	                 NULL);
}

int sheet_totals_add(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                     const struct curb_id *person, int64_t pending_s, int64_t counted_s)
{
	static const char sql[] = "UPDATE credit_trainee SET pending_s = pending_s + $3, "
				  "offline_s = offline_s + $4, live_s = live_s + $5 "
				  "WHERE cohort = $1 AND person = $2";
	bool live = sheet->mode == SHEET_LIVE;
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&sheet->cohort), curb_bind_id(person), curb_int(pending_s),
	                            curb_int(live ? 0 : counted_s), curb_int(live ? counted_s : 0)),
	                 NULL);
}

int sheet_trainee_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                     const struct curb_id *person, struct sheet_trainee *ret_trainee)
{
	static const char sql[] =
		"SELECT shown, added_ms FROM credit_trainee WHERE cohort = $1 AND person = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This person is not on the roster of the class");
	*ret_trainee = (struct sheet_trainee){ *person, curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)),
		                               curb_col_int(stmt, 1) };
	return 0;
}

/* Of $1 on each sheet but $2 what she may come to have there, by whichever of the lines that wait is countersigned last; with
 * $3 only what is countersigned. A line waits behind the ones before it. */
#define MOST_OF_OTHERS                                                                                     \
	"(SELECT sheet, max(runs.so_far) AS most FROM (SELECT a.sheet, sum(a.seconds) OVER lines AS "      \
	"so_far, lead(a.signed_ms) OVER lines AS next_signed FROM credit_attended a WHERE a.person = $1 "  \
	"AND a.sheet <> $2 AND ($3 = 0 OR a.signed_ms IS NOT NULL) WINDOW lines AS (PARTITION BY a.sheet " \
	"ORDER BY a.number)) runs WHERE next_signed IS NULL GROUP BY sheet) others "                       \
	"JOIN credit_sheet there ON there.id = others.sheet "

int sheet_others_s(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                   const struct curb_id *person, bool countersigned, int64_t *ret_s)
{
	static const char sql[] = "SELECT coalesce(sum(most), 0) FROM " MOST_OF_OTHERS
				  "WHERE there.cohort = $4 AND there.unit = $5";
	return credit_one_number(c, tx, sql,
	                         CURB_BINDS(curb_bind_id(person), curb_bind_id(&sheet->id),
	                                    curb_int(countersigned), curb_bind_id(&sheet->cohort),
	                                    curb_int(sheet->unit)),
	                         ret_s);
}

int sheet_elsewhere(struct credit *c, struct curb_tx *tx, const struct sheet *sheet,
                    const struct curb_id *person, bool countersigned, enum sheet_where *ret_where)
{
	static const char sql[] =
		"SELECT k.institution = (SELECT institution FROM credit_cohort WHERE id = $6) AS same "
		"FROM " MOST_OF_OTHERS "JOIN credit_cohort k ON k.id = there.cohort "
		"WHERE others.most > 0 AND there.from_ms < $5 AND there.to_ms > $4 ORDER BY same DESC LIMIT "
		"1";
	int64_t same = 0;
	int err = credit_one_number(c, tx, sql,
	                            CURB_BINDS(curb_bind_id(person), curb_bind_id(&sheet->id),
	                                       curb_int(countersigned), curb_int(sheet->from_ms),
	                                       curb_int(sheet->to_ms), curb_bind_id(&sheet->cohort)),
	                            &same);
	*ret_where = err ? SHEET_NOWHERE : same ? SHEET_SAME_OFFICE : SHEET_OTHER_OFFICE;
	return err == CURB_ENOTFOUND ? 0 : err;
}

/* ---- lists ---- */

#define ROW_COLUMNS                                                                                     \
	SHEET_COLUMNS ", k.institution, k.programme, o.name, (SELECT count(DISTINCT a.person) FROM "    \
		      "credit_attended a WHERE a.sheet = s.id), (SELECT sum(a.seconds) FROM "           \
		      "credit_attended a WHERE a.sheet = s.id), (SELECT count(DISTINCT a.person) FROM " \
		      "credit_attended a WHERE a.sheet = s.id AND a.signed_ms IS NULL) "
#define ROW_TABLES                                                     \
	"FROM credit_sheet s JOIN credit_cohort k ON k.id = s.cohort " \
	"JOIN credit_offline o ON o.cohort = s.cohort AND o.position = s.unit "
/* By the lines that wait alone: most sheets have none. */
#define OTHERS_WAIT                                                                                   \
	"EXISTS (SELECT 1 FROM credit_attended w INDEXED BY credit_attended_waiting WHERE w.sheet = " \
	"s.id AND w.signed_ms IS NULL AND w.entered_by <> $1) "

static void read_row(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct sheet_row *)row = (struct sheet_row){
		.sheet = sheet_of(tx, stmt),
		.institution = curb_col_id(stmt, SHEET_END),
		.programme = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, SHEET_END + 1)),
		.unit_name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, SHEET_END + 2)),
		.people = curb_col_int(stmt, SHEET_END + 3),
		.seconds = curb_col_int(stmt, SHEET_END + 4),
		.waiting = curb_col_int(stmt, SHEET_END + 5),
	};
}

int sheet_rows(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
               const struct credit_lines_part *part, struct sheet_row **ret_rows, size_t *ret_n,
               int64_t *ret_total)
{
	static const char all[] = "SELECT count(*) FROM credit_sheet WHERE cohort = $1";
	static const char sql[] = "SELECT " ROW_COLUMNS ROW_TABLES "WHERE s.cohort = $1 "
				  "ORDER BY s.from_ms DESC, s.id LIMIT $2 OFFSET $3";
	int err = credit_one_number(c, tx, all, CURB_BINDS(curb_bind_id(cohort)), ret_total);
	return err ? err :
	             credit_gather(
			     c, tx, sql,
			     CURB_BINDS(curb_bind_id(cohort), curb_int(part->most), curb_int(part->skip)),
			     (struct credit_rows){ sizeof(struct sheet_row), read_row }, ret_rows, ret_n);
}

int sheet_rows_waiting(struct curb_req *req, struct credit *c, size_t most, struct sheet_row **ret_rows,
                       size_t *ret_n)
{
	static const char sql[] = "SELECT " ROW_COLUMNS ROW_TABLES "WHERE k.institution = $2 AND " OTHERS_WAIT
				  "ORDER BY s.from_ms, s.id LIMIT $3";
	struct curb_tx *tx = curb_req_tx(req);
	struct sheet_row *rows = curb_alloc_n(curb_tx_arena(tx), most + 1, sizeof *rows);
	const struct curb_id *institutions = NULL;
	size_t n = 0, count = 0;
	int err = curb_req_institutions(req, SHEET_SIGNERS, &institutions, &count);
	for (size_t i = 0; !err && i < count && n < most; i++) {
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		err = curb_query(c->host, tx, sql,
		                 CURB_BINDS(curb_bind_id(&curb_req_user(req)->id),
		                            curb_bind_id(&institutions[i]), curb_int((int64_t)(most - n))),
		                 &stmt);
		while (!err && (err = curb_step(stmt)) > 0) {
			read_row(tx, stmt, &rows[n++]);
			err = 0;
		}
	}
	if (err)
		return err;
	*ret_rows = rows;
	*ret_n = n;
	return 0;
}

int sheets_between(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, int64_t from_ms,
                   int64_t to_ms, struct curb_id **ret_sheets, size_t *ret_n)
{
	static const char sql[] = "SELECT id FROM credit_sheet WHERE cohort = $1 AND from_ms >= $2 "
				  "AND from_ms < $3 ORDER BY from_ms, id";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_int(from_ms), curb_int(to_ms)),
	                     (struct credit_rows){ sizeof(struct curb_id), credit_read_id }, ret_sheets,
	                     ret_n);
}

int sheet_rows_of(struct curb_req *req, struct credit *c, struct sheet_row **ret_rows, size_t *ret_n)
{
	static const char sql[] =
		"SELECT " SHEET_COLUMNS
		", k.institution, k.programme, o.name, 1, (SELECT sum(a.seconds) FROM "
		"credit_attended a WHERE a.sheet = s.id AND a.person = $1), 1 " ROW_TABLES
		"WHERE s.id IN (SELECT sheet FROM credit_attended WHERE person = $1 AND signed_ms IS NULL "
		"AND entered_by <> $1 AND entered_by <> $2) ORDER BY s.from_ms, s.id LIMIT 100";
	const struct curb_id helper = curb_req_helper(req);
	return credit_gather(c, curb_req_tx(req), sql,
	                     CURB_BINDS(curb_bind_id(&curb_req_user(req)->id), curb_bind_id(&helper)),
	                     (struct credit_rows){ sizeof(struct sheet_row), read_row }, ret_rows, ret_n);
}
