/* The SQL of servers and of what goes out. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "exchange.h"
#include "rows.h"

struct curb_str exchange_hex(struct curb_tx *tx, const unsigned char key[static BUNDLE_KEY])
{
	char *hex = curb_alloc(curb_tx_arena(tx), 2 * BUNDLE_KEY + 1);
	curb_hex(key, BUNDLE_KEY, hex);
	return curb_str(hex);
}

/* ---- servers ---- */

#define SERVER \
	"SELECT id, name, region, sign_key, box_key, ledger_key, added_ms, ended_ms FROM exchange_server "

static void read_server(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct server *server = row;
	*server = (struct server){
		.id = curb_col_id(stmt, 0),
		.name = curb_dup(arena, curb_col_text(stmt, 1)),
		.region = curb_dup(arena, curb_col_text(stmt, 2)),
		.card = { .ledger_key = curb_dup(arena, curb_col_text(stmt, 5)) },
		.added_ms = curb_col_int(stmt, 6),
		.ended_ms = curb_col_int(stmt, 7),
	};
	(void)curb_unhex(curb_col_text(stmt, 3), server->card.sign_public, BUNDLE_KEY);
	(void)curb_unhex(curb_col_text(stmt, 4), server->card.box_public, BUNDLE_KEY);
}

int servers_all(struct exchange *x, struct curb_tx *tx, struct server **ret, size_t *ret_n)
{
	return rows_gather(x->host, tx, SERVER "ORDER BY name", CURB_NO_BINDS, sizeof **ret, read_server, ret,
	                   ret_n);
}

static int one_server(struct exchange *x, struct curb_tx *tx, const char *sql, struct curb_str value,
                      struct server *ret)
{
	struct server *found = NULL;
	size_t n = 0;
	int err = rows_gather(x->host, tx, sql, CURB_BINDS(curb_text(value)), sizeof *found, read_server,
	                      &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such server");
	if (!err)
		*ret = found[0];
	return err;
}

int server_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct server *ret)
{
	return one_server(x, tx, SERVER "WHERE id = $1", id, ret);
}

int server_by_key(struct exchange *x, struct curb_tx *tx, const unsigned char key[static BUNDLE_KEY],
                  struct server *ret)
{
	return one_server(x, tx, SERVER "WHERE sign_key = $1 AND ended_ms = 0", exchange_hex(tx, key), ret);
}

int server_by_name(struct exchange *x, struct curb_tx *tx, struct curb_str name, struct server *ret)
{
	return one_server(x, tx, SERVER "WHERE name = $1", name, ret);
}

/* Whoever had the name before with other keys: what was sealed for that one, this one cannot open. */
static int forget_other_keys(struct exchange *x, struct curb_tx *tx, const struct server *server)
{
	struct server before;
	int err = server_by_name(x, tx, server->name, &before);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	bool same = memcmp(before.card.sign_public, server->card.sign_public, BUNDLE_KEY) == 0 &&
	            memcmp(before.card.box_public, server->card.box_public, BUNDLE_KEY) == 0;
	return same ? 0 : sent_reset(x, tx, &before.id);
}

int server_put(struct exchange *x, struct curb_tx *tx, struct server *server)
{
	static const char sql[] =
		"INSERT INTO exchange_server (id, name, region, sign_key, box_key, ledger_key, added_ms) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET "
		"region = excluded.region, sign_key = excluded.sign_key, box_key = excluded.box_key, "
		"ledger_key = excluded.ledger_key, added_ms = excluded.added_ms, ended_ms = 0";
	int err = forget_other_keys(x, tx, server);
	if (!err)
		err = curb_exec(x->host, tx, sql,
		                CURB_BINDS(curb_bind_id(&server->id), curb_text(server->name),
		                           curb_text(server->region),
		                           curb_text(exchange_hex(tx, server->card.sign_public)),
		                           curb_text(exchange_hex(tx, server->card.box_public)),
		                           curb_text(server->card.ledger_key), curb_int(server->added_ms)),
		                NULL);
	return err ? err : server_by_name(x, tx, server->name, server);
}

int server_end(struct exchange *x, struct curb_tx *tx, const struct curb_id *id, int64_t now_ms)
{
	int64_t changed = 0;
	int err = curb_exec(x->host, tx,
	                    "UPDATE exchange_server SET ended_ms = $2 WHERE id = $1 AND ended_ms = 0",
	                    CURB_BINDS(curb_bind_id(id), curb_int(now_ms)), &changed);
	return err || changed ? err : curb_fail(CURB_ENOTFOUND, "There is no such server");
}

/* ---- bundles that were made ---- */

#define MADE                                                                                    \
	"SELECT o.id, o.server, s.name, o.sequence, o.place, o.made_ms, o.made_by, o.records, " \
	"o.receiver, o.entry FROM exchange_out o JOIN exchange_server s ON s.id = o.server "

