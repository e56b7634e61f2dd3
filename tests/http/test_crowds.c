/* Too many connections, a server that stops, and handlers that take long. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "server.h"

/* A handler that waits at a gate until the test opens it. */
struct gate {
	pthread_mutex_t mutex;
	pthread_cond_t moved;
	int inside;
	bool open;
};

static int get_gate(struct curb_req *req, void *state)
{
	struct gate *gate = state;
	(void)pthread_mutex_lock(&gate->mutex);
	gate->inside++;
	(void)pthread_cond_broadcast(&gate->moved);
	while (!gate->open)
		(void)pthread_cond_wait(&gate->moved, &gate->mutex);
	(void)pthread_mutex_unlock(&gate->mutex);
	return curb_reply_empty(req, 204);
}

static int get_address(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_buf body = curb_buf(256);
	curb_buf_str(&body, http_address(req));
	return curb_reply_bytes(req, 200, "text/plain", &body);
}

static int get_quick(struct curb_req *req, void *state)
{
	(void)state;
	return curb_reply_empty(req, 204);
}

static const struct curb_route routes[] = {
	{ "GET", "/gate", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_gate, CURB_LANE_ANY },
	{ "GET", "/quick", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_quick, CURB_LANE_ANY },
	{ "GET", "/address", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_address, CURB_LANE_ANY },
	{ "GET", "/hours", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_quick, CURB_LANE_HOURS },
	{ 0 },
};

struct scene {
	struct test_server server;
	struct gate gate;
};

static int start(void **state)
{
	struct scene *scene = calloc(1, sizeof *scene);
	assert_non_null(scene);
	(void)pthread_mutex_init(&scene->gate.mutex, NULL);
	(void)pthread_cond_init(&scene->gate.moved, NULL);
	test_server_prepare(&scene->server, routes, &scene->gate);
	*state = scene;
	return 0;
}

static void open_gate(struct gate *gate)
{
	(void)pthread_mutex_lock(&gate->mutex);
	gate->open = true;
	(void)pthread_cond_broadcast(&gate->moved);
	(void)pthread_mutex_unlock(&gate->mutex);
}

static void wait_inside(struct gate *gate, int n)
{
	(void)pthread_mutex_lock(&gate->mutex);
	while (gate->inside < n)
		(void)pthread_cond_wait(&gate->moved, &gate->mutex);
	(void)pthread_mutex_unlock(&gate->mutex);
}

static int stop(void **state)
{
	struct scene *scene = *state;
	open_gate(&scene->gate);
	test_server_stop(&scene->server);
	(void)pthread_cond_destroy(&scene->gate.moved);
	(void)pthread_mutex_destroy(&scene->gate.mutex);
	free(scene);
	return 0;
}

static void get(struct client *client, const char *path)
{
	char text[128];
	(void)snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
	assert_true(client_text(client, text));
}

static int answered(struct client *client, const char *connection)
{
	struct answer answer = client_read(client, false);
	int status = answer.status;
	assert_string_equal(answer_header(&answer, "Connection"), connection);
	if (status == 503)
		assert_string_not_equal(answer_header(&answer, "Retry-After"), "");
	answer_free(&answer);
	return status;
}

static void crowds__one_address_has_so_many_connections(void **state)
{
	struct scene *scene = *state;
	scene->server.options.limits.per_address = 3;
	test_server_start(&scene->server);
	struct client clients[4];
	for (int i = 0; i < 4; i++) {
		clients[i] = client_open(scene->server.port);
		get(&clients[i], "/quick");
		assert_int_equal(answered(&clients[i], i < 3 ? "keep-alive" : "close"), i < 3 ? 204 : 503);
	}
	for (int i = 0; i < 4; i++)
		client_close(&clients[i]);
}

/* Of 16 threads three quarters are taken: the next connections are not kept; near the end only hours are served. */
static void crowds__full_house(void **state)
{
	struct scene *scene = *state;
	test_server_start(&scene->server);
	struct client clients[15];
	for (int i = 0; i < 15; i++) {
		clients[i] = client_open(scene->server.port);
		if (i < 12) {
			get(&clients[i], "/quick");
			assert_int_equal(answered(&clients[i], "keep-alive"), 204);
		}
	}
	/* connections that wait for their first request hold a thread as well */
	get(&clients[12], "/hours");
	assert_int_equal(answered(&clients[12], "close"), 204);
	for (int i = 0; i < 15; i++)
		client_close(&clients[i]);
}

