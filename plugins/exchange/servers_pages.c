/* The servers that bundles are taken from and made for, as an administrator enters and ends them. */
#include "cells.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "exchange.h"

enum { NAME_MOST = 120 };

struct form {
	struct curb_req *req;
	struct exchange *x;
	struct curb_value *model, *errors, *values;
};

static struct form form_of(struct curb_req *req, struct exchange *x)
{
	struct curb_arena *arena = curb_req_arena(req);
	return (struct form){ req, x, curb_object(arena), curb_object(arena), curb_object(arena) };
}

/* ---- the page ---- */

static const char *const labels[] = { CURB_TEXT("Server"), CURB_TEXT("Region"), CURB_TEXT("Check number"),
	                              CURB_TEXT("Trusted since"), NULL };

static struct curb_str region_name(struct curb_req *req, struct curb_str id)
{
	struct curb_place place;
	return curb_place_find(curb_req_tx(req), id, &place) == 0 ? place.name : id;
}

static void push_option(struct curb_value *options, const char *value, struct curb_str label, bool selected)
{
	struct curb_value *option = curb_object(curb_value_arena(options));
	curb_put_text(option, "value", value);
	curb_put_str(option, "label", label);
	curb_put_bool(option, "selected", selected);
	curb_push(options, option);
}

static void push_server(const struct form *form, const struct server *server, struct curb_value *rows)
{
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *row = curb_object(arena), *cells = curb_array(arena);
	char check[CARD_CHECK];
	card_check(&server->card, check);
	push_cell(req, cells, labels[0], server->name, NULL);
	push_cell(req, cells, labels[1], region_name(req, server->region), NULL);
	push_cell(req, cells, labels[2], curb_dup(arena, curb_str(check)), NULL);
	push_cell(req, cells, labels[3],
	          server->ended_ms ? tr_one(req, CURB_TEXT("trusted no more since {day}"), "day",
	                                    curb_words_date(req, server->ended_ms)) :
	                             curb_words_date(req, server->added_ms),
	          NULL);
	curb_put(row, "cells", cells);
	curb_push(rows, row);
}

/* The choices of a field: first one that is none, then the servers; `all`: also those that are trusted no more. Nothing where there
 * are none. */
static void put_options(const struct form *form, const char *field, const struct server *servers, size_t n,
                        bool all)
{
	struct curb_value *options = curb_array(curb_req_arena(form->req));
	struct curb_str chosen = curb_req_field(form->req, field);
	push_option(options, "", curb_tr(form->req, "Choose a server", NULL), false);
	for (size_t i = 0; i < n; i++)
		if (all || !servers[i].ended_ms)
			push_option(options, servers[i].id.text, servers[i].name,
			            curb_str_is(chosen, servers[i].id.text));
	if (curb_value_count(options) > 1)
		curb_put(form->model, field, options);
}

static int show(const struct form *form, int status)
{
	struct curb_req *req = form->req;
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena), *mistakes = curb_array(arena);
	struct server *servers = NULL;
	size_t n = 0;
	int err = servers_all(form->x, curb_req_tx(req), &servers, &n);
	if (err)
		return err;
	for (size_t i = 0; i < n; i++)
		push_server(form, &servers[i], rows);
	for (size_t i = 0; i < curb_value_count(form->errors); i++) {
		struct curb_value *item = curb_object(arena);
		curb_put_str(item, "field", curb_value_key(form->errors, i));
		curb_put_str(item, "text", curb_value_str(curb_value_member(form->errors, i)));
		curb_push(mistakes, item);
	}
	put_columns(req, form->model, labels);
	curb_put(form->model, "rows", rows);
	put_options(form, "server", servers, n, false);
	put_options(form, "whose", servers, n, true);
	curb_put(form->model, "mistakes", mistakes);
	curb_put(form->model, "e", form->errors);
	curb_put(form->model, "v", form->values);
	curb_put_bool(form->model, "ask",
	              curb_value_get(form->errors, "replace") ||
	                      curb_str_is(curb_req_field(req, "replace"), "yes"));
	curb_put_str(form->model, "title", curb_tr(req, "Servers that are trusted", NULL));
	return curb_reply_page(req, status, "servers", form->model);
}

int exchange_page_servers(struct curb_req *req, void *state)
{
	const struct form form = form_of(req, state);
	return show(&form, 200);
}

