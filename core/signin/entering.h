/* A sign-in under way, from what was typed to the next page or the session.
 * The rule: whoever proves who she is, by whatever way, comes to entering_go_on; there alone is decided what is still asked
 * of her, and there alone sessions are opened.
 */
#ifndef CURB_SIGNIN_ENTERING_H
#define CURB_SIGNIN_ENTERING_H

#include "curb/request.h"
#include "factor.h"
#include "passkeys.h"
#include "signin.h"
#include "signing.h"

/* How somebody showed who she is. */
enum entering_by { BY_PASSWORD, BY_CODE, BY_NEW_PASSWORD, BY_SECOND, BY_ENROLLING, BY_PASSKEY };

struct entering {
	const struct signin_options *options;
	struct curb_str name, back; /* as typed; where she was going */
	struct curb_str kept;       /* a form that was sent when the session had ended: core/http/kept.c */
	bool shared;                /* others use this device too: nothing is kept on it */
	bool program;               /* not a browser: no device to know */

	enum entering_by by;
	struct curb_id person;
	struct curb_id code;     /* BY_CODE */
	struct people_step step; /* that was open, "" when this is the first */
	const char *new_hash;    /* BY_NEW_PASSWORD */
	bool new_pin;
	struct people_factor_good second; /* BY_SECOND; step too BY_ENROLLING */
	struct people_try try;            /* to note; kind and name are set */

	struct people_passkey passkey; /* BY_PASSKEY, with what it answered and its counter */
	struct curb_str challenge;
	int64_t counter;

	/* made by entering_go_on */
	struct curb_id before; /* the session that this browser had */
	struct curb_str device_token, agent;
	int64_t now_ms;
	enum people_step_kind next;                               /* 0: the session is open */
	char secret[PEOPLE_SECRET_TEXT];                          /* next is PEOPLE_STEP_ENROL */
	char recoveries[PEOPLE_RECOVERIES][PEOPLE_RECOVERY_TEXT]; /* BY_ENROLLING */
	char token[PEOPLE_TOKEN_SIZE], device[PEOPLE_TOKEN_SIZE];
};

/* Reads what every form of signing in carries: back, shared, kept. */
void entering_read(struct curb_req *req, struct entering *e);
/* Checks the password and goes as far as it leads: e->next says what is asked now, or the session is open. CURB_EAUTH,
 * CURB_ESLOW, CURB_EBUSY, CURB_EINVAL as the sign-in page tells them. */
int entering_by_password(struct curb_req *req, struct entering *e, struct curb_str password);
/* Notes the good try, and opens the next step or the session. */
int entering_go_on(struct curb_req *req, struct entering *e);
/* Notes a bad try. */
int entering_note_bad(struct curb_req *req, struct entering *e);
/* The second step: the number that was typed. CURB_EAUTH, CURB_ESLOW as its page tells them. */
int entering_by_second(struct curb_req *req, struct entering *e, struct curb_str number);
/* The first number of a new app. CURB_EAUTH. */
int entering_by_enrolling(struct curb_req *req, struct entering *e, struct curb_str number);
/* The open step of a form's token, of that kind. CURB_EAUTH. */
int entering_step(struct curb_req *req, struct entering *e, struct curb_str token,
                  enum people_step_kind kind);
/* The page of the next step, or cookies and the way back. */
int entering_reply(struct curb_req *req, struct entering *e);

/* pages.c: a page of signing in with what every one of them carries; `error` (may be NULL) is told at the top. */
struct curb_value *signin_model(struct curb_req *req, const struct entering *e, const char *title);
int signin_show(struct curb_req *req, int status, const char *page, struct curb_value *model,
                const char *error);
/* The sign-in page itself. */
int signin_show_first(struct curb_req *req, int status, const struct entering *e, const char *error);
/* The page that asks for a password of her own; `field_error` may be NULL. */
int signin_show_choose(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                       const char *field_error);

/* The page that asks for the number, and the one that sets the app up. */
int signin_show_second(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                       const char *field_error);
int signin_show_enrol(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                      struct curb_str secret, const char *field_error);
/* The recovery codes, once; the session is open. */
int signin_show_recoveries(struct curb_req *req, const struct entering *e);
/* What an app scans: otpauth://totp/… for `name`. Put into the model as qr, qr_size and secret (in groups of four). */
int signin_put_secret(struct curb_req *req, struct curb_value *model, struct curb_str name,
                      struct curb_str secret);

#endif
