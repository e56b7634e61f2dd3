/* People: persons, passwords, sessions, grants, institutions and regions.
 * The rule: roles come only from grants in force now; a token is stored as its hash.
 */
#ifndef CURB_PEOPLE_H
#define CURB_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curb/db.h"
#include "curb/plugin.h"
#include "curb/request.h"
#include "store.h"

extern const struct curb_migration people_migrations[]; /* of the core's host */

/* ---- who is asking ---- */

/* One row a grant and institution that it covers; `institution` "" covers all. */
struct people_reach {
	struct curb_id institution;
	uint32_t role;
};

struct people_session {
	struct curb_id id;     /* of the session */
	struct curb_user user; /* name is arena */
	char csrf[44];         /* the token of this session's forms */
	struct curb_str lang;  /* chosen by the person, or absent */
	const struct people_reach *reach;
	size_t reach_count;
	int64_t ends_ms, seen_ms; /* seen_ms: as it was last noted */
	int64_t proved_ms;        /* when she last showed that it is her (signing.h) */
	bool shared;              /* others use this device too */
	struct curb_id helper;    /* who works in it with the person's consent; "" nobody else (helpers.h) */
	struct curb_str helper_name;
	int64_t until_ms; /* when it ends, or a grant ends or begins: until then it is as it is here */
};

/* Whether somebody whose account is open has one of `roles` everywhere, in force at now_ms. */
int people_some_everywhere(struct curb_tx *tx, uint32_t roles, int64_t now_ms, bool *ret_some);

/* The session of a token (cookie or bearer). CURB_EAUTH when it is unknown, ended or its person is closed.
 * Everything is arena of `tx`. One indexed read, and one more a grant of a region. */
int people_session_find(struct curb_tx *tx, struct curb_str token, int64_t now_ms,
                        struct people_session *ret_session);

/* The same from memory, when it was read before and neither the core's rows nor the time have changed it since. */
struct people_sessions;
struct people_sessions *people_sessions_new(void);
void people_sessions_free(struct people_sessions *sessions); /* NULL is fine */
int people_session_recall(struct people_sessions *sessions, struct curb_tx *tx, struct curb_str token,
                          int64_t now_ms, struct people_session *ret_session);

/* True when a row of the session's reach has one of `roles` and covers `institution`. */
bool people_covers(const struct people_session *session, uint32_t roles, const struct curb_id *institution);

/* The institutions that the session's rows of one of `roles` cover; all there are (4,096 at most) when a row has none of
 * its own. Arena of `tx`. */
int people_institutions(struct curb_tx *tx, const struct people_session *session, uint32_t roles,
                        const struct curb_id **ret_ids, size_t *ret_n);

/* ---- passwords: argon2id (RFC 9106), 46 MiB, one hash at a time in the whole process, on a thread of its own ---- */

enum { PEOPLE_HASH_SIZE = 128, PEOPLE_TOKEN_SIZE = 44, PEOPLE_PIN_BELOW = 13, PEOPLE_NAME_LONGEST = 64 };

/* Who waits where for a hash: KNOWN goes first and has places of its own, so nobody's tries can keep a person out who
 * comes from a device that she signed in from before. */
enum people_lane { PEOPLE_LANE_KNOWN, PEOPLE_LANE_OTHER };

/* MB that a hash made from now on takes; 46 unless called. Before the first password. */
void people_password_memory(int64_t mb);
/* ret_hash has room for PEOPLE_HASH_SIZE. CURB_EINVAL when the password has fewer than 6 characters or over 1,024 bytes.
 * CURB_EBUSY when too many wait already. Takes about 0.1 s: never under a permit. */
int people_password_hash(struct curb_str password, char *ret_hash);
/* 0, CURB_EAUTH when it does not match, CURB_EBUSY as above. An empty hash takes as long and never matches. `place` is the
 * known device, or the address: it shares the places of the lane fairly. */
int people_password_check(const char *hash, struct curb_str password, enum people_lane lane,
                          struct curb_str place);

/* A PIN is a password of 6 to 12 digits. It is far easier to guess than a password, so from a device that is not known
 * 20 wrong tries for a person in a day, from wherever they come, are all there are: after them her PIN is not taken there
 * until a day has passed. It still is on the devices she used before, and a code, a passkey or a password is everywhere.
 * (A PIN on known devices alone would have shut out those who share the computers of a school, on which nothing is
 * kept.) */
bool people_is_pin(struct curb_str password);
/* CURB_EINVAL, worded for the field, when a new password or PIN is too short or easy to guess. */
int people_password_fit(struct curb_str password);

/* ---- in a write function ---- */

struct people_new {
	struct curb_str name;                /* to sign in with; unique */
	const char *password_hash;           /* from people_password_hash */
	struct curb_str shown;               /* what pages call the person; absent: name */
	uint32_t role;                       /* one bit */
	struct curb_str region, institution; /* ids; both absent: the grant covers everything */
	struct curb_str lang;                /* absent: the browser's */
	int64_t from_ms, until_ms;           /* of the grant; 0: from now on, without end */
};
/* CURB_ECONFLICT when the name is taken, CURB_ENOTFOUND for an unknown region or institution. */
int people_add(struct curb_tx *tx, const struct people_new *person, int64_t now_ms, struct curb_id *ret_id);

/* A grant more for somebody who is there. CURB_ECONFLICT: ADMIN never goes with a role that moves hours. */
int people_grant(struct curb_tx *tx, const struct curb_id *person, uint32_t role, struct curb_str region,
                 struct curb_str institution, int64_t now_ms);

/* `ret_token` is for the cookie; only its hash is kept. 30 days, 12 hours on a shared device. Sessions of anybody that ended
 * over 30 days ago are removed on the way. */
int people_session_open(struct curb_tx *tx, const struct curb_id *person, bool shared_device, int64_t now_ms,
                        char *ret_token);
/* What browser a fresh session is in, by the header that browsers send; it is kept in plain words. */
int people_session_describe(struct curb_tx *tx, struct curb_str token, struct curb_str user_agent);
int people_session_end(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms);
int people_set_lang(struct curb_tx *tx, const struct curb_id *session, struct curb_str lang);

/* `parent` absent: a province. CURB_ECONFLICT when the id is there. */
int people_region_add(struct curb_tx *tx, struct curb_str id, struct curb_str parent, struct curb_str name);
int people_institution_add(struct curb_tx *tx, struct curb_str region, struct curb_str name, int64_t now_ms,
                           struct curb_id *ret_id);

/* ---- words ---- */

/* A sign-in name as it is compared: without case and blanks around it, since it is typed, not copied. Arena. */
struct curb_str people_folded(struct curb_tx *tx, struct curb_str name);

/* One bit of curb_role for its word ("learner"), 0 for none. */
uint32_t people_role(struct curb_str word);
/* The word of role number `i` (bit i), NULL past the last. Static. */
const char *people_role_word(int i);

#endif
