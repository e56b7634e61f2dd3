/* Who may write. A cookie is sent by the browser whoever made the form, so a write with one carries the token of a page of
 * ours as well, and comes from an origin of ours. Forms for people who are not signed in have a token made from a random
 * cookie and a key of this process: after a restart the form says that it is too old.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"
#include "inside.h"

enum { COOKIE_BYTES = 16, TOKEN_BYTES = 20 };

struct curb_str own_origin(struct curb_req *req)
{
	if (req->http->o.public_origin)
		return curb_str(req->http->o.public_origin);
	struct curb_str host = head_get(req->head, "Host");
	return curb_str(curb_printf(req->arena, "http://%.*s", (int)host.len, host.ptr));
}

static const char *token_of_cookie(struct curb_req *req, struct curb_str cookie)
{
	unsigned char mac[crypto_generichash_BYTES];
	(void)crypto_generichash(mac, sizeof mac, (const unsigned char *)cookie.ptr, cookie.len,
	                         req->http->form_key, sizeof req->http->form_key);
	char *text = curb_alloc(req->arena, 2 * TOKEN_BYTES + 1);
	curb_hex(mac, TOKEN_BYTES, text);
	return text;
}

static bool cookie_plausible(struct curb_str cookie)
{
	unsigned char bytes[COOKIE_BYTES];
	return curb_unhex(cookie, bytes, sizeof bytes);
}

struct curb_str csrf_token(struct curb_req *req)
{
	if (req->signed_in)
		return curb_str(req->session.csrf);
	struct curb_str cookie = cookie_find(req->head, req->http->form_cookie);
	if (!cookie_plausible(cookie)) {
		unsigned char bytes[COOKIE_BYTES];
		char *text = curb_alloc(req->arena, 2 * COOKIE_BYTES + 1);
		randombytes_buf(bytes, sizeof bytes);
		curb_hex(bytes, sizeof bytes, text);
		cookie = curb_str(text);
		if (!req->reply.has_form_cookie) {
			const char *line = curb_printf(req->arena, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s",
			                               req->http->form_cookie, text,
			                               req->http->o.lan_plain ? "" : "; Secure");
			(void)curb_reply_header(req, "Set-Cookie", curb_str(line));
			req->reply.has_form_cookie = true;
		}
	}
	return curb_str(token_of_cookie(req, cookie));
}

static bool same(struct curb_str a, struct curb_str b)
{
	return a.ptr && b.ptr && a.len == b.len && a.len > 0 && sodium_memcmp(a.ptr, b.ptr, a.len) == 0;
}

/* "" when the address is the origin alone; absent when it is not of that origin. */
static struct curb_str behind(struct curb_str address, struct curb_str origin)
{
	bool of_it = address.len >= origin.len && memcmp(address.ptr, origin.ptr, origin.len) == 0 &&
	             (address.len == origin.len || address.ptr[origin.len] == '/');
	return of_it ? curb_str_from(address, origin.len) : curb_str(NULL);
}

static bool loopback(struct curb_str host)
{
	static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		size_t len = strlen(names[i]);
		if (curb_str_starts(host, names[i]) && (host.len == len || host.ptr[len] == ':'))
			return true;
	}
	return false;
}

/* Behind our public address; or behind the Host of a browser on this machine (or at the end of a tunnel to it), which a page of
 * another site cannot have for its origin. */
static struct curb_str behind_ours(struct curb_req *req, struct curb_str address)
{
	struct curb_str host = head_get(req->head, "Host"), rest = behind(address, own_origin(req));
	if (rest.ptr || !loopback(host))
		return rest;
	return behind(address, curb_str(curb_printf(req->arena, "http://%.*s", (int)host.len, host.ptr)));
}

struct curb_str own_page_before(struct curb_req *req)
{
	return behind_ours(req, head_get(req->head, "Referer"));
}

/* Origin where it is sent, else Referer; neither: 0, ours: 1, somebody else's: -1. */
static int origin_of(struct curb_req *req)
{
	struct curb_str origin = head_get(req->head, "Origin");
	if (origin.ptr)
		return curb_str_is(behind_ours(req, origin), "") ? 1 : -1;
	if (!head_get(req->head, "Referer").ptr)
		return 0;
	return own_page_before(req).ptr ? 1 : -1;
}

int csrf_check(struct curb_req *req)
{
	struct curb_str method = req->head->method;
	if (curb_str_is(method, "GET") || curb_str_is(method, "HEAD") || curb_str_is(method, "OPTIONS") ||
	    req->by_token)
		return 0;
	if (origin_of(req) < 0)
		return curb_fail(CURB_EDENIED, "This form was sent from another site");
	struct curb_str type = head_get(req->head, "Content-Type");
	bool json = type.len >= 16 && strncasecmp(type.ptr, "application/json", 16) == 0;
	/* A browser asks first before it sends JSON for another site; we never agree. Bytes that anybody may send, signed in or not,
	 * do nothing in anybody's name. */
	const struct curb_route *row = req->match.route->row;
	bool nobodys = row->body == CURB_BODY_RAW && (row->roles & CURB_ANYONE);
	if (!req->signed_in && (json || nobodys))
		return 0;
	struct curb_str sent = head_get(req->head, "X-CSRF-Token");
	if (!sent.ptr)
		sent = curb_req_field(req, "csrf");
	struct curb_str cookie = cookie_find(req->head, req->http->form_cookie);
	struct curb_str due = req->signed_in           ? curb_str(req->session.csrf) :
	                      cookie_plausible(cookie) ? curb_str(token_of_cookie(req, cookie)) :
	                                                 curb_str(NULL);
	if (same(sent, due))
		return 0;
	if (!form_hers(req, req->value))
		return curb_fail(CURB_EDENIED,
		                 "This form was begun by somebody else, so it was not sent. Open "
		                 "the page again and fill it in yourself");
	req->stale_form = true;
	return curb_fail(CURB_EDENIED, "This page is too old; open it again and send it once more");
}

bool csrf_own_page(struct curb_req *req)
{
	return origin_of(req) > 0;
}
