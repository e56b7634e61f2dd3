/* What this ledger is known by elsewhere, and receipts of ledgers elsewhere. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
#include "inside.h"
#include "proof.h"

int curb_ledger_key(struct curb_tx *tx, struct curb_str *ret_key)
{
	struct ledger *ledger = store_tail(tx);
	CURB_AUTO(buf) struct curb_buf text = curb_buf(NOTE_NAME + 128);
	struct note_key key;
	CURB_ASSERT(ledger);
	ledger_key(ledger, &key);
	/* the longest name, 8 digits, 33 bytes in base64 and two signs: it always fits */
	note_key_write(&text, &key);
	*ret_key = curb_dup(curb_tx_arena(tx), curb_buf_view(&text));
	return 0;
}

int curb_ledger_key_check(struct curb_str key)
{
	struct note_key read;
	return note_key_read(key, &read);
}

int curb_ledger_check(struct curb_arena *arena, struct curb_str receipt, struct curb_str key,
                      const struct curb_fact **ret_facts, size_t *ret_n)
{
	struct proof *proof = curb_alloc(arena, sizeof *proof);
	struct entry_fact facts[ENTRY_FACTS];
	struct checkpoint checkpoint;
	struct note_key signer;
	size_t n = 0;
	int err = note_key_read(key, &signer);
	if (!err)
		err = proof_read(receipt, proof);
	if (!err)
		err = proof_verify(proof, &signer, &checkpoint);
	if (!err)
		err = entry_read(proof_entry(proof), facts, &n);
	if (!err)
		*ret_n = facts_of(arena, facts, n, ret_facts);
	return err;
}
