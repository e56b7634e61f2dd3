/* The pages of signing in. */
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/needs.h"
#include "curb/person.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"
#include "qr.h"

struct curb_value *signin_model(struct curb_req *req, const struct entering *e, const char *title)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", curb_tr(req, title, NULL));
	curb_put_str(model, "name", e->name);
	curb_put_bool(model, "shared_device", e->shared);
	curb_put_str(model, "back", http_safe_back(e->back));
	curb_put_str(model, "kept", e->kept);
	return model;
}

int signin_show(struct curb_req *req, int status, const char *page, struct curb_value *model,
                const char *error)
{
	if (error) {
		struct curb_value *notice = curb_object(curb_req_arena(req));
		curb_put_text(notice, "kind", "error");
		curb_put_text(notice, "text", error);
		curb_put(model, "notice", notice);
	}
	int err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, status, page, model);
}

/* A word at each field that was left empty. */
static void put_missing(struct curb_req *req, struct curb_value *model)
{
	if (!curb_req_field(req, "name").len)
		curb_put_str(model, "name_error", curb_tr(req, "Type your learner number or phone", NULL));
	if (!curb_req_field(req, "password").len)
		curb_put_str(model, "password_error",
		             curb_tr(req, "Type your password, PIN or sign-in code", NULL));
}

int signin_show_first(struct curb_req *req, int status, const struct entering *e, const char *error)
{
	bool simple = curb_req_needs(req)->simple;
	struct curb_value *model = signin_model(
		req, e, simple && e->name.len ? CURB_TEXT("Sign in: your password") : CURB_TEXT("Sign in"));
	signin_put_passkey(req, model);
	if (status == curb_err_status(CURB_EINVAL))
		put_missing(req, model);
	curb_put_bool(model, "lan_plain", e->options->lan_plain);
	curb_put_bool(model, "named", e->name.len > 0);
	if (status == 400 && simple)
		error = NULL; /* one field, and the word stands at it */
	if (error && status == 400 && e->name.len == 0)
		curb_put_text(model, "name_error", error);
	else if (error && status == 400 && curb_req_field(req, "password").len == 0)
		curb_put_text(model, "password_error", error);
	return signin_show(req, status, "signin", model, error);
}

int signin_show_choose(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                       const char *field_error)
{
	struct curb_value *model = signin_model(req, e, CURB_TEXT("Choose your own password or PIN"));
	curb_put_str(model, "step", token);
	if (field_error) {
		curb_put_text(model, "field_error", field_error);
		account_password_again(req, model);
	}
	return signin_show(req, status, "choose", model, NULL);
}

/* ---- the second factor ---- */

int signin_show_second(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                       const char *field_error)
{
	struct curb_value *model = signin_model(req, e, CURB_TEXT("The number from your app"));
	curb_put_str(model, "step", token);
	if (field_error)
		curb_put_text(model, "field_error", field_error);
	return signin_show(req, status, "second", model, NULL);
}

static struct curb_str in_fours(struct curb_arena *arena, struct curb_str secret)
{
	char *to = curb_alloc(arena, 2 * secret.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < secret.len; i++) {
		if (i && i % 4 == 0)
			to[n++] = ' ';
		to[n++] = secret.ptr[i];
	}
	return curb_str_n(to, n);
}

int signin_put_secret(struct curb_req *req, struct curb_value *model, struct curb_str name,
                      struct curb_str secret)
{
	struct curb_arena *arena = curb_req_arena(req);
	const char *label = curb_printf(arena, "otpauth://totp/Curbcut:%s?secret=%.*s&issuer=Curbcut",
	                                signin_percent(arena, name), (int)secret.len, secret.ptr);
	struct curb_str path;
	int size = 0;
	int err = curb_qr(arena, curb_str(label), &path, &size);
	if (err)
		return err;
	curb_put_str(model, "qr", path);
	curb_put_int(model, "qr_size", size);
	curb_put_str(model, "secret", in_fours(arena, secret));
	return 0;
}

int signin_show_enrol(struct curb_req *req, int status, const struct entering *e, struct curb_str token,
                      struct curb_str secret, const char *field_error)
{
	struct curb_value *model = signin_model(req, e, CURB_TEXT("Set up the second step of signing in"));
	struct curb_user user;
	int err = curb_person_find(curb_req_tx(req), curb_id_str(&e->person), curb_wall_ms(), &user);
	if (!err)
		err = signin_put_secret(req, model, user.name, secret);
	if (err)
		return err;
	curb_put_str(model, "step", token);
	if (field_error)
		curb_put_text(model, "field_error", field_error);
	return signin_show(req, status, "enrol", model, NULL);
}

int signin_show_recoveries(struct curb_req *req, const struct entering *e)
{
	struct curb_value *model = signin_model(req, e, CURB_TEXT("Your recovery codes"));
	struct curb_value *codes = curb_array(curb_req_arena(req));
	for (int i = 0; i < PEOPLE_RECOVERIES; i++)
		curb_push(codes, curb_string(curb_req_arena(req), curb_str(e->recoveries[i])));
	curb_put(model, "codes", codes);
	return signin_show(req, 200, "recoveries", model, NULL);
}
