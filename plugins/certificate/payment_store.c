/* The SQL of payments. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "payment.h"

/* ---- writing ---- */

static int add_line(struct certificate *c, struct curb_tx *tx, const struct curb_id *id, int64_t n,
                    const struct payment_line *line)
{
	static const char sql[] =
		"INSERT INTO certificate_payment_line (payment, n, cohort, person, certificate, code, name, "
		"programme, issued, issued_ms, online_s, offline_s, hour_s, days, assessed_day, before_ms, "
		"entry_count, entries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
		"$15, $16, $17, $18)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(id), curb_int(n), curb_bind_id(&line->cohort),
	                            curb_bind_id(&line->person), curb_bind_id(&line->certificate),
	                            curb_text(line->code), curb_text(line->name), curb_text(line->programme),
	                            curb_int(line->first), curb_int(line->issued_ms),
	                            curb_int(line->online_s), curb_int(line->offline_s),
	                            curb_int(line->hour_s), curb_int(line->days),
	                            curb_int(line->assessed_day), curb_int(line->before_ms),
	                            curb_int(line->entry_count), curb_text(line->entries)),
	                 NULL);
}

static int add_left(struct certificate *c, struct curb_tx *tx, const struct curb_id *id, int64_t n,
                    const struct payment_fault *left)
{
	static const char sql[] = "INSERT INTO certificate_payment_left (payment, n, name, programme, why, "
				  "person) VALUES ($1, $2, $3, $4, $5, $6)";
	return curb_exec(c->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(id), curb_int(n), curb_text(left->name),
	                            curb_text(left->programme), curb_cstring(left->text),
	                            curb_bind_id(&left->person)),
	                 NULL);
}

int payment_add(struct certificate *c, struct curb_tx *tx, const struct payment *payment,
                const struct payment_reckoned *reckoned, struct curb_str file)
{
	static const char sql[] =
		"INSERT INTO certificate_payment (id, cohort, programme, institution, place, first_day, "
		"last_day, made_by, made_ms, size, checkpoint, hash, file, entry) VALUES ($1, $2, $3, $4, "
		"$5, "
		"$6, $7, $8, $9, $10, $11, $12, $13, $14)";
	const struct payment_wanted *wanted = &payment->wanted;
	int err = curb_exec(c->host, tx, sql,
	                    CURB_BINDS(curb_bind_id(&payment->id), curb_bind_id(&wanted->cohort),
	                               curb_text(payment->programme), curb_bind_id(&wanted->institution),
	                               curb_text(payment->place), curb_int(wanted->first_day),
	                               curb_int(wanted->last_day), curb_bind_id(&payment->by),
	                               curb_int(payment->made_ms), curb_int(payment->size),
	                               curb_text(payment->checkpoint), curb_text(payment->hash),
	                               curb_blob(file), curb_int(payment->entry)),
	                    NULL);
	for (size_t i = 0; !err && i < reckoned->n; i++)
		err = add_line(c, tx, &payment->id, (int64_t)i + 1, &reckoned->lines[i]);
	for (size_t i = 0; !err && i < reckoned->left_count; i++)
		err = add_left(c, tx, &payment->id, (int64_t)i + 1, &reckoned->left[i]);
	return err;
}

/* ---- lists ---- */

#define PAYMENT                                                                                           \
	"SELECT id, cohort, programme, institution, place, first_day, last_day, made_by, made_ms, size, " \
	"checkpoint, hash, entry FROM certificate_payment "

static void read_payment(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct payment *)row = (struct payment){
		.id = curb_col_id(stmt, 0),
		.wanted = { .cohort = curb_col_id(stmt, 1),
		            .institution = curb_col_id(stmt, 3),
		            .first_day = curb_col_int(stmt, 5),
		            .last_day = curb_col_int(stmt, 6) },
		.programme = curb_dup(arena, curb_col_text(stmt, 2)),
		.place = curb_dup(arena, curb_col_text(stmt, 4)),
		.by = curb_col_id(stmt, 7),
		.made_ms = curb_col_int(stmt, 8),
		.size = curb_col_int(stmt, 9),
		.checkpoint = curb_dup(arena, curb_col_text(stmt, 10)),
		.hash = curb_dup(arena, curb_col_text(stmt, 11)),
		.entry = curb_col_int(stmt, 12),
	};
}

