/* The second factor: a number from an app that changes every 30 seconds (TOTP, RFC 6238: SHA-1, six digits), and recovery
 * codes for a lost phone.
 * The rule: a number and a recovery code are good once; the secret is sealed, recovery codes are kept as keyed hashes.
 */
#ifndef CURB_PEOPLE_FACTOR_H
#define CURB_PEOPLE_FACTOR_H

#include "people.h"

enum {
	PEOPLE_SECRET_TEXT = 33, /* 20 bytes in base32 and a NUL */
	PEOPLE_RECOVERIES = 10,
	PEOPLE_RECOVERY_TEXT = 12 /* "12345 67890" */
};

/* The roles that move hours or run the machine: for these the second factor may be asked. */
enum { PEOPLE_MOVES_HOURS = CURB_TEACHER | CURB_STAFF | CURB_REVIEWER | CURB_ADMIN };

/* A fresh secret, as people type it into an app. */
void people_totp_secret(char ret_text[PEOPLE_SECRET_TEXT]);
/* The six digits of a step of 30 seconds since 1970; -1 when the secret is none. */
int32_t people_totp_at(struct curb_str secret, int64_t step);
/* The step whose digits `typed` are, of now or one before or behind; 0 when they are none of these. Blanks between the
 * digits do not count. */
int64_t people_totp_match(struct curb_str secret, struct curb_str typed, int64_t now_ms);

int people_factor_has(struct curb_tx *tx, const struct curb_id *person, bool *ret_has);
/* What was typed: the number of now, or a recovery code. CURB_EAUTH when it is neither, or was used. */
struct people_factor_good {
	int64_t step;             /* of the number; 0: a recovery code */
	struct curb_str recovery; /* its index */
};
int people_factor_check(struct curb_tx *tx, const struct curb_id *person, struct curb_str typed,
                        int64_t now_ms, struct people_factor_good *ret_good);

/* True when the text could be a recovery code: ten digits, with blanks or dashes between them. */
bool people_is_recovery(struct curb_str typed);

/* In a write function: uses it up. CURB_EAUTH when somebody was faster. */
int people_factor_use(struct curb_tx *tx, const struct curb_id *person, const struct people_factor_good *good,
                      int64_t now_ms);
/* In a write function: this secret from now on, whose number of `step` was just typed, and new recovery codes. Steps of a
 * sign-in under way end: one of them may be setting up another secret. */
int people_factor_set(struct curb_tx *tx, const struct curb_id *person, struct curb_str secret, int64_t step,
                      int64_t now_ms, char ret_codes[PEOPLE_RECOVERIES][PEOPLE_RECOVERY_TEXT]);
/* In a write function: none any more. */
int people_factor_remove(struct curb_tx *tx, const struct curb_id *person);
/* How many recovery codes are left. */
int people_recoveries_left(struct curb_tx *tx, const struct curb_id *person, int64_t *ret_n);

#endif
