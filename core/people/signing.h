/* Signing in: who is meant, how tries are slowed, known devices, codes for the first time, steps of a sign-in.
 * The rule: nobody's tries may keep somebody else out. A try is counted where it comes from, never for the person alone
 * (the exceptions, PINs and numbers of the second step from unknown devices, leave her every other way in).
 */
#ifndef CURB_PEOPLE_SIGNING_H
#define CURB_PEOPLE_SIGNING_H

#include "people.h"

/* ---- who is meant ---- */

struct people_account {
	struct curb_id id; /* "" when there is none */
	char hash[PEOPLE_HASH_SIZE];
	bool pin; /* the hash is of a PIN */
};
/* The person of a learner number, another sign-in name or a phone number; letters fold, blanks around it do not count.
 * An account that is not there is left empty, which is no error. */
int people_account_find(struct curb_tx *tx, struct curb_str name, struct people_account *ret_account);

/* The account of a person who is signed in. */
int people_account_of(struct curb_tx *tx, const struct curb_id *person, struct people_account *ret_account);

/* A phone number as it is compared: digits alone, full-width ones too, without +86 or 0086. Absent when it cannot be one
 * (fewer than 5 or more than 15 digits, or anything but digits, blanks and + - . ( )). Arena. */
struct curb_str people_phone_plain(struct curb_tx *tx, struct curb_str phone);
/* In a write function. Absent takes it away. CURB_ECONFLICT: it belongs to another account. CURB_EINVAL: it is none. */
int people_set_phone(struct curb_tx *tx, const struct curb_id *person, struct curb_str phone);
/* The person's phone, absent when there is none. Arena. */
int people_phone(struct curb_tx *tx, const struct curb_id *person, struct curb_str *ret_phone);

/* In a write function: a new password or PIN, by its hash. What the old one opened ends: steps of a sign-in under way, and
 * what was tried behind it. */
int people_set_password(struct curb_tx *tx, const struct curb_id *person, const char *hash, bool pin);

/* The browser that sends this header, in words: "Chrome, Android"; absent when it says nothing that is known. Arena. */
struct curb_str people_agent(struct curb_tx *tx, struct curb_str user_agent);

/* ---- tries ---- */

enum { PEOPLE_ROOM_TRIES = 1000 };
enum people_try_kind {
	PEOPLE_TRY_PASSWORD,
	PEOPLE_TRY_PIN,
	PEOPLE_TRY_CODE,
	PEOPLE_TRY_SECOND,
	PEOPLE_TRY_RECOVERY,
	PEOPLE_TRY_PROOF,
	PEOPLE_TRY_GUESS, /* of something that is nobody's account; `name` says of what */
	PEOPLE_TRY_ROOM /* the same, of all who are signed in behind one address, each of whom is counted by herself too */
};
struct people_try {
	enum people_try_kind kind;
	struct curb_str name, address; /* name: as it was typed; the person's id behind the first step */
	struct curb_str device;        /* of people_device_known; absent: not known */
};
/* CURB_ESLOW, with the seconds to wait in the message and in *ret_wait_s, after five failed tries for this name within an
 * hour from this known device, or from this address when the device is not known: 1 s, doubling to 60 s. A PIN from
 * an unknown device: people_is_pin says what more, *ret_wait_s is then 0; of the numbers of a second step, which only who
 * knows her password can try, 20 likewise, and 100 recovery codes. Of proofs (below), whose
 * address is the session's id, a session has 20 in a day; a new one begins anew. Of PEOPLE_TRY_ROOM not after five but after
 * PEOPLE_ROOM_TRIES: many more than a class mistypes. */
int people_try_allowed(struct curb_tx *tx, const struct people_try *try, int64_t now_ms, int64_t *ret_wait_s);
/* In a write function: counts a failed try, or forgets those from the same place when `ok`. */
int people_note_try(struct curb_tx *tx, const struct people_try *try, bool ok, int64_t now_ms);
/* In a write function, before the try is looked at: CURB_ESLOW as above, else it counts as failed until it is noted as good.
 * So many at one time are not more than many in a row: for what costs nothing to look at. */
int people_take_try(struct curb_tx *tx, const struct people_try *try, int64_t now_ms);
/* In a write function: those of the person's second step. */
int people_forget_tries(struct curb_tx *tx, const struct curb_id *person);

/* ---- proofs: what gives lasting access (a passkey, another second step) is for whoever showed just now that she is the
 * person, since a session may stand open at a device that others use ---- */