int payment_by_id(struct certificate *c, struct curb_tx *tx, struct curb_str id, struct payment *ret)
{
	static const char sql[] = PAYMENT "WHERE id = $1";
	struct payment *found = NULL;
	size_t n = 0;
	int err = rows_gather(c->host, tx, sql, CURB_BINDS(curb_text(id)), sizeof *found, read_payment,
	                      &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such list of payments");
	if (!err)
		*ret = found[0];
	return err;
}

int payments_of(struct certificate *c, struct curb_tx *tx, const struct payments_part *part,
                struct payment **ret, size_t *ret_n, int64_t *ret_total)
{
	static const char all[] =
		"SELECT count(*) FROM certificate_payment WHERE institution = $1 AND ($2 = '' "
		"OR cohort = $2)";
	static const char sql[] = PAYMENT
		"WHERE institution = $1 AND ($2 = '' OR cohort = $2) ORDER BY made_ms DESC, id LIMIT $3 "
		"OFFSET $4";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, all,
	                     CURB_BINDS(curb_bind_id(&part->institution), curb_bind_id(&part->cohort)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_total = curb_col_int(stmt, 0);
	*ret_n = 0;
	if (part->most <= 0 || part->skip >= *ret_total)
		return 0;
	return rows_gather(c->host, tx, sql,
	                   CURB_BINDS(curb_bind_id(&part->institution), curb_bind_id(&part->cohort),
	                              curb_int(part->most), curb_int(part->skip)),
	                   sizeof **ret, read_payment, ret, ret_n);
}

int payment_file_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                    struct curb_str *ret_file)
{
	static const char sql[] = "SELECT file FROM certificate_payment WHERE id = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(id)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "There is no such list of payments");
	*ret_file = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
	return 0;
}

/* ---- lines ---- */

#define LINE                                                                                       \
	"SELECT cohort, person, certificate, code, name, programme, issued, issued_ms, online_s, " \
	"offline_s, hour_s, days, assessed_day, before_ms, entry_count "

static void read_line(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct payment_line *)row = (struct payment_line){
		.cohort = curb_col_id(stmt, 0),
		.person = curb_col_id(stmt, 1),
		.certificate = curb_col_id(stmt, 2),
		.code = curb_dup(arena, curb_col_text(stmt, 3)),
		.name = curb_dup(arena, curb_col_text(stmt, 4)),
		.programme = curb_dup(arena, curb_col_text(stmt, 5)),
		.first = curb_col_int(stmt, 6),
		.issued_ms = curb_col_int(stmt, 7),
		.online_s = curb_col_int(stmt, 8),
		.offline_s = curb_col_int(stmt, 9),
		.hour_s = curb_col_int(stmt, 10),
		.days = curb_col_int(stmt, 11),
		.assessed_day = curb_col_int(stmt, 12),
		.before_ms = curb_col_int(stmt, 13),
		.entry_count = curb_col_int(stmt, 14),
	};
}

int payment_lines(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                  struct payment_line **ret_lines, size_t *ret_n)
{
	static const char sql[] = LINE "FROM certificate_payment_line WHERE payment = $1 ORDER BY n";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(id)), sizeof **ret_lines, read_line,
	                   ret_lines, ret_n);
}

int payment_line_of(struct certificate *c, struct curb_tx *tx, const struct curb_id *id, int64_t n,
                    struct payment_line *ret_line)
{
	static const char sql[] = LINE
		", entries FROM certificate_payment_line WHERE payment = $1 AND n = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_bind_id(id), curb_int(n)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This list has no such line");
	read_line(tx, stmt, ret_line);
	ret_line->entries = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 15));
	return 0;
}

static void read_left(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct payment_fault *)row =
		(struct payment_fault){ .name = curb_dup(arena, curb_col_text(stmt, 0)),
		                        .programme = curb_dup(arena, curb_col_text(stmt, 1)),
		                        .text = curb_cstr(arena, curb_col_text(stmt, 2)) };
}

int payment_left(struct certificate *c, struct curb_tx *tx, const struct curb_id *id,
                 struct payment_fault **ret_left, size_t *ret_n)
{
	static const char sql[] =
		"SELECT name, programme, why FROM certificate_payment_left WHERE payment = $1 ORDER BY n";
	return rows_gather(c->host, tx, sql, CURB_BINDS(curb_bind_id(id)), sizeof **ret_left, read_left,
	                   ret_left, ret_n);
}

int payment_listed(struct certificate *c, struct curb_tx *tx, int64_t first, int64_t *ret_ms)
{
	static const char sql[] = "SELECT coalesce(max(p.made_ms), 0) FROM certificate_payment_line l "
				  "JOIN certificate_payment p ON p.id = l.payment WHERE l.issued = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(c->host, tx, sql, CURB_BINDS(curb_int(first)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_ms = curb_col_int(stmt, 0);
	return 0;
}
