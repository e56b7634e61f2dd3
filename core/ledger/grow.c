/* How the tree grows: each entry is a row at once; its leaf waits until the functions of the group are done and is then hashed
 * into the last tiles, which are written once a group. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "entry.h"
#include "inside.h"

enum {
	PSEUDONYM = 16,
	SALT = 32,
	KEY = 16,
	VERSION = 1,
	OWN_FACTS = 9,
	MINUTE_MS = 60000,
	WAITING_STEP = 64
};

/* ---- the edge as it is in the database ---- */

static int load_edge(struct curb_tx *tx, unsigned level, struct edge_tile *ret_edge)
{
	static const char sql[] =
		"SELECT n, hashes FROM ledger_tile WHERE level = $1 ORDER BY n DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(level)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	struct curb_str hashes = curb_col_blob(stmt, 1);
	if (hashes.len == 0 || hashes.len % TILE_HASH || hashes.len > sizeof ret_edge->hashes)
		return curb_fail(CURB_EINTERNAL, "a tile of the ledger is damaged: level %u, the last",
		                 level);
	ret_edge->index = (uint64_t)curb_col_int(stmt, 0);
	ret_edge->width = (unsigned)(hashes.len / TILE_HASH);
	memcpy(ret_edge->hashes, hashes.ptr, hashes.len);
	return 0;
}

int grow_load(struct curb_tx *tx, struct growing *ret_growing)
{
	const struct merkle_source source = { ledger_tile_hash, tx };
	int err = 0;
	memset(ret_growing, 0, sizeof *ret_growing);
	for (unsigned level = 0; !err && level < TILE_LEVELS; level++)
		err = load_edge(tx, level, &ret_growing->edge[level]);
	const struct edge_tile *first = &ret_growing->edge[0];
	return err ? err : merkle_load(&source, first->index * TILE_WIDTH + first->width, &ret_growing->tree);
}

/* ---- an entry ---- */

/* The person's pseudonym; made when this is the first entry about her. */
static int pseudonym_of(struct curb_tx *tx, const struct curb_id *person, struct curb_str *ret_pseudonym)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT pseudonym FROM ledger_person WHERE person = $1",
	                     CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err) {
		*ret_pseudonym = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
		return 0;
	}
	char *fresh = curb_alloc(curb_tx_arena(tx), PSEUDONYM);
	randombytes_buf(fresh, PSEUDONYM);
	*ret_pseudonym = curb_str_n(fresh, PSEUDONYM);
	return curb_exec(&ledger_host, tx, "INSERT INTO ledger_person (person, pseudonym) VALUES ($1, $2)",
	                 CURB_BINDS(curb_bind_id(person), curb_blob(*ret_pseudonym)), NULL);
}

struct facts {
	struct entry_fact list[OWN_FACTS + CURB_FACTS_MOST];
	size_t count;
};

static void add_number(struct facts *facts, const char *name, int64_t number)
{
	facts->list[facts->count++] =
		(struct entry_fact){ .name = curb_str(name), .kind = ENTRY_NUMBER, .number = number };
}

static void add(struct facts *facts, const char *name, enum entry_kind kind, struct curb_str bytes)
{
	facts->list[facts->count++] =
		(struct entry_fact){ .name = curb_str(name), .kind = kind, .bytes = bytes };
}

/* Whom it is about and who wrote it: most often one and the same. */
static int add_people(struct curb_tx *tx, const struct curb_entry *entry, struct facts *facts)
{
	const struct curb_id *person = &entry->person, *by = &entry->by;
	struct curb_str sub = curb_str(NULL), writer = curb_str(NULL);
	int err = person->text[0] ? pseudonym_of(tx, person, &sub) : 0;
	if (strcmp(person->text, by->text) == 0)
		writer = sub;
	else if (!err && by->text[0])
		err = pseudonym_of(tx, by, &writer);
	if (sub.ptr)
		add(facts, "sub", ENTRY_BYTES, sub);
	if (writer.ptr)
		add(facts, "by", ENTRY_BYTES, writer);
	return err;
}

/* Nobody who does not know the key can tell from its hash what it was. */
static struct curb_str hashed_key(struct curb_arena *arena, struct curb_str key, const unsigned char *salt)
{
	unsigned char *hash = curb_alloc(arena, crypto_hash_sha256_BYTES);
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, salt, SALT);
	(void)crypto_hash_sha256_update(&state, (const unsigned char *)key.ptr, key.len);
	(void)crypto_hash_sha256_final(&state, hash);
	return curb_str_n((const char *)hash, KEY);
}

static void add_own(struct curb_tx *tx, const struct curb_entry *entry, struct facts *facts)
{
	unsigned char *salt = curb_alloc(curb_tx_arena(tx), SALT);
	randombytes_buf(salt, SALT);
	add_number(facts, "v", VERSION);
	add(facts, "kind", ENTRY_TEXT, curb_str(entry->kind));
	add_number(facts, "at", entry->at_ms - entry->at_ms % MINUTE_MS);
	add(facts, "salt", ENTRY_BYTES, curb_str_n((const char *)salt, SALT));
	if (entry->role)
		add(facts, "role", ENTRY_TEXT, curb_str(entry->role));
	if (entry->corrects)
		add_number(facts, "ref", entry->corrects - 1);
	if (entry->key.ptr)
		add(facts, "key", ENTRY_BYTES, hashed_key(curb_tx_arena(tx), entry->key, salt));
}

