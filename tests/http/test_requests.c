/* Requests as they come, right and wrong, through a socket. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "server.h"

static int get_hello(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_buf body = curb_buf(65536);
	struct curb_json j = curb_json(&body);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "name", curb_req_param(req, "name"));
	curb_json_kstr(&j, "q", curb_req_query(req, "q"));
	curb_json_kstr(&j, "lang", curb_req_lang(req));
	curb_json_end(&j, '}');
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

static int post_echo(struct curb_req *req, void *state)
{
	(void)state;
	return curb_reply_empty(req, 204);
}

static int get_fault(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return curb_fail(CURB_EINTERNAL, "secret of the database");
}

static int get_rule(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return curb_fail(CURB_EUNFIT, "too many hours: %d", 7);
}

static int get_silent(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return 0;
}

static int get_smuggled_header(struct curb_req *req, void *state)
{
	(void)state;
	int err = curb_reply_header(req, "X-Note", curb_req_query(req, "note"));
	return err ? err : curb_reply_empty(req, 204);
}

static int get_away(struct curb_req *req, void *state)
{
	(void)state;
	return curb_reply_redirect(req, curb_req_query(req, "to"));
}

#define OPEN(method, path, body, max, handle)                                                  \
	{                                                                                      \
		method, path, CURB_ANYONE, CURB_SCOPE_PUBLIC, body, max, handle, CURB_LANE_ANY \
	}

static const struct curb_route routes[] = {
	OPEN("GET", "/api/v1/hello/:name", CURB_BODY_NONE, 0, get_hello),
	OPEN("POST", "/api/v1/echo", CURB_BODY_JSON, 4096, post_echo),
	OPEN("GET", "/fault", CURB_BODY_NONE, 0, get_fault),
	OPEN("GET", "/rule", CURB_BODY_NONE, 0, get_rule),
	OPEN("GET", "/silent", CURB_BODY_NONE, 0, get_silent),
	OPEN("GET", "/note", CURB_BODY_NONE, 0, get_smuggled_header),
	OPEN("GET", "/away", CURB_BODY_NONE, 0, get_away),
	{ 0 },
};

static struct test_server server;

static int start(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	server.options.limits =
		(struct http_limits){ .head_ms = 3000, .body_ms = 400, .lowest_rate = 100000 };
	test_server_start(&server);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

static int status_of(const char *method, const char *path, const char *headers, const char *body)
{
	struct answer answer = client_ask(server.port, method, path, headers, body);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

/* Sends bytes as they are; the status, and that the connection is closed behind it. */
static int raw_then_closed(const char *bytes)
{
	struct client client = client_open(server.port);
	assert_true(client_text(&client, bytes));
	struct answer answer = client_read(&client, false);
	int status = answer.status;
	if (status && !client_closed(&client))
		fail_msg("left open after %d: %s", status, bytes);
	answer_free(&answer);
	client_close(&client);
	return status;
}

static void requests__a_route_answers(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/api/v1/hello/%E6%8C%89?q=a+b&q=c", "", NULL);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"name\":\"按\",\"q\":\"a b\""));
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/json");
	assert_string_equal(answer_header(&answer, "X-Content-Type-Options"), "nosniff");
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, no-cache");
	assert_string_not_equal(answer_header(&answer, "Date"), "");
	answer_free(&answer);
}

static void requests__health_and_metrics(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/healthz", "", NULL);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"status\":\"ok\""));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/metrics", "", NULL);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "curbcut_http_requests_total{class=\"2xx\"}"));
	answer_free(&answer);
}

