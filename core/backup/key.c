/* Whether the key that is there is the one that sealed the columns: behind a restore it may be another server's. */
#include <stdio.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/id.h"
#include "inside.h"

struct checking {
	uint32_t id;
};

static int read_mac(struct curb_tx *tx, uint32_t id, struct curb_str *ret_mac)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT mac FROM core_key WHERE id = $1",
	                     CURB_BINDS(curb_int(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_mac = err ? curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)) : curb_str(NULL);
	return 0;
}

static int read_newest(struct curb_tx *tx, int64_t *ret_id)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT coalesce(max(id), 0) FROM core_key", CURB_NO_BINDS,
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_id = curb_col_int(stmt, 0);
	return 0;
}

static int check(struct curb_tx *tx, void *arg)
{
	const struct checking *checking = arg;
	struct curb_str mine = curb_blind_index(tx, "core_key", "mac", curb_str("key")), known;
	int64_t newest = 0;
	int err = read_mac(tx, checking->id, &known);
	if (!err)
		err = read_newest(tx, &newest);
	if (err || (known.ptr && curb_str_eq(known, mine)))
		return err;
	if (known.ptr || newest > (int64_t)checking->id)
		return curb_fail(CURB_EINVAL,
		                 "the key that is there (number %u) is not the one that this database is "
		                 "encrypted with: put the keys of its own server in place",
		                 (unsigned)checking->id);
	return curb_exec(&curb_core_host, tx, "INSERT INTO core_key (id, mac) VALUES ($1, $2)",
	                 CURB_BINDS(curb_int(checking->id), curb_text(mine)), NULL);
}

int backup_check_key(struct curb_store *store, uint32_t key_id)
{
	struct checking checking = { key_id };
	const struct store_write write = { .fn = check, .arg = &checking };
	return store_write(store, &write);
}

/* ---- the mark ---- */

static int read_mark(struct curb_tx *tx, char *ret_mark, bool *ret_there)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, "SELECT mark FROM core_server", CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_there = err > 0;
	if (err > 0)
		(void)snprintf(ret_mark, BACKUP_MARK, "%.*s", (int)curb_col_text(stmt, 0).len,
		               curb_col_text(stmt, 0).ptr);
	return 0;
}

static int take_mark(struct curb_tx *tx, void *arg)
{
	char *mark = arg;
	bool there = false;
	int err = read_mark(tx, mark, &there);
	if (err || there)
		return err;
	(void)snprintf(mark, BACKUP_MARK, "%s", curb_id_new(curb_wall_ms()).text);
	return curb_exec(&curb_core_host, tx, "INSERT INTO core_server (mark) VALUES ($1)",
	                 CURB_BINDS(curb_cstring(mark)), NULL);
}

int backup_mark(struct curb_store *store, char ret_mark[static BACKUP_MARK])
{
	const struct store_write write = { .fn = take_mark, .arg = ret_mark };
	return store_write(store, &write);
}
