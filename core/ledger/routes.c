/* The ledger for everybody: checkpoint, key and hashes. They say nothing of anybody; entries do, and go to auditors. */
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/request.h"
#include "inside.h"

static int reply_bytes(struct curb_req *req, const char *type, struct curb_str bytes, bool immutable)
{
	const struct curb_piece piece = { .bytes = bytes };
	const struct curb_body_info info = { .type = type, .immutable = immutable };
	return curb_reply_pieces(req, &piece, 1, &info);
}

static int get_checkpoint(struct curb_req *req, void *state)
{
	uint64_t size;
	struct curb_str note = ledger_checkpoint(state, curb_req_arena(req), &size);
	if (note.len == 0)
		return curb_fail(CURB_ENOTFOUND, "The ledger of this server has signed nothing");
	return reply_bytes(req, "text/plain; charset=utf-8", note, false);
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

/* Entries show what one person did, by a pseudonym: for auditors of all there is. */
static int may_see_entries(struct curb_req *req)
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
	uint64_t size;
	struct curb_str rest = curb_req_param(req, "tile");
	if (entries)
		rest = curb_str(curb_printf(curb_req_arena(req), "entries/%.*s", (int)rest.len, rest.ptr));
	if (!tile_read(rest, &tile) || tile.entries != entries)
		return curb_fail(CURB_ENOTFOUND, "This is not the address of a tile");
	(void)ledger_checkpoint(ledger, curb_req_arena(req), &size);
	if (tile_width(&tile, size) < tile.width)
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
	int err = may_see_entries(req);
	return err ? err : reply_tile(req, state, true);
}

const struct curb_route ledger_routes[] = {
	{ "GET", "/ledger/checkpoint", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_checkpoint,
	  CURB_LANE_ANY },
	{ "GET", "/ledger/key", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_key, CURB_LANE_ANY },
	{ "GET", "/ledger/tile/entries/*tile", CURB_AUDITOR, CURB_SCOPE_REGION, CURB_BODY_NONE, 0,
	  get_entries, CURB_LANE_HEAVY },
	{ "GET", "/ledger/tile/*tile", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_tile,
	  CURB_LANE_ANY },
	{ 0 },
};
