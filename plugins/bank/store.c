/* The SQL of accounts. */
#include "bank.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "rows.h"

static const char *const kind_words[LINE_KINDS] = {
	[LINE_DEPOSIT] = "deposit",
	[LINE_DEPOSIT_RETURN] = "deposit_return",
	[LINE_TRANSFER] = "transfer",
	[LINE_TRANSFER_RETURN] = "transfer_return",
};

static enum line_kind kind_of(struct curb_str word)
{
	enum line_kind kind = 0;
	while (kind < LINE_KINDS - 1 && !curb_str_is(word, kind_words[kind]))
		kind++;
	return kind;
}

#define LINE                                                                                       \
	"SELECT d.id, d.holder, d.cohort, d.institution, d.certificate, d.programme, d.hours_c, "  \
	"d.credits_t, d.rule, d.title, d.number, l.id, l.kind, l.credits_c, l.corrects, l.at_ms, " \
	"l.entry, t.id, t.recogniser, t.programme, t.document FROM bank_line l "                   \
	"JOIN bank_deposit d ON d.id = l.deposit LEFT JOIN bank_transfer t ON t.id = l.transfer "

static void read_line(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct line *)row = (struct line){
		.deposit = { .id = curb_col_id(stmt, 0),
		             .person = curb_col_id(stmt, 1),
		             .cohort = curb_col_id(stmt, 2),
		             .institution = curb_col_id(stmt, 3),
		             .certificate = curb_col_id(stmt, 4),
		             .programme = curb_dup(arena, curb_col_text(stmt, 5)),
		             .hours_c = curb_col_int(stmt, 6),
		             .credits_t = curb_col_int(stmt, 7),
		             .rule = curb_col_id(stmt, 8),
		             .title = curb_dup(arena, curb_col_text(stmt, 9)),
		             .number = curb_dup(arena, curb_col_text(stmt, 10)) },
		.id = curb_col_id(stmt, 11),
		.kind = kind_of(curb_col_text(stmt, 12)),
		.credits_c = curb_col_int(stmt, 13),
		.corrects = curb_col_id(stmt, 14),
		.at_ms = curb_col_int(stmt, 15),
		.entry = curb_col_int(stmt, 16),
		.transfer = curb_col_id(stmt, 17),
		.recogniser = curb_col_id(stmt, 18),
		.programme = curb_dup(arena, curb_col_text(stmt, 19)),
		.document = curb_dup(arena, curb_col_text(stmt, 20)),
	};
}

static int gather(struct bank *b, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                  struct line **ret_lines, size_t *ret_n)
{
	return rows_gather(b->host, tx, sql, binds, sizeof **ret_lines, read_line, ret_lines, ret_n);
}

int lines_of_person(struct bank *b, struct curb_tx *tx, const struct curb_id *person, struct line **ret_lines,
                    size_t *ret_n)
{
	static const char sql[] = LINE "WHERE d.holder = $1 ORDER BY l.entry";
	return gather(b, tx, sql, CURB_BINDS(curb_bind_id(person)), ret_lines, ret_n);
}

int lines_of_class(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                   const struct curb_id *person, struct line **ret_lines, size_t *ret_n)
{
	static const char all[] = LINE "WHERE d.cohort = $1 ORDER BY l.entry",
			  one[] = LINE "WHERE d.cohort = $1 AND d.holder = $2 ORDER BY l.entry";
	if (!person)
		return gather(b, tx, all, CURB_BINDS(curb_bind_id(cohort)), ret_lines, ret_n);
	return gather(b, tx, one, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), ret_lines, ret_n);
}

int line_standing(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                  const struct curb_id *person, struct line *ret_line)
{
	static const char sql[] = LINE "WHERE d.cohort = $1 AND d.holder = $2 AND l.kind = 'deposit' "
				       "AND NOT EXISTS (SELECT 1 FROM bank_line r WHERE r.corrects = l.id)";
	struct line *found = NULL;
	size_t n = 0;
	int err = gather(b, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "This trainee has no credits from this class");
	if (!err)
		*ret_line = found[0];
	return err;
}

int account_of(struct bank *b, struct curb_tx *tx, const struct curb_id *person, int64_t *ret_credits_c)
{
	static const char sql[] = "SELECT credits_c FROM bank_account WHERE person = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(b->host, tx, sql, CURB_BINDS(curb_bind_id(person)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	*ret_credits_c = err ? curb_col_int(stmt, 0) : 0;
	return 0;
}

int deposit_add(struct bank *b, struct curb_tx *tx, const struct deposit *deposit)
{
	static const char sql[] =
		"INSERT INTO bank_deposit (id, person, cohort, institution, certificate, programme, hours_c, "
		"credits_t, rule, title, number, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		"$11, $2)";
	return curb_exec(b->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&deposit->id), curb_bind_id(&deposit->person),
	                            curb_bind_id(&deposit->cohort), curb_bind_id(&deposit->institution),
	                            curb_bind_id(&deposit->certificate), curb_text(deposit->programme),
	                            curb_int(deposit->hours_c), curb_int(deposit->credits_t),
	                            curb_bind_id(&deposit->rule), curb_text(deposit->title),
	                            curb_text(deposit->number)),
	                 NULL);
}

int line_add(struct bank *b, struct curb_tx *tx, const struct line *line)
{
	static const char add[] =
		"INSERT INTO bank_line (id, deposit, kind, credits_c, corrects, transfer, at_ms, entry) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			  sum[] = "INSERT INTO bank_account (person, credits_c) VALUES ($1, $2) ON CONFLICT "
				  "(person) DO UPDATE SET credits_c = bank_account.credits_c + $2";
	int err = curb_exec(
		b->host, tx, add,
		CURB_BINDS(curb_bind_id(&line->id), curb_bind_id(&line->deposit.id),
	                   curb_cstring(kind_words[line->kind]), curb_int(line->credits_c),
	                   curb_id_some(&line->corrects) ? curb_bind_id(&line->corrects) : curb_null(),
	                   curb_id_some(&line->transfer) ? curb_bind_id(&line->transfer) : curb_null(),
	                   curb_int(line->at_ms), curb_int(line->entry)),
		NULL);
	return err ? err :
	             curb_exec(b->host, tx, sum,
	                       CURB_BINDS(curb_bind_id(&line->deposit.person), curb_int(line->credits_c)),
	                       NULL);
}
