/* Persons, as plugins may know them: an id and the name that pages show.
 * The rule: a plugin keeps ids; who may see whom is the route's and curb_may's business.
 */
#ifndef CURB_PERSON_H
#define CURB_PERSON_H

#include "curb/db.h"
#include "curb/request.h"
#include "curb/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The person of an id or a sign-in name (learner number, phone); of one who was merged into another (curb_person_merge), that
 * one. Arena of `tx`; roles are those in force at `now_ms`. CURB_ENOTFOUND when there is none or the account is closed. */
int curb_person_find(struct curb_tx *tx, struct curb_str id_or_name, int64_t now_ms,
                     struct curb_user *ret_user);

/* Whom pages call just `shown` and who has one of `roles` at the institution itself, in force at `now_ms`; at most `most`.
 * Arena of `tx`. */
int curb_persons_called(struct curb_tx *tx, struct curb_str shown, uint32_t roles,
                        const struct curb_id *institution, int64_t now_ms, size_t most,
                        struct curb_id **ret_persons, size_t *ret_n);

/* What pages call the person from now on. In a write function; that two people agreed to it is the caller's to see to.
 * CURB_EINVAL: it is empty, too long or no text; CURB_ENOTFOUND. */
int curb_person_rename(struct curb_tx *tx, const struct curb_id *person, struct curb_str shown);

/* Two accounts turned out to be one person's. 0 when `from` can be merged into `into`: both are learners', and `from` nothing
 * else. CURB_EUNFIT, with what to do; CURB_ENOTFOUND. */
int curb_person_may_merge(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into,
                          int64_t now_ms);
/* Merges them, in a write function: `from` signs in no more; its sessions, devices, codes, passkeys, roles and helpers end; its phone
 * and what makes her a trainee go to `into` where that has none; whoever looks for it by number or id finds `into`. What plugins keep
 * of `from` goes over in front of it (merge of erasure.h). Errors of curb_person_may_merge. */
int curb_person_merge(struct curb_tx *tx, const struct curb_id *from, const struct curb_id *into,
                      int64_t now_ms);

/* The number of the certificate that lets a person be a trainee, for whoever holds the key to it elsewhere. */
enum { CURB_NUMBER_KEY = 32 };
struct curb_person_number {
	struct curb_str
		box; /* the number in a sealed box (libsodium: X25519, XSalsa20-Poly1305); absent: none is recorded */
	struct curb_str
		mark; /* one number has one mark on this server, 64 hex digits; nobody else can make or read it */
};
/* `key`: the public one of whoever may read it; NULL: the mark alone is wanted, which is quickly made. Of what is recorded now and countersigned. Arena of `tx`. CURB_EINVAL: the key is
 * none. */
int curb_person_number(struct curb_tx *tx, const struct curb_id *person,
                       const unsigned char key[CURB_NUMBER_KEY], struct curb_person_number *ret_number);

/* The number itself: its first six characters, which is what is shown of it, or `whole` for who has noted before that she looks at it
 * (curb_note_change). "": none is recorded. Arena of `tx`. */
int curb_person_number_text(struct curb_tx *tx, const struct curb_id *person, bool whole,
                            struct curb_str *ret_text);
/* The mark that curb_person_number gives whoever has a number, of one that somebody typed; *ret_fits: it is one of a certificate of
 * disability. Arena of `tx`. */
void curb_number_mark(struct curb_tx *tx, struct curb_str typed, bool *ret_fits, struct curb_str *ret_mark);

/* The name of an institution. Arena of `tx`. CURB_ENOTFOUND. */
int curb_institution_name(struct curb_tx *tx, const struct curb_id *institution, struct curb_str *ret_name);

/* ---- places: the id of a region or of an institution; "" is everything ---- */

/* Where the person's oldest grant of one of `roles` holds, in force at `now_ms`. Arena. CURB_ENOTFOUND: she has none. */
int curb_person_place(struct curb_tx *tx, const struct curb_id *person, uint32_t roles, int64_t now_ms,
                      struct curb_str *ret_place);
struct curb_place {
	struct curb_str id, name;
	bool institution; /* else a region */
};
/* By its id or its whole name. Arena. CURB_ENOTFOUND; CURB_EUNFIT when several are called so. */
int curb_place_find(struct curb_tx *tx, struct curb_str id_or_name, struct curb_place *ret_place);
/* The place and the regions around it, the nearest first, up to the one that lies in none. Arena. CURB_ENOTFOUND. */
int curb_places_around(struct curb_tx *tx, struct curb_str place, struct curb_place **ret_places,
                       size_t *ret_n);
/* True when a grant of one of `roles`, in force now, of whoever asks covers the place; "" only one for everything does. */
bool curb_may_at(struct curb_req *req, uint32_t roles, struct curb_str place);

/* ---- who changed what ---- */

/* A change by somebody who runs things, kept for good and read by admins and auditors. No names, no secrets: the persons
 * are ids, and pages look up what they are called. */
struct curb_change {
	struct curb_id actor;
	struct curb_str about;           /* id of the person, place or thing that was changed */
	struct curb_str place;           /* that it belongs to; "" everything */
	const char *act;                 /* CURB_TEXT("ended the role {role}"); {role} is a word of a role */
	const struct curb_value *detail; /* an object for the {parts}; NULL: none */
};
/* In a write function, beside the change itself. */
int curb_note_change(struct curb_tx *tx, const struct curb_change *change, int64_t now_ms);

/* ---- what a person learns, on the page about her ---- */

#define CURB_STUDY_SERVICE "study.v1"
/* Published by whoever keeps classes and hours; the core shows it, with what the asking person may see. */
struct curb_study {
	struct curb_service_head head;
	/* An array of cards (a11y_api.h), one a class; empty when there is none to see. Arena. */
	int (*classes)(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
	               struct curb_value **ret_cards);
	/* Pushes {href, label} of what the asking person may ask for about her. Arena. */
	int (*links)(const struct curb_study *self, struct curb_req *req, const struct curb_id *person,
	             struct curb_value *links);
};

#ifdef __cplusplus
}
#endif
#endif
