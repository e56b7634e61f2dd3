/* Passkeys: signing in with one, and the page on which their owner adds and removes them. */
#include "passkeys.h"

#include <stdio.h>
#include <string.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "entering.h"
#include "handlers.h"
#include "http.h"
#include "proof.h"
#include "roles.h"
#include "webauthn.h"

/* ---- where there are passkeys ---- */

/* The host of our address, without its port. */
static struct curb_str rp_id(struct curb_req *req)
{
	struct curb_str host = curb_req_origin(req), scheme;
	(void)curb_str_cut(&host, '/', &scheme);
	(void)curb_str_cut(&host, '/', &scheme);
	const char *colon = memchr(host.ptr, ':', host.len);
	return colon ? curb_str_n(host.ptr, (size_t)(colon - host.ptr)) : host;
}

bool signin_has_passkeys(struct curb_req *req)
{
	struct curb_str host = rp_id(req);
	return curb_str_starts(curb_req_origin(req), "https://") || curb_str_is(host, "localhost") ||
	       curb_str_ends(host, ".localhost");
}

void signin_put_passkey(struct curb_req *req, struct curb_value *model)
{
	if (!signin_has_passkeys(req))
		return;
	struct curb_value *passkey = curb_object(curb_req_arena(req));
	curb_put_str(passkey, "challenge",
	             people_challenge(curb_req_tx(req), curb_str("signin"), curb_wall_ms()));
	curb_put_str(passkey, "rp", rp_id(req));
	curb_put(model, "passkey", passkey);
}

/* ---- what came ---- */

/* Client data and authenticator data of the form; the challenge is ours, for this use and of now. */
static int read_said(struct curb_req *req, const char *type, struct curb_str use, struct webauthn_said *said,
                     struct curb_str *ret_challenge)
{
	struct curb_arena *arena = curb_req_arena(req);
	said->rp_id = rp_id(req);
	int err = webauthn_bytes(arena, curb_req_field(req, "client"), &said->client);
	if (!err)
		err = webauthn_bytes(arena, curb_req_field(req, "authdata"), &said->authdata);
	if (!err)
		err = webauthn_challenge(arena, said->client, type, curb_req_origin(req), ret_challenge);
	if (!err)
		err = people_challenge_check(curb_req_tx(req), use, *ret_challenge, curb_wall_ms());
	return err;
}

static int find_passkey(struct curb_req *req, struct people_passkey *ret_passkey)
{
	struct curb_str bytes;
	int err = webauthn_bytes(curb_req_arena(req), curb_req_field(req, "credential"), &bytes);
	if (err)
		return err;
	char *hex = curb_alloc(curb_req_arena(req), 2 * bytes.len + 1);
	curb_hex(bytes.ptr, bytes.len, hex);
	return people_passkey_find(curb_req_tx(req), curb_str(hex), ret_passkey);
}

/* ---- signing in ---- */

static int enter(struct curb_req *req, struct entering *e)
{
	struct webauthn_said said;
	struct curb_str signature;
	uint32_t counter = 0;
	int err = find_passkey(req, &e->passkey);
	if (!err)
		err = read_said(req, "webauthn.get", curb_str("signin"), &said, &e->challenge);
	if (!err)
		err = webauthn_bytes(curb_req_arena(req), curb_req_field(req, "signature"), &signature);
	said.algorithm = e->passkey.algorithm;
	if (!err)
		err = webauthn_assert(&said, e->passkey.key, signature, &counter);
	if (err)
		return err;
	e->by = BY_PASSKEY;
	e->person = e->passkey.person;
	e->counter = counter;
	return entering_go_on(req, e);
}

int signin_post_passkey(struct curb_req *req, void *state)
{
	struct entering e = { .options = state };
	entering_read(req, &e);
	int err = enter(req, &e);
	if (err == CURB_EAUTH)
		return signin_show_first(req, 401, &e, curb_error_local());
	return err ? err : entering_reply(req, &e);
}

/* ---- one's own ---- */

static void put_row(struct curb_req *req, struct curb_value *items, const struct people_passkey *passkey)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *item = curb_object(arena), *values = curb_object(arena);
	curb_put_str(item, "name", passkey->name);
	curb_put_str(values, "name", passkey->name);
	curb_put_str(item, "label", curb_tr(req, "Remove {name}", values));
	curb_put_str(values, "day", curb_words_date(req, passkey->used_ms));
	curb_put_str(item, "when", curb_tr(req, "last used on {day}", values));
	curb_put_text(item, "action", curb_printf(arena, "/account/passkeys/%s/remove", passkey->id.text));
	curb_push(items, item);
}

static int put_adding(struct curb_req *req, struct curb_value *model)
{
	const struct curb_user *user = curb_req_user(req);
	struct people_row person;
	int err = people_row(curb_req_tx(req), &user->id, curb_wall_ms(), &person);
	if (err)
		return err;
	struct curb_value *adding = curb_object(curb_req_arena(req));
	curb_put_str(adding, "challenge",
	             people_challenge(curb_req_tx(req), curb_id_str(&user->id), curb_wall_ms()));
	curb_put_str(adding, "rp", rp_id(req));
	curb_put_text(adding, "user", user->id.text);
	curb_put_str(adding, "sign_in", person.sign_in);
	curb_put_str(adding, "shown", user->name);
	curb_put(model, "adding", adding);
	return 0;
}

/* What the device made already comes back with the form: it would be made a second time otherwise. */
static void put_made(struct curb_req *req, struct curb_value *model)
{
	static const char *const names[] = { "client", "authdata", "algorithm" };
	struct curb_value *made = curb_object(curb_req_arena(req));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		curb_put_str(made, names[i], curb_req_field(req, names[i]));
	curb_put(model, "made", made);
}

