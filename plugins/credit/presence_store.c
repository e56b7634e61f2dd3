#include "curb/cleanup.h"
#include "curb/err.h"
#include "presence.h"

static void read_presence(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct presence *)row = (struct presence){
		.since_s = curb_col_int(stmt, 0),
		.answered = curb_col_int(stmt, 1),
		.unit = curb_col_id(stmt, 2),
		.chapter = { (uint32_t)curb_col_int(stmt, 3), (uint32_t)curb_col_int(stmt, 4) },
		.due_ms = curb_col_int(stmt, 5),
		.number = curb_col_int(stmt, 6),
	};
}

int presence_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                const struct curb_id *cohort, struct presence *ret_presence)
{
	static const char sql[] = "SELECT since_s, answered, unit, from_s, to_s, due_ms, chapter FROM "
				  "credit_presence WHERE person = $1 AND cohort = $2";
	struct presence *found = NULL;
	size_t n = 0;
	int err = credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                        (struct credit_rows){ sizeof *found, read_presence }, &found, &n);
	if (!err)
		*ret_presence = n ? found[0] : (struct presence){ .since_s = 0 };
	return err;
}

int presence_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                  const struct curb_id *cohort, const struct presence *presence)
{
	static const char sql[] =
		"INSERT INTO credit_presence (person, cohort, since_s, answered, unit, from_s, to_s, due_ms, "
		"chapter) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (person, cohort) DO UPDATE "
		"SET since_s = $3, answered = $4, unit = $5, from_s = $6, to_s = $7, due_ms = $8, chapter = "
		"$9";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(presence->since_s),
	                            curb_int(presence->answered), curb_bind_id(&presence->unit),
	                            curb_int(presence->chapter.from), curb_int(presence->chapter.to),
	                            curb_int(presence->due_ms), curb_int(presence->number)),
	                 NULL);
}

int presence_check_free(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                        struct curb_str cohort)
{
	static const char sql[] = "SELECT count(*) FROM credit_presence WHERE person = $1 AND due_ms > 0 AND "
				  "($2 = '' OR cohort = $2)";
	int64_t n = 0;
	int err = credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_text(cohort)), &n);
	return err || n == 0 ?
	               err :
	               curb_fail(CURB_EUNFIT,
	                         "Some of these hours wait for the answer to a presence check. Confirm on "
	                         "the page of the class that the trainee was there, or ask her to answer");
}

/* ---- what waits ---- */

int presence_held_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     const struct curb_id *cohort, struct presence_held **ret_held, size_t *ret_n)
{
	static const char count[] = "SELECT count(*) FROM credit_held WHERE person = $1 AND cohort = $2";
	static const char sql[] = "SELECT unit, play, day, ranges FROM credit_held WHERE person = $1 AND "
				  "cohort = $2 ORDER BY day, unit";
	const struct curb_bind binds[] = { curb_bind_id(person), curb_bind_id(cohort) };
	struct curb_arena *arena = curb_tx_arena(tx);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int64_t rows = 0;
	size_t n = 0;
	int err = credit_one_number(c, tx, count, CURB_BINDS(binds[0], binds[1]), &rows);
	struct presence_held *held = curb_alloc_n(arena, (size_t)rows + 1, sizeof *held);
	if (!err)
		err = curb_query(c->host, tx, sql, CURB_BINDS(binds[0], binds[1]), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct presence_held *row = &held[n++];
		*row = (struct presence_held){ .unit = curb_col_id(stmt, 0),
			                       .play = curb_col_id(stmt, 1),
			                       .day = curb_col_int(stmt, 2) };
		err = ranges_unpack(arena, curb_col_blob(stmt, 3), &row->ranges) ?
		              0 :
		              curb_fail(CURB_EINTERNAL, "a stored set of seconds cannot be read");
	}
	*ret_held = held;
	*ret_n = n;
	return err;
}

