/* The page that checks a receipt, for everybody: what the ledger is, how far it is signed, and whether a receipt still stands. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/words.h"
#include "entry.h"
#include "http.h"
#include "inside.h"
#include "proof.h"
#include "serve.h"

enum { RECEIPT_MOST = 48 << 10 };

struct checking {
	struct curb_req *req;
	struct ledger *ledger;
	struct curb_value *model, *errors;
	struct proof *proof;
	struct checkpoint checkpoint;
};

static struct curb_arena *arena_of(const struct checking *c)
{
	return curb_req_arena(c->req);
}

static struct checking checking_of(struct curb_req *req, struct ledger *ledger)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct checking c = { .req = req,
		              .ledger = ledger,
		              .model = curb_object(arena),
		              .errors = curb_object(arena),
		              .proof = curb_alloc(arena, sizeof *c.proof) };
	curb_put_str(c.model, "title", curb_tr(req, "Check a receipt", NULL));
	curb_put(c.model, "e", c.errors);
	return c;
}

/* ---- how the ledger stands ---- */

static void fact(const struct checking *c, struct curb_value *facts, const char *term, struct curb_str text)
{
	struct curb_value *one = curb_object(arena_of(c));
	curb_put_str(one, "term", curb_tr(c->req, term, NULL));
	curb_put_str(one, "text", text);
	curb_push(facts, one);
}

static struct curb_str number(const struct checking *c, uint64_t n)
{
	return curb_str(curb_printf(arena_of(c), "%llu", (unsigned long long)n));
}

static struct curb_str witness_text(const struct checking *c, const struct ledger_witness *witness)
{
	struct curb_value *values = curb_object(arena_of(c));
	curb_put_text(values, "name", witness->name);
	curb_put_int(values, "entries", (int64_t)witness->size);
	curb_put_str(values, "day", curb_words_date(c->req, witness->at_ms));
	return witness->at_ms ? curb_tr(c->req, "{name}: has signed {entries} entries, on {day}", values) :
	                        curb_tr(c->req, "{name}: has signed nothing yet", values);
}

static void put_state(const struct checking *c)
{
	struct curb_value *facts = curb_array(arena_of(c)), *witnesses = curb_array(arena_of(c));
	CURB_AUTO(buf) struct curb_buf text = curb_buf(NOTE_NAME + 128);
	struct ledger_state state;
	struct note_key key;
	ledger_state(c->ledger, &state);
	ledger_key(c->ledger, &key);
	note_key_write(&text, &key);
	fact(c, facts, CURB_TEXT("Entries"), number(c, state.entries));
	fact(c, facts, CURB_TEXT("Entries that are signed"), number(c, state.signed_size));
	for (size_t i = 0; i < state.witness_count; i++)
		curb_push(witnesses, curb_string(arena_of(c), witness_text(c, &state.witnesses[i])));
	if (ledger_held(c->ledger))
		curb_put_bool(c->model, "held", true);
	curb_put(c->model, "facts", facts);
	curb_put(c->model, "witnesses", witnesses);
	curb_put_str(c->model, "key", curb_buf_view(&text));
	curb_put_str(c->model, "checkpoint", ledger_checkpoint(c->ledger, arena_of(c)).note);
}

static int show(const struct checking *c, int status)
{
	put_state(c);
	return curb_reply_page(c->req, status, "receipt_check", c->model);
}

int ledger_page_check(struct curb_req *req, void *state)
{
	const struct checking c = checking_of(req, state);
	return show(&c, 200);
}

/* ---- the answer ---- */

static int answer(const struct checking *c, const char *kind, struct curb_str title, struct curb_str text)
{
	struct curb_value *made = curb_object(arena_of(c)), *values = curb_object(arena_of(c));
	curb_put_text(made, "kind", kind);
	curb_put_str(made, "title", title);
	curb_put_str(made, "text", text);
	curb_put(c->model, "answer", made);
	curb_put_str(values, "answer", title);
	curb_put_str(c->model, "title", curb_tr(c->req, "{answer} – Check a receipt", values));
	return show(c, 200);
}

static int no_receipt(const struct checking *c)
{
	return answer(c, "error", curb_tr(c->req, "This is not a receipt", NULL),
	              curb_tr(c->req,
	                      "A receipt is a file that ends in .tlog-proof; its first line is "
	                      "c2sp.org/tlog-proof@v1. Choose the file as it was saved, or paste all of it.",
	                      NULL));
}

static int changed(const struct checking *c)
{
	return answer(c, "error", curb_tr(c->req, "This receipt was changed", NULL),
	              curb_tr(c->req,
	                      "It says that this server signed it, but what stands in it is not what was "
	                      "signed. Take the file as it was saved. When you have no other, take a new "
	                      "receipt from the page of your hours.",
	                      NULL));
}

