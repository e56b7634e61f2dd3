/* The page of bundles: what goes out and what came in. */
#include "cells.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/person.h"
#include "curb/words.h"
#include "exchange.h"

enum { LISTED = 50, GAPS_SHOWN = 10, PLACES_MOST = 1 << 20, PAGES_MOST = 100000 };

struct curb_str exchange_person(struct curb_req *req, const struct curb_id *person)
{
	struct curb_user user;
	if (curb_person_find(curb_req_tx(req), curb_id_str(person), curb_wall_ms(), &user) != 0)
		return curb_tr(req, "somebody whose account is closed", NULL);
	return user.name;
}

struct curb_str exchange_number(struct curb_req *req, int64_t number)
{
	return curb_str(curb_printf(curb_req_arena(req), "%lld", (long long)number));
}

const char *exchange_role(struct curb_req *req)
{
	return curb_req_user(req)->roles & CURB_REVIEWER ? "reviewer" : "admin";
}

static void push_row(struct curb_req *req, struct curb_value *rows, struct curb_value *cells)
{
	struct curb_value *row = curb_object(curb_req_arena(req));
	curb_put(row, "cells", cells);
	curb_push(rows, row);
}

static void put_table(struct curb_req *req, struct curb_value *model, const char *name,
                      const char *const *labels, struct curb_value *rows)
{
	struct curb_value *table = curb_object(curb_req_arena(req));
	if (curb_value_count(rows) == 0)
		return;
	put_columns(req, table, labels);
	curb_put(table, "rows", rows);
	curb_put(model, name, table);
}

/* ---- pages of both lists ---- */

/* Which page of `total` is asked for; the last one when there are fewer. */
static int64_t page_of(struct curb_req *req, const char *name, int64_t total)
{
	int64_t page = 1, last = total > LISTED ? (total + LISTED - 1) / LISTED : 1;
	if (!curb_str_int(curb_req_query(req, name), &page) || page < 1)
		return 1;
	return page < last ? page : last;
}

/* The other list stays where it is. */
static void put_pages(struct curb_req *req, struct curb_value *model, const char *name, const char *other,
                      int64_t total)
{
	struct curb_value *table = curb_value_get(model, name);
	int64_t elsewhere = page_of(req, other, INT64_C(1) * PAGES_MOST * LISTED);
	const char *list = curb_printf(curb_req_arena(req), "/exchange?%s=%lld&%s={page}", other,
	                               (long long)elsewhere, name);
	if (table)
		curb_put_pager(req, table, list, page_of(req, name, total), LISTED, total);
}

static void add_place(struct curb_buf *places, struct curb_str place)
{
	curb_buf_char(places, '[');
	curb_buf_str(places, place);
	curb_buf_char(places, ']');
}

static int end_places(struct curb_req *req, struct curb_buf *places, struct curb_str *ret)
{
	int err = curb_buf_check(places);
	*ret = curb_dup(curb_req_arena(req), curb_buf_view(places));
	return err;
}

/* ---- what went out ---- */

/* The places of the bundles that whoever asks may have. */
static int places_made(struct curb_req *req, struct exchange *x, struct curb_str *ret)
{
	CURB_AUTO(buf) struct curb_buf list = curb_buf(PLACES_MOST);
	struct curb_str *places = NULL;
	size_t n = 0;
	int err = made_places(x, curb_req_tx(req), &places, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_may_at(req, EXCHANGE_MAKERS, places[i]))
			add_place(&list, places[i]);
	return err ? err : end_places(req, &list, ret);
}

static int put_made(struct curb_req *req, struct exchange *x, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("File"),    CURB_TEXT("For"),
		                              CURB_TEXT("Made on"), CURB_TEXT("Made by"),
		                              CURB_TEXT("Records"), NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct made *made = NULL;
	struct curb_str places;
	size_t n = 0;
	int64_t total = 0;
	int err = places_made(req, x, &places);
	if (!err)
		err = made_count(x, curb_req_tx(req), places, &total);
	if (!err)
		err = made_at(x, curb_req_tx(req), places, (page_of(req, "made", total) - 1) * LISTED, LISTED,
		              &made, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *cells = curb_array(arena);
		push_cell(req, cells, labels[0],
		          tr_one(req, CURB_TEXT("Save bundle {number}"), "number",
		                 exchange_number(req, made[i].sequence)),
		          curb_printf(arena, "/exchange/out/%s/file", made[i].id.text));
		push_cell(req, cells, labels[1], made[i].server_name, NULL);
		push_cell(req, cells, labels[2], curb_words_date(req, made[i].made_ms), NULL);
		push_cell(req, cells, labels[3], exchange_person(req, &made[i].by), NULL);
		push_cell(req, cells, labels[4], exchange_number(req, made[i].records), NULL);
		push_row(req, rows, cells);
	}
	put_table(req, model, "made", labels, rows);
	put_pages(req, model, "made", "arrived", total);
	return err;
}

/* ---- what came in ---- */

