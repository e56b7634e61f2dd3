/* A person's own account: what she signs in with, and where she is signed in. */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"
#include "visits.h"

static const int64_t hour_ms = 3600 * 1000, day_ms = 24LL * 3600 * 1000;

struct curb_value *account_model(struct curb_req *req, const char *title)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	curb_put_str(model, "title", curb_tr(req, title, NULL));
	return model;
}

void account_notice(struct curb_req *req, struct curb_value *model, const char *kind, struct curb_str text)
{
	struct curb_value *notice = curb_object(curb_req_arena(req));
	curb_put_text(notice, "kind", kind);
	curb_put_str(notice, "text", text);
	curb_put(model, "notice", notice);
}

void account_password_again(struct curb_req *req, struct curb_value *model)
{
	account_notice(req, model, "error",
	               curb_tr(req, "Please look at the item below. Type the password again.", NULL));
}

/* ---- the page that leads to the others ---- */

static void put_card(struct curb_req *req, struct curb_value *items, const char *href, const char *title,
                     struct curb_str text)
{
	struct curb_value *card = curb_object(curb_req_arena(req));
	curb_put_text(card, "href", href);
	curb_put_str(card, "title", curb_tr(req, title, NULL));
	curb_put_str(card, "text", text);
	curb_push(items, card);
}

int signin_get_account(struct curb_req *req, void *state)
{
	const struct signin_options *options = state;
	struct curb_value *model = account_model(req, CURB_TEXT("My account")),
			  *items = curb_array(curb_req_arena(req));
	put_card(req, items, "/account/devices", CURB_TEXT("Devices"),
	         curb_tr(req, "Where you are signed in, and signing out there", NULL));
	put_card(req, items, "/account/password", CURB_TEXT("Password or PIN"),
	         curb_tr(req, "Change it", NULL));
	put_card(req, items, "/account/phone", CURB_TEXT("Phone"),
	         curb_tr(req, "Sign in with your phone number instead of your learner number", NULL));
	put_card(
		req, items, "/account/passkeys", CURB_TEXT("Passkeys"),
		curb_tr(req, "Sign in with a finger, a face or the PIN of your phone, without typing", NULL));
	put_card(req, items, "/account/second", CURB_TEXT("Second step"),
	         curb_tr(req, "A number from an app beside the password", NULL));
	put_card(req, items, "/account/help", CURB_TEXT("Help"),
	         curb_tr(req, "Who may help you, and whom you help", NULL));
	curb_put(model, "items", items);
	curb_put_bool(model, "lan_plain", options->lan_plain);
	return curb_reply_page(req, 200, "account", model);
}

/* ---- devices ---- */

static struct curb_str count_of(struct curb_req *req, const char *source, int64_t n)
{
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_int(values, "n", n);
	return curb_tr(req, source, values);
}

static struct curb_str when(struct curb_req *req, int64_t seen_ms, int64_t now_ms)
{
	int64_t since_ms = now_ms - seen_ms;
	if (since_ms < 2 * hour_ms)
		return curb_tr(req, "used within the last two hours", NULL);
	if (since_ms < 2 * day_ms)
		return count_of(req, CURB_TEXT("used {n} hours ago"), since_ms / hour_ms);
	struct curb_value *values = curb_object(curb_req_arena(req));
	curb_put_str(values, "day", curb_words_date(req, seen_ms));
	return curb_tr(req, "last used on {day}", values);
}

static void put_device(struct curb_req *req, struct curb_value *items, const struct people_visit *visit,
                       int64_t now_ms)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *values = curb_object(arena);
	struct curb_str name = visit->agent.ptr ? visit->agent :
	                                          curb_tr(req, "A program without a name", NULL);
	curb_put_str(item, "name", name);
	curb_put_str(item, "when", when(req, visit->seen_ms, now_ms));
	curb_put_bool(item, "here", strcmp(visit->id.text, http_session(req)->id.text) == 0);
	curb_put_bool(item, "shared", visit->shared);
	curb_put_str(item, "helper", visit->helper);
	curb_put_str(values, "name", name);
	curb_put_str(item, "label", curb_tr(req, "Sign out {name}", values));
	curb_put_text(item, "action", curb_printf(arena, "/account/devices/%s/end", visit->id.text));
	curb_push(items, item);
}

int signin_get_devices(struct curb_req *req, void *state)
{
	(void)state;
	struct people_visit *visits = NULL;
	int64_t now_ms = curb_wall_ms();
	size_t n = 0;
	int err = people_visits(curb_req_tx(req), &curb_req_user(req)->id, now_ms, &visits, &n);
	if (err)
		return err;
	struct curb_value *model = account_model(req, CURB_TEXT("Devices")),
			  *items = curb_array(curb_req_arena(req));
	for (size_t i = 0; i < n; i++)
		put_device(req, items, &visits[i], now_ms);
	curb_put(model, "items", items);
	curb_put_bool(model, "others", n > 1);
	if (curb_req_query(req, "done").ptr)
		account_notice(req, model, "good", curb_tr(req, "Signed out there.", NULL));
	return curb_reply_page(req, 200, "devices", model);
}