static void requests__methods(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	assert_true(client_text(&client, "HEAD /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n\r\n"
	                                 "OPTIONS /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n\r\n"
	                                 "DELETE /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n\r\n"
	                                 "GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct answer answer = client_read(&client, true);
	assert_int_equal(answer.status, 200);
	assert_int_not_equal(strtol(answer_header(&answer, "Content-Length"), NULL, 10), 0);
	answer_free(&answer);
	answer = client_read(&client, false);
	assert_int_equal(answer.status, 204);
	assert_string_equal(answer_header(&answer, "Allow"), "GET, HEAD, OPTIONS");
	answer_free(&answer);
	answer = client_read(&client, false);
	assert_int_equal(answer.status, 405);
	assert_string_equal(answer_header(&answer, "Allow"), "GET, HEAD, OPTIONS");
	answer_free(&answer);
	answer = client_read(&client, false);
	assert_int_equal(answer.status, 200);
	answer_free(&answer);
	client_close(&client);
}

static void requests__heads_that_are_refused(void **unused)
{
	(void)unused;
	static const char *const heads[] = {
		"POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: "
		"chunked\r\n\r\n{}",
		"POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2a\r\n\r\n{}",
		"POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length : 2\r\n\r\n{}",
		"POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nX: y\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: "
		"Upgrade\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nX: a\r\n folded\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\n Host: h\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n: x\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\nHost: h\n\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
		"GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nX: y\n\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"FETCH /api/v1/hello/a HTTP/1.1\r\nHost: h\r\n\r\n",
		"CONNECT /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		int status = raw_then_closed(heads[i]);
		if (status != 400 && status != 505 && status != 0)
			fail_msg("%d for %s", status, heads[i]);
	}
	assert_int_equal(raw_then_closed("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
	assert_int_equal(status_of("GET", "/api/v1/hello/after", "", NULL), 200);
}

static void requests__smuggled_ones_are_never_served(void **unused)
{
	(void)unused;
	/* The second request stands where a body that one reader sees and another does not would be. */
	struct client client = client_open(server.port);
	assert_true(client_text(&client, "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n"
	                                 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"
	                                 "GET /api/v1/hello/smuggled HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.status, 400);
	assert_true(client_closed(&client));
	answer_free(&answer);
	client_close(&client);
}

static void requests__too_many_headers(void **unused)
{
	(void)unused;
	char text[4096] = "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\n";
	for (int i = 0; i < 63; i++)
		(void)snprintf(text + strlen(text), sizeof text - strlen(text), "X-%d: y\r\n", i);
	(void)snprintf(text + strlen(text), sizeof text - strlen(text), "Content-Length: 2\r\n\r\n{}");
	assert_int_equal(raw_then_closed(text), 400);
}

static void requests__huge_head(void **unused)
{
	(void)unused;
	char *text = calloc(1, 20000);
	int n = snprintf(text, 20000, "GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nX: ");
	memset(text + n, 'x', 17000);
	memcpy(text + n + 17000, "\r\n\r\n", 5);
	int status = raw_then_closed(text);
	assert_true(status == 400 || status == 413 || status == 431 || status == 0);
	free(text);
	assert_int_equal(status_of("GET", "/api/v1/hello/after", "", NULL), 200);
}

static void requests__addresses(void **unused)
{
	(void)unused;
	static const char *const bad[] = { "/api/v1/hello/%00",       "/api/v1/hello/a%00.txt",
		                           "/api/v1/hello/%0d%0aX:y", "/api/v1/hello/%zz",
		                           "/api/v1/hello/%ff",       "/api/v1/hello/..",
		                           "/api/v1/hello/%2e%2e" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (status_of("GET", bad[i], "", NULL) != 400)
			fail_msg("taken: %s", bad[i]);
	assert_int_equal(status_of("GET", "/api//v1/hello/a", "", NULL), 404);
	assert_int_equal(status_of("GET", "/api/v1/hello/a/", "", NULL), 404);
	assert_int_equal(status_of("GET", "/api/v1/hello/a?x=%00", "", NULL), 400);
	assert_int_equal(status_of("GET", "/api/v1/hello/a?x=%e6%8c%89", "", NULL), 200);
	char absolute[128];
	(void)snprintf(absolute, sizeof absolute, "http://127.0.0.1:%d/api/v1/hello/a", server.port);
	assert_int_equal(status_of("GET", absolute, "", NULL), 200);
	assert_int_equal(status_of("GET", "http://elsewhere.example:1/x", "", NULL), 0);
}

static void requests__errors_say_what_and_nothing_more(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/rule", "", NULL);
	assert_int_equal(answer.status, 422);
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/problem+json");
	assert_non_null(strstr(answer.body, "\"detail\":\"too many hours: 7\""));
	assert_non_null(strstr(answer.body, "\"request\":\""));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/fault", "", NULL);
	assert_int_equal(answer.status, 500);
	assert_null(strstr(answer.body, "secret"));
	answer_free(&answer);
	assert_int_equal(status_of("GET", "/silent", "", NULL), 500);
	assert_int_equal(status_of("GET", "/nowhere", "", NULL), 404);
}

static void requests__headers_cannot_be_split(void **unused)
{
	(void)unused;
	assert_int_equal(status_of("GET", "/note?note=plain", "", NULL), 204);
	struct answer answer = client_ask(server.port, "GET", "/note?note=a%0d%0aSet-Cookie:%20x=y", "",
	                                  NULL);
	assert_int_equal(answer.status, 400);
	assert_string_equal(answer_header(&answer, "Set-Cookie"), "");
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/away?to=/a%0d%0a%E6%8C%89", "", NULL);
	assert_int_equal(answer.status, 303);
	assert_string_equal(answer_header(&answer, "Location"), "/a%0D%0A%E6%8C%89");
	answer_free(&answer);
	assert_int_equal(status_of("GET", "/away?to=//evil.example/", "", NULL), 400);
	assert_int_equal(status_of("GET", "/away?to=http://evil.example/", "", NULL), 400);
}

static void requests__old_clients_are_closed(void **unused)
{
	(void)unused;
	assert_int_equal(
		raw_then_closed("GET /api/v1/hello/a HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"),
		200);
	assert_int_equal(
		raw_then_closed("GET /api/v1/hello/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), 200);
}

static void requests__connections_survive_errors(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	static const struct {
		const char *text;
		int status;
	} steps[] = {
		{ "GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n", 404 },
		{ "GET /fault HTTP/1.1\r\nHost: h\r\n\r\n", 500 },
		{ "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: "
		  "application/json\r\nContent-Length: 1\r\n\r\n{",
		  400 },
		{ "GET /api/v1/hello/%00 HTTP/1.1\r\nHost: h\r\n\r\n", 400 },
		{ "GET /api/v1/hello/last HTTP/1.1\r\nHost: h\r\n\r\n", 200 },
	};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		assert_true(client_text(&client, steps[i].text));
		struct answer answer = client_read(&client, false);
		if (answer.status != steps[i].status)
			fail_msg("%d for %s", answer.status, steps[i].text);
		assert_string_equal(answer_header(&answer, "Connection"), "keep-alive");
		answer_free(&answer);
	}
	client_close(&client);
}

static void requests__tags_of_answers(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/api/v1/hello/a", "", NULL);
	char header[160];
	assert_string_not_equal(answer_header(&answer, "ETag"), "");
	(void)snprintf(header, sizeof header, "If-None-Match: %s\r\n", answer_header(&answer, "ETag"));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/api/v1/hello/a", header, NULL);
	assert_int_equal(answer.status, 304);
	assert_int_equal(answer.len, 0);
	answer_free(&answer);
	assert_int_equal(status_of("GET", "/api/v1/hello/b", header, NULL), 200);
	assert_int_equal(status_of("GET", "/api/v1/hello/a", "If-Match: \"other\"\r\n", NULL), 412);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests__a_route_answers),
		cmocka_unit_test(requests__health_and_metrics),
		cmocka_unit_test(requests__methods),
		cmocka_unit_test(requests__heads_that_are_refused),
		cmocka_unit_test(requests__smuggled_ones_are_never_served),
		cmocka_unit_test(requests__too_many_headers),
		cmocka_unit_test(requests__huge_head),
		cmocka_unit_test(requests__addresses),
		cmocka_unit_test(requests__errors_say_what_and_nothing_more),
		cmocka_unit_test(requests__headers_cannot_be_split),
		cmocka_unit_test(requests__old_clients_are_closed),
		cmocka_unit_test(requests__connections_survive_errors),
		cmocka_unit_test(requests__tags_of_answers),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
