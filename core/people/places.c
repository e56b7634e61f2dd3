/* Regions and institutions: a dated tree. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "roles.h"

enum { PLACES_MOST = 4096, NAME_LONGEST = 200, DEEPEST = 8 };

static struct people_place place_of(struct curb_tx *tx, struct curb_stmt *stmt)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	return (struct people_place){ .id = curb_dup(arena, curb_col_text(stmt, 0)),
		                      .name = curb_dup(arena, curb_col_text(stmt, 1)),
		                      .above = curb_dup(arena, curb_col_text(stmt, 2)),
		                      .institution = curb_col_int(stmt, 3) != 0,
		                      .until_ms = curb_col_int(stmt, 4) };
}

#define REGIONS "SELECT id, name, parent, 0, until_ms FROM core_region "
#define HOUSES "SELECT id, name, region, 1, until_ms FROM core_institution "

/* All rows of a query, at most `most`. */
static int read_places(struct curb_tx *tx, const char *sql, const struct curb_bind *binds, size_t most,
                       struct people_place **ret_places, size_t *ret_n)
{
	size_t n = 0, room = 8;
	struct people_place *places = curb_alloc_n(curb_tx_arena(tx), room, sizeof *places);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, binds, &stmt);
	while (!err && n < most && (err = curb_step(stmt)) > 0) {
		if (n == room) {
			struct people_place *more = curb_alloc_n(curb_tx_arena(tx), room * 2, sizeof *more);
			memcpy(more, places, n * sizeof *places);
			places = more;
			room *= 2;
		}
		places[n++] = place_of(tx, stmt);
		err = 0;
	}
	if (err < 0)
		return err;
	*ret_places = places;
	*ret_n = n;
	return 0;
}

int people_place(struct curb_tx *tx, struct curb_str id, struct people_place *ret_place)
{
	static const char sql[] = REGIONS "WHERE id = $1 UNION ALL " HOUSES "WHERE id = $1";
	struct people_place *places = NULL;
	size_t n = 0;
	int err = read_places(tx, sql, CURB_BINDS(curb_text(id)), 1, &places, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such region or institution");
	if (!err)
		*ret_place = places[0];
	return err;
}

int people_place_named(struct curb_tx *tx, struct curb_str text, struct people_place *ret_place)
{
	static const char sql[] = REGIONS "WHERE name = $1 UNION ALL " HOUSES "WHERE name = $1";
	struct people_place *places = NULL;
	size_t n = 0;
	int err = people_place(tx, text, ret_place);
	if (err != CURB_ENOTFOUND)
		return err;
	err = read_places(tx, sql, CURB_BINDS(curb_text(text)), 2, &places, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND,
		                 "There is no region or institution of this code or name; look it up under "
		                 "Institutions and regions");
	if (!err && n > 1)
		return curb_fail(CURB_EUNFIT,
		                 "Several places have this name; type the code of the one you mean");
	if (!err)
		*ret_place = places[0];
	return err;
}

/* ---- for plugins ---- */

static struct curb_place shown(const struct people_place *place)
{
	return (struct curb_place){ place->id, place->name, place->institution };
}

int curb_place_find(struct curb_tx *tx, struct curb_str id_or_name, struct curb_place *ret_place)
{
	struct people_place place;
	int err = people_place_named(tx, id_or_name, &place);
	if (!err)
		*ret_place = shown(&place);
	return err;
}

int curb_places_around(struct curb_tx *tx, struct curb_str id, struct curb_place **ret_places, size_t *ret_n)
{
	struct curb_place *around = curb_alloc_n(curb_tx_arena(tx), DEEPEST + 1, sizeof *around);
	size_t n = 0;
	for (struct curb_str next = id; n <= DEEPEST && (n == 0 || next.len);) {
		struct people_place place;
		int err = people_place(tx, next, &place);
		if (err)
			return err;
		around[n++] = shown(&place);
		next = place.above;
	}
	*ret_places = around;
	*ret_n = n;
	return 0;
}

/* Regions before institutions, then as Chinese readers sort names. */
struct sorted {
	struct people_place place;
	struct curb_str key;
};

static int by_name(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	if (x->place.institution != y->place.institution)
		return x->place.institution - y->place.institution;
	size_t least = x->key.len < y->key.len ? x->key.len : y->key.len;
	int order = least ? memcmp(x->key.ptr, y->key.ptr, least) : 0;
	if (!order)
		order = (x->key.len > y->key.len) - (x->key.len < y->key.len);
	return order ? order : strcmp(x->place.id.ptr, y->place.id.ptr);
}

int people_places_below(struct curb_tx *tx, struct curb_str region, struct people_place **ret_places,
                        size_t *ret_n)
{
	static const char top[] = REGIONS "WHERE parent IS NULL";
	static const char below[] = REGIONS "WHERE parent = $1 UNION ALL " HOUSES "WHERE region = $1";
	struct people_place *places = NULL;
	size_t n = 0;
	int err = region.len ?
	                  read_places(tx, below, CURB_BINDS(curb_text(region)), PLACES_MOST, &places, &n) :
	                  read_places(tx, top, CURB_NO_BINDS, PLACES_MOST, &places, &n);
	if (err)
		return err;
	struct sorted *rows = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct sorted){ places[i], curb_sort_key(tx, places[i].name) };
	qsort(rows, n, sizeof *rows, by_name);
	for (size_t i = 0; i < n; i++)
		places[i] = rows[i].place;
	*ret_places = places;
	*ret_n = n;
	return 0;
}

