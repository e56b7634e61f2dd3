/* The ledger for everybody: checkpoint, key and hashes. They say nothing of anybody; entries do, and go to auditors. */
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/request.h"
#include "http.h"
#include "inside.h"
#include "serve.h"

enum { CHECK_BODY = 64 << 10 }; /* what is read in memory */

static int reply_bytes(struct curb_req *req, const char *type, struct curb_str bytes, bool immutable)
{
	const struct curb_piece piece = { .bytes = bytes };
	const struct curb_body_info info = { .type = type, .immutable = immutable };
	return curb_reply_pieces(req, &piece, 1, &info);
}

static int reply_text(struct curb_req *req, struct curb_str text)
{
	return reply_bytes(req, "text/plain; charset=utf-8", text, false);
}

static int get_checkpoint(struct curb_req *req, void *state)
{
	const struct ledger_shown shown = ledger_checkpoint(state, curb_req_arena(req));
	if (shown.note.len == 0)
		return curb_fail(CURB_ENOTFOUND, "The ledger of this server has signed nothing");
	return reply_text(req, shown.note);
}

static int get_key(struct curb_req *req, void *state)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(NOTE_NAME + 128);
	struct note_key key;
	ledger_key(state, &key);
	note_key_write(&out, &key);
	curb_buf_char(&out, '\n');
	return curb_reply_bytes(req, 200, "text/plain; charset=utf-8", &out);
}

int ledger_may_see_entries(struct curb_req *req)
{
	const struct curb_id everything = { "" };
	return curb_may(req, CURB_AUDITOR, &everything) ?
	               0 :
	               curb_fail(CURB_EDENIED, "Entries are for auditors of the whole server");
}

static int reply_tile(struct curb_req *req, struct ledger *ledger, bool entries)
{
	struct tile tile;
	struct curb_str bytes;
	struct curb_str rest = curb_req_param(req, "tile");
	if (entries)
		rest = curb_str(curb_printf(curb_req_arena(req), "entries/%.*s", (int)rest.len, rest.ptr));
	if (!tile_read(rest, &tile) || tile.entries != entries)
		return curb_fail(CURB_ENOTFOUND, "This is not the address of a tile");
	if (tile_width(&tile, ledger_checkpoint(ledger, curb_req_arena(req)).size) < tile.width)
		return curb_fail(CURB_ENOTFOUND, "The ledger has signed no such tile yet");
	int err = ledger_tile(curb_req_tx(req), &tile, &bytes);
	return err ? err : reply_bytes(req, "application/octet-stream", bytes, !entries);
}

static int get_tile(struct curb_req *req, void *state)
{
	return reply_tile(req, state, false);
}

static int get_entries(struct curb_req *req, void *state)
{
	int err = ledger_may_see_entries(req);
	return err ? err : reply_tile(req, state, true);
}

/* ---- proofs ---- */

struct awaited {
	struct ledger *ledger;
	struct curb_arena *arena;
	uint64_t size;
	struct ledger_shown shown;
};

static int await_fn(void *arg)
{
	struct awaited *awaited = arg;
	return ledger_await(awaited->ledger, awaited->size, awaited->arena, &awaited->shown);
}

/* The request's snapshot begins anew behind the checkpoint, so it has all that this speaks of. */
static int await(struct curb_req *req, struct ledger *ledger, uint64_t size, struct ledger_shown *ret_shown)
{
	struct awaited awaited = { .ledger = ledger, .arena = curb_req_arena(req), .size = size };
	int err = http_without_permit(req, await_fn, &awaited);
	*ret_shown = awaited.shown;
	return err;
}

int curb_ledger_receipt(struct curb_req *req, int64_t index, struct curb_str *ret_text)
{
	struct ledger *ledger = store_tail(curb_req_tx(req));
	struct ledger_shown shown;
	CURB_ASSERT(ledger);
	if (index < 0)
		return curb_fail(CURB_ENOTFOUND, "The ledger has no such entry");
	int err = await(req, ledger, (uint64_t)index + 1, &shown);
	return err ? err : ledger_prove(curb_req_tx(req), &shown, (uint64_t)index, true, ret_text);
}

