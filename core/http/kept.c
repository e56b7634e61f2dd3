/* A form that was sent when the session had ended: it waits in the sign-in page, without its secrets, and stands on its own
 * page again once she has signed in. Nothing is kept on the server, and nothing is sent until she sends it. When somebody
 * else signs in there instead, on a device that both use, it is gone. A file is not kept: she is told to choose it again;
 * a large one is not even read, and signing in leads to the page that it was sent from.
 */
#include <stdio.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { KEPT_MOST = 80 << 10 };

static bool is_secret(struct curb_str name)
{
	static const char *const words[] = { "password", "proof", "csrf", "idempotency_key", "sealed" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (memmem(name.ptr, name.len, words[i], strlen(words[i])))
			return true;
	return false;
}

/* The body as it was sent, but for its secrets. Arena. */
static struct curb_str without_secrets(struct curb_arena *arena, struct curb_str body)
{
	char *to = curb_alloc(arena, body.len + 1);
	size_t n = 0;
	struct curb_str part;
	while (curb_str_cut(&body, '&', &part)) {
		const char *equals = memchr(part.ptr, '=', part.len);
		if (is_secret(curb_str_n(part.ptr, equals ? (size_t)(equals - part.ptr) : part.len)))
			continue;
		if (n)
			to[n++] = '&';
		memcpy(to + n, part.ptr, part.len);
		n += part.len;
	}
	return curb_str_n(to, n);
}

/* Fails the buffer when there is no room: a part of a form would be a lie. */
static void put_field(struct curb_buf *kept, struct curb_arena *arena, struct curb_str name, const char *end,
                      struct curb_str value)
{
	kept->failed = kept->failed || value.len > KEPT_MOST;
	if (!kept->failed)
		curb_buf_printf(kept, "&%s%s=%s", curb_encoded(arena, name, ""), end,
		                curb_encoded(arena, value, ""));
}

static void put_value(struct curb_buf *kept, struct curb_arena *arena, struct curb_str name,
                      const struct curb_value *value)
{
	if (curb_value_type(value) == CURB_STRING)
		put_field(kept, arena, name, "", curb_value_str(value));
	else
		for (size_t i = 0; i < curb_value_count(value); i++)
			put_field(kept, arena, name, "[]", curb_value_str(curb_value_at(value, i)));
}

/* What was typed beside a file, as a form without one would have sent it; "" when it is too long to wait. Arena. */
static struct curb_str beside_file(struct curb_req *req)
{
	if (req->overlong || body_value(req) != 0 || !req->value)
		return curb_str("");
	struct curb_buf kept = curb_buf(KEPT_MOST);
	curb_buf_text(&kept, "form_file=1");
	for (size_t i = 0; i < curb_value_count(req->value); i++) {
		struct curb_str name = curb_value_key(req->value, i);
		if (!is_secret(name))
			put_value(&kept, req->arena, name, curb_value_member(req->value, i));
	}
	struct curb_str text = kept.failed ? curb_str("") : curb_dup(req->arena, curb_buf_view(&kept));
	curb_buf_free(&kept);
	return text;
}

static bool has_file(const struct curb_req *req)
{
	return curb_str_starts(head_get(req->head, "Content-Type"), "multipart");
}

static bool can_be_kept(struct curb_req *req)
{
	bool small = req->body.fd < 0 && req->body.size > 0 && req->body.size <= KEPT_MOST;
	return req->http->have_signin && req->match.route && form_of_page(req) && csrf_own_page(req) &&
	       (small || has_file(req));
}

/* The page that the browser says it was sent from. */
static struct curb_str page_before(struct curb_req *req)
{
	struct curb_str page = own_page_before(req);
	return page.len ? http_safe_back(page) : curb_str("/");
}

/* What of it is here again once she has signed in. */
static const char *words_for(const struct curb_req *req, struct curb_str kept)
{
	if (!has_file(req))
		return CURB_TEXT("You were signed out meanwhile. What you typed is kept: "
		                 "sign in, and it is here again");
	if (kept.len)
		return CURB_TEXT("You were signed out meanwhile, and a file cannot be "
		                 "kept: sign in, then choose it again");
	return CURB_TEXT("You were signed out meanwhile, and what you sent is not kept: "
	                 "sign in, then fill in the form again");
}

bool kept_ask(struct curb_req *req)
{
	if (!can_be_kept(req))
		return false;
	struct curb_str lang = curb_str(req->lang);
	struct curb_value *model = curb_object(req->arena), *notice = curb_object(req->arena);
	struct curb_str kept = has_file(req) ? beside_file(req) :
	                                       without_secrets(req->arena, curb_buf_view(&req->body.bytes));
	curb_put_str(model, "title", curb_tr(req, "Sign in", NULL));
	curb_put_str(model, "kept", kept);
	curb_put_str(model, "back", page_before(req));
	curb_put_text(notice, "kind", "warn");
	curb_put_str(notice, "text", curb_tr(req, words_for(req, kept), NULL));
	curb_put(model, "notice", notice);
	page_model(req, model);
	struct curb_buf page = curb_buf(1 << 20);
	int err = pages_layout(req->http->o.pages, "core", "signin", lang, model, &page);
	if (!err)
		err = curb_reply_header(req, "Cache-Control", curb_str("no-store"));
	if (!err)
		err = curb_reply_bytes(req, 401, "text/html; charset=utf-8", &page);
	curb_buf_free(&page);
	req->reply.page = !err;
	return !err;
}

int http_show_kept(struct curb_req *req, const char *token, struct curb_str kept)
{
	struct curb_value *typed = NULL;
	int err = form_urlencoded(req->arena, kept, &typed);
	if (!err)
		err = people_session_find(curb_req_tx(req), curb_str(token), curb_wall_ms(), &req->session);
	if (err)
		return err;
	req->signed_in = req->session_known = true;
	req->needs = (struct req_needs){ .known = false };
	session_language(req);
	struct form_again again = { .status = 409, .typed = typed };
	again.text =
		curb_value_get(typed, "form_file") ?
			curb_tr(req, "You are signed in again. Choose the file once more, then send it",
	                        NULL) :
			curb_tr(req,
	                        "You are signed in again. What you typed is here, and nothing was sent yet: "
	                        "look at it and send it",
	                        NULL);
	return form_hers(req, typed) && form_show(req, &again, curb_get_str(typed, "form_page")) ?
	               0 :
	               curb_fail(CURB_ENOTFOUND, "the page of the form is not here any more");
}
