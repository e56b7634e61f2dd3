/* The rules of what comes in: looked at from the outside to the inside, and applied whole or not at all. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/key.h"
#include "curb/ledger.h"
#include "exchange.h"

int exchange_keys(struct exchange *x, struct curb_tx *tx, struct bundle_keys *ret_keys)
{
	unsigned char sign[CURB_OWN_KEY], box[CURB_OWN_KEY];
	int err = curb_own_key(x->host, tx, "sign", sign);
	if (!err)
		err = curb_own_key(x->host, tx, "box", box);
	if (!err)
		bundle_keys_of(sign, box, ret_keys);
	explicit_bzero(sign, sizeof sign);
	explicit_bzero(box, sizeof box);
	return err;
}

int exchange_card(struct exchange *x, struct curb_tx *tx, struct bundle_card *ret_card)
{
	struct bundle_keys keys;
	struct bundle_card card;
	int err = exchange_keys(x, tx, &keys);
	if (!err)
		err = curb_ledger_key(tx, &card.ledger_key);
	if (err)
		return err;
	memcpy(card.sign_public, keys.sign_public, BUNDLE_KEY);
	memcpy(card.box_public, keys.box_public, BUNDLE_KEY);
	explicit_bzero(&keys, sizeof keys);
	*ret_card = card;
	return 0;
}

/* ---- whose it is, and whether it is whole ---- */

static int no_such_key(void)
{
	return curb_fail(
		CURB_EUNFIT,
		"This bundle is of a server whose key is not known here, so nothing of it was taken. "
		"When it should be, an administrator enters that server's card first");
}

static int was_changed(const struct server *server)
{
	return curb_fail(
		CURB_EUNFIT,
		"This bundle says that it is of %.*s, and was changed behind its signature or forged. "
		"Nothing was taken. Copy the file again, or ask for it anew",
		(int)server->name.len, server->name.ptr);
}

static int for_another(void)
{
	return curb_fail(
		CURB_EUNFIT,
		"This bundle is for another server, which alone can open it. Nothing was taken. Hand "
		"it in there, or ask for one for this server");
}

/* The receipt must be of the entry that the sender's ledger has of this very bundle. */
static bool is_entry_of(const struct applying *a, const struct curb_fact *facts, size_t n)
{
	const struct curb_fact *kind = curb_fact_find(facts, n, "kind"),
			       *hash = curb_fact_find(facts, n, "bundle"),
			       *sequence = curb_fact_find(facts, n, "sequence"),
			       *records = curb_fact_find(facts, n, "records");
	char is[BUNDLE_HASH];
	bundle_hash(a->bundle.sealed, is);
	return kind && hash && sequence && records && curb_str_is(kind->text, "exchange_out") &&
	       curb_str_is(hash->text, is) && sequence->number == a->bundle.sequence &&
	       records->number == a->bundle.records;
}

static int check_receipt(struct applying *a, struct curb_tx *tx)
{
	const struct curb_fact *facts = NULL;
	size_t n = 0;
	int err = curb_ledger_check(curb_tx_arena(tx), a->bundle.receipt, a->server.card.ledger_key, &facts,
	                            &n);
	if (!err && is_entry_of(a, facts, n))
		return 0;
	if (err && err != CURB_EINVAL && err != CURB_EUNFIT)
		return err;
	return curb_fail(CURB_EUNFIT,
	                 "The ledger of %.*s does not show this bundle: its receipt is of another key or of "
	                 "something else. Nothing was taken. When that server's ledger has changed its key, "
	                 "enter its card anew",
	                 (int)a->server.name.len, a->server.name.ptr);
}

/* ---- whether it is in already ---- */

/* The sender counts again what it counted before: it gets past that by bundles with everything. */
static int number_is_taken(const struct applying *a, struct curb_tx *tx)
{
	int64_t last = 0;
	int err = arrived_last_sequence(a->x, tx, &a->server.id, &last);
	if (err)
		return err;
	return curb_fail(
		CURB_ECONFLICT,
		"Another bundle with number %lld of %.*s is in already: that server was perhaps put "
		"back from an older copy. Nothing was taken. There, \"Everything anew\" makes a bundle "
		"each time; hand in those from number %lld on",
		(long long)a->bundle.sequence, (int)a->server.name.len, a->server.name.ptr,
		(long long)last + 1);
}

static int check_new(const struct applying *a, struct curb_tx *tx)
{
	struct arrived before;
	int err = arrived_by_id(a->x, tx, curb_id_str(&a->bundle.id), &before);
	if (!err)
		return curb_fail(CURB_ECONFLICT,
		                 "This bundle, number %lld of %.*s, is in already: nothing was changed",
		                 (long long)before.sequence, (int)a->server.name.len, a->server.name.ptr);
	if (err == CURB_ENOTFOUND)
		err = arrived_by_sequence(a->x, tx, &a->server.id, a->bundle.sequence, &before);
	return err == CURB_ENOTFOUND ? 0 : err ? err : number_is_taken(a, tx);
}

