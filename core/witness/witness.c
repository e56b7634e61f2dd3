#include "witness.h"

#include <sodium.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "proof.h"

/* Of its own: the database of a witness holds nothing else of weight. */
struct curb_host witness_host = { .magic = CURB_HOST_MAGIC, .owner = "witness" };

/* ---- what is asked ---- */

struct judging {
	const struct witness *witness;
	const struct trust_party *log;
	struct submission submission;
	struct note note;
	struct checkpoint checkpoint;
	uint64_t seen_size;       /* result */
	struct curb_buf cosigned; /* result: our line */
};

/* The ledger that signed it. CURB_ENOTFOUND: none of this name is known; CURB_EDENIED: none of them signed. A ledger that changes its
 * key stands in the policy twice meanwhile. */
static int find_log(struct judging *judging)
{
	const struct trust *trust = &judging->witness->trust;
	bool known = false;
	for (size_t i = 0; i < trust->log_count; i++) {
		judging->log = &trust->logs[i];
		if (!curb_str_is(judging->checkpoint.origin, judging->log->key.name))
			continue;
		known = true;
		if (note_signed_by(&judging->note, &judging->log->key, NULL))
			return 0;
	}
	return known ? curb_fail(CURB_EDENIED, "This checkpoint is not signed with the key of its ledger") :
	               curb_fail(CURB_ENOTFOUND, "This witness does not know this ledger");
}

/* Everything that needs no memory of what was seen: which ledger it is, and whether it signed. */
static int read_request(struct judging *judging, struct curb_str body)
{
	int err = submission_read(body, &judging->submission);
	if (!err)
		err = note_read(judging->submission.checkpoint, &judging->note);
	if (!err)
		err = checkpoint_read(judging->note.body, &judging->checkpoint);
	if (err)
		return err;
	err = find_log(judging);
	if (err)
		return err;
	if (judging->submission.old_size > judging->checkpoint.size)
		return curb_fail(CURB_EINVAL, "The old size is larger than that of the checkpoint");
	return 0;
}

/* ---- what was seen ---- */

/* *ret_size 0: nothing of this ledger. */
static int read_seen(struct curb_tx *tx, struct curb_str origin, uint64_t *ret_size,
                     struct merkle_hash *ret_root)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	*ret_size = 0;
	int err = curb_query(&witness_host, tx, "SELECT size, root FROM witness_seen WHERE origin = $1",
	                     CURB_BINDS(curb_text(origin)), &stmt);
	if (err || (err = curb_step(stmt)) <= 0)
		return err;
	struct curb_str root = curb_col_blob(stmt, 1);
	if (root.len != sizeof ret_root->bytes)
		return curb_fail(CURB_EINTERNAL, "the witness's memory of a ledger is damaged");
	*ret_size = (uint64_t)curb_col_int(stmt, 0);
	memcpy(ret_root->bytes, root.ptr, root.len);
	return 0;
}

/* Whether the checkpoint goes on where the last one ended. */
static int check_growth(const struct judging *judging, const struct merkle_hash *seen_root)
{
	const struct checkpoint *checkpoint = &judging->checkpoint;
	const struct merkle_tree empty = { .size = 0 };
	struct merkle_hash empty_root;
	merkle_root(&empty, &empty_root);
	if (checkpoint->size == 0 && !merkle_same(&checkpoint->root, &empty_root))
		return curb_fail(CURB_EUNFIT, "This is not the root of a ledger without entries");
	if (!merkle_consistency_holds(judging->submission.old_size, seen_root, checkpoint->size,
	                              &checkpoint->root, &judging->submission.hashes))
		return curb_fail(CURB_EUNFIT, "The proof does not show that the ledger only grew");
	return 0;
}

