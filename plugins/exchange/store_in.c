/* The SQL of what came in. */
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "exchange.h"
#include "rows.h"

#define ARRIVED                                                                               \
	"SELECT i.id, i.server, s.name, s.region, i.sequence, i.made_ms, i.records, i.news, " \
	"i.applied_ms, i.applied_by, i.entry FROM exchange_in i JOIN exchange_server s "      \
	"ON s.id = i.server "

static void read_arrived(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct arrived *)row = (struct arrived){
		.id = curb_col_id(stmt, 0),
		.server = curb_col_id(stmt, 1),
		.server_name = curb_dup(arena, curb_col_text(stmt, 2)),
		.region = curb_dup(arena, curb_col_text(stmt, 3)),
		.sequence = curb_col_int(stmt, 4),
		.made_ms = curb_col_int(stmt, 5),
		.records = curb_col_int(stmt, 6),
		.news = curb_col_int(stmt, 7),
		.applied_ms = curb_col_int(stmt, 8),
		.by = curb_col_id(stmt, 9),
		.entry = curb_col_int(stmt, 10),
	};
}

int arrived_count(struct exchange *x, struct curb_tx *tx, struct curb_str regions, int64_t *ret_total)
{
	return rows_number(x->host, tx,
	                   "SELECT count(*) FROM exchange_in i JOIN exchange_server s ON s.id = i.server "
	                   "WHERE instr($1, '[' || s.region || ']') > 0",
	                   CURB_BINDS(curb_text(regions)), 0, ret_total);
}

int arrived_at(struct exchange *x, struct curb_tx *tx, struct curb_str regions, int64_t skip, int64_t most,
               struct arrived **ret, size_t *ret_n)
{
	static const char sql[] = ARRIVED "WHERE instr($1, '[' || s.region || ']') > 0 "
					  "ORDER BY i.entry DESC LIMIT $2 OFFSET $3";
	return rows_gather(x->host, tx, sql, CURB_BINDS(curb_text(regions), curb_int(most), curb_int(skip)),
	                   sizeof **ret, read_arrived, ret, ret_n);
}

static int one_arrived(struct exchange *x, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                       struct arrived *ret)
{
	struct arrived *found = NULL;
	size_t n = 0;
	int err = rows_gather(x->host, tx, sql, binds, sizeof *found, read_arrived, &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "No such bundle came in");
	if (!err)
		*ret = found[0];
	return err;
}

int arrived_by_id(struct exchange *x, struct curb_tx *tx, struct curb_str id, struct arrived *ret)
{
	return one_arrived(x, tx, ARRIVED "WHERE i.id = $1", CURB_BINDS(curb_text(id)), ret);
}

int arrived_by_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server,
                        int64_t sequence, struct arrived *ret)
{
	return one_arrived(x, tx, ARRIVED "WHERE i.server = $1 AND i.sequence = $2",
	                   CURB_BINDS(curb_bind_id(server), curb_int(sequence)), ret);
}

int arrived_last_sequence(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t *ret)
{
	return rows_number(x->host, tx,
	                   "SELECT coalesce(max(sequence), 0) FROM exchange_in WHERE server = $1",
	                   CURB_BINDS(curb_bind_id(server)), 0, ret);
}

int arrived_add(struct exchange *x, struct curb_tx *tx, const struct arrived *arrived)
{
	static const char sql[] =
		"INSERT INTO exchange_in (id, server, sequence, made_ms, records, news, applied_ms, "
		"applied_by, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
	return curb_exec(x->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&arrived->id), curb_bind_id(&arrived->server),
	                            curb_int(arrived->sequence), curb_int(arrived->made_ms),
	                            curb_int(arrived->records), curb_int(arrived->news),
	                            curb_int(arrived->applied_ms), curb_bind_id(&arrived->by),
	                            curb_int(arrived->entry)),
	                 NULL);
}

int arrived_gaps(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, size_t most,
                 int64_t *ret_gaps, size_t *ret_n)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int64_t next = 1;
	size_t n = 0;
	int err = curb_query(x->host, tx,
	                     "SELECT sequence FROM exchange_in WHERE server = $1 ORDER BY sequence",
	                     CURB_BINDS(curb_bind_id(server)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		for (; n < most && next < curb_col_int(stmt, 0); next++)
			ret_gaps[n++] = next;
		next = curb_col_int(stmt, 0) + 1;
		err = 0;
	}
	if (!err)
		*ret_n = n;
	return err;
}

/* ---- records ---- */

