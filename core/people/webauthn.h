/* What a passkey's device says (WebAuthn level 2), checked. Every byte of it is from outside: CBOR is read by libfido2 alone,
 * and nothing is longer than WEBAUTHN_MOST.
 * The rule: user verification is asked for (a finger, a face or a PIN of the device), so a passkey is two factors in one.
 *
 * No attestation is asked for: it would tell which device somebody has, and the server needs no more than its key. So a new
 * key has no signature to verify; it is bound to its person by the challenge, which is hers and good once.
 */
#ifndef CURB_PEOPLE_WEBAUTHN_H
#define CURB_PEOPLE_WEBAUTHN_H

#include <stdint.h>

#include "curb/arena.h"
#include "curb/str.h"

enum { WEBAUTHN_MOST = 4096, WEBAUTHN_KEY_MOST = 512, WEBAUTHN_CREDENTIAL_MOST = 1023 };

struct webauthn_said {
	struct curb_str rp_id;    /* the host of the server */
	struct curb_str client;   /* clientDataJSON, decoded */
	struct curb_str authdata; /* authenticatorData, decoded */
	int64_t algorithm;        /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
};

/* Bytes of base64url without padding. CURB_EAUTH when it is not that or too long. Arena. */
int webauthn_bytes(struct curb_arena *arena, struct curb_str text, struct curb_str *ret_bytes);

/* The challenge (base64url, as it stands there) of client data of that type ("webauthn.get", "webauthn.create") that came
 * from `origin`. CURB_EAUTH when it is anything else. Arena. */
int webauthn_challenge(struct curb_arena *arena, struct curb_str client, const char *type,
                       struct curb_str origin, struct curb_str *ret_challenge);

struct webauthn_key {
	struct curb_str credential; /* hex */
	struct curb_str key;
	uint32_t counter;
};
/* A new key. CURB_EAUTH when the data is for another server, nobody was verified, or it is malformed. Arena. */
int webauthn_register(struct curb_arena *arena, const struct webauthn_said *said,
                      struct webauthn_key *ret_key);

/* Verifies the signature of `key`. CURB_EAUTH as above, or when it does not match. */
int webauthn_assert(const struct webauthn_said *said, struct curb_str key, struct curb_str signature,
                    uint32_t *ret_counter);

#endif
