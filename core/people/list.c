/* The list of people: by name, or by what was typed. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "roles.h"

const struct curb_search roles_searches[] = {
	{ "core_listed", "name,sign_in", "5,3" },
	{ 0 },
};

/* Where the actor's grants hold ($1, $2, $3), and all institutions there. */
#define REACH                                                                                                \
	"WITH RECURSIVE mine (region, institution) AS (SELECT region, institution FROM core_grant WHERE "    \
	"person = $1 AND (role & $2) <> 0 AND from_ms <= $3 AND (until_ms IS NULL OR until_ms > $3)), "      \
	"below (id) AS (SELECT region FROM mine WHERE region IS NOT NULL UNION SELECT r.id FROM "            \
	"core_region r "                                                                                     \
	"JOIN below b ON r.parent = b.id), "                                                                 \
	"houses (id) AS (SELECT institution FROM mine WHERE institution IS NOT NULL UNION SELECT i.id FROM " \
	"core_institution i JOIN below b ON i.region = b.id), "

/* The same below the place $4 that was asked for. */
#define WANTED                                                                                             \
	"inside (id) AS (SELECT id FROM core_region WHERE id = $4 UNION SELECT r.id FROM core_region r "   \
	"JOIN "                                                                                            \
	"inside s ON r.parent = s.id), "                                                                   \
	"wanted (id) AS (SELECT $4 UNION SELECT id FROM inside UNION SELECT i.id FROM core_institution i " \
	"JOIN inside s ON i.region = s.id) "

/* A grant that the actor reaches ($6: everything), of the role $5, at the place $4, where these are asked for. */
#define FITS                                                                                              \
	"($5 = 0 OR (g.role = $5 AND g.from_ms <= $3 AND (g.until_ms IS NULL OR g.until_ms > $3))) "      \
	"AND ($6 = 1 OR g.institution IN (SELECT id FROM houses) OR g.region IN (SELECT id FROM below)) " \
	"AND ($4 = '' OR g.institution IN (SELECT id FROM wanted) OR g.region IN (SELECT id FROM wanted))"

#define ROW "SELECT l.id, l.name, l.sign_in FROM core_listed l "

struct listing {
	struct curb_tx *tx;
	const struct people_actor *actor;
	const struct people_filter *filter;
	bool everything; /* the actor reaches all */
	struct people_row *rows;
	size_t n;
	int64_t skip, total;
};

static int roles_now(struct curb_tx *tx, struct people_row *row, int64_t now_ms)
{
	static const char sql[] = "SELECT role FROM core_grant WHERE person = $1 AND from_ms <= $2 "
				  "AND (until_ms IS NULL OR until_ms > $2)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(&row->id), curb_int(now_ms)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		row->roles |= (uint32_t)curb_col_int(stmt, 0);
		err = 0;
	}
	return err;
}

static struct people_row row_of(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct people_row){ .id = curb_col_id(stmt, 0),
		                    .shown = curb_dup(arena, curb_col_text(stmt, 1)),
		                    .sign_in = curb_dup(arena, curb_col_text(stmt, 2)) };
}

int people_row(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms, struct people_row *ret_row)
{
	static const char sql[] =
		"SELECT id, shown, sign_in FROM core_person WHERE id = $1 AND closed_ms IS NULL";
	struct people_row row;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such person");
	row = row_of(tx, stmt);
	err = roles_now(tx, &row, now_ms);
	if (!err)
		*ret_row = row;
	return err;
}

/* ---- by name ---- */

static int read_rows(struct listing *l, const char *sql, const struct curb_bind *binds)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, l->tx, sql, binds, &stmt);
	while (!err && l->n < PEOPLE_PAGE && (err = curb_step(stmt)) > 0) {
		l->rows[l->n] = row_of(l->tx, stmt);
		err = roles_now(l->tx, &l->rows[l->n++], l->actor->now_ms);
	}
	return err < 0 ? err : 0;
}

static int read_count(struct listing *l, const char *sql, const struct curb_bind *binds)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, l->tx, sql, binds, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	l->total = curb_col_int(stmt, 0);
	return 0;
}

#define ACTOR(l)                                                                                      \
	curb_bind_id(&(l)->actor->person), curb_int((l)->actor->roles), curb_int((l)->actor->now_ms), \
		curb_text((l)->filter->place), curb_int((l)->filter->role), curb_int((l)->everything)

static int list_all(struct listing *l)
{
	static const char rows[] = ROW "ORDER BY l.sort_key, l.id LIMIT $1 OFFSET $2";
	static const char count[] = "SELECT count(*) FROM core_listed";
	int err = read_rows(l, rows, CURB_BINDS(curb_int(PEOPLE_PAGE), curb_int(l->skip)));
	return err ? err : read_count(l, count, CURB_NO_BINDS);
}

static int list_some(struct listing *l)
{
	static const char rows[] = REACH WANTED ROW
		"WHERE l.id IN (SELECT g.person FROM core_grant g WHERE " FITS ") "
		"ORDER BY l.sort_key, l.id LIMIT $7 OFFSET $8";
	static const char count[] = REACH WANTED
		"SELECT count(DISTINCT g.person) FROM core_grant g WHERE " FITS;
	int err = read_rows(l, rows, CURB_BINDS(ACTOR(l), curb_int(PEOPLE_PAGE), curb_int(l->skip)));
	return err ? err : read_count(l, count, CURB_BINDS(ACTOR(l)));
}

