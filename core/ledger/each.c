/* Entries read back, with the person behind each pseudonym. */
#include <stdlib.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
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
	struct people people;
	struct curb_arena *arena; /* of one entry */
	int (*one)(void *arg, const struct curb_recorded *entry);
	void *arg;
};

static int tell(const struct telling *telling, struct curb_stmt *stmt)
{
	struct entry_fact read[ENTRY_FACTS];
	struct curb_str body = curb_col_blob(stmt, 1);
	struct curb_recorded entry = { .index = curb_col_int(stmt, 0) };
	size_t n;
	if (entry_read(body, read, &n))
		return curb_fail(CURB_EUNFIT, "entry %lld of the ledger cannot be read",
		                 (long long)entry.index);
	curb_arena_reset(telling->arena);
	entry.person = person_of(&telling->people, entry_find(read, n, "sub"));
	entry.fact_count = facts_of(telling->arena, read, n, &entry.facts);
	return telling->one(telling->arg, &entry);
}

int curb_ledger_each(struct curb_tx *tx, int (*one)(void *arg, const struct curb_recorded *entry), void *arg)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ARENA_MOST);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	struct telling telling = { .arena = arena, .one = one, .arg = arg };
	int err = read_people(tx, &telling.people);
	if (!err)
		err = curb_query(&ledger_host, tx,
		                 "SELECT n, body FROM ledger_entry WHERE body IS NOT NULL ORDER BY n",
		                 CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = tell(&telling, stmt);
	free(telling.people.list);
	return err;
}