/* ---- entering one ---- */

static void wrong(const struct form *form, const char *field, struct curb_str text)
{
	curb_put_str(form->errors, field, text);
}

static struct curb_str said(const struct form *form)
{
	return curb_dup(curb_req_arena(form->req), curb_str(curb_error_local()));
}

static int read_region(const struct form *form, struct curb_str text, struct server *server)
{
	struct curb_place place = { .institution = true };
	int err = text.len ? curb_place_find(curb_req_tx(form->req), text, &place) : CURB_ENOTFOUND;
	if (err && err != CURB_ENOTFOUND && err != CURB_EUNFIT)
		return err;
	if (err == CURB_EUNFIT)
		wrong(form, "region", said(form));
	else if (err || place.institution)
		wrong(form, "region",
		      curb_tr(form->req, "Write the code or the whole name of a region of this server",
		              NULL));
	else
		server->region = place.id;
	return 0;
}

static bool is_same(const struct server *a, const struct server *b)
{
	return memcmp(a->card.sign_public, b->card.sign_public, BUNDLE_KEY) == 0 &&
	       memcmp(a->card.box_public, b->card.box_public, BUNDLE_KEY) == 0 &&
	       curb_str_eq(a->card.ledger_key, b->card.ledger_key) && curb_str_eq(a->region, b->region);
}

struct entering {
	struct exchange *x;
	struct server server;
	struct curb_id by;
	bool end;
	bool replace;      /* that a server of its name is known is right */
	const char *field; /* what is wrong with */
};

/* A key is one server's; the one whose card is renewed is told by its name, and by who enters it knowing so. In any transaction.
 * CURB_ECONFLICT, worded for e->field. */
static int check_server(struct entering *e, struct curb_tx *tx)
{
	struct server other;
	int err = server_by_key(e->x, tx, e->server.card.sign_public, &other);
	e->field = "card";
	if (!err && !curb_str_eq(other.name, e->server.name))
		return curb_fail(CURB_ECONFLICT, "%.*s has this card already", (int)other.name.len,
		                 other.name.ptr);
	if (!err || err == CURB_ENOTFOUND)
		err = server_by_name(e->x, tx, e->server.name, &other);
	if (err)
		return err == CURB_ENOTFOUND ? 0 : err;
	e->field = "replace";
	if (e->replace || (!other.ended_ms && is_same(&other, &e->server)))
		return 0;
	return curb_fail(CURB_ECONFLICT,
	                 "A server of this name is known here. Tick this when its card is to be "
	                 "replaced by this one, else write another name");
}

static int check_card(const struct form *form, struct entering *e)
{
	struct bundle_card own;
	int err = exchange_card(form->x, curb_req_tx(form->req), &own);
	if (!err && memcmp(own.sign_public, e->server.card.sign_public, BUNDLE_KEY) == 0)
		wrong(form, "card", curb_tr(form->req, "This is the card of this server itself", NULL));
	if (!err)
		err = check_server(e, curb_req_tx(form->req));
	if (err == CURB_ECONFLICT)
		wrong(form, e->field, said(form));
	return err == CURB_ECONFLICT ? 0 : err;
}

static int read_form(const struct form *form, struct entering *e)
{
	struct curb_req *req = form->req;
	struct server *server = &e->server;
	struct curb_str region = curb_str_trim(curb_req_field(req, "region")),
			card = curb_req_field(req, "card");
	server->name = curb_str_trim(curb_req_field(req, "name"));
	curb_put_str(form->values, "name", server->name);
	curb_put_str(form->values, "region", region);
	curb_put_str(form->values, "card", card);
	e->replace = curb_str_is(curb_req_field(req, "replace"), "yes");
	curb_put_bool(form->values, "replace", e->replace);
	if (server->name.len == 0 || server->name.len > NAME_MOST)
		wrong(form, "name", curb_tr(req, "Write what this server is called, in a few words", NULL));
	int err = read_region(form, region, server);
	if (err)
		return err;
	if (card_read(card.ptr ? card : curb_str(""), &server->card) != 0) {
		wrong(form, "card", said(form));
		return 0;
	}
	return check_card(form, e);
}