int presence_held_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                       const struct curb_id *cohort, const struct presence_held *held)
{
	static const char sql[] = "INSERT INTO credit_held (person, cohort, unit, day, play, ranges) VALUES "
				  "($1, $2, $3, $4, $5, $6) ON CONFLICT (person, cohort, unit, day) DO "
				  "UPDATE SET play = $5, ranges = $6";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_bind_id(&held->unit),
	                            curb_int(held->day), curb_bind_id(&held->play),
	                            curb_blob(ranges_pack(curb_tx_arena(tx), &held->ranges))),
	                 NULL);
}

int presence_held_s(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct curb_id *cohort, int64_t *ret_s)
{
	static const char sql[] =
		"SELECT coalesce(sum(held_s), 0) FROM credit_day WHERE person = $1 AND cohort = $2";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)), ret_s);
}

int presence_held_forget(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                         const struct curb_id *cohort)
{
	return curb_exec(c->host, tx, "DELETE FROM credit_held WHERE person = $1 AND cohort = $2",
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)), NULL);
}

/* ---- how it was answered ---- */

static void read_said(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct presence_said *)row = (struct presence_said){
		.number = curb_col_int(stmt, 0),
		.unit = curb_col_id(stmt, 1),
		.due_ms = curb_col_int(stmt, 2),
		.at_ms = curb_col_int(stmt, 3),
		.modality = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 4)),
		.by = curb_col_id(stmt, 5),
		.held_s = curb_col_int(stmt, 6),
		.granted_s = curb_col_int(stmt, 7),
	};
}

int presence_said_add(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                      const struct curb_id *cohort, const struct presence_said *said)
{
	static const char sql[] = "INSERT INTO credit_answer (person, cohort, number, unit, due_ms, at_ms, "
				  "modality, answered_by, held_s, granted_s) VALUES ($1, $2, $3, $4, $5, $6, "
				  "$7, $8, $9, $10)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(said->number),
	                            curb_bind_id(&said->unit), curb_int(said->due_ms), curb_int(said->at_ms),
	                            curb_text(said->modality), curb_bind_id(&said->by),
	                            curb_int(said->held_s), curb_int(said->granted_s)),
	                 NULL);
}

int presence_said_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                     const struct curb_id *cohort, int64_t most, struct presence_said **ret_said,
                     size_t *ret_n, int64_t *ret_total)
{
	static const char all[] = "SELECT count(*) FROM credit_answer WHERE person = $1 AND cohort = $2";
	static const char sql[] =
		"SELECT number, unit, due_ms, at_ms, modality, answered_by, held_s, granted_s FROM "
		"credit_answer WHERE person = $1 AND cohort = $2 ORDER BY number DESC LIMIT $3";
	int err = credit_one_number(c, tx, all, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)),
	                            ret_total);
	return err ? err :
	             credit_gather(c, tx, sql,
	                           CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort), curb_int(most)),
	                           (struct credit_rows){ sizeof(struct presence_said), read_said }, ret_said,
	                           ret_n);
}

/* ---- those of a class ---- */

static void read_waiting(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct presence_waiting *)row = (struct presence_waiting){
		.person = curb_col_id(stmt, 0),
		.shown = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 1)),
		.unit = curb_col_id(stmt, 2),
		.check = curb_col_int(stmt, 3) + 1,
		.due_ms = curb_col_int(stmt, 4),
		.held_s = curb_col_int(stmt, 5),
	};
}

int presence_waiting_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        struct presence_waiting **ret_waiting, size_t *ret_n)
{
	static const char sql[] =
		"SELECT p.person, t.shown, p.unit, p.answered, p.due_ms, (SELECT coalesce(sum(d.held_s), 0) "
		"FROM credit_day d WHERE d.person = p.person AND d.cohort = p.cohort) FROM credit_presence p "
		"JOIN credit_trainee t ON t.cohort = p.cohort AND t.person = p.person WHERE p.cohort = $1 "
		"AND "
		"p.due_ms > 0 AND t.left_ms = 0 ORDER BY p.due_ms, p.person";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct presence_waiting), read_waiting },
	                     ret_waiting, ret_n);
}
