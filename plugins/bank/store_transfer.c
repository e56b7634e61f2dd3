/* The SQL of transfers. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "transfer.h"

#define TRANSFER                                                                                    \
	"SELECT t.id, t.recogniser, t.programme, t.document, t.credits_c, t.returns, t.reason, "    \
	"t.asked_by, t.asked_ms, t.entry, e.countersigned, e.person, e.reason, e.at_ms, e.entry, "  \
	"d.id, d.holder, d.cohort, d.institution, d.certificate, d.programme FROM bank_transfer t " \
	"JOIN bank_deposit d ON d.id = t.deposit LEFT JOIN bank_transfer_end e ON e.transfer = t.id "

static void read_transfer(struct curb_tx *tx, struct curb_stmt *stmt, void *row)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	*(struct transfer *)row = (struct transfer){
		.id = curb_col_id(stmt, 0),
		.recogniser = curb_col_id(stmt, 1),
		.programme = curb_dup(arena, curb_col_text(stmt, 2)),
		.document = curb_dup(arena, curb_col_text(stmt, 3)),
		.credits_c = curb_col_int(stmt, 4),
		.returns = curb_col_id(stmt, 5),
		.reason = curb_dup(arena, curb_col_text(stmt, 6)),
		.asked_by = curb_col_id(stmt, 7),
		.asked_ms = curb_col_int(stmt, 8),
		.entry = curb_col_int(stmt, 9),
		.state = curb_col_null(stmt, 10) ? TRANSFER_WAITS :
		         curb_col_int(stmt, 10)  ? TRANSFER_SIGNED :
		                                   TRANSFER_REFUSED,
		.ended_by = curb_col_id(stmt, 11),
		.ended_reason = curb_dup(arena, curb_col_text(stmt, 12)),
		.ended_ms = curb_col_int(stmt, 13),
		.ended_entry = curb_col_int(stmt, 14),
		.deposit = { .id = curb_col_id(stmt, 15),
		             .person = curb_col_id(stmt, 16),
		             .cohort = curb_col_id(stmt, 17),
		             .institution = curb_col_id(stmt, 18),
		             .certificate = curb_col_id(stmt, 19),
		             .programme = curb_dup(arena, curb_col_text(stmt, 20)) },
	};
}

static int find(struct bank *b, struct curb_tx *tx, const char *sql, const struct curb_bind *binds,
                struct transfer **ret, size_t *ret_n)
{
	return rows_gather(b->host, tx, sql, binds, sizeof **ret, read_transfer, ret, ret_n);
}

int transfer_by_id(struct bank *b, struct curb_tx *tx, struct curb_str id, struct transfer *ret_transfer)
{
	struct transfer *found = NULL;
	size_t n = 0;
	int err = find(b, tx, TRANSFER "WHERE t.id = $1", CURB_BINDS(curb_text(id)), &found, &n);
	if (!err && n == 0)
		return curb_fail(CURB_ENOTFOUND, "There is no such transfer");
	if (!err)
		*ret_transfer = found[0];
	return err;
}

int transfers_of_class(struct bank *b, struct curb_tx *tx, const struct curb_id *cohort,
                       const struct curb_id *person, struct transfer **ret_transfers, size_t *ret_n)
{
	static const char sql[] = TRANSFER "WHERE d.cohort = $1 AND d.holder = $2 ORDER BY t.entry";
	return find(b, tx, sql, CURB_BINDS(curb_bind_id(cohort), curb_bind_id(person)), ret_transfers, ret_n);
}

int transfers_waiting_of(struct bank *b, struct curb_tx *tx, const struct curb_id *person,
                         struct transfer **ret_transfers, size_t *ret_n)
{
	static const char sql[] = TRANSFER "WHERE d.holder = $1 AND e.transfer IS NULL ORDER BY t.entry";
	return find(b, tx, sql, CURB_BINDS(curb_bind_id(person)), ret_transfers, ret_n);
}

int transfers_waiting_at(struct bank *b, struct curb_tx *tx, const struct transfer_signer *signer,
                         const struct curb_id *recogniser, int64_t most, struct transfer **ret_transfers,
                         size_t *ret_n)
{
	static const char sql[] = TRANSFER
		"WHERE t.recogniser = $1 AND e.transfer IS NULL AND t.asked_by <> $2 AND "
		"d.holder <> $2 AND (d.institution <> $1 OR $3 = 1) ORDER BY t.entry LIMIT $4";
	return find(b, tx, sql,
	            CURB_BINDS(curb_bind_id(recogniser), curb_bind_id(&signer->person),
	                       curb_int(signer->federation), curb_int(most)),
	            ret_transfers, ret_n);
}

int transfer_add(struct bank *b, struct curb_tx *tx, const struct transfer *transfer)
{
	static const char sql[] =
		"INSERT INTO bank_transfer (id, deposit, recogniser, programme, document, credits_c, "
		"returns, "
		"reason, asked_by, asked_ms, entry) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
	return curb_exec(
		b->host, tx, sql,
		CURB_BINDS(curb_bind_id(&transfer->id), curb_bind_id(&transfer->deposit.id),
	                   curb_bind_id(&transfer->recogniser), curb_text(transfer->programme),
	                   curb_text(transfer->document), curb_int(transfer->credits_c),
	                   curb_id_some(&transfer->returns) ? curb_bind_id(&transfer->returns) : curb_null(),
	                   curb_text(transfer->reason), curb_bind_id(&transfer->asked_by),
	                   curb_int(transfer->asked_ms), curb_int(transfer->entry)),
		NULL);
}

int transfer_add_end(struct bank *b, struct curb_tx *tx, const struct transfer *transfer)
{
	static const char sql[] =
		"INSERT INTO bank_transfer_end (transfer, countersigned, reason, person, at_ms, entry) "
		"VALUES ($1, $2, $3, $4, $5, $6)";
	return curb_exec(b->host, tx, sql,
	                 CURB_BINDS(curb_bind_id(&transfer->id), curb_int(transfer->state == TRANSFER_SIGNED),
	                            curb_text(transfer->ended_reason), curb_bind_id(&transfer->ended_by),
	                            curb_int(transfer->ended_ms), curb_int(transfer->ended_entry)),
	                 NULL);
}
