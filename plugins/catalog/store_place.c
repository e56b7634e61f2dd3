/* Rows by where a course belongs. */
#include "catalog.h"
#include "curb/cleanup.h"
#include "curb/err.h"

int catalog_places(struct catalog *c, struct curb_tx *tx, enum catalog_state state,
                   struct catalog_place **ret_places, size_t *ret_n)
{
	enum { MOST = 4096 };
	static const char sql[] = "SELECT coalesce(place, ''), count(*) FROM catalog_course WHERE state = $1 "
				  "GROUP BY coalesce(place, '') LIMIT $2";
	struct catalog_place *places = curb_alloc_n(curb_tx_arena(tx), MOST, sizeof *places);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(curb_cstring(catalog_state_word(state)), curb_int(MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		places[n++] = (struct catalog_place){ curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)),
			                              curb_col_int(stmt, 1) };
		err = 0;
	}
	if (err)
		return err;
	*ret_places = places;
	*ret_n = n;
	return 0;
}

int catalog_in_place(struct catalog *c, struct curb_tx *tx, const struct catalog_part *part,
                     struct curb_str place, struct catalog_key *keys, size_t *ret_n)
{
	static const char sql[] = "SELECT id, made_ms FROM catalog_course WHERE place = $1 AND state = $2 "
				  "ORDER BY made_ms DESC, id LIMIT $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(c->host, tx, sql,
	                     CURB_BINDS(curb_text(place), curb_cstring(catalog_state_word(part->state)),
	                                curb_int(part->skip + part->most)),
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		keys[n++] = (struct catalog_key){ curb_col_id(stmt, 0), curb_col_int(stmt, 1) };
		err = 0;
	}
	if (!err)
		*ret_n = n;
	return err;
}

int catalog_placeless(struct catalog *c, struct curb_tx *tx, size_t most, struct catalog_course **ret_courses,
                      size_t *ret_n)
{
	static const char sql[] = "SELECT id, owner FROM catalog_course WHERE place IS NULL LIMIT $1";
	struct catalog_course *courses = curb_alloc_n(curb_tx_arena(tx), most, sizeof *courses);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 0;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_int((int64_t)most)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		courses[n].id = curb_col_id(stmt, 0);
		courses[n++].owner = curb_col_id(stmt, 1);
		err = 0;
	}
	if (err)
		return err;
	*ret_courses = courses;
	*ret_n = n;
	return 0;
}

int catalog_set_place(struct catalog *c, struct curb_tx *tx, const struct curb_id *id, struct curb_str place)
{
	static const char sql[] = "UPDATE catalog_course SET place = $2 WHERE id = $1";
	return curb_exec(c->host, tx, sql, CURB_BINDS(curb_bind_id(id), curb_text(place)), NULL);
}
