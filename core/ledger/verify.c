#include "verify.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "curb/buf.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "entry.h"
#include "tile.h"

enum { PATH_SIZE = 4096, BUNDLE_MOST = TILE_WIDTH << 16, TEXT_SIZE = 128 };

/* A tile of a level above the first as it grows here, to be compared with its file. */
struct above {
	uint64_t index;
	unsigned width;
	unsigned char hashes[TILE_WIDTH * TILE_HASH];
};

struct verifying {
	const struct verify_source *source;
	const struct verify_call *call;
	struct verify_result result;
	struct merkle_tree tree;
	struct above above[TILE_LEVELS];
	struct curb_buf hashes, bundle;
	size_t handover; /* the next one */
	int err;
};

static void tell(struct verifying *v, const char *text)
{
	v->call->found(v->call->arg, text);
	v->err = CURB_EUNFIT;
}

/* ---- tiles above the entries ---- */

static void compare_above(struct verifying *v, unsigned level)
{
	const struct above *above = &v->above[level];
	const struct tile tile = { .level = level, .index = above->index, .width = above->width };
	CURB_AUTO(buf) struct curb_buf file = curb_buf(sizeof above->hashes);
	char text[TEXT_SIZE];
	int err = v->source->tile(v->source->arg, &tile, &file);
	size_t len = (size_t)above->width * TILE_HASH;
	if (!err && file.len == len && memcmp(file.data, above->hashes, len) == 0)
		return;
	(void)snprintf(text, sizeof text, "tile %u/%llu is %s", level, (unsigned long long)above->index,
	               err ? "missing" : "not that of the entries");
	tell(v, text);
}

static void grew(void *arg, unsigned level, uint64_t index, const struct merkle_hash *hash)
{
	struct verifying *v = arg;
	if (level == 0 || level % TILE_HEIGHT)
		return;
	struct above *above = &v->above[level / TILE_HEIGHT];
	above->index = index / TILE_WIDTH;
	above->width = (unsigned)(index % TILE_WIDTH) + 1;
	memcpy(above->hashes + (above->width - 1) * TILE_HASH, hash->bytes, TILE_HASH);
	if (above->width == TILE_WIDTH)
		compare_above(v, level / TILE_HEIGHT);
}

/* ---- entries ---- */

static void tell_entry(struct verifying *v, const char *what)
{
	char text[TEXT_SIZE];
	v->err = CURB_EUNFIT;
	if (v->result.wrong++ >= VERIFY_TOLD)
		return;
	(void)snprintf(text, sizeof text, "entry %llu %s", (unsigned long long)v->tree.size, what);
	tell(v, text);
}

static void check_entry(struct verifying *v, struct curb_str body, const struct merkle_hash *said)
{
	struct entry_fact facts[ENTRY_FACTS];
	struct merkle_hash leaf;
	size_t n;
	merkle_leaf(body, &leaf);
	bool signed_so = merkle_same(&leaf, said);
	if (body.len == 0 && !signed_so)
		v->result.erased++;
	else if (body.len == 0)
		tell_entry(v, "has no body");
	else if (!signed_so)
		tell_entry(v, "is not the one that was signed");
	else if (entry_read(body, facts, &n))
		tell_entry(v, "cannot be read");
}

static bool next_entry(struct curb_str *rest, struct curb_str *ret_body)
{
	const unsigned char *at = (const unsigned char *)rest->ptr;
	if (rest->len < 2)
		return false;
	size_t len = (size_t)at[0] << 8 | at[1];
	if (rest->len - 2 < len)
		return false;
	*ret_body = curb_str_n(rest->ptr + 2, len);
	*rest = curb_str_from(*rest, 2 + len);
	return true;
}

/* Whether the tree was the one that both keys signed when the key changed. */
static void check_handover(struct verifying *v)
{
	const struct verify_source *source = v->source;
	struct merkle_hash root;
	char text[TEXT_SIZE];
	while (v->handover < source->handover_count && source->handovers[v->handover].size == v->tree.size) {
		merkle_root(&v->tree, &root);
		if (!merkle_same(&root, &source->handovers[v->handover++].root)) {
			(void)snprintf(text, sizeof text,
			               "the first %llu entries are not those that were signed when the key "
			               "changed",
			               (unsigned long long)v->tree.size);
			tell(v, text);
		}
	}
}

