/* Going on with a tree that is not the one that was signed: somebody has decided, and the decision is the next entry. Nothing else
 * changes before that is durable; behind it all can be done again until it is done. */
#include <stdlib.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

struct renewal {
	struct ledger *ledger;
	struct note_key old_key;
	const struct note_key *new_key;
	struct ledger_shown old;
	const struct ledger_decision *decision;
	struct curb_str reason;
};

static int append_fn(struct curb_tx *tx, void *arg)
{
	struct renewal *renewal = arg;
	CURB_AUTO(buf) struct curb_buf key = curb_buf(NOTE_NAME + 128);
	note_key_write(&key, &renewal->old_key);
	const struct curb_fact facts[] = { { "old_key", 0, curb_buf_view(&key) },
		                           { "old_size", (int64_t)renewal->old.size, { NULL, 0 } },
		                           { "old_note", 0, renewal->old.note },
		                           { "reason", 0, renewal->reason } };
	const struct curb_entry entry = { .kind = "renew",
		                          .at_ms = curb_wall_ms(),
		                          .by = renewal->decision->by,
		                          .role = curb_id_some(&renewal->decision->by) ? "auditor" : NULL,
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	int64_t index = 0;
	int err = grow_append(tx, &entry, &index);
	return err ? err :
	             keys_note(tx, index, curb_str("renew"), &renewal->old_key, renewal->new_key,
	                       renewal->old.note);
}

/* A key of its own for this decision, and the entry. */
static int decide(struct ledger *ledger, struct renewal *renewal, struct note_signer *ret_signer)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(2 * NOTE_MOST);
	const struct store_write write = { .fn = append_fn, .arg = renewal };
	renewal->old_key = ledger->held == KEYLESS ? ledger->last.next : ledger->signer.key;
	renewal->old = ledger_checkpoint(ledger, arena);
	renewal->new_key = &ret_signer->key;
	int err = ledger->keeper.another(ledger->keeper.arg, ret_signer);
	if (!err)
		err = store_write(ledger->store, &write);
	if (!err)
		ledger->last = (struct key_change){ RENEWED, renewal->old_key, ret_signer->key };
	return err;
}

/* The key of a decision that stands in the ledger and was broken off behind that. False: there is none. */
static bool find_decided(const struct ledger *ledger, struct note_signer *ret_signer)
{
	const struct ledger_keeper *keeper = &ledger->keeper;
	return ledger->last.kind == RENEWED && !keys_are_newest(ledger) &&
	       keeper->find(keeper->arg, &ledger->last.next, ret_signer) == 0;
}

/* From here on the new key signs; what the old one signed is kept aside. */
static int take_over(struct ledger *ledger, const struct note_signer *signer)
{
	int err = sign_put_aside(ledger, &ledger->last.old, &signer->key);
	if (!err)
		err = sign_ahead(ledger, signer);
	if (!err)
		err = ledger->keeper.adopt(ledger->keeper.arg, &signer->key);
	if (err)
		return err;
	CURB_LOCKED(lock, &ledger->mutex);
	ledger->signer = *signer;
	free(ledger->note);
	ledger->note = NULL;
	ledger->signed_size = 0;
	free(ledger->witnessed);
	ledger->witnessed = NULL;
	ledger->witnessed_size = 0;
	ledger->held = FREE;
	return 0;
}

static int load_fn(struct curb_tx *tx, void *arg)
{
	return keys_load(arg, tx);
}

int ledger_renew(struct ledger *ledger, const struct ledger_decision *decision)
{
	const struct store_write load = { .fn = load_fn, .arg = ledger };
	struct note_signer signer = { .key.id = 0 };
	CURB_LOCKED(one, &ledger->signing);
	struct renewal renewal = { .ledger = ledger,
		                   .decision = decision,
		                   .reason = curb_str_trim(decision->reason) };
	if (ledger->held == FREE || !ledger->keeper.another)
		return curb_fail(CURB_ECONFLICT, "the ledger takes entries: there is nothing to decide");
	if (renewal.reason.len == 0 || renewal.reason.len > LEDGER_REASON || !curb_utf8_valid(renewal.reason))
		return curb_fail(CURB_EINVAL, "say why, in at most %d bytes", LEDGER_REASON);
	int err = find_decided(ledger, &signer) ? 0 : decide(ledger, &renewal, &signer);
	if (!err)
		err = take_over(ledger, &signer);
	note_signer_wipe(&signer);
	if (!err)
		err = sign_start(ledger);
	if (!err)
		err = publish_start(ledger);
	return err ? err : store_write(ledger->store, &load);
}
