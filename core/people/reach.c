/* Which institutions the grants of a session cover. */
#include <string.h>

#include "curb/cleanup.h"
#include "people.h"

enum { ALL_MOST = 4096 };

bool people_covers(const struct people_session *session, uint32_t roles, const struct curb_id *institution)
{
	for (size_t i = 0; i < session->reach_count; i++) {
		const struct people_reach *row = &session->reach[i];
		if ((row->role & roles) == 0)
			continue;
		if (!curb_id_some(&row->institution) || strcmp(row->institution.text, institution->text) == 0)
			return true;
	}
	return false;
}

static int all_there_are(struct curb_tx *tx, const struct curb_id **ret_ids, size_t *ret_n)
{
	static const char sql[] = "SELECT id FROM core_institution ORDER BY made_ms, id LIMIT $1";
	struct curb_id *ids = curb_alloc_n(curb_tx_arena(tx), ALL_MOST, sizeof *ids);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_int(ALL_MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		ids[n++] = curb_col_id(stmt, 0);
		err = 0;
	}
	if (err)
		return err;
	*ret_ids = ids;
	*ret_n = n;
	return 0;
}

static bool has(const struct curb_id *ids, size_t n, const struct curb_id *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i].text, id->text) == 0)
			return true;
	return false;
}

int people_institutions(struct curb_tx *tx, const struct people_session *session, uint32_t roles,
                        const struct curb_id **ret_ids, size_t *ret_n)
{
	struct curb_id *ids = curb_alloc_n(curb_tx_arena(tx), session->reach_count + 1, sizeof *ids);
	size_t n = 0;
	for (size_t i = 0; i < session->reach_count; i++) {
		const struct people_reach *row = &session->reach[i];
		if (!(row->role & roles))
			continue;
		if (!curb_id_some(&row->institution))
			return all_there_are(tx, ret_ids, ret_n);
		if (!has(ids, n, &row->institution))
			ids[n++] = row->institution;
	}
	*ret_ids = ids;
	*ret_n = n;
	return 0;
}

int people_some_everywhere(struct curb_tx *tx, uint32_t roles, int64_t now_ms, bool *ret_some)
{
	static const char sql[] =
		"SELECT 1 FROM core_grant g JOIN core_person p ON p.id = g.person WHERE (g.role & $1) <> 0 "
		"AND g.region IS NULL AND g.institution IS NULL AND g.from_ms <= $2 "
		"AND (g.until_ms IS NULL OR g.until_ms > $2) AND p.closed_ms IS NULL LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_int(roles), curb_int(now_ms)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_some = err > 0;
	return 0;
}
