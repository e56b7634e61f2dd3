#include "placed.h"

#include <stdlib.h>

#include "curb/arena.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "places.h"

enum { FIRST = 1024, ROOM = 16 << 20, MINUTE_MS = 60000 };

struct numbers {
	int64_t *list;
	size_t n, room;
};

struct filling {
	struct credit *c;
	struct curb_tx *tx;
	struct curb_arena *arena; /* of one play */
	struct numbers known;     /* places that plays have, sorted */
};

static void add_number(struct numbers *numbers, int64_t number)
{
	if (numbers->n == numbers->room) {
		numbers->room = numbers->room ? 2 * numbers->room : FIRST;
		numbers->list = realloc(numbers->list, numbers->room * sizeof *numbers->list);
		CURB_ASSERT(numbers->list);
	}
	numbers->list[numbers->n++] = number;
}

static int by_number(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

static int unreadable(void)
{
	return curb_fail(CURB_EINTERNAL, "a stored list of places in the ledger cannot be read");
}

static int read_known(struct filling *filling)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(filling->c->host, filling->tx,
	                     "SELECT places FROM credit_play WHERE places IS NOT NULL", CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		int64_t *places = NULL;
		size_t n = 0;
		if (!places_read(filling->arena, curb_col_blob(stmt, 0), &places, &n))
			return unreadable();
		for (size_t i = 0; i < n; i++)
			add_number(&filling->known, places[i]);
		curb_arena_reset(filling->arena);
		err = 0;
	}
	if (filling->known.n)
		qsort(filling->known.list, filling->known.n, sizeof *filling->known.list, by_number);
	return err;
}

/* The packed list with one more, wherever it belongs. */
static struct curb_str with_place(struct curb_arena *arena, struct curb_str packed, int64_t place)
{
	struct curb_str all = curb_str("");
	int64_t *places = NULL;
	size_t n = 0;
	bool put = false;
	if (!places_read(arena, packed, &places, &n))
		return curb_str(NULL);
	for (size_t i = 0; i < n; i++) {
		if (!put && place < places[i]) {
			all = places_add(arena, all, place);
			put = true;
		}
		all = places_add(arena, all, places[i]);
	}
	return put ? all : places_add(arena, all, place);
}

static int give(struct filling *filling, const struct curb_recorded *entry, struct curb_str cohort,
                struct curb_str unit, int64_t at_ms)
{
	static const char sql[] = "SELECT id, coalesce(places, '') FROM credit_play WHERE person = $1 AND "
				  "cohort = $2 AND unit = "
				  "$3 AND opened_ms < $4 ORDER BY opened_ms DESC LIMIT 1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(filling->c->host, filling->tx, sql,
	                     CURB_BINDS(curb_bind_id(&entry->person), curb_text(cohort), curb_text(unit),
	                                curb_int(at_ms + MINUTE_MS)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	const struct curb_id play = curb_col_id(stmt, 0);
	struct curb_str packed = with_place(filling->arena, curb_col_blob(stmt, 1), entry->index);
	if (!packed.ptr)
		return unreadable();
	err = curb_exec(filling->c->host, filling->tx, "UPDATE credit_play SET places = $2 WHERE id = $1",
	                CURB_BINDS(curb_bind_id(&play), curb_blob(packed)), NULL);
	curb_arena_reset(filling->arena);
	return err;
}

static int look(void *arg, const struct curb_recorded *entry)
{
	struct filling *filling = arg;
	const struct curb_fact *kind = curb_fact_find(entry->facts, entry->fact_count, "kind");
	const struct curb_fact *cohort = curb_fact_find(entry->facts, entry->fact_count, "cohort");
	const struct curb_fact *unit = curb_fact_find(entry->facts, entry->fact_count, "unit");
	const struct curb_fact *at = curb_fact_find(entry->facts, entry->fact_count, "at");
	if (!kind || !curb_str_is(kind->text, "online") || !cohort || !unit || !at)
		return 0;
	if (filling->known.n && bsearch(&entry->index, filling->known.list, filling->known.n,
	                                sizeof *filling->known.list, by_number))
		return 0;
	return give(filling, entry, cohort->text, unit->text, at->number);
}

int placed_fill(struct curb_tx *tx, void *arg)
{
	struct credit *c = arg;
	int64_t due = 0;
	int err = credit_one_number(c, tx, "SELECT count(*) FROM credit_once WHERE what = 'places'",
	                            CURB_NO_BINDS, &due);
	if (err || !due)
		return err;
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(ROOM);
	struct filling filling = { .c = c, .tx = tx, .arena = arena };
	err = read_known(&filling);
	if (!err)
		err = curb_ledger_each(tx, look, &filling);
	free(filling.known.list);
	return err ? err :
	             curb_exec(c->host, tx, "DELETE FROM credit_once WHERE what = 'places'", CURB_NO_BINDS,
	                       NULL);
}
