#include "credit.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "rows.h"

static struct credit_cohort cohort_row(struct curb_tx *tx, struct curb_stmt *stmt)
{
	return (struct credit_cohort){
		.id = curb_col_id(stmt, 0),
		.institution = curb_col_id(stmt, 1),
		.opened_by = curb_col_id(stmt, 2),
		.programme = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 3)),
		.total_c = curb_col_int(stmt, 4),
		.share_m = curb_col_int(stmt, 5),
		.hour_s = curb_col_int(stmt, 6),
		.rate_m = curb_col_int(stmt, 7),
		.starts_ms = curb_col_int(stmt, 8),
		.ends_ms = curb_col_int(stmt, 9),
		.opened_ms = curb_col_int(stmt, 10),
		.kind = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 11)),
		.policy = curb_col_id(stmt, 12),
		.basis = (enum count_basis)curb_col_int(stmt, 13),
		.daily_s = curb_col_int(stmt, 14),
		.completion_m = curb_col_int(stmt, 15),
		.decides = (enum policy_tier)curb_col_int(stmt, 16),
		.entry = curb_col_int(stmt, 17),
		.presence_s = curb_col_int(stmt, 18),
	};
}

int credit_gather(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                  struct credit_rows how, void *ret_rows, size_t *ret_n)
{
	return rows_gather(c->host, tx, sql, binds, how.size, how.read, ret_rows, ret_n);
}

void credit_read_cohort(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct credit_cohort *)row = cohort_row(tx, stmt);
}

void credit_read_id(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct curb_id *)row = curb_col_id(stmt, 0);
}

static void read_offline(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct credit_offline *)row = (struct credit_offline){
		.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)),
		.hours_c = curb_col_int(stmt, 1),
		.day = curb_col_int(stmt, 2),
		.place = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 3)),
	};
}

static void read_trainee(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct credit_trainee *)row =
		(struct credit_trainee){ curb_col_id(stmt, 0),
		                         curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 1)),
		                         curb_col_int(stmt, 2),
		                         curb_col_int(stmt, 3),
		                         curb_col_int(stmt, 4),
		                         curb_col_int(stmt, 5),
		                         curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 6)) };
}

static void read_choice(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(struct credit_choice *)row = (struct credit_choice){
		.cohort = curb_col_id(stmt, 0),
		.hour_s = curb_col_int(stmt, 2),
		.cap_s = count_cap_s(count_hours_s(curb_col_int(stmt, 1), curb_col_int(stmt, 2)),
		                     credit_larger(curb_col_int(stmt, 3), curb_col_int(stmt, 9)),
		                     (enum count_basis)curb_col_int(stmt, 8)),
		.online_s = curb_col_int(stmt, 4),
		.position_s = curb_col_int(stmt, 5),
		.seen_s = curb_col_int(stmt, 6),
		.credited_s = curb_col_int(stmt, 7),
	};
}

int credit_cohort_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct credit_cohort *ret)
{
	static const char sql[] = "SELECT " CREDIT_COHORT_COLUMNS "FROM credit_cohort c WHERE c.id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such class");
	*ret = cohort_row(tx, stmt);
	return 0;
}

int credit_cohort_add(struct credit *c, struct curb_tx *tx, const struct credit_cohort *cohort)
{
	static const char sql[] =
		"INSERT INTO credit_cohort (id, programme, institution, total_c, share_m, hour_s, rate_m, "
		"starts_ms, ends_ms, opened_ms, opened_by, kind, policy, basis, daily_s, completion_m, "
		"decides, entry, presence_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
		"$14, $15, $16, $17, $18, $19)";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&cohort->id), curb_text(cohort->programme),
	                   curb_bind_id(&cohort->institution), curb_int(cohort->total_c),
	                   curb_int(cohort->share_m), curb_int(cohort->hour_s), curb_int(cohort->rate_m),
	                   curb_int(cohort->starts_ms), curb_int(cohort->ends_ms),
	                   curb_int(cohort->opened_ms), curb_bind_id(&cohort->opened_by),
	                   curb_text(cohort->kind), curb_bind_id(&cohort->policy), curb_int(cohort->basis),
	                   curb_int(cohort->daily_s), curb_int(cohort->completion_m),
	                   curb_int(cohort->decides), curb_int(cohort->entry), curb_int(cohort->presence_s)),
		NULL);
}

