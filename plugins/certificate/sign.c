#include "sign.h"

#include <sodium.h>

#include "curb/cleanup.h"
#include "curb/err.h"

enum { BASE64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING, HEADER_MOST = 1024 };

struct curb_str sign_base64(struct curb_arena *arena, const void *bytes, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n, BASE64);
	char *text = curb_alloc(arena, size);
	(void)sodium_bin2base64(text, size, bytes, n, BASE64);
	return curb_str_n(text, size - 1);
}

struct curb_str sign_hash(struct curb_arena *arena, struct curb_str bytes)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char *hex = curb_alloc(arena, 2 * sizeof hash + 1);
	(void)crypto_hash_sha256(hash, (const unsigned char *)bytes.ptr, bytes.len);
	curb_hex(hash, sizeof hash, hex);
	return curb_str_n(hex, 2 * sizeof hash);
}

struct sign_public sign_public_of(const unsigned char bytes[static SIGN_PUBLIC])
{
	struct sign_public key;
	unsigned char hash[crypto_hash_sha256_BYTES];
	char x[SIGN_THUMB], jwk[128];
	memcpy(key.bytes, bytes, SIGN_PUBLIC);
	(void)sodium_bin2base64(x, sizeof x, bytes, SIGN_PUBLIC, BASE64);
	int n = snprintf(jwk, sizeof jwk, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}", x);
	(void)crypto_hash_sha256(hash, (const unsigned char *)jwk, (unsigned long long)n);
	(void)sodium_bin2base64(key.thumb, sizeof key.thumb, hash, sizeof hash, BASE64);
	return key;
}

struct sign_key *sign_key_new(const unsigned char seed[static SIGN_SEED])
{
	struct sign_key *key = curb_xcalloc(1, sizeof *key);
	unsigned char public[SIGN_PUBLIC];
	key->secret = sodium_malloc(SIGN_SECRET);
	CURB_ASSERT(key->secret);
	(void)crypto_sign_seed_keypair(public, key->secret, seed);
	key->public = sign_public_of(public);
	return key;
}

void sign_key_free(struct sign_key *key)
{
	if (!key)
		return;
	sodium_free(key->secret);
	free(key);
}

void sign_put_jwk(struct curb_json *j, struct curb_arena *arena, const struct sign_public *key)
{
	curb_json_ktext(j, "kty", "OKP");
	curb_json_ktext(j, "crv", "Ed25519");
	curb_json_kstr(j, "x", sign_base64(arena, key->bytes, sizeof key->bytes));
}

struct curb_str sign_jwt(struct curb_arena *arena, const struct sign_key *key, struct curb_str did,
                         struct curb_str payload)
{
	CURB_AUTO(buf) struct curb_buf header = curb_buf(HEADER_MOST);
	struct curb_json j = curb_json(&header);
	unsigned char signature[crypto_sign_BYTES];
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "alg", "EdDSA");
	curb_json_ktext(&j, "typ", "JWT");
	curb_json_ktext(&j, "kid", curb_printf(arena, "%.*s#%s", (int)did.len, did.ptr, key->public.thumb));
	curb_json_end(&j, '}');
	const char *text = curb_printf(arena, "%s.%s", sign_base64(arena, header.data, header.len).ptr,
	                               sign_base64(arena, payload.ptr, payload.len).ptr);
	(void)crypto_sign_detached(signature, NULL, (const unsigned char *)text, strlen(text), key->secret);
	return curb_str(
		curb_printf(arena, "%s.%s", text, sign_base64(arena, signature, sizeof signature).ptr));
}

/* ---- reading ---- */

static int no_token(void)
{
	return curb_fail(CURB_EINVAL,
	                 "This is not a certificate file: it must be the whole file that ends in .jwt");
}

static struct curb_str without_space(struct curb_arena *arena, struct curb_str text)
{
	char *kept = curb_alloc(arena, text.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		if (!memchr(" \t\r\n", text.ptr[i], 4))
			kept[n++] = text.ptr[i];
	return curb_str_n(kept, n);
}

static bool decoded(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_bytes)
{
	unsigned char *bytes = curb_alloc(arena, text.len + 1);
	size_t n = 0;
	const char *end = NULL;
	if (sodium_base642bin(bytes, text.len + 1, text.ptr, text.len, NULL, &n, &end, BASE64) != 0 ||
	    end != text.ptr + text.len)
		return false;
	*ret_bytes = curb_str_n((const char *)bytes, n);
	return true;
}

/* The header is for us when it says EdDSA and names a key; of what else it says nothing is believed. */
static int read_header(struct curb_arena *arena, struct curb_str bytes, struct jwt *jwt)
{
	struct curb_value *header = NULL;
	if (bytes.len > HEADER_MOST || curb_json_parse(arena, bytes, &header) != 0 ||
	    curb_value_type(header) != CURB_OBJECT)
		return no_token();
	struct curb_str kid = curb_get_str(header, "kid"), before;
	jwt->thumb = curb_str("");
	if (curb_str_is(curb_get_str(header, "alg"), "EdDSA") && kid.ptr && !curb_value_get(header, "crit") &&
	    curb_str_cut(&kid, '#', &before))
		jwt->thumb = kid;
	return 0;
}

int jwt_read(struct curb_arena *arena, struct curb_str text, struct jwt *ret_jwt)
{
	if (text.len > JWT_MOST)
		return curb_fail(CURB_ETOOBIG, "This file is too large to be a certificate");
	struct curb_str all = without_space(arena, text), rest = all, part[3], bytes[3];
	struct jwt jwt = { 0 };
	for (size_t i = 0; i < 3; i++)
		if (!curb_str_cut(&rest, '.', &part[i]) || !part[i].len ||
		    !decoded(arena, part[i], &bytes[i]))
			return no_token();
	if (rest.len || part[2].ptr + part[2].len != all.ptr + all.len ||
	    bytes[2].len != sizeof jwt.signature)
		return no_token();
	jwt.payload = bytes[1];
	jwt.signed_part = curb_str_n(all.ptr, part[0].len + 1 + part[1].len);
	memcpy(jwt.signature, bytes[2].ptr, sizeof jwt.signature);
	int err = read_header(arena, bytes[0], &jwt);
	if (!err)
		*ret_jwt = jwt;
	return err;
}

bool jwt_verified(const struct jwt *jwt, const struct sign_public *key)
{
	return crypto_sign_verify_detached(jwt->signature, (const unsigned char *)jwt->signed_part.ptr,
	                                   jwt->signed_part.len, key->bytes) == 0;
}
