/* The ledger: an append-only tree of entries (RFC 6962), one for every fact that hours, certificates and payments rest on.
 * The rule: what is not in it did not happen; nothing in it is ever changed. A correction is a new entry that names the one it
 * corrects. No name, certificate or citizen number is ever put into it, hashed or not: people stand in it by pseudonyms that
 * the core makes, and places, classes, units by their ids.
 *
 * Thread rules: in a write function alone.
 */
#ifndef CURB_LEDGER_H
#define CURB_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "curb/db.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A fact of an entry: `text` when it is there, else `number`. `name` is a-z and _, 23 at most, and none of the core's: v, kind,
 * at, sub, by, role, ref, key, salt. */
struct curb_fact {
	const char *name;
	int64_t number;
	struct curb_str text;
};

enum { CURB_FACTS_MOST = 14 };

struct curb_entry {
	const char *kind; /* "online" */
	int64_t at_ms; /* when it happened by the server's clock; the minute is kept, the order is the tree's */
	struct curb_id person; /* whom it is about; "": nobody */
	struct curb_id by;     /* who did it; "": the server itself */
	const char *role;      /* as whom: "learner"; NULL: none */
	int64_t corrects;      /* one more than the index of the entry that this one corrects; 0: none */
	struct curb_str key; /* what tells this event from every other; hashed with the salt; absent: none */
	const struct curb_fact *facts;
	size_t fact_count; /* CURB_FACTS_MOST at most */
};

/* Appends an entry in the transaction of the write function: it is there with all else that the function did, or not at all.
 * *ret_index (may be NULL): its place in the tree, from 0. CURB_EBUSY while the ledger takes no entries: its text says why. */
int curb_ledger_append(struct curb_tx *tx, const struct curb_entry *entry, int64_t *ret_index);

#ifdef __cplusplus
}
#endif
#endif
