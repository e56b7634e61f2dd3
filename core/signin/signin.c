#include "signin.h"

#include <stdio.h>
#include <string.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/request.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"

/* A form that was kept through the sign-in comes with it, encoded twice. */
enum { BODY_MOST = 8192, FORM_MOST = 256 << 10 };

/* ---- for programs ---- */

static void put_user(struct curb_json *j, const struct curb_user *user)
{
	curb_json_begin(j, '{');
	curb_json_ktext(j, "id", user->id.text);
	curb_json_kstr(j, "name", user->name);
	curb_json_key(j, "roles");
	curb_json_begin(j, '[');
	for (int i = 0; people_role_word(i); i++)
		if (user->roles & 1u << i)
			curb_json_text(j, people_role_word(i));
	curb_json_end(j, ']');
	curb_json_end(j, '}');
}

/* What a page would ask for now, a program is told to do on the page. */
static int not_here(enum people_step_kind next)
{
	if (next == PEOPLE_STEP_PASSWORD)
		return curb_fail(
			CURB_EDENIED,
			"This is a sign-in code: use it on the sign-in page and choose a password there");
	if (next == PEOPLE_STEP_SECOND)
		return curb_fail(CURB_EAUTH,
		                 "This account has a second step: send the six digits that its app "
		                 "shows now as well, as \"second\"");
	if (next == PEOPLE_STEP_ENROL)
		return curb_fail(
			CURB_EDENIED,
			"This account needs a second step: sign in on the sign-in page and set it up there");
	return 0;
}

static int post_session(struct curb_req *req, void *state)
{
	struct entering e = { .options = state, .name = curb_req_field(req, "name"), .program = true };
	struct people_session session;
	struct curb_str second = curb_req_field(req, "second");
	int err = entering_by_password(req, &e, curb_req_field(req, "password"));
	if (!err && e.next == PEOPLE_STEP_SECOND && second.ptr) {
		err = entering_step(req, &e, curb_str(e.token), PEOPLE_STEP_SECOND);
		if (!err)
			err = entering_by_second(req, &e, second);
	}
	if (!err)
		err = not_here(e.next);
	if (!err)
		err = people_session_find(curb_req_tx(req), curb_str(e.token), e.now_ms, &session);
	if (err)
		return err;
	struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "token", e.token);
	curb_json_key(&j, "user");
	put_user(&j, &session.user);
	curb_json_end(&j, '}');
	return curb_reply_json(req, 201, &out);
}

struct ending {
	struct curb_id session;
	int64_t now_ms;
};

static int end_session(struct curb_tx *tx, void *arg)
{
	const struct ending *ending = arg;
	return people_session_end(tx, &ending->session, ending->now_ms);
}

static int sign_out(struct curb_req *req)
{
	struct ending ending = { http_session(req)->id, curb_wall_ms() };
	return curb_write(req, curb_str(NULL), end_session, &ending);
}

static int delete_session(struct curb_req *req, void *state)
{
	(void)state;
	int err = sign_out(req);
	return err ? err : curb_reply_empty(req, 204);
}

/* ---- for people ---- */

static int get_signin(struct curb_req *req, void *state)
{
	struct entering e = { .options = state, .back = curb_req_query(req, "back") };
	return signin_show_first(req, 200, &e, NULL);
}

/* True for what the form itself tells. */
static bool told_on_the_page(int err)
{
	return err == CURB_EAUTH || err == CURB_ESLOW || err == CURB_EINVAL || err == CURB_EBUSY ||
	       err == CURB_ECONFLICT;
}

static int post_signin(struct curb_req *req, void *state)
{
	struct entering e = { .options = state, .name = curb_req_field(req, "name") };
	entering_read(req, &e);
	bool next = e.name.len && !curb_req_field(req, "password").ptr && curb_req_needs(req)->simple;
	/* The number is given and the password is asked next, or the number is asked anew. */
	if (next || curb_req_field(req, "another").ptr)
		return signin_show_first(req, 200, &e, NULL);
	int err = entering_by_password(req, &e, curb_req_field(req, "password"));
	if (told_on_the_page(err))
		return signin_show_first(req, curb_err_status(err), &e, curb_error_local());
	return err ? err : entering_reply(req, &e);
}