int credit_cohort_add_course(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                             struct curb_str version, int64_t position)
{
	static const char sql[] =
		"INSERT INTO credit_cohort_course (cohort, version, position) VALUES ($1, $2, $3)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(cohort), curb_text(version), curb_int(position)), NULL);
}

int credit_cohort_add_offline(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                              const struct credit_offline *offline, int64_t position)
{
	static const char sql[] =
		"INSERT INTO credit_offline (cohort, position, name, hours_c) VALUES ($1, $2, $3, $4)";
	static const char meeting[] =
		"INSERT INTO credit_meeting (cohort, position, day, place) VALUES ($1, $2, $3, $4)";
	struct curb_str place = offline->place.ptr ? offline->place : curb_str("");
	int err = curb_exec(c->host, tx, sql,
	                    CURB_BINDS(curb_bind_id(cohort), curb_int(position), curb_text(offline->name),
	                               curb_int(offline->hours_c)),
	                    NULL);
	if (err || (offline->day == 0 && place.len == 0))
		return err;
	return curb_exec(c->host, tx, meeting,
	                 CURB_BINDS(curb_bind_id(cohort), curb_int(position), curb_int(offline->day),
	                            curb_text(place)),
	                 NULL);
}

int credit_cohort_courses(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          struct curb_id **ret_versions, size_t *ret_n)
{
	static const char sql[] =
		"SELECT version FROM credit_cohort_course WHERE cohort = $1 ORDER BY position";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct curb_id), credit_read_id }, ret_versions,
	                     ret_n);
}

int credit_cohort_offline(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                          struct credit_offline **ret_offline, size_t *ret_n)
{
	static const char sql[] =
		"SELECT o.name, o.hours_c, coalesce(m.day, 0), coalesce(m.place, '') FROM credit_offline o "
		"LEFT JOIN credit_meeting m ON m.cohort = o.cohort AND m.position = o.position "
		"WHERE o.cohort = $1 ORDER BY o.position";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(cohort)),
	                     (struct credit_rows){ sizeof(struct credit_offline), read_offline }, ret_offline,
	                     ret_n);
}

int credit_cohorts_of_person(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                             struct credit_cohort **ret_cohorts, size_t *ret_n)
{
	static const char sql[] = "SELECT " CREDIT_COHORT_COLUMNS "FROM credit_trainee t "
				  "JOIN credit_cohort c ON c.id = t.cohort WHERE t.person = $1 "
				  "ORDER BY c.starts_ms DESC, c.id";
	return credit_gather(c, tx, sql, CURB_BINDS(curb_bind_id(person)),
	                     (struct credit_rows){ sizeof(struct credit_cohort), credit_read_cohort },
	                     ret_cohorts, ret_n);
}

int credit_trainee_add(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_user *trainee, const struct curb_id *by, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO credit_trainee (cohort, person, shown, added_ms, added_by) "
				  "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (cohort, person) DO NOTHING";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(cohort), curb_bind_id(&trainee->id),
	                            curb_text(trainee->name), curb_int(now_ms), curb_bind_id(by)),
	                 NULL);
}

static bool is_called(struct curb_str shown, struct curb_str find)
{
	return find.len == 0 || memmem(shown.ptr, shown.len, find.ptr, find.len);
}

