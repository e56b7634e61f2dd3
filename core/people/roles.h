/* Roles and where they hold, regions and institutions, the list of people, and who changed what.
 * The rule: a place is the id of a region or of an institution, and "" is everything; who acts must cover the place.
 */
#ifndef CURB_PEOPLE_ROLES_H
#define CURB_PEOPLE_ROLES_H

#include "curb/person.h"
#include "people.h"

extern const struct curb_migration roles_migrations[]; /* of the core's host, behind people_migrations */
extern const struct curb_search roles_searches[];

/* ---- reach ---- */

/* Who asks: a person, and the roles of hers that count for what is asked. */
struct people_actor {
	struct curb_id person;
	uint32_t roles;
	int64_t now_ms;
};

/* True when a grant of the actor, in force now, covers the place. */
int people_reaches(struct curb_tx *tx, const struct people_actor *actor, struct curb_str place,
                   bool *ret_reaches);
/* The same for a person: one of whose grants, in force or not, lies where the actor reaches. */
int people_sees(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person,
                bool *ret_sees);
/* The same, by a grant of the person that has not ended: who saw her there once may not let anybody in as her. */
int people_looks_after(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person,
                       bool *ret_looks);
/* 0 when the actor (with all roles of hers) may hand out a sign-in code for the person: it lets in with all that she may,
 * wherever that is. CURB_ENOTFOUND: not hers to look after; CURB_EDENIED with a text that says who may. */
int people_hands_out(struct curb_tx *tx, const struct people_actor *actor, const struct curb_id *person);

/* ---- places ---- */

struct people_place {
	struct curb_str id, name;
	struct curb_str above; /* the region it lies in; absent: none */
	bool institution;
	int64_t until_ms; /* closed from then on; 0: open */
};

/* By id. CURB_ENOTFOUND. Arena. */
int people_place(struct curb_tx *tx, struct curb_str id, struct people_place *ret_place);
/* By id or by its whole name. CURB_ENOTFOUND, CURB_EUNFIT when several are called so. */
int people_place_named(struct curb_tx *tx, struct curb_str text, struct people_place *ret_place);
/* What lies directly below a region ("": the regions that lie in none), by name; at most 4,096. Arena. */
int people_places_below(struct curb_tx *tx, struct curb_str region, struct people_place **ret_places,
                        size_t *ret_n);
/* Where the actor's grants hold, of one who does not reach everything. Arena. */
int people_places_held(struct curb_tx *tx, const struct people_actor *actor, struct people_place **ret_places,
                       size_t *ret_n);
/* All that the actor reaches, each behind the one it lies in; at most `most`, and *ret_n `most` + 1 when there are more.
 * `depth` counts from the places where her grants hold. */
struct people_branch {
	struct people_place place;
	int depth;
};
int people_places_reached(struct curb_tx *tx, const struct people_actor *actor, size_t most,
                          struct people_branch **ret_branches, size_t *ret_n);
struct people_old_name {
	struct curb_str name;
	int64_t until_ms;
};
int people_old_names(struct curb_tx *tx, struct curb_str place, struct people_old_name **ret_names,
                     size_t *ret_n);

/* In a write function. CURB_ENOTFOUND; CURB_EUNFIT for a name that is empty or over 200 bytes. */
int people_place_rename(struct curb_tx *tx, struct curb_str place, struct curb_str name, int64_t from_ms);
/* until_ms 0 opens it again. */
int people_place_close(struct curb_tx *tx, struct curb_str place, int64_t until_ms);

/* ---- grants ---- */

struct people_grant_row {
	struct curb_id id, person;
	uint32_t role;
	struct curb_str place, place_name; /* "" and absent: everything */
	int64_t from_ms, until_ms;         /* until 0: no end */
};

/* Of one person, the newest first; arena. */
int people_grants(struct curb_tx *tx, const struct curb_id *person, struct people_grant_row **ret_grants,
                  size_t *ret_n);
int people_grant_by_id(struct curb_tx *tx, struct curb_str id, struct people_grant_row *ret_grant);

/* In a write function. CURB_ECONFLICT: an admin and a role that moves or checks hours, or the same grant twice; CURB_ENOTFOUND: no
 * such person or place; CURB_EUNFIT: the place is closed. */
int people_grant_add(struct curb_tx *tx, const struct people_grant_row *grant, int64_t now_ms,
                     struct curb_id *ret_id);
/* CURB_ECONFLICT: it has ended, or nobody would be left who runs the machine. */
int people_grant_end(struct curb_tx *tx, const struct curb_id *grant, int64_t now_ms);

/* ---- the list ---- */

enum { PEOPLE_PAGE = 25, PEOPLE_HITS_MOST = 2000 };

struct people_filter {
	struct curb_str q;
	uint32_t role; /* 0: any */
	struct curb_str place;
	int64_t page; /* from 1 */
};

struct people_row {
	struct curb_id id;
	struct curb_str shown, sign_in;
	uint32_t roles; /* in force now */
};

/* A page of the people whom the actor sees: by rank when something is searched for, else by name. *ret_total counts all
 * pages. Arena. */
int people_list(struct curb_tx *tx, const struct people_actor *actor, const struct people_filter *filter,
                struct people_row **ret_rows, size_t *ret_n, int64_t *ret_total);
/* One of them. CURB_ENOTFOUND. */
int people_row(struct curb_tx *tx, const struct curb_id *person, int64_t now_ms, struct people_row *ret_row);

/* Somebody, also one whose account is closed, signs in with this already. */
int people_name_taken(struct curb_tx *tx, struct curb_str sign_in, bool *ret_taken);

/* In a write function: people_add does it. */
int people_list_put(struct curb_tx *tx, const struct curb_id *person, struct curb_str shown,
                    struct curb_str sign_in);
/* Lists at most `most` who are there and not listed; *ret_n is how many were. */
int people_list_rest(struct curb_tx *tx, int64_t most, int64_t *ret_n);

/* ---- changes ---- */

/* Who changed what (curb_note_change writes them), the newest first. `about` absent: of everybody. */
struct people_changes {
	struct curb_str about;
	int64_t page; /* from 1 */
};
struct people_change {
	struct curb_str actor, about,
		about_id;            /* as they are called now; about absent: a thing without a name */
	struct curb_str act, detail; /* source text, JSON */
	int64_t at_ms;
};
int people_changes(struct curb_tx *tx, const struct people_actor *actor, const struct people_changes *wanted,
                   struct people_change **ret_changes, size_t *ret_n, int64_t *ret_total);

#endif
