/* The ledger of a server: entries and tiles in the database, checkpoints signed behind them.
 * The rule: an entry's leaf is written in the transaction of the entry; a checkpoint is durable in a file before anybody sees
 * it, so that no crash lets the server sign two trees of one size.
 */
#ifndef CURB_LEDGER_PART_H
#define CURB_LEDGER_PART_H

#include "curb/ledger.h"
#include "curb/plugin.h"
#include "note.h"
#include "store.h"
#include "tile.h"
#include "trust.h"

struct ledger;
struct verify_call;
struct verify_result;

extern struct curb_host ledger_host; /* owns every table ledger_… */
extern const struct curb_migration ledger_migrations[];

/* Where the keys of a ledger are kept; what it gives is durable. */
struct ledger_keeper {
	void *arg;
	/* A key made now, of another name: for ledger_renew. */
	int (*another)(void *arg, struct note_signer *ret_signer);
	/* The next key of this name, and the same one until it is adopted: for ledger_rotate. */
	int (*next)(void *arg, const char *name, struct note_signer *ret_signer);
	/* One that it gave and that was not adopted yet. CURB_ENOTFOUND. */
	int (*find)(void *arg, const struct note_key *key, struct note_signer *ret_signer);
	/* Makes it the one that the next start opens the ledger with, and keeps the one before; nothing when that is done. */
	int (*adopt)(void *arg, const struct note_key *key);
};

struct ledger_options {
	struct curb_store *store;
	const struct note_signer *signer; /* copied */
	const char *folder;               /* of the file "checkpoint"; made when it is not there */
	int64_t every_ms; /* a checkpoint is signed this long behind an entry at the latest; 60,000 at most */
	/* The witnesses, whose addresses get each checkpoint, and the quorum that receipts wait a moment for; lives as long as the
	 * ledger. NULL: none. */
	const struct trust *trust;
	const struct ledger_keeper *keeper; /* copied; NULL: its key never changes */
	bool looking;                       /* it is read alone: nothing is made or signed, nor sent */
};

/* Opens the ledger, looks whether its tree is the one that was signed last, and takes entries from then on. When it is not (the
 * database was put back from an older copy, the checkpoint is lost) it is held: it takes no entries, ledger_held says why, and all
 * else goes on. That looks at the number of entries and at the root of the tiles; verify.h looks at every entry. A change of the key
 * that was broken off once it stood in the ledger is finished first; when the key is not there any more the ledger is held too.
 * CURB_EINTERNAL when tiles and entries do not fit together. Yours: ledger_close, before the store is closed. */
int ledger_open(const struct ledger_options *options, struct ledger **ret_ledger);
void ledger_close(struct ledger *ledger); /* NULL is fine; signs what is not signed yet */

/* 0 when entries are taken; else CURB_EBUSY with the reason, and what to do, as its text. */
int ledger_held(const struct ledger *ledger);

/* A checkpoint as it is shown: a signed note, and its size. */
struct ledger_shown {
	struct curb_str note;
	uint64_t size;
};
/* The last checkpoint. Any thread. Arena. An empty note: a held ledger that never signed. */
struct ledger_shown ledger_checkpoint(struct ledger *ledger, struct curb_arena *arena);
/* The same once it has `size` entries, for which the tree is signed now: at most once a second however many ask, so it waits for
 * up to LEDGER_WAIT_MS. When there is a quorum of witnesses and `size` is not 0, the one that they signed, unless that takes longer.
 * CURB_EBUSY: that was not enough, or the ledger is held; CURB_ENOTFOUND: there are not as many entries. */
enum { LEDGER_WAIT_MS = 3000 };
int ledger_await(struct ledger *ledger, uint64_t size, struct curb_arena *arena,
                 struct ledger_shown *ret_shown);
/* Signs now what is durable, unless that is done. Any thread; returns behind the file's fsync. */
int ledger_sign(struct ledger *ledger);

/* The public key of its checkpoints. Any thread. */
void ledger_key(struct ledger *ledger, struct note_key *ret_key);

/* Signs what is durable, unless it is looked at alone, and looks at every entry up to what was signed: whether it fits its hash, and the hashes what was signed. Any thread.
 * CURB_EBUSY: it is held; else the errors of verify_folder. */
int ledger_examine(struct ledger *ledger, const struct verify_call *call, struct verify_result *ret_result);

