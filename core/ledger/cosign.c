/* What witnesses say of checkpoints: their signatures are a part of the file of the checkpoint before anybody is shown them. */
#include <stdlib.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

static const char witnessed_ending[] = ".witnessed";

/* ---- at the start ---- */

static void see(struct ledger *ledger, size_t witness, uint64_t size, uint64_t time_s)
{
	struct publisher *publisher = &ledger->publishers[witness];
	publisher->size = size;
	publisher->at_ms = (int64_t)time_s * 1000;
}

static void read_witnessed(struct ledger *ledger)
{
	char *bytes = curb_xcalloc(1, NOTE_MOST + 1);
	struct checkpoint last;
	size_t len = 0;
	if (sign_read(ledger, witnessed_ending, bytes, &len) == 0 && len > 0 &&
	    sign_is_ours(ledger, curb_str_n(bytes, len), &last) && last.size <= ledger->signed_size) {
		ledger->witnessed = bytes;
		ledger->witnessed_size = last.size;
		return;
	}
	free(bytes);
}

void cosign_begin(struct ledger *ledger)
{
	struct note note;
	if (!ledger->trust || note_read(curb_str(ledger->note), &note))
		return;
	for (size_t i = 0; i < ledger->trust->witness_count; i++) {
		uint64_t time_s;
		ledger->cosigned[i] = note_signed_by(&note, &ledger->trust->witnesses[i].key, &time_s);
		if (ledger->cosigned[i])
			see(ledger, i, ledger->signed_size, time_s);
	}
	read_witnessed(ledger);
}

/* ---- a signature more ---- */

/* True when the checkpoint that is shown has this body and not this signature yet. */
static bool still_wanted(const struct ledger *ledger, size_t witness, struct curb_str body)
{
	struct curb_str note = curb_str(ledger->note);
	return note.ptr && !ledger->cosigned[witness] && note.len > body.len &&
	       memcmp(note.ptr, body.ptr, body.len) == 0 && note.ptr[body.len] == '\n';
}

/* `note` is durable; so it is too as the one of the quorum when that is complete with it. */
static int take(struct ledger *ledger, size_t witness, struct curb_str note)
{
	bool signed_by[TRUST_WITNESSES];
	{
		CURB_LOCKED(lock, &ledger->mutex);
		free(ledger->note);
		ledger->note = curb_xstrdup(note.ptr);
		ledger->cosigned[witness] = true;
		memcpy(signed_by, ledger->cosigned, sizeof signed_by);
	}
	if (!trust_met(ledger->trust, signed_by))
		return 0;
	int err = sign_keep(ledger, witnessed_ending, note);
	if (err)
		return err;
	CURB_LOCKED(lock, &ledger->mutex);
	free(ledger->witnessed);
	ledger->witnessed = curb_xstrdup(note.ptr);
	ledger->witnessed_size = ledger->signed_size;
	(void)pthread_cond_broadcast(&ledger->shown);
	return 0;
}

int cosign_add(struct ledger *ledger, size_t witness, const struct note *answer)
{
	CURB_AUTO(buf) struct curb_buf note = curb_buf(NOTE_MOST);
	struct checkpoint checkpoint;
	uint64_t time_s = 0;
	const struct note_key *key = &ledger->trust->witnesses[witness].key;
	if (!note_signed_by(answer, key, &time_s) || checkpoint_read(answer->body, &checkpoint))
		return curb_fail(CURB_EINVAL, "the witness %s answers with another signature than its own",
		                 key->name);
	CURB_LOCKED(one, &ledger->signing);
	{
		CURB_LOCKED(lock, &ledger->mutex);
		see(ledger, witness, checkpoint.size, time_s);
		if (!still_wanted(ledger, witness, answer->body))
			return 0;
		curb_buf_text(&note, ledger->note);
	}
	note_copy_signature(&note, answer, key);
	int err = curb_buf_check(&note);
	if (!err)
		err = sign_keep(ledger, "", curb_buf_view(&note));
	return err ? err : take(ledger, witness, curb_buf_view(&note));
}

/* ---- a checkpoint that we do not know ---- */

static int contradicts(const struct ledger *ledger, struct curb_tx *tx, const struct checkpoint *theirs,
                       enum held *ret_why)
{
	const struct merkle_source source = { ledger_tile_hash, tx };
	struct merkle_tree then;
	struct merkle_hash root;
	*ret_why = FREE;
	if (theirs->size > ledger->signed_size) {
		*ret_why = OLDER;
		return 0;
	}
	int err = merkle_load(&source, theirs->size, &then);
	if (err)
		return err;
	merkle_root(&then, &root);
	if (!merkle_same(&root, &theirs->root))
		*ret_why = OTHER;
	return 0;
}

int cosign_evidence(struct ledger *ledger, struct curb_tx *tx, struct curb_str text)
{
	struct checkpoint theirs;
	enum held why;
	CURB_LOCKED(one, &ledger->signing); /* what is signed meanwhile stands still */
	if (ledger->held || !sign_is_ours(ledger, text, &theirs) ||
	    !curb_str_is(theirs.origin, ledger->signer.key.name))
		return 0;
	int err = contradicts(ledger, tx, &theirs, &why);
	if (err || why == FREE)
		return err;
	sign_hold(ledger, why);
	err = sign_keep(ledger, "", text);
	CURB_LOCKED(lock, &ledger->mutex);
	free(ledger->note);
	ledger->note = curb_xcalloc(1, text.len + 1);
	memcpy(ledger->note, text.ptr, text.len);
	ledger->signed_size = theirs.size;
	return err;
}