/* The row of a record, and the number of the bundle that it is of; 0: there is none. */
static int find_kept(struct exchange *x, struct curb_tx *tx, const struct curb_id *server,
                     const struct record *record, struct curb_id *ret_id, int64_t *ret_sequence)
{
	static const char sql[] =
		"SELECT id, sequence FROM exchange_record WHERE server = $1 AND class = $2 AND person = $3";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(
		x->host, tx, sql,
		CURB_BINDS(curb_bind_id(server), curb_bind_id(&record->class_id), curb_text(record->person)),
		&stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_sequence = err ? curb_col_int(stmt, 1) : 0;
	*ret_id = err ? curb_col_id(stmt, 0) : curb_id_new(curb_wall_ms());
	return 0;
}

static int seal_number(struct curb_tx *tx, const struct curb_id *id, struct curb_str number,
                       struct curb_str *ret_sealed, struct curb_str *ret_mark)
{
	*ret_sealed = *ret_mark = curb_str(NULL);
	if (number.len == 0)
		return 0;
	*ret_mark = curb_blind_index(tx, "exchange_record", "number", number);
	return curb_seal(tx, "exchange_record", "number", id, number, ret_sealed);
}

int kept_put(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t sequence,
             const struct record *record, struct curb_str number, bool *ret_new)
{
	static const char sql[] =
		"INSERT INTO exchange_record (id, server, class, person, sequence, programme, "
		"institution, shown, starts_ms, ends_ms, hour_s, total_s, online_s, offline_s, counted_s, "
		"left_ms, theory, practice, code, issued_ms, their_entry, number, number_mark) VALUES ($1, "
		"$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
		"$22, $23)";
	struct curb_id id;
	struct curb_str sealed, mark;
	int64_t before = 0;
	int err = find_kept(x, tx, server, record, &id, &before);
	*ret_new = before < sequence;
	if (err || !*ret_new)
		return err;
	err = seal_number(tx, &id, number, &sealed, &mark);
	if (!err)
		err = curb_exec(x->host, tx, "DELETE FROM exchange_record WHERE id = $1",
		                CURB_BINDS(curb_bind_id(&id)), NULL);
	return err ? err :
	             curb_exec(x->host, tx, sql,
	                       CURB_BINDS(curb_bind_id(&id), curb_bind_id(server),
	                                  curb_bind_id(&record->class_id), curb_text(record->person),
	                                  curb_int(sequence), curb_text(record->programme),
	                                  curb_text(record->institution), curb_text(record->name),
	                                  curb_int(record->starts_ms), curb_int(record->ends_ms),
	                                  curb_int(record->hour_s), curb_int(record->total_s),
	                                  curb_int(record->online_s), curb_int(record->offline_s),
	                                  curb_int(record->counted_s), curb_int(record->left_ms),
	                                  curb_int(record->theory), curb_int(record->practice),
	                                  curb_text(record->code), curb_int(record->issued_ms),
	                                  curb_int(record->entry), curb_blob(sealed), curb_text(mark)),
	                       NULL);
}

int kept_forget(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t most,
                int64_t *ret_n)
{
	static const char sql[] =
		"UPDATE exchange_record SET programme = '', institution = '', shown = '', starts_ms = 0, "
		"ends_ms = 0, hour_s = 0, total_s = 0, online_s = 0, offline_s = 0, counted_s = 0, "
		"left_ms = 0, theory = 0, practice = 0, code = '', issued_ms = 0, their_entry = 0, "
		"number = NULL, number_mark = NULL WHERE id IN (SELECT id FROM exchange_record "
		"WHERE server = $1 AND shown <> '' LIMIT $2)";
	return curb_exec(x->host, tx, sql, CURB_BINDS(curb_bind_id(server), curb_int(most)), ret_n);
}

static void read_kept(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct kept *)row = (struct kept){
		.id = curb_col_id(stmt, 0),
		.sequence = curb_col_int(stmt, 3),
		.mark = curb_dup(arena, curb_col_text(stmt, 20)),
		.record = { .class_id = curb_col_id(stmt, 1),
		            .person = curb_dup(arena, curb_col_text(stmt, 2)),
		            .programme = curb_dup(arena, curb_col_text(stmt, 4)),
		            .institution = curb_dup(arena, curb_col_text(stmt, 5)),
		            .name = curb_dup(arena, curb_col_text(stmt, 6)),
		            .starts_ms = curb_col_int(stmt, 7),
		            .ends_ms = curb_col_int(stmt, 8),
		            .hour_s = curb_col_int(stmt, 9),
		            .total_s = curb_col_int(stmt, 10),
		            .online_s = curb_col_int(stmt, 11),
		            .offline_s = curb_col_int(stmt, 12),
		            .counted_s = curb_col_int(stmt, 13),
		            .left_ms = curb_col_int(stmt, 14),
		            .theory = curb_col_int(stmt, 15),
		            .practice = curb_col_int(stmt, 16),
		            .code = curb_dup(arena, curb_col_text(stmt, 17)),
		            .issued_ms = curb_col_int(stmt, 18),
		            .entry = curb_col_int(stmt, 19) },
	};
}

int kept_of(struct exchange *x, struct curb_tx *tx, const struct curb_id *server, int64_t skip, int64_t most,
            struct kept **ret, size_t *ret_n, int64_t *ret_total)
{
	static const char sql[] =
		"SELECT id, class, person, sequence, programme, institution, shown, starts_ms, ends_ms, "
		"hour_s, total_s, online_s, offline_s, counted_s, left_ms, theory, practice, code, "
		"issued_ms, "
		"their_entry, number_mark FROM exchange_record WHERE server = $1 AND shown <> '' "
		"ORDER BY programme, class, shown, person LIMIT $2 OFFSET $3";
	int err = rows_number(x->host, tx,
	                      "SELECT count(*) FROM exchange_record WHERE server = $1 AND shown <> ''",
	                      CURB_BINDS(curb_bind_id(server)), 0, ret_total);
	return err ? err :
	             rows_gather(x->host, tx, sql,
	                         CURB_BINDS(curb_bind_id(server), curb_int(most), curb_int(skip)),
	                         sizeof **ret, read_kept, ret, ret_n);
}
