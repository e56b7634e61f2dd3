/* A change of a ledger's key, as a proof: the entry that announces the new key, under a checkpoint that both keys signed. Pure.
 * The rule: who trusts the old key may trust the new one, and nobody else needs to be asked.
 *
 * Thread rules: no state.
 */
#ifndef CURB_LEDGER_HANDOVER_H
#define CURB_LEDGER_HANDOVER_H

#include "note.h"

struct handover {
	struct note_key old_key, new_key; /* of one name */
	uint64_t size;                    /* of the checkpoint that both signed */
	struct merkle_hash root;
};

/* CURB_EINVAL when the text is no such proof; CURB_EUNFIT when a signature or the place of the entry does not hold. */
int handover_read(struct curb_str text, struct handover *ret_handover);

bool handover_same_key(const struct note_key *a, const struct note_key *b);

#endif
