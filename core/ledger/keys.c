/* The keys that the ledger signed with before, and the change from one to the next. */
#include <stdlib.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "handover.h"
#include "inside.h"
#include "proof.h"

enum { KEY_TEXT = NOTE_NAME + 128 };

static struct curb_str key_text(struct curb_arena *arena, const struct note_key *key)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(KEY_TEXT);
	note_key_write(&out, key);
	return curb_dup(arena, curb_buf_view(&out));
}

int keys_note(struct curb_tx *tx, int64_t entry, struct curb_str kind, const struct note_key *old,
              const struct note_key *new, struct curb_str note)
{
	static const char sql[] =
		"INSERT INTO ledger_key (entry, kind, old_key, new_key, note) VALUES ($1, $2, $3, $4, $5)";
	struct curb_arena *arena = curb_tx_arena(tx);
	return curb_exec(&ledger_host, tx, sql,
	                 CURB_BINDS(curb_int(entry), curb_text(kind), curb_text(key_text(arena, old)),
	                            curb_text(key_text(arena, new)), curb_text(note)),
	                 NULL);
}

int ledger_keys(struct ledger *ledger, struct curb_tx *tx, struct note_key **ret_keys, size_t *ret_n)
{
	enum { KEYS_MOST = 256 };
	static const char sql[] = "SELECT old_key FROM ledger_key ORDER BY entry DESC LIMIT 255";
	struct note_key *keys = curb_alloc_n(curb_tx_arena(tx), KEYS_MOST, sizeof *keys);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 1;
	ledger_key(ledger, &keys[0]);
	int err = curb_query(&ledger_host, tx, sql, CURB_NO_BINDS, &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = note_key_read(curb_col_text(stmt, 0), &keys[n++]);
	if (err)
		return err;
	*ret_keys = keys;
	*ret_n = n;
	return 0;
}

int keys_load(struct ledger *ledger, struct curb_tx *tx)
{
	struct note_key *keys = NULL;
	size_t n = 0, kept = 0;
	int err = ledger_keys(ledger, tx, &keys, &n);
	if (err)
		return err;
	struct note_key *former = curb_xcalloc(n, sizeof *former);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i].name, keys[0].name) == 0 && !handover_same_key(&keys[i], &keys[0]))
			former[kept++] = keys[i];
	CURB_LOCKED(lock, &ledger->mutex);
	free(ledger->former);
	ledger->former = former;
	ledger->former_count = kept;
	return 0;
}

/* ---- the next key ---- */

struct rotation {
	struct ledger *ledger;
	struct note_key old, next;
	struct curb_str reason, note;
	int64_t entry;
};

/* The entry that announces this key already, when the change was begun and not finished. CURB_ENOTFOUND. */
static int find_begun(struct curb_tx *tx, struct rotation *rotation)
{
	static const char sql[] = "SELECT entry FROM ledger_key WHERE new_key = $1";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql,
	                     CURB_BINDS(curb_text(key_text(curb_tx_arena(tx), &rotation->next))), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return CURB_ENOTFOUND;
	rotation->entry = curb_col_int(stmt, 0);
	return 0;
}

static int announce_fn(struct curb_tx *tx, void *arg)
{
	struct rotation *rotation = arg;
	struct curb_arena *arena = curb_tx_arena(tx);
	int err = find_begun(tx, rotation);
	if (err != CURB_ENOTFOUND)
		return err;
	if (rotation->reason.len == 0)
		return curb_fail(CURB_ENOTFOUND, "no change of the ledger's key was begun");
	const struct curb_fact facts[] = { { "old_key", 0, key_text(arena, &rotation->old) },
		                           { "new_key", 0, key_text(arena, &rotation->next) },
		                           { "reason", 0, rotation->reason } };
	const struct curb_entry entry = { .kind = "rotate",
		                          .at_ms = curb_wall_ms(),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	err = curb_ledger_append(tx, &entry, &rotation->entry);
	return err ? err :
	             keys_note(tx, rotation->entry, curb_str("rotate"), &rotation->old, &rotation->next,
	                       curb_str(NULL));
}

static int keep_fn(struct curb_tx *tx, void *arg)
{
	struct rotation *rotation = arg;
	return curb_exec(&ledger_host, tx, "UPDATE ledger_key SET note = $1 WHERE entry = $2",
	                 CURB_BINDS(curb_text(rotation->note), curb_int(rotation->entry)), NULL);
}

static int load_fn(struct curb_tx *tx, void *arg)
{
	return keys_load(((struct rotation *)arg)->ledger, tx);
}

static int write_to(struct ledger *ledger, curb_write_fn fn, struct rotation *rotation)
{
	const struct store_write write = { .fn = fn, .arg = rotation };
	return store_write(ledger->store, &write);
}

/* The checkpoint that both keys signed; arena. */
static int hand_over(struct ledger *ledger, const struct note_signer *next, struct rotation *rotation,
                     struct curb_arena *arena)
{
	int err = sign_both(ledger, next);
	if (!err)
		rotation->note = ledger_checkpoint(ledger, arena).note;
	return err ? err : write_to(ledger, keep_fn, rotation);
}

int ledger_rotate(struct ledger *ledger, struct curb_str reason, const struct ledger_rotation *how)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(2 * NOTE_MOST);
	struct rotation rotation = { .ledger = ledger, .reason = curb_str_trim(reason) };
	struct note_signer next = { .key.id = 0 };
	if (rotation.reason.len > LEDGER_REASON || !curb_utf8_valid(rotation.reason))
		return curb_fail(CURB_EINVAL, "say why, in at most %d bytes", LEDGER_REASON);
	CURB_LOCKED(one, &ledger->signing);
	ledger_key(ledger, &rotation.old);
	int err = ledger_held(ledger);
	if (!err)
		err = how->next(how->arg, rotation.old.name, &next);
	rotation.next = next.key;
	if (!err)
		err = write_to(ledger, announce_fn, &rotation);
	if (!err)
		err = hand_over(ledger, &next, &rotation, arena);
	if (!err)
		err = how->adopt(how->arg);
	if (!err) {
		CURB_LOCKED(lock, &ledger->mutex);
		ledger->signer = next;
	}
	note_signer_wipe(&next);
	return err ? err : write_to(ledger, load_fn, &rotation);
}

/* ---- for those who verify ---- */

int ledger_handover(struct curb_tx *tx, int64_t behind, int64_t *ret_entry, struct curb_str *ret_text)
{
	/* those of the name of now: behind the last decision to go on with another tree */
	static const char sql[] =
		"SELECT entry, note FROM ledger_key WHERE kind = 'rotate' AND note IS NOT NULL AND entry > "
		"$1 "
		"AND entry > (SELECT coalesce(max(entry), -1) FROM ledger_key WHERE kind = 'renew') "
		"ORDER BY entry LIMIT 1";
	struct checkpoint checkpoint;
	struct ledger_shown shown;
	struct note note;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(behind)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "the key did not change behind entry %lld",
		                 (long long)behind);
	*ret_entry = curb_col_int(stmt, 0);
	shown.note = curb_dup(curb_tx_arena(tx), curb_col_text(stmt, 1));
	err = note_read(shown.note, &note);
	if (!err)
		err = checkpoint_read(note.body, &checkpoint);
	if (err)
		return err;
	shown.size = checkpoint.size;
	return ledger_prove(tx, &shown, (uint64_t)*ret_entry, true, ret_text);
}
