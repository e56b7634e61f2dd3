/* The way of a request: checks on the head, the route, the body; then with a permit who asks and the handler; then,
 * without the permit, the reply. Always answers.
 */
#include <stdio.h>
#include <stdlib.h>

#include "address.h"
#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"
#include "log.h"

enum { ARENA_MAX = 256 << 20, LINGER_MS = 2000, LINGER_MAX = 1 << 20 };

static struct curb_arena *arena_take(struct http *http)
{
	struct curb_arena *arena = NULL;
	{
		CURB_LOCKED(lock, &http->arenas.mutex);
		if (http->arenas.count > 0)
			arena = http->arenas.free[--http->arenas.count];
	}
	return arena ? arena : curb_arena_new(ARENA_MAX);
}

static void arena_give(struct http *http, struct curb_arena *arena)
{
	curb_arena_reset(arena);
	{
		CURB_LOCKED(lock, &http->arenas.mutex);
		if (http->arenas.count < (int)(sizeof http->arenas.free / sizeof *http->arenas.free)) {
			http->arenas.free[http->arenas.count++] = arena;
			arena = NULL;
		}
	}
	curb_arena_free(arena);
}

static enum curb_lane lane_of(const struct curb_req *req)
{
	return req->match.route ? req->match.route->row->lane : CURB_LANE_ANY;
}

int req_permit_take(struct curb_req *req)
{
	int err = permits_take(req->http->permits, lane_of(req), &req->worker);
	if (!err)
		req->tx = store_begin(req->worker->reader, req->arena);
	return err;
}

void req_permit_give(struct curb_req *req)
{
	if (!req->worker)
		return;
	store_end(req->worker->reader);
	permits_give(req->http->permits, lane_of(req), req->worker);
	req->worker = NULL;
	req->tx = NULL;
}

/* ---- before the permit ---- */

static int find_route(struct curb_req *req)
{
	struct curb_str segments[HTTP_SEGMENTS_MAX];
	size_t n = 0;
	int err = path_split(req->arena, req->head->target, segments, &n, &req->path);
	if (err)
		return err;
	return router_find(req->http->router, curb_req_method(req), segments, n, &req->match);
}

/* Near the last free thread only hours are taken, and connections are not kept. */
static int check_crowd(struct curb_req *req)
{
	struct http *http = req->http;
	int busy = atomic_load(&http->connections);
	if (busy > http->o.threads / 4 * 3)
		req->close = true;
	if (atomic_load(&http->draining))
		return curb_fail(CURB_EBUSY, "The server is about to stop; try again in a moment");
	if (busy > http->o.threads - http->o.threads / 16 - 1 &&
	    req->match.route->row->lane != CURB_LANE_HOURS && !req->match.route->bare)
		return curb_fail(CURB_EBUSY, "The server has too much to do now; try again in a moment");
	return 0;
}

static int check_expect(struct curb_req *req)
{
	struct curb_str expect = head_get(req->head, "Expect");
	req->bad_expect = expect.ptr && !curb_str_is_nocase(expect, "100-continue");
	if (req->bad_expect)
		return curb_fail(CURB_EINVAL, "Only the expectation 100-continue is understood");
	return 0;
}

static int parse_query(struct curb_req *req)
{
	if (!req->head->query.ptr)
		return 0;
	return form_urlencoded(req->arena, req->head->query, &req->query);
}

/* A large upload by somebody who may not is refused before it is read. */
static int admit_early(struct curb_req *req)
{
	const struct route *route = req->match.route;
	bool large = req->head->length < 0 || req->head->length > HTTP_MEMORY_BODY;
	if (route->bare || !body_is_raw(route->row) || !large || (route->row->roles & CURB_ANYONE))
		return 0;
	int err = req_permit_take(req);
	if (!err)
		err = session_find(req);
	if (!err)
		err = session_admit(req);
	req_permit_give(req);
	return err;
}

/* ---- with the permit ---- */

int req_call_handler(struct curb_req *req)
{
	const struct route *route = req->match.route;
	struct http *http = req->http;
	log_thread(route->host->owner, req->id);
	curb_assert_context(route->what);
	if (http->o.at_work)
		http->o.at_work(http->o.at_work_arg, route->host->owner, route->what);
	int err = route->row->handle(req, route->state);
	if (http->o.at_work)
		http->o.at_work(http->o.at_work_arg, NULL, NULL);
	curb_assert_context(NULL);
	log_thread(NULL, NULL);
	if (!err && !req->reply.made)
		err = curb_fail(CURB_EINTERNAL, "%s of %s returned without a reply", route->what,
		                route->host->owner);
	return err;
}

static int with_permit(struct curb_req *req)
{
	bool repeated = false;
	int err = session_find(req);
	if (!err)
		err = session_admit(req);
	if (!err)
		err = body_value(req);
	if (!err)
		err = csrf_check(req);
	if (!err)
		err = write_repeat(req, &repeated);
	/* Also for a page that is made while the writer has the permit's place. */
	if (!err && curb_req_wants_page(req))
		needs_load(req);
	return err || repeated ? err : req_call_handler(req);
}

