#include "credit.h"
#include "curb/cleanup.h"

static void read_place(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct credit_place *)row = (struct credit_place){
		.unit = curb_col_id(stmt, 0),
		.position_s = curb_col_int(stmt, 1),
		.seen_s = curb_col_int(stmt, 2),
		.at_ms = curb_col_int(stmt, 3),
		.in_class = curb_col_int(stmt, 4) != 0,
	};
}

int credit_places(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  struct credit_place **ret_places, size_t *ret_n)
{
	static const char sql[] =
		"SELECT unit, position_s, seen_s, at_ms, 1 AS in_class FROM credit_coverage WHERE person = "
		"$1 "
		"UNION ALL SELECT unit, position_s, 0, at_ms, 0 FROM credit_place WHERE person = $1 "
		"ORDER BY at_ms DESC, unit LIMIT 200";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person)),
	                     (struct credit_rows){ sizeof(struct credit_place), read_place }, ret_places,
	                     ret_n);
}

static void read_stand(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct credit_stand *)row = (struct credit_stand){
		.unit = curb_col_id(stmt, 0),
		.seen_s = curb_col_int(stmt, 1),
		.credited_s = curb_col_int(stmt, 2),
	};
}

int credit_stands(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  const struct curb_id *cohort, struct credit_stand **ret_stands, size_t *ret_n)
{
	static const char sql[] = "SELECT unit, seen_s, credited_s FROM credit_coverage "
				  "WHERE person = $1 AND cohort = $2";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct credit_stand), read_stand }, ret_stands,
	                     ret_n);
}
