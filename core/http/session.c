#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"
#include "roles.h"
#include "visits.h"

/* The token and where it came from; absent when there is none. */
static struct curb_str find_token(struct curb_req *req)
{
	struct curb_str given = head_get(req->head, "Authorization");
	if (given.len > 7 && strncasecmp(given.ptr, "Bearer ", 7) == 0) {
		req->by_token = true;
		return curb_str_trim(curb_str_from(given, 7));
	}
	return cookie_find(req->head, req->http->session_cookie);
}

/* ---- when it was used ---- */

struct seen {
	struct curb_id session;
	int64_t now_ms;
};

static int note_seen(struct curb_tx *tx, void *arg)
{
	const struct seen *seen = arg;
	return people_session_seen(tx, &seen->session, seen->now_ms);
}

/* Once an hour, beside the request: nobody waits for it. On a device of her own the cookie then lasts longer too. */
static void tell_seen(struct curb_req *req, struct curb_str token)
{
	int64_t now_ms = curb_wall_ms();
	if (now_ms - req->session.seen_ms < PEOPLE_SEEN_MS)
		return;
	struct seen *seen = curb_xcalloc(1, sizeof *seen);
	*seen = (struct seen){ req->session.id, now_ms };
	(void)store_write_later(req->http->o.store, note_seen, seen, free);
	if (!req->by_token && !req->session.shared)
		(void)http_session_cookie(req, curb_cstr(req->arena, token), false);
}

int session_find(struct curb_req *req)
{
	if (req->session_known)
		return 0;
	req->session_known = true;
	struct curb_str token = find_token(req);
	if (!token.ptr)
		return 0;
	struct people_session session = { .reach_count = 0 };
	int err = people_session_recall(req->http->sessions, req->tx, token, curb_wall_ms(), &session);
	if (err == CURB_EAUTH && !req->by_token)
		return 0;
	if (err)
		return err;
	req->session = session;
	req->signed_in = true;
	session_language(req);
	tell_seen(req, token);
	return 0;
}

static const char *known_language(const struct curb_req *req, struct curb_str name)
{
	const char *lang = NULL;
	for (size_t i = 0; name.ptr && (lang = pages_lang(req->http->o.pages, i)); i++)
		if (curb_str_is(name, lang))
			return lang;
	return NULL;
}

void session_language(struct curb_req *req)
{
	const char *lang = req->signed_in ? known_language(req, req->session.lang) : NULL;
	if (!lang)
		lang = known_language(req, cookie_find(req->head, "lang"));
	if (!lang)
		lang = pages_best_lang(req->http->o.pages, head_get(req->head, "Accept-Language"));
	req->lang = lang;
}

/* A grant of one of `roles` that reaches some institution, or all. */
static bool reaches(const struct curb_req *req, uint32_t roles)
{
	for (size_t i = 0; i < req->session.reach_count; i++)
		if (req->session.reach[i].role & roles)
			return true;
	return false;
}

int session_admit(struct curb_req *req)
{
	const struct curb_route *row = req->match.route->row;
	bool anyone = (row->roles & CURB_ANYONE) != 0;
	if (anyone && row->scope == CURB_SCOPE_PUBLIC)
		return 0;
	if (!req->signed_in)
		return curb_fail(CURB_EAUTH, "Please sign in first");
	/* The account itself is no helper's: neither its secrets nor who else may help. */
	if (curb_id_some(&req->session.helper) && curb_str_starts(req->path, "/account/") &&
	    !curb_str_is(req->path, "/account/extend"))
		return curb_fail(CURB_EDENIED, "This is for the person alone whom you help");
	uint32_t roles = req->session.user.roles;
	if (!anyone && row->roles != CURB_SIGNED_IN && !(roles & row->roles))
		return curb_fail(CURB_EDENIED, "Your roles do not allow this");
	/* A region may have no institution yet: whoever looks after it still comes to its pages. */
	if (row->scope == CURB_SCOPE_INSTITUTION && !reaches(req, row->roles))
		return curb_fail(CURB_EDENIED, "Your roles do not reach that far");
	if (row->scope == CURB_SCOPE_MACHINE && !curb_may(req, CURB_ADMIN, &(struct curb_id){ "" }))
		return curb_fail(CURB_EDENIED,
		                 "This is for administrators of the whole server; you look after "
		                 "a part of its places");
	return 0;
}

const struct curb_user *curb_req_user(struct curb_req *req)
{
	return &req->session.user;
}

