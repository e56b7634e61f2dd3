/* The SQL of certificates. */
#include "certificate.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "status.h"

/* ---- certificates ---- */

#define ISSUED                                                                                           \
	"SELECT i.id, i.cohort, i.institution, i.holder, i.replaces, i.issued_by, i.code, i.name, "      \
	"i.programme, i.issuer, i.token, i.place, i.online_c, i.offline_c, i.starts_ms, i.ends_ms, "     \
	"i.issued_ms, i.entry, w.id, w.renew, w.reason, w.asked_by, s.at_ms, w.entry, i.person "         \
	"FROM certificate_issued i LEFT JOIN certificate_withdrawal w ON w.id = (SELECT l.id FROM "      \
	"certificate_withdrawal l LEFT JOIN certificate_withdrawal_sign g ON g.withdrawal = l.id WHERE " \
	"l.certificate = i.id ORDER BY g.entry IS NULL, l.entry DESC LIMIT 1) "                          \
	"LEFT JOIN certificate_withdrawal_sign s ON s.withdrawal = w.id "

static void read_issued(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct issued *)row = (struct issued){
		.id = curb_col_id(stmt, 0),
		.cohort = curb_col_id(stmt, 1),
		.institution = curb_col_id(stmt, 2),
		.person = curb_col_id(stmt, 3),
		.replaces = curb_col_id(stmt, 4),
		.issued_by = curb_col_id(stmt, 5),
		.code = curb_dup(arena, curb_col_text(stmt, 6)),
		.name = curb_dup(arena, curb_col_text(stmt, 7)),
		.programme = curb_dup(arena, curb_col_text(stmt, 8)),
		.issuer = curb_dup(arena, curb_col_text(stmt, 9)),
		.token = curb_dup(arena, curb_col_text(stmt, 10)),
		.place = curb_col_int(stmt, 11),
		.online_c = curb_col_int(stmt, 12),
		.offline_c = curb_col_int(stmt, 13),
		.starts_ms = curb_col_int(stmt, 14),
		.ends_ms = curb_col_int(stmt, 15),
		.issued_ms = curb_col_int(stmt, 16),
		.entry = curb_col_int(stmt, 17),
		.withdrawal = curb_col_id(stmt, 18),
		.renew = curb_col_int(stmt, 19) != 0,
		.reason = curb_dup(arena, curb_col_text(stmt, 20)),
		.asked_by = curb_col_id(stmt, 21),
		.withdrawn_ms = curb_col_int(stmt, 22),
		.asked_entry = curb_col_int(stmt, 23),
		.subject = curb_col_id(stmt, 24),
	};
}

int issued_add(struct certificate *c, struct curb_tx *tx, const struct issued *issued)
{
	static const char sql[] =
		"INSERT INTO certificate_issued (id, place, code, cohort, institution, person, name, "
		"programme, issuer, online_c, offline_c, starts_ms, ends_ms, replaces, token, issued_by, "
		"issued_ms, entry, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
		"$14, $15, "
		"$16, $17, $18, $6)";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&issued->id), curb_int(issued->place), curb_text(issued->code),
	                   curb_bind_id(&issued->cohort), curb_bind_id(&issued->institution),
	                   curb_bind_id(&issued->person), curb_text(issued->name),
	                   curb_text(issued->programme), curb_text(issued->issuer),
	                   curb_int(issued->online_c), curb_int(issued->offline_c),
	                   curb_int(issued->starts_ms), curb_int(issued->ends_ms),
	                   curb_id_some(&issued->replaces) ? curb_bind_id(&issued->replaces) : curb_null(),
	                   curb_text(issued->token), curb_bind_id(&issued->issued_by),
	                   curb_int(issued->issued_ms), curb_int(issued->entry)),
		NULL);
}

int issued_next_place(struct certificate *c, struct curb_tx *tx, int64_t *ret_place)
{
	static const char sql[] =
		"SELECT coalesce(max(place) + 1, 0) FROM (SELECT max(place) AS place FROM "
		"certificate_issued UNION ALL SELECT max(place) FROM certificate_gone) AS given";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_place = curb_col_int(stmt, 0);
	return 0;
}

static int one(struct certificate *c, struct curb_tx *tx, const char *sql, struct curb_str key,
               struct issued *ret)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(key)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such certificate");
	read_issued(tx, stmt, ret);
	return 0;
}

int issued_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct issued *ret)
{
	return one(c, tx, ISSUED "WHERE i.id = $1", id, ret);
}

int issued_by_code(struct certificate *c, struct curb_tx *tx, const char *code, struct issued *ret)
{
	return one(c, tx, ISSUED "WHERE i.code = $1", curb_str(code), ret);
}

int issued_last(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                const struct curb_id *person, struct issued *ret)
{
	static const char sql[] = ISSUED
		"WHERE i.cohort = $1 AND i.holder = $2 ORDER BY s.at_ms IS NOT NULL, i.entry DESC LIMIT 1";
	struct issued *found = NULL;
	size_t n = 0;
	int err = rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)),
	                      sizeof *found, read_issued, &found, &n);
	if (!err)
		*ret = n ? found[0] : (struct issued){ .id = { "" } };
	return err;
}

