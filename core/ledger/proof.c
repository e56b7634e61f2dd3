#include "proof.h"

#include "base64.h"
#include "curb/err.h"

static const char first_line[] = "c2sp.org/tlog-proof@v1";

/* ---- lines ---- */

void proof_write_hashes(struct curb_buf *out, const struct merkle_proof *hashes)
{
	for (size_t i = 0; i < hashes->count; i++) {
		base64_write(out, hashes->hashes[i].bytes, sizeof hashes->hashes[i].bytes);
		curb_buf_char(out, '\n');
	}
}

int proof_read_hashes(struct curb_str *rest, size_t most, struct merkle_proof *ret_hashes)
{
	struct curb_str line;
	struct merkle_hash hash;
	size_t n;
	ret_hashes->count = 0;
	while (curb_str_cut(rest, '\n', &line)) {
		if (line.len == 0 && rest->ptr)
			return 0;
		if (ret_hashes->count == most || !base64_read(line, hash.bytes, sizeof hash.bytes, &n) ||
		    n != sizeof hash.bytes)
			break;
		ret_hashes->hashes[ret_hashes->count++] = hash;
	}
	return curb_fail(CURB_EINVAL, "the hashes of the proof are not readable");
}

/* ---- the proof ---- */

void proof_write(struct curb_buf *out, struct curb_str entry, uint64_t index, const struct merkle_proof *path,
                 struct curb_str checkpoint)
{
	curb_buf_printf(out, "%s\n", first_line);
	if (entry.ptr) {
		curb_buf_text(out, "extra ");
		base64_write(out, entry.ptr, entry.len);
		curb_buf_char(out, '\n');
	}
	curb_buf_printf(out, "index %llu\n", (unsigned long long)index);
	proof_write_hashes(out, path);
	curb_buf_char(out, '\n');
	curb_buf_str(out, checkpoint);
}

/* What stands behind "WORD " on the next line. False when the line is another one. */
static bool read_line(struct curb_str *rest, const char *word, struct curb_str *ret_value)
{
	struct curb_str after = *rest, line;
	if (!curb_str_cut(&after, '\n', &line) || !curb_str_starts(line, word))
		return false;
	*ret_value = curb_str_from(line, strlen(word));
	*rest = after;
	return true;
}

int proof_read(struct curb_str text, struct proof *ret_proof)
{
	struct curb_str rest = text, value;
	struct proof *proof = ret_proof;
	proof->entry_len = 0;
	bool ok = text.len <= PROOF_MOST && read_line(&rest, first_line, &value) && value.len == 0;
	proof->has_entry = ok && read_line(&rest, "extra ", &value);
	if (proof->has_entry)
		ok = base64_read(value, proof->entry, sizeof proof->entry, &proof->entry_len);
	ok = ok && read_line(&rest, "index ", &value) && note_number(value, &proof->index) &&
	     proof_read_hashes(&rest, MERKLE_PROOF_MOST, &proof->path) == 0;
	if (!ok)
		return curb_fail(
			CURB_EINVAL,
			"this is not a receipt of a ledger (C2SP tlog-proof): it was cut or changed");
	proof->checkpoint = rest;
	return 0;
}

int proof_holds(const struct proof *proof, struct checkpoint *ret_checkpoint)
{
	struct note note;
	struct checkpoint checkpoint;
	struct merkle_hash leaf;
	int err = note_read(proof->checkpoint, &note);
	if (!err)
		err = checkpoint_read(note.body, &checkpoint);
	if (err)
		return err;
	if (!proof->has_entry)
		return curb_fail(CURB_EUNFIT, "the receipt has no entry in it: there is nothing to check");
	merkle_leaf(proof_entry(proof), &leaf);
	if (!merkle_inclusion_holds(&leaf, proof->index, checkpoint.size, &proof->path, &checkpoint.root))
		return curb_fail(CURB_EUNFIT, "the entry of this receipt is not in the ledger of %.*s",
		                 (int)checkpoint.origin.len, checkpoint.origin.ptr);
	*ret_checkpoint = checkpoint;
	return 0;
}

int proof_verify(const struct proof *proof, const struct note_key *key, struct checkpoint *ret_checkpoint)
{
	struct note note;
	struct checkpoint checkpoint;
	int err = note_read(proof->checkpoint, &note);
	if (!err && !note_signed_by(&note, key, NULL))
		err = curb_fail(CURB_EINVAL, "the checkpoint is not signed with the key of %s", key->name);
	if (!err)
		err = checkpoint_read(note.body, &checkpoint);
	if (!err && !curb_str_is(checkpoint.origin, key->name))
		err = curb_fail(CURB_EINVAL, "the checkpoint is of another ledger than %s", key->name);
	return err ? err : proof_holds(proof, ret_checkpoint);
}

/* ---- what a witness is asked ---- */

void submission_write(struct curb_buf *out, uint64_t old_size, const struct merkle_proof *hashes,
                      struct curb_str checkpoint)
{
	curb_buf_printf(out, "old %llu\n", (unsigned long long)old_size);
	proof_write_hashes(out, hashes);
	curb_buf_char(out, '\n');
	curb_buf_str(out, checkpoint);
}

int submission_read(struct curb_str text, struct submission *ret_submission)
{
	struct curb_str rest = text, old_size;
	struct submission *submission = ret_submission;
	if (!text.ptr || text.len > PROOF_MOST || !read_line(&rest, "old ", &old_size) ||
	    !note_number(old_size, &submission->old_size) ||
	    proof_read_hashes(&rest, SUBMISSION_HASHES, &submission->hashes))
		return curb_fail(CURB_EINVAL, "this is not a checkpoint with its proof (C2SP tlog-witness)");
	submission->checkpoint = rest;
	return 0;
}
