/* What the files of the ledger share.
 * The rule: `growing` and `waiting` belong to the writer's thread; what others read is `signed_…` and `tree`, under the lock.
 */
#ifndef CURB_LEDGER_INSIDE_H
#define CURB_LEDGER_INSIDE_H

#include <pthread.h>

#include "ledger.h"

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

struct ledger {
	struct curb_store *store;
	struct note_signer signer;
	char *folder;
	_Atomic enum held { FREE, UNKNOWN, OLDER, OTHER } held;
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
	int64_t signed_at_ms; /* by curb_tick_ms; 0: not since the start */
	char *note;           /* the last checkpoint; NULL: none */

	pthread_mutex_t signing; /* one at a time; taken before `mutex`; `signer` changes under both */
};

/* ---- grow.c ---- */
/* The edge of the tree that is in the database. */
int grow_load(struct curb_tx *tx, struct growing *ret_growing);
struct store_tail grow_tail(struct ledger *ledger);

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
/* The file of the last checkpoint, under a name of its own. */
int sign_put_aside(const struct ledger *ledger);
void sign_stop(struct ledger *ledger);

#endif
