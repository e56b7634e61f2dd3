/* What the files of the ledger share.
 * The rule: `growing` and `waiting` belong to the writer's thread; what others read is `signed_…` and `tree`, under the lock.
 */
#ifndef CURB_LEDGER_INSIDE_H
#define CURB_LEDGER_INSIDE_H

#include <pthread.h>

#include "ledger.h"
#include "trust.h"

/* The last tile of a level, which grows. */
struct edge_tile {
	uint64_t index;
	unsigned width;
	bool changed;
	unsigned char hashes[TILE_WIDTH * TILE_HASH];
};

struct growing {
	struct merkle_tree tree;
	struct edge_tile edge[TILE_LEVELS];
};

/* The last change of the key that stands in the ledger: who signed before, and who signs from then on. A rotation counts from the
 * checkpoint on that both keys signed. */
struct key_change {
	enum key_change_kind { UNCHANGED, ROTATED, RENEWED } kind;
	struct note_key old, next;
};

/* One witness that checkpoints are sent to. */
struct publisher {
	struct ledger *ledger;
	size_t witness; /* its place in the policy */
	struct store_reader *reader;
	struct fetcher *fetcher;
	pthread_t thread;
	bool started;
	uint64_t known;  /* of its thread: the size that the witness cosigned last */
	uint64_t serial; /* of its thread: of the checkpoint that it has */
	unsigned tries;  /* of its thread: that failed in a row */

	/* under the ledger's mutex */
	bool failing;
	uint64_t size; /* that it cosigned since the start, or in the checkpoint of before */
	int64_t at_ms; /* when; 0: never */
};

struct ledger {
	struct curb_store *store;
	struct note_signer signer;
	char *folder;
	struct ledger_keeper keeper; /* functions NULL: the key never changes */
	struct ledger_known
		*former; /* keys of its name that it signed with before; changes as `signer` does */
	size_t former_count;
	struct key_change last; /* as `former` */
	bool adopts;            /* `signer` is not yet the one that the next start reads; as `former` */
	bool looking;           /* nothing is signed */
	_Atomic enum held { FREE, UNKNOWN, OLDER, OTHER, KEYLESS } held;
	int64_t every_ms;

	/* of the writer's thread */
	struct growing growing;
	bool unsure; /* `growing` went ahead of a transaction that nobody knows to be durable */
	struct merkle_hash *waiting;
	size_t waiting_count, waiting_room, mark;

	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards what follows */
	pthread_cond_t wake;
	pthread_cond_t shown; /* there is another checkpoint */
	bool stop;
	bool hurry;              /* somebody waits for the next checkpoint */
	struct merkle_tree tree; /* durable */
	uint64_t signed_size;
	int64_t signed_at_ms;   /* by curb_tick_ms; 0: not since the start */
	int64_t waits_since_ms; /* by curb_tick_ms; 0: all that is durable is signed */
	uint64_t serial;        /* of the checkpoint, since the start */
	char *note;             /* the last checkpoint; NULL: none */

	/* witnesses: guarded by `mutex` too */
	const struct trust *trust;      /* NULL: none is wanted; never changes */
	struct publisher *publishers;   /* one a witness of the policy */
	bool cosigned[TRUST_WITNESSES]; /* who signed `note` */
	char *witnessed;                /* the last checkpoint that the quorum has signed; NULL: none */
	uint64_t witnessed_size;

	pthread_mutex_t signing; /* one at a time; taken before `mutex`; `signer` changes under both */
};

/* ---- grow.c ---- */
/* The edge of the tree that is in the database. */
int grow_load(struct curb_tx *tx, struct growing *ret_growing);
struct store_tail grow_tail(struct ledger *ledger);
/* curb_ledger_append, also while the ledger is held. */
int grow_append(struct curb_tx *tx, const struct curb_entry *entry, int64_t *ret_index);

/* ---- facts.c ---- */
struct entry_fact;
/* Facts as plugins see them; arena, and views into what `read` views. */
size_t facts_of(struct curb_arena *arena, const struct entry_fact *read, size_t n,
                const struct curb_fact **ret_facts);

/* ---- sign.c ---- */
/* Reads the last checkpoint and compares it with the durable tree; sets `held`. */
int sign_begin(struct ledger *ledger, struct curb_tx *tx);
int sign_start(struct ledger *ledger);
int sign_now(struct ledger *ledger); /* with `signing` locked */
/* The same, also when nothing is new, with the signature of the key that is to be the next beside it. */
int sign_both(struct ledger *ledger, const struct note_signer *next);
/* With `signing` locked, when there is a checkpoint: whether its file has it as it is shown. */
bool sign_is_kept(struct ledger *ledger);
/* The file of the last checkpoint gets a name of its own, unless it is of `next`; nothing when there is none. */
int sign_put_aside(const struct ledger *ledger, const struct note_key *old, const struct note_key *next);
/* The file of the checkpoint of what is durable, by a key that is not the ledger's yet. */
int sign_ahead(struct ledger *ledger, const struct note_signer *next);
void sign_stop(struct ledger *ledger);
/* Until a moment of curb_tick_ms, with `mutex` locked. False: it is there. */
bool sign_wait(struct ledger *ledger, pthread_cond_t *what, int64_t until_ms);
/* Writes a checkpoint to the file "checkpoint" with that ending: whole or not at all, and durable. */
int sign_keep(const struct ledger *ledger, const char *ending, struct curb_str note);
/* What is in it; *ret_len 0: there is none. */
int sign_read(const struct ledger *ledger, const char *ending, char bytes[static NOTE_MOST], size_t *ret_len);
/* True when `text` is a checkpoint that a key of this ledger's name signed, the one of now or one before while it counted. */
bool sign_is_ours(const struct ledger *ledger, struct curb_str text, struct checkpoint *ret_last);
void sign_hold(struct ledger *ledger, enum held why);

/* ---- cosign.c ---- */
/* Which witnesses signed the checkpoint that is there, and the last one that the quorum signed. */
void cosign_begin(struct ledger *ledger);
/* Adds a witness's signature to the checkpoint with this body, and keeps both; nothing when that is not the last any more. */
int cosign_add(struct ledger *ledger, size_t witness, const struct note *answer);
/* A checkpoint that a witness has of us. When our own key signed it and the tree in the database does not begin so, it is kept as
 * the last that was signed, and the ledger is held. */
int cosign_evidence(struct ledger *ledger, struct curb_tx *tx, struct curb_str text);

/* ---- keys.c ---- */
/* Reads `former` and `last`. */
int keys_load(struct ledger *ledger, struct curb_tx *tx);
/* The same at the start, where a key that the ledger changed to becomes the signer, though it was not adopted. */
int keys_begin(struct ledger *ledger, struct curb_tx *tx);
/* Whether the signer is the key that the ledger changed to. */
bool keys_are_newest(const struct ledger *ledger);
/* The keeper's, when that is still to be done; what fails is logged, and the next start does it. */
void keys_adopt(struct ledger *ledger);
/* Notes that the key changes, beside the entry that says so; `note` may be absent. In a write function. */
int keys_note(struct curb_tx *tx, int64_t entry, struct curb_str kind, const struct note_key *old,
              const struct note_key *new, struct curb_str note);

/* ---- publish.c ---- */
int publish_start(struct ledger *ledger);
void publish_stop(struct ledger *ledger);

#endif
