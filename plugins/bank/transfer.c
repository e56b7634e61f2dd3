/* The rules of transfers. */
#include "transfer.h"

#include "curb/err.h"
#include "curb/ledger.h"

static bool same(const struct curb_id *a, const struct curb_id *b)
{
	return strcmp(a->text, b->text) == 0;
}

/* ---- what is there ---- */

/* What the lines of the class come to: of one certificate, and of one in whose place it was issued. */
static int sum_of(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t *ret_credits_c)
{
	struct line *lines = NULL;
	size_t n = 0;
	int64_t sum_c = 0;
	int err = lines_of_class(b, tx, &deposit->cohort, &deposit->person, &lines, &n);
	for (size_t i = 0; !err && i < n; i++)
		sum_c += lines[i].credits_c;
	if (!err)
		*ret_credits_c = sum_c;
	return err;
}

static int transfers_of(struct bank *b, struct curb_tx *tx, const struct deposit *deposit,
                        struct transfer **ret_transfers, size_t *ret_n)
{
	return transfers_of_class(b, tx, &deposit->cohort, &deposit->person, ret_transfers, ret_n);
}

int transfer_free_c(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t *ret_credits_c)
{
	struct transfer *transfers = NULL;
	size_t n = 0;
	int64_t free_c = 0;
	int err = sum_of(b, tx, deposit, &free_c);
	if (!err)
		err = transfers_of(b, tx, deposit, &transfers, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (transfers[i].state == TRANSFER_WAITS && !curb_id_some(&transfers[i].returns))
			free_c -= transfers[i].credits_c;
	if (!err)
		*ret_credits_c = free_c;
	return err;
}

static int check_there(int64_t there_c, int64_t asked_c)
{
	return asked_c <= there_c ?
	               0 :
	               curb_fail(CURB_EUNFIT,
	                         "Of this certificate %lld.%02lld credits can still be recognised; "
	                         "ask for at most so many",
	                         (long long)(there_c / 100), (long long)(there_c % 100));
}

/* The last line of a transfer, when it is of a kind: LINE_TRANSFER, it stands; LINE_TRANSFER_RETURN, the server took it back with the
 * certificate. CURB_ENOTFOUND, also when people have taken it back. */
static int find_line(struct bank *b, struct curb_tx *tx, const struct transfer *transfer, enum line_kind kind,
                     struct line *ret_line)
{
	struct line *lines = NULL;
	size_t n = 0;
	const struct line *found = NULL;
	bool takes_back = curb_id_some(&transfer->returns);
	int err = lines_of_class(b, tx, &transfer->deposit.cohort, &transfer->deposit.person, &lines, &n);
	for (size_t i = 0; !err && !takes_back && i < n; i++) {
		if (same(&lines[i].transfer, &transfer->id))
			found = &lines[i];
		else if (found && same(&lines[i].corrects, &found->id))
			found = NULL;
	}
	if (!err && (!found || found->kind != kind))
		return curb_fail(CURB_ENOTFOUND, "There is no such transfer");
	if (!err)
		*ret_line = *found;
	return err;
}

int transfer_stands(struct bank *b, struct curb_tx *tx, const struct transfer *transfer, bool *ret_stands)
{
	struct line line;
	int err = find_line(b, tx, transfer, LINE_TRANSFER, &line);
	*ret_stands = !err;
	return err == CURB_ENOTFOUND ? 0 : err;
}

/* ---- entries ---- */

static int append(struct curb_tx *tx, const char *kind, const struct transfer *transfer,
                  const struct transfer_act *act, int64_t corrects, const struct curb_fact *fact,
                  int64_t *ret_entry)
{
	const struct curb_fact facts[] = { { "cohort", 0, curb_id_str(&transfer->deposit.cohort) },
		                           { "recogniser", 0, curb_id_str(&transfer->recogniser) },
		                           { "document", 0, transfer->document },
		                           *fact };
	const struct curb_entry entry = { .kind = kind,
		                          .at_ms = act->now_ms,
		                          .person = transfer->deposit.person,
		                          .by = act->by,
		                          .role = act->role,
		                          .corrects = corrects,
		                          .key = curb_id_str(&transfer->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, ret_entry);
}

/* ---- asking ---- */

static int keep(struct bank *b, struct curb_tx *tx, struct transfer *transfer, const char *kind,
                int64_t corrects, const struct transfer_act *act)
{
	const struct curb_fact fact = { "asked_c", transfer->credits_c, { NULL, 0 } };
	transfer->id = curb_id_new(act->now_ms);
	transfer->asked_by = act->by;
	transfer->asked_ms = act->now_ms;
	int err = append(tx, kind, transfer, act, corrects, &fact, &transfer->entry);
	return err ? err : transfer_add(b, tx, transfer);
}

static int check_not_own(const struct transfer *transfer, const struct transfer_act *act)
{
	return same(&act->by, &transfer->deposit.person) ?
	               curb_fail(CURB_EDENIED, "This is about yourself, so another person must do it") :
	               0;
}

int transfer_ask(struct bank *b, struct curb_tx *tx, struct transfer *transfer,
                 const struct transfer_act *act)
{
	struct line standing;
	int64_t free_c = 0;
	int err = line_standing(b, tx, &transfer->deposit.cohort, &transfer->deposit.person, &standing);
	if (!err) {
		transfer->deposit = standing.deposit;
		err = check_not_own(transfer, act);
	}
	if (!err)
		err = transfer_free_c(b, tx, &transfer->deposit, &free_c);
	if (!err)
		err = check_there(free_c, transfer->credits_c);
	return err ? err : keep(b, tx, transfer, "credit_transfer", 0, act);
}

static int check_no_return(struct bank *b, struct curb_tx *tx, const struct transfer *transfer)
{
	struct transfer *all = NULL;
	size_t n = 0;
	int err = transfers_of(b, tx, &transfer->deposit, &all, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (all[i].state == TRANSFER_WAITS && same(&all[i].returns, &transfer->id))
			return curb_fail(CURB_ECONFLICT,
			                 "Somebody has asked for this already; it waits for a "
			                 "countersignature");
	return err;
}

int transfer_ask_return(struct bank *b, struct curb_tx *tx, struct curb_str id, struct transfer *taking,
                        const struct transfer_act *act)
{
	struct transfer transfer;
	struct line line;
	struct curb_str reason = taking->reason;
	int err = transfer_by_id(b, tx, id, &transfer);
	if (err)
		return err;
	err = find_line(b, tx, &transfer, LINE_TRANSFER, &line);
	if (err == CURB_ENOTFOUND)
		return curb_fail(CURB_ECONFLICT,
		                 "There is nothing to take back: these credits are on the account");
	if (!err)
		err = check_not_own(&transfer, act);
	if (!err)
		err = check_no_return(b, tx, &transfer);
	if (err)
		return err;
	*taking = transfer;
	taking->returns = transfer.id;
	taking->reason = reason;
	return keep(b, tx, taking, "credit_transfer_return", transfer.ended_entry + 1, act);
}

/* ---- deciding ---- */

/* Moves the account: credits leave it, or those of the transfer that is taken back come again. */
static int move(struct bank *b, struct curb_tx *tx, struct transfer *transfer, const struct transfer_act *act)
{
	struct transfer returned = { .credits_c = 0 };
	struct line line = { .credits_c = 0 }, taken = { .credits_c = 0 };
	bool returns = curb_id_some(&transfer->returns);
	int err = returns ? transfer_by_id(b, tx, curb_id_str(&transfer->returns), &returned) : 0;
	if (!err && returns)
		err = find_line(b, tx, &returned, LINE_TRANSFER, &taken);
	if (err)
		return err == CURB_ENOTFOUND ?
		               curb_fail(CURB_EUNFIT, "These credits came back to the account meanwhile") :
		               err;
	line = (struct line){ .id = curb_id_new(act->now_ms),
		              .deposit = transfer->deposit,
		              .kind = returns ? LINE_TRANSFER_RETURN : LINE_TRANSFER,
		              .credits_c = returns ? transfer->credits_c : -transfer->credits_c,
		              .corrects = taken.id,
		              .transfer = transfer->id,
		              .at_ms = act->now_ms };
	const struct curb_fact fact = { "credits_c", line.credits_c, { NULL, 0 } };
	err = append(tx, "credit_transfer_countersign", transfer, act, returns ? taken.entry + 1 : 0, &fact,
	             &line.entry);
	if (!err)
		err = line_add(b, tx, &line);
	transfer->ended_entry = line.entry;
	return err;
}

static int check_still_there(struct bank *b, struct curb_tx *tx, const struct transfer *transfer)
{
	int64_t sum_c = 0;
	int err = curb_id_some(&transfer->returns) ? 0 : sum_of(b, tx, &transfer->deposit, &sum_c);
	return err || curb_id_some(&transfer->returns) ? err : check_there(sum_c, transfer->credits_c);
}

uint32_t transfer_signers(const struct transfer *transfer)
{
	return same(&transfer->recogniser, &transfer->deposit.institution) ? CURB_REVIEWER : TRANSFER_SIGNERS;
}

static int sign(struct bank *b, struct curb_tx *tx, struct transfer *transfer, const struct transfer_act *act)
{
	if (same(&act->by, &transfer->asked_by))
		return curb_fail(CURB_EDENIED,
		                 "You asked for this yourself, so another person must countersign it");
	if (!(act->roles & transfer_signers(transfer)))
		return curb_fail(CURB_EDENIED, "The institution that recognises the credits issued the "
		                               "certificate itself, so the federation countersigns this");
	int err = check_still_there(b, tx, transfer);
	return err ? err : move(b, tx, transfer, act);
}

int transfer_end(struct bank *b, struct curb_tx *tx, struct curb_str id, struct curb_str refusal,
                 const struct transfer_act *act)
{
	struct transfer transfer;
	int err = transfer_by_id(b, tx, id, &transfer);
	if (!err && transfer.state != TRANSFER_WAITS)
		return curb_fail(CURB_ECONFLICT, "This was decided meanwhile; what was decided stays");
	if (!err)
		err = check_not_own(&transfer, act);
	if (err)
		return err;
	const struct curb_fact fact = { "asked_c", transfer.credits_c, { NULL, 0 } };
	transfer.state = refusal.len ? TRANSFER_REFUSED : TRANSFER_SIGNED;
	transfer.ended_by = act->by;
	transfer.ended_ms = act->now_ms;
	transfer.ended_reason = refusal.len ? refusal : curb_str("");
	err = refusal.len ? append(tx, "credit_transfer_refusal", &transfer, act, transfer.entry + 1, &fact,
	                           &transfer.ended_entry) :
	                    sign(b, tx, &transfer, act);
	return err ? err : transfer_add_end(b, tx, &transfer);
}

/* ---- when the certificate does not count any more, and when another one does ---- */

/* Each transfer whose last line is of the kind `from` gets one that undoes that, by the server. */
static int undo_all(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, enum line_kind from,
                    int64_t now_ms)
{
	const struct transfer_act server = { .role = NULL, .now_ms = now_ms };
	bool falls = from == LINE_TRANSFER;
	struct transfer *transfers = NULL;
	size_t n = 0;
	int err = transfers_of(b, tx, deposit, &transfers, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct line last, line;
		err = find_line(b, tx, &transfers[i], from, &last);
		if (err == CURB_ENOTFOUND) {
			err = 0;
			continue;
		}
		if (err)
			break;
		line = last;
		line.id = curb_id_new(now_ms);
		line.kind = falls ? LINE_TRANSFER_RETURN : LINE_TRANSFER;
		line.credits_c = -last.credits_c;
		line.corrects = last.id;
		line.at_ms = now_ms;
		const struct curb_fact fact = { "credits_c", line.credits_c, { NULL, 0 } };
		err = append(tx, falls ? "credit_transfer_return" : "credit_transfer_again", &transfers[i],
		             &server, last.entry + 1, &fact, &line.entry);
		if (!err)
			err = line_add(b, tx, &line);
	}
	return err;
}

int transfers_take_back(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t now_ms)
{
	return undo_all(b, tx, deposit, LINE_TRANSFER, now_ms);
}

int transfers_stand_again(struct bank *b, struct curb_tx *tx, const struct deposit *deposit, int64_t now_ms)
{
	return undo_all(b, tx, deposit, LINE_TRANSFER_RETURN, now_ms);
}
