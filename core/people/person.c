#include "curb/person.h"

#include "curb/cleanup.h"
#include "curb/err.h"
#include "people.h"

static int roles_of(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms, uint32_t *ret_roles)
{
	static const char sql[] = "SELECT role FROM core_grant WHERE person = $1 AND from_ms <= $2 "
				  "AND (until_ms IS NULL OR until_ms > $2)";
	uint32_t roles = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(person), curb_int(now_ms)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		roles |= (uint32_t)curb_col_int(stmt, 0);
		err = 0;
	}
	if (!err)
		*ret_roles = roles;
	return err;
}

int curb_person_find(struct curb_tx *tx, struct curb_str id_or_name, int64_t now_ms,
                     struct curb_user *ret_user)
{
	static const char sql[] =
		"SELECT id, shown FROM core_person WHERE closed_ms IS NULL AND id = (SELECT "
		"coalesce(merged_into, id) FROM core_person WHERE id = $1 OR sign_in = $2 LIMIT 1)";
	struct curb_user user = { 0 };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_text(id_or_name), curb_text(people_folded(tx, id_or_name))),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND,
		                 "there is nobody with the number %.*s; check it and try again",
		                 (int)id_or_name.len, id_or_name.ptr ? id_or_name.ptr : "");
	user.id = curb_col_id(stmt, 0);
	user.name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 1));
	err = roles_of(tx, &user.id, now_ms, &user.roles);
	if (!err)
		*ret_user = user;
	return err;
}

int curb_persons_called(struct curb_tx *tx, struct curb_str shown, uint32_t roles,
                        const struct curb_id *institution, int64_t now_ms, size_t most,
                        struct curb_id **ret_persons, size_t *ret_n)
{
	static const char sql[] = "SELECT DISTINCT l.id FROM core_listed l "
				  "JOIN core_person p ON p.id = l.id JOIN core_grant g ON g.person = l.id "
				  "WHERE l.sort_key = $1 AND l.name = $2 AND p.closed_ms IS NULL "
				  "AND g.institution = $3 AND (g.role & $4) <> 0 AND g.from_ms <= $5 "
				  "AND (g.until_ms IS NULL OR g.until_ms > $5) ORDER BY l.id LIMIT $6";
	struct curb_id *persons = curb_alloc_n(curb_tx_arena(tx), most + 1, sizeof *persons);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql,
	                     CURB_BINDS(curb_blob(curb_sort_key(tx, shown)), curb_text(shown),
	                                curb_bind_id(institution), curb_int(roles), curb_int(now_ms),
	                                curb_int((int64_t)most)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		persons[n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	if (err)
		return err;
	*ret_persons = persons;
	*ret_n = n;
	return 0;
}

int curb_institution_name(struct curb_tx *tx, const struct curb_id *institution, struct curb_str *ret_name)
{
	static const char sql[] = "SELECT name FROM core_institution WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_bind_id(institution)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "there is no such institution");
	*ret_name = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
	return 0;
}
