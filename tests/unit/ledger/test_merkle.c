/* Against the roots that Certificate Transparency's own tests have, and against the definition of RFC 6962 written down as it
 * stands there. */
#include <stdio.h>

#include "cm.h"
#include "curb/err.h"
#include "merkle.h"

enum { MOST = 70 };

struct forest { /* all complete subtrees that were told, by level */
	struct merkle_hash at[8][MOST];
	struct merkle_hash root[MOST + 1];
	int refuse_level;
};

static void keep(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
	((struct forest *)arg)->at[level][index] = *hash;
}

static int find(void *arg, unsigned level, uint64_t index, struct merkle_hash *ret_hash)
{
	struct forest *forest = arg;
	if ((int)level == forest->refuse_level)
		return CURB_EINTERNAL;
	*ret_hash = forest->at[level][index];
	return 0;
}

static struct merkle_hash leaf_of(unsigned n)
{
	struct merkle_hash hash;
	char text[16];
	int len = snprintf(text, sizeof text, "entry %u", n);
	merkle_leaf(curb_str_n(text, (size_t)len), &hash);
	return hash;
}

/* MTH(D[from:to]) as section 2.1 defines it. */
static struct merkle_hash defined(unsigned from, unsigned to)
{
	unsigned k = 1;
	if (to - from == 1)
		return leaf_of(from);
	while (k * 2 < to - from)
		k *= 2;
	struct merkle_hash left = defined(from, from + k), right = defined(from + k, to), hash;
	merkle_node(&left, &right, &hash);
	return hash;
}

static void grow(struct forest *forest)
{
	struct merkle_tree tree = { 0 };
	forest->refuse_level = -1;
	merkle_root(&tree, &forest->root[0]);
	for (unsigned n = 0; n < MOST; n++) {
		struct merkle_hash leaf = leaf_of(n);
		merkle_append(&tree, &leaf, keep, forest);
		merkle_root(&tree, &forest->root[n + 1]);
	}
}

static void merkle__has_the_roots_of_certificate_transparency(void **state)
{
	(void)state;
	static const char *const leaves[] = { "",
		                              "00",
		                              "10",
		                              "2021",
		                              "3031",
		                              "40414243",
		                              "5051525354555657",
		                              "606162636465666768696a6b6c6d6e6f" };
	static const char *const roots[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	};
	struct merkle_tree tree = { 0 };
	for (unsigned n = 0; n < 9; n++) {
		struct merkle_hash root, leaf;
		char hex[65];
		unsigned char bytes[16];
		merkle_root(&tree, &root);
		curb_hex(root.bytes, sizeof root.bytes, hex);
		assert_string_equal(hex, roots[n]);
		if (n == 8)
			break;
		size_t len = strlen(leaves[n]) / 2;
		assert_true(curb_unhex(curb_str(leaves[n]), bytes, len));
		merkle_leaf(curb_str_n((const char *)bytes, len), &leaf);
		merkle_append(&tree, &leaf, NULL, NULL);
	}
}

static void merkle__roots_are_those_of_the_definition(void **state)
{
	(void)state;
	static struct forest forest;
	grow(&forest);
	for (unsigned size = 1; size <= MOST; size++) {
		struct merkle_hash root = defined(0, size);
		assert_true(merkle_same(&root, &forest.root[size]));
	}
}

static void merkle__an_edge_that_is_loaded_goes_on_as_the_one_that_grew(void **state)
{
	(void)state;
	static struct forest forest;
	grow(&forest);
	const struct merkle_source source = { find, &forest };
	for (unsigned size = 0; size < MOST; size++) {
		struct merkle_tree tree;
		struct merkle_hash root, leaf = leaf_of(size);
		assert_int_equal(merkle_load(&source, size, &tree), 0);
		merkle_append(&tree, &leaf, NULL, NULL);
		merkle_root(&tree, &root);
		assert_true(merkle_same(&root, &forest.root[size + 1]));
	}
}

/* No other place, leaf, size, root or list of hashes passes for it. */
static void refuses_what_was_changed(const struct forest *forest, unsigned index, unsigned size,
                                     const struct merkle_proof *proof)
{
	struct merkle_hash leaf = leaf_of(index), other = leaf_of(index + 1);
	struct merkle_proof wrong = *proof;
	assert_false(merkle_inclusion_holds(&other, index, size, proof, &forest->root[size]));
	assert_false(merkle_inclusion_holds(&leaf, index, size, proof, &forest->root[size - 1]));
	assert_false(merkle_inclusion_holds(&leaf, size, size, proof, &forest->root[size]));
	for (unsigned i = 0; i < size; i++)
		if (i != index)
			assert_false(merkle_inclusion_holds(&leaf, i, size, proof, &forest->root[size]));
	wrong.hashes[wrong.count++] = other;
	assert_false(merkle_inclusion_holds(&leaf, index, size, &wrong, &forest->root[size]));
	for (size_t i = 0; i < proof->count; i++) {
		wrong = *proof;
		wrong.hashes[i].bytes[i] ^= 1;
		assert_false(merkle_inclusion_holds(&leaf, index, size, &wrong, &forest->root[size]));
	}
	wrong = *proof;
	if (wrong.count && wrong.count--)
		assert_false(merkle_inclusion_holds(&leaf, index, size, &wrong, &forest->root[size]));
}