int credit_trainees(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct credit_part *part, struct credit_trainee **ret_trainees, size_t *ret_n,
                    int64_t *ret_total)
{
	static const char sql[] =
		"SELECT t.person, t.shown, t.online_s, t.offline_s, t.pending_s, t.left_ms, m.kind FROM "
		"credit_trainee t LEFT JOIN credit_move m ON m.id = t.left_by WHERE t.cohort = $1 AND "
		"($2 = 0 OR t.left_ms = 0) "
		"ORDER BY t.shown, t.person";
	struct credit_trainee *trainees = curb_alloc_n(curb_tx_arena(tx), (size_t)part->most,
	                                               sizeof *trainees);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int64_t total = 0;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_int(part->here)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		err = 0;
		if (!is_called(curb_col_text(stmt, 1), part->find))
			continue;
		if (total++ >= part->skip && (int64_t)n < part->most)
			read_trainee(tx, stmt, &trainees[n++]);
	}
	if (err)
		return err;
	*ret_trainees = trainees;
	*ret_n = n;
	*ret_total = total;
	return 0;
}

int credit_one_number(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                      int64_t *ret_number)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	*ret_number = curb_col_int(stmt, 0);
	return 0;
}

int credit_online_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, int64_t *ret_s)
{
	static const char sql[] = "SELECT online_s FROM credit_trainee WHERE cohort = $1 AND person = $2";
	int err = credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)),
	                            ret_s);
	if (err == CURB_ENOTFOUND)
		return curb_fail(err, "This person is not on the roster of the class");
	return err;
}

int credit_uncredited_s(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort,
                        const struct curb_id *person, int64_t *ret_s)
{
	static const char sql[] = "SELECT coalesce(sum(seen_s - credited_s), 0) FROM credit_coverage "
				  "WHERE person = $1 AND cohort = $2";
	return credit_one_number(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(cohort)), ret_s);
}

int credit_choices(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                   const struct content_unit *unit, int64_t now_ms, struct credit_choice **ret_choices,
                   size_t *ret_n)
{
	static const char sql[] =
		"SELECT c.id, c.total_c, c.hour_s, c.share_m, t.online_s + t.live_s, "
		"coalesce(v.position_s, "
		"0), "
		"coalesce(v.seen_s, 0), coalesce(v.credited_s, 0), c.basis, (SELECT max(w.share_m) FROM "
		"credit_waiver_decision w WHERE w.cohort = c.id AND w.holder IN ('', t.person) AND "
		"w.granted = 1 AND w.from_ms <= $4 AND w.until_ms > $4) FROM credit_trainee t "
		"JOIN credit_cohort c ON c.id = t.cohort "
		"JOIN credit_cohort_course k ON k.cohort = c.id AND k.version = $2 "
		"LEFT JOIN credit_coverage v ON v.person = t.person AND v.cohort = c.id AND v.unit = $3 "
		"WHERE t.person = $1 AND t.left_ms = 0 AND c.starts_ms <= $4 AND c.ends_ms > $4 ORDER BY "
		"c.starts_ms, c.id";
	return credit_gather(c, tx, sql,
	                     CURB_BINDS(curb_bind_id(person), curb_bind_id(&unit->version),
	                                curb_bind_id(&unit->id), curb_int(now_ms)),
	                     (struct credit_rows){ sizeof(struct credit_choice), read_choice }, ret_choices,
	                     ret_n);
}

static int place(struct credit *c, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                 int64_t *ret_position_s)
{
	int err = credit_one_number(c, tx, sql, binds, ret_position_s);
	if (err != CURB_ENOTFOUND)
		return err;
	*ret_position_s = 0;
	return 0;
}

int credit_place_of(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                    const struct curb_id *unit, int64_t *ret_position_s)
{
	static const char sql[] = "SELECT position_s FROM credit_place WHERE person = $1 AND unit = $2";
	return place(c, tx, sql, CURB_BINDS(curb_bind_id(person), curb_bind_id(unit)), ret_position_s);
}

int credit_place_save(struct credit *c, struct curb_tx *tx, const struct curb_id *person,
                      const struct curb_id *unit, int64_t position_s, int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO credit_place (person, unit, position_s, at_ms) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (person, unit) DO UPDATE SET position_s = $3, at_ms = $4";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(person), curb_bind_id(unit), curb_int(position_s), curb_int(now_ms)),
		NULL);
}
