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
	int64_t until_ms; /* when it ends, or a grant ends or begins: until then it is as it is here */
};

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

/* ---- passwords: argon2id (RFC 9106), 46 MiB, one hash at a time in the whole process ---- */

enum { PEOPLE_HASH_SIZE = 128, PEOPLE_TOKEN_SIZE = 44 };

/* ret_hash has room for PEOPLE_HASH_SIZE. CURB_EINVAL when the password has fewer than 6 characters or over 1,024 bytes.
 * CURB_EBUSY when eight callers wait already. Takes about 0.1 s: never under a permit. */
int people_password_hash(struct curb_str password, char *ret_hash);
/* 0, CURB_EAUTH when it does not match, CURB_EBUSY as above. An empty hash takes as long and never matches. */
int people_password_check(const char *hash, struct curb_str password);

/* The person of a sign-in name (learner number or phone; letters fold) and her hash; both "" when there is none. */
int people_sign_in_name(struct curb_tx *tx, struct curb_str name, struct curb_id *ret_person, char *ret_hash);

/* CURB_ESLOW, with the seconds to wait in the message and in *ret_wait_s, after five failed tries for this name from
 * this address within an hour: 1 s, doubling to 60 s. Tries from elsewhere never slow a person down. */
int people_try_allowed(struct curb_tx *tx, struct curb_str name, struct curb_str address, int64_t now_ms,
                       int64_t *ret_wait_s);

/* ---- in a write function ---- */

/* Counts a failed try, or forgets them all when `ok`. */
int people_note_try(struct curb_tx *tx, struct curb_str name, struct curb_str address, bool ok,
                    int64_t now_ms);

struct people_new {
	struct curb_str name;                /* to sign in with; unique */
	const char *password_hash;           /* from people_password_hash */
	struct curb_str shown;               /* what pages call the person; absent: name */
	uint32_t role;                       /* one bit */
	struct curb_str region, institution; /* ids; both absent: the grant covers everything */
	struct curb_str lang;                /* absent: the browser's */
};
/* CURB_ECONFLICT when the name is taken, CURB_ENOTFOUND for an unknown region or institution. */
int people_add(struct curb_tx *tx, const struct people_new *person, int64_t now_ms, struct curb_id *ret_id);

/* A grant more for somebody who is there. CURB_ECONFLICT: ADMIN never goes with a role that moves hours. */
int people_grant(struct curb_tx *tx, const struct curb_id *person, uint32_t role, struct curb_str region,
                 struct curb_str institution, int64_t now_ms);

/* `ret_token` is for the cookie; only its hash is kept. 30 days, 12 hours on a shared device. */
int people_session_open(struct curb_tx *tx, const struct curb_id *person, bool shared_device, int64_t now_ms,
                        char *ret_token);
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