int curb_ledger_checkpoint(struct curb_req *req, int64_t entries, struct curb_str *ret_note)
{
	struct ledger *ledger = store_tail(curb_req_tx(req));
	struct ledger_shown shown;
	CURB_ASSERT(ledger && entries >= 0);
	int err = await(req, ledger, (uint64_t)entries, &shown);
	if (!err)
		*ret_note = shown.note;
	return err;
}

static int read_number(struct curb_req *req, const char *name, uint64_t *ret_number)
{
	return note_number(curb_req_param(req, name), ret_number) ?
	               0 :
	               curb_fail(CURB_ENOTFOUND, "Entries and sizes are whole numbers from 0 on");
}

static int reply_proof(struct curb_req *req, struct ledger *ledger, bool with_entry)
{
	struct ledger_shown shown;
	struct curb_str text;
	uint64_t index;
	int err = read_number(req, "index", &index);
	if (!err)
		err = await(req, ledger, 0, &shown);
	if (!err)
		err = ledger_prove(curb_req_tx(req), &shown, index, with_entry, &text);
	return err ? err : reply_text(req, text);
}

/* Of hashes, which are public. */
static int get_proof(struct curb_req *req, void *state)
{
	return reply_proof(req, state, false);
}

static int get_receipt(struct curb_req *req, void *state)
{
	int err = ledger_may_see_entries(req);
	return err ? err : reply_proof(req, state, true);
}

static int get_consistency(struct curb_req *req, void *state)
{
	struct ledger_shown shown;
	struct curb_str text;
	uint64_t from = 0, to = 0;
	int err = read_number(req, "from", &from);
	if (!err)
		err = read_number(req, "to", &to);
	if (!err)
		err = await(req, state, 0, &shown);
	if (!err && (from > to || to > shown.size))
		err = curb_fail(CURB_ENOTFOUND, "The ledger has signed %llu entries",
		                (unsigned long long)shown.size);
	if (!err)
		err = ledger_prove_growth(curb_req_tx(req), from, to, &text);
	return err ? err : reply_text(req, text);
}

const struct curb_route ledger_routes[] = {
	{ "GET", "/ledger/checkpoint", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_checkpoint,
	  CURB_LANE_ANY },
	{ "GET", "/ledger/key", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_key, CURB_LANE_ANY },
	{ "GET", "/ledger/check", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, ledger_page_check,
	  CURB_LANE_ANY },
	{ "POST", "/ledger/check/text", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, CHECK_BODY,
	  ledger_post_check_text, CURB_LANE_ANY },
	{ "POST", "/ledger/check/file", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_PARTS, CHECK_BODY,
	  ledger_post_check_file, CURB_LANE_ANY },
	{ "GET", "/ledger/decision", CURB_AUDITOR, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, ledger_page_decision,
	  CURB_LANE_ANY },
	{ "POST", "/ledger/decision", CURB_AUDITOR, CURB_SCOPE_REGION, CURB_BODY_FORM, 0,
	  ledger_post_decision, CURB_LANE_ANY },
	{ "GET", "/ledger/tile/entries/*tile", CURB_AUDITOR, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  get_entries, CURB_LANE_HEAVY },
	{ "GET", "/ledger/tile/*tile", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_tile,
	  CURB_LANE_ANY },
	{ "GET", "/ledger/proof/:index", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_proof,
	  CURB_LANE_ANY },
	{ "GET", "/ledger/consistency/:from/:to", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0,
	  get_consistency, CURB_LANE_ANY },
	{ "GET", "/ledger/receipt/:index", CURB_AUDITOR, CURB_SCOPE_REGION, CURB_BODY_NONE, 0, get_receipt,
	  CURB_LANE_ANY },
	{ 0 },
};
