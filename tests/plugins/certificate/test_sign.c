/* Tokens and the status list, against the examples of their standards and against every changed character. */
#include "sign.h"

#include <sodium.h>
#include <stdlib.h>
#include <zlib.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "status.h"

static int open_arena(void **state)
{
	*state = curb_arena_new(4 << 20);
	return sodium_init() < 0;
}

static int close_arena(void **state)
{
	curb_arena_free(*state);
	return 0;
}

/* The key of RFC 8037, appendix A. */
static struct sign_key *rfc8037(void)
{
	unsigned char seed[SIGN_SEED];
	assert_true(curb_unhex(curb_str("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
	                       seed, sizeof seed));
	return sign_key_new(seed);
}

static void sign__a_key_is_known_by_the_thumbprint_of_the_standard(void **state)
{
	struct curb_arena *arena = *state;
	struct sign_key *key = rfc8037();
	assert_string_equal(key->public.thumb, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
	assert_true(curb_str_is(sign_base64(arena, key->public.bytes, SIGN_PUBLIC),
	                        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
	sign_key_free(key);
	sign_key_free(NULL);
}

static struct curb_str token_of(struct curb_arena *arena, const struct sign_key *key)
{
	return sign_jwt(arena, key, curb_str("did:web:example.org"), curb_str("{\"id\":\"x\"}"));
}

static void sign__what_is_signed_is_read_and_verified(void **state)
{
	struct curb_arena *arena = *state;
	struct sign_key *key = rfc8037();
	struct curb_str token = token_of(arena, key);
	const char *spaced = curb_printf(arena, " \n%.*s\r\n%.*s\t\n", 30, token.ptr, (int)token.len - 30,
	                                 token.ptr + 30);
	struct jwt jwt;
	assert_int_equal(jwt_read(arena, token, &jwt), 0);
	assert_true(jwt_verified(&jwt, &key->public));
	assert_true(curb_str_is(jwt.thumb, key->public.thumb));
	assert_true(curb_str_is(jwt.payload, "{\"id\":\"x\"}"));
	assert_int_equal(jwt_read(arena, curb_str(spaced), &jwt), 0);
	assert_true(jwt_verified(&jwt, &key->public));
	sign_key_free(key);
}

static void sign__each_changed_character_is_noticed(void **state)
{
	struct curb_arena *arena = *state;
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=";
	struct sign_key *key = rfc8037();
	struct curb_str token = token_of(arena, key);
	for (size_t i = 0; i < token.len; i++) {
		CURB_AUTO(arena) struct curb_arena *round = curb_arena_new(1 << 20);
		for (size_t k = 0; letters[k]; k++) {
			char *text = (char *)(uintptr_t)curb_cstr(round, token);
			struct jwt jwt;
			if (text[i] == letters[k])
				continue;
			text[i] = letters[k];
			int err = jwt_read(round, curb_str_n(text, token.len), &jwt);
			assert_true(err == CURB_EINVAL || (err == 0 && !jwt_verified(&jwt, &key->public)));
		}
	}
	sign_key_free(key);
}

static void sign__what_is_no_token_is_refused(void **state)
{
	struct curb_arena *arena = *state;
	struct sign_key *key = rfc8037();
	struct curb_str token = token_of(arena, key);
	const char *whole = curb_cstr(arena, token), *signature = strrchr(whole, '.');
	const char *const wrong[] = {
		"",
		".",
		"..",
		"a.b.c",
		"e30.e30",
		curb_printf(arena, "%s.", whole),
		curb_printf(arena, "%s.e30", whole),
		curb_printf(arena, "%s=", whole),
		curb_printf(arena, "%.*s", (int)token.len - 1, whole),
		curb_printf(arena, "e30x.e30%s", signature), /* not whole bytes */
		curb_printf(arena, "W10.e30%s", signature),  /* [] */
		curb_printf(arena, "eyJh.e30%s", signature), /* {"a */
		curb_printf(arena, "+/8.e30%s", signature),  /* of the other alphabet */
		curb_printf(arena, "e30.e30.AAAA"),
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct jwt jwt = { .thumb = curb_str("untouched") };
		assert_int_equal(jwt_read(arena, curb_str(wrong[i]), &jwt), CURB_EINVAL);
		assert_true(curb_str_is(jwt.thumb, "untouched"));
	}
	char *huge = curb_alloc(arena, JWT_MOST + 2);
	memset(huge, 'A', JWT_MOST + 1);
	struct jwt jwt;
	assert_int_equal(jwt_read(arena, curb_str(huge), &jwt), CURB_ETOOBIG);
	sign_key_free(key);
}

static void sign__a_header_that_is_not_as_ours_names_no_key(void **state)
{
	struct curb_arena *arena = *state;
	struct sign_key *key = rfc8037();
	const char *signature = strrchr(curb_cstr(arena, token_of(arena, key)), '.');
	const char *const headers[] = { "{\"alg\":\"none\",\"kid\":\"a#b\"}",
		                        "{\"alg\":\"HS256\",\"kid\":\"a#b\"}",
		                        "{\"alg\":\"EdDSA\",\"kid\":\"ab\"}",
		                        "{\"alg\":\"EdDSA\",\"kid\":7}",
		                        "{\"alg\":\"EdDSA\"}",
		                        "{\"kid\":\"a#b\"}",
		                        "{\"alg\":\"EdDSA\",\"kid\":\"a#b\",\"crit\":[\"b64\"]}" };
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct jwt jwt;
		const char *head = sign_base64(arena, headers[i], strlen(headers[i])).ptr;
		assert_int_equal(
			jwt_read(arena, curb_str(curb_printf(arena, "%s.e30%s", head, signature)), &jwt), 0);
		assert_int_equal(jwt.thumb.len, 0);
	}
	sign_key_free(key);
}

/* ---- the status list ---- */

static void unpack(struct curb_str text, unsigned char bits[static STATUS_PLACES / 8])
{
	unsigned char packed[1 << 16];
	size_t n = 0;
	assert_int_equal(text.ptr[0], 'u');
	assert_int_equal(sodium_base642bin(packed, sizeof packed, text.ptr + 1, text.len - 1, NULL, &n, NULL,
	                                   sodium_base64_VARIANT_URLSAFE_NO_PADDING),
	                 0);
	z_stream z = {
		.next_in = packed, .avail_in = (uInt)n, .next_out = bits, .avail_out = STATUS_PLACES / 8
	};
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, STATUS_PLACES / 8);
	(void)inflateEnd(&z);
}

static void status__the_first_place_is_the_leftmost_bit(void **state)
{
	struct curb_arena *arena = *state;
	unsigned char *bits = curb_alloc(arena, STATUS_PLACES / 8);
	const int64_t set[] = { 0, 9, STATUS_PLACES - 1 };
	unpack(status_encode(arena, set, 3), bits);
	assert_int_equal(bits[0], 0x80);
	assert_int_equal(bits[1], 0x40);
	assert_int_equal(bits[STATUS_PLACES / 8 - 1], 0x01);
	for (size_t i = 2; i < STATUS_PLACES / 8 - 1; i++)
		assert_int_equal(bits[i], 0);
}

static void status__an_empty_list_is_all_zeros_and_always_the_same(void **state)
{
	struct curb_arena *arena = *state;
	unsigned char *bits = curb_alloc(arena, STATUS_PLACES / 8);
	struct curb_str text = status_encode(arena, NULL, 0);
	unpack(text, bits);
	for (size_t i = 0; i < STATUS_PLACES / 8; i++)
		assert_int_equal(bits[i], 0);
	assert_true(curb_str_eq(text, status_encode(arena, NULL, 0)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sign__a_key_is_known_by_the_thumbprint_of_the_standard),
		TEST(sign__what_is_signed_is_read_and_verified),
		TEST(sign__each_changed_character_is_noticed),
		TEST(sign__what_is_no_token_is_refused),
		TEST(sign__a_header_that_is_not_as_ours_names_no_key),
		TEST(status__the_first_place_is_the_leftmost_bit),
		TEST(status__an_empty_list_is_all_zeros_and_always_the_same),
	};
	return cmocka_run_group_tests_name("sign", tests, NULL, NULL);
}
