/* Inside of the pages for needs: whose they are, and what is shown.
 * The rule: for oneself, signed in or not, and for somebody who consented it is the same page; only the subject differs.
 */
#ifndef CURB_NEEDS_PAGES_H
#define CURB_NEEDS_PAGES_H

#include "curb/request.h"
#include "needs.h"

/* Whose needs a request is about. */
struct needs_subject {
	bool kept_with_person; /* else with this browser */
	bool helped;           /* somebody else's, with her consent */
	struct curb_id person;
	struct curb_str name; /* of the person helped */
	const char *base;     /* "/needs", "/needs/for/ID" */
	struct needs now;
	bool changed; /* there is something before it */
};
/* CURB_ENOTFOUND when the person of the path lets nobody, or not this one, set hers. */
int needs_subject(struct curb_req *req, struct needs_subject *ret_subject);

/* Who does it: the person signed in, or the helper who signed in for her. */
int needs_who(struct curb_req *req, struct curb_id *ret_actor);
/* CURB_EDENIED for a helper: what is the person's alone to say. */
int needs_herself(struct curb_req *req);

/* "/needs?…" with where the person came from, to be gone back to. Arena. */
const char *needs_place(struct curb_req *req, const char *base, const char *page, bool done);
/* What all pages of needs show: base, back, who, done, changed. */
struct curb_value *needs_page_model(struct curb_req *req, const struct needs_subject *subject,
                                    const char *title);

/* ---- choosing (choose.c) ---- */
int needs_get_presets(struct curb_req *req, void *state);
int needs_post_presets(struct curb_req *req, void *state);
int needs_get_details(struct curb_req *req, void *state);
int needs_post_details(struct curb_req *req, void *state);
int needs_post_undo(struct curb_req *req, void *state);
int needs_post_keep(struct curb_req *req, void *state);

/* ---- what is hers alone (mine.c): consent, who used it, copies ---- */
int needs_get_mine(struct curb_req *req, void *state);
int needs_post_helper(struct curb_req *req, void *state);
int needs_post_helper_end(struct curb_req *req, void *state);
int needs_post_copy(struct curb_req *req, void *state);
int needs_post_forget(struct curb_req *req, void *state);

/* ---- for programs (api.c) ---- */
int needs_get_json(struct curb_req *req, void *state);
int needs_put_json(struct curb_req *req, void *state);

#endif
