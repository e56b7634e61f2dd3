/* Checks a ledger: checkpoint, tiles and entries as C2SP tlog-tiles lays them out, or one receipt, against a public key. Of files it
 * needs nothing else, no server and no database.
 * The rule: everything that is not exactly as it was signed is named by its place.
 */
#ifndef CURB_LEDGER_VERIFY_H
#define CURB_LEDGER_VERIFY_H

#include "handover.h"
#include "proof.h"
#include "tile.h"

struct verify_result {
	uint64_t size;   /* entries of the checkpoint */
	uint64_t wrong;  /* entries that do not fit their hash, or are none */
	uint64_t erased; /* entries of which nothing but the hash is kept: nothing is wrong with them */
	uint64_t
		keys; /* times that the key changed: each was announced under the one before and signed by both */
};

enum { VERIFY_TOLD = 100 }; /* wrong entries behind these are only counted */

struct verify_call {
	void (*found)(void *arg, const char *text); /* what is wrong, one place a call; English */
	void (*progress)(void *arg, int permille);  /* may be NULL */
	bool (*cancelled)(void *arg);               /* may be NULL; true ends it with CURB_EBUSY */
	void *arg;
};

/* Where it comes from. */
struct verify_source {
	struct curb_str checkpoint;
	/* Puts the bytes of a tile, as wide as it says, in place of what is in `out`. CURB_ENOTFOUND: there is none. */
	int (*tile)(void *arg, const struct tile *tile, struct curb_buf *out);
	void *arg;
	const struct handover
		*handovers; /* whose trees must be the beginning of this one, the smallest first */
	size_t handover_count;
};
/* The errors are those of verify_folder. */
int verify(const struct verify_source *source, const struct note_key *key, const struct verify_call *call,
           struct verify_result *ret_result);

enum { VERIFY_HANDOVERS = 64 };
/* Reads `folder` and checks it against `key`, which may be one that the ledger had before: its changes are in handover/1, 2, …. 0 when all of it is as it was signed; CURB_EUNFIT when something is not (each place
 * was told to `found`, wrong entries behind the first VERIFY_TOLD are only counted) or a file is cut off, behind which nothing was
 * checked; CURB_EINVAL when the checkpoint is none or not of this key; CURB_ENOTFOUND when a file is missing or none. */
int verify_folder(const char *folder, const struct note_key *key, const struct verify_call *call,
                  struct verify_result *ret_result);

/* Reads the receipt in a file to `text` and checks it: proof_verify, and that what is in it is an entry. Both results are views into
 * `text`. CURB_ENOTFOUND when the file is missing or none. */
int verify_receipt(const char *path, const struct note_key *key, struct curb_buf *text,
                   struct proof *ret_proof, struct checkpoint *ret_checkpoint);

#endif
