/* A trainee signs in to a lesson. */
#include "curb/clock.h"
#include "curb/err.h"
#include "roll.h"

/* What is no code at all, or has a slip, tells nobody which codes there are: it is no guess. */
static void tell_read(struct typed_form *form, enum digits_read read)
{
	struct curb_req *req = form->req;
	switch (read) {
	case DIGITS_LENGTH:
		typed_wrong(form, "code", curb_tr(req, "The code has six digits; type all of them", NULL));
		break;
	case DIGITS_STRANGE:
		typed_wrong(form, "code", curb_tr(req, "The code has digits alone; type them again", NULL));
		break;
	case DIGITS_SLIP:
		typed_wrong(form, "code",
		            curb_tr(req, "There is a slip in this code; look or listen once more", NULL));
		break;
	case DIGITS_FINE: break;
	}
}

int roll_post_code(struct curb_req *req, void *state)
{
	static const char guess[] = "sign-in code";
	char code[DIGITS_SIGN_IN + 1];
	struct typed_form form = typed_form(req);
	struct rolling rolling = { .c = state,
		                   .person = curb_req_user(req)->id,
		                   .helper = curb_req_helper(req),
		                   .now_ms = curb_wall_ms() };
	tell_read(&form, digits_read(typed_field(&form, "code"), DIGITS_SIGN_IN, code));
	if (form.wrong)
		return sheet_show_attendance(req, state, &form, 422);
	rolling.code = curb_str(code);
	int err = curb_guess(req, guess, roll_sign_in, &rolling);
	if (!err)
		return curb_reply_redirect(req, curb_str("/attendance?done=here"));
	if (err != CURB_ENOTFOUND && err != CURB_ESLOW)
		return err;
	typed_wrong_error(&form, "code");
	return sheet_show_attendance(req, state, &form, err == CURB_ESLOW ? 429 : 422);
}