/* `error` is told at the top, `proof_error` at its field. */
static int show(struct curb_req *req, int status, const char *error, const char *proof_error)
{
	struct people_passkey *passkeys = NULL;
	size_t n = 0;
	struct curb_value *model = account_model(req, CURB_TEXT("Passkeys")),
			  *items = curb_array(curb_req_arena(req));
	int err = people_passkeys(curb_req_tx(req), &curb_req_user(req)->id, &passkeys, &n);
	if (!err && signin_has_passkeys(req))
		err = put_adding(req, model);
	if (!err)
		err = proof_put(req, model, proof_error, true);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		put_row(req, items, &passkeys[i]);
	curb_put(model, "items", items);
	if (proof_error)
		put_made(req, model);
	if (error)
		account_notice(req, model, "error", curb_str(error));
	else if (curb_req_query(req, "done").ptr)
		account_notice(req, model, "good", curb_tr(req, "Your passkeys were changed.", NULL));
	err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	return err ? err : curb_reply_page(req, status, "passkeys", model);
}

int signin_get_passkeys(struct curb_req *req, void *state)
{
	(void)state;
	return show(req, 200, NULL, NULL);
}

struct adding {
	struct people_passkey passkey;
	struct curb_str challenge;
	int64_t now_ms;
};

static int add(struct curb_tx *tx, void *arg)
{
	const struct adding *adding = arg;
	int err = people_challenge_spend(tx, adding->challenge, adding->now_ms);
	return err ? err : people_passkey_add(tx, &adding->passkey, adding->now_ms);
}

int signin_post_passkeys(struct curb_req *req, void *state)
{
	(void)state;
	struct adding adding = { .now_ms = curb_wall_ms() };
	struct webauthn_said said;
	struct webauthn_key key;
	adding.passkey.person = curb_req_user(req)->id;
	adding.passkey.name = curb_str_trim(curb_req_field(req, "passkey_name"));
	if (!adding.passkey.name.len || adding.passkey.name.len > PEOPLE_PASSKEY_NAME)
		return show(req, 422,
		            curb_cstr(curb_req_arena(req),
		                      curb_tr(req, "Give the passkey a short name, such as: my phone", NULL)),
		            NULL);
	int err = proof_check(req);
	if (proof_refused(err))
		return show(req, err == CURB_ESLOW ? 429 : 422, NULL, curb_error_local());
	if (err)
		return err;
	err = read_said(req, "webauthn.create", curb_id_str(&adding.passkey.person), &said,
	                &adding.challenge);
	if (!err && !curb_str_int(curb_req_field(req, "algorithm"), &said.algorithm))
		said.algorithm = 0;
	if (!err)
		err = webauthn_register(curb_req_arena(req), &said, &key);
	if (!err) {
		adding.passkey.credential = key.credential;
		adding.passkey.key = key.key;
		adding.passkey.counter = key.counter;
		adding.passkey.algorithm = said.algorithm;
		err = curb_write(req, curb_id_str(&adding.passkey.person), add, &adding);
	}
	if (err == CURB_EAUTH || err == CURB_ECONFLICT)
		return show(req, 422, curb_error_local(), NULL);
	return err ? err : curb_reply_redirect(req, curb_str("/account/passkeys?done=yes"));
}

static int remove_one(struct curb_tx *tx, void *arg)
{
	const struct people_passkey *passkey = arg;
	return people_passkey_remove(tx, &passkey->person, &passkey->id);
}

/* The passkey of the path, when it is hers. */
static int find_own(struct curb_req *req, struct people_passkey *ret_passkey)
{
	struct people_passkey *passkeys = NULL;
	size_t n = 0;
	struct curb_id id = curb_id_of(curb_req_param(req, "id"));
	int err = people_passkeys(curb_req_tx(req), &curb_req_user(req)->id, &passkeys, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (strcmp(passkeys[i].id.text, id.text) == 0) {
			*ret_passkey = passkeys[i];
			return 0;
		}
	return err ? err : curb_fail(CURB_ENOTFOUND, "There is no such passkey of yours");
}

static int show_remove(struct curb_req *req, int status, const struct people_passkey *passkey,
                       const char *proof_error)
{
	struct curb_value *model = account_model(req, CURB_TEXT("Remove a passkey")),
			  *values = curb_object(curb_req_arena(req));
	int err = proof_put(req, model, proof_error, false);
	curb_put_str(values, "name", passkey->name);
	curb_put_str(model, "name", passkey->name);
	curb_put_str(model, "label", curb_tr(req, "Remove {name}", values));
	curb_put_text(model, "action",
	              curb_printf(curb_req_arena(req), "/account/passkeys/%s/remove", passkey->id.text));
	return err ? err : curb_reply_page(req, status, "passkey_remove", model);
}

/* The list has a button a passkey and no room for what may be asked: without it a page of its own asks. */
int signin_post_passkey_remove(struct curb_req *req, void *state)
{
	(void)state;
	struct people_passkey passkey;
	int err = find_own(req, &passkey);
	if (!err && proof_asked(req) && !curb_req_field(req, "proof").ptr)
		return show_remove(req, 200, &passkey, NULL);
	if (err)
		return err;
	passkey.person = curb_req_user(req)->id;
	err = proof_check(req);
	if (proof_refused(err))
		return show_remove(req, err == CURB_ESLOW ? 429 : 422, &passkey, curb_error_local());
	if (!err)
		err = curb_write(req, curb_str(NULL), remove_one, &passkey);
	return err ? err : curb_reply_redirect(req, curb_str("/account/passkeys?done=yes"));
}
