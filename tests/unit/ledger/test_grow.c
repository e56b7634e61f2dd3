/* How the tree grows, statement by statement: whichever fails, the tree is what it was; and what an entry says of itself. */
#include <sodium.h>
#include <stdlib.h>

#include "broken.h"
#include "died.h"
#include "entry.h"
#include "ledger_case.h"

/* ---- statements that fail ---- */

/* Appends with each statement failing in turn, until none is left to fail; how many there were. */
static int append_broken(struct house *house, int count, const char *person)
{
	struct merkle_hash before, after;
	uint64_t size = case_tree(house, &before);
	for (int good = 0;; good++) {
		struct job job = { .count = count, .err_at = -1, .person = person };
		curb_arena_reset(house->f.arena);
		broken_after(good);
		int err = case_append(house, &job);
		if (!broken_end()) {
			assert_int_equal(err, 0);
			assert_true(case_tree(house, &after) == size + (uint64_t)count);
			return good;
		}
		assert_int_equal(err, CURB_EINTERNAL);
		assert_true(case_tree(house, &after) == size && merkle_same(&before, &after));
	}
}

static void grow__each_statement_that_fails_leaves_the_tree_as_it_was(void **state)
{
	struct house *house = *state;
	assert_true(append_broken(house, 2, "person-1") > 8); /* the first entries, and a person's first */
	case_append_n(house, 251);
	assert_true(append_broken(house, 1, "person-1") > 8);
	assert_true(append_broken(house, 4, "person-1") > 8); /* a tile is filled on the way */
	case_append_n(house, 700); /* tiles that are filled within one transaction */
	assert_true(append_broken(house, 20, "person-2") > 20);
	assert_int_equal(
		read_int(&house->f, &ledger_host, /* of 978 entries: none of those that are full is cut */
	                 "SELECT count(*) FROM ledger_tile WHERE level = 0 AND length(hashes) = 8192", NULL),
		3);
}

/* An entry of somebody about somebody else, neither of whom stands in the ledger yet. */
static int append_of_two(struct curb_tx *tx, void *arg)
{
	const struct curb_entry entry = {
		.kind = "two", .at_ms = 59999, .person = { "first" }, .by = { "second" }
	};
	(void)arg;
	return curb_ledger_append(tx, &entry, NULL);
}

static void grow__people_whose_names_cannot_be_kept_leave_nothing(void **state)
{
	struct house *house = *state;
	int good = 0;
	for (int err = CURB_EINTERNAL; err; good++) {
		broken_after(good);
		err = write_fn(&house->f, append_of_two, NULL);
		assert_int_equal(err, broken_end() ? CURB_EINTERNAL : 0);
		assert_int_equal(
			read_int(&house->f, &ledger_host, "SELECT count(*) FROM ledger_person", NULL),
			err ? 0 : 2);
	}
	assert_true(good > 6);
}

/* ---- the edge that is read at the start ---- */

struct edge {
	const char *sql;
	int err;
	uint64_t size;
};

static int load_edge_fn(struct curb_tx *tx, void *arg)
{
	static struct growing growing;
	struct edge *edge = arg;
	int err = curb_exec(&ledger_host, tx, edge->sql, CURB_NO_BINDS, NULL);
	if (err)
		return err;
	edge->err = grow_load(tx, &growing);
	edge->size = growing.tree.size;
	return curb_fail(CURB_EUNFIT, "nothing of it stays");
}

static void grow__loads_whole_tiles_and_no_damaged_ones(void **state)
{
	struct house *house = *state;
	static const char *const damages[] = {
		"UPDATE ledger_tile SET hashes = x''",
		"UPDATE ledger_tile SET hashes = x'00' WHERE level = 0",
		"UPDATE ledger_tile SET hashes = zeroblob(8224) WHERE level = 0",
		"UPDATE ledger_tile SET hashes = zeroblob(31) WHERE level = 1",
	};
	case_append_n(house, 256);
	struct edge edge = { .sql = "UPDATE ledger_tile SET n = n", .err = -1 };
	assert_int_equal(write_fn(&house->f, load_edge_fn, &edge), CURB_EUNFIT);
	assert_int_equal(edge.err, 0);
	assert_true(edge.size == 256);
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		edge = (struct edge){ .sql = damages[i] };
		assert_int_equal(write_fn(&house->f, load_edge_fn, &edge), CURB_EUNFIT);
		assert_int_equal(edge.err, CURB_EINTERNAL);
	}
}

