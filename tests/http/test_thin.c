#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "server.h"

static int get_hello(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_buf body = curb_buf(1024);
	struct curb_json j = curb_json(&body);
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "name", curb_req_param(req, "name"));
	curb_json_end(&j, '}');
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

static const struct curb_route routes[] = {
	{ "GET", "/api/v1/hello/:name", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_hello,
	  CURB_LANE_ANY },
	{ 0 },
};

static void thin__a_route_answers(void **unused)
{
	(void)unused;
	struct test_server server;
	test_server_prepare(&server, routes, NULL);
	test_server_start(&server);
	struct answer answer = client_ask(server.port, "GET", "/api/v1/hello/%E6%8C%89", "", NULL);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.body, "{\"name\":\"按\"}");
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/json");
	assert_string_equal(answer_header(&answer, "X-Content-Type-Options"), "nosniff");
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/healthz", "", NULL);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"status\":\"ok\""));
	answer_free(&answer);
	test_server_stop(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thin__a_route_answers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
