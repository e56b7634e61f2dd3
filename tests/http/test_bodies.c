/* Bodies: whole, in chunks, spooled, too large, too slow. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "people.h"
#include "server.h"

static int get_quick(struct curb_req *req, void *state)
{
	(void)state;
	return curb_reply_empty(req, 204);
}

/* Says what came: field a, size, whether it was spooled, and the last byte. */
static int post_echo(struct curb_req *req, void *state)
{
	(void)state;
	char last = '-';
	uint64_t size = curb_req_body_size(req);
	if (curb_req_body_fd(req) >= 0)
		assert_int_equal(pread(curb_req_body_fd(req), &last, 1, (off_t)size - 1), 1);
	else if (size > 0)
		last = curb_req_body(req).ptr[size - 1];
	struct curb_buf body = curb_buf(65536);
	struct curb_json j = curb_json(&body);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "a", curb_req_field(req, "a"));
	curb_json_kint(&j, "size", (int64_t)size);
	curb_json_kbool(&j, "spooled", curb_req_body_fd(req) >= 0);
	curb_json_kstr(&j, "last", curb_str_n(&last, 1));
	curb_json_kbool(&j, "cut", curb_req_body_cut(req));
	curb_json_end(&j, '}');
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

static const struct curb_route routes[] = {
	{ "GET", "/quick", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_quick, CURB_LANE_ANY },
	{ "POST", "/api/v1/echo", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_JSON, 4096, post_echo,
	  CURB_LANE_ANY },
	{ "PUT", "/api/v1/raw", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_RAW, 1 << 20, post_echo,
	  CURB_LANE_ANY },
	{ "PUT", "/api/v1/parts", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_PARTS, 1 << 20, post_echo,
	  CURB_LANE_ANY },
	{ "PUT", "/api/v1/own", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_RAW, 1 << 20, post_echo,
	  CURB_LANE_ANY },
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

static void bodies__bodies(void **unused)
{
	(void)unused;
	const char *json = "Content-Type: application/json\r\n";
	struct answer answer = client_ask(server.port, "POST", "/api/v1/echo", json, "{\"a\":\"b\"}");
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"a\":\"b\",\"size\":9"));
	answer_free(&answer);
	assert_int_equal(status_of("POST", "/api/v1/echo", json, "{\"a\":"), 400);
	assert_int_equal(status_of("POST", "/api/v1/echo", "Content-Type: text/plain\r\n", "{}"), 415);
	assert_int_equal(status_of("POST", "/api/v1/echo", "", "{}"), 415);
	assert_int_equal(status_of("GET", "/quick", json, "{}"), 413);
	char *large = calloc(1, 5000);
	memset(large, ' ', 4999);
	assert_int_equal(status_of("POST", "/api/v1/echo", json, large), 413);
	free(large);
}

static void bodies__chunked_bodies(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	const char *head = "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
			   "Transfer-Encoding: chunked\r\n\r\n";
	for (int i = 0; i < 2; i++) {
		assert_true(client_text(&client, head));
		assert_true(client_text(&client, "5\r\n{\"a\":\r\n4\r\n\"b\"}\r\n0\r\n\r\n"));
		struct answer answer = client_read(&client, false);
		assert_int_equal(answer.status, 200);
		assert_non_null(strstr(answer.body, "\"size\":9"));
		answer_free(&answer);
	}
	assert_true(client_text(&client, head));
	assert_true(client_text(&client, "zz\r\n"));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.status, 400);
	answer_free(&answer);
	client_close(&client);
}

static void bodies__large_bodies_are_spooled(void **unused)
{
	(void)unused;
	const char *type =
		"Content-Type: application/octet-stream\r\nX-CSRF-Token: x\r\nAuthorization: Bearer none\r\n";
	assert_int_equal(status_of("PUT", "/api/v1/raw", type, "x"),
	                 401); /* a token that is not good is told so */
	char *large = calloc(1, 300001), headers[512];
	memset(large, 'm', 299999);
	large[299999] = 'z';
	char token[PEOPLE_TOKEN_SIZE];
	test_server_person(&server, "spool", CURB_AUTHOR, false, token, NULL);
	(void)snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", token);
	size_t before = temp_count(&server.folder);
	struct answer answer = client_ask(server.port, "PUT", "/api/v1/raw", headers, large);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"size\":300000,\"spooled\":true,\"last\":\"z\""));
	answer_free(&answer);
	assert_int_equal(temp_count(&server.folder), before);
	large[65536] = '\0';
	answer = client_ask(server.port, "PUT", "/api/v1/raw", headers, large);
	assert_non_null(strstr(answer.body, "\"size\":65536,\"spooled\":false"));
	answer_free(&answer);
	free(large);
}