/* ---- what an entry says of itself ---- */

struct one {
	struct curb_entry entry;
	int64_t index;
};

static int append_one(struct curb_tx *tx, void *arg)
{
	struct one *one = arg;
	return curb_ledger_append(tx, &one->entry, &one->index);
}

static size_t facts_at(struct house *house, int64_t index, struct entry_fact *facts)
{
	struct curb_str body;
	size_t n = 0;
	assert_int_equal(ledger_entry(case_look(house), (uint64_t)index, &body), 0);
	assert_int_equal(entry_read(body, facts, &n), 0);
	return n;
}

static void grow__an_entry_has_what_it_was_given(void **state)
{
	struct house *house = *state;
	static const char key[] = "play-1/7";
	struct entry_fact facts[ENTRY_FACTS];
	struct one one = { .entry = { .kind = "kind",
		                      .at_ms = 1763800019999,
		                      .person = { "person-1" },
		                      .role = "staff",
		                      .corrects = 2,
		                      .key = curb_str(key) } };
	case_append_n(house, 2);
	assert_int_equal(write_fn(&house->f, append_one, &one), 0);
	assert_int_equal(one.index, 2);
	size_t n = facts_at(house, 2, facts);
	assert_int_equal(n, 8); /* v kind at salt role ref key sub */
	assert_int_equal(entry_find(facts, n, "v")->number, 1);
	assert_int_equal(entry_find(facts, n, "ref")->number, 1);
	assert_true(entry_find(facts, n, "at")->number == 1763799960000);
	assert_true(curb_str_is(entry_find(facts, n, "role")->bytes, "staff"));
	assert_int_equal(entry_find(facts, n, "sub")->bytes.len, 16);
	assert_null(entry_find(facts, n, "by"));
	struct curb_str salt = entry_find(facts, n, "salt")->bytes,
			hashed = entry_find(facts, n, "key")->bytes;
	unsigned char text[32 + sizeof key], hash[crypto_hash_sha256_BYTES];
	assert_int_equal(salt.len, 32);
	memcpy(text, salt.ptr, 32);
	memcpy(text + 32, key, sizeof key - 1);
	(void)crypto_hash_sha256(hash, text, 32 + sizeof key - 1);
	assert_int_equal(hashed.len, 16);
	assert_memory_equal(hashed.ptr, hash, 16);
	one.entry = (struct curb_entry){ .kind = "kind", .at_ms = 60000, .by = { "person-2" } };
	assert_int_equal(write_fn(&house->f, append_one, &one), 0);
	n = facts_at(house, 3, facts);
	assert_int_equal(n, 5);
	assert_int_equal(entry_find(facts, n, "at")->number, 60000);
	assert_int_equal(entry_find(facts, n, "by")->bytes.len, 16);
	assert_null(entry_find(facts, n, "sub"));
}

static void grow__what_cannot_be_an_entry_is_refused(void **state)
{
	struct house *house = *state;
	struct merkle_hash root;
	const struct curb_fact broken_name[] = { { "Not a name", 1, { NULL, 0 } } };
	const struct curb_entry refused[] = {
		{ .kind = "k", .corrects = -1 },
		{ .kind = "k", .corrects = 4 },
		{ .kind = "k", .facts = broken_name, .fact_count = 1 },
	};
	case_append_n(house, 3);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct one one = { .entry = refused[i] };
		assert_true(write_fn(&house->f, append_one, &one) < 0);
		assert_true(case_tree(house, &root) == 3);
	}
	struct one last = { .entry = { .kind = "k", .corrects = 3 } };
	assert_int_equal(write_fn(&house->f, append_one, &last), 0);
	house->ledger->held = OTHER;
	assert_int_equal(write_fn(&house->f, append_one, &last), CURB_EBUSY);
	house->ledger->held = FREE;
	assert_true(case_tree(house, &root) == 4);
}