/* A page that is not here is still hers: it follows what helps her and does not ask her to sign in. */
static void know_reader(struct curb_req *req)
{
	if (!curb_req_wants_page(req) || !cookie_find(req->head, req->http->session_cookie).ptr)
		return;
	struct curb_str text = curb_dup(req->arena, curb_str(curb_error_text()));
	struct curb_str local = curb_dup(req->arena, curb_str(curb_error_local()));
	if (req_permit_take(req) == 0 && session_find(req) == 0)
		needs_load(req);
	req_permit_give(req);
	curb_error_set(curb_cstr(req->arena, text), curb_cstr(req->arena, local));
}

static int answer(struct curb_req *req)
{
	int err = guard_head(req->head);
	if (err) {
		req->close = true;
		return err;
	}
	/* Its cookies go over the line as they are: they stay where nobody else listens. */
	if (req->http->o.lan_plain && !address_local(http_address(req))) {
		req->close = true;
		return curb_fail(CURB_EDENIED, "This server is for its own network, because its line is not "
		                               "encrypted. Open it from there, or ask who runs it for an "
		                               "address that begins with https");
	}
	err = find_route(req);
	if (err == CURB_EMETHOD && curb_str_is(req->head->method, "OPTIONS")) {
		err = curb_reply_header(req, "Allow", curb_str(req->match.allow));
		return err ? err : curb_reply_empty(req, 204);
	}
	if (err)
		know_reader(req);
	else
		err = parse_query(req);
	if (!err)
		err = check_crowd(req);
	if (!err)
		err = check_expect(req);
	if (!err)
		err = body_check(req);
	if (!err)
		err = admit_early(req);
	if (!err)
		err = body_read(req);
	if (err)
		return err;
	req->body_done = true;
	if (req->match.route->bare)
		return req_call_handler(req);
	err = req_permit_take(req);
	return err ? err : with_permit(req);
}

/* ---- around it ---- */

static void decide_close(struct curb_req *req)
{
	struct curb_str wish = head_get(req->head, "Connection");
	if (!curb_str_is(req->head->version, "1.1") ||
	    (wish.ptr && !head_has_word(req->head, "Connection", "keep-alive")))
		req->close = true;
	if (req->head->length != 0 && !req->body_done)
		req->close = true;
}

/* Closing on a client that still sends would take the answer from it: read a little of the rest first. */
static void linger(struct curb_req *req)
{
	if (req->body_done || req->head->length == 0 || head_get(req->head, "Expect").ptr)
		return;
	char block[4096];
	wire_watch(req->wire, curb_tick_ms() + LINGER_MS, WIRE_READING);
	for (size_t n = 0; n < LINGER_MAX; n += sizeof block)
		if (wire_read(req->wire, block, sizeof block) <= 0)
			break;
	wire_watch(req->wire, 0, WIRE_READING);
}

static void log_request(const struct curb_req *req, int64_t started_us)
{
	const struct route *route = req->match.route;
	curb_log(CURB_INFO, "request id=%s status=%d us=%lld route=\"%s\"", req->id, req->reply.status,
	         (long long)(curb_tick_us() - started_us), route ? route->what : "-");
}

int handle_request(struct http *http, struct http_head *head, struct wire *wire)
{
	int64_t started_us = curb_tick_us();
	struct curb_req req = { .magic = HTTP_REQ_MAGIC, .http = http, .head = head, .wire = wire };
	req.arena = arena_take(http);
	req.body.fd = -1;
	req.session.user.name = curb_str("");
	req.path = head->target;
	req.head_only = curb_str_is(head->method, "HEAD");
	(void)snprintf(req.id, sizeof req.id, "%s%08llx", http->boot,
	               (unsigned long long)atomic_fetch_add(&http->counter, 1));
	reply_init(&req.reply);
	session_language(&req);
	req_translate(&req);
	atomic_fetch_add(&http->working, 1);
	int err = answer(&req);
	decide_close(&req);
	if (err && !form_again(&req, err))
		reply_error(&req, err, err == CURB_EINVAL && req.bad_expect ? 417 : 0);
	req_permit_give(&req);
	body_free(&req.body);
	if (req.overlong)
		atomic_fetch_sub(&http->large_forms, 1);
	send_reply(&req);
	linger(&req);
	atomic_fetch_sub(&http->working, 1);
	req_translate(NULL);
	int status = req.reply.status;
	atomic_fetch_add_explicit(&http->requests[status / 100 % 6], 1, memory_order_relaxed);
	log_request(&req, started_us);
	reply_free(&req.reply);
	req.magic = 0;
	arena_give(http, req.arena);
	return status;
}
