/* Going on with a tree that is not the one that was signed: somebody has decided, and the decision is the next entry. */
#include <stdlib.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

struct renewal {
	struct ledger *ledger;
	enum held before;
	struct note_key old_key, new_key;
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
	renewal->ledger->held = FREE;
	int err = curb_ledger_append(tx, &entry, &index);
	if (!err)
		err = keys_note(tx, index, curb_str("renew"), &renewal->old_key, &renewal->new_key,
		                renewal->old.note);
	if (err)
		renewal->ledger->held = renewal->before;
	return err;
}

/* From here on the new key signs; what the old one signed is kept aside. */
static int change_key(struct ledger *ledger, const struct note_signer *signer)
{
	int err = sign_put_aside(ledger);
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
	return 0;
}

int ledger_renew(struct ledger *ledger, const struct ledger_decision *decision)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(2 * NOTE_MOST);
	struct note_signer signer = { .key.id = 0 };
	CURB_LOCKED(one, &ledger->signing);
	struct renewal renewal = { .ledger = ledger,
		                   .before = ledger->held,
		                   .decision = decision,
		                   .reason = curb_str_trim(decision->reason) };
	if (renewal.before == FREE || !ledger->another_key)
		return curb_fail(CURB_ECONFLICT, "the ledger takes entries: there is nothing to decide");
	if (renewal.reason.len == 0 || renewal.reason.len > LEDGER_REASON || !curb_utf8_valid(renewal.reason))
		return curb_fail(CURB_EINVAL, "say why, in at most %d bytes", LEDGER_REASON);
	ledger_key(ledger, &renewal.old_key);
	renewal.old = ledger_checkpoint(ledger, arena);
	int err = ledger->another_key(ledger->another_arg, &signer);
	renewal.new_key = signer.key;
	if (!err)
		err = change_key(ledger, &signer);
	note_signer_wipe(&signer);
	if (err)
		return err;
	const struct store_write write = { .fn = append_fn, .arg = &renewal };
	err = store_write(ledger->store, &write);
	if (err < 0) {
		ledger->held = renewal.before; /* also when it was the commit that failed */
		return err;
	}
	err = sign_start(ledger);
	return err ? err : publish_start(ledger);
}