struct hashing {
	struct curb_str password;
	char hash[PEOPLE_HASH_SIZE];
};

static int hash(void *arg)
{
	struct hashing *hashing = arg;
	return people_password_hash(hashing->password, hashing->hash);
}

static int post_choose(struct curb_req *req, void *state)
{
	struct entering e = { .options = state, .by = BY_NEW_PASSWORD };
	struct curb_str token = curb_req_field(req, "step");
	struct hashing hashing = { .password = curb_req_field(req, "new_password") };
	entering_read(req, &e);
	int err = entering_step(req, &e, token, PEOPLE_STEP_PASSWORD);
	if (err == CURB_EAUTH)
		return signin_show_first(req, 401, &e, curb_error_local());
	if (err)
		return err;
	err = people_password_fit(hashing.password);
	if (!err)
		err = http_without_permit(req, hash, &hashing);
	if (err == CURB_EINVAL || err == CURB_EBUSY)
		return signin_show_choose(req, curb_err_status(err), &e, token, curb_error_local());
	if (err)
		return err;
	e.code = curb_id_of(e.step.data);
	e.new_hash = hashing.hash;
	e.new_pin = people_is_pin(hashing.password);
	err = entering_go_on(req, &e);
	if (err == CURB_ECONFLICT)
		return signin_show_first(req, 409, &e, curb_error_local());
	return err ? err : entering_reply(req, &e);
}

static int post_second(struct curb_req *req, void *state)
{
	struct entering e = { .options = state };
	struct curb_str token = curb_req_field(req, "step");
	entering_read(req, &e);
	int err = entering_step(req, &e, token, PEOPLE_STEP_SECOND);
	if (err == CURB_EAUTH)
		return signin_show_first(req, 401, &e, curb_error_local());
	if (!err)
		err = entering_by_second(req, &e, curb_req_field(req, "number"));
	if (err == CURB_EAUTH || err == CURB_ESLOW)
		return signin_show_second(req, curb_err_status(err), &e, token, curb_error_local());
	if (err == CURB_ECONFLICT)
		return signin_show_first(req, 409, &e, curb_error_local());
	return err ? err : entering_reply(req, &e);
}

static int post_enrol(struct curb_req *req, void *state)
{
	struct entering e = { .options = state };
	struct curb_str token = curb_req_field(req, "step");
	entering_read(req, &e);
	int err = entering_step(req, &e, token, PEOPLE_STEP_ENROL);
	if (err == CURB_EAUTH)
		return signin_show_first(req, 401, &e, curb_error_local());
	if (!err)
		err = entering_by_enrolling(req, &e, curb_req_field(req, "number"));
	if (err == CURB_EAUTH)
		return signin_show_enrol(req, 401, &e, token, e.step.data, curb_error_local());
	if (err == CURB_ECONFLICT)
		return signin_show_first(req, 409, &e, curb_error_local());
	return err ? err : entering_reply(req, &e);
}

static int post_signout(struct curb_req *req, void *state)
{
	(void)state;
	int err = sign_out(req);
	if (!err)
		err = http_session_cookie(req, NULL, false);
	return err ? err : curb_reply_redirect(req, curb_str("/"));
}

struct choice {
	struct curb_id session;
	struct curb_str lang;
};

static int keep_lang(struct curb_tx *tx, void *arg)
{
	const struct choice *choice = arg;
	return people_set_lang(tx, &choice->session, choice->lang);
}

static int post_lang(struct curb_req *req, void *state)
{
	(void)state;
	struct choice choice = { .lang = curb_req_field(req, "lang") };
	const struct people_session *session = http_session(req);
	int err = http_lang_cookie(req, choice.lang);
	if (!err && session) {
		choice.session = session->id;
		err = curb_write(req, curb_str(NULL), keep_lang, &choice);
	}
	return err ? err : curb_reply_redirect(req, http_safe_back(curb_req_field(req, "back")));
}

#define PUBLIC(method, path, body, most, handle)                                                \
	{                                                                                       \
		method, path, CURB_ANYONE, CURB_SCOPE_PUBLIC, body, most, handle, CURB_LANE_ANY \
	}
