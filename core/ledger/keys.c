/* The keys that the ledger signed with before, and the change from one to the next. */
#include <stdlib.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
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

/* Adds a key that is not there yet: the newest change says most of it. */
static int add_known(struct curb_str text, uint64_t most, struct ledger_known *keys, size_t *n)
{
	int err = note_key_read(text, &keys[*n].key);
	bool twice = false;
	keys[*n].most = most;
	for (size_t i = 0; !err && !twice && i < *n; i++)
		twice = handover_same_key(&keys[i].key, &keys[*n].key);
	*n += !err && !twice;
	return err;
}

/* Both keys of a change; of one that was announced alone the old one. */
static int add_change(struct curb_stmt *stmt, struct ledger_known *keys, size_t *n)
{
	bool rotates = curb_str_is(curb_col_text(stmt, 2), "rotate");
	struct curb_str text = curb_col_text(stmt, 3);
	struct checkpoint both = { .size = UINT64_MAX };
	struct note note;
	int err = 0;
	if (rotates && text.len) {
		err = note_read(text, &note);
		if (!err)
			err = checkpoint_read(note.body, &both);
	}
	if (!err && (!rotates || text.len))
		err = add_known(curb_col_text(stmt, 1), UINT64_MAX, keys, n);
	return err ? err : add_known(curb_col_text(stmt, 0), both.size, keys, n);
}

int ledger_keys(struct ledger *ledger, struct curb_tx *tx, struct ledger_known **ret_keys, size_t *ret_n)
{
	enum { CHANGES_MOST = 255 };
	static const char sql[] =
		"SELECT old_key, new_key, kind, note FROM ledger_key ORDER BY entry DESC LIMIT $1";
	struct ledger_known *keys = curb_alloc_n(curb_tx_arena(tx), 1 + 2 * CHANGES_MOST, sizeof *keys);
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	size_t n = 1;
	ledger_key(ledger, &keys[0].key);
	keys[0].most = UINT64_MAX;
	int err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(CHANGES_MOST)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0)
		err = add_change(stmt, keys, &n);
	if (err)
		return err;
	*ret_keys = keys;
	*ret_n = n;
	return 0;
}

/* A rotation that both keys did not sign yet is none: the old key goes on. */
static int read_last(struct curb_tx *tx, struct key_change *ret_last)
{
	static const char sql[] = "SELECT kind, old_key, new_key FROM ledger_key "
				  "WHERE kind = 'renew' OR note IS NOT NULL ORDER BY entry DESC LIMIT 1";
	struct key_change last = { .kind = UNCHANGED };
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql, CURB_NO_BINDS, &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (err) {
		last.kind = curb_str_is(curb_col_text(stmt, 0), "renew") ? RENEWED : ROTATED;
		err = note_key_read(curb_col_text(stmt, 1), &last.old);
		if (!err)
			err = note_key_read(curb_col_text(stmt, 2), &last.next);
	}
	if (!err)
		*ret_last = last;
	return err;
}

int keys_load(struct ledger *ledger, struct curb_tx *tx)
{
	struct ledger_known *keys = NULL;
	size_t n = 0, kept = 0;
	int err = read_last(tx, &ledger->last);
	if (!err)
		err = ledger_keys(ledger, tx, &keys, &n);
	if (err)
		return err;
	struct ledger_known *former = curb_xcalloc(n, sizeof *former);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i].key.name, keys[0].key.name) == 0)
			former[kept++] = keys[i];
	CURB_LOCKED(lock, &ledger->mutex);
	free(ledger->former);
	ledger->former = former;
	ledger->former_count = kept;
	return 0;
}

bool keys_are_newest(const struct ledger *ledger)
{
	return ledger->last.kind == UNCHANGED || handover_same_key(&ledger->last.next, &ledger->signer.key);
}

int keys_begin(struct ledger *ledger, struct curb_tx *tx)
{
	const struct ledger_keeper *keeper = &ledger->keeper;
	struct note_signer next = { .key.id = 0 };
	int err = keys_load(ledger, tx);
	if (!err && !keys_are_newest(ledger) && keeper->find &&
	    keeper->find(keeper->arg, &ledger->last.next, &next) == 0) {
		ledger->signer = next;
		ledger->adopts = true;
		err = keys_load(ledger, tx);
	}
	note_signer_wipe(&next);
	return err;
}

void keys_adopt(struct ledger *ledger)
{
	CURB_LOCKED(one, &ledger->signing);
	if (!ledger->adopts || !ledger->note)
		return;
	if (ledger->keeper.adopt(ledger->keeper.arg, &ledger->signer.key))
		curb_log(CURB_ERROR, "ledger-key-not-adopted reason=\"%s\"", curb_error_text());
	else
		ledger->adopts = false;
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

/* The entry, the checkpoint that both keys signed, and from then on the new key alone. */
static int hand_over(struct ledger *ledger, const struct note_signer *next, struct rotation *rotation)
{
	CURB_AUTO(arena) struct curb_arena *arena = curb_arena_new(2 * NOTE_MOST);
	int err = write_to(ledger, announce_fn, rotation);
	if (!err)
		err = sign_both(ledger, next);
	if (!err) {
		rotation->note = ledger_checkpoint(ledger, arena).note;
		err = write_to(ledger, keep_fn, rotation);
	}
	if (err)
		return err;
	{
		CURB_LOCKED(lock, &ledger->mutex);
		ledger->signer = *next;
		ledger->adopts = true;
	}
	return write_to(ledger, load_fn, rotation);
}

int ledger_rotate(struct ledger *ledger, struct curb_str reason)
{
	const struct ledger_keeper *keeper = &ledger->keeper;
	struct rotation rotation = { .ledger = ledger, .reason = curb_str_trim(reason) };
	struct note_signer next = { .key.id = 0 };
	if (rotation.reason.len > LEDGER_REASON || !curb_utf8_valid(rotation.reason))
		return curb_fail(CURB_EINVAL, "say why, in at most %d bytes", LEDGER_REASON);
	CURB_LOCKED(one, &ledger->signing);
	ledger_key(ledger, &rotation.old);
	int err = ledger_held(ledger);
	if (!err && !ledger->adopts) {
		err = keeper->next(keeper->arg, rotation.old.name, &next);
		rotation.next = next.key;
		if (!err && handover_same_key(&rotation.old, &next.key))
			err = curb_fail(CURB_ENOTFOUND, "no change of the ledger's key was begun");
		if (!err)
			err = hand_over(ledger, &next, &rotation);
		note_signer_wipe(&next);
	}
	if (!err)
		err = keeper->adopt(keeper->arg, &ledger->signer.key);
	if (!err)
		ledger->adopts = false;
	return err;
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
