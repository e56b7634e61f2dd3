/* The pages of the ledger; rows of the table in routes.c. Their state is the ledger. */
#ifndef CURB_LEDGER_SERVE_H
#define CURB_LEDGER_SERVE_H

#include "curb/request.h"

/* Entries show what one person did, by a pseudonym: for auditors of all there is. CURB_EDENIED. */
int ledger_may_see_entries(struct curb_req *req);
int ledger_page_check(struct curb_req *req, void *state);
int ledger_post_check_text(struct curb_req *req, void *state);
int ledger_post_check_file(struct curb_req *req, void *state);
int ledger_page_decision(struct curb_req *req, void *state);
int ledger_post_decision(struct curb_req *req, void *state);

#endif
