/* Signatures of certificates: JSON Web Tokens (RFC 7519) with EdDSA over Ed25519 (RFC 8037), keys as JWK (RFC 7517).
 * The rule: a key is known by its thumbprint (RFC 7638); what does not verify is never looked into.
 */
#ifndef CERTIFICATE_SIGN_H
#define CERTIFICATE_SIGN_H

#include "curb/arena.h"
#include "curb/json.h"
#include "curb/str.h"

enum { SIGN_SEED = 32, SIGN_PUBLIC = 32, SIGN_SECRET = 64, SIGN_THUMB = 44, JWT_MOST = 32 << 10 };

struct sign_public {
	unsigned char bytes[SIGN_PUBLIC];
	char thumb[SIGN_THUMB]; /* base64url without padding, NUL-ended */
};

/* A key that signs; `secret` is locked memory. Yours: sign_key_free. */
struct sign_key {
	struct sign_public public;
	unsigned char *secret;
};
struct sign_key *sign_key_new(const unsigned char seed[static SIGN_SEED]);
void sign_key_free(struct sign_key *key); /* NULL is fine */

struct sign_public sign_public_of(const unsigned char bytes[static SIGN_PUBLIC]);

/* Base64url without padding (RFC 4648, section 5). Arena. */
struct curb_str sign_base64(struct curb_arena *arena, const void *bytes, size_t n);

/* SHA-256 in hex. Arena. */
struct curb_str sign_hash(struct curb_arena *arena, struct curb_str bytes);

/* The members kty, crv and x of a JWK, into an open object. */
void sign_put_jwk(struct curb_json *j, struct curb_arena *arena, const struct sign_public *key);

/* A token of the payload (JSON): its header names the key as "DID#thumbprint". Arena. */
struct curb_str sign_jwt(struct curb_arena *arena, const struct sign_key *key, struct curb_str did,
                         struct curb_str payload);

/* A token that was read and not verified: only `thumb` may be used before jwt_verified says yes. */
struct jwt {
	struct curb_str thumb;   /* of the key that its header names; "" when it names none as ours do */
	struct curb_str payload; /* its bytes */
	struct curb_str signed_part;
	unsigned char signature[64];
};
/* CURB_EINVAL when the text is no token: three parts, each strict base64url, a header that is a JSON object, 64 bytes of
 * signature, JWT_MOST bytes at most. White space around and line breaks within it are taken out, as mails put them in. */
int jwt_read(struct curb_arena *arena, struct curb_str text, struct jwt *ret_jwt);
bool jwt_verified(const struct jwt *jwt, const struct sign_public *key);

#endif
