#include "handover.h"

#include <stdlib.h>

#include "curb/arena.h"
#include "curb/err.h"
#include "proof.h"

bool handover_same_key(const struct note_key *a, const struct note_key *b)
{
	return strcmp(a->name, b->name) == 0 && a->type == b->type &&
	       memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0;
}

static bool read_key(const struct entry_fact *facts, size_t n, const char *name, struct note_key *ret_key)
{
	const struct entry_fact *fact = entry_find(facts, n, name);
	return fact && fact->kind == ENTRY_TEXT && note_key_read(fact->bytes, ret_key) == 0 &&
	       ret_key->type == NOTE_ED25519;
}

static int read_entry(const struct proof *proof, struct handover *ret)
{
	struct entry_fact facts[ENTRY_FACTS];
	size_t n = 0;
	int err = proof->has_entry ? entry_read(proof_entry(proof), facts, &n) : CURB_EINVAL;
	const struct entry_fact *kind = err ? NULL : entry_find(facts, n, "kind");
	if (!kind || kind->kind != ENTRY_TEXT || !curb_str_is(kind->bytes, "rotate") ||
	    !read_key(facts, n, "old_key", &ret->old_key) || !read_key(facts, n, "new_key", &ret->new_key) ||
	    strcmp(ret->old_key.name, ret->new_key.name) != 0)
		return curb_fail(CURB_EINVAL, "this is not the proof that a ledger changed its key");
	return 0;
}

static int check(const struct proof *proof, struct handover *ret)
{
	struct checkpoint checkpoint;
	struct note note;
	int err = read_entry(proof, ret);
	if (!err && (note_read(proof->checkpoint, &note) || !note_signed_by(&note, &ret->new_key, NULL) ||
	             proof_verify(proof, &ret->old_key, &checkpoint)))
		err = curb_fail(CURB_EUNFIT, "the change of the key of %s was not signed by both keys",
		                ret->old_key.name);
	if (err)
		return err;
	ret->size = checkpoint.size;
	ret->root = checkpoint.root;
	return 0;
}

int handover_read(struct curb_str text, struct handover *ret_handover)
{
	struct proof *proof = curb_xcalloc(1, sizeof *proof);
	struct handover handover = { .size = 0 };
	int err = proof_read(text, proof);
	if (!err)
		err = check(proof, &handover);
	if (!err)
		*ret_handover = handover;
	free(proof);
	return err;
}