static void bodies__continue_is_answered(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	const char *head = "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
			   "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n";
	assert_true(client_text(&client, head));
	assert_true(client_text(&client, "{}"));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.continues, 1);
	assert_int_equal(answer.status, 200);
	answer_free(&answer);
	/* what will not be taken is refused before it is sent */
	assert_true(client_text(&client,
	                        "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n"
	                        "Expect: 100-continue\r\n\r\n"));
	answer = client_read(&client, false);
	assert_int_equal(answer.continues, 0);
	assert_int_equal(answer.status, 413);
	assert_true(client_closed(&client));
	answer_free(&answer);
	client_close(&client);
	assert_int_equal(status_of("POST", "/api/v1/echo", "Expect: miracles\r\n", "{}"), 417);
}

static void bodies__a_refused_body_does_not_take_the_answer_away(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	char *large = calloc(1, 200000);
	memset(large, 'x', 199999);
	assert_true(client_text(&client,
	                        "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n"));
	assert_true(client_send(&client, large, 200000));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.status, 413);
	assert_true(client_closed(&client));
	answer_free(&answer);
	client_close(&client);
	free(large);
}

static void bodies__dripping_bodies_are_cut(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	assert_true(client_text(&client,
	                        "POST /api/v1/echo HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
	                        "Content-Length: 4000\r\n\r\n{"));
	struct answer answer = client_read(&client, false); /* sends nothing more: the watchdog ends it */
	assert_int_equal(answer.status, 408);
	assert_true(client_closed(&client));
	answer_free(&answer);
	client_close(&client);
	assert_int_equal(status_of("GET", "/quick", "", NULL), 204);
}

/* A route that takes parts is handed what came of a body, in memory or spooled, and the line is not used again. */
static void bodies__in_parts_are_handed_over_cut_or_whole(void **unused)
{
	(void)unused;
	static const size_t sizes[] = { 4000, 200000 };
	char *bytes = calloc(1, sizes[1]), token[PEOPLE_TOKEN_SIZE];
	test_server_person(&server, "parts", CURB_AUTHOR, false, token, NULL);
	memset(bytes, 'x', sizes[1]);
	for (int k = 0; k < 4; k++) {
		char head[256], said[64];
		size_t size = sizes[k / 2], sent = k % 2 ? size : size - 500;
		struct client client = client_open(server.port);
		(void)snprintf(head, sizeof head,
		               "PUT /api/v1/parts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer "
		               "%s\r\nContent-Length: %zu\r\n\r\n",
		               token, size);
		assert_true(client_text(&client, head));
		assert_true(client_send(&client, bytes, sent));
		struct answer answer = client_read(&client, false);
		assert_int_equal(answer.status, 200);
		(void)snprintf(said, sizeof said, "\"size\":%zu,", sent);
		assert_non_null(strstr(answer.body, said));
		assert_non_null(strstr(answer.body, size > 65536 ? "\"spooled\":true" : "\"spooled\":false"));
		assert_non_null(strstr(answer.body, sent < size ? "\"cut\":true" : "\"cut\":false"));
		if (sent < size)
			assert_true(client_closed(&client));
		answer_free(&answer);
		client_close(&client);
	}
	free(bytes);
}

/* Who may not send is told so before a large body is read. */
static void bodies__of_nobody_are_refused_unread(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	assert_true(client_text(&client, "PUT /api/v1/own HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n"
	                                 "Expect: 100-continue\r\n\r\n"));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.continues, 0);
	assert_int_equal(answer.status, 401);
	answer_free(&answer);
	client_close(&client);
}

/* Uploads end before the disk does; what is small, hours above all, goes on. */
static void bug_disk__uploads_leave_room_for_the_rest(void **unused)
{
	const char *json = "Content-Type: application/json\r\n";
	assert_int_equal(status_of("PUT", "/api/v1/raw", "", "x"), 200); /* there is room */
	(void)stop(unused);
	test_server_prepare(&server, routes, NULL);
	server.options.keep_free = UINT64_MAX;
	test_server_start(&server);
	struct answer answer = client_ask(server.port, "PUT", "/api/v1/raw", "", "x");
	assert_int_equal(answer.status, 507);
	assert_non_null(strstr(answer.body, "no room"));
	unsigned long long missing = 0; /* of 16 EiB, all but what this disk has */
	const char *told = strstr(answer.body, "what you send: ");
	assert_non_null(told);
	assert_int_equal(sscanf(told, "what you send: %llu MB are missing", &missing), 1);
	assert_true(missing <= UINT64_MAX / (1 << 20) + 1 && missing > UINT64_MAX / (1 << 21));
	answer_free(&answer);
	assert_int_equal(status_of("POST", "/api/v1/echo", json, "{\"a\":\"b\"}"), 200);
	(void)stop(unused);
	(void)start(unused);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies__bodies),
		cmocka_unit_test(bodies__chunked_bodies),
		cmocka_unit_test(bodies__large_bodies_are_spooled),
		cmocka_unit_test(bodies__continue_is_answered),
		cmocka_unit_test(bodies__a_refused_body_does_not_take_the_answer_away),
		cmocka_unit_test(bodies__dripping_bodies_are_cut),
		cmocka_unit_test(bodies__in_parts_are_handed_over_cut_or_whole),
		cmocka_unit_test(bodies__of_nobody_are_refused_unread),
		cmocka_unit_test(bug_disk__uploads_leave_room_for_the_rest),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
