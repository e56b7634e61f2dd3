#include "curb/err.h"
#include "roll.h"

#define ROLL                                                                                               \
	"SELECT r.id, r.code, r.cohort, r.unit, r.mode, r.from_ms, r.to_ms, r.seconds, r.place, "          \
	"r.teacher, r.made_ms, r.made_by, coalesce(s.id, '') FROM credit_roll r LEFT JOIN credit_sheet s " \
	"ON s.roll = r.id AND s.roll <> '' "

static void read_roll(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct roll *roll = row;
	*roll = (struct roll){
		.id = curb_col_id(stmt, 0),
		.code = curb_dup(arena, curb_col_text(stmt, 1)),
		.lesson = { .cohort = curb_col_id(stmt, 2),
		            .unit = curb_col_int(stmt, 3),
		            .from_ms = curb_col_int(stmt, 5),
		            .to_ms = curb_col_int(stmt, 6),
		            .place = curb_dup(arena, curb_col_text(stmt, 8)),
		            .teacher = curb_dup(arena, curb_col_text(stmt, 9)),
		            .entered_ms = curb_col_int(stmt, 10),
		            .entered_by = curb_col_id(stmt, 11) },
		.seconds = curb_col_int(stmt, 7),
		.sheet = curb_col_id(stmt, 12),
	};
	(void)sheet_mode_named(curb_col_text(stmt, 4), &roll->lesson.mode); /* the table has no other words */
}

static const struct credit_rows rows = { sizeof(struct roll), read_roll };

static int find(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                struct roll *ret_roll)
{
	struct roll *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, sql, binds, rows, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "No lesson of yours has this code now");
	if (!err)
		*ret_roll = *found;
	return err;
}

int roll_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct roll *ret_roll)
{
	return find(c, tx, ROLL "WHERE r.id = $1", CURB_BINDS(curb_text(id.ptr ? id : curb_str(""))),
	            ret_roll);
}

int roll_open(struct credit *c, struct curb_tx *tx, struct curb_str code, const struct curb_id *person,
              int64_t now_ms, struct roll *ret_roll)
{
	return find(
		c, tx,
		ROLL
		"JOIN credit_trainee t ON t.cohort = r.cohort AND t.person = $2 AND t.left_ms = 0 "
		"WHERE r.code = $1 AND r.from_ms - $4 <= $3 AND r.to_ms > $3 AND NOT EXISTS (SELECT 1 FROM "
		"credit_sheet s WHERE s.roll = r.id AND s.roll <> '') ORDER BY r.made_ms DESC LIMIT 1",
		CURB_BINDS(curb_text(code), curb_bind_id(person), curb_int(now_ms), curb_int(ROLL_BEFORE_MS)),
		ret_roll);
}

int rolls_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct roll **ret_rolls,
             size_t *ret_n)
{
	return credit_gather(c, tx, ROLL "WHERE r.cohort = $1 ORDER BY r.from_ms DESC, r.id DESC LIMIT $2",
	                     CURB_BINDS(curb_bind_id(cohort), curb_int(ROLLS_SHOWN)), rows, ret_rolls, ret_n);
}

int roll_ends(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, int64_t *ret_ms)
{
	static const char sql[] =
		"SELECT coalesce(max(r.to_ms), 0) FROM credit_roll r WHERE r.cohort = $1 AND (r.id = $2 OR "
		"($2 = '' AND r.unit = $3 AND r.from_ms < $5 AND r.to_ms > $4)) AND NOT EXISTS (SELECT 1 "
		"FROM credit_sheet s WHERE s.roll = r.id AND s.roll <> '')";
	return credit_one_number(c, tx, sql,
	                         CURB_BINDS(curb_bind_id(&sheet->cohort),
	                                    curb_text(sheet->roll.len ? sheet->roll : curb_str("")),
	                                    curb_int(sheet->unit), curb_int(sheet->from_ms),
	                                    curb_int(sheet->to_ms)),
	                         ret_ms);
}

int roll_add(struct credit *c, struct curb_tx *tx, const struct roll *roll)
{
	static const char sql[] =
		"INSERT INTO credit_roll (id, code, cohort, unit, mode, from_ms, to_ms, seconds, place, "
		"teacher, "
		"made_ms, made_by) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 WHERE NOT EXISTS "
		"(SELECT 1 FROM credit_roll WHERE code = $2 AND to_ms > $6 - $13 AND from_ms - $13 < $7)";
	const struct sheet *lesson = &roll->lesson;
	int64_t changed = 0;
	int err = curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&roll->id), curb_text(roll->code), curb_bind_id(&lesson->cohort),
	                   curb_int(lesson->unit), curb_cstring(sheet_mode_word(lesson->mode)),
	                   curb_int(lesson->from_ms), curb_int(lesson->to_ms), curb_int(roll->seconds),
	                   curb_text(lesson->place), curb_text(lesson->teacher), curb_int(lesson->entered_ms),
	                   curb_bind_id(&lesson->entered_by), curb_int(ROLL_BEFORE_MS)),
		&changed);
	return err || changed ? err : curb_fail(CURB_ECONFLICT, "Another lesson has this code now");
}

static void read_rolled(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct rolled *)row = (struct rolled){
		.person = curb_col_id(stmt, 0),
		.helper = curb_col_id(stmt, 1),
		.shown = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 2)),
		.at_ms = curb_col_int(stmt, 3),
	};
}

int rolled_of(struct credit *c, struct curb_tx *tx, const struct curb_id *roll, struct rolled **ret_rolled,
              size_t *ret_n)
{
	static const char sql[] = "SELECT d.person, d.helper, t.shown, d.at_ms FROM credit_rolled d JOIN "
				  "credit_roll r ON r.id = "
				  "d.roll JOIN credit_trainee t ON t.cohort = r.cohort AND t.person = "
				  "d.person WHERE d.roll = $1 "
				  "ORDER BY t.shown, d.person";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(roll)),
	                     (struct credit_rows){ sizeof(struct rolled), read_rolled }, ret_rolled, ret_n);
}

int rolled_add(struct credit *c, struct curb_tx *tx, const struct curb_id *roll, const struct rolled *rolled,
               int64_t entry)
{
	static const char sql[] =
		"INSERT INTO credit_rolled (roll, person, helper, at_ms, entry) VALUES ($1, $2, $3, $4, $5)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(roll), curb_bind_id(&rolled->person),
	                            curb_bind_id(&rolled->helper), curb_int(rolled->at_ms), curb_int(entry)),
	                 NULL);
}
