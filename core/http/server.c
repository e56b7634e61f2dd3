/* CivetWeb, met here alone. One seam: begin_request, which always answers. CivetWeb 1.15 parses the head in place in
 * one buffer; what it skips without a word (folded lines, bare line feeds, blanks before a colon) shows in that layout.
 */
#include <civetweb.h>
#include <pthread.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"
#include "inside.h"

enum { LEAST_STACK = 500 * 1024, QUEUE = 512, BACKLOG = 1024 };

/* What is remembered of a connection from one request to the next. */
struct link {
	int socket; /* -1: not looked for yet */
	bool counted;
	char address[48];
};

struct wire {
	struct mg_connection *conn;
	struct watch *watch;
	struct link *link;
	struct tuple tuple;
};

int wire_read(struct wire *wire, void *bytes, size_t size)
{
	return mg_read(wire->conn, bytes, size);
}

bool wire_write(struct wire *wire, const void *bytes, size_t size)
{
	return mg_write(wire->conn, bytes, size) == (int)size;
}

int wire_socket(struct wire *wire)
{
	if (wire->link->socket < 0) /* a connection keeps its socket as long as it lives */
		wire->link->socket = socket_find(&wire->tuple);
	return wire->link->socket;
}

void wire_close_after(struct wire *wire)
{
	mg_disable_connection_keep_alive(wire->conn);
}

void wire_watch(struct wire *wire, int64_t deadline_ms, enum wire_way way)
{
	watch_set(wire->watch, &wire->tuple, deadline_ms, way == WIRE_READING ? SHUT_RD : SHUT_RDWR);
}

void thread_gives_way(bool gives)
{
	static _Thread_local bool now;
	const struct sched_param none = { .sched_priority = 0 };
	if (now != gives &&
	    pthread_setschedparam(pthread_self(), gives ? SCHED_BATCH : SCHED_OTHER, &none) == 0)
		now = gives;
}

/* ---- the head ---- */

/* Every line of the head ends in CR LF, follows the last one without a gap, and has its colon at once behind its name:
 * CivetWeb wrote a NUL over each of these characters. */
static bool head_intact(const struct mg_request_info *info)
{
	const char *next = info->http_version + strlen(info->http_version) + 2;
	for (int i = 0; i < info->num_headers; i++) {
		const char *name = info->http_headers[i].name, *value = info->http_headers[i].value;
		const char *colon = name + strlen(name), *end = value + strlen(value);
		if (name != next || (value > colon + 1 && colon[1] != ' ' && colon[1] != '\t') ||
		    end[1] != '\0')
			return false;
		next = end + 2;
	}
	return info->num_headers > 0 && next[0] == '\r' && next - info->request_method < HTTP_HEAD_MAX;
}

static bool fill_head(const struct mg_request_info *info, struct http_head *head)
{
	head->method = curb_str(info->request_method);
	head->target = curb_str(info->local_uri_raw);
	head->query = curb_str(info->query_string);
	head->version = curb_str(info->http_version);
	head->address = curb_str(info->remote_addr);
	head->count = (size_t)info->num_headers;
	for (size_t i = 0; i < head->count; i++) {
		head->headers[i].name = curb_str(info->http_headers[i].name);
		head->headers[i].value = curb_str_trim(curb_str(info->http_headers[i].value));
	}
	return head_intact(info);
}

static void send_plain(struct mg_connection *conn, int status, const char *detail, const char *headers)
{
	char text[768], body[256];
	int len = snprintf(body, sizeof body,
	                   "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}",
	                   head_reason(status), status, detail);
	int n = snprintf(
		text, sizeof text,
		"HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n%s"
		"Connection: close\r\n\r\n%s",
		status, head_reason(status), len, headers, body);
	if (len < (int)sizeof body && n < (int)sizeof text)
		(void)mg_write(conn, text, (size_t)n);
	mg_disable_connection_keep_alive(conn);
}

/* ---- callbacks ---- */

static bool is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static bool let_in(struct http *http, struct link *link, const char *address)
{
	if (link->counted || (is_loopback(address) && http->o.limits.per_address == 0))
		return true;
	link->counted = true;
	(void)snprintf(link->address, sizeof link->address, "%s", address);
	return crowd_enter(http->crowd, curb_str(link->address));
}

