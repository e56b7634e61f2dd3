/* Entries read back, with the person behind each pseudonym. */
#include <stdlib.h>
#include <string.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
#include "erase.h"
#include "inside.h"

enum { PSEUDONYM = 16, FIRST = 256, ARENA_MOST = 256 << 10 };

struct known {
	unsigned char pseudonym[PSEUDONYM];
	struct curb_id person;
};

struct people {
	struct known *list;
	size_t n, room;
};

static int by_pseudonym(const void *a, const void *b)
{
	return memcmp(((const struct known *)a)->pseudonym, ((const struct known *)b)->pseudonym, PSEUDONYM);
}

static void add_person(struct people *people, struct curb_str pseudonym, struct curb_id person)
{
	if (pseudonym.len != PSEUDONYM)
		return;
	if (people->n == people->room) {
		people->room = people->room ? 2 * people->room : FIRST;
		people->list = realloc(people->list, people->room * sizeof *people->list);
		CURB_ASSERT(people->list);
	}
	struct known *known = &people->list[people->n++];
	memcpy(known->pseudonym, pseudonym.ptr, PSEUDONYM);
	known->person = person;
}

static int read_people(struct curb_tx *tx, struct people *people)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT person, pseudonym FROM ledger_person", CURB_NO_BINDS,
	                     &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		add_person(people, curb_col_blob(stmt, 1), curb_col_id(stmt, 0));
		err = 0;
	}
	if (people->n)
		qsort(people->list, people->n, sizeof *people->list, by_pseudonym);
	return err;
}

static struct curb_id person_of(const struct people *people, const struct entry_fact *fact)
{
	struct known sought = { .person = { "" } };
	const struct known *found = NULL;
	if (fact && fact->kind == ENTRY_BYTES && fact->bytes.len == PSEUDONYM && people->n) {
		memcpy(sought.pseudonym, fact->bytes.ptr, PSEUDONYM);
		found = bsearch(&sought, people->list, people->n, sizeof sought, by_pseudonym);
	}
	return found ? found->person : sought.person;
}

struct telling {
	struct curb_tx *tx;
	struct people people;
	struct curb_str *erasing; /* pseudonyms of those whose entries are as good as erased */
	size_t erasing_count;
	struct curb_arena *arena; /* of one entry */
	unsigned char hashes[TILE_WIDTH * TILE_HASH];
	size_t hash_count;
	int64_t tile; /* whose hashes these are */
	struct merkle_tree tree;
	struct checkpoint signed_last; /* size 0: nothing to compare with */
	int (*one)(void *arg, const struct curb_recorded *entry);
	void *arg;
};

/* ---- whether it is what was signed ---- */

static int read_hashes(struct telling *telling, int64_t tile)
{
	static const char sql[] = "SELECT hashes FROM ledger_tile WHERE level = 0 AND n = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	telling->tile = tile;
	telling->hash_count = 0;
	int err = curb_query(&ledger_host, telling->tx, sql, CURB_BINDS(curb_int(tile)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	struct curb_str hashes = curb_col_blob(stmt, 0);
	if (hashes.len > sizeof telling->hashes)
		return curb_fail(CURB_EUNFIT, "tile %lld of the ledger is damaged", (long long)tile);
	memcpy(telling->hashes, hashes.ptr, hashes.len);
	telling->hash_count = hashes.len / TILE_HASH;
	return 0;
}

static int not_signed(int64_t index)
{
	return curb_fail(CURB_EUNFIT, "entry %lld of the ledger is not the one that was signed",
	                 (long long)index);
}

/* The entry against its hash, and the hashes so far against the last checkpoint; `body` absent: it was erased. */
static int check(struct telling *telling, int64_t index, struct curb_str body)
{
	struct merkle_hash leaf, said, root;
	int64_t tile = index / TILE_WIDTH;
	size_t at = (size_t)(index % TILE_WIDTH);
	int err = tile == telling->tile ? 0 : read_hashes(telling, tile);
	if (err)
		return err;
	if (at >= telling->hash_count || (uint64_t)index != telling->tree.size)
		return not_signed(index);
	memcpy(said.bytes, telling->hashes + at * TILE_HASH, TILE_HASH);
	merkle_leaf(body, &leaf);
	if (body.ptr && !merkle_same(&leaf, &said))
		return not_signed(index);
	merkle_append(&telling->tree, &said, NULL, NULL);
	if (telling->tree.size != telling->signed_last.size)
		return 0;
	merkle_root(&telling->tree, &root);
	return merkle_same(&root, &telling->signed_last.root) ?
	               0 :
	               curb_fail(CURB_EUNFIT, "the entries of the ledger are not those that were signed");
}

static void read_signed(struct telling *telling)
{
	struct ledger *ledger = store_tail(telling->tx);
	struct note note;
	CURB_ASSERT(ledger);
	const struct ledger_shown shown = ledger_checkpoint(ledger, curb_tx_arena(telling->tx));
	if (ledger->held || note_read(shown.note, &note) || checkpoint_read(note.body, &telling->signed_last))
		telling->signed_last.size = 0;
}

/* ---- telling ---- */

static int tell(struct telling *telling, struct curb_stmt *stmt)
{
	struct entry_fact read[ENTRY_FACTS];
	struct curb_str body = curb_col_blob(stmt, 1);
	struct curb_recorded entry = { .index = curb_col_int(stmt, 0) };
	size_t n;
	int err = check(telling, entry.index, body);
	if (err || !body.ptr)
		return err;
	if (entry_read(body, read, &n))
		return curb_fail(CURB_EUNFIT, "entry %lld of the ledger cannot be read",
		                 (long long)entry.index);
	if (erase_is_about(read, n, telling->erasing, telling->erasing_count))
		return 0;
	curb_arena_reset(telling->arena);
	entry.person = person_of(&telling->people, entry_find(read, n, "sub"));
	entry.by = person_of(&telling->people, entry_find(read, n, "by"));
	entry.fact_count = facts_of(telling->arena, read, n, &entry.facts);
	return telling->one(telling->arg, &entry);
}

int curb_ledger_each(struct curb_tx *tx, int (*one)(void *arg, const struct curb_recorded *entry), void *arg)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct telling *telling = curb_xcalloc(1, sizeof *telling);
	*telling = (struct telling){ .tx = tx, .arena = arena, .tile = -1, .one = one, .arg = arg };
	read_signed(telling);
	int err = read_people(tx, &telling->people);
	if (!err)
		err = erase_read(tx, &telling->erasing, &telling->erasing_count);
	if (!err)
		err = curb_query(&ledger_host, tx, "SELECT n, body FROM ledger_entry ORDER BY n",
		                 CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = tell(telling, stmt);
	free(telling->people.list);
	free(telling);
	return err;
}
