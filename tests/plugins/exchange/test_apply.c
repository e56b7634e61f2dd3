/* Bundles with the rows and the ledger: applied once, in any order, whole or not at all. */
#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/ledger.h"
#include "exchange.h"
#include "exchange_embedded.h"
#include "helper.h"
#include "ledger.h"

#define NUMBER "11010519491231002X44"

static struct curb_host exchange_host = { .magic = CURB_HOST_MAGIC, .owner = "exchange" };

struct house {
	struct fixture f;
	struct note_signer signer;
	struct ledger *ledger;
	struct exchange x;
	struct bundle_keys sender;
	struct server server;
};

static int put_server(struct curb_tx *tx, void *arg)
{
	struct house *house = arg;
	return server_put(&house->x, tx, &house->server);
}

static struct curb_tx *look(struct house *house)
{
	store_end(house->f.reader);
	return store_begin(house->f.reader, house->f.arena);
}

static int open_house(void **state)
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

static int close_house(void **state)
{
	struct house *house = *state;
	store_end(house->f.reader);
	ledger_close(house->ledger);
	fixture_close(&house->f);
	return 0;
}

/* ---- bundles as the county makes them ---- */

struct told {
	struct house *house;
	struct bundle bundle;
	const char *kind;
	int64_t entry;
};

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

/* Records of `n` persons, each with `counted` seconds. */
static struct curb_str body(struct house *house, const struct bundle_keys *keys, int n, int64_t counted)
{
	CURB_AUTO(buf) struct curb_buf out = curb_buf(1 << 16);
	struct curb_arena *arena = house->f.arena;
	records_begin(&out);
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
			.counted_s = counted,
			.code = curb_str(""),
		};
		assert_int_equal(bundle_seal(arena, curb_str(NUMBER), keys->box_public, &record.number), 0);
		record_write(&out, &record);
	}
	return curb_dup(arena, curb_buf_view(&out));
}

static struct told new_bundle(struct house *house, int64_t sequence, int n, int64_t counted)
{
	struct bundle_keys own;
	struct told told = { .house = house,
		             .kind = "exchange_out",
		             .bundle = { .id = curb_id_new(sequence), .sequence = sequence, .records = n } };
	assert_int_equal(exchange_keys(&house->x, look(house), &own), 0);
	memcpy(told.bundle.to, own.box_public, BUNDLE_KEY);
	assert_int_equal(bundle_seal(house->f.arena, body(house, &own, n, counted), own.box_public,
	                             &told.bundle.sealed),
	                 0);
	return told;
}

/* The file of it, with the receipt of its entry. */
static struct curb_str file_of(struct told *told)
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

static struct curb_str bundle_of(struct house *house, int64_t sequence, int n, int64_t counted)
{
	struct told told = new_bundle(house, sequence, n, counted);
	return file_of(&told);
}

static int hand_in(struct house *house, struct curb_str bytes)
{
	struct applying a = { .x = &house->x, .bytes = bytes, .role = "reviewer" };
	int err = apply_look(&a, look(house));
	if (!err)
		err = write_fn(&house->f, apply_write, &a);
	apply_wipe(&a);
	return err;
}

static int64_t number(struct house *house, const char *sql)
{
	return read_int(&house->f, &exchange_host, sql, NULL);
}

static int64_t counted(struct house *house)
{
	return number(house, "SELECT coalesce(sum(counted_s), 0) FROM exchange_record");
}

/* ---- applying ---- */

static void apply__once(void **state)
{
	struct house *house = *state;
	struct curb_str bytes = bundle_of(house, 1, 3, 60);
	assert_int_equal(hand_in(house, bytes), 0);
	assert_int_equal(counted(house), 180);
	assert_int_equal(hand_in(house, bytes), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "is in already"));
	assert_int_equal(counted(house), 180);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 1);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_record WHERE number_mark IS NOT NULL"),
	                 3);
	assert_int_equal(
		number(house, "SELECT count(*) FROM exchange_record WHERE instr(number, '19491231') > 0"), 0);
}

static void apply__in_any_order_the_newest_stays(void **state)
{
	struct house *house = *state;
	struct curb_str first = bundle_of(house, 1, 3, 60), second = bundle_of(house, 2, 2, 100),
			third = bundle_of(house, 3, 1, 7);
	int64_t gaps[4];
	size_t n = 0;
	assert_int_equal(hand_in(house, third), 0);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(gaps[0], 1);
	assert_int_equal(gaps[1], 2);
	assert_int_equal(hand_in(house, first), 0);
	assert_int_equal(counted(house), 7 + 60 + 60);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(gaps[0], 2);
	assert_int_equal(hand_in(house, second), 0);
	assert_int_equal(counted(house), 7 + 100 + 60);
	assert_int_equal(number(house, "SELECT sum(news) FROM exchange_in"), 1 + 2 + 1);
	assert_int_equal(arrived_gaps(&house->x, look(house), &house->server.id, 4, gaps, &n), 0);
	assert_int_equal(n, 0);
}

