#include "merkle.h"

/* The newer functions of libcrypto look their hash up and allocate each time, which takes longer than hashing two nodes; these
 * use what the processor has for it, which libsodium does not. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <string.h>

#include "curb/err.h"

bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

static void begin(SHA256_CTX *state, unsigned char kind)
{
	(void)SHA256_Init(state);
	(void)SHA256_Update(state, &kind, 1);
}

void merkle_leaf(struct curb_str entry, struct merkle_hash *ret_hash)
{
	SHA256_CTX state;
	begin(&state, 0x00);
	(void)SHA256_Update(&state, entry.ptr, entry.len);
	(void)SHA256_Final(ret_hash->bytes, &state);
}

void merkle_node(const struct merkle_hash *left, const struct merkle_hash *right,
                 struct merkle_hash *ret_hash)
{
	SHA256_CTX state;
	begin(&state, 0x01);
	(void)SHA256_Update(&state, left->bytes, sizeof left->bytes);
	(void)SHA256_Update(&state, right->bytes, sizeof right->bytes);
	(void)SHA256_Final(ret_hash->bytes, &state);
}

/* ---- growing ---- */

void merkle_append(struct merkle_tree *tree, const struct merkle_hash *leaf,
                   void (*made)(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash),
                   void *arg)
{
	struct merkle_hash hash = *leaf;
	unsigned level = 0;
	uint64_t index = tree->size;
	for (;; level++, index >>= 1) {
		if (made)
			made(arg, level, index, &hash);
		if (!(index & 1))
			break;
		merkle_node(&tree->edge[level], &hash, &hash);
	}
	tree->edge[level] = hash;
	tree->size++;
}

void merkle_root(const struct merkle_tree *tree, struct merkle_hash *ret_root)
{
	bool any = false;
	SHA256_CTX nothing;
	(void)SHA256_Init(&nothing);
	(void)SHA256_Final(ret_root->bytes, &nothing);
	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		if (!(tree->size >> level & 1))
			continue;
		if (any)
			merkle_node(&tree->edge[level], ret_root, ret_root);
		else
			*ret_root = tree->edge[level];
		any = true;
	}
}

/* ---- subtrees ---- */

/* The largest power of two below n, as its exponent; n is 2 at least. */
static unsigned split(uint64_t n)
{
	return 63U - (unsigned)__builtin_clzll(n - 1);
}

/* MTH(D[from:to]); `from` is where a subtree of that many leaves can begin. */
static int range_hash(const struct merkle_source *source, uint64_t from, uint64_t to,
                      struct merkle_hash *ret_hash)
{
	uint64_t n = to - from;
	bool any = false;
	for (unsigned level = 0; n >> level; level++) {
		if (!(n >> level & 1))
			continue;
		struct merkle_hash left;
		to -= UINT64_C(1) << level;
		int err = source->hash(source->arg, level, to >> level, &left);
		if (err)
			return err;
		if (any)
			merkle_node(&left, ret_hash, ret_hash);
		else
			*ret_hash = left;
		any = true;
	}
	return 0;
}

int merkle_load(const struct merkle_source *source, uint64_t size, struct merkle_tree *ret_tree)
{
	struct merkle_tree tree = { .size = size };
	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		if (!(size >> level & 1))
			continue;
		int err = source->hash(source->arg, level, (size >> level) - 1, &tree.edge[level]);
		if (err)
			return err;
	}
	*ret_tree = tree;
	return 0;
}

/* ---- proofs ---- */

static int add_range(const struct merkle_source *source, uint64_t from, uint64_t to,
                     struct merkle_proof *proof)
{
	return range_hash(source, from, to, &proof->hashes[proof->count++]);
}

/* They are found from the root down and told from the leaf up. */
static void turn(struct merkle_proof *proof)
{
	for (size_t i = 0; i < proof->count / 2; i++) {
		struct merkle_hash hash = proof->hashes[i];
		proof->hashes[i] = proof->hashes[proof->count - 1 - i];
		proof->hashes[proof->count - 1 - i] = hash;
	}
}