static int note(struct curb_tx *tx, const struct entering *e, const char *act, int64_t now_ms)
{
	struct curb_value *detail = curb_object(curb_tx_arena(tx));
	curb_put_str(detail, "server", e->server.name);
	const struct curb_change change = { .actor = e->by,
		                            .about = curb_id_str(&e->server.id),
		                            .place = curb_str(""),
		                            .act = act,
		                            .detail = detail };
	return curb_note_change(tx, &change, now_ms);
}

static int enter_fn(struct curb_tx *tx, void *arg)
{
	struct entering *e = arg;
	int64_t now_ms = curb_wall_ms();
	int err = e->end ? server_end(e->x, tx, &e->server.id, now_ms) : check_server(e, tx);
	if (!err && !e->end)
		err = server_put(e->x, tx, &e->server);
	return err ? err :
	             note(tx, e,
	                  e->end ? CURB_TEXT("ended the trust in the server {server}") :
	                           CURB_TEXT("entered the card of the server {server}"),
	                  now_ms);
}

static int answer(struct curb_req *req, void *arg)
{
	(void)arg;
	return curb_reply_redirect(req, curb_str("/exchange/servers"));
}

int exchange_post_server(struct curb_req *req, void *state)
{
	const struct form form = form_of(req, state);
	int64_t now_ms = curb_wall_ms();
	struct entering e = { .x = state,
		              .server = { .id = curb_id_new(now_ms), .added_ms = now_ms },
		              .by = curb_req_user(req)->id };
	int err = read_form(&form, &e);
	if (err)
		return err;
	if (curb_value_count(form.errors) > 0)
		return show(&form, 400);
	err = curb_write_reply(req, e.server.name, enter_fn, answer, &e);
	if (err != CURB_ECONFLICT)
		return err;
	wrong(&form, e.field, said(&form)); /* somebody else entered it meanwhile */
	return show(&form, curb_err_status(err));
}

static int read_choice(const struct form *form, const char *field, const char *why, struct server *ret)
{
	struct curb_str id = curb_req_field(form->req, field);
	int err = id.len ? server_by_id(form->x, curb_req_tx(form->req), id, ret) : CURB_ENOTFOUND;
	if (err == CURB_ENOTFOUND)
		wrong(form, field, curb_tr(form->req, why, NULL));
	return err == CURB_ENOTFOUND ? 0 : err;
}

int exchange_post_end(struct curb_req *req, void *state)
{
	static const char why[] = CURB_TEXT("Choose the server that is trusted no more");
	const struct form form = form_of(req, state);
	struct entering e = { .x = state, .by = curb_req_user(req)->id, .end = true };
	int err = read_choice(&form, "server", why, &e.server);
	if (err)
		return err;
	if (e.server.ended_ms)
		wrong(&form, "server", curb_tr(req, why, NULL));
	if (curb_value_count(form.errors) > 0)
		return show(&form, 400);
	return curb_write_reply(req, curb_id_str(&e.server.id), enter_fn, answer, &e);
}

/* ---- forgetting what one handed in ---- */

enum { FORGOTTEN_AT_ONCE = 500 };

struct forgetting {
	struct entering e;
	int64_t n;  /* how many it were this time */
	bool noted; /* it is said who did it */
};

/* A part of them: none holds up the writer. */
static int forget_fn(struct curb_tx *tx, void *arg)
{
	struct forgetting *f = arg;
	int err = kept_forget(f->e.x, tx, &f->e.server.id, FORGOTTEN_AT_ONCE, &f->n);
	if (err || f->n == 0 || f->noted)
		return err;
	return note(tx, &f->e, CURB_TEXT("deleted the records of the server {server}"), curb_wall_ms());
}

int exchange_post_forget(struct curb_req *req, void *state)
{
	const struct form form = form_of(req, state);
	struct forgetting f = { .e = { .x = state, .by = curb_req_user(req)->id } };
	int err = read_choice(&form, "whose", CURB_TEXT("Choose the server whose records are deleted"),
	                      &f.e.server);
	if (err)
		return err;
	if (!curb_str_is(curb_req_field(req, "sure"), "yes"))
		wrong(&form, "sure", curb_tr(req, "Tick this when all of them are to be deleted", NULL));
	if (curb_value_count(form.errors) > 0)
		return show(&form, 400);
	do {
		err = curb_write(req, curb_id_str(&f.e.server.id), forget_fn, &f);
		f.noted = true;
	} while (!err && f.n == FORGOTTEN_AT_ONCE);
	return err ? err : answer(req, &f);
}
