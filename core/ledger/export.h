/* A ledger as files in a folder, for verify.h, an auditor or a web server: checkpoint, key, tile/….
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

/* Signs what is durable and writes it to `folder`, which is made when it is not there. Tiles that a folder of this ledger has
 * already are left: what is new is added. CURB_ECONFLICT: the folder has the checkpoint of another ledger; CURB_EFULL: its disk is
 * full; CURB_EBUSY: cancelled, and what was written can be gone on from. */
int ledger_export(struct ledger *ledger, struct curb_store *store, const char *folder,
                  const struct export_call *call);

#endif
