/* Who hears how busy the server is: this machine, and who runs it from elsewhere. */
#include <stdio.h>

#include "client.h"
#include "cm.h"
#include "people.h"
#include "server.h"

static const struct curb_route routes[] = { { 0 } };

static struct test_server server;
static char admin[PEOPLE_TOKEN_SIZE], learner[PEOPLE_TOKEN_SIZE];

static int start(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	server.options.public_origin =
		"https://learn.example.org"; /* a proxy on this machine tells whom it serves */
	server.options.lan_plain = false;
	test_server_start(&server);
	test_server_person(&server, "admin", CURB_ADMIN, false, admin, NULL);
	test_server_person(&server, "learner", CURB_LEARNER, false, learner, NULL);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

static int status_for(const char *address, const char *token)
{
	char headers[256] = "";
	size_t n = 0;
	if (address)
		n = (size_t)snprintf(headers, sizeof headers, "X-Real-IP: %s\r\n", address);
	if (token)
		(void)snprintf(headers + n, sizeof headers - n, "Authorization: Bearer %s\r\n", token);
	struct answer answer = client_ask(server.port, "GET", "/metrics", headers, NULL);
	int status = answer.status;
	if (status == 200)
		assert_non_null(strstr(answer.body, "curbcut_http_requests_total"));
	else
		assert_null(strstr(answer.body, "curbcut_http_requests_total"));
	answer_free(&answer);
	return status;
}

static void metrics__on_this_machine_and_for_who_runs_it(void **unused)
{
	(void)unused;
	assert_int_equal(status_for(NULL, NULL), 200);
	assert_int_equal(status_for("127.0.0.1", NULL), 200);
	assert_int_equal(status_for("203.0.113.7", NULL), 401);
	assert_int_equal(status_for("203.0.113.7", learner), 403);
	assert_int_equal(status_for("203.0.113.7", admin), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(metrics__on_this_machine_and_for_who_runs_it) };
	return cmocka_run_group_tests(tests, start, stop);
}