static void merkle__every_entry_is_proved_in_every_size_and_nothing_else_is(void **state)
{
	(void)state;
	static struct forest forest;
	grow(&forest);
	const struct merkle_source source = { find, &forest };
	for (unsigned size = 1; size <= MOST; size++)
		for (unsigned index = 0; index < size; index++) {
			struct merkle_proof proof;
			struct merkle_hash leaf = leaf_of(index);
			assert_int_equal(merkle_inclusion(&source, index, size, &proof), 0);
			assert_true(merkle_inclusion_holds(&leaf, index, size, &proof, &forest.root[size]));
			refuses_what_was_changed(&forest, index, size, &proof);
		}
}

static void consistency_is_exact(const struct forest *forest, unsigned from, unsigned size,
                                 const struct merkle_proof *proof)
{
	const struct merkle_hash *old = &forest->root[from], *root = &forest->root[size];
	struct merkle_proof wrong = *proof;
	assert_true(merkle_consistency_holds(from, old, size, root, proof));
	assert_false(merkle_consistency_holds(size + 1, root, size, root, proof));
	wrong.hashes[wrong.count++] = *old;
	assert_false(merkle_consistency_holds(from, old, size, root, &wrong));
	if (from == 0)
		return;
	assert_false(merkle_consistency_holds(from, &forest->root[from - 1], size, root, proof));
	assert_false(merkle_consistency_holds(from, old, size, &forest->root[size - 1], proof) &&
	             from != size);
	for (size_t i = 0; i < proof->count; i++) {
		wrong = *proof;
		wrong.hashes[i].bytes[31] ^= 0x80;
		assert_false(merkle_consistency_holds(from, old, size, root, &wrong));
	}
	wrong = *proof;
	if (wrong.count && wrong.count--)
		assert_false(merkle_consistency_holds(from, old, size, root, &wrong));
}

static void merkle__every_size_is_proved_to_begin_every_larger_one(void **state)
{
	(void)state;
	static struct forest forest;
	grow(&forest);
	const struct merkle_source source = { find, &forest };
	for (unsigned size = 0; size <= MOST; size++)
		for (unsigned from = 0; from <= size; from++) {
			struct merkle_proof proof;
			assert_int_equal(merkle_consistency(&source, from, size, &proof), 0);
			consistency_is_exact(&forest, from, size, &proof);
		}
}

static void merkle__asks_for_nothing_that_is_not_there(void **state)
{
	(void)state;
	static struct forest forest;
	grow(&forest);
	const struct merkle_source source = { find, &forest };
	struct merkle_proof proof;
	struct merkle_tree tree;
	assert_int_equal(merkle_inclusion(&source, 5, 5, &proof), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "no entry 5"));
	assert_int_equal(merkle_consistency(&source, 6, 5, &proof), CURB_EINVAL);
	proof.count = 0; /* 6 leaves are no single subtree: their root is not known to whoever checks */
	assert_false(merkle_consistency_holds(6, &forest.root[6], 7, &forest.root[7], &proof));
	forest.refuse_level = 2; /* 13 leaves are 8 + 4 + 1 */
	assert_int_equal(merkle_load(&source, 13, &tree), CURB_EINTERNAL);
	assert_int_equal(merkle_inclusion(&source, 8, 13, &proof), 0);
	assert_int_equal(merkle_inclusion(&source, 1, 13, &proof), CURB_EINTERNAL);
	assert_int_equal(merkle_consistency(&source, 3, 13, &proof), CURB_EINTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merkle__has_the_roots_of_certificate_transparency),
		cmocka_unit_test(merkle__roots_are_those_of_the_definition),
		cmocka_unit_test(merkle__an_edge_that_is_loaded_goes_on_as_the_one_that_grew),
		cmocka_unit_test(merkle__every_entry_is_proved_in_every_size_and_nothing_else_is),
		cmocka_unit_test(merkle__every_size_is_proved_to_begin_every_larger_one),
		cmocka_unit_test(merkle__asks_for_nothing_that_is_not_there),
	};
	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
