/* What readers see of the tree: tiles, and roots of subtrees out of them. */
#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
#include "inside.h"

static int no_tile(unsigned level, uint64_t index)
{
	return curb_fail(CURB_ENOTFOUND, "the ledger has no tile %u/%llu yet", level,
	                 (unsigned long long)index);
}

static int hashes_of(struct curb_tx *tx, unsigned level, uint64_t index, struct curb_str *ret_hashes)
{
	static const char sql[] = "SELECT hashes FROM ledger_tile WHERE level = $1 AND n = $2";
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql, CURB_BINDS(curb_int(level), curb_int((int64_t)index)),
	                     &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return no_tile(level, index);
	*ret_hashes = curb_dup(curb_tx_arena(tx), curb_col_blob(stmt, 0));
	return 0;
}

/* The entries of a tile; of one whose body was erased the length is 0. */
static int entries_of(struct curb_tx *tx, const struct tile *tile, struct curb_buf *out)
{
	static const char sql[] = "SELECT body FROM ledger_entry WHERE n >= $1 AND n < $2 ORDER BY n";
	int64_t first = (int64_t)(tile->index * TILE_WIDTH);
	unsigned n = 0;
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	int err = curb_query(&ledger_host, tx, sql,
	                     CURB_BINDS(curb_int(first), curb_int(first + tile->width)), &stmt);
	while (!err && (err = curb_step(stmt)) > 0) {
		struct curb_str body = curb_col_blob(stmt, 0);
		curb_buf_u16(out, (uint16_t)body.len);
		curb_buf_str(out, body);
		n++;
		err = 0;
	}
	if (!err && n < tile->width)
		err = no_tile(0, tile->index);
	return err ? err : curb_buf_check(out);
}

int ledger_tile(struct curb_tx *tx, const struct tile *tile, struct curb_str *ret_bytes)
{
	enum { BUNDLE_MOST = TILE_WIDTH * ((int)sizeof(uint16_t) + ENTRY_MOST) };
	if (tile->entries) {
		CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
		int err = entries_of(tx, tile, &out);
		if (!err)
			*ret_bytes = curb_dup(curb_tx_arena(tx), curb_buf_view(&out));
		return err;
	}
	struct curb_str hashes;
	int err = hashes_of(tx, tile->level, tile->index, &hashes);
	if (!err && hashes.len < (size_t)tile->width * TILE_HASH)
		err = no_tile(tile->level, tile->index);
	if (!err)
		*ret_bytes = curb_str_n(hashes.ptr, (size_t)tile->width * TILE_HASH);
	return err;
}

/* The root of 2^height hashes, which becomes the first of them. */
static void fold(struct merkle_hash *hashes, unsigned height)
{
	while (height-- > 0)
		for (size_t i = 0; i < (size_t)1 << height; i++)
			merkle_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
}

int ledger_tile_hash(void *arg, unsigned level, uint64_t index, struct merkle_hash *ret_hash)
{
	struct curb_tx *tx = arg;
	unsigned height = level % TILE_HEIGHT;
	uint64_t first = index << height;
	size_t from = (size_t)(first % TILE_WIDTH) * TILE_HASH, len = (size_t)TILE_HASH << height;
	struct merkle_hash hashes[TILE_WIDTH];
	struct curb_str tile;
	int err = hashes_of(tx, level / TILE_HEIGHT, first / TILE_WIDTH, &tile);
	if (!err && tile.len < from + len)
		err = no_tile(level / TILE_HEIGHT, first / TILE_WIDTH);
	if (err)
		return err;
	memcpy(hashes, tile.ptr + from, len);
	fold(hashes, height);
	*ret_hash = hashes[0];
	return 0;
}
