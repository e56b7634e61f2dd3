/* Rows of versions: those that were published, and the draft beside a published course. */
#include "catalog.h"
#include "curb/cleanup.h"
#include "curb/err.h"

int catalog_published_add(struct catalog *c, struct curb_tx *tx, const struct catalog_course *course,
                          int64_t now_ms)
{
	static const char sql[] =
		"INSERT INTO catalog_version (version, course, since_ms) VALUES ($1, $2, $3) "
		"ON CONFLICT (version) DO UPDATE SET withdrawn_ms = NULL, withdrawn_by = ''";
	return curb_exec(
		c->host, tx, sql,
		CURB_BINDS(curb_bind_id(&course->version), curb_bind_id(&course->id), curb_int(now_ms)),
		NULL);
}

static int read_one(struct curb_stmt *stmt, struct catalog_published *ret)
{
	int err = curb_step(stmt);
	if (err < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	*ret = (struct catalog_published){ .version = curb_col_id(stmt, 0),
		                           .since_ms = curb_col_int(stmt, 1),
		                           .withdrawn_ms = curb_col_int(stmt, 2),
		                           .withdrawn_by = curb_col_id(stmt, 3) };
	return 0;
}

int catalog_published_by_id(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                            struct curb_str version, struct catalog_published *ret)
{
	static const char sql[] = "SELECT version, since_ms, coalesce(withdrawn_ms, 0), withdrawn_by "
				  "FROM catalog_version WHERE version = $1 AND course = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_text(version), curb_bind_id(course)), &stmt);
	return err ? err : read_one(stmt, ret);
}

int catalog_published_last(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                           struct catalog_published *ret)
{
	static const char sql[] = "SELECT version, since_ms, 0, '' FROM catalog_version WHERE course = $1 "
				  "AND withdrawn_ms IS NULL ORDER BY since_ms DESC, version DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	return err ? err : read_one(stmt, ret);
}

int catalog_published_turn(struct catalog *c, struct curb_tx *tx, const struct catalog_published *published)
{
	static const char sql[] =
		"UPDATE catalog_version SET withdrawn_ms = nullif($2, 0), withdrawn_by = $3 "
		"WHERE version = $1";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&published->version), curb_int(published->withdrawn_ms),
	                            curb_bind_id(&published->withdrawn_by)),
	                 NULL);
}

static int last_step_number(struct catalog *c, struct curb_tx *tx, const struct curb_id *course,
                            int64_t *ret_n)
{
	static const char sql[] = "SELECT coalesce(max(n), 0) FROM catalog_step WHERE course = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(course)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_n = curb_col_int(stmt, 0);
	return 0;
}

int catalog_next_end(struct catalog *c, struct curb_tx *tx, const struct catalog_course *next)
{
	static const char steps[] = "UPDATE catalog_step SET course = $2, n = n + $3 WHERE course = $1";
	int64_t n = 0;
	int err = last_step_number(c, tx, &next->of, &n);
	if (!err)
		err = curb_exec(c->host, tx, steps,
		                CURB_BINDS(curb_bind_id(&next->id), curb_bind_id(&next->of), curb_int(n)),
		                NULL);
	return err ? err :
	             curb_exec(c->host, tx, "DELETE FROM catalog_course WHERE id = $1",
	                       CURB_BINDS(curb_bind_id(&next->id)), NULL);
}
