#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"
#include "note.h"
#include "proof.h"
#include "tile.h"
#include "trust.h"

/* What is read of the ledger's formats is in its one form: written again it gives the same bytes. The first byte says what is
 * read. */
static void read_entry(struct curb_str bytes, struct curb_buf *out)
{
	struct entry_fact facts[ENTRY_FACTS];
	size_t n;
	if (entry_read(bytes, facts, &n))
		return;
	if (entry_write(out, facts, n) || !curb_str_eq(curb_buf_view(out), bytes))
		abort();
}

static void read_tile(struct curb_str bytes, struct curb_buf *out)
{
	struct tile tile;
	if (!tile_read(bytes, &tile))
		return;
	tile_write(out, &tile);
	if (!curb_str_eq(curb_str_from(curb_buf_view(out), strlen("tile/")), bytes))
		abort();
}

static void read_note(struct curb_str bytes, struct curb_buf *out)
{
	struct note note;
	struct checkpoint checkpoint;
	struct note_key key;
	if (note_read(bytes, &note) == 0 && checkpoint_read(note.body, &checkpoint) == 0) {
		checkpoint_write(out, &checkpoint);
		if (!curb_str_eq(curb_buf_view(out), note.body))
			abort();
	}
	if (note_key_read(bytes, &key) == 0) {
		curb_buf_clear(out);
		note_key_write(out, &key);
		if (!curb_str_eq(curb_buf_view(out), bytes))
			abort();
	}
}

static void read_proof(struct curb_str bytes, struct curb_buf *out)
{
	static struct proof proof;
	if (proof_read(bytes, &proof))
		return;
	proof_write(out, proof.has_entry ? proof_entry(&proof) : curb_str(NULL), proof.index, &proof.path,
	            proof.checkpoint);
	if (!curb_str_eq(curb_buf_view(out), bytes))
		abort();
}

static void read_submission(struct curb_str bytes, struct curb_buf *out)
{
	static struct submission submission;
	static struct trust trust;
	static const bool nobody[TRUST_WITNESSES];
	if (submission_read(bytes, &submission) == 0) {
		submission_write(out, submission.old_size, &submission.hashes, submission.checkpoint);
		if (!curb_str_eq(curb_buf_view(out), bytes))
			abort();
	}
	/* without a signature a quorum of some is never met */
	if (trust_read(bytes, &trust) == 0 && trust_met(&trust, nobody) == trust.wants_some)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const readers[])(struct curb_str bytes,
	                               struct curb_buf * out) = { read_entry, read_tile, read_note,
		                                                  read_proof, read_submission };
	if (size == 0)
		return 0;
	struct curb_buf out = curb_buf(PROOF_MOST);
	readers[bytes[0] % 5](curb_str_n((const char *)bytes + 1, size - 1), &out);
	curb_buf_free(&out);
	return 0;
}