int merkle_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                     struct merkle_proof *ret_proof)
{
	uint64_t from = 0, to = size;
	ret_proof->count = 0;
	if (index >= size)
		return curb_fail(CURB_EINVAL, "the ledger has no entry %llu yet", (unsigned long long)index);
	while (to - from > 1) {
		uint64_t middle = from + (UINT64_C(1) << split(to - from));
		bool left = index < middle;
		int err = left ? add_range(source, middle, to, ret_proof) :
		                 add_range(source, from, middle, ret_proof);
		if (err)
			return err;
		if (left)
			to = middle;
		else
			from = middle;
	}
	turn(ret_proof);
	return 0;
}

int merkle_consistency(const struct merkle_source *source, uint64_t from, uint64_t size,
                       struct merkle_proof *ret_proof)
{
	uint64_t low = 0, high = size;
	int err = 0;
	ret_proof->count = 0;
	if (from > size)
		return curb_fail(CURB_EINVAL, "the ledger has %llu entries, not %llu",
		                 (unsigned long long)size, (unsigned long long)from);
	if (from == 0 || from == size)
		return 0;
	while (!err && from != high) {
		uint64_t middle = low + (UINT64_C(1) << split(high - low));
		if (from <= middle) {
			err = add_range(source, middle, high, ret_proof);
			high = middle;
		} else {
			err = add_range(source, low, middle, ret_proof);
			low = middle;
		}
	}
	if (!err && low > 0) /* the old tree's own root is known to whoever has it */
		err = add_range(source, low, high, ret_proof);
	turn(ret_proof);
	return err;
}

/* ---- checking ---- */

bool merkle_inclusion_holds(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                            const struct merkle_proof *proof, const struct merkle_hash *root)
{
	if (index >= size)
		return false;
	uint64_t fn = index, sn = size - 1;
	struct merkle_hash r = *leaf;
	for (size_t i = 0; i < proof->count; i++) {
		const struct merkle_hash *p = &proof->hashes[i];
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			merkle_node(p, &r, &r);
			while (!(fn & 1)) { /* fn is not 0: it is odd, or sn */
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(&r, p, &r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && merkle_same(&r, root);
}

/* fr and sr grow to the roots of the old and the new tree. */
static bool both_grow(uint64_t fn, uint64_t sn, const struct merkle_hash *hashes, size_t count,
                      struct merkle_hash *fr, struct merkle_hash *sr)
{
	for (size_t i = 0; i < count; i++) {
		if (sn == 0)
			return false;
		if ((fn & 1) || fn == sn) {
			merkle_node(&hashes[i], fr, fr);
			merkle_node(&hashes[i], sr, sr);
			while (!(fn & 1)) { /* fn is not 0: it is odd, or sn */
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			merkle_node(sr, &hashes[i], sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0;
}

bool merkle_consistency_holds(uint64_t from, const struct merkle_hash *from_root, uint64_t size,
                              const struct merkle_hash *root, const struct merkle_proof *proof)
{
	if (from > size)
		return false;
	if (from == 0)
		return proof->count == 0;
	if (from == size)
		return proof->count == 0 && merkle_same(from_root, root);
	/* the old tree is one complete subtree: its root is the first hash of the path */
	bool whole = (from & (from - 1)) == 0;
	if (proof->count == 0 && !whole)
		return false;
	uint64_t fn = from - 1, sn = size - 1;
	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	struct merkle_hash fr = whole ? *from_root : proof->hashes[0], sr = fr;
	size_t used = whole ? 0 : 1;
	return both_grow(fn, sn, proof->hashes + used, proof->count - used, &fr, &sr) &&
	       merkle_same(&fr, from_root) && merkle_same(&sr, root);
}
