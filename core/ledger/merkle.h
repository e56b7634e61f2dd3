/* The tree of entries: hashes, roots and proofs, as RFC 6962 section 2.1 defines them (SHA-256; 0x00 before a leaf, 0x01
 * before a node). Pure: no file, no database, no clock.
 * The rule: nothing here is of our own invention; a foreign verifier accepts every root and every proof.
 *
 * Thread rules: no state; a source's function is called on the caller's thread.
 */
#ifndef CURB_LEDGER_MERKLE_H
#define CURB_LEDGER_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/str.h"

enum { MERKLE_LEVELS = 63, MERKLE_PROOF_MOST = MERKLE_LEVELS + 1 }; /* sizes are below 2^63 */

struct merkle_hash {
	unsigned char bytes[32];
};

bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b);

/* MTH({d}) of one entry: SHA-256(0x00 || entry). */
void merkle_leaf(struct curb_str entry, struct merkle_hash *ret_hash);
/* SHA-256(0x01 || left || right). */
void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
                 struct merkle_hash *ret_hash);

/* The right edge of a tree: all that is needed to append to it and to tell its root. edge[l] is the root of the complete
 * subtree of 2^l leaves when bit l of `size` is set; else it has no meaning. Begins as { 0 }. */
struct merkle_tree {
	uint64_t size;
	struct merkle_hash edge[MERKLE_LEVELS];
};

/* Appends a leaf. Complete subtrees that this makes are told to `made` (may be NULL), the lowest first: level 0 is the leaf
 * itself, `index` counts on that level from 0. */
void merkle_append(struct merkle_tree *tree, const struct merkle_hash *leaf,
                   void (*made)(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash),
                   void *arg);

/* The root of the tree; of an empty one SHA-256 of nothing. */
void merkle_root(const struct merkle_tree *tree, struct merkle_hash *ret_root);

/* Where the roots of complete subtrees come from. Returns 0 or an error, which the function that asked gives on. */
struct merkle_source {
	int (*hash)(void *arg, unsigned level, uint64_t index, struct merkle_hash *ret_hash);
	void *arg;
};

struct merkle_proof {
	size_t count;
	struct merkle_hash hashes[MERKLE_PROOF_MOST];
};

/* The right edge, and with it the root, of the first `size` leaves. */
int merkle_load(const struct merkle_source *source, uint64_t size, struct merkle_tree *ret_tree);

/* PATH(index, D[size]), RFC 6962 section 2.1.1, the hash beside the leaf first. CURB_EINVAL unless index < size. */
int merkle_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                     struct merkle_proof *ret_proof);
/* PROOF(from, D[size]), section 2.1.2; empty when from is 0 or size. CURB_EINVAL unless from <= size. */
int merkle_consistency(const struct merkle_source *source, uint64_t from, uint64_t size,
                       struct merkle_proof *ret_proof);

/* True when `proof` shows that the leaf at `index` is in the tree of `size` leaves with this root: RFC 9162 section
 * 2.1.3.2. */
bool merkle_inclusion_holds(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                            const struct merkle_proof *proof, const struct merkle_hash *root);
/* True when `proof` shows that the tree of `from` leaves is the beginning of that of `size` leaves: RFC 9162 section
 * 2.1.4.2. Every tree begins with the empty one, whose proof is empty. */
bool merkle_consistency_holds(uint64_t from, const struct merkle_hash *from_root, uint64_t size,
                              const struct merkle_hash *root, const struct merkle_proof *proof);

#endif