/* The server's own first request: which stack its threads have. */
static int answer_probe(struct mg_connection *conn)
{
	pthread_attr_t attr;
	size_t size = 0;
	if (pthread_getattr_np(pthread_self(), &attr) == 0) {
		(void)pthread_attr_getstacksize(&attr, &size);
		(void)pthread_attr_destroy(&attr);
	}
	send_plain(conn, 200, size >= LEAST_STACK ? "stack ok" : "stack small", "");
	return 200;
}

static int begin_request(struct mg_connection *conn)
{
	const struct mg_request_info *info = mg_get_request_info(conn);
	struct http *http = info->user_data;
	struct wire wire = { .conn = conn,
		             .watch = mg_get_thread_pointer(conn),
		             .link = mg_get_user_connection_data(conn) };
	struct http_head head;
	if (!fill_head(info, &head)) {
		send_plain(conn, 400, "The head of the request is malformed", "");
		return 400;
	}
	if (atomic_load(&http->probing) && curb_str_is(head.target, http->probe))
		return answer_probe(conn);
	if (!let_in(http, wire.link, info->remote_addr)) {
		send_plain(conn, 503, "Too many connections from this address", "Retry-After: 5\r\n");
		return 503;
	}
	(void)snprintf(wire.tuple.address, sizeof wire.tuple.address, "%s", info->remote_addr);
	wire.tuple.port = info->remote_port;
	wire.tuple.server_port = info->server_port;
	return handle_request(http, &head, &wire);
}

static int http_error(struct mg_connection *conn, int status, const char *text)
{
	(void)text; /* it may hold what the client sent */
	/* CivetWeb says 411 of a Content-Length that is no number. */
	send_plain(conn, status == 411 ? 400 : status, "The request could not be read", "");
	return 0;
}

static int log_message(const struct mg_connection *conn, const char *text)
{
	(void)conn;
	curb_log(CURB_DEBUG, "civetweb text=\"%s\"", text);
	return 1;
}

static void *init_thread(const struct mg_context *context, int type)
{
	struct http *http = mg_get_user_data(context);
	if (type != 1)
		return NULL;
	int i = atomic_fetch_add(&http->threads_made, 1);
	CURB_ASSERT(i < http->o.threads);
	return &http->watches[i];
}

static int init_connection(const struct mg_connection *conn, void **ret_data)
{
	struct http *http = mg_get_user_data(mg_get_context(conn));
	struct link *link = curb_xcalloc(1, sizeof *link);
	link->socket = -1;
	*ret_data = link;
	atomic_fetch_add(&http->connections, 1);
	return 0;
}

static void connection_close(const struct mg_connection *conn)
{
	struct http *http = mg_get_user_data(mg_get_context(conn));
	struct link *link = mg_get_user_connection_data(conn);
	if (link && link->counted)
		crowd_leave(http->crowd, curb_str(link->address));
	free(link);
	atomic_fetch_sub(&http->connections, 1);
}

/* ---- start and stop ---- */

static void allow_descriptors(int threads)
{
	struct rlimit limit;
	rlim_t want = (rlim_t)threads * 2 + 512;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < want)
		curb_log(CURB_WARN, "few_descriptors have=%llu want=%llu", (unsigned long long)limit.rlim_cur,
		         (unsigned long long)want);
}

static const struct mg_callbacks callbacks = { .begin_request = begin_request,
	                                       .http_error = http_error,
	                                       .log_message = log_message,
	                                       .init_thread = init_thread,
	                                       .init_connection = init_connection,
	                                       .connection_close = connection_close };

static int listen_now(struct http *http)
{
	char threads[16], head_ms[16], idle_ms[16], head_max[16], queue[16], backlog[16];
	(void)snprintf(threads, sizeof threads, "%d", http->o.threads);
	(void)snprintf(head_ms, sizeof head_ms, "%d", http->limits.head_ms);
	(void)snprintf(idle_ms, sizeof idle_ms, "%d", http->limits.idle_ms);
	(void)snprintf(head_max, sizeof head_max, "%d", HTTP_HEAD_MAX + 64);
	(void)snprintf(queue, sizeof queue, "%d", QUEUE);
	(void)snprintf(backlog, sizeof backlog, "%d", BACKLOG);
	const char *const pairs[][2] = {
		{ "listening_ports", http->o.listen },
		{ "num_threads", threads },
		{ "request_timeout_ms", head_ms },
		{ "keep_alive_timeout_ms", idle_ms },
		{ "enable_keep_alive", "yes" },
		{ "tcp_nodelay", "1" },
		{ "max_request_size", head_max },
		{ "connection_queue", queue },
		{ "listen_backlog", backlog },
		{ "decode_url", "no" },
		{ "enable_directory_listing", "no" },
		{ "enable_auth_domain_check", "no" },
		{ "access_control_allow_origin", "" },
		{ "cgi_pattern", "" },
		{ "ssi_pattern", "" },
	};
	enum { PAIRS = sizeof pairs / sizeof *pairs };
	const char *options[2 * PAIRS + 1] = { NULL };
	for (size_t i = 0; i < PAIRS; i++) {
		options[2 * i] = pairs[i][0];
		options[2 * i + 1] = pairs[i][1];
	}
	(void)mg_init_library(0);
	http->server = mg_start(&callbacks, http, options);
	struct mg_server_port port;
	if (!http->server || mg_get_server_ports(http->server, 1, &port) != 1)
		return curb_fail(CURB_EINTERNAL, "cannot listen on %s", http->o.listen);
	http->port = port.port;
	return 0;
}