/* ---- all that somebody reaches ---- */

struct walk {
	struct people_branch *branches;
	size_t n, most;
};

static int add_below(struct curb_tx *tx, struct walk *walk, struct curb_str region, int depth);

static int add_branch(struct curb_tx *tx, struct walk *walk, const struct people_place *place, int depth)
{
	if (walk->n > walk->most)
		return 0;
	walk->branches[walk->n++] = (struct people_branch){ *place, depth };
	return place->institution || depth >= DEEPEST ? 0 : add_below(tx, walk, place->id, depth + 1);
}

static int add_below(struct curb_tx *tx, struct walk *walk, struct curb_str region, int depth)
{
	struct people_place *places = NULL;
	size_t n = 0;
	int err = people_places_below(tx, region, &places, &n);
	for (size_t i = 0; !err && i < n && walk->n <= walk->most; i++)
		err = add_branch(tx, walk, &places[i], depth);
	return err;
}

int people_places_held(struct curb_tx *tx, const struct people_actor *actor, struct people_place **ret_places,
                       size_t *ret_n)
{
	struct people_grant_row *grants = NULL;
	size_t n = 0, held = 0;
	int err = people_grants(tx, &actor->person, &grants, &n);
	struct people_place *places = curb_alloc_n(curb_tx_arena(tx), n + 1, sizeof *places);
	for (size_t i = 0; !err && i < n; i++) {
		const struct people_grant_row *grant = &grants[i];
		bool ended = grant->until_ms && grant->until_ms <= actor->now_ms;
		if (!(grant->role & actor->roles) || ended || grant->from_ms > actor->now_ms)
			continue;
		err = people_place(tx, grant->place, &places[held++]);
	}
	if (err)
		return err;
	*ret_places = places;
	*ret_n = held;
	return 0;
}

int people_places_reached(struct curb_tx *tx, const struct people_actor *actor, size_t most,
                          struct people_branch **ret_branches, size_t *ret_n)
{
	struct people_place *held = NULL;
	size_t n = 0;
	struct walk walk = { .most = most };
	walk.branches = curb_alloc_n(curb_tx_arena(tx), most + 1, sizeof *walk.branches);
	bool everything = false;
	int err = people_reaches(tx, actor, curb_str(""), &everything);
	if (!err && everything)
		err = add_below(tx, &walk, curb_str(""), 0);
	else if (!err)
		err = people_places_held(tx, actor, &held, &n);
	for (size_t i = 0; !err && i < n; i++)
		err = add_branch(tx, &walk, &held[i], 0);
	if (err)
		return err;
	*ret_branches = walk.branches;
	*ret_n = walk.n;
	return 0;
}

/* ---- changing ---- */

int people_old_names(struct curb_tx *tx, struct curb_str place, struct people_old_name **ret_names,
                     size_t *ret_n)
{
	enum { MOST = 50 };
	static const char sql[] = "SELECT name, until_ms FROM core_old_name WHERE place = $1 "
				  "ORDER BY until_ms DESC, id DESC LIMIT $2";
	struct people_old_name *names = curb_alloc_n(curb_tx_arena(tx), MOST, sizeof *names);
	size_t n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&curb_core_host, tx, sql, CURB_BINDS(curb_text(place), curb_int(MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		names[n++] = (struct people_old_name){ curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0)),
			                               curb_col_int(stmt, 1) };
		err = 0;
	}
	if (err)
		return err;
	*ret_names = names;
	*ret_n = n;
	return 0;
}

int people_place_rename(struct curb_tx *tx, struct curb_str id, struct curb_str name, int64_t from_ms)
{
	static const char keep[] =
		"INSERT INTO core_old_name (id, place, name, until_ms) VALUES ($1, $2, $3, $4)";
	static const char region[] = "UPDATE core_region SET name = $2 WHERE id = $1";
	static const char house[] = "UPDATE core_institution SET name = $2 WHERE id = $1";
	struct people_place place;
	struct curb_id row = curb_id_new(from_ms);
	int err = people_place(tx, id, &place);
	if (err)
		return err;
	if (name.len == 0 || name.len > NAME_LONGEST || !curb_utf8_valid(name))
		return curb_fail(CURB_EUNFIT, "Type a name of at most %d bytes", NAME_LONGEST);
	err = curb_exec(
		&curb_core_host, tx, keep,
		CURB_BINDS(curb_bind_id(&row), curb_text(id), curb_text(place.name), curb_int(from_ms)),
		NULL);
	return err ? err :
	             curb_exec(&curb_core_host, tx, place.institution ? house : region,
	                       CURB_BINDS(curb_text(id), curb_text(name)), NULL);
}

int people_place_close(struct curb_tx *tx, struct curb_str id, int64_t until_ms)
{
	static const char region[] = "UPDATE core_region SET until_ms = $2 WHERE id = $1";
	static const char house[] = "UPDATE core_institution SET until_ms = $2 WHERE id = $1";
	struct people_place place;
	int err = people_place(tx, id, &place);
	return err ? err :
	             curb_exec(&curb_core_host, tx, place.institution ? house : region,
	                       CURB_BINDS(curb_text(id), until_ms ? curb_int(until_ms) : curb_null()), NULL);
}
