/* Signing in to a lesson by a code: the teacher shows it large, says it, lets it be felt; each trainee types or says it at her own
 * sign-in while the lesson lasts.
 * The rule: what she confirms is the lesson as the teacher announced it: unit, times, class hours. When its sheet is entered her line
 * is countersigned by that, if it says no more than what was announced, and if whoever entered it neither is nor helped her.
 */
#ifndef CREDIT_ROLL_H
#define CREDIT_ROLL_H

#include "digits.h"
#include "sheet.h"

/* So long before a lesson its code works already; a lesson is announced for 24 hours at most. */
enum { ROLL_BEFORE_MS = 30 * 60 * 1000, ROLLS_SHOWN = 30 };

struct roll {
	struct curb_id id;
	struct curb_str code;
	struct sheet
		lesson; /* cohort, unit, mode, from_ms, to_ms, place, teacher; entered_by and entered_ms: who announced it */
	int64_t seconds;      /* of the whole lesson */
	struct curb_id sheet; /* that was entered of it; "": none yet */
};

struct rolled {
	struct curb_id person, helper; /* helper "": nobody */
	struct curb_str shown;         /* as on the roster */
	int64_t at_ms;
};

/* ---- roll_store.c ---- */
int roll_by_id(struct credit *c, struct curb_tx *tx, struct curb_str id, struct roll *ret_roll);
/* The one of this code that is open at `now_ms` in a class that the person is in. CURB_ENOTFOUND. */
int roll_open(struct credit *c, struct curb_tx *tx, struct curb_str code, const struct curb_id *person,
              int64_t now_ms, struct roll *ret_roll);
/* Of a class, the latest lesson first, ROLLS_SHOWN at most. */
int rolls_of(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct roll **ret_rolls,
             size_t *ret_n);
/* The latest announced end of a lesson that a sheet is of: that of its roll or, without one, of those of its class and unit at its
 * time of which no sheet is entered. 0: none was announced. */
int roll_ends(struct credit *c, struct curb_tx *tx, const struct sheet *sheet, int64_t *ret_ms);
int roll_add(struct credit *c, struct curb_tx *tx, const struct roll *roll);
/* Who signed in, by name. */
int rolled_of(struct credit *c, struct curb_tx *tx, const struct curb_id *roll, struct rolled **ret_rolled,
              size_t *ret_n);
int rolled_add(struct credit *c, struct curb_tx *tx, const struct curb_id *roll, const struct rolled *rolled,
               int64_t entry);

/* ---- roll.c: in a write function ---- */
/* Announces a lesson: its code is one that no other open lesson has. CURB_EUNFIT with *ret_field: it is over, or outside of the
 * class. */
int roll_announce(struct credit *c, struct curb_tx *tx, struct roll *roll, int64_t now_ms,
                  const char **ret_field);
struct rolling {
	struct credit *c;
	struct curb_str code;
	struct curb_id person, helper;
	int64_t now_ms;
	struct roll roll; /* result */
};
/* Signs somebody in; again is as once. A write function. CURB_ENOTFOUND: no open lesson of hers has that code. */
int roll_sign_in(struct curb_tx *tx, void *rolling);
/* A sheet of sheet.roll: its lines that trainees confirmed are countersigned by them. */
int roll_countersign(const struct sheet_rule *rule, int64_t now_ms);
/* That a sheet may be entered of its roll, or from paper: once the lesson as it was announced is over, until when trainees sign in to
 * it. CURB_EUNFIT with *ret_field. */
int roll_check(const struct sheet_rule *rule, int64_t now_ms, const char **ret_field);

/* ---- roll_pages.c ---- */
int roll_page_list(struct curb_req *req, void *state);
int roll_post_new(struct curb_req *req, void *state);
int roll_page_one(struct curb_req *req, void *state);
/* What a sheet of it is filled in with: who signed in was there. Arena. */
int roll_fill(struct curb_req *req, const struct sheet_class *class, struct sheet_filled *ret_filled);

/* ---- roll_mine.c ---- */
int roll_post_code(struct curb_req *req, void *state);

#endif
