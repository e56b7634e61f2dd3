/* Writes of a request: the permit goes back while the writer works, and the reply of a repeatable write is kept in the
 * same transaction as what it did.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { KEY_MAX = 200 };
/* So long a request may be repeated; then its reply, which may tell much about a person, is forgotten. */
static const int64_t kept_ms = 3LL * 24 * 3600 * 1000;

struct curb_tx *curb_req_tx(struct curb_req *req)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC && (req->worker || req->writing));
	return req->writing ? req->writing : req->tx;
}

struct work {
	struct curb_req *req;
	curb_write_fn fn;
	curb_answer_fn answer;
	void *arg;
	struct curb_str person, route, key; /* key absent: nothing is kept */
	bool repeated;
	size_t headers; /* bytes of them before the answer was made: it may be made again */
};

static int run_fn(struct curb_tx *tx, void *arg)
{
	struct work *work = arg;
	work->repeated = false;
	int err = CURB_ENOTFOUND;
	if (work->key.ptr) {
		struct store_answer kept;
		err = store_answer_find(tx, work->person, work->route, work->key, &kept);
		if (!err) {
			work->repeated = true;
			err = reply_unpack(&work->req->reply, &kept);
		}
	}
	if (err == CURB_ENOTFOUND)
		err = work->fn(tx, work->arg);
	return err;
}

static int run_last(struct curb_tx *tx, void *arg)
{
	struct work *work = arg;
	if (work->repeated)
		return 0;
	struct curb_buf *headers = &work->req->reply.headers;
	headers->len = work->headers;
	work->req->writing = tx; /* the answer reads in the write that it is kept with */
	int err = work->answer(work->req, work->arg);
	work->req->writing = NULL;
	struct store_answer kept;
	if (!err)
		err = reply_pack(&work->req->reply, curb_tx_arena(tx), &kept);
	if (!err)
		err = store_answer_put(tx, work->person, work->route, work->key, &kept);
	return err ? err : store_answer_purge(tx, kept.made_ms - kept_ms, NULL);
}

enum { MARK_BYTES = 16 };

static void add_text(crypto_generichash_state *hash, struct curb_str text)
{
	uint64_t len = text.len;
	(void)crypto_generichash_update(hash, (const unsigned char *)&len, sizeof len);
	if (text.len)
		(void)crypto_generichash_update(hash, (const unsigned char *)text.ptr, text.len);
}

static void add_value(crypto_generichash_state *hash, const struct curb_value *value)
{
	size_t n = curb_value_type(value) == CURB_ARRAY ? curb_value_count(value) : 0;
	for (size_t i = 0; i < n; i++)
		add_text(hash, curb_value_str(curb_value_at(value, i)));
	if (curb_value_type(value) != CURB_ARRAY)
		add_text(hash, curb_value_str(value));
}

/* A form keeps its key when somebody goes back to it, mends it and sends it once more: that is no repeat. So what was typed
 * is a part of the key; the token of the page is not. */
static struct curb_str key_of_form(struct curb_req *req, struct curb_str key)
{
	crypto_generichash_state hash;
	unsigned char mark[MARK_BYTES];
	char text[2 * MARK_BYTES + 1];
	struct curb_file file = { .size = 0 };
	(void)crypto_generichash_init(&hash, NULL, 0, sizeof mark);
	for (size_t i = 0; i < curb_value_count(req->value); i++) {
		struct curb_str name = curb_value_key(req->value, i);
		if (curb_str_is(name, "csrf"))
			continue;
		add_text(&hash, name);
		add_value(&hash, curb_value_member(req->value, i));
	}
	if (req->file.name.ptr && curb_req_file(req, &file) == 0) {
		add_text(&hash, file.name);
		(void)crypto_generichash_update(&hash, (const unsigned char *)&file.size, sizeof file.size);
	}
	(void)crypto_generichash_final(&hash, mark, sizeof mark);
	curb_hex(mark, sizeof mark, text);
	/* by the server's key: whoever has the row alone cannot try what was typed */
	struct curb_str keyed = curb_blind_index(curb_req_tx(req), "core_idempotency", "key", curb_str(text));
	return curb_str(
		curb_printf(req->arena, "%.*s.%.*s", (int)key.len, key.ptr, (int)keyed.len, keyed.ptr));
}

static int read_key(struct curb_req *req, struct work *work)
{
	struct curb_str key = head_get(req->head, "Idempotency-Key");
	bool of_form = !key.ptr;
	if (of_form)
		key = curb_req_field(req, "idempotency_key");
	/* Somebody else's key could be guessed: replies to people who are not signed in are kept for the form cookie of their
	 * browser, which the form's token belongs to. */
	if (!key.ptr || key.len == 0 || (!req->signed_in && !form_of_page(req)))
		return 0;
	if (key.len > KEY_MAX || !curb_utf8_valid(key))
		return curb_fail(CURB_EINVAL, "The Idempotency-Key is longer than %d bytes", KEY_MAX);
	work->key = of_form ? key_of_form(req, key) : key;
	work->person = req->signed_in ? curb_id_str(&req->session.user.id) : csrf_token(req);
	work->route = curb_str(curb_printf(req->arena, "%.*s %.*s", (int)req->head->method.len,
	                                   req->head->method.ptr, (int)req->path.len, req->path.ptr));
	return 0;
}