enum { PEOPLE_PROVED_MS = 10 * 60 * 1000 };
/* True for ten minutes from signing in, or from the last proof; never where somebody helps. */
bool people_session_proved(const struct people_session *session, int64_t now_ms);
/* In a write function: she has shown it. */
int people_session_prove(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms);

/* ---- known devices: a cookie of random bytes; what is kept is its hash, with each person who signed in there ---- */

/* The name that tries of this device are counted under, absent when the person has not signed in from it within 180
 * days. Arena. */
int people_device_known(struct curb_tx *tx, struct curb_str token, const struct curb_id *person,
                        int64_t now_ms, struct curb_str *ret_device);
/* In a write function: from now on the device is known. `token` is what its cookie says; ret_token (PEOPLE_TOKEN_SIZE) what
 * it is to say, another one when this person is new to it. The ten devices a person used last are known. */
int people_device_keep(struct curb_tx *tx, struct curb_str token, const struct curb_id *person,
                       int64_t now_ms, char *ret_token);
/* In a write function: no device of the person is known any more, but for that of `token` (absent: none). */
int people_device_forget(struct curb_tx *tx, const struct curb_id *person, struct curb_str but_token);

/* ---- codes for the first time (or a forgotten password): twelve digits, made by staff ---- */

enum { PEOPLE_CODE_DIGITS = 12, PEOPLE_CODE_DAYS = 7, PEOPLE_CODE_TEXT = 16 };
/* Digits alone, because they are said and typed the same in every language, on every phone and in braille: 40 bits, which
 * a flood of 10,000 tries a minute for the whole week that a code lives finds with a chance of one in 10,000. A code
 * needs no argon2id, so it never waits behind anybody. */

/* In a write function: a new code of the person; the ones before end. `ret_text` is "482 913 775 206". */
int people_code_make(struct curb_tx *tx, const struct curb_id *person, const struct curb_id *by,
                     int64_t now_ms, char ret_text[PEOPLE_CODE_TEXT]);
/* True when the text could be a code: twelve digits (full-width ones too), with blanks or dashes between them. */
bool people_is_code(struct curb_str text);
/* The id of the code when it is the person's and neither used nor over; "" when it is not. */
int people_code_find(struct curb_tx *tx, const struct curb_id *person, struct curb_str text, int64_t now_ms,
                     struct curb_id *ret_code);
/* In a write function. CURB_ECONFLICT when it was used or has ended meanwhile. */
int people_code_use(struct curb_tx *tx, const struct curb_id *code, int64_t now_ms);

struct people_code {
	struct curb_str made_by; /* what pages call who handed it out */
	int64_t made_ms, ends_ms;
};
/* The person's code that waits to be used; made_ms 0 when there is none. Arena. */
int people_code_open(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms,
                     struct people_code *ret_code);

/* ---- steps: a sign-in, or a change of the password, whose first step was taken; the token of the next one stands in its
 * form ---- */

enum people_step_kind { PEOPLE_STEP_PASSWORD = 1, PEOPLE_STEP_SECOND, PEOPLE_STEP_ENROL, PEOPLE_STEP_CHANGE };
struct people_step {
	struct curb_id id, person;
	enum people_step_kind kind;
	struct curb_str data; /* absent without */
};
/* In a write function: `ret_token` has room for PEOPLE_TOKEN_SIZE. The step is open for a day: nobody has to hurry; a
 * change of the password for PEOPLE_PROVED_MS, since the old one that it stands behind is a proof. */
int people_step_open(struct curb_tx *tx, const struct curb_id *person, enum people_step_kind kind,
                     struct curb_str data, int64_t now_ms, char *ret_token);
/* CURB_EAUTH when it is not open any more. Arena. */
int people_step_find(struct curb_tx *tx, struct curb_str token, int64_t now_ms, struct people_step *ret_step);
/* The person's newest of that kind with these data, by no token. CURB_EAUTH when none is open. Arena. */
int people_step_of(struct curb_tx *tx, const struct curb_id *person, enum people_step_kind kind,
                   struct curb_str data, int64_t now_ms, struct people_step *ret_step);
/* In a write function. CURB_ECONFLICT when somebody has ended it meanwhile. */
int people_step_end(struct curb_tx *tx, const struct curb_id *step);
/* In a write function: all of the person's. */
int people_steps_end(struct curb_tx *tx, const struct curb_id *person);

#endif