static void fill_limits(struct http *http)
{
	struct http_limits *limits = &http->limits;
	*limits = http->o.limits;
	limits->head_ms = limits->head_ms ? limits->head_ms : 10000;
	limits->permit_ms = limits->permit_ms ? limits->permit_ms : 10000;
	limits->idle_ms = limits->idle_ms ? limits->idle_ms : 15000;
	limits->body_ms = limits->body_ms ? limits->body_ms : 20000;
	limits->lowest_rate = limits->lowest_rate ? limits->lowest_rate : 4096;
	if (!limits->per_address)
		limits->per_address = http->o.threads / 4 > 4 ? http->o.threads / 4 : 4;
}

static void fill(struct http *http, const struct http_options *options)
{
	http->o = *options;
	fill_limits(http);
	(void)pthread_mutex_init(&http->arenas.mutex, NULL);
	http->router = router_new();
	http->sessions = people_sessions_new();
	http->crowd = crowd_new(http->limits.per_address);
	http->watches = curb_xcalloc((size_t)http->o.threads, sizeof *http->watches);
	http->session_cookie = http->o.lan_plain ? "curb" : "__Host-curb";
	http->form_cookie = http->o.lan_plain ? "curb-form" : "__Host-curb-form";
	http->device_cookie = http->o.lan_plain ? "curb-device" : "__Host-curb-device";
	unsigned char bytes[16];
	randombytes_buf(http->form_key, sizeof http->form_key);
	randombytes_buf(bytes, sizeof bytes);
	curb_hex(bytes, 4, http->boot);
	memcpy(http->probe, "/.p/", 4);
	curb_hex(bytes, sizeof bytes, http->probe + 4);
	atomic_store(&http->probing, true);
}

int http_start(const struct http_options *options, struct http **ret_http)
{
	if (sodium_init() < 0)
		return curb_fail(CURB_EINTERNAL, "libsodium does not start");
	struct http *http = curb_xcalloc(1, sizeof *http);
	fill(http, options);
	const struct http_routes own = { &curb_core_host, own_routes, http };
	int err = table_build(http, &own);
	if (!err)
		err = permits_new(http->o.store, http->o.permits, http->o.permits_for_hours,
		                  http->limits.permit_ms, &http->permits);
	if (!err)
		err = watchdog_start(http->watches, (size_t)http->o.threads, &http->dog);
	allow_descriptors(http->o.threads);
	if (!err)
		err = listen_now(http);
	if (!err)
		err = probe_own(http);
	if (err) {
		http_stop(http);
		return err;
	}
	*ret_http = http;
	return 0;
}

int http_port(const struct http *http)
{
	return http->port;
}

void http_drain(struct http *http, int wait_ms)
{
	atomic_store(&http->draining, true);
	int64_t until_ms = curb_tick_ms() + wait_ms;
	const struct timespec pause = { .tv_nsec = 5000000 };
	while (atomic_load(&http->working) > 0 && curb_tick_ms() < until_ms)
		(void)nanosleep(&pause, NULL);
}

void http_stop(struct http *http)
{
	if (!http)
		return;
	atomic_store(&http->draining, true);
	atomic_store(&http->stopping, true);
	if (http->server) {
		socket_end_reading(http->port);
		mg_stop(http->server);
	}
	watchdog_stop(http->dog);
	permits_free(http->permits);
	people_sessions_free(http->sessions);
	router_free(http->router);
	crowd_free(http->crowd);
	for (int i = 0; i < http->arenas.count; i++)
		curb_arena_free(http->arenas.free[i]);
	(void)pthread_mutex_destroy(&http->arenas.mutex);
	free(http->watches);
	free(http);
}