/* The note as we show it: body, the ledger's own signature that we verified, and ours. */
static int keep(struct curb_tx *tx, const struct judging *judging)
{
	static const char sql[] =
		"INSERT INTO witness_seen (origin, size, root, note) VALUES ($1, $2, $3, $4) "
		"ON CONFLICT (origin) DO UPDATE SET size = $2, root = $3, note = $4";
	const struct checkpoint *checkpoint = &judging->checkpoint;
	CURB_AUTO(buf) struct curb_buf note = curb_buf(2 * NOTE_MOST);
	curb_buf_str(&note, judging->note.body);
	curb_buf_char(&note, '\n');
	note_copy_signature(&note, &judging->note, &judging->log->key);
	curb_buf_str(&note, curb_buf_view(&judging->cosigned));
	int err = curb_buf_check(&note);
	struct curb_str root = curb_str_n((const char *)checkpoint->root.bytes,
	                                  sizeof checkpoint->root.bytes);
	return err ? err :
	             curb_exec(&witness_host, tx, sql,
	                       CURB_BINDS(curb_text(checkpoint->origin), curb_int((int64_t)checkpoint->size),
	                                  curb_blob(root), curb_blob(curb_buf_view(&note))),
	                       NULL);
}

/* Checks and keeps in one transaction: no other request comes between. */
static int judge_fn(struct curb_tx *tx, void *arg)
{
	struct judging *judging = arg;
	struct merkle_hash root = { { 0 } };
	curb_buf_clear(&judging->cosigned);
	int err = read_seen(tx, judging->checkpoint.origin, &judging->seen_size, &root);
	if (!err && judging->seen_size != judging->submission.old_size)
		err = CURB_ECONFLICT;
	if (!err)
		err = check_growth(judging, &root);
	if (err)
		return err;
	note_cosign(&judging->cosigned, &judging->witness->signer, judging->note.body,
	            (uint64_t)(curb_wall_ms() / 1000));
	return keep(tx, judging);
}

/* ---- answers ---- */

static int reply_size(struct curb_req *req, uint64_t size)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(64);
	curb_buf_printf(&out, "%llu\n", (unsigned long long)size);
	return curb_reply_bytes(req, 409, "text/x.tlog.size", &out);
}

static int post_checkpoint(struct curb_req *req, void *state)
{
	struct judging *judging = curb_alloc(curb_req_arena(req), sizeof *judging);
	judging->witness = state;
	judging->cosigned = curb_buf(NOTE_NAME + 256);
	int err = read_request(judging, curb_req_body(req));
	if (err)
		return err;
	err = curb_write(req, judging->checkpoint.origin, judge_fn, judging);
	if (err == CURB_ECONFLICT && judging->seen_size != judging->submission.old_size)
		err = reply_size(req, judging->seen_size);
	else if (!err)
		err = curb_reply_bytes(req, 200, "text/plain; charset=utf-8", &judging->cosigned);
	curb_buf_free(&judging->cosigned);
	return err;
}

/* The one of which this is the SHA-256. */
static const struct trust_party *log_of_hash(const struct witness *witness, struct curb_str hex)
{
	for (size_t i = 0; i < witness->trust.log_count; i++) {
		const struct trust_party *log = &witness->trust.logs[i];
		unsigned char hash[crypto_hash_sha256_BYTES];
		char text[2 * sizeof hash + 1];
		(void)crypto_hash_sha256(hash, (const unsigned char *)log->key.name, strlen(log->key.name));
		curb_hex(hash, sizeof hash, text);
		if (curb_str_is(hex, text))
			return log;
	}
	return NULL;
}

static int get_checkpoint(struct curb_req *req, void *state)
{
	CURB_AUTO(stmt) struct curb_stmt *stmt = NULL;
	const struct trust_party *log = log_of_hash(state, curb_req_param(req, "origin"));
	if (!log)
		return curb_fail(CURB_ENOTFOUND, "This witness does not know this ledger");
	int err = curb_query(&witness_host, curb_req_tx(req),
	                     "SELECT note FROM witness_seen WHERE origin = $1",
	                     CURB_BINDS(curb_cstring(log->key.name)), &stmt);
	if (err || (err = curb_step(stmt)) < 0)
		return err;
	if (!err)
		return curb_fail(CURB_ENOTFOUND, "This witness has seen nothing of this ledger");
	const struct curb_piece piece = { .bytes = curb_col_blob(stmt, 0) };
	const struct curb_body_info info = { .type = "text/plain; charset=utf-8" };
	return curb_reply_pieces(req, &piece, 1, &info);
}

const struct curb_route witness_routes[] = {
	{ "POST", "/add-checkpoint", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_RAW, 64 << 10, post_checkpoint,
	  CURB_LANE_ANY },
	{ "GET", "/:origin/checkpoint", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_checkpoint,
	  CURB_LANE_ANY },
	{ 0 },
};
