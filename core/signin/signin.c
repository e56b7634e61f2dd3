#include "signin.h"

#include <stdio.h>
#include <string.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/request.h"
#include "http.h"
#include "people.h"

enum { BODY_MOST = 8192 };

/* One try, from what was typed to the token of the new session. */
struct
try {
	struct curb_str name, password, address;
	bool shared_device, ok;
	int64_t now_ms;
	struct curb_id person;
	struct curb_id before; /* the session that this browser had; "" without one */
	char hash[PEOPLE_HASH_SIZE], token[PEOPLE_TOKEN_SIZE];
};

static int check_password(void *arg)
{
	const struct try *try = arg;
	return people_password_check(try->hash, try->password);
}

static int note(struct curb_tx *tx, void *arg)
{
	struct try *try = arg;
	int err = people_note_try(tx, try->name, try->address, try->ok, try->now_ms);
	if (!err && try->ok)
		err = people_session_open(tx, &try->person, try->shared_device, try->now_ms, try->token);
	/* Its cookie is written over: nobody could sign out of it any more. */
	if (!err && try->ok && curb_id_some(&try->before))
		err = people_session_end(tx, &try->before, try->now_ms);
	return err;
}

static int sign_in(struct curb_req *req, struct try *try)
{
	int64_t wait_s = 0;
	try->now_ms = curb_wall_ms();
	try->address = http_address(req);
	if (try->name.len == 0 || try->password.len == 0)
		return curb_fail(CURB_EINVAL, "Type your learner number or phone, and your password or PIN");
	int err = people_try_allowed(curb_req_tx(req), try->name, try->address, try->now_ms, &wait_s);
	if (!err)
		err = people_sign_in_name(curb_req_tx(req), try->name, &try->person, try->hash);
	if (err)
		return err;
	err = http_without_permit(req, check_password, try);
	if (err && err != CURB_EAUTH)
		return err;
	try->ok = err == 0;
	int noted = curb_write(req, curb_str(NULL), note, try);
	if (noted)
		return noted;
	return try->ok ? 0 :
	                 curb_fail(CURB_EAUTH,
	                           "That did not match. Try again, or ask your teacher for a sign-in code");
}

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

static int post_session(struct curb_req *req, void *state)
{
	(void)state;
	struct try try = { .name = curb_req_field(req, "name"), .password = curb_req_field(req, "password") };
	struct people_session session;
	int err = sign_in(req, &try);
	if (!err)
		err = people_session_find(curb_req_tx(req), curb_str(try.token), try.now_ms, &session);
	if (err)
		return err;
	struct curb_buf out = curb_buf(4096);
	struct curb_json j = curb_json(&out);
	curb_json_begin(&j, '{');
	curb_json_ktext(&j, "token", try.token);
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

/* Only an address within this server is gone back to: "/x", not "//x" or "https://x". */
static struct curb_str safe_back(struct curb_str back)
{
	bool inside = back.len > 0 && back.ptr[0] == '/' &&
	              !(back.len > 1 && (back.ptr[1] == '/' || back.ptr[1] == '\\'));
	for (size_t i = 0; inside && i < back.len; i++)
		inside = (unsigned char)back.ptr[i] > 0x20 && back.ptr[i] != 0x7f;
	return inside ? back : curb_str("/");
}

static int show(struct curb_req *req, int status, const struct try *try, struct curb_str back,
                const char *error)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *model = curb_object(arena);
	curb_put_str(model, "title", curb_tr(req, "Sign in", NULL));
	curb_put_str(model, "name", try->name);
	curb_put_bool(model, "shared_device", try->shared_device);
	curb_put_str(model, "back", safe_back(back));
	if (error) {
		struct curb_value *notice = curb_object(arena);
		curb_put_text(notice, "kind", "error");
		curb_put_text(notice, "text", error);
		curb_put(model, "notice", notice);
	}
	return curb_reply_page(req, status, "signin", model);
}

static int get_signin(struct curb_req *req, void *state)
{
	(void)state;
	static const struct try first;
	return show(req, 200, &first, curb_req_query(req, "back"), NULL);
}

static int post_signin(struct curb_req *req, void *state)
{
	(void)state;
	struct try try = {
		.name = curb_req_field(req, "name"),
		.password = curb_req_field(req, "password"),
		.shared_device = curb_req_field(req, "shared").ptr != NULL,
	};
	struct curb_str back = curb_req_field(req, "back");
	if (http_session(req))
		try.before = http_session(req)->id;
	int err = sign_in(req, &try);
	if (err == CURB_EAUTH || err == CURB_ESLOW || err == CURB_EINVAL || err == CURB_EBUSY)
		return show(req, curb_err_status(err), &try, back, curb_error_local());
	if (!err)
		err = http_session_cookie(req, try.token, try.shared_device);
	return err ? err : curb_reply_redirect(req, safe_back(back));
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
	return err ? err : curb_reply_redirect(req, safe_back(curb_req_field(req, "back")));
}

const struct curb_route signin_routes[] = {
	{ "POST", "/api/v1/session", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_JSON, BODY_MOST, post_session,
	  CURB_LANE_ANY },
	{ "DELETE", "/api/v1/session", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, delete_session,
	  CURB_LANE_ANY },
	{ "GET", "/signin", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_signin, CURB_LANE_ANY },
	{ "POST", "/signin", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, BODY_MOST, post_signin,
	  CURB_LANE_ANY },
	{ "POST", "/signout", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_FORM, BODY_MOST, post_signout,
	  CURB_LANE_ANY },
	{ "POST", "/lang", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_FORM, BODY_MOST, post_lang,
	  CURB_LANE_ANY },
	{ 0 },
};
