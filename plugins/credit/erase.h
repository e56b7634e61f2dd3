/* Erasing a trainee: asked for by herself or staff, agreed to by another; her account is closed at once, and what is kept about her
 * goes when the retention that the policy names has run.
 * The rule: it is a move like others (move.h), of the kinds "erase" and, for the opposite, "keep".
 */
#ifndef CREDIT_ERASE_H
#define CREDIT_ERASE_H

#include "curb/erasure.h"
#include "move.h"

/* ---- erase.c ---- */
/* What credit has to do with erasing; offered in start. */
struct curb_erasure_part erase_part(struct credit *c);
/* Trainees who were erased from a class and had hours there, together. */
struct erase_gone {
	int64_t people, online_s, offline_s; /* online_s: live lessons too */
};
int erase_gone(struct credit *c, struct curb_tx *tx, const struct curb_id *cohort, struct erase_gone *ret);
/* Pushes what of a class is theirs, when there are any. */
int erase_push_facts(struct curb_req *req, struct credit *c, const struct credit_cohort *cohort,
                     struct curb_value *facts);

/* ---- erase_move.c: checked when it is asked for and when it is done; done in a write function ---- */
int move_check_erase(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_check_keep(struct credit *c, struct curb_tx *tx, const struct move *move);
int move_erase(const struct move_doing *doing);
int move_keep(const struct move_doing *doing);

/* ---- erase_pages.c ---- */
/* Pushes how far it is: until when it is kept, or that nobody has said so. */
int erase_push_state(struct curb_req *req, struct credit *c, const struct move *move,
                     struct curb_value *facts);
int erase_page_mine(struct curb_req *req, void *state);
int erase_post_mine(struct curb_req *req, void *state);
int erase_page_state(struct curb_req *req, void *state);
int erase_get_receipt(struct curb_req *req, void *state);

#endif