static void grow__as_many_facts_as_may_be_are_kept(void **state)
{
	struct house *house = *state;
	static const char *const names[CURB_FACTS_MOST] = { "a", "b", "c", "d", "e", "f", "g", "h",
		                                            "i", "j", "k", "l", "m", "n", "o", "p" };
	struct curb_fact facts[CURB_FACTS_MOST];
	struct entry_fact read[ENTRY_FACTS];
	for (size_t i = 0; i < CURB_FACTS_MOST; i++)
		facts[i] = (struct curb_fact){ names[i], (int64_t)i, { NULL, 0 } };
	struct one one = { .entry = { .kind = "k", .facts = facts, .fact_count = CURB_FACTS_MOST } };
	assert_int_equal(write_fn(&house->f, append_one, &one), 0);
	assert_int_equal(facts_at(house, one.index, read), CURB_FACTS_MOST + 4);
	assert_int_equal(entry_find(read, CURB_FACTS_MOST + 4, "p")->number, 15);
}

static int write_nothing(struct curb_tx *tx, void *arg)
{
	(void)tx;
	(void)arg;
	return 0;
}

static void grow__a_transaction_without_entries_changes_nothing(void **state)
{
	struct house *house = *state;
	struct merkle_hash before, after;
	case_append_n(house, 3);
	(void)case_signed(house);
	assert_int_equal(house->ledger->waits_since_ms, 0);
	uint64_t size = case_tree(house, &before);
	assert_int_equal(write_fn(&house->f, write_nothing, NULL), 0);
	assert_int_equal(house->ledger->waits_since_ms, 0);
	assert_true(case_tree(house, &after) == size && merkle_same(&before, &after));
	case_append_n(house, 1);
	int64_t since_ms = house->ledger->waits_since_ms;
	assert_true(since_ms > 0);
	case_append_n(house, 1);
	assert_true(house->ledger->waits_since_ms == since_ms); /* the oldest that waits */
}

/* ---- our own mistakes end the process ---- */

static struct curb_tx *tx_of_writer; /* in the child of the writer's thread */
static size_t no_room;               /* for so many bytes; 0: there is */

void *__real_realloc(void *bytes, size_t size);
void *__wrap_realloc(void *bytes, size_t size);
void *__wrap_realloc(void *bytes, size_t size)
{
	return no_room && size == no_room ? NULL : __real_realloc(bytes, size);
}

static const struct curb_entry plain = { .kind = "k" };

static void append_too_much(void)
{
	const struct curb_entry entry = { .kind = "k", .fact_count = CURB_FACTS_MOST + 1 };
	(void)curb_ledger_append(tx_of_writer, &entry, NULL);
}

static void append_without_room(void)
{
	no_room = 64 * sizeof(struct merkle_hash); /* of the first leaves that wait for the tree */
	(void)curb_ledger_append(tx_of_writer, &plain, NULL);
}

static int die_fn(struct curb_tx *tx, void *arg)
{
	bool *ret_died = arg;
	tx_of_writer = tx;
	*ret_died = died(append_too_much) && died(append_without_room);
	return 0;
}

static void append(void)
{
	(void)grow_append(tx_of_writer, &plain, NULL);
}

static void ask_whether_it_takes(void)
{
	(void)curb_ledger_takes(tx_of_writer);
}

static int die_without_ledger_fn(struct curb_tx *tx, void *arg)
{
	bool *ret_died = arg;
	tx_of_writer = tx;
	*ret_died = died(append) && died(ask_whether_it_takes);
	return 0;
}

static void grow__our_own_mistakes_end_the_process(void **state)
{
	struct house *house = *state;
	struct fixture bare;
	bool all_died = false;
	assert_int_equal(write_fn(&house->f, die_fn, &all_died), 0);
	assert_true(all_died);
	all_died = false;
	fixture_open(&bare);
	assert_int_equal(write_fn(&bare, die_without_ledger_fn, &all_died), 0);
	fixture_close(&bare);
	assert_true(all_died);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, case_setup, case_teardown)
	const struct CMUnitTest tests[] = {
		TEST(grow__each_statement_that_fails_leaves_the_tree_as_it_was),
		TEST(grow__people_whose_names_cannot_be_kept_leave_nothing),
		TEST(grow__loads_whole_tiles_and_no_damaged_ones),
		TEST(grow__an_entry_has_what_it_was_given),
		TEST(grow__what_cannot_be_an_entry_is_refused),
		TEST(grow__as_many_facts_as_may_be_are_kept),
		TEST(grow__a_transaction_without_entries_changes_nothing),
		TEST(grow__our_own_mistakes_end_the_process),
	};
#undef TEST
	return cmocka_run_group_tests_name("grow", tests, NULL, NULL);
}
