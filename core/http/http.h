/* HTTP: CivetWeb below, router, permits, replies above.
 * The rule: a handler holds a permit while it runs and none while bytes move.
 */
#ifndef CURB_HTTP_H
#define CURB_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "curb/plugin.h"
#include "curb/request.h"
#include "loader.h"
#include "needs.h"
#include "page.h"
#include "store.h"

struct http;

/* Routes of a part of the core; `state` is handed to their handlers, statements run as `host`. */
struct http_routes {
	struct curb_host *host;
	const struct curb_route *routes;
	void *state;
};

/* Bounds on clients; 0 takes the value in brackets. */
struct http_limits {
	int head_ms;     /* for the whole head of a request, and for any one write [10000] */
	int idle_ms;     /* between requests of a connection [15000] */
	int body_ms;     /* for a body of no size; the size adds its time at lowest_rate [20000] */
	int lowest_rate; /* bytes a second, sent or received, below which a connection is cut [4096] */
	int permit_ms;   /* that a request waits for a permit [10000] */
	int per_address; /* connections of one address [a quarter of the threads; no bound for the loopback] */
};

struct http_options {
	const char *listen; /* "127.0.0.1:8080"; port 0 picks one */
	int threads, permits, permits_for_hours;
	struct curb_store *store;
	struct plugins *plugins;        /* running; their routes are taken */
	const struct pages *pages;      /* sealed */
	const struct http_routes *core; /* ended by a row without routes */
	/* Opens a blob of the store for reading and tells its size; the descriptor is http's to close. */
	int (*blob_open)(void *arg, struct curb_str sha256, uint64_t *ret_size);
	void *blob_arg;
	const char *spool_folder; /* for bodies over 64 KB */
	uint64_t keep_free; /* bytes of its disk that uploads leave to the database; 0: 1 GiB, or a tenth */
	const char *public_origin; /* "https://learn.example.org", or NULL: http://Host */
	bool lan_plain;            /* plain cookie, no Secure: a county server without TLS */
	struct http_limits limits;
	/* Adds its part to the health answer (JSON members) and the metrics text. */
	void (*health)(void *arg, struct curb_json *j, bool *ok);
	void (*metrics)(void *arg, struct curb_buf *out);
	void *report_arg;
	/* What runs now, for the supervisor: called with (plugin, request line) and with NULL at the end. May be NULL. */
	void (*at_work)(void *arg, const char *plugin, const char *what);
	void *at_work_arg;
};

/* Checks the route table (a route without role or scope, two the same, one outside its owner's prefixes are errors that
 * name it), starts the threads, probes itself (stack size), and listens. Yours: http_stop. */
int http_start(const struct http_options *options, struct http **ret_http);
/* The port that is listened on. */
int http_port(const struct http *http);
/* Takes no new connections, answers 503 on old ones, waits until replies under way are sent or wait_ms is over. */
void http_drain(struct http *http, int wait_ms);
void http_stop(struct http *http);

/* Calls `fn` with every route that is served and the name of its owner ("core" or the plugin). */
void http_each_route(const struct http *http,
                     void (*fn)(void *arg, const char *owner, const struct curb_route *row), void *arg);

/* ---- for the core's own handlers ---- */
struct people_session;
/* The session that asks, or NULL. Arena. */
const struct people_session *http_session(struct curb_req *req);
/* The client's address, for slowing tries down: X-Real-IP of a proxy on this machine when public_origin is set, else
 * the connection's; of IPv6 its network ("2001:db8::/64"). Arena. */
struct curb_str http_address(struct curb_req *req);
/* Sets the session's cookie on the reply; `token` NULL takes it away. A shared device forgets it with the browser. */
int http_session_cookie(struct curb_req *req, const char *token, bool shared_device);
/* Runs `fn` without the permit: for what takes long and needs no database (a password's hash). */
int http_without_permit(struct curb_req *req, int (*fn)(void *arg), void *arg);
/* Right behind a sign-in whose session has this token: the page of the form that was kept through it, with what was typed,
 * is the reply. Gives the permit back. CURB_ENOTFOUND when that page is not there. */
int http_show_kept(struct curb_req *req, const char *token, struct curb_str kept);
/* What the cookie of a known device says; absent without. */
struct curb_str http_device(struct curb_req *req);
/* Sets it: PEOPLE_TOKEN_SIZE characters. The browser keeps it for a year. */
int http_device_cookie(struct curb_req *req, const char *token);
/* The cookie that keeps a language chosen by somebody who is not signed in. */
int http_lang_cookie(struct curb_req *req, struct curb_str lang);
/* `back` when it is an address within this server ("/x", not "//x" or "https://x"), else "/". */
struct curb_str http_safe_back(struct curb_str back);
/* What the pages of this request follow, and what is kept with the person signed in. Of the request. */
const struct needs *http_needs(struct curb_req *req, struct needs_kept *ret_kept);
/* What this browser was told; false when it was not. */
bool http_needs_cookie(struct curb_req *req, struct needs_cookie *ret_cookie);
/* Tells it; NULL: it forgets. */
int http_needs_cookie_set(struct curb_req *req, const struct needs_cookie *cookie);

#endif