/* Goes on from the tree that is there although it is not the one that was signed, under another name and key, once nothing else
 * stands against it: what was signed before stays what it is. The first new entry (kind "renew") names the old key and size, has
 * the old checkpoint, who decided it, and why; once that is durable the new key takes over, and the file of the old checkpoint is
 * kept beside. Broken off before the entry is durable nothing has changed; behind it another call or the next start finishes the
 * change, with the key and the reason of the entry. One at a time.
 * CURB_ECONFLICT unless the ledger is held; CURB_EINVAL without a reason; the errors of the keeper. */
struct ledger_decision {
	struct curb_str reason;
	struct curb_id by; /* an auditor; "": whoever runs the machine */
};
enum { LEDGER_REASON = 2000 }; /* bytes of a reason */
int ledger_renew(struct ledger *ledger, const struct ledger_decision *decision);

/* Changes the key of a healthy ledger: an entry (kind "rotate") under the old one names both and has `reason`; a checkpoint that has
 * it is signed by both; from then on the new one alone signs, also when the keeper fails to adopt it. Broken off anywhere, it is
 * finished by another call, for which `reason` may be empty, or by the next start.
 * CURB_EBUSY: it is held; CURB_EINVAL: the reason is too long; CURB_ENOTFOUND: there is no reason, and nothing to finish. */
int ledger_rotate(struct ledger *ledger, struct curb_str reason);
/* A key that it signs or signed with. One that a rotation replaced counts up to the checkpoint that both keys signed: whoever has
 * stolen it can sign nothing later. */
struct ledger_known {
	struct note_key key;
	uint64_t most; /* entries of a checkpoint that it counts for; UINT64_MAX: any */
};
/* All of them, the one of now first. Arena of tx. */
int ledger_keys(struct ledger *ledger, struct curb_tx *tx, struct ledger_known **ret_keys, size_t *ret_n);
/* The proof (C2SP tlog-proof with its entry) that the key changed, of the first change behind an entry (-1: of the first); under a
 * checkpoint that the old and the new key signed. CURB_ENOTFOUND: there is none. Arena of tx. */
int ledger_handover(struct curb_tx *tx, int64_t behind, int64_t *ret_entry, struct curb_str *ret_text);

/* Bytes of a tile, as wide as it says. CURB_ENOTFOUND when the tree is not as long. Arena of tx. */
int ledger_tile(struct curb_tx *tx, const struct tile *tile, struct curb_str *ret_bytes);
/* Roots of subtrees out of the tiles, for merkle_…; arg is the tx. */
int ledger_tile_hash(void *tx, unsigned level, uint64_t index, struct merkle_hash *ret_hash);

/* ---- how it stands; any thread ---- */
struct ledger_witness {
	const char *name; /* of its key; lives as long as the ledger */
	uint64_t size;    /* of the last checkpoint that it cosigned; 0: none yet */
	int64_t at_ms;    /* when, by the wall clock; 0: never */
	bool failing;     /* the last try did not succeed */
};
struct ledger_state {
	bool held;
	uint64_t entries, signed_size, witnessed_size; /* the last: as far as the quorum has signed */
	int64_t unsigned_ms; /* so long there are entries without a checkpoint; 0: there are none */
	bool wants_quorum;
	size_t witness_count;
	struct ledger_witness witnesses[TRUST_WITNESSES];
};
void ledger_state(struct ledger *ledger, struct ledger_state *ret_state);

/* ---- prove.c: in a snapshot that began behind the checkpoint ---- */
/* The bytes of an entry. CURB_ENOTFOUND: there is none; CURB_EGONE: it was erased. Arena of tx. */
int ledger_entry(struct curb_tx *tx, uint64_t index, struct curb_str *ret_body);
/* C2SP tlog-proof of an entry of the checkpoint: with the entry itself, or of its hash alone. CURB_ENOTFOUND: it has none;
 * CURB_EGONE: the entry was erased. Arena of tx. */
int ledger_prove(struct curb_tx *tx, const struct ledger_shown *shown, uint64_t index, bool with_entry,
                 struct curb_str *ret_text);
/* The hashes that show that the tree of `from` entries begins the one of `size`, a line each. CURB_EINVAL unless from <= size. */
int ledger_prove_growth(struct curb_tx *tx, uint64_t from, uint64_t size, struct curb_str *ret_text);

/* GET /ledger/checkpoint, /ledger/key, /ledger/tile/…, proofs, and the page /ledger/check; their state is the ledger. */
extern const struct curb_route ledger_routes[];
/* Templates of owner "core". */
extern const struct curb_embedded ledger_pages_templates[];

#endif
