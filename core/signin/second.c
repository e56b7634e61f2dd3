/* The second step of signing in, as its owner changes it. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"
#include "proof.h"

struct setting {
	struct curb_id person;
	struct people_step step; /* setting it up */
	struct people_factor_good good;
	struct people_try try;
	int64_t now_ms;
	char token[PEOPLE_TOKEN_SIZE], secret[PEOPLE_SECRET_TEXT];
	char codes[PEOPLE_RECOVERIES][PEOPLE_RECOVERY_TEXT];
};

/* For those it is asked of, it can be set up anew and not be left out. */
static bool must_have(struct curb_req *req, const struct signin_options *options)
{
	return options->second_factor && (curb_req_user(req)->roles & PEOPLE_MOVES_HOURS);
}

static int show(struct curb_req *req, const struct signin_options *options, int status, const char *error,
                const char *proof_error)
{
	struct curb_value *model = account_model(req, CURB_TEXT("Second step"));
	bool has = false;
	int64_t left = 0;
	int err = people_factor_has(curb_req_tx(req), &curb_req_user(req)->id, &has);
	if (!err)
		err = people_recoveries_left(curb_req_tx(req), &curb_req_user(req)->id, &left);
	if (!err)
		err = proof_put(req, model, proof_error, false);
	if (err)
		return err;
	curb_put_bool(model, "on", has);
	curb_put_bool(model, "must", must_have(req, options));
	curb_put_int(model, "left", left);
	if (error)
		curb_put_text(model, "field_error", error);
	return curb_reply_page(req, status, "second_step", model);
}

int signin_get_second(struct curb_req *req, void *state)
{
	return show(req, state, 200, NULL, NULL);
}

/* ---- on ---- */

static int begin(struct curb_tx *tx, void *arg)
{
	struct setting *s = arg;
	people_totp_secret(s->secret);
	return people_step_open(tx, &s->person, PEOPLE_STEP_ENROL, curb_str(s->secret), s->now_ms, s->token);
}

static int show_begin(struct curb_req *req, int status, struct curb_str token, struct curb_str secret,
                      const char *error)
{
	struct curb_value *model = account_model(req, CURB_TEXT("Second step"));
	int err = signin_put_secret(req, model, curb_req_user(req)->name, secret);
	if (err)
		return err;
	curb_put_str(model, "step", token);
	if (error)
		curb_put_text(model, "field_error", error);
	err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, status, "second_on", model);
}

static int begin_on(struct curb_req *req, void *state, struct setting *s)
{
	int err = proof_check(req);
	if (proof_refused(err))
		return show(req, state, err == CURB_ESLOW ? 429 : 422, NULL, curb_error_local());
	if (!err)
		err = curb_write(req, curb_str(NULL), begin, s);
	return err ? err : show_begin(req, 200, curb_str(s->token), curb_str(s->secret), NULL);
}

static int turn_on(struct curb_tx *tx, void *arg)
{
	struct setting *s = arg;
	int err = people_step_end(tx, &s->step.id);
	return err ? err : people_factor_set(tx, &s->person, s->step.data, s->good.step, s->now_ms, s->codes);
}

/* Without a number: shows what to scan. With one: it is on. */
int signin_post_second_on(struct curb_req *req, void *state)
{
	struct setting s = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	struct curb_str token = curb_req_field(req, "step"), number = curb_req_field(req, "number");
	if (!token.ptr)
		return begin_on(req, state, &s);
	int err = people_step_find(curb_req_tx(req), token, s.now_ms, &s.step);
	if (!err && (s.step.kind != PEOPLE_STEP_ENROL || strcmp(s.step.person.text, s.person.text) != 0))
		err = CURB_EAUTH;
	if (err == CURB_EAUTH)
		return curb_reply_redirect(req, curb_str("/account/second"));
	if (err)
		return err;
	s.good.step = people_totp_match(s.step.data, number, s.now_ms);
	if (!s.good.step)
		return show_begin(
			req, 422, token, s.step.data,
			curb_cstr(curb_req_arena(req),
		                  curb_tr(req,
		                          "This number did not match. Look at the app and type the six "
		                          "digits it shows now",
		                          NULL)));
	err = curb_write(req, curb_id_str(&s.person), turn_on, &s);
	if (err)
		return err;
	struct entering e = { .options = state, .back = curb_str("/account/second") };
	memcpy(e.recoveries, s.codes, sizeof e.recoveries);
	return signin_show_recoveries(req, &e);
}

/* ---- off ---- */

static int turn_off(struct curb_tx *tx, void *arg)
{
	const struct setting *s = arg;
	int err = people_factor_use(tx, &s->person, &s->good, s->now_ms);
	if (!err)
		err = people_note_try(tx, &s->try, true, s->now_ms);
	return err ? err : people_factor_remove(tx, &s->person);
}

static int take_try(struct curb_tx *tx, void *arg)
{
	const struct setting *s = arg;
	return people_take_try(tx, &s->try, s->now_ms);
}

int signin_post_second_off(struct curb_req *req, void *state)
{
	struct setting s = { .person = curb_req_user(req)->id, .now_ms = curb_wall_ms() };
	s.try = (struct people_try){ .kind = PEOPLE_TRY_SECOND,
		                     .name = curb_id_str(&s.person),
		                     .device = curb_id_str(&http_session(req)->id) };
	if (must_have(req, state))
		return curb_fail(CURB_EDENIED, "Your account needs the second step; set it up anew instead");
	int err = curb_write(req, curb_id_str(&s.person), take_try, &s);
	if (!err)
		err = people_factor_check(curb_req_tx(req), &s.person, curb_req_field(req, "number"),
		                          s.now_ms, &s.good);
	if (!err)
		err = curb_write(req, curb_id_str(&s.person), turn_off, &s);
	if (err == CURB_ESLOW || err == CURB_EAUTH)
		return show(req, state, err == CURB_EAUTH ? 422 : curb_err_status(err), curb_error_local(),
		            NULL);
	return err ? err : curb_reply_redirect(req, curb_str("/account/second"));
}