static int elsewhere(const struct checking *c)
{
	struct curb_value *values = curb_object(arena_of(c));
	curb_put_str(values, "name", c->checkpoint.origin);
	return answer(c, "error", curb_tr(c->req, "This receipt is of another ledger", NULL),
	              curb_tr(c->req,
	                      "It says that it is of {name}. Check it on the server of that ledger. This "
	                      "one can say nothing of it.",
	                      values));
}

/* Whoever stole a key that was replaced can sign with it, and prove nothing. */
static int replaced(const struct checking *c)
{
	return answer(c, "error", curb_tr(c->req, "This receipt is signed by a key that was replaced", NULL),
	              curb_tr(c->req,
	                      "This ledger signed with that key once, and had another one before it had as "
	                      "many entries as the receipt says. So this server did not sign it. Take a new "
	                      "receipt from the page of your hours.",
	                      NULL));
}

/* A genuine one looks so too once the server was put back from a copy of before it had that key. */
static int unknown_key(const struct checking *c)
{
	struct curb_value *values = curb_object(arena_of(c));
	struct ledger_state state;
	ledger_state(c->ledger, &state);
	curb_put_str(values, "size", number(c, c->checkpoint.size));
	curb_put_str(values, "entries", number(c, state.entries));
	return answer(
		c, "error",
		curb_tr(c->req, "This receipt is signed with a key that this server does not know", NULL),
		c->checkpoint.size > state.entries ?
			curb_tr(c->req,
	                        "It has the name of this ledger, and says that the ledger had {size} "
	                        "entries; "
	                        "here it has {entries}. When the server was put back from an older copy, the "
	                        "receipt may be genuine, and entries are missing here. Keep the file and "
	                        "show "
	                        "it to an auditor.",
	                        values) :
			curb_tr(c->req,
	                        "It has the name of this ledger. When the server was put back from an older "
	                        "copy, the receipt may be genuine; this server cannot tell. Keep the file "
	                        "and "
	                        "show it to an auditor.",
	                        NULL));
}

static int lost(const struct checking *c)
{
	return answer(c, "error",
	              curb_tr(c->req, "This server signed it, and its ledger has it no more", NULL),
	              curb_tr(c->req,
	                      "Keep the file: it proves what was counted. Show it to an auditor or call the "
	                      "supervision telephone. Entries of the ledger are missing or were changed; no "
	                      "hours are counted until an auditor has decided.",
	                      NULL));
}

/* Signed by the ledger before somebody decided that it goes on without what was lost. */
static int left_behind(const struct checking *c)
{
	return answer(c, "error",
	              curb_tr(c->req, "This server signed it, and went on without it later", NULL),
	              curb_tr(c->req,
	                      "Keep the file: it proves what was counted. The server was put back from an "
	                      "older copy, and it was decided to go on; that decision stands in the ledger. "
	                      "Show the file to your training centre: what is missing can be entered again.",
	                      NULL));
}

