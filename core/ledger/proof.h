/* Proofs as texts: C2SP tlog-proof, whose extra data is the entry itself, and the lines of hashes that it shares with the
 * protocol of witnesses. Pure: keys and texts come from the caller.
 * The rule: what is read is refused unless it is in its one form.
 *
 * Thread rules: no state.
 */
#ifndef CURB_LEDGER_PROOF_H
#define CURB_LEDGER_PROOF_H

#include "entry.h"
#include "note.h"

/* Bytes of a proof: a checkpoint, an entry in base64 and the path. */
enum { PROOF_MOST = NOTE_MOST + 2 * ENTRY_MOST + (4 << 10) };

/* One hash a line, in base64. */
void proof_write_hashes(struct curb_buf *out, const struct merkle_proof *hashes);
/* Such lines up to an empty one, which is taken too; `*rest` goes on behind it. CURB_EINVAL on anything else, and on more than
 * `most` (MERKLE_PROOF_MOST at most). */
int proof_read_hashes(struct curb_str *rest, size_t most, struct merkle_proof *ret_hashes);

struct proof {
	bool has_entry;
	size_t entry_len;
	unsigned char entry[ENTRY_MOST];
	uint64_t index;
	struct merkle_proof path;
	struct curb_str checkpoint; /* the signed note; a view into what was read */
};

static inline struct curb_str proof_entry(const struct proof *proof)
{
	return curb_str_n((const char *)proof->entry, proof->entry_len);
}

/* Appends it; `entry` absent: without. */
void proof_write(struct curb_buf *out, struct curb_str entry, uint64_t index, const struct merkle_proof *path,
                 struct curb_str checkpoint);
/* CURB_EINVAL unless `text` is a proof, with an entry or without. Nothing is verified. */
int proof_read(struct curb_str text, struct proof *ret_proof);

/* Whether the entry in the proof is where it says in the tree of its checkpoint, whoever signed that. CURB_EINVAL: the checkpoint is
 * none; CURB_EUNFIT: the proof has no entry, or does not show it. *ret_checkpoint is a view into the proof's. */
int proof_holds(const struct proof *proof, struct checkpoint *ret_checkpoint);
/* Whether the entry in the proof is in the ledger of `key`, whose signature the checkpoint must have and whose name its origin
 * must be. CURB_EINVAL: the checkpoint is none, or not of this ledger; CURB_EUNFIT: the proof has no entry, or does not show it
 * at its place. *ret_checkpoint is a view into the proof's. */
int proof_verify(const struct proof *proof, const struct note_key *key, struct checkpoint *ret_checkpoint);

/* ---- what a witness is asked: the body of add-checkpoint, C2SP tlog-witness ---- */
enum { SUBMISSION_HASHES = 63 };

struct submission {
	uint64_t old_size;
	struct merkle_proof hashes; /* SUBMISSION_HASHES at most */
	struct curb_str checkpoint; /* the signed note; a view into what was read */
};

void submission_write(struct curb_buf *out, uint64_t old_size, const struct merkle_proof *hashes,
                      struct curb_str checkpoint);
/* CURB_EINVAL unless `text` is one. Nothing is verified. */
int submission_read(struct curb_str text, struct submission *ret_submission);

#endif
