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
	made->sequence++;
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
};

/* Of two who ask at one time the first one's file stays. */
static int file_write(struct curb_tx *tx, void *arg)
{
	const struct filing *filing = arg;
	return made_set_file(filing->x, tx, &filing->made->id, filing->made->file);
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

int make_file(struct curb_req *req, struct exchange *x, struct made *made)
{
	struct filing filing = { x, made };
	struct curb_str receipt;
	if (made->file.ptr)
		return 0;
	int err = curb_ledger_receipt(req, made->entry, &receipt);
	if (!err)
		err = write_file(req, x, made, receipt);
	if (!err)
		err = curb_write(req, curb_id_str(&made->server), file_write, &filing);
	return err ? err :
	             made_by_id(x, curb_req_tx(req), curb_dup(curb_req_arena(req), curb_id_str(&made->id)),
	                        made);
}