struct ending {
	struct curb_id person, session;
	struct curb_str device;
	int64_t now_ms;
};

static int end_one(struct curb_tx *tx, void *arg)
{
	const struct ending *ending = arg;
	return people_visit_end(tx, &ending->person, &ending->session, ending->now_ms);
}

static int end_others(struct curb_tx *tx, void *arg)
{
	const struct ending *ending = arg;
	int err = people_visits_end(tx, &ending->person, &ending->session, ending->now_ms);
	return err ? err : people_device_forget(tx, &ending->person, ending->device);
}

int signin_post_device_end(struct curb_req *req, void *state)
{
	(void)state;
	struct ending ending = { .person = curb_req_user(req)->id,
		                 .session = curb_id_of(curb_req_param(req, "id")),
		                 .now_ms = curb_wall_ms() };
	bool here = strcmp(ending.session.text, http_session(req)->id.text) == 0;
	int err = curb_write(req, curb_str(NULL), end_one, &ending);
	if (!err && here)
		err = http_session_cookie(req, NULL, false);
	return err ? err : curb_reply_redirect(req, curb_str(here ? "/" : "/account/devices?done=yes"));
}

int signin_post_devices_end(struct curb_req *req, void *state)
{
	(void)state;
	struct ending ending = { .person = curb_req_user(req)->id,
		                 .session = http_session(req)->id,
		                 .device = http_device(req),
		                 .now_ms = curb_wall_ms() };
	int err = curb_write(req, curb_str(NULL), end_others, &ending);
	return err ? err : curb_reply_redirect(req, curb_str("/account/devices?done=yes"));
}

/* ---- the session goes on, or the next person comes ---- */

static int extend(struct curb_tx *tx, void *arg)
{
	const struct ending *ending = arg;
	return people_session_extend(tx, &ending->session, ending->now_ms);
}

int signin_post_extend(struct curb_req *req, void *state)
{
	(void)state;
	struct ending ending = { .session = http_session(req)->id, .now_ms = curb_wall_ms() };
	int err = curb_write(req, curb_str(NULL), extend, &ending);
	if (err)
		return err;
	if (!curb_req_wants_page(req))
		return curb_reply_empty(req, 204);
	return curb_reply_redirect(req, http_safe_back(curb_req_field(req, "back")));
}

/* What was not sent yet of her hours lies in the browser's storage under her name, goes out when she is back, and is
 * nobody else's: the storage is left alone. */
int signin_post_switch(struct curb_req *req, void *state)
{
	(void)state;
	struct ending ending = { .person = curb_req_user(req)->id,
		                 .session = http_session(req)->id,
		                 .now_ms = curb_wall_ms() };
	int err = curb_write(req, curb_str(NULL), end_one, &ending);
	if (!err)
		err = http_session_cookie(req, NULL, false);
	if (!err)
		err = curb_reply_header(req, "Clear-Site-Data", curb_str("\"cache\""));
	return err ? err : curb_reply_redirect(req, curb_str("/signin"));
}

/* ---- phone ---- */

static int show_phone(struct curb_req *req, int status, struct curb_str phone, const char *error)
{
	struct curb_value *model = account_model(req, CURB_TEXT("Phone"));
	curb_put_str(model, "phone", phone);
	if (error)
		curb_put_text(model, "field_error", error);
	if (curb_req_query(req, "done").ptr)
		account_notice(req, model, "good", curb_tr(req, "Your phone number was kept.", NULL));
	return curb_reply_page(req, status, "phone", model);
}

int signin_get_phone(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_str phone;
	int err = people_phone(curb_req_tx(req), &curb_req_user(req)->id, &phone);
	return err ? err : show_phone(req, 200, phone, NULL);
}

struct phoning {
	struct curb_id person;
	struct curb_str phone;
};

static int keep_phone(struct curb_tx *tx, void *arg)
{
	const struct phoning *phoning = arg;
	return people_set_phone(tx, &phoning->person, phoning->phone);
}

int signin_post_phone(struct curb_req *req, void *state)
{
	(void)state;
	struct phoning phoning = { curb_req_user(req)->id, curb_req_field(req, "phone") };
	int err = curb_write(req, curb_str(NULL), keep_phone, &phoning);
	if (err == CURB_EINVAL || err == CURB_ECONFLICT)
		return show_phone(req, 422, phoning.phone, curb_error_local());
	return err ? err : curb_reply_redirect(req, curb_str("/account/phone?done=yes"));
}
