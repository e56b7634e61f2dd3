/* The SQL of maps and comparisons. */
#include "curb/clock.h"
#include "curb/err.h"
#include "lists.h"
#include "rows.h"

/* ---- maps ---- */

#define MAP "SELECT id, place, name, columns FROM exchange_map "

static void read_map(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct map *map = row;
	*map = (struct map){ .id = curb_col_id(stmt, 0),
		             .place = curb_dup(arena, curb_col_text(stmt, 1)),
		             .name = curb_dup(arena, curb_col_text(stmt, 2)),
		             .text = curb_dup(arena, curb_col_text(stmt, 3)) };
	(void)columns_read(arena, map->text, &map->columns, &map->n);
}

static void read_place(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	*(struct curb_str *)row = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 0));
}

int map_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n)
{
	return rows_gather(x->host, tx, "SELECT DISTINCT place FROM exchange_map", CURB_NO_BINDS,
	                   sizeof **ret, read_place, ret, ret_n);
}

int maps_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, struct map **ret, size_t *ret_n)
{
	return rows_gather(x->host, tx, MAP "WHERE instr($1, '[' || place || ']') > 0 ORDER BY name, id",
	                   CURB_BINDS(curb_text(places)), sizeof **ret, read_map, ret, ret_n);
}

int map_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct map *ret)
{
	struct map *found = NULL;
	size_t n = 0;
	int err = rows_gather(x->host, tx, MAP "WHERE id = $1", CURB_BINDS(curb_text(id)), sizeof *found,
	                      read_map, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such map");
	if (!err)
		*ret = found[0];
	return err;
}

int map_add(struct exchange *x, struct curb_tx *tx, const struct map *map, const struct curb_id *by,
            int64_t now_ms)
{
	static const char sql[] = "INSERT INTO exchange_map (id, place, name, columns, made_ms, made_by) "
				  "VALUES ($1, $2, $3, $4, $5, $6)";
	return curb_exec(x->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&map->id), curb_text(map->place), curb_text(map->name),
	                            curb_text(map->text), curb_int(now_ms), curb_bind_id(by)),
	                 NULL);
}

int map_set(struct exchange *x, struct curb_tx *tx, const struct map *map, struct curb_str text)
{
	int64_t changed = 0;
	int err = curb_exec(
		x->host, tx, "UPDATE exchange_map SET columns = $2 WHERE id = $1 AND columns = $3",
		CURB_BINDS(curb_bind_id(&map->id), curb_text(text), curb_text(map->text)), &changed);
	return err || changed ?
	               err :
	               curb_fail(CURB_ECONFLICT, "Somebody else has just changed this map; look at it again");
}

int map_remove(struct exchange *x, struct curb_tx *tx, const struct curb_id *id)
{
	return curb_exec(x->host, tx, "DELETE FROM exchange_map WHERE id = $1", CURB_BINDS(curb_bind_id(id)),
	                 NULL);
}

/* ---- comparisons ---- */

#define COMPARISON                                                                               \
	"SELECT id, made_by, place, scope, list, made_ms, listed, records, findings, part FROM " \
	"exchange_comparison WHERE done = 1 "

static void read_comparison(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct comparison *)row = (struct comparison){
		.id = curb_col_id(stmt, 0),
		.by = curb_col_id(stmt, 1),
		.place = curb_dup(arena, curb_col_text(stmt, 2)),
		.scope = curb_dup(arena, curb_col_text(stmt, 3)),
		.list = curb_dup(arena, curb_col_text(stmt, 4)),
		.made_ms = curb_col_int(stmt, 5),
		.listed = curb_col_int(stmt, 6),
		.records = curb_col_int(stmt, 7),
		.findings = curb_col_int(stmt, 8),
		.part = curb_col_int(stmt, 9) != 0,
	};
}

int comparison_places(struct exchange *x, struct curb_tx *tx, struct curb_str **ret, size_t *ret_n)
{
	return rows_gather(x->host, tx, "SELECT DISTINCT place FROM exchange_comparison", CURB_NO_BINDS,
	                   sizeof **ret, read_place, ret, ret_n);
}

int comparisons_at(struct exchange *x, struct curb_tx *tx, struct curb_str places, int64_t skip, int64_t most,
                   struct comparison **ret, size_t *ret_n, int64_t *ret_total)
{
	static const char count[] = "SELECT count(*) FROM exchange_comparison WHERE done = 1 AND instr($1, "
				    "'[' || place || ']') > 0";
	static const char sql[] = COMPARISON "AND instr($1, '[' || place || ']') > 0 "
					     "ORDER BY made_ms DESC, id DESC LIMIT $2 OFFSET $3";
	int err = rows_number(x->host, tx, count, CURB_BINDS(curb_text(places)), 0, ret_total);
	return err ? err :
	             rows_gather(x->host, tx, sql,
	                         CURB_BINDS(curb_text(places), curb_int(most), curb_int(skip)), sizeof **ret,
	                         read_comparison, ret, ret_n);
}