static void read_made(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct made *made = row;
	*made = (struct made){ .id = curb_col_id(stmt, 0),
		               .server = curb_col_id(stmt, 1),
		               .server_name = curb_dup(arena, curb_col_text(stmt, 2)),
		               .sequence = curb_col_int(stmt, 3),
		               .place = curb_dup(arena, curb_col_text(stmt, 4)),
		               .made_ms = curb_col_int(stmt, 5),
		               .by = curb_col_id(stmt, 6),
		               .records = curb_col_int(stmt, 7),
		               .entry = curb_col_int(stmt, 9) };
	(void)curb_unhex(curb_col_text(stmt, 8), made->to, BUNDLE_KEY);
}

static void read_place(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct curb_str *)row = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
}

int made_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n)
{
	return rows_gather(x->host, tx, "SELECT DISTINCT place FROM exchange_out", CURB_NO_BINDS,
	                   sizeof **ret, read_place, ret, ret_n);
}

int made_count(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t *ret_total)
{
	return rows_number(x->host, tx,
	                   "SELECT count(*) FROM exchange_out WHERE instr($1, '[' || place || ']') > 0",
	                   CURB_BINDS(curb_text(places)), 0, ret_total);
}

int made_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t skip, int64_t most,
            struct made **ret, size_t *ret_n)
{
	static const char sql[] = MADE "WHERE instr($1, '[' || o.place || ']') > 0 "
				       "ORDER BY o.entry DESC LIMIT $2 OFFSET $3";
	return rows_gather(x->host, tx, sql, CURB_BINDS(curb_text(places), curb_int(most), curb_int(skip)),
	                   sizeof **ret, read_made, ret, ret_n);
}

static int read_bytes(struct exchange *x, struct curb_tx *tx, struct made *made)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(x->host, tx, "SELECT sealed, file FROM exchange_out WHERE id = $1",
	                     CURB_BINDS(curb_bind_id(&made->id)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	made->sealed = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
	if (!curb_col_null(stmt, 1))
		made->file = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 1));
	return 0;
}

int made_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct made *ret)
{
	struct made *found = NULL;
	size_t n = 0;
	int err = rows_gather(x->host, tx, MADE "WHERE o.id = $1", CURB_BINDS(curb_text(id)), sizeof *found,
	                      read_made, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such bundle");
	if (!err)
		err = read_bytes(x, tx, &found[0]);
	if (!err)
		*ret = found[0];
	return err;
}

int made_last_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t *ret)
{
	return rows_number(x->host, tx,
	                   "SELECT coalesce(max(sequence), 0) FROM exchange_out WHERE server = $1",
	                   CURB_BINDS(curb_bind_id(server)), 0, ret);
}

int made_add(struct exchange *x, struct curb_tx *tx, const struct made *made)
{
	static const char sql[] =
		"INSERT INTO exchange_out (id, server, sequence, place, made_ms, made_by, records, receiver, "
		"sealed, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	return curb_exec(x->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&made->id), curb_bind_id(&made->server),
	                            curb_int(made->sequence), curb_text(made->place), curb_int(made->made_ms),
	                            curb_bind_id(&made->by), curb_int(made->records),
	                            curb_text(exchange_hex(tx, made->to)), curb_blob(made->sealed),
	                            curb_int(made->entry)),
	                 NULL);
}

int made_set_file(struct exchange *x, struct curb_tx *tx, const struct curb_id *id, struct curb_str old,
                  struct curb_str file)
{
	static const char first[] = "UPDATE exchange_out SET file = $2 WHERE id = $1 AND file IS NULL";
	static const char other[] = "UPDATE exchange_out SET file = $2 WHERE id = $1 AND file = $3";
	if (!old.ptr)
		return curb_exec(x->host, tx, first, CURB_BINDS(curb_bind_id(id), curb_blob(file)), NULL);
	return curb_exec(x->host, tx, other, CURB_BINDS(curb_bind_id(id), curb_blob(file), curb_blob(old)),
	                 NULL);
}

int sent_hash(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, struct curb_str record,
              struct curb_str *ret_hash)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(x->host, tx, "SELECT hash FROM exchange_sent WHERE server = $1 AND record = $2",
	                     CURB_BINDS(curb_bind_id(server), curb_text(record)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_hash = err ? curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)) : curb_str("");
	return 0;
}

int sent_reset(struct exchange *x, struct curb_tx *tx, const struct curb_id *server)
{
	return curb_exec(x->host, tx, "UPDATE exchange_sent SET hash = '' WHERE server = $1",
	                 CURB_BINDS(curb_bind_id(server)), NULL);
}

int sent_each(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, sent_fn one, void *arg)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	bool enough = false;
	int err = curb_query(x->host, tx,
	                     "SELECT record, hash FROM exchange_sent WHERE server = $1 ORDER BY record",
	                     CURB_BINDS(curb_bind_id(server)), &stmt);
	while (!err && !enough && (err = curb_step(stmt)) > 0)
		err = one(arg, curb_col_text(stmt, 0), curb_col_text(stmt, 1), &enough);
	return err;
}

int sent_put(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, struct curb_str record,
             struct curb_str hash)
{
	return curb_exec(x->host, tx,
	                 "INSERT INTO exchange_sent (server, record, hash) VALUES ($1, $2, $3) "
	                 "ON CONFLICT (server, record) DO UPDATE SET hash = excluded.hash",
	                 CURB_BINDS(curb_bind_id(server), curb_text(record), curb_text(hash)), NULL);
}