static int check_tile(struct verifying *v, const struct tile *tile)
{
	struct tile bundle = *tile;
	bundle.entries = true;
	int err = v->source->tile(v->source->arg, tile, &v->hashes);
	if (!err)
		err = v->source->tile(v->source->arg, &bundle, &v->bundle);
	if (!err && v->hashes.len != (size_t)tile->width * TILE_HASH)
		err = curb_fail(CURB_EUNFIT, "tile 0/%llu is cut off", (unsigned long long)tile->index);
	struct curb_str rest = curb_buf_view(&v->bundle), body;
	for (unsigned i = 0; !err && i < tile->width; i++) {
		struct merkle_hash said;
		memcpy(said.bytes, v->hashes.data + (size_t)i * TILE_HASH, TILE_HASH);
		if (!next_entry(&rest, &body))
			return curb_fail(CURB_EUNFIT, "the entries of tile %llu are cut off",
			                 (unsigned long long)tile->index);
		check_entry(v, body, &said);
		merkle_append(&v->tree, &said, grew, v);
		check_handover(v);
	}
	if (!err && rest.len)
		err = curb_fail(CURB_EUNFIT, "there is something behind the entries of tile %llu",
		                (unsigned long long)tile->index);
	return err;
}

static int check_tiles(struct verifying *v)
{
	int err = 0;
	for (uint64_t from = 0; !err && from < v->result.size; from += TILE_WIDTH) {
		struct tile tile = { .index = from / TILE_WIDTH };
		tile.width = tile_width(&tile, v->result.size);
		err = v->call->cancelled && v->call->cancelled(v->call->arg) ?
		              curb_fail(CURB_EBUSY, "it was cancelled") :
		              check_tile(v, &tile);
		if (v->call->progress)
			v->call->progress(v->call->arg, (int)(v->tree.size * 1000 / v->result.size));
	}
	for (unsigned level = 1; !err && level < TILE_LEVELS; level++)
		if (v->above[level].width > 0 && v->above[level].width < TILE_WIDTH)
			compare_above(v, level);
	return err;
}

static int read_checkpoint(struct curb_str text, const struct note_key *key,
                           struct checkpoint *ret_checkpoint)
{
	struct note note;
	int err = note_read(text, &note);
	if (!err && !note_signed_by(&note, key, NULL))
		err = curb_fail(CURB_EINVAL, "the checkpoint is not signed with the key of %s", key->name);
	if (!err)
		err = checkpoint_read(note.body, ret_checkpoint);
	if (!err && !curb_str_is(ret_checkpoint->origin, key->name))
		err = curb_fail(CURB_EINVAL, "the checkpoint is of another ledger than %s", key->name);
	return err;
}

int verify(const struct verify_source *source, const struct note_key *key, const struct verify_call *call,
           struct verify_result *ret_result)
{
	struct verifying *v = curb_xcalloc(1, sizeof *v);
	struct checkpoint checkpoint;
	struct merkle_hash root;
	v->source = source;
	v->call = call;
	v->hashes = curb_buf(TILE_WIDTH * TILE_HASH);
	v->bundle = curb_buf(BUNDLE_MOST);
	int err = read_checkpoint(source->checkpoint, key, &checkpoint);
	if (!err) {
		v->result.size = checkpoint.size;
		err = check_tiles(v);
	}
	if (!err) {
		merkle_root(&v->tree, &root);
		if (!merkle_same(&root, &checkpoint.root))
			tell(v, "the root of the tiles is not the one that was signed");
		if (v->handover < source->handover_count)
			tell(v, "the checkpoint is older than a change of the key");
		v->result.keys = source->handover_count;
		err = v->err ? curb_fail(v->err, "the ledger is not as it was signed") : 0;
	}
	*ret_result = v->result;
	curb_buf_free(&v->hashes);
	curb_buf_free(&v->bundle);
	free(v);
	return err;
}

/* ---- files ---- */