int comparison_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct comparison *ret)
{
	struct comparison *found = NULL;
	size_t n = 0;
	int err = rows_gather(x->host, tx, COMPARISON "AND id = $1", CURB_BINDS(curb_text(id)), sizeof *found,
	                      read_comparison, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such comparison");
	if (!err)
		*ret = found[0];
	return err;
}

int comparison_begin(struct exchange *x, struct curb_tx *tx, const struct comparison *c)
{
	static const char rests[] = "DELETE FROM exchange_difference WHERE comparison IN (SELECT id FROM "
				    "exchange_comparison WHERE done = 0 AND made_by = $1)";
	static const char begun[] = "DELETE FROM exchange_comparison WHERE done = 0 AND made_by = $1";
	static const char sql[] =
		"INSERT INTO exchange_comparison (id, place, scope, list, made_ms, made_by, listed, records, "
		"findings, part) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
	int err = curb_exec(x->host, tx, rests, CURB_BINDS(curb_bind_id(&c->by)), NULL);
	if (!err)
		err = curb_exec(x->host, tx, begun, CURB_BINDS(curb_bind_id(&c->by)), NULL);
	return err ? err :
	             curb_exec(x->host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&c->id), curb_text(c->place), curb_text(c->scope),
	                                  curb_text(c->list), curb_int(c->made_ms), curb_bind_id(&c->by),
	                                  curb_int(c->listed), curb_int(c->records), curb_int(c->findings),
	                                  curb_int(c->part)),
	                       NULL);
}

int comparison_end(struct exchange *x, struct curb_tx *tx, const struct curb_id *id)
{
	int64_t changed = 0;
	int err = curb_exec(x->host, tx, "UPDATE exchange_comparison SET done = 1 WHERE id = $1",
	                    CURB_BINDS(curb_bind_id(id)), &changed);
	return err || changed ?
	               err :
	               curb_fail(CURB_ECONFLICT,
	                         "You compare another list at the same time; compare this one again");
}

int comparison_remove(struct exchange *x, struct curb_tx *tx, const struct curb_id *id)
{
	int err = curb_exec(x->host, tx, "DELETE FROM exchange_difference WHERE comparison = $1",
	                    CURB_BINDS(curb_bind_id(id)), NULL);
	return err ? err :
	             curb_exec(x->host, tx, "DELETE FROM exchange_comparison WHERE id = $1",
	                       CURB_BINDS(curb_bind_id(id)), NULL);
}

/* ---- what was found ---- */

int difference_add(struct exchange *x, struct curb_tx *tx, const struct curb_id *comparison, int64_t n,
                   const struct difference *difference, struct curb_str said)
{
	static const char sql[] =
		"INSERT INTO exchange_difference (id, comparison, n, code, listed, person, mark, sealed) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
	const struct curb_id id = curb_id_new(curb_wall_ms());
	struct curb_str sealed;
	int err = curb_seal(tx, "exchange_difference", "sealed", &id, said, &sealed);
	return err ? err :
	             curb_exec(x->host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&id), curb_bind_id(comparison), curb_int(n),
	                                  curb_cstring(difference_words[difference->kind].code),
	                                  curb_int(difference->row), curb_text(difference->person),
	                                  curb_text(difference->mark), curb_blob(sealed)),
	                       NULL);
}

static void read_difference(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct kept_difference *)row = (struct kept_difference){
		.id = curb_col_id(stmt, 0),
		.code = curb_dup(arena, curb_col_text(stmt, 1)),
		.row = curb_col_int(stmt, 2),
		.sealed = curb_dup(arena, curb_col_blob(stmt, 3)),
	};
}

int differences_of(struct exchange *x, struct curb_tx *tx, const struct curb_id *comparison, int64_t skip,
                   int64_t most, struct kept_difference **ret, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] =
		"SELECT id, code, listed, sealed FROM exchange_difference WHERE comparison = "
		"$1 ORDER BY n LIMIT $2 OFFSET $3";
	int err = rows_number(x->host, tx, "SELECT count(*) FROM exchange_difference WHERE comparison = $1",
	                      CURB_BINDS(curb_bind_id(comparison)), 0, ret_total);
	return err ? err :
	             rows_gather(x->host, tx, sql,
	                         CURB_BINDS(curb_bind_id(comparison), curb_int(most), curb_int(skip)),
	                         sizeof **ret, read_difference, ret, ret_n);
}

int differences_forget(struct exchange *x, struct curb_tx *tx, struct curb_str person, struct curb_str mark)
{
	return curb_exec(x->host, tx, "DELETE FROM exchange_difference WHERE person = $1 OR mark = $2",
	                 CURB_BINDS(curb_text(person), curb_text(mark)), NULL);
}
