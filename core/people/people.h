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
struct people_session {
	struct curb_id id;                  /* of the session */
	struct curb_user user;              /* name is arena */
	char csrf[44];                      /* the token of this session's forms */
	struct curb_str lang;               /* chosen by the person, or absent */
	const struct curb_id *institutions; /* covered by each grant, one row a (role, institution) */
	const uint32_t *institution_roles;  /* the role of the row */
	size_t institution_count;
	uint32_t everywhere; /* roles granted without institution or region: cover all */
	bool by_token;       /* Authorization: Bearer; no cookie, so no CSRF token is asked for */
};

/* The session of a token (cookie or bearer). CURB_EAUTH when it is unknown, ended or its person is closed.
 * Everything is arena of `tx`. Two indexed reads. */
int people_session_find(struct curb_tx *tx, struct curb_str token, int64_t now_ms,
                        struct people_session *ret_session);

/* ---- passwords: argon2id, one hash at a time on the calling thread (a process-wide lock) ---- */
/* ret_hash has room for 128. CURB_EINVAL when the password is shorter than 6 characters (a PIN) or over 1024 bytes. */
int people_password_hash(struct curb_str password, char *ret_hash);

/* Looks a person up by learner number, phone or name and checks the password. Takes the same time whether the person is
 * there or not. CURB_EAUTH: did not match; CURB_ESLOW: too many tries, the message says how long to wait. */
int people_check(struct curb_tx *tx, struct curb_str name, struct curb_str password, int64_t now_ms,
                 struct curb_id *ret_person);
/* A failed (or, with ok, successful) try, kept per name and address for slowing down. In a write function. */
int people_note_try(struct curb_tx *tx, struct curb_str name, struct curb_str address, bool ok,
                    int64_t now_ms);

/* ---- in a write function ---- */
struct people_new {
	struct curb_str name, password_hash; /* sign-in name (learner number), from people_password_hash */
	struct curb_str shown;               /* what pages call the person; absent: name */
	uint32_t role;                       /* one bit */
	struct curb_str region, institution; /* absent: the grant covers everything */
	struct curb_str lang;
};
int people_add(struct curb_tx *tx, const struct people_new *person, int64_t now_ms, struct curb_id *ret_id);
int people_session_open(struct curb_tx *tx, const struct curb_id *person, bool shared_device, int64_t now_ms,
                        char ret_token[static 44]);
int people_session_end(struct curb_tx *tx, const struct curb_id *session, int64_t now_ms);
int people_set_lang(struct curb_tx *tx, const struct curb_id *session, struct curb_str lang);
int people_institution_add(struct curb_tx *tx, struct curb_str id_or_name, struct curb_str region,
                           int64_t now_ms, struct curb_id *ret_id);

/* One bit of curb_role for its word ("learner"), 0 for none; the words of a mask into `ret_words` (NULL-ended, 11 long). */
uint32_t people_role(struct curb_str word);
void people_role_words(uint32_t roles, const char *ret_words[static 11]);

/* Routes of the core: POST /api/v1/session, DELETE /api/v1/session, GET and POST /signin, POST /signout, POST /lang. */
extern const struct curb_route people_routes[];

#endif