#define OWN(method, path, body, most, handle)                                                   \
	{                                                                                       \
		method, path, CURB_SIGNED_IN, CURB_SCOPE_OWN, body, most, handle, CURB_LANE_ANY \
	}

const struct curb_route signin_routes[] = {
	PUBLIC("POST", "/api/v1/session", CURB_BODY_JSON, BODY_MOST, post_session),
	OWN("DELETE", "/api/v1/session", CURB_BODY_NONE, 0, delete_session),
	PUBLIC("GET", "/signin", CURB_BODY_NONE, 0, get_signin),
	PUBLIC("POST", "/signin", CURB_BODY_FORM, FORM_MOST, post_signin),
	PUBLIC("POST", "/signin/choose", CURB_BODY_FORM, FORM_MOST, post_choose),
	PUBLIC("POST", "/signin/passkey", CURB_BODY_FORM, FORM_MOST, signin_post_passkey),
	PUBLIC("POST", "/signin/second", CURB_BODY_FORM, FORM_MOST, post_second),
	PUBLIC("POST", "/signin/enrol", CURB_BODY_FORM, FORM_MOST, post_enrol),
	OWN("GET", "/account", CURB_BODY_NONE, 0, signin_get_account),
	OWN("GET", "/account/devices", CURB_BODY_NONE, 0, signin_get_devices),
	OWN("POST", "/account/devices/:id/end", CURB_BODY_FORM, BODY_MOST, signin_post_device_end),
	OWN("POST", "/account/devices/end", CURB_BODY_FORM, BODY_MOST, signin_post_devices_end),
	OWN("GET", "/account/password", CURB_BODY_NONE, 0, signin_get_password),
	OWN("POST", "/account/password", CURB_BODY_FORM, BODY_MOST, signin_post_password),
	OWN("GET", "/account/phone", CURB_BODY_NONE, 0, signin_get_phone),
	OWN("POST", "/account/phone", CURB_BODY_FORM, BODY_MOST, signin_post_phone),
	OWN("GET", "/account/second", CURB_BODY_NONE, 0, signin_get_second),
	OWN("POST", "/account/second", CURB_BODY_FORM, BODY_MOST, signin_post_second_on),
	OWN("POST", "/account/second/off", CURB_BODY_FORM, BODY_MOST, signin_post_second_off),
	OWN("GET", "/account/passkeys", CURB_BODY_NONE, 0, signin_get_passkeys),
	OWN("POST", "/account/passkeys", CURB_BODY_FORM, 32768, signin_post_passkeys),
	OWN("POST", "/account/passkeys/:id/remove", CURB_BODY_FORM, BODY_MOST, signin_post_passkey_remove),
	OWN("GET", "/account/help", CURB_BODY_NONE, 0, signin_get_help),
	OWN("POST", "/account/help", CURB_BODY_FORM, BODY_MOST, signin_post_help),
	OWN("POST", "/account/help/:id/end", CURB_BODY_FORM, BODY_MOST, signin_post_help_end),
	{ "POST", "/account/help/:id/begin", CURB_HELPER, CURB_SCOPE_OWN, CURB_BODY_FORM, BODY_MOST,
	  signin_post_help_begin, CURB_LANE_ANY },
	OWN("POST", "/account/extend", CURB_BODY_FORM, BODY_MOST, signin_post_extend),
	OWN("POST", "/signout/switch", CURB_BODY_FORM, BODY_MOST, signin_post_switch),
	OWN("POST", "/signout", CURB_BODY_FORM, BODY_MOST, post_signout),
	{ "GET", "/people/:id/card", SIGNIN_HANDS_OUT, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, 0,
	  signin_get_card, CURB_LANE_ANY },
	{ "POST", "/people/:id/card", SIGNIN_HANDS_OUT, CURB_SCOPE_INSTITUTION, CURB_BODY_FORM, BODY_MOST,
	  signin_post_card, CURB_LANE_ANY },
	PUBLIC("POST", "/lang", CURB_BODY_FORM, BODY_MOST, post_lang),
	{ 0 },
};