static int gather(struct curb_tx *tx, const struct curb_entry *entry, struct facts *facts)
{
	add_own(tx, entry, facts);
	CURB_ASSERT(entry->fact_count <= CURB_FACTS_MOST);
	for (size_t i = 0; i < entry->fact_count; i++) {
		const struct curb_fact *fact = &entry->facts[i];
		if (fact->text.ptr)
			add(facts, fact->name, ENTRY_TEXT, fact->text);
		else
			add_number(facts, fact->name, fact->number);
	}
	return add_people(tx, entry, facts);
}

static void wait_for_tree(struct ledger *ledger, const struct merkle_hash *leaf)
{
	if (ledger->waiting_count == ledger->waiting_room) {
		ledger->waiting_room += WAITING_STEP;
		ledger->waiting = realloc(ledger->waiting, ledger->waiting_room * sizeof *ledger->waiting);
		CURB_ASSERT(ledger->waiting);
	}
	ledger->waiting[ledger->waiting_count++] = *leaf;
}

/* Behind a transaction of which nobody knows whether it is durable. */
static int be_sure(struct ledger *ledger, struct curb_tx *tx)
{
	int err = ledger->unsure ? grow_load(tx, &ledger->growing) : 0;
	ledger->unsure = err != 0;
	return err;
}

int curb_ledger_append(struct curb_tx *tx, const struct curb_entry *entry, int64_t *ret_index)
{
	int err = curb_ledger_takes(tx);
	return err ? err : grow_append(tx, entry, ret_index);
}

int grow_append(struct curb_tx *tx, const struct curb_entry *entry, int64_t *ret_index)
{
	struct ledger *ledger = store_tail(tx);
	struct facts facts = { .count = 0 };
	CURB_AUTO(buf) struct curb_buf body = curb_buf(ENTRY_MOST);
	struct merkle_hash leaf;
	CURB_ASSERT(ledger);
	int err = be_sure(ledger, tx);
	int64_t index = (int64_t)(ledger->growing.tree.size + ledger->waiting_count);
	if (!err && (entry->corrects < 0 || entry->corrects > index))
		err = curb_fail(CURB_EINTERNAL, "an entry can correct only one that is there");
	if (!err)
		err = gather(tx, entry, &facts);
	if (!err)
		err = entry_write(&body, facts.list, facts.count);
	if (err)
		return err;
	err = curb_exec(&ledger_host, tx, "INSERT INTO ledger_entry (n, body) VALUES ($1, $2)",
	                CURB_BINDS(curb_int(index), curb_blob(curb_buf_view(&body))), NULL);
	if (err)
		return err;
	merkle_leaf(curb_buf_view(&body), &leaf);
	wait_for_tree(ledger, &leaf);
	if (ret_index)
		*ret_index = index;
	return 0;
}

/* ---- the tail of a transaction ---- */

static void put_hash(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
	struct growing *growing = arg;
	if (level % TILE_HEIGHT)
		return;
	struct edge_tile *edge = &growing->edge[level / TILE_HEIGHT];
	edge->index = index / TILE_WIDTH;
	edge->width = (unsigned)(index % TILE_WIDTH) + 1;
	edge->changed = true;
	memcpy(edge->hashes + (edge->width - 1) * TILE_HASH, hash->bytes, TILE_HASH);
}

static int write_edge(struct curb_tx *tx, unsigned level, struct edge_tile *edge)
{
	static const char sql[] = "INSERT INTO ledger_tile (level, n, hashes) VALUES ($1, $2, $3) "
				  "ON CONFLICT (level, n) DO UPDATE SET hashes = $3";
	struct curb_str hashes = curb_str_n((const char *)edge->hashes, (size_t)edge->width * TILE_HASH);
	edge->changed = false;
	return curb_exec(&ledger_host, tx, sql,
	                 CURB_BINDS(curb_int(level), curb_int((int64_t)edge->index), curb_blob(hashes)),
	                 NULL);
}

/* Tiles that are full, or at the end all that have changed. */
static int write_edges(struct ledger *ledger, struct curb_tx *tx, bool all)
{
	int err = 0;
	for (unsigned level = 0; !err && level < TILE_LEVELS; level++) {
		struct edge_tile *edge = &ledger->growing.edge[level];
		if (edge->changed && (all || edge->width == TILE_WIDTH))
			err = write_edge(tx, level, edge);
	}
	return err;
}

static int write_leaves(struct curb_tx *tx, void *arg)
{
	struct ledger *ledger = arg;
	int err = 0;
	if (ledger->waiting_count == 0)
		return 0;
	ledger->unsure = true;
	for (size_t i = 0; !err && i < ledger->waiting_count; i++) {
		merkle_append(&ledger->growing.tree, &ledger->waiting[i], put_hash, &ledger->growing);
		if (ledger->growing.edge[0].width == TILE_WIDTH)
			err = write_edges(ledger, tx, false);
	}
	return err ? err : write_edges(ledger, tx, true);
}

static void begin(void *arg)
{
	struct ledger *ledger = arg;
	ledger->waiting_count = ledger->mark = 0;
}

static void mark(void *arg)
{
	struct ledger *ledger = arg;
	ledger->mark = ledger->waiting_count;
}

static void undo(void *arg)
{
	struct ledger *ledger = arg;
	ledger->waiting_count = ledger->mark;
}

static void committed(void *arg)
{
	struct ledger *ledger = arg;
	if (ledger->waiting_count == 0)
		return;
	ledger->unsure = false;
	CURB_LOCKED(lock, &ledger->mutex);
	ledger->tree = ledger->growing.tree;
	if (!ledger->waits_since_ms)
		ledger->waits_since_ms = curb_tick_ms();
	(void)pthread_cond_signal(&ledger->wake);
}

struct store_tail grow_tail(struct ledger *ledger)
{
	return (struct store_tail){ begin, mark, undo, write_leaves, committed, ledger };
}
