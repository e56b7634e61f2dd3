/* The ledger: an append-only tree of entries (RFC 6962), one for every fact that hours, certificates and payments rest on.
 * The rule: what is not in it did not happen; nothing in it is ever changed. A correction is a new entry that names the one it
 * corrects. No name, certificate or citizen number is ever put into it, hashed or not: people stand in it by pseudonyms that
 * the core makes, and places, classes, units by their ids.
 *
 * Thread rules: appending in a write function alone, reading in any transaction, receipts on the handler's thread outside of a
 * write function.
 */
#ifndef CURB_LEDGER_H
#define CURB_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "curb/db.h"
#include "curb/request.h"

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

enum { CURB_FACTS_MOST = 16 };

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

/* 0 while the ledger takes entries; else CURB_EBUSY: its text says why, and what to do. In any transaction. */
int curb_ledger_takes(struct curb_tx *tx);

/* What the entry at `index` says: its facts in the order of their names' bytes, the core's own numbers and texts among them (v, kind,
 * at: milliseconds of its minute, role, ref), none of those that are bytes (pseudonyms, key, salt). Whoever asks sees to it that
 * the person may know. In any transaction. Arena of tx. CURB_ENOTFOUND when there is none, CURB_EGONE when it was erased. */
int curb_ledger_read(struct curb_tx *tx, int64_t index, const struct curb_fact **ret_facts, size_t *ret_n);
/* The fact of a name, or NULL. */
const struct curb_fact *curb_fact_find(const struct curb_fact *facts, size_t n, const char *name);

/* The receipt of the entry at `index`: a text in the format C2SP tlog-proof with the entry in it, which anybody can check by the
 * ledger's public key alone. Who may have it is the caller's to decide. When the last checkpoint does not reach the entry the tree
 * is signed now; that waits for three seconds at most, without the permit. The request's snapshot is a new one afterwards. Arena.
 * CURB_ENOTFOUND: there is no such entry; CURB_EGONE: it was erased; CURB_EBUSY: not signed yet, its text says what to do. */
int curb_ledger_receipt(struct curb_req *req, int64_t index, struct curb_str *ret_text);

/* The last checkpoint, a signed note (C2SP tlog-checkpoint), once it has at least `entries` entries; waits, and may fail, as a
 * receipt does. The request's snapshot is a new one afterwards. Arena. */
int curb_ledger_checkpoint(struct curb_req *req, int64_t entries, struct curb_str *ret_note);

/* An entry read back; good until the function returns that it is told to. */
struct curb_recorded {
	int64_t index;
	struct curb_id person;         /* whom it is about; "": nobody */
	const struct curb_fact *facts; /* as curb_ledger_read gives them */
	size_t fact_count;
	struct curb_id by; /* who did it; "": the server, or somebody who is no longer known */
};
/* Tells every entry in its order, also those behind the last checkpoint; those whose body was erased are left out. Each is compared
 * with its hash in the tree, and the tree with the last checkpoint when it comes there. An error of `one` ends it and is returned.
 * CURB_EUNFIT: an entry cannot be read, or is not the one that was signed. */
int curb_ledger_each(struct curb_tx *tx, int (*one)(void *arg, const struct curb_recorded *entry), void *arg);

/* ---- ledgers of other servers ---- */

/* The public key of this ledger's checkpoints as text, "NAME+ID+KEY" (C2SP signed-note). In any transaction. Arena of tx. */
int curb_ledger_key(struct curb_tx *tx, struct curb_str *ret_key);
/* 0 when `key` is such a text; else CURB_EINVAL. */
int curb_ledger_key_check(struct curb_str key);
/* Whether a receipt (curb_ledger_receipt) of the ledger that has this key stands, and what its entry says, as curb_ledger_read gives
 * it; no database is asked. Arena. CURB_EINVAL: it is no receipt, or not of that ledger; CURB_EUNFIT: it was changed. */
int curb_ledger_check(struct curb_arena *arena, struct curb_str receipt, struct curb_str key,
                      const struct curb_fact **ret_facts, size_t *ret_n);

#ifdef __cplusplus
}
#endif
#endif
