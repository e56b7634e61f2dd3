/* The ledger that is in the database, looked at as an auditor looks at its files. */
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"
#include "verify.h"

enum { ARENA_MOST = 64 << 20 };

struct examining {
	struct store_reader *reader;
	struct curb_arena *arena;
};

static int tile_of(void *arg, const struct tile *tile, struct curb_buf *out)
{
	const struct examining *e = arg;
	struct curb_str bytes;
	curb_arena_reset(e->arena);
	curb_buf_clear(out);
	int err = ledger_tile(store_begin(e->reader, e->arena), tile, &bytes);
	if (!err)
		curb_buf_str(out, bytes);
	store_end(e->reader);
	return err ? err : curb_buf_check(out);
}

/* Signs, and looks whether what was signed is in its file: a server that runs never reads it again. */
static int look_at_checkpoint(struct ledger *ledger, const struct verify_call *call)
{
	CURB_LOCKED(one, &ledger->signing);
	int err = ledger->looking ? 0 : sign_now(ledger);
	if (err || sign_is_kept(ledger))
		return err;
	call->found(call->arg, "the file of the last checkpoint is not as it was signed");
	return curb_fail(CURB_EUNFIT, "the ledger is not as it was signed");
}

int ledger_examine(struct ledger *ledger, const struct verify_call *call, struct verify_result *ret_result)
{
	CURB_AUTO(arena)
	struct curb_arena *arena = curb_arena_new(ARENA_MOST), *notes = curb_arena_new(NOTE_MOST * 2);
	struct examining e = { .arena = arena };
	struct note_key key;
	*ret_result = (struct verify_result){ .size = 0 };
	int err = ledger_held(ledger);
	int checkpoint = err ? err : look_at_checkpoint(ledger, call);
	if (!err && checkpoint != CURB_EUNFIT)
		err = checkpoint;
	if (!err)
		err = store_reader_open(ledger->store, &e.reader);
	if (err)
		return err;
	if (!ledger->note) { /* not held: there are no entries, and none were signed */
		store_reader_close(e.reader);
		return checkpoint;
	}
	ledger_key(ledger, &key);
	const struct verify_source source = { .checkpoint = ledger_checkpoint(ledger, notes).note,
		                              .tile = tile_of,
		                              .arg = &e };
	err = verify(&source, &key, call, ret_result);
	store_reader_close(e.reader);
	return err ? err : checkpoint;
}