/* ---- by what was typed ---- */

static int fits(struct listing *l, const struct curb_id *person, bool *ret_fits)
{
	static const char sql[] = REACH WANTED "SELECT 1 FROM core_grant g WHERE g.person = $7 AND " FITS
					       " LIMIT 1";
	if (l->everything && !l->filter->role && !l->filter->place.len) {
		*ret_fits = true;
		return 0;
	}
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, l->tx, sql, CURB_BINDS(ACTOR(l), curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_fits = err > 0;
	return 0;
}

static int take(struct listing *l, const struct curb_id *person)
{
	bool yes = false;
	int err = fits(l, person, &yes);
	if (err || !yes)
		return err;
	if (l->total++ >= l->skip && l->n < PEOPLE_PAGE)
		err = people_row(l->tx, person, l->actor->now_ms, &l->rows[l->n++]);
	return err;
}

/* Whoever signs in with just this comes first. */
static int take_exact(struct listing *l, struct curb_id *ret_person)
{
	static const char sql[] = "SELECT id FROM core_person WHERE closed_ms IS NULL AND id = (SELECT "
				  "coalesce(merged_into, id) FROM core_person WHERE sign_in = $1)";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, l->tx, sql,
	                     CURB_BINDS(curb_text(people_folded(l->tx, l->filter->q))), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	*ret_person = curb_col_id(stmt, 0);
	return take(l, ret_person);
}

static int list_found(struct listing *l)
{
	struct curb_id exact = { "" };
	int err = take_exact(l, &exact);
	if (err)
		return err;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	err = curb_search(&curb_core_host, l->tx, "core_listed", l->filter->q, PEOPLE_HITS_MOST, 0, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_id person = curb_col_id(stmt, 0);
		err = strcmp(person.text, exact.text) == 0 ? 0 : take(l, &person);
	}
	return err;
}

int people_list(struct curb_tx *tx, const struct people_actor *actor, const struct people_filter *filter,
                struct people_row **ret_rows, size_t *ret_n, int64_t *ret_total)
{
	struct people_filter own = *filter;
	own.place = filter->place.ptr ? filter->place : curb_str("");
	struct listing l = { .tx = tx, .actor = actor, .filter = &own, .skip = (own.page - 1) * PEOPLE_PAGE };
	l.rows = curb_alloc_n(curb_tx_arena(tx), PEOPLE_PAGE, sizeof *l.rows);
	int err = people_reaches(tx, actor, curb_str(""), &l.everything);
	if (err)
		return err;
	if (own.q.len)
		err = list_found(&l);
	else if (l.everything && !own.role && !own.place.len)
		err = list_all(&l);
	else
		err = list_some(&l);
	if (err)
		return err;
	*ret_rows = l.rows;
	*ret_n = l.n;
	*ret_total = l.total;
	return 0;
}

int people_name_taken(struct curb_tx *tx, struct curb_str sign_in, bool *ret_taken)
{
	static const char sql[] = "SELECT 1 FROM core_person WHERE sign_in = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(people_folded(tx, sign_in))),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_taken = err > 0;
	return 0;
}

/* ---- keeping it ---- */

int people_list_put(struct curb_tx *tx, const struct curb_id *person, struct curb_str shown,
                    struct curb_str sign_in)
{
	static const char sql[] =
		"INSERT INTO core_listed (id, name, sign_in, sort_key) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (id) DO UPDATE SET name = $2, sign_in = $3, sort_key = $4";
	return curb_exec(&curb_core_host, tx, sql,
	                 CURB_BINDS(curb_bind_id(person), curb_text(shown), curb_text(sign_in),
	                            curb_blob(curb_sort_key(tx, shown))),
	                 NULL);
}

/* Puts one person in the list whom core_to_list names. */
static int list_one(struct curb_tx *tx, const struct people_row *row)
{
	int err = people_list_put(tx, &row->id, row->shown, row->sign_in);
	return err ? err :
	             curb_exec(&curb_core_host, tx, "DELETE FROM core_to_list WHERE id = $1",
	                       CURB_BINDS(curb_bind_id(&row->id)), NULL);
}

int people_list_rest(struct curb_tx *tx, int64_t most, int64_t *ret_n)
{
	static const char sql[] = "SELECT p.id, p.shown, p.sign_in FROM core_to_list l "
				  "JOIN core_person p ON p.id = l.id LIMIT $1";
	struct people_row *rows = curb_alloc_n(curb_tx_arena(tx), (size_t)most, sizeof *rows);
	int64_t n = 0;
	{
		CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
		int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_int(most)), &stmt);
		while (!err && (err = curb_step(stmt)) > 0) {
			rows[n++] = row_of(tx, stmt);
			err = 0;
		}
		if (err)
			return err;
	}
	int err = 0;
	for (int64_t i = 0; !err && i < n; i++)
		err = list_one(tx, &rows[i]);
	if (!err)
		*ret_n = n;
	return err;
}