static void apply__another_of_the_same_number_is_refused(void **state)
{
	struct house *house = *state;
	assert_int_equal(hand_in(house, bundle_of(house, 1, 3, 60)), 0);
	assert_int_equal(hand_in(house, bundle_of(house, 1, 3, 90)), CURB_ECONFLICT);
	assert_non_null(strstr(curb_error_text(), "Another bundle with number 1"));
	assert_int_equal(counted(house), 180);
}

/* What fails behind two records takes them with it. */
static void apply__half_of_it_is_nothing(void **state)
{
	struct house *house = *state;
	struct applying a = { .x = &house->x, .bytes = bundle_of(house, 1, 3, 60), .role = "reviewer" };
	assert_int_equal(apply_look(&a, look(house)), 0);
	a.records[2].person = curb_str(NULL); /* the third row of three is refused by the table */
	assert_int_not_equal(write_fn(&house->f, apply_write, &a), 0);
	assert_int_equal(counted(house), 0);
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 0);
}

/* ---- refused ---- */

static void apply__unknown_key(void **state)
{
	struct house *house = *state;
	static const unsigned char seeds[2][BUNDLE_KEY] = { { 8 }, { 9 } };
	struct curb_str known = bundle_of(house, 1, 1, 60);
	bundle_keys_of(seeds[0], seeds[1], &house->sender);
	assert_int_equal(hand_in(house, bundle_of(house, 2, 1, 60)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "key is not known here"));
	assert_int_equal(
		write_sql(&house->f, &exchange_host, "UPDATE exchange_server SET ended_ms = 5", NULL), 0);
	assert_int_equal(hand_in(house, known), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "key is not known here"));
	assert_int_equal(counted(house), 0);
}

static void apply__for_another_server(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 1, 60);
	told.bundle.to[4] ^= 1;
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "is for another server"));
	told = new_bundle(house, 1, 1, 60); /* addressed to this one, and sealed for another */
	assert_int_equal(bundle_seal(house->f.arena, curb_str("curbcut-records/v1\n"),
	                             house->sender.box_public, &told.bundle.sealed),
	                 0);
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "cannot be opened"));
	assert_int_equal(number(house, "SELECT count(*) FROM exchange_in"), 0);
}

static void apply__forged(void **state)
{
	struct house *house = *state;
	struct curb_str bytes = bundle_of(house, 1, 1, 60);
	char *changed = (char *)(uintptr_t)bytes.ptr;
	changed[bytes.len - BUNDLE_SIGNATURE - 1] ^= 1;
	assert_int_equal(hand_in(house, bytes), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "forged"));
}

/* The signature is right, and the ledger says something else. */
static void apply__without_the_entry_in_the_ledger(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 1, 60), second = new_bundle(house, 1, 1, 90);
	CURB_AUTO(buf) struct curb_buf out = curb_buf(BUNDLE_MOST);
	told.kind = "payment";
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "does not show this bundle"));
	(void)file_of(&second);
	told.bundle.receipt = second.bundle.receipt;
	bundle_write(&out, &told.bundle, &house->sender);
	assert_int_equal(hand_in(house, curb_buf_view(&out)), CURB_EUNFIT);
	assert_non_null(strstr(curb_error_text(), "does not show this bundle"));
	curb_buf_clear(&out);
	told.bundle.receipt = curb_str("none");
	bundle_write(&out, &told.bundle, &house->sender);
	assert_int_equal(hand_in(house, curb_buf_view(&out)), CURB_EUNFIT);
	assert_int_equal(counted(house), 0);
}

static void apply__another_number_of_records_than_it_says(void **state)
{
	struct house *house = *state;
	struct told told = new_bundle(house, 1, 2, 60);
	told.bundle.records = 3;
	assert_int_equal(hand_in(house, file_of(&told)), CURB_EINVAL);
	assert_int_equal(counted(house), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)
	const struct CMUnitTest tests[] = {
		TEST(apply__once),
		TEST(apply__in_any_order_the_newest_stays),
		TEST(apply__another_of_the_same_number_is_refused),
		TEST(apply__half_of_it_is_nothing),
		TEST(apply__unknown_key),
		TEST(apply__for_another_server),
		TEST(apply__forged),
		TEST(apply__without_the_entry_in_the_ledger),
		TEST(apply__another_number_of_records_than_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