/* The regions of the servers whose bundles whoever asks may see. */
static int regions_seen(struct curb_req *req, struct exchange *x, struct curb_str *ret)
{
	CURB_AUTO(buf) struct curb_buf list = curb_buf(PLACES_MOST);
	struct server *servers = NULL;
	size_t n = 0;
	int err = servers_all(x, curb_req_tx(req), &servers, &n);
	for (size_t i = 0; !err && i < n; i++)
		if (curb_may_at(req, EXCHANGE_READERS, servers[i].region))
			add_place(&list, servers[i].region);
	return err ? err : end_places(req, &list, ret);
}

static int put_arrived(struct curb_req *req, struct exchange *x, struct curb_value *model)
{
	static const char *const labels[] = { CURB_TEXT("Bundle"),     CURB_TEXT("From"),
		                              CURB_TEXT("Applied on"), CURB_TEXT("Applied by"),
		                              CURB_TEXT("Records"),    NULL };
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *rows = curb_array(arena);
	struct arrived *arrived = NULL;
	struct curb_str regions;
	size_t n = 0;
	int64_t total = 0;
	int err = regions_seen(req, x, &regions);
	if (!err)
		err = arrived_count(x, curb_req_tx(req), regions, &total);
	if (!err)
		err = arrived_at(x, curb_req_tx(req), regions, (page_of(req, "arrived", total) - 1) * LISTED,
		                 LISTED, &arrived, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *cells = curb_array(arena);
		push_cell(req, cells, labels[0],
		          tr_one(req, CURB_TEXT("Bundle {number}"), "number",
		                 exchange_number(req, arrived[i].sequence)),
		          curb_printf(arena, "/exchange/in/%s", arrived[i].id.text));
		push_cell(req, cells, labels[1], arrived[i].server_name, NULL);
		push_cell(req, cells, labels[2], curb_words_date(req, arrived[i].applied_ms), NULL);
		push_cell(req, cells, labels[3], exchange_person(req, &arrived[i].by), NULL);
		push_cell(req, cells, labels[4], exchange_number(req, arrived[i].records), NULL);
		push_row(req, rows, cells);
	}
	put_table(req, model, "arrived", labels, rows);
	put_pages(req, model, "arrived", "made", total);
	return err;
}

static int push_gaps(struct curb_req *req, struct exchange *x, const struct server *server,
                     struct curb_value *texts)
{
	int64_t gaps[GAPS_SHOWN];
	size_t n = 0;
	int err = arrived_gaps(x, curb_req_tx(req), &server->id, GAPS_SHOWN, gaps, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *values = curb_object(curb_req_arena(req));
		curb_put_int(values, "number", gaps[i]);
		curb_put_str(values, "server", server->name);
		curb_push(texts, curb_string(curb_req_arena(req),
		                             curb_tr(req, "Bundle {number} of {server} is missing", values)));
	}
	return err;
}

/* Servers: those that bundles can be made for, and those whose records are here. */
static int put_servers(struct curb_req *req, struct exchange *x, struct curb_value *model)
{
	struct curb_arena *arena = curb_req_arena(req);
	struct curb_value *options = curb_array(arena), *cards = curb_array(arena), *gaps = curb_array(arena);
	struct server *servers = NULL;
	size_t n = 0;
	int err = servers_all(x, curb_req_tx(req), &servers, &n);
	for (size_t i = 0; !err && i < n; i++) {
		struct curb_value *option = curb_object(arena), *card = curb_object(arena);
		curb_put_text(option, "value", servers[i].id.text);
		curb_put_str(option, "label", servers[i].name);
		if (!servers[i].ended_ms)
			curb_push(options, option);
		if (!curb_may_at(req, EXCHANGE_READERS, servers[i].region))
			continue;
		curb_put_str(card, "title",
		             tr_one(req, CURB_TEXT("Records of {server}"), "server", servers[i].name));
		curb_put_text(card, "href", curb_printf(arena, "/exchange/from/%s", servers[i].id.text));
		curb_push(cards, card);
		err = push_gaps(req, x, &servers[i], gaps);
	}
	curb_put(model, "servers", options);
	curb_put(model, "from", cards);
	curb_put(model, "gaps", gaps);
	return err;
}

/* ---- the page ---- */

static int put_card(struct curb_req *req, struct exchange *x, struct curb_value *model)
{
	struct bundle_card card;
	char check[CARD_CHECK];
	int err = exchange_card(x, curb_req_tx(req), &card);
	if (err)
		return err;
	card_check(&card, check);
	curb_put_str(model, "card", card_write(curb_req_arena(req), &card));
	curb_put_text(model, "check", check);
	return 0;
}

static void put_mistakes(struct curb_value *model, struct curb_value *errors)
{
	struct curb_arena *arena = curb_value_arena(model);
	struct curb_value *items = curb_array(arena);
	for (size_t i = 0; i < curb_value_count(errors); i++) {
		struct curb_value *item = curb_object(arena);
		curb_put_str(item, "field", curb_value_key(errors, i));
		curb_put_str(item, "text", curb_value_str(curb_value_member(errors, i)));
		curb_push(items, item);
	}
	curb_put(model, "mistakes", items);
	curb_put(model, "e", errors);
}