struct curb_id curb_req_helper(struct curb_req *req)
{
	return req->session.helper;
}

bool curb_may(struct curb_req *req, uint32_t roles, const struct curb_id *institution)
{
	return req->signed_in && people_covers(&req->session, roles, institution);
}

bool curb_may_at(struct curb_req *req, uint32_t roles, struct curb_str place)
{
	const struct people_actor actor = { req->session.user.id, roles, curb_wall_ms() };
	bool reaches = false;
	return req->signed_in && people_reaches(curb_req_tx(req), &actor, place, &reaches) == 0 && reaches;
}

int curb_req_institutions(struct curb_req *req, uint32_t roles, const struct curb_id **ret_ids, size_t *ret_n)
{
	return people_institutions(curb_req_tx(req), &req->session, roles, ret_ids, ret_n);
}

const struct people_session *http_session(struct curb_req *req)
{
	return req->signed_in ? &req->session : NULL;
}

/* Who has an address of IPv6 has the 64 bits behind it too, as many as anybody wants: they are one place. An address of
 * IPv4 in the dress of IPv6 is that of IPv4. */
static struct curb_str place_of(struct curb_req *req, struct curb_str address)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct in6_addr six;
	if (inet_pton(AF_INET6, curb_cstr(req->arena, address), &six) != 1 || IN6_IS_ADDR_LOOPBACK(&six))
		return address;
	if (IN6_IS_ADDR_V4MAPPED(&six)) {
		(void)inet_ntop(AF_INET, &six.s6_addr[12], text, sizeof text);
		return curb_dup(req->arena, curb_str(text));
	}
	memset(&six.s6_addr[8], 0, 8);
	(void)inet_ntop(AF_INET6, &six, text, sizeof text);
	return curb_str(curb_printf(req->arena, "%s/64", text));
}

struct curb_str http_address(struct curb_req *req)
{
	/* With a public origin set, the loopback is the proxy in front of us, and it tells whom it serves. */
	struct curb_str told = head_get(req->head, "X-Real-IP");
	bool proxied = req->http->o.public_origin && (curb_str_starts(req->head->address, "127.") ||
	                                              curb_str_is(req->head->address, "::1"));
	unsigned char bytes[16];
	const char *text = proxied && told.ptr ? curb_cstr(req->arena, told) : "";
	if (inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1)
		return place_of(req, curb_str(text));
	return place_of(req, req->head->address);
}

/* ---- cookies ---- */

static const char *attributes(const struct curb_req *req)
{
	return req->http->o.lan_plain ? "; Path=/; HttpOnly; SameSite=Lax" :
	                                "; Path=/; HttpOnly; Secure; SameSite=Lax";
}

int http_session_cookie(struct curb_req *req, const char *token, bool shared_device)
{
	enum { MONTH_S = 30 * 24 * 3600 };
	const char *age = !token        ? "; Max-Age=0" :
	                  shared_device ? "" :
	                                  curb_printf(req->arena, "; Max-Age=%d", MONTH_S);
	const char *cookie = curb_printf(req->arena, "%s=%s%s%s", req->http->session_cookie,
	                                 token ? token : "", attributes(req), age);
	needs_of_device(req, !token, shared_device);
	return curb_reply_header(req, "Set-Cookie", curb_str(cookie));
}

struct curb_str curb_req_origin(struct curb_req *req)
{
	return own_origin(req);
}

bool curb_req_origin_known(struct curb_req *req)
{
	return req->http->o.public_origin != NULL;
}

struct curb_str http_device(struct curb_req *req)
{
	struct curb_str token = cookie_find(req->head, req->http->device_cookie);
	return token.len == PEOPLE_TOKEN_SIZE - 1 ? token : curb_str(NULL);
}

int http_device_cookie(struct curb_req *req, const char *token)
{
	const char *cookie = curb_printf(req->arena, "%s=%s%s; Max-Age=31536000", req->http->device_cookie,
	                                 token, attributes(req));
	return curb_reply_header(req, "Set-Cookie", curb_str(cookie));
}

int http_lang_cookie(struct curb_req *req, struct curb_str lang)
{
	const char *known = known_language(req, lang);
	if (!known)
		return curb_fail(CURB_EINVAL, "This language is not offered");
	const char *cookie = curb_printf(req->arena, "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax%s",
	                                 known, req->http->o.lan_plain ? "" : "; Secure");
	return curb_reply_header(req, "Set-Cookie", curb_str(cookie));
}
