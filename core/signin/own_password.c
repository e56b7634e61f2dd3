/* A person changes her password: the old and the new one on one page, or in the simple layout on a page each. Between the two
 * stands an open step, found by her session: what she typed goes back to nobody, and neither address nor page has a token. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"
#include "visits.h"

struct changing {
	struct curb_str old, fresh; /* old: absent behind its step */
	char before[PEOPLE_HASH_SIZE], hash[PEOPLE_HASH_SIZE];
	struct people_try try;
	struct people_step step;
	struct curb_id person, session;
	struct curb_str device;
	int64_t now_ms;
	bool ok;
};

static const char first_page[] = "/account/password", second_page[] = "/account/password?step=new",
		  done_page[] = "/account/password?done=yes";

static struct changing changing_of(struct curb_req *req)
{
	return (struct changing){ .old = curb_req_field(req, "old_password"),
		                  .fresh = curb_req_field(req, "new_password"),
		                  .person = curb_req_user(req)->id,
		                  .session = http_session(req)->id,
		                  .device = http_device(req),
		                  .now_ms = curb_wall_ms() };
}

/* ---- without the permit: hashing takes its time ---- */

static int check_old(void *arg)
{
	struct changing *c = arg;
	int err = people_password_check(c->before, c->old, PEOPLE_LANE_KNOWN, curb_id_str(&c->session));
	c->ok = err == 0;
	return err;
}

static int hash_new(void *arg)
{
	struct changing *c = arg;
	return people_password_hash(c->fresh, c->hash);
}

static int hash_both(void *arg)
{
	int err = check_old(arg);
	return err ? err : hash_new(arg);
}

/* ---- in the writer ---- */

static int set_new(struct curb_tx *tx, const struct changing *c)
{
	int err = people_set_password(tx, &c->person, c->hash, people_is_pin(c->fresh));
	if (!err)
		err = people_visits_end(tx, &c->person, &c->session, c->now_ms);
	return err ? err : people_device_forget(tx, &c->person, c->device);
}

static int change(struct curb_tx *tx, void *arg)
{
	const struct changing *c = arg;
	int err = people_note_try(tx, &c->try, c->ok, c->now_ms);
	return err || !c->ok ? err : set_new(tx, c);
}

static int open_step(struct curb_tx *tx, void *arg)
{
	const struct changing *c = arg;
	char token[PEOPLE_TOKEN_SIZE]; /* of no use: the session finds it */
	int err = people_note_try(tx, &c->try, c->ok, c->now_ms);
	return err || !c->ok ? err :
	                       people_step_open(tx, &c->person, PEOPLE_STEP_CHANGE, curb_id_str(&c->session),
	                                        c->now_ms, token);
}

static int take_step(struct curb_tx *tx, void *arg)
{
	const struct changing *c = arg;
	int err = people_step_end(tx, &c->step.id);
	return err ? err : set_new(tx, c);
}

/* ---- the page, or the one of two ---- */

static void put_notice(struct curb_req *req, struct curb_value *model, int status, bool both)
{
	if (curb_req_query(req, "done").ptr)
		account_notice(
			req, model, "good",
			curb_tr(req, "Your password was changed. Other devices are signed out.", NULL));
	else if (status >= 400 && both)
		account_notice(
			req, model, "error",
			curb_tr(req, "Please look at the items below. Type both passwords again.", NULL));
	else if (status >= 400)
		account_password_again(req, model);
}

static int show(struct curb_req *req, int status, bool step, const char *old_error, const char *new_error)
{
	struct curb_value *model = account_model(req, step ? CURB_TEXT("New password or PIN") :
	                                                     CURB_TEXT("Password or PIN"));
	curb_put_bool(model, "step", step);
	curb_put_bool(model, "done", curb_req_query(req, "done").ptr != NULL);
	curb_put_int(model, "number", step ? 2 : 1);
	curb_put_int(model, "count", 2);
	if (old_error)
		curb_put_text(model, "old_error", old_error);
	if (new_error)
		curb_put_text(model, "new_error", new_error);
	put_notice(req, model, status, !curb_req_needs(req)->simple);
	/* The key that goes back asks for the page anew: behind the change there is no open step. The answer to a form
	 * cannot be asked for anew, and in place of one that was not kept the browser shows an error. */
	int err = status == 200 ? curb_reply_header(req, "Cache-Control", curb_str("no-store")) : 0;
	return err ? err : curb_reply_page(req, status, "password", model);
}

