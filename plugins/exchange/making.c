/* A bundle that goes out: its number and entry in one write, its file once the ledger has signed that entry. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "exchange.h"

static int append(struct making *m, struct curb_tx *tx)
{
	struct made *made = &m->made;
	char hash[BUNDLE_HASH];
	bundle_hash(made->sealed, hash);
	const struct curb_fact facts[] = {
		{ "bundle", 0, curb_str(hash) },
		{ "id", 0, curb_id_str(&made->id) },
		{ "receiver", 0, exchange_hex(tx, made->to) },
		{ "sequence", made->sequence, { NULL, 0 } },
		{ "records", made->records, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "exchange_out",
		                          .at_ms = made->made_ms,
		                          .by = made->by,
		                          .role = m->role,
		                          .key = curb_id_str(&made->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &made->entry);
}

int make_write(struct curb_tx *tx, void *making)
{
	struct making *m = making;
	struct made *made = &m->made;
	int err = made_last_sequence(m->x, tx, &made->server, &made->sequence);
	if (!err && made->sequence != m->collected->last) /* its figures may be older than those told since */
		err = curb_fail(CURB_ECONFLICT, "Somebody else has just made a bundle for this server. Make "
		                                "the next one when something is left to hand on");
	made->sequence++;
	if (!err && m->collected->anew)
		err = sent_reset(m->x, tx, &made->server);
	if (!err)
		err = append(m, tx);
	if (!err)
		err = made_add(m->x, tx, made);
	for (size_t i = 0; !err && i < m->collected->n; i++)
		err = sent_put(m->x, tx, &made->server, curb_str(m->collected->told[i].key),
		               curb_str(m->collected->told[i].hash));
	return err;
}

/* ---- the file ---- */

struct filing {
	struct exchange *x;
	struct made *made;
	struct curb_str old;
};

/* Of two who ask at one time the first one's file stays. */
static int file_write(struct curb_tx *tx, void *arg)
{
	const struct filing *filing = arg;
	return made_set_file(filing->x, tx, &filing->made->id, filing->old, filing->made->file);
}

static int write_file(struct curb_req *req, struct exchange *x, struct made *made, struct curb_str receipt)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	struct bundle_keys keys;
	struct bundle bundle = { .id = made->id,
		                 .sequence = made->sequence,
		                 .made_ms = made->made_ms,
		                 .records = made->records,
		                 .receipt = receipt,
		                 .sealed = made->sealed };
	memcpy(bundle.to, made->to, BUNDLE_KEY);
	int err = receipt.len > BUNDLE_RECEIPT ?
	                  curb_fail(CURB_ETOOBIG, "The receipt of the ledger is too large for a bundle") :
	                  exchange_keys(x, curb_req_tx(req), &keys);
	if (err)
		return err;
	bundle_write(&out, &bundle, &keys);
	explicit_bzero(&keys, sizeof keys);
	err = curb_buf_check(&out);
	if (!err)
		made->file = curb_dup(curb_req_arena(req), curb_buf_view(&out));
	return err;
}

/* Whether the receipt in the file is of the key that the ledger has now: the receiver knows no other one. */
static int file_stands(struct curb_tx *tx, const struct made *made, bool *ret_stands)
{
	struct bundle bundle;
	struct curb_str key;
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	*ret_stands = false;
	if (!made->file.ptr)
		return 0;
	int err = bundle_read(made->file, &bundle);
	if (!err)
		err = curb_ledger_key(tx, &key);
	if (err)
		return err;
	err = curb_ledger_check(curb_tx_arena(tx), bundle.receipt, key, &facts, &n);
	*ret_stands = !err;
	return err == CURB_EINVAL || err == CURB_EUNFIT ? 0 : err;
}

int make_file(struct curb_req *req, struct exchange *x, struct made *made)
{
	struct filing filing = { x, made, made->file };
	struct curb_str receipt;
	bool stands = false;
	int err = file_stands(curb_req_tx(req), made, &stands);
	if (err || stands)
		return err;
	err = curb_ledger_receipt(req, made->entry, &receipt);
	if (!err)
		err = write_file(req, x, made, receipt);
	if (!err)
		err = curb_write(req, curb_id_str(&made->server), file_write, &filing);
	return err ? err :
	             made_by_id(x, curb_req_tx(req), curb_dup(curb_req_arena(req), curb_id_str(&made->id)),
	                        made);
}
