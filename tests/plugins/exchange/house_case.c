#include "house_case.h"

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "exchange_embedded.h"

struct curb_host exchange_host = { .magic = CURB_HOST_MAGIC, .owner = "exchange" };

int put_server(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return server_put(&house->x, tx, &house->server);
}

struct curb_tx *look(struct house *house)
{
	store_end(house->f.reader);
	return store_begin(house->f.reader, house->f.arena);
}

int open_house(void **state)
{
	static struct house house;
	static const unsigned char seeds[3][BUNDLE_KEY] = { { 3 }, { 4 }, { 5 } };
	char folder[128];
	house = (struct house){ .x = { .host = &exchange_host } };
	fixture_open(&house.f);
	(void)snprintf(folder, sizeof folder, "%s/ledger", house.f.folder.path);
	assert_int_equal(note_signer_of("county.example", NOTE_ED25519, seeds[0], &house.signer), 0);
	const struct ledger_options options = {
		.store = house.f.store, .signer = &house.signer, .folder = folder, .every_ms = 60000
	};
	assert_int_equal(store_migrate(house.f.store, &ledger_host, ledger_migrations), 0);
	assert_int_equal(ledger_open(&options, &house.ledger), 0);
	assert_int_equal(store_migrate(house.f.store, &exchange_host, exchange_migrations), 0);
	bundle_keys_of(seeds[1], seeds[2], &house.sender);
	house.server =
		(struct server){ .id = curb_id_new(1), .name = curb_str("County"), .region = curb_str("r") };
	memcpy(house.server.card.sign_public, house.sender.sign_public, BUNDLE_KEY);
	memcpy(house.server.card.box_public, house.sender.box_public, BUNDLE_KEY);
	(void)store_begin(house.f.reader, house.f.arena);
	assert_int_equal(curb_ledger_key(look(&house), &house.server.card.ledger_key), 0);
	assert_int_equal(write_fn(&house.f, put_server, &house), 0);
	*state = &house;
	return 0;
}

int close_house(void **state)
{
	struct house *house = *state;
	store_end(house->f.reader);
	ledger_close(house->ledger);
	fixture_close(&house->f);
	return 0;
}

/* ---- bundles as the county makes them ---- */

static int append_fn(struct curb_tx *tx, void *arg)
{
	struct told *told = arg;
	char hash[BUNDLE_HASH];
	bundle_hash(told->bundle.sealed, hash);
	const struct curb_fact facts[] = { { "bundle", 0, curb_str(hash) },
		                           { "sequence", told->bundle.sequence, { NULL, 0 } },
		                           { "records", told->bundle.records, { NULL, 0 } } };
	const struct curb_entry entry = {
		.kind = told->kind, .at_ms = 1, .key = curb_str("k"), .facts = facts, .fact_count = 3
	};
	return curb_ledger_append(tx, &entry, &told->entry);
}

static struct curb_str body(struct house *house, const struct bundle_keys *keys, int n, int64_t counted_s)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct curb_arena *arena = house->f.arena;
	records_begin(&out, counted_s == GONE);
	for (int i = 0; i < n; i++) {
		struct record record = {
			.class_id = curb_id_of(curb_str("01900000-0000-7000-8000-000000000002")),
			.person = curb_str(curb_printf(arena, "%064d", i)),
			.programme = curb_str("Massage"),
			.institution = curb_str("Base"),
			.name = curb_str("Li"),
			.starts_ms = 1,
			.ends_ms = 2,
			.hour_s = 2700,
			.total_s = 108000,
			.counted_s = counted_s,
			.code = curb_str(""),
		};
		assert_int_equal(bundle_seal(arena, curb_str(NUMBER), keys->box_public, &record.number), 0);
		if (counted_s == GONE)
			record = (struct record){ .class_id = record.class_id, .person = record.person };
		record_write(&out, &record);
	}
	return curb_dup(arena, curb_buf_view(&out));
}

struct told new_bundle(struct house *house, int64_t sequence, int n, int64_t counted_s)
{
	struct bundle_keys own;
	struct told told = { .house = house,
		             .kind = "exchange_out",
		             .bundle = { .id = curb_id_new(sequence), .sequence = sequence, .records = n } };
	assert_int_equal(exchange_keys(&house->x, look(house), &own), 0);
	memcpy(told.bundle.to, own.box_public, BUNDLE_KEY);
	assert_int_equal(bundle_seal(house->f.arena, body(house, &own, n, counted_s), own.box_public,
	                             &told.bundle.sealed),
	                 0);
	return told;
}

struct curb_str file_of(struct told *told)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	struct house *house = told->house;
	assert_int_equal(write_fn(&house->f, append_fn, told), 0);
	assert_int_equal(ledger_sign(house->ledger), 0);
	const struct ledger_shown shown = ledger_checkpoint(house->ledger, house->f.arena);
	assert_int_equal(
		ledger_prove(look(house), &shown, (uint64_t)told->entry, true, &told->bundle.receipt), 0);
	bundle_write(&out, &told->bundle, &house->sender);
	return curb_dup(house->f.arena, curb_buf_view(&out));
}

struct curb_str bundle_of(struct house *house, int64_t sequence, int n, int64_t counted_s)
{
	struct told told = new_bundle(house, sequence, n, counted_s);
	return file_of(&told);
}

int hand_in(struct house *house, struct curb_str bytes)
{
	struct applying a = { .x = &house->x, .bytes = bytes, .role = "reviewer" };
	int err = apply_look(&a, look(house));
	if (!err)
		err = write_fn(&house->f, apply_write, &a);
	apply_wipe(&a);
	return err;
}

int64_t number(struct house *house, const char *sql)
{
	return read_int(&house->f, &exchange_host, sql, NULL);
}

int64_t counted(struct house *house)
{
	return number(house, "SELECT coalesce(sum(counted_s), 0) FROM exchange_record");
}