int exchange_show(struct curb_req *req, struct exchange *x, int status, struct curb_value *errors)
{
	struct curb_value *model = curb_object(curb_req_arena(req));
	uint32_t roles = curb_req_user(req)->roles;
	int err = put_servers(req, x, model);
	if (!err)
		err = put_made(req, x, model);
	if (!err)
		err = put_arrived(req, x, model);
	if (!err && roles & EXCHANGE_MAKERS)
		err = put_card(req, x, model);
	if (err)
		return err;
	curb_put_bool(model, "maker", (roles & EXCHANGE_MAKERS) != 0);
	curb_put_bool(model, "admin", curb_may_at(req, CURB_ADMIN, curb_str("")));
	curb_put_bool(model, "no_hours", !x->credit);
	curb_put_bool(model, "no_certificates", !x->certificate);
	if (errors)
		put_mistakes(model, errors);
	curb_put_bool(model, "more", curb_str_is(curb_req_query(req, "more"), "yes"));
	curb_put_str(model, "title", curb_tr(req, "Records between servers", NULL));
	return curb_reply_page(req, status, "exchange", model);
}

int exchange_page(struct curb_req *req, void *state)
{
	return exchange_show(req, state, 200, NULL);
}

/* ---- making one ---- */

static int refuse_make(struct curb_req *req, struct exchange *x, int err)
{
	struct curb_value *errors = curb_object(curb_req_arena(req));
	if (!curb_req_wants_page(req))
		return err;
	curb_put_text(errors, "server", curb_error_local());
	return exchange_show(req, x, curb_err_status(err), errors);
}

static int find_receiver(struct curb_req *req, struct exchange *x, struct server *ret)
{
	struct curb_str id = curb_req_field(req, "server");
	if (!x->credit)
		return curb_fail(CURB_EUNFIT, "No classes and hours are kept on this server");
	int err = id.len ? server_by_id(x, curb_req_tx(req), id, ret) : CURB_ENOTFOUND;
	if (err == CURB_ENOTFOUND || (!err && ret->ended_ms))
		return curb_fail(CURB_EUNFIT, "Choose the server that the bundle is for");
	return err;
}

static int answer_made(struct curb_req *req, void *arg)
{
	const struct making *making = arg;
	return curb_reply_redirect(req,
	                           curb_str(making->collected->more ? "/exchange?more=yes" : "/exchange"));
}

static int write_one(struct curb_req *req, struct exchange *x, const struct server *server,
                     const struct collected *collected)
{
	int64_t now_ms = curb_wall_ms();
	struct making making = { .x = x,
		                 .collected = collected,
		                 .role = exchange_role(req),
		                 .made = { .id = curb_id_new(now_ms),
		                           .server = server->id,
		                           .by = curb_req_user(req)->id,
		                           .made_ms = now_ms,
		                           .records = (int64_t)collected->n,
		                           .sealed = collected->sealed } };
	memcpy(making.made.to, server->card.box_public, BUNDLE_KEY);
	int err = curb_person_place(curb_req_tx(req), &making.made.by, EXCHANGE_MAKERS, now_ms,
	                            &making.made.place);
	if (!err)
		err = curb_write_reply(req, curb_id_str(&server->id), make_write, answer_made, &making);
	return err == CURB_ECONFLICT ? refuse_make(req, x, err) : err;
}

int exchange_post_make(struct curb_req *req, void *state)
{
	struct exchange *x = state;
	const struct curb_id *institutions = NULL;
	struct collected collected = { .n = 0 };
	struct server server;
	size_t n = 0;
	int err = find_receiver(req, x, &server);
	if (err)
		return refuse_make(req, x, err);
	err = curb_req_institutions(req, EXCHANGE_MAKERS, &institutions, &n);
	if (!err)
		err = collect(x, curb_req_tx(req), &server, institutions, n,
		              curb_str_is(curb_req_field(req, "anew"), "yes"), &collected);
	if (err)
		return err;
	if (collected.n == 0)
		return refuse_make(
			req, x,
			curb_fail(CURB_EUNFIT,
		                  "Nothing has changed since the last bundle for this server, so "
		                  "there is nothing to hand on. Earlier bundles can be saved again "
		                  "below"));
	return write_one(req, x, &server, &collected);
}

int exchange_get_file(struct curb_req *req, void *state)
{
	struct exchange *x = state;
	struct made made;
	int err = made_by_id(x, curb_req_tx(req), curb_req_param(req, "id"), &made);
	if (!err && !curb_may_at(req, EXCHANGE_MAKERS, made.place))
		return curb_fail(CURB_ENOTFOUND, "There is no such bundle");
	if (!err)
		err = make_file(req, x, &made);
	if (err)
		return err;
	const struct curb_piece piece = { .bytes = made.file };
	const struct curb_body_info info = {
		.type = "application/octet-stream",
		.filename = curb_str(curb_printf(curb_req_arena(req), "records-%lld-%.8s.curb-bundle",
		                                 (long long)made.sequence, made.id.text + 24)),
	};
	return curb_reply_pieces(req, &piece, 1, &info);
}
