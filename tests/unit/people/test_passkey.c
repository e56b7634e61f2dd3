/* Challenges that carry their own proof, and what a passkey's device may say. (Whole passkeys are tried in a browser.) */
#include <stdlib.h>

#include "cm.h"
#include "curb/cleanup.h"
#include "curb/err.h"
#include "passkeys.h"
#include "people_case.h"
#include "webauthn.h"

static struct curb_str make(const char *use, int64_t now_ms)
{
	struct curb_str challenge = people_challenge(store_begin(f.reader, f.arena), curb_str(use), now_ms);
	store_end(f.reader);
	return challenge;
}

static int check(const char *use, struct curb_str challenge, int64_t now_ms)
{
	int err = people_challenge_check(store_begin(f.reader, f.arena), curb_str(use), challenge, now_ms);
	store_end(f.reader);
	return err;
}

static int spend_fn(struct curb_tx *tx, void *arg)
{
	return people_challenge_spend(tx, *(const struct curb_str *)arg, NOW);
}

static void challenge__is_ours_for_its_use_and_once(void **state)
{
	(void)state;
	struct curb_str one = make("signin", NOW), two = make("signin", NOW);
	assert_false(curb_str_eq(one, two));
	assert_int_equal(check("signin", one, NOW + PEOPLE_CHALLENGE_MS - 1), 0);
	assert_int_equal(check("signin", one, NOW + PEOPLE_CHALLENGE_MS), CURB_EAUTH);
	assert_int_equal(check("another", one, NOW), CURB_EAUTH);
	assert_int_equal(check("signin", curb_str("AAAA"), NOW), CURB_EAUTH);
	assert_int_equal(check("signin", curb_str(NULL), NOW), CURB_EAUTH);
	char *changed = curb_alloc(f.arena, one.len + 1);
	memcpy(changed, one.ptr, one.len);
	changed[0] = changed[0] == 'A' ? 'B' : 'A';
	assert_int_equal(check("signin", curb_str(changed), NOW), CURB_EAUTH);
	assert_int_equal(count_of("SELECT count(*) FROM core_spent"), 0); /* asking costs nothing */
	assert_int_equal(write_now(spend_fn, &one), 0);
	assert_int_equal(write_now(spend_fn, &one), CURB_EAUTH);
	assert_int_equal(write_now(spend_fn, &two), 0);
}

static int challenge_of(const char *client, const char *origin, struct curb_str *ret_challenge)
{
	return webauthn_challenge(f.arena, curb_str(client), "webauthn.get", curb_str(origin), ret_challenge);
}

static void client__is_of_this_server_and_kind(void **state)
{
	(void)state;
	static const char framed[] =
		"{\"type\":\"webauthn.get\",\"challenge\":\"a\",\"origin\":\"https://a.cn\","
		"\"crossOrigin\":true}";
	const char *const bad[] = {
		"",
		"[]",
		"{\"type\":\"webauthn.create\",\"challenge\":\"abc\",\"origin\":\"https://a.cn\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"\",\"origin\":\"https://a.cn\"}",
		"{\"type\":\"webauthn.get\",\"origin\":\"https://a.cn\"}",
		"{\"type\":\"webauthn.get\",\"challenge\":\"abc\",\"origin\":\"https://a.cn.evil.org\"}",
		framed,
	};
	struct curb_str challenge;
	assert_int_equal(
		challenge_of("{\"type\":\"webauthn.get\",\"challenge\":\"abc\",\"origin\":\"https://a.cn\","
	                     "\"crossOrigin\":false}",
	                     "https://a.cn", &challenge),
		0);
	assert_true(curb_str_is(challenge, "abc"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(challenge_of(bad[i], "https://a.cn", &challenge), CURB_EAUTH);
}

/* Whatever comes in place of a device's data is refused, and nothing is read past its end. */
static void data__that_is_malformed_is_refused(void **state)
{
	(void)state;
	unsigned char bytes[600];
	struct webauthn_key key;
	uint32_t counter = 0;
	for (size_t len = 0; len < sizeof bytes; len += 7) {
		for (size_t i = 0; i < len; i++)
			bytes[i] = (unsigned char)(i * 31 + len);
		if (len > 32)
			bytes[32] = 0x45;
		char *copy = curb_xcalloc(1, len + 1); /* of just that size, for the sanitizer */
		memcpy(copy, bytes, len);
		const struct webauthn_said said = { curb_str("a.cn"), curb_str("{}"), curb_str_n(copy, len),
			                            -7 };
		assert_int_equal(webauthn_register(f.arena, &said, &key), CURB_EAUTH);
		assert_int_equal(
			webauthn_assert(&said, curb_str_n(copy, len), curb_str_n(copy, len), &counter),
			CURB_EAUTH);
		free(copy);
	}
	const struct webauthn_said odd = { curb_str("a.cn"), curb_str("{}"), curb_str_n((char *)bytes, 200),
		                           -999 };
	assert_int_equal(webauthn_register(f.arena, &odd, &key), CURB_EAUTH);
	struct curb_str text;
	assert_int_equal(webauthn_bytes(f.arena, curb_str("not base64!"), &text), CURB_EAUTH);
	assert_int_equal(webauthn_bytes(f.arena, curb_str(NULL), &text), CURB_EAUTH);
	assert_int_equal(webauthn_bytes(f.arena, curb_str("AAEC"), &text), 0);
	assert_int_equal(text.len, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEOPLE_TEST(challenge__is_ours_for_its_use_and_once),
		PEOPLE_TEST(client__is_of_this_server_and_kind),
		PEOPLE_TEST(data__that_is_malformed_is_refused),
	};
	return cmocka_run_group_tests_name("passkeys", tests, NULL, NULL);
}
