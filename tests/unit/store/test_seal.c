#include "curb/key.h"
#include "helper.h"

#define TABLE "core_person", "certificate"

struct sealing {
	struct fixture *f;
	struct curb_tx *tx;
	struct curb_id id;
	struct curb_str plain, sealed;
};

static struct sealing seal_one(void **state, const char *plain)
{
	struct sealing s = { .f = *state, .id = curb_id_new(1), .plain = curb_str(plain) };
	s.tx = store_begin(s.f->reader, s.f->arena);
	assert_int_equal(curb_seal(s.tx, TABLE, &s.id, s.plain, &s.sealed), 0);
	return s;
}

static void seal__opens_where_it_was_sealed(void **state)
{
	static const char *const plains[] = { "", "x", "44010619990101123456", "按摩" };
	for (size_t i = 0; i < 4; i++) {
		struct sealing s = seal_one(state, plains[i]);
		struct curb_str plain = curb_str("untouched");
		assert_int_equal(curb_unseal(s.tx, TABLE, &s.id, s.sealed, &plain), 0);
		assert_true(curb_str_eq(plain, s.plain));
		assert_int_equal(s.sealed.len, 1 + 4 + 24 + s.plain.len + 16);
		assert_memory_equal(s.sealed.ptr, "\x01\0\0\0\x07", 5);
		assert_true(s.plain.len < 2 || !memmem(s.sealed.ptr, s.sealed.len, s.plain.ptr, s.plain.len));
	}
}

static void seal__two_of_the_same_differ(void **state)
{
	struct sealing s = seal_one(state, "same");
	struct curb_str again;
	assert_int_equal(curb_seal(s.tx, TABLE, &s.id, s.plain, &again), 0);
	assert_false(curb_str_eq(s.sealed, again));
}

static void seal__is_bound_to_its_place(void **state)
{
	struct sealing s = seal_one(state, "secret");
	struct curb_id other_id = curb_id_new(2);
	struct curb_str plain = curb_str("untouched");
	assert_int_equal(curb_unseal(s.tx, TABLE, &other_id, s.sealed, &plain), CURB_EINTERNAL);
	assert_int_equal(curb_unseal(s.tx, "core_person", "phone", &s.id, s.sealed, &plain), CURB_EINTERNAL);
	assert_int_equal(curb_unseal(s.tx, "core_other", "certificate", &s.id, s.sealed, &plain),
	                 CURB_EINTERNAL);
	assert_true(curb_str_is(plain, "untouched"));
}

static void seal__every_changed_or_missing_byte_is_noticed(void **state)
{
	struct sealing s = seal_one(state, "secret");
	char bytes[128];
	struct curb_str plain;
	for (size_t i = 0; i < s.sealed.len; i++) {
		memcpy(bytes, s.sealed.ptr, s.sealed.len);
		bytes[i] = (char)(bytes[i] ^ 1);
		assert_int_equal(curb_unseal(s.tx, TABLE, &s.id, curb_str_n(bytes, s.sealed.len), &plain),
		                 CURB_EINTERNAL);
		assert_int_equal(curb_unseal(s.tx, TABLE, &s.id, curb_str_n(s.sealed.ptr, i), &plain),
		                 CURB_EINTERNAL);
	}
	assert_int_equal(curb_unseal(s.tx, TABLE, &s.id, curb_str(NULL), &plain), CURB_EINTERNAL);
}

static void seal__the_blind_index_is_stable_and_apart(void **state)
{
	struct sealing s = seal_one(state, "x");
	struct curb_str a = curb_blind_index(s.tx, TABLE, curb_str("44010619990101"));
	assert_int_equal(a.len, 64);
	assert_int_equal(strspn(a.ptr, "0123456789abcdef"), 64);
	assert_true(curb_str_eq(a, curb_blind_index(s.tx, TABLE, curb_str("44010619990101"))));
	assert_false(curb_str_eq(a, curb_blind_index(s.tx, TABLE, curb_str("44010619990102"))));
	assert_false(
		curb_str_eq(a, curb_blind_index(s.tx, "core_person", "phone", curb_str("44010619990101"))));
}

static void seal__an_own_key_is_stable_and_apart(void **state)
{
	struct sealing s = seal_one(state, "x");
	unsigned char keys[4][CURB_OWN_KEY];
	assert_int_equal(curb_own_key(&shop, s.tx, "sign", keys[0]), 0);
	assert_int_equal(curb_own_key(&shop, s.tx, "sign", keys[1]), 0);
	assert_int_equal(curb_own_key(&shop, s.tx, "seal", keys[2]), 0);
	assert_int_equal(curb_own_key(&other, s.tx, "sign", keys[3]), 0);
	assert_memory_equal(keys[0], keys[1], CURB_OWN_KEY);
	assert_memory_not_equal(keys[0], keys[2], CURB_OWN_KEY);
	assert_memory_not_equal(keys[0], keys[3], CURB_OWN_KEY);
}

static void seal__without_a_key_nothing_is_sealed(void **state)
{
	struct fixture *f = *state;
	char path[512];
	temp_path(&f->folder, "plain.db", path);
	struct curb_store *store = NULL;
	struct store_reader *reader = NULL;
	assert_int_equal(store_open(&(struct store_options){ .path = path, .fresh_ok = true }, &store), 0);
	assert_int_equal(store_reader_open(store, &reader), 0);
	struct curb_tx *tx = store_begin(reader, f->arena);
	struct curb_id id = curb_id_new(1);
	struct curb_str out = curb_str("untouched");
	assert_int_equal(curb_seal(tx, TABLE, &id, curb_str("x"), &out), CURB_EINTERNAL);
	assert_int_equal(curb_unseal(tx, TABLE, &id, curb_str("x"), &out), CURB_EINTERNAL);
	assert_true(curb_str_is(out, "untouched"));
	assert_null(curb_blind_index(tx, TABLE, curb_str("x")).ptr);
	unsigned char own[CURB_OWN_KEY];
	assert_int_equal(curb_own_key(&shop, tx, "sign", own), CURB_EINTERNAL);
	store_reader_close(reader);
	store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_fixture, teardown_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(seal__opens_where_it_was_sealed),
		TEST(seal__two_of_the_same_differ),
		TEST(seal__is_bound_to_its_place),
		TEST(seal__every_changed_or_missing_byte_is_noticed),
		TEST(seal__the_blind_index_is_stable_and_apart),
		TEST(seal__an_own_key_is_stable_and_apart),
		TEST(seal__without_a_key_nothing_is_sealed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