/* ---- what it says ---- */

static int open_number(struct applying *a, struct curb_arena *arena, const struct bundle_keys *keys, size_t i)
{
	a->numbers[i] = curb_str("");
	if (a->records[i].number.len == 0)
		return 0;
	return bundle_open(arena, a->records[i].number, keys, &a->numbers[i]);
}

static int open_records(struct applying *a, struct curb_tx *tx, const struct bundle_keys *keys)
{
	struct curb_arena *arena = curb_tx_arena(tx);
	struct curb_str plain;
	int err = bundle_open(arena, a->bundle.sealed, keys, &plain);
	if (!err)
		err = records_read(arena, plain, &a->records, &a->n);
	if (!err && (int64_t)a->n != a->bundle.records)
		err = curb_fail(CURB_EINVAL,
		                "This bundle says how many records it has, and has another number of them. "
		                "Nothing was taken; tell who runs the other server");
	if (err)
		return err;
	a->numbers = curb_alloc_n(arena, a->n + 1, sizeof *a->numbers);
	for (size_t i = 0; !err && i < a->n; i++)
		err = open_number(a, arena, keys, i);
	return err;
}

int apply_look(struct applying *a, struct curb_tx *tx)
{
	struct bundle_keys keys;
	int err = bundle_read(a->bytes, &a->bundle);
	if (err)
		return err;
	err = server_by_key(a->x, tx, a->bundle.from, &a->server);
	if (err)
		return err == CURB_ENOTFOUND ? no_such_key() : err;
	if (!bundle_signed(a->bytes, &a->bundle))
		return was_changed(&a->server);
	err = exchange_keys(a->x, tx, &keys);
	if (!err && memcmp(a->bundle.to, keys.box_public, BUNDLE_KEY) != 0)
		err = for_another();
	if (!err)
		err = check_receipt(a, tx);
	if (!err)
		err = check_new(a, tx);
	if (!err)
		err = open_records(a, tx, &keys);
	explicit_bzero(&keys, sizeof keys);
	return err;
}

void apply_wipe(struct applying *a)
{
	for (size_t i = 0; a->numbers && i < a->n; i++)
		if (a->numbers[i].len)
			explicit_bzero((char *)(uintptr_t)a->numbers[i].ptr, a->numbers[i].len);
}

/* What was looked at before the write may have ended since: the trust in whoever signed it, and the region that it is of. */
static int check_trust(const struct applying *a, struct curb_tx *tx)
{
	struct server now;
	int err = server_by_key(a->x, tx, a->bundle.from, &now);
	if (err)
		return err == CURB_ENOTFOUND ? no_such_key() : err;
	if (strcmp(now.id.text, a->server.id.text) == 0 && curb_str_eq(now.region, a->server.region) &&
	    curb_str_eq(now.card.ledger_key, a->server.card.ledger_key))
		return 0;
	return curb_fail(
		CURB_ECONFLICT,
		"The card of %.*s was replaced just now. Nothing was taken: hand the bundle in again",
		(int)a->server.name.len, a->server.name.ptr);
}

/* ---- applying ---- */

static int append(struct applying *a, struct curb_tx *tx)
{
	struct arrived *arrived = &a->arrived;
	char hash[BUNDLE_HASH];
	bundle_hash(a->bundle.sealed, hash);
	const struct curb_fact facts[] = {
		{ "bundle", 0, curb_str(hash) },
		{ "id", 0, curb_id_str(&arrived->id) },
		{ "sender", 0, exchange_hex(tx, a->bundle.from) },
		{ "sequence", arrived->sequence, { NULL, 0 } },
		{ "records", arrived->records, { NULL, 0 } },
		{ "news", arrived->news, { NULL, 0 } },
	};
	const struct curb_entry entry = { .kind = "exchange_in",
		                          .at_ms = arrived->applied_ms,
		                          .by = a->by,
		                          .role = a->role,
		                          .key = curb_id_str(&arrived->id),
		                          .facts = facts,
		                          .fact_count = sizeof facts / sizeof *facts };
	return curb_ledger_append(tx, &entry, &arrived->entry);
}

int apply_write(struct curb_tx *tx, void *applying)
{
	struct applying *a = applying;
	int err = check_trust(a, tx);
	if (!err)
		err = check_new(a, tx);
	a->arrived = (struct arrived){ .id = a->bundle.id,
		                       .server = a->server.id,
		                       .by = a->by,
		                       .sequence = a->bundle.sequence,
		                       .made_ms = a->bundle.made_ms,
		                       .records = a->bundle.records,
		                       .applied_ms = curb_wall_ms() };
	for (size_t i = 0; !err && i < a->n; i++) {
		bool is_new = false;
		err = kept_put(a->x, tx, &a->server.id, a->bundle.sequence, &a->records[i], a->numbers[i],
		               &is_new);
		a->arrived.news += is_new;
	}
	if (!err)
		err = append(a, tx);
	return err ? err : arrived_add(a->x, tx, &a->arrived);
}
