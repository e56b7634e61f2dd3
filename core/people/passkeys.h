/* Passkeys of persons, and the challenges that they answer.
 * The rule: a challenge costs the server nothing until it is answered (it carries its own proof), and is answered once.
 */
#ifndef CURB_PEOPLE_PASSKEYS_H
#define CURB_PEOPLE_PASSKEYS_H

#include "people.h"

enum { PEOPLE_CHALLENGE_MS = 15 * 60 * 1000, PEOPLE_PASSKEYS_MOST = 20, PEOPLE_PASSKEY_NAME = 64 };

/* A challenge for this use ("signin", or the id of the person who adds a passkey), in base64url; good for 15 minutes. Arena. */
struct curb_str people_challenge(struct curb_tx *tx, struct curb_str use, int64_t now_ms);
/* CURB_EAUTH when it is not one of ours, for another use, or old. */
int people_challenge_check(struct curb_tx *tx, struct curb_str use, struct curb_str challenge,
                           int64_t now_ms);
/* In a write function. CURB_EAUTH when it was answered already. */
int people_challenge_spend(struct curb_tx *tx, struct curb_str challenge, int64_t now_ms);

struct people_passkey {
	struct curb_id id, person;
	struct curb_str credential, key, name; /* credential: hex */
	int64_t algorithm, counter, made_ms, used_ms;
};
/* CURB_EAUTH when nobody who may sign in has it. Arena. */
int people_passkey_find(struct curb_tx *tx, struct curb_str credential, struct people_passkey *ret_passkey);
/* Of one person, the oldest first. Arena. */
int people_passkeys(struct curb_tx *tx, const struct curb_id *person, struct people_passkey **ret_passkeys,
                    size_t *ret_n);

/* In a write function. CURB_ECONFLICT: it is there already, or she has 20. */
int people_passkey_add(struct curb_tx *tx, const struct people_passkey *passkey, int64_t now_ms);
/* In a write function: it signed with this counter. CURB_EAUTH when the counter did not grow: the key was copied. (Those that
 * do not count say 0 for ever.) */
int people_passkey_used(struct curb_tx *tx, const struct people_passkey *passkey, int64_t counter,
                        int64_t now_ms);
/* In a write function. CURB_ENOTFOUND when she has no such passkey. */
int people_passkey_remove(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *passkey);

#endif