int write_repeat(struct curb_req *req, bool *ret_repeated)
{
	struct work work = { .req = req };
	struct store_answer kept;
	bool reads = curb_str_is(req->head->method, "GET") || req->head_only;
	int err = reads ? 0 : read_key(req, &work);
	if (err || !work.key.ptr)
		return err;
	err = store_answer_find(req->tx, work.person, work.route, work.key, &kept);
	if (err == CURB_ENOTFOUND)
		return 0;
	if (!err)
		err = reply_unpack(&req->reply, &kept);
	*ret_repeated = !err;
	return err;
}

/* The permit once more; without one the handler is over, and cannot make pages any more. */
static int resume(struct curb_req *req)
{
	if (req_permit_take(req) == 0)
		return 0;
	if (!req->written)
		return curb_fail(CURB_ELATE, "The server has too much to do now; try again in a moment");
	return curb_fail(CURB_ELATE,
	                 "What you sent was taken in. The server has too much to do now to show what "
	                 "came of it");
}

/* Without the permit: store_write. */
static int hand_over(struct curb_req *req, struct curb_str key, struct work *work)
{
	struct store_write write = { .key = key, .fn = run_fn, .arg = work, .arena = req->arena };
	if (work->key.ptr) {
		write.last = run_last;
		write.last_arg = work;
	}
	req_permit_give(req);
	thread_gives_way(true);
	int err = store_write(req->http->o.store, &write);
	/* The text of the error would be lost to whatever the permit says. */
	char text[512], local[512];
	if (err) {
		(void)snprintf(text, sizeof text, "%s", curb_error_text());
		(void)snprintf(local, sizeof local, "%s", curb_error_local());
	} else
		req->written = true;
	int late = resume(req);
	/* An answer that was made with the write needs no permit. */
	if (late)
		return !err && work->key.ptr ? 0 : late;
	if (err)
		curb_error_set(text, local);
	return err;
}

int curb_write(struct curb_req *req, struct curb_str key, curb_write_fn fn, void *arg)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC && req->worker);
	struct work work = { .req = req, .fn = fn, .arg = arg };
	return hand_over(req, key, &work);
}

int curb_write_reply(struct curb_req *req, struct curb_str key, curb_write_fn fn, curb_answer_fn answer,
                     void *arg)
{
	CURB_ASSERT(req->magic == HTTP_REQ_MAGIC && req->worker);
	struct work work = {
		.req = req, .fn = fn, .answer = answer, .arg = arg, .headers = req->reply.headers.len
	};
	int err = read_key(req, &work);
	if (!err)
		err = hand_over(req, key, &work);
	if (err)
		return err;
	return work.key.ptr ? 0 : answer(req, arg);
}

int reply_pack(const struct reply *reply, struct curb_arena *arena, struct store_answer *ret_answer)
{
	if (!reply->made || reply->in_pieces)
		return curb_fail(CURB_EINTERNAL, "a write was answered with something that cannot be kept");
	const char *headers = curb_printf(arena, "%s\n%.*s", reply->type, (int)reply->headers.len,
	                                  reply->headers.data ? reply->headers.data : "");
	*ret_answer = (struct store_answer){ .status = reply->status,
		                             .headers = curb_str(headers),
		                             .body = curb_buf_view(&reply->body),
		                             .made_ms = curb_wall_ms() };
	return 0;
}

int reply_unpack(struct reply *reply, const struct store_answer *answer)
{
	struct curb_str rest = answer->headers, type;
	reply_clear(reply);
	curb_buf_clear(&reply->headers);
	if (!curb_str_cut(&rest, '\n', &type) || type.len >= sizeof reply->type)
		return curb_fail(CURB_EINTERNAL, "a kept reply is not readable");
	(void)snprintf(reply->type, sizeof reply->type, "%.*s", (int)type.len, type.ptr);
	reply->page = curb_str_starts(type, "text/html");
	curb_buf_str(&reply->headers, rest);
	curb_buf_str(&reply->body, answer->body);
	reply->status = answer->status;
	reply->made = true;
	int err = curb_buf_check(&reply->headers);
	return err ? err : curb_buf_check(&reply->body);
}

int http_without_permit(struct curb_req *req, int (*fn)(void *arg), void *arg)
{
	req_permit_give(req);
	int err = fn(arg);
	char text[512], local[512];
	(void)snprintf(text, sizeof text, "%s", curb_error_text());
	(void)snprintf(local, sizeof local, "%s", curb_error_local());
	int late = resume(req);
	if (late)
		return late;
	if (err)
		curb_error_set(text, local);
	return err;
}