/* Only what is a file, and no more of it than there is room for. */
static int read_file(const char *path, struct curb_buf *out)
{
	CURB_AUTO(fd) int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat info = { .st_mode = 0 };
	char piece[16384];
	(void)fstat(fd, &info); /* failing, it leaves no file */
	ssize_t n = S_ISREG(info.st_mode) ? 0 : -1;
	curb_buf_clear(out);
	while (n >= 0 && !out->failed && (n = read(fd, piece, sizeof piece)) > 0)
		curb_buf_add(out, piece, (size_t)n);
	if (n < 0)
		return curb_fail(CURB_ENOTFOUND, "%s is missing or cannot be read", path);
	return out->failed ? curb_fail(CURB_EUNFIT, "%s is longer than what was signed", path) : 0;
}

static int read_tile(void *folder, const struct tile *tile, struct curb_buf *out)
{
	char path[PATH_SIZE];
	CURB_AUTO(buf) struct curb_buf name = curb_buf(256);
	tile_write(&name, tile);
	(void)snprintf(path, sizeof path, "%s/%s", (const char *)folder, name.data);
	return read_file(path, out);
}

struct chain {
	struct handover list[VERIFY_HANDOVERS];
	size_t count;
	bool met; /* the key that is trusted is among them */
};

/* The keys of the folder, each announced under the one before. */
static int read_chain(const char *folder, const struct note_key *key, struct chain *chain)
{
	char path[PATH_SIZE];
	CURB_AUTO(buf) struct curb_buf text = curb_buf(PROOF_MOST);
	for (; chain->count < VERIFY_HANDOVERS; chain->count++) {
		struct handover *one = &chain->list[chain->count];
		(void)snprintf(path, sizeof path, "%s/handover/%zu", folder, chain->count + 1);
		int err = read_file(path, &text);
		if (err)
			return err == CURB_ENOTFOUND ? 0 : err;
		if (handover_read(curb_buf_view(&text), one) ||
		    (chain->count &&
		     (!handover_same_key(&one->old_key, &one[-1].new_key) || one->size < one[-1].size)))
			return curb_fail(CURB_EUNFIT, "%s does not show that the key was changed", path);
		chain->met = chain->met || handover_same_key(&one->old_key, key) ||
		             handover_same_key(&one->new_key, key);
	}
	return 0;
}

static int verify_chained(const char *folder, const struct note_key *key, struct chain *chain,
                          const struct verify_call *call, struct verify_result *ret_result)
{
	char path[PATH_SIZE];
	CURB_AUTO(buf) struct curb_buf text = curb_buf(NOTE_MOST);
	(void)snprintf(path, sizeof path, "%s/checkpoint", folder);
	int err = read_file(path, &text);
	if (!err)
		err = read_chain(folder, key, chain);
	if (!err && chain->count && !chain->met)
		err = curb_fail(CURB_EINVAL, "the folder is not of the ledger with this key of %s",
		                key->name);
	const struct verify_source source = { .checkpoint = curb_buf_view(&text),
		                              .tile = read_tile,
		                              .arg = (void *)(uintptr_t)folder,
		                              .handovers = chain->list,
		                              .handover_count = chain->count };
	const struct note_key *last = chain->count ? &chain->list[chain->count - 1].new_key : key;
	return err ? err : verify(&source, last, call, ret_result);
}

int verify_folder(const char *folder, const struct note_key *key, const struct verify_call *call,
                  struct verify_result *ret_result)
{
	struct chain *chain = curb_xcalloc(1, sizeof *chain);
	*ret_result = (struct verify_result){ .size = 0 };
	int err = verify_chained(folder, key, chain, call, ret_result);
	free(chain);
	return err;
}

int verify_receipt(const char *path, const struct note_key *key, struct curb_buf *text,
                   struct proof *ret_proof, struct checkpoint *ret_checkpoint)
{
	struct entry_fact facts[ENTRY_FACTS];
	size_t n;
	int err = read_file(path, text);
	if (!err)
		err = proof_read(curb_buf_view(text), ret_proof);
	if (!err)
		err = proof_verify(ret_proof, key, ret_checkpoint);
	if (!err && entry_read(proof_entry(ret_proof), facts, &n))
		err = curb_fail(CURB_EUNFIT, "what the receipt has in it is no entry");
	return err;
}
