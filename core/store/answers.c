/* Replies kept under the key that a client chose, so that a repeated request gets the first one's reply. */
#include "inside.h"

const struct curb_migration store_migrations[] = {
	{ 1, "init",
	  "CREATE TABLE core_search (\n"
	  "	owner TEXT NOT NULL,\n"
	  "	table_name TEXT NOT NULL PRIMARY KEY,\n"
	  "	shape TEXT NOT NULL\n"
	  ") {STRICT};\n"
	  "CREATE TABLE core_idempotency (\n"
	  "	person TEXT NOT NULL,\n"
	  "	route TEXT NOT NULL,\n"
	  "	key TEXT NOT NULL,\n"
	  "	status {INT64} NOT NULL,\n"
	  "	headers TEXT NOT NULL,\n"
	  "	body {BLOB} NOT NULL,\n"
	  "	made_ms {INT64} NOT NULL,\n"
	  "	PRIMARY KEY (person, route, key)\n"
	  ") {STRICT};\n"
	  "CREATE INDEX core_idempotency_made ON core_idempotency (made_ms);\n" },
	{ 0, NULL, NULL },
};

int store_answer_find(struct curb_tx *tx, struct curb_str person, struct curb_str route, struct curb_str key,
                      struct store_answer *ret_answer)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx,
	                     "SELECT status, headers, body, made_ms FROM core_idempotency "
	                     "WHERE person = $1 AND route = $2 AND key = $3",
	                     CURB_BINDS(curb_text(person), curb_text(route), curb_text(key)), &stmt);
	if (err)
		return err;
	int row = curb_step(stmt);
	if (row < 0)
		return row;
	if (!row)
		return curb_fail(CURB_ENOTFOUND, "no request had this key");
	struct curb_arena *arena = curb_tx_arena(tx);
	*ret_answer = (struct store_answer){
		.status = (int)curb_col_int(stmt, 0),
		.headers = curb_dup(arena, curb_col_text(stmt, 1)),
		.body = curb_dup(arena, curb_col_blob(stmt, 2)),
		.made_ms = curb_col_int(stmt, 3),
	};
	return 0;
}

static struct curb_str some(struct curb_str s)
{
	return s.ptr ? s : curb_str("");
}

int store_answer_put(struct curb_tx *tx, struct curb_str person, struct curb_str route, struct curb_str key,
                     const struct store_answer *answer)
{
	return curb_exec(&curb_core_host, tx,
	                 "INSERT INTO core_idempotency (person, route, key, status, headers, body, made_ms) "
	                 "VALUES ($1, $2, $3, $4, $5, $6, $7)",
	                 CURB_BINDS(curb_text(person), curb_text(route), curb_text(key),
	                            curb_int(answer->status), curb_text(some(answer->headers)),
	                            curb_blob(some(answer->body)), curb_int(answer->made_ms)),
	                 NULL);
}

int store_answer_purge(struct curb_tx *tx, int64_t before_ms, int64_t *ret_removed)
{
	return curb_exec(&curb_core_host, tx,
	                 "DELETE FROM core_idempotency WHERE (person, route, key) IN "
	                 "(SELECT person, route, key FROM core_idempotency WHERE made_ms < $1 "
	                 "ORDER BY made_ms LIMIT 500)",
	                 CURB_BINDS(curb_int(before_ms)), ret_removed);
}