/* What the entry says, as programs read it; pseudonyms and salt say nothing to anybody. */
static void put_entry(const struct checking *c)
{
	struct entry_fact facts[ENTRY_FACTS];
	CURB_AUTO(buf) struct curb_buf text = curb_buf(2 * ENTRY_MOST);
	size_t n = 0;
	if (entry_read(proof_entry(c->proof), facts, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct entry_fact *one = &facts[i];
		if (one->kind == ENTRY_BYTES)
			continue;
		curb_buf_printf(&text, "%.*s: ", (int)one->name.len, one->name.ptr);
		if (one->kind == ENTRY_NUMBER)
			curb_buf_int(&text, one->number);
		else
			curb_buf_str(&text, one->bytes);
		curb_buf_char(&text, '\n');
	}
	curb_put_str(c->model, "entry", curb_buf_view(&text));
}

/* Those of the witnesses of now who signed the checkpoint in it. */
static void put_signers(const struct checking *c)
{
	struct curb_value *list = curb_array(arena_of(c));
	const struct trust *trust = c->ledger->trust;
	struct note note;
	curb_put(c->model, "signers", list);
	if (!trust || note_read(c->proof->checkpoint, &note))
		return;
	for (size_t i = 0; i < trust->witness_count; i++)
		if (note_signed_by(&note, &trust->witnesses[i].key, NULL))
			curb_push(list, curb_string(arena_of(c), curb_str(trust->witnesses[i].key.name)));
}

static int stands(const struct checking *c)
{
	struct curb_value *values = curb_object(arena_of(c));
	curb_put_str(values, "entry", number(c, c->proof->index));
	curb_put_str(values, "entries", number(c, c->checkpoint.size));
	put_entry(c);
	put_signers(c);
	return answer(c, "good", curb_tr(c->req, "This receipt stands", NULL),
	              curb_tr(c->req,
	                      "It is as this server signed it, when the ledger had {entries} entries, and "
	                      "the ledger still has its entry, number {entry}.",
	                      values));
}

/* ---- checking ---- */

/* By whose key it is signed. CHANGED: by one of this ledger, now or before, and what stands in it is not what that signed. */
enum whose { OURS, ELSEWHERE, CHANGED, REPLACED, UNKNOWN_KEY };

static enum whose whose(const struct checking *c, const struct note *note, const struct ledger_known *keys,
                        size_t n)
{
	struct checkpoint checkpoint;
	enum whose whose = ELSEWHERE;
	for (size_t i = 0; i < n; i++) {
		const struct note_key *key = &keys[i].key;
		if (!curb_str_is(c->checkpoint.origin, key->name))
			continue;
		if (proof_verify(c->proof, key, &checkpoint) == 0) {
			if (c->checkpoint.size <= keys[i].most)
				return OURS;
			whose = REPLACED;
		} else if (note_has_line(note, key))
			return CHANGED;
		else if (whose == ELSEWHERE)
			whose = UNKNOWN_KEY;
	}
	return whose == UNKNOWN_KEY && proof_holds(c->proof, &checkpoint) ? CHANGED : whose;
}

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

/* Whether the tree of now begins as the receipt says. A checkpoint of a key of this ledger's name that does not fit is proof that
 * the database was put back or changed: nothing is counted from then on. */
static int compare(struct checking *c, bool renewed)
{
	int err = http_without_permit(c->req, nothing, NULL); /* a snapshot that began behind the receipt */
	if (err)
		return err;
	struct curb_tx *tx = curb_req_tx(c->req);
	const struct merkle_source source = { ledger_tile_hash, tx };
	struct merkle_tree then;
	struct merkle_hash root;
	err = merkle_load(&source, c->checkpoint.size, &then);
	if (err && err != CURB_ENOTFOUND)
		return err;
	if (!err) {
		merkle_root(&then, &root);
		if (merkle_same(&root, &c->checkpoint.root))
			return stands(c);
	}
	if (renewed)
		return left_behind(c);
	err = cosign_evidence(c->ledger, tx, c->proof->checkpoint);
	return err ? err : lost(c);
}

static int check(struct checking *c, struct curb_str text)
{
	struct entry_fact facts[ENTRY_FACTS];
	struct ledger_known *keys = NULL;
	struct note note;
	size_t n = 0, facts_n = 0;
	if (text.len > RECEIPT_MOST || proof_read(text, c->proof))
		return no_receipt(c);
	if (note_read(c->proof->checkpoint, &note) || checkpoint_read(note.body, &c->checkpoint))
		return changed(c);
	int err = ledger_keys(c->ledger, curb_req_tx(c->req), &keys, &n);
	if (err)
		return err;
	switch (whose(c, &note, keys, n)) {
	case ELSEWHERE: return elsewhere(c);
	case CHANGED: return changed(c);
	case REPLACED: return replaced(c);
	case UNKNOWN_KEY: return unknown_key(c);
	case OURS: break;
	}
	if (entry_read(proof_entry(c->proof), facts, &facts_n))
		return changed(c);
	return compare(c, !curb_str_is(c->checkpoint.origin, keys[0].key.name));
}

/* Line ends as the receipt has them: forms send others, and leave the last one out. */
static struct curb_str unfolded(struct curb_arena *arena, struct curb_str from)
{
	char *to = curb_alloc(arena, from.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < from.len; i++)
		if (from.ptr[i] != '\r')
			to[n++] = from.ptr[i];
	if (n && to[n - 1] != '\n')
		to[n++] = '\n';
	return curb_str_n(to, n);
}

static int refuse(const struct checking *c, int status, const char *field, struct curb_str text)
{
	curb_put_str(c->errors, field, text);
	return show(c, status);
}

int ledger_post_check_text(struct curb_req *req, void *state)
{
	struct checking c = checking_of(req, state);
	struct curb_str text = curb_str_trim(curb_req_field(req, "text"));
	if (!text.len)
		return refuse(&c, 400, "text", curb_tr(req, "Paste the text of the receipt here", NULL));
	return check(&c, unfolded(arena_of(&c), text));
}

int ledger_post_check_file(struct curb_req *req, void *state)
{
	struct checking c = checking_of(req, state);
	struct curb_str text;
	int err = curb_req_file_text(req, RECEIPT_MOST,
	                             CURB_TEXT("Choose the file that ends in .tlog-proof first"),
	                             CURB_TEXT("This file is too large to be a receipt"), &text);
	if (err == CURB_EINVAL || err == CURB_ETOOBIG)
		return refuse(&c, curb_err_status(err), "file",
		              curb_dup(arena_of(&c), curb_str(curb_error_local())));
	return err ? err : check(&c, unfolded(arena_of(&c), text));
}
