/* A list is written: what may have become another since it was reckoned is read again first. */
#include "curb/arena.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "payment.h"

static void add_change(struct payment_making *making, const struct payment_line *line, const char *text)
{
	if (making->changed_count < PAYMENT_FAULTS_MOST)
		making->changed[making->changed_count++] = (struct payment_fault){
			.name = line->name, .programme = line->programme, .text = text
		};
}

static int look_again(struct payment_making *making, struct curb_tx *tx, const struct payment_line *line)
{
	struct issued issued;
	int64_t before_ms = 0;
	int err = payment_listed(making->c, tx, line->first, &before_ms);
	if (!err)
		err = issued_by_id(making->c, tx, curb_id_str(&line->certificate), &issued);
	if (err)
		return err;
	if (before_ms != line->before_ms)
		add_change(making, line, CURB_TEXT("It was put into another list meanwhile"));
	if (!issued_in_force(&issued))
		add_change(making, line, CURB_TEXT("The certificate was withdrawn meanwhile"));
	return 0;
}

static int append(struct curb_tx *tx, struct payment_making *making)
{
	struct payment *payment = &making->payment;
	bool class = curb_id_some(&payment->wanted.cohort);
	const struct curb_fact facts[] = {
		{ "institution", 0, curb_id_str(&payment->wanted.institution) },
		{ "size", payment->size, { NULL, 0 } },
		{ "lines", (int64_t)making->reckoned.n, { NULL, 0 } },
		{ "hash", 0, payment->hash },
		{ class ? "cohort" : "first", payment->wanted.first_day,
		  class ? curb_id_str(&payment->wanted.cohort) : curb_str(NULL) },
		{ "last", payment->wanted.last_day, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "payment",
		                          .at_ms = payment->made_ms,
		                          .by = payment->by,
		                          .role = curb_cstr(curb_tx_arena(tx), payment->role),
		                          .key = curb_id_str(&payment->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts - class };
	return curb_ledger_append(tx, &entry, &payment->entry);
}

int payment_make(struct curb_tx *tx, void *arg)
{
	struct payment_making *making = arg;
	int err = 0;
	making->changed_count = 0;
	for (size_t i = 0; !err && i < making->reckoned.n; i++)
		err = look_again(making, tx, &making->reckoned.lines[i]);
	if (!err && making->changed_count)
		err = curb_fail(CURB_ECONFLICT, "What this list says changed while it was computed");
	if (!err)
		err = append(tx, making);
	return err ? err : payment_add(making->c, tx, &making->payment, &making->reckoned, making->file);
}
