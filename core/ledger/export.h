/* A ledger as files in a folder, for an auditor and verify.h: checkpoint, key, tile/…. Entries are in it: it is not for everybody.
 * The rule: the checkpoint is written last, so a folder that has one has all that it speaks of.
 */
#ifndef CURB_LEDGER_EXPORT_H
#define CURB_LEDGER_EXPORT_H

#include "ledger.h"

struct export_call {
	void (*progress)(void *arg, int permille);
	bool (*cancelled)(void *arg);
	void *arg;
};

/* Signs what is durable and writes it to `folder`, which is made when it is not there. What a folder of this ledger has already
 * is compared and left when it is right. *ret_size: its entries. CURB_ECONFLICT: the folder has another ledger; CURB_EFULL: its
 * disk is full; CURB_EBUSY: cancelled, and what was written can be gone on from. One at a time a folder. */
int ledger_export(struct ledger *ledger, struct curb_store *store, const char *folder,
                  const struct export_call *call, uint64_t *ret_size);

#endif