static int find_step(struct curb_req *req, struct changing *c)
{
	return people_step_of(curb_req_tx(req), &c->person, PEOPLE_STEP_CHANGE, curb_id_str(&c->session),
	                      c->now_ms, &c->step);
}

int signin_get_password(struct curb_req *req, void *state)
{
	(void)state;
	struct changing c = changing_of(req);
	if (!curb_req_query(req, "step").ptr || !curb_req_needs(req)->simple)
		return show(req, 200, false, NULL, NULL);
	int err = find_step(req, &c);
	if (err == CURB_EAUTH)
		return curb_reply_redirect(req, curb_str(first_page));
	return err ? err : show(req, 200, true, NULL, NULL);
}

/* `work` checks the old one, `write` notes how that went and goes on. */
static int try_old(struct curb_req *req, struct changing *c, int (*work)(void *), curb_write_fn write)
{
	struct people_account account;
	int64_t wait_s = 0;
	c->try = (struct people_try){ .kind = PEOPLE_TRY_PROOF,
		                      .name = curb_id_str(&c->person),
		                      .address = curb_id_str(&c->session) };
	int err = people_try_allowed(curb_req_tx(req), &c->try, c->now_ms, &wait_s);
	if (!err)
		err = people_account_of(curb_req_tx(req), &c->person, &account);
	if (err)
		return err;
	memcpy(c->before, account.hash, sizeof c->before);
	err = http_without_permit(req, work, c);
	if (err && err != CURB_EAUTH)
		return err;
	int noted = curb_write(req, curb_str(NULL), write, c);
	return noted ? noted : err;
}

/* The answer to what was wrong with the old one; `err` itself when it is of another kind. */
static int old_refused(struct curb_req *req, int err)
{
	if (err == CURB_EAUTH)
		return show(req, 422, false,
		            curb_cstr(curb_req_arena(req),
		                      curb_tr(req, "This is not your password of now. Try again", NULL)),
		            NULL);
	if (err == CURB_ESLOW || err == CURB_EBUSY)
		return show(req, curb_err_status(err), false, curb_error_local(), NULL);
	return err;
}

static int post_old(struct curb_req *req, struct changing *c)
{
	int err = try_old(req, c, check_old, open_step);
	return err ? old_refused(req, err) : curb_reply_redirect(req, curb_str(second_page));
}

static int post_both(struct curb_req *req, struct changing *c)
{
	int err = people_password_fit(c->fresh);
	if (err)
		return show(req, 422, false, NULL, curb_error_local());
	err = try_old(req, c, hash_both, change);
	if (err == CURB_EINVAL)
		return show(req, 422, false, NULL, curb_error_local());
	return err ? old_refused(req, err) : curb_reply_redirect(req, curb_str(done_page));
}

static int post_new(struct curb_req *req, struct changing *c)
{
	int err = find_step(req, c);
	if (err == CURB_EAUTH) /* ten minutes old, taken already, or of another visit: from the beginning */
		return curb_reply_redirect(req, curb_str(first_page));
	if (!err)
		err = people_password_fit(c->fresh);
	if (!err)
		err = http_without_permit(req, hash_new, c);
	if (err == CURB_EINVAL || err == CURB_EBUSY)
		return show(req, err == CURB_EINVAL ? 422 : curb_err_status(err), true, NULL,
		            curb_error_local());
	if (!err)
		err = curb_write(req, curb_id_str(&c->person), take_step, c);
	if (err == CURB_ECONFLICT)
		return curb_reply_redirect(req, curb_str(first_page));
	return err ? err : curb_reply_redirect(req, curb_str(done_page));
}

int signin_post_password(struct curb_req *req, void *state)
{
	(void)state;
	struct changing c = changing_of(req);
	if (curb_req_field(req, "step").ptr)
		return post_new(req, &c);
	return !c.fresh.ptr && curb_req_needs(req)->simple ? post_old(req, &c) : post_both(req, &c);
}
