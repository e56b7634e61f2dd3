/* The handlers of signing in that are not in signin.c, a file each; the table is there. Their state is the options. */
#ifndef CURB_SIGNIN_HANDLERS_H
#define CURB_SIGNIN_HANDLERS_H

#include "curb/plugin.h"
#include "curb/request.h"

enum { SIGNIN_HANDS_OUT = CURB_STAFF | CURB_ADMIN }; /* who may hand out a sign-in code */

/* cards.c */
int signin_get_card(struct curb_req *req, void *state);
int signin_post_card(struct curb_req *req, void *state);

/* account.c */
int signin_get_account(struct curb_req *req, void *state);
int signin_get_devices(struct curb_req *req, void *state);
int signin_post_device_end(struct curb_req *req, void *state);
int signin_post_devices_end(struct curb_req *req, void *state);
int signin_post_extend(struct curb_req *req, void *state);
int signin_post_switch(struct curb_req *req, void *state);
int signin_get_phone(struct curb_req *req, void *state);
int signin_post_phone(struct curb_req *req, void *state);

/* own_password.c */
int signin_get_password(struct curb_req *req, void *state);
int signin_post_password(struct curb_req *req, void *state);

/* second.c */
int signin_get_second(struct curb_req *req, void *state);
int signin_post_second_on(struct curb_req *req, void *state);
int signin_post_second_off(struct curb_req *req, void *state);

/* passkey.c */
int signin_post_passkey(struct curb_req *req, void *state);
int signin_get_passkeys(struct curb_req *req, void *state);
int signin_post_passkeys(struct curb_req *req, void *state);
int signin_post_passkey_remove(struct curb_req *req, void *state);
/* Browsers have passkeys on https and on this very machine alone. */
bool signin_has_passkeys(struct curb_req *req);
/* What the sign-in page needs for one, where there are. */
void signin_put_passkey(struct curb_req *req, struct curb_value *model);

/* help.c */
int signin_get_help(struct curb_req *req, void *state);
int signin_post_help(struct curb_req *req, void *state);
int signin_post_help_end(struct curb_req *req, void *state);
int signin_post_help_begin(struct curb_req *req, void *state);

/* account.c: pages of the account begin with it; a notice at the top. */
struct curb_value *account_model(struct curb_req *req, const char *title);
void account_notice(struct curb_req *req, struct curb_value *model, const char *kind, struct curb_str text);
/* The notice of a form that comes back without the password that was typed in it, the one thing it asks for. */
void account_password_again(struct curb_req *req, struct curb_value *model);

#endif
