/* Between eligible.c and eligible_view.c: one person, what holds for her, and what waits. */
#ifndef CURB_DESK_ELIGIBLE_VIEW_H
#define CURB_DESK_ELIGIBLE_VIEW_H

#include "eligible.h"
#include "inside.h"
#include "number.h"

enum {
	ELIGIBLE_RECORDERS = CURB_STAFF,
	ELIGIBLE_DECIDERS = CURB_STAFF | CURB_REVIEWER,
	ELIGIBLE_READERS = ELIGIBLE_DECIDERS | CURB_AUDITOR
};

extern const char *const eligible_kind_texts[ELIGIBLE_KINDS];
extern const char *const eligible_category_texts[NUMBER_CATEGORIES + 1];

struct eligible_view {
	struct curb_req *req;
	struct people_row person;
	struct curb_str place; /* where she learns now, and for which whoever asks has one of the roles */
	struct eligible holds, waits; /* id "": none */
	struct curb_value *model;
};
/* The trainee of the path, where one of `roles` of whoever asks covers the place at which she learns now; else CURB_ENOTFOUND. */
int eligible_find(struct curb_req *req, uint32_t roles, struct eligible_view *ret_view);
/* Whether there is such a page for whoever asks. */
bool eligible_is_shown(struct curb_req *req, const struct curb_id *person);
/* The page, with what was typed into `form` and what is wrong with it. */
int eligible_show(struct eligible_view *view, struct desk_form *form);
/* In a write function: CURB_ECONFLICT when she learns elsewhere by now. */
int eligible_still_there(struct curb_tx *tx, const struct curb_id *person, struct curb_str place,
                         int64_t now_ms);
/* Whether what waits may be decided by whoever asks: it is not hers, nor about her. */
bool eligible_may_decide(const struct eligible_view *view);
/* "purposes" of the model: what a number can be looked at for. */
void eligible_put_purposes(struct eligible_view *view);

#endif