bool issued_in_force(const struct issued *issued)
{
	return curb_id_some(&issued->id) && !issued->withdrawn_ms;
}

int issued_of_person(struct certificate *c, struct curb_tx *tx, const struct curb_id *person,
                     struct issued **ret, size_t *ret_n)
{
	static const char sql[] = ISSUED "WHERE i.holder = $1 ORDER BY i.issued_ms DESC, i.id";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(person)), sizeof **ret, read_issued, ret,
	                   ret_n);
}

static void read_number(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	*(int64_t *)row = curb_col_int(stmt, 0);
}

int issued_by_entry(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                    const struct curb_id *person, int64_t entry, struct issued *ret)
{
	static const char sql[] = ISSUED "WHERE i.cohort = $1 AND i.holder = $2 AND i.entry = $3";
	struct issued *found = NULL;
	size_t n = 0;
	int err = rows_gather(c->host, tx, sql,
	                      CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person), curb_int(entry)),
	                      sizeof *found, read_issued, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such certificate");
	if (!err)
		*ret = found[0];
	return err;
}

#define IN_FORCE                                                                                    \
	" AND NOT EXISTS (SELECT 1 FROM certificate_withdrawal w JOIN certificate_withdrawal_sign " \
	"s ON s.withdrawal = w.id WHERE w.certificate = i.id)"

int issued_entries(struct certificate *c, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *institution, int64_t **ret_entries, size_t *ret_n)
{
	static const char of_class[] =
		"SELECT i.entry FROM certificate_issued i WHERE i.cohort = $1" IN_FORCE;
	static const char of_place[] =
		"SELECT i.entry FROM certificate_issued i WHERE i.institution = $1" IN_FORCE;
	bool class = curb_id_some(cohort);
	return rows_gather(c->host, tx, class ? of_class : of_place,
	                   CURB_BINDS(curb_bind_id(class ? cohort : institution)), sizeof **ret_entries,
	                   read_number, ret_entries, ret_n);
}

int issued_withdrawn(struct certificate *c, struct curb_tx *tx, int64_t list, int64_t **ret_places,
                     size_t *ret_n, int64_t *ret_there)
{
	static const char sql[] =
		"SELECT i.place - $1 FROM certificate_withdrawal_sign s "
		"JOIN certificate_withdrawal w ON w.id = s.withdrawal "
		"JOIN certificate_issued i ON i.id = w.certificate WHERE i.place >= $1 AND i.place < $2 "
		"UNION ALL SELECT g.place - $1 FROM certificate_gone g WHERE g.withdrawn = 1 AND g.place >= "
		"$1 "
		"AND g.place < $2";
	int64_t first = list * STATUS_PLACES, next = 0;
	int err = issued_next_place(c, tx, &next);
	if (!err)
		err = rows_gather(c->host, tx, sql,
		                  CURB_BINDS(curb_int(first), curb_int(first + STATUS_PLACES)),
		                  sizeof **ret_places, read_number, ret_places, ret_n);
	if (!err)
		*ret_there = next - first;
	return err;
}

/* ---- withdrawals ---- */

int withdrawal_add(struct certificate *c, struct curb_tx *tx, const struct issued *issued, int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO certificate_withdrawal (id, certificate, institution, reason, renew, asked_by, "
		"asked_ms, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&issued->withdrawal), curb_bind_id(&issued->id),
	                            curb_bind_id(&issued->institution), curb_text(issued->reason),
	                            curb_int(issued->renew), curb_bind_id(&issued->asked_by),
	                            curb_int(now_ms), curb_int(issued->asked_entry)),
	                 NULL);
}

int withdrawal_sign(struct certificate *c, struct curb_tx *tx, const struct issued *issued,
                    const struct curb_id *by, int64_t now_ms, int64_t entry)
{
	static const char sql[] =
		"INSERT INTO certificate_withdrawal_sign (withdrawal, person, at_ms, entry) "
		"VALUES ($1, $2, $3, $4)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&issued->withdrawal), curb_bind_id(by), curb_int(now_ms),
	                            curb_int(entry)),
	                 NULL);
}

/* ---- keys ---- */

static void read_key(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	(void)tx;
	struct curb_str bytes = curb_col_blob(stmt, 0);
	CURB_ASSERT(bytes.len == SIGN_PUBLIC);
	*(struct sign_public *)row = sign_public_of((const unsigned char *)bytes.ptr);
}

int keys_all(struct certificate *c, struct curb_tx *tx, struct sign_public **ret, size_t *ret_n)
{
	static const char sql[] = "SELECT public FROM certificate_key ORDER BY since_ms, thumb";
	return rows_gather(c->host, tx, sql, CURB_NO_BINDS, sizeof **ret, read_key, ret, ret_n);
}

int keys_add(struct certificate *c, struct curb_tx *tx, const struct sign_public *key, int64_t now_ms)
{
	static const char sql[] = "INSERT INTO certificate_key (thumb, public, since_ms) VALUES ($1, $2, $3) "
				  "ON CONFLICT (thumb) DO NOTHING";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_cstring(key->thumb),
	                            curb_blob(curb_str_n((const char *)key->bytes, sizeof key->bytes)),
	                            curb_int(now_ms)),
	                 NULL);
}