static void crowds__permits_for_hours_are_kept(void **state)
{
	struct scene *scene = *state;
	test_server_start(&scene->server); /* four permits, one of them for hours */
	struct client waiting[4];
	for (int i = 0; i < 3; i++) {
		waiting[i] = client_open(scene->server.port);
		get(&waiting[i], "/gate");
	}
	wait_inside(&scene->gate, 3);
	waiting[3] = client_open(scene->server.port);
	get(&waiting[3], "/quick");
	struct client hours = client_open(scene->server.port);
	get(&hours, "/hours");
	assert_int_equal(answered(&hours, "keep-alive"), 204);
	client_close(&hours);
	open_gate(&scene->gate);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(answered(&waiting[i], "keep-alive"), 204);
		client_close(&waiting[i]);
	}
}

static void *drain(void *arg)
{
	http_drain(arg, 10000);
	return NULL;
}

static void crowds__draining_finishes_what_runs(void **state)
{
	struct scene *scene = *state;
	test_server_start(&scene->server);
	struct client running = client_open(scene->server.port), idle = client_open(scene->server.port);
	get(&idle, "/quick");
	assert_int_equal(answered(&idle, "keep-alive"), 204);
	get(&running, "/gate");
	wait_inside(&scene->gate, 1);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, drain, scene->server.http), 0);
	/* until draining has begun the idle connection is served as before */
	int status = 204;
	while (status == 204) {
		get(&idle, "/quick");
		struct answer answer = client_read(&idle, false);
		status = answer.status;
		answer_free(&answer);
	}
	assert_int_equal(status, 503);
	open_gate(&scene->gate);
	struct answer answer = client_read(&running, false);
	assert_int_equal(answer.status, 204);
	answer_free(&answer);
	assert_int_equal(pthread_join(thread, NULL), 0);
	client_close(&running);
	client_close(&idle);
}

static void expect_address(struct scene *scene, const char *headers, const char *address)
{
	struct answer answer = client_ask(scene->server.port, "GET", "/address", headers, NULL);
	assert_string_equal(answer.body, address);
	answer_free(&answer);
}

static void crowds__addresses_behind_a_proxy(void **state)
{
	struct scene *scene = *state;
	scene->server.options.public_origin = "https://learn.example.org";
	scene->server.options.lan_plain = false;
	test_server_start(&scene->server);
	expect_address(scene, "X-Real-IP: 203.0.113.7\r\n", "203.0.113.7");
	expect_address(scene, "X-Real-IP: 2001:db8:1:2:3:4:5:6\r\n",
	               "2001:db8:1:2::/64"); /* all that is hers */
	expect_address(scene, "X-Real-IP: 2001:db8:1:2::7\r\n", "2001:db8:1:2::/64");
	expect_address(scene, "X-Real-IP: ::ffff:203.0.113.7\r\n", "203.0.113.7");
	expect_address(scene, "X-Real-IP: ::1\r\n", "::1");
	expect_address(scene, "X-Real-IP: anything\r\n", "127.0.0.1");
	expect_address(scene, "", "127.0.0.1");
}

static void crowds__addresses_without_a_proxy(void **state)
{
	struct scene *scene = *state;
	test_server_start(&scene->server);
	expect_address(scene, "X-Real-IP: 203.0.113.7\r\n", "127.0.0.1");
}

static void crowds__a_bad_route_stops_the_start(void **state)
{
	struct scene *scene = *state;
	static const struct curb_route bad[] = {
		{ "GET", "/open", CURB_ANYONE, CURB_SCOPE_UNSET, CURB_BODY_NONE, 0, get_quick,
		  CURB_LANE_ANY },
		{ 0 },
	};
	struct http *http = NULL;
	scene->server.tables[0].routes = bad;
	scene->server.options.core = scene->server.tables;
	assert_int_equal(http_start(&scene->server.options, &http), CURB_EINVAL);
	assert_non_null(strstr(curb_error_text(), "/open of core has no scope"));
	assert_null(http);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(crowds__one_address_has_so_many_connections, start, stop),
		cmocka_unit_test_setup_teardown(crowds__full_house, start, stop),
		cmocka_unit_test_setup_teardown(crowds__permits_for_hours_are_kept, start, stop),
		cmocka_unit_test_setup_teardown(crowds__draining_finishes_what_runs, start, stop),
		cmocka_unit_test_setup_teardown(crowds__addresses_behind_a_proxy, start, stop),
		cmocka_unit_test_setup_teardown(crowds__addresses_without_a_proxy, start, stop),
		cmocka_unit_test_setup_teardown(crowds__a_bad_route_stops_the_start, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
