#include "webauthn.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <pthread.h>
#include <sodium.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "curb/json.h"

enum { FLAGS_AT = 32, PRESENT = 1, VERIFIED = 4, HAS_KEY = 64 };

static int bad(void)
{
	return curb_fail(CURB_EAUTH, "This passkey did not match. Try again, or sign in with your password");
}

static void start_library(void)
{
	fido_init(FIDO_DISABLE_U2F_FALLBACK);
}

static void begin(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, start_library);
}

static bool fits(const struct webauthn_said *said)
{
	return said->client.len > 0 && said->client.len <= WEBAUTHN_MOST && said->authdata.len > FLAGS_AT &&
	       said->authdata.len <= WEBAUTHN_MOST;
}

static const unsigned char *bytes_of(struct curb_str s)
{
	return (const unsigned char *)s.ptr;
}

int webauthn_bytes(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_bytes)
{
	if (!text.ptr || text.len > WEBAUTHN_MOST * 4 / 3)
		return bad();
	unsigned char *to = curb_alloc(arena, text.len + 1);
	size_t n = 0;
	if (sodium_base642bin(to, text.len + 1, text.ptr, text.len, NULL, &n, NULL,
	                      sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return bad();
	*ret_bytes = curb_str_n((const char *)to, n);
	return 0;
}

int webauthn_challenge(struct curb_arena *arena, struct curb_str client, const char *type,
                       struct curb_str origin, struct curb_str *ret_challenge)
{
	struct curb_value *said = NULL;
	if (client.len > WEBAUTHN_MOST || curb_json_parse(arena, client, &said) != 0)
		return bad();
	struct curb_str challenge = curb_get_str(said, "challenge");
	if (!curb_str_is(curb_get_str(said, "type"), type) ||
	    !curb_str_eq(curb_get_str(said, "origin"), origin) || !challenge.len ||
	    curb_value_bool(curb_value_get(said, "crossOrigin"), false))
		return bad();
	*ret_challenge = challenge;
	return 0;
}

/* ---- a new key ---- */

static void auto_cred(fido_cred_t **cred)
{
	fido_cred_free(cred);
}

static bool cred_read(fido_cred_t *cred, const struct webauthn_said *said)
{
	unsigned char client_hash[crypto_hash_sha256_BYTES], rp_hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256(client_hash, bytes_of(said->client), said->client.len);
	(void)crypto_hash_sha256(rp_hash, bytes_of(said->rp_id), said->rp_id.len);
	unsigned flags = bytes_of(said->authdata)[FLAGS_AT], due = PRESENT | VERIFIED | HAS_KEY;
	return cred && (flags & due) == due && memcmp(rp_hash, said->authdata.ptr, sizeof rp_hash) == 0 &&
	       fido_cred_set_type(cred, (int)said->algorithm) == FIDO_OK &&
	       fido_cred_set_clientdata_hash(cred, client_hash, sizeof client_hash) == FIDO_OK &&
	       fido_cred_set_authdata_raw(cred, bytes_of(said->authdata), said->authdata.len) == FIDO_OK;
}

int webauthn_register(struct curb_arena *arena, const struct webauthn_said *said,
                      struct webauthn_key *ret_key)
{
	begin();
	bool known = said->algorithm == COSE_ES256 || said->algorithm == COSE_EDDSA ||
	             said->algorithm == COSE_RS256;
	if (!known || !fits(said))
		return bad();
	__attribute__((cleanup(auto_cred))) fido_cred_t *cred = fido_cred_new();
	if (!cred_read(cred, said))
		return bad();
	size_t id_len = fido_cred_id_len(cred), key_len = fido_cred_pubkey_len(cred);
	if (!id_len || id_len > WEBAUTHN_CREDENTIAL_MOST || !key_len || key_len > WEBAUTHN_KEY_MOST)
		return bad();
	char *hex = curb_alloc(arena, 2 * id_len + 1);
	curb_hex(fido_cred_id_ptr(cred), id_len, hex);
	ret_key->credential = curb_str(hex);
	ret_key->key = curb_dup(arena, curb_str_n((const char *)fido_cred_pubkey_ptr(cred), key_len));
	ret_key->counter = fido_cred_sigcount(cred);
	return 0;
}

/* ---- a signature ---- */

static void auto_assert(fido_assert_t **assert)
{
	fido_assert_free(assert);
}

static bool assert_read(fido_assert_t *assert, const struct webauthn_said *said, const char *rp_id,
                        struct curb_str signature)
{
	unsigned char client_hash[crypto_hash_sha256_BYTES];
	(void)crypto_hash_sha256(client_hash, bytes_of(said->client), said->client.len);
	return assert &&fido_assert_set_clientdata_hash(assert, client_hash, sizeof client_hash) ==
	       FIDO_OK &&fido_assert_set_rp(assert, rp_id) == FIDO_OK &&fido_assert_set_count(assert, 1) ==
	       FIDO_OK &&fido_assert_set_up(assert, FIDO_OPT_TRUE) ==
	       FIDO_OK &&fido_assert_set_uv(assert, FIDO_OPT_TRUE) ==
	       FIDO_OK &&fido_assert_set_authdata_raw(assert, 0, bytes_of(said->authdata),
	                                              said->authdata.len) ==
	       FIDO_OK &&fido_assert_set_sig(assert, 0, bytes_of(signature), signature.len) == FIDO_OK;
}

static bool verify(const fido_assert_t *assert, int64_t algorithm, struct curb_str key)
{
	int said = FIDO_ERR_INTERNAL;
	if (algorithm == COSE_ES256) {
		es256_pk_t *pk = es256_pk_new();
		if (pk && es256_pk_from_ptr(pk, key.ptr, key.len) == FIDO_OK)
			said = fido_assert_verify(assert, 0, COSE_ES256, pk);
		es256_pk_free(&pk);
	} else if (algorithm == COSE_EDDSA) {
		eddsa_pk_t *pk = eddsa_pk_new();
		if (pk && eddsa_pk_from_ptr(pk, key.ptr, key.len) == FIDO_OK)
			said = fido_assert_verify(assert, 0, COSE_EDDSA, pk);
		eddsa_pk_free(&pk);
	} else if (algorithm == COSE_RS256) {
		rs256_pk_t *pk = rs256_pk_new();
		if (pk && rs256_pk_from_ptr(pk, key.ptr, key.len) == FIDO_OK)
			said = fido_assert_verify(assert, 0, COSE_RS256, pk);
		rs256_pk_free(&pk);
	}
	return said == FIDO_OK;
}

int webauthn_assert(const struct webauthn_said *said, struct curb_str key, struct curb_str signature,
                    uint32_t *ret_counter)
{
	begin();
	char rp_id[254];
	if (!fits(said) || said->rp_id.len >= sizeof rp_id || !signature.len || signature.len > WEBAUTHN_MOST)
		return bad();
	memcpy(rp_id, said->rp_id.ptr, said->rp_id.len);
	rp_id[said->rp_id.len] = '\0';
	__attribute__((cleanup(auto_assert))) fido_assert_t *assert = fido_assert_new();
	if (!assert_read(assert, said, rp_id, signature) || !verify(assert, said->algorithm, key))
		return bad();
	*ret_counter = fido_assert_sigcount(assert, 0);
	return 0;
}
