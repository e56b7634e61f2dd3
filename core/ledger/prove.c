/* Proofs of what is in the tree, out of its tiles. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "proof.h"

int ledger_entry(struct curb_tx *tx, uint64_t index, struct curb_str *ret_body)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, "SELECT body FROM ledger_entry WHERE n = $1",
	                     CURB_BINDS(curb_int((int64_t)index)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "The ledger has no entry %llu", (unsigned long long)index);
	if (curb_col_null(stmt, 0))
		return curb_fail(CURB_EGONE,
		                 "Entry %llu was erased with the person that it was about; its hash is kept",
		                 (unsigned long long)index);
	*ret_body = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
	return 0;
}

static int text_of(struct curb_tx *tx, struct curb_buf *out, struct curb_str *ret_text)
{
	int err = curb_buf_check(out);
	if (!err)
		*ret_text = curb_dup(curb_tx_arena(tx), curb_buf_view(out));
	return err;
}

int ledger_prove(struct curb_tx *tx, const struct ledger_shown *shown, uint64_t index, bool with_entry,
                 struct curb_str *ret_text)
{
	const struct merkle_source source = { ledger_tile_hash, tx };
	struct merkle_proof path;
	struct curb_str entry = curb_str(NULL);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(PROOF_MOST);
	int err = 0;
	if (index >= shown->size)
		err = curb_fail(CURB_ENOTFOUND, "The last checkpoint of the ledger has no entry %llu",
		                (unsigned long long)index);
	if (!err && with_entry)
		err = ledger_entry(tx, index, &entry);
	if (!err)
		err = merkle_inclusion(&source, index, shown->size, &path);
	if (err)
		return err;
	proof_write(&out, entry, index, &path, shown->note);
	return text_of(tx, &out, ret_text);
}

int ledger_prove_growth(struct curb_tx *tx, uint64_t from, uint64_t size, struct curb_str *ret_text)
{
	const struct merkle_source source = { ledger_tile_hash, tx };
	struct merkle_proof hashes;
	CURB_AUTO(buf) struct curb_buf out = curb_buf(PROOF_MOST);
	int err = merkle_consistency(&source, from, size, &hashes);
	if (err)
		return err;
	proof_write_hashes(&out, &hashes);
	return text_of(tx, &out, ret_text);
}
