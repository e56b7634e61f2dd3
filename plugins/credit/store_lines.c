/* The SQL of the lines of a record: the seconds of a unit on one day, added up. */
#include "credit.h"
#include "curb/cleanup.h"
#include "curb/err.h"

static void read_line(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct credit_line *)row = (struct credit_line){
		.day = curb_col_int(stmt, 0),
		.unit = curb_col_id(stmt, 1),
		.played_s = curb_col_int(stmt, 2),
		.granted_s = curb_col_int(stmt, 3),
		.again_s = curb_col_int(stmt, 4),
		.share_s = curb_col_int(stmt, 5),
		.day_s = curb_col_int(stmt, 6),
		.hours_s = curb_col_int(stmt, 7),
		.clock_s = curb_col_int(stmt, 8),
		.undelivered_s = curb_col_int(stmt, 9),
		.held_s = curb_col_int(stmt, 10),
	};
}

#define LINE_COLUMNS \
	"day, unit, played_s, granted_s, again_s, share_s, day_s, hours_s, clock_s, undelivered_s, held_s "

/* Which lines: of all, or of who moved only those that still hold something. The index tells where the others are without
 * looking at one of them. */
struct lines {
	struct credit *c;
	struct curb_tx *tx;
	const struct curb_id *person, *cohort;
	int64_t moved;
};

static int find_moved(struct lines *lines)
{
	static const char sql[] =
		"SELECT EXISTS (SELECT 1 FROM credit_moved WHERE person = $1 AND cohort = $2)";
	return credit_one_number(lines->c, lines->tx, sql,
	                         CURB_BINDS(curb_bind_id(lines->person), curb_bind_id(lines->cohort)),
	                         &lines->moved);
}

static int count_after(const struct lines *lines, int64_t day, int64_t *ret_count)
{
	static const char sql[] = "SELECT count(*) FROM credit_day WHERE person = $1 AND cohort = $2 AND "
				  "day > $3 AND ($4 = 0 OR played_s <> 0)";
	return credit_one_number(lines->c, lines->tx, sql,
	                         CURB_BINDS(curb_bind_id(lines->person), curb_bind_id(lines->cohort),
	                                    curb_int(day), curb_int(lines->moved)),
	                         ret_count);
}

/* The day of the line behind the first `skip`, the latest first, and how many of these are of that day too. */
static int skip_to(const struct lines *lines, int64_t skip, int64_t *ret_day, int64_t *ret_rest)
{
	static const char sql[] = "SELECT day FROM credit_day WHERE person = $1 AND cohort = $2 AND "
				  "($4 = 0 OR played_s <> 0) ORDER BY day DESC, unit DESC LIMIT 1 OFFSET $3";
	int64_t later = 0;
	*ret_day = INT64_MAX;
	*ret_rest = 0;
	if (skip == 0)
		return 0;
	int err = credit_one_number(lines->c, lines->tx, sql,
	                            CURB_BINDS(curb_bind_id(lines->person), curb_bind_id(lines->cohort),
	                                       curb_int(skip), curb_int(lines->moved)),
	                            ret_day);
	if (!err)
		err = count_after(lines, *ret_day, &later);
	*ret_rest = skip - later;
	return err;
}

int credit_lines(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                 const struct curb_id *person, const struct credit_lines_part *part,
                 struct credit_line **ret_lines, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] = "SELECT " LINE_COLUMNS
				  "FROM credit_day WHERE person = $1 AND cohort = $2 AND day <= $5 AND "
				  "played_s <> 0 ORDER BY day DESC, unit LIMIT $3 OFFSET $4";
	struct lines lines = { c, tx, person, cohort, 0 };
	int64_t day = 0, rest = 0;
	int err = find_moved(&lines);
	if (!err)
		err = count_after(&lines, INT64_MIN, ret_total);
	if (!err)
		err = skip_to(&lines, part->skip, &day, &rest);
	*ret_n = 0;
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err; /* all are skipped */
	return credit_gather(c, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(part->most),
	                                curb_int(rest), curb_int(day)),
	                     (struct credit_rows){ sizeof(struct credit_line), read_line }, ret_lines, ret_n);
}

int credit_line_of(struct credit *c, struct curb_tx *tx, const struct credit_line_key *key,
                   struct credit_line *ret_line)
{
	static const char sql[] = "SELECT " LINE_COLUMNS "FROM credit_day WHERE person = $1 AND cohort = $2 "
				  "AND day = $3 AND unit = $4";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(curb_bind_id(&key->person), curb_bind_id(&key->cohort),
	                                curb_int(key->day), curb_bind_id(&key->unit)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such line in these hours");
	read_line(tx, stmt, ret_line);
	return 0;
}

int credit_lines_by_day(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, struct credit_line **ret_lines, size_t *ret_n)
{
	static const char sql[] = "SELECT " LINE_COLUMNS "FROM credit_day WHERE person = $1 AND cohort = $2 "
				  "AND played_s <> 0 ORDER BY day, unit";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct credit_line), read_line }, ret_lines, ret_n);
}
