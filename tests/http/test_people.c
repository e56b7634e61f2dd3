/* Who may do what: roles, reach, sessions, and forms that come from elsewhere. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "people.h"
#include "server.h"

static int say_who(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_buf body = curb_buf(65536);
	struct curb_json j = curb_json(&body);
	size_t n = 0;
	const struct curb_id *institutions = NULL;
	if (curb_req_institutions(req, CURB_SIGNED_IN, &institutions, &n))
		return CURB_EINTERNAL;
	struct curb_id asked = curb_id_of(curb_req_query(req, "institution"));
	curb_json_begin(&j, '{');
	curb_json_kstr(&j, "name", curb_req_user(req)->name);
	curb_json_kint(&j, "institutions", (int64_t)n);
	curb_json_kbool(&j, "may", curb_may(req, CURB_TEACHER, &asked));
	curb_json_kstr(&j, "note", curb_req_field(req, "note"));
	curb_json_end(&j, '}');
	int err = curb_reply_json(req, 200, &body);
	curb_buf_free(&body);
	return err;
}

/* What a page of ours would carry. */
static int get_token(struct curb_req *req, void *state)
{
	(void)state;
	const struct people_session *session = http_session(req);
	struct curb_buf body = curb_buf(256);
	curb_buf_text(&body, session ? session->csrf : "");
	int err = curb_reply_bytes(req, 200, "text/plain", &body);
	curb_buf_free(&body);
	return err;
}

static int get_sign_in(struct curb_req *req, void *state)
{
	(void)state;
	int err = http_session_cookie(req, "token", false);
	return err ? err : curb_reply_empty(req, 204);
}

#define ROW(method, path, roles, scope, body, handle)                      \
	{                                                                  \
		method, path, roles, scope, body, 0, handle, CURB_LANE_ANY \
	}

static const struct curb_route routes[] = {
	ROW("GET", "/public", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, say_who),
	ROW("GET", "/own", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, say_who),
	ROW("GET", "/anyone-own", CURB_ANYONE, CURB_SCOPE_OWN, CURB_BODY_NONE, say_who),
	ROW("GET", "/teach", CURB_TEACHER, CURB_SCOPE_OWN, CURB_BODY_NONE, say_who),
	ROW("GET", "/house", CURB_TEACHER | CURB_STAFF, CURB_SCOPE_INSTITUTION, CURB_BODY_NONE, say_who),
	ROW("GET", "/region", CURB_REVIEWER, CURB_SCOPE_REGION, CURB_BODY_NONE, say_who),
	ROW("GET", "/machine", CURB_ADMIN, CURB_SCOPE_MACHINE, CURB_BODY_NONE, say_who),
	ROW("GET", "/token", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, get_token),
	ROW("GET", "/cookie", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, get_sign_in),
	ROW("POST", "/own", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_ANY, say_who),
	ROW("POST", "/public", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_ANY, say_who),
	ROW("GET", "/signin", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, say_who),
	{ 0 },
};

enum { LEARNER, TEACHER, STAFF, REVIEWER, ADMIN, PLACED, PEOPLE };

static struct test_server server;
static char tokens[PEOPLE][PEOPLE_TOKEN_SIZE];
static struct curb_id houses[PEOPLE];

static int start(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	server.options.public_origin = "http://learn.example.org";
	test_server_start(&server);
	test_server_person(&server, "learner", CURB_LEARNER, true, tokens[LEARNER], &houses[LEARNER]);
	test_server_person(&server, "teacher", CURB_TEACHER, true, tokens[TEACHER], &houses[TEACHER]);
	test_server_person(&server, "staff", CURB_STAFF, true, tokens[STAFF], &houses[STAFF]);
	test_server_person(&server, "reviewer", CURB_REVIEWER, false, tokens[REVIEWER], NULL);
	test_server_person(&server, "admin", CURB_ADMIN, false, tokens[ADMIN], NULL);
	test_server_person(&server, "admin of a place", CURB_ADMIN, true, tokens[PLACED], &houses[PLACED]);
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

static void people__roles_and_reach(void **unused)
{
	(void)unused;
	static const struct {
		const char *path;
		int nobody, of[PEOPLE];
	} rows[] = {
		{ "/public", 200, { 200, 200, 200, 200, 200, 200 } },
		{ "/own", 401, { 200, 200, 200, 200, 200, 200 } },
		{ "/anyone-own", 401, { 200, 200, 200, 200, 200, 200 } },
		{ "/teach", 401, { 403, 200, 403, 403, 403, 403 } },
		{ "/house", 401, { 403, 200, 200, 403, 403, 403 } },
		{ "/region", 401, { 403, 403, 403, 200, 403, 403 } },
		{ "/machine", 401, { 403, 403, 403, 403, 200, 403 } },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (status_of("GET", rows[i].path, "", NULL) != rows[i].nobody)
			fail_msg("nobody at %s", rows[i].path);
		for (int who = 0; who < PEOPLE; who++) {
			char bearer[128], cookie[128];
			(void)snprintf(bearer, sizeof bearer, "Authorization: Bearer %s\r\n", tokens[who]);
			(void)snprintf(cookie, sizeof cookie, "Cookie: lang=en; curb=%s\r\n", tokens[who]);
			if (status_of("GET", rows[i].path, bearer, NULL) != rows[i].of[who] ||
			    status_of("GET", rows[i].path, cookie, NULL) != rows[i].of[who])
				fail_msg("%d at %s", who, rows[i].path);
		}
	}
}

static void people__institutions(void **unused)
{
	(void)unused;
	char headers[128], path[128];
	(void)snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n", tokens[TEACHER]);
	(void)snprintf(path, sizeof path, "/own?institution=%s", houses[TEACHER].text);
	struct answer answer = client_ask(server.port, "GET", path, headers, NULL);
	assert_non_null(strstr(answer.body, "\"name\":\"teacher\",\"institutions\":1,\"may\":true"));
	answer_free(&answer);
	(void)snprintf(path, sizeof path, "/own?institution=%s", houses[STAFF].text);
	answer = client_ask(server.port, "GET", path, headers, NULL);
	assert_non_null(strstr(answer.body, "\"may\":false"));
	answer_free(&answer);
}

static void people__tokens_that_are_not_good(void **unused)
{
	(void)unused;
	const char *never = "Authorization: Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n";
	assert_int_equal(status_of("GET", "/public", never, NULL), 401);
	/* an old cookie is nobody's, so that public pages still open */
	assert_int_equal(status_of("GET", "/public", "Cookie: curb=AAAAAAAAAAAAAAAAAAAAA\r\n", NULL), 200);
	assert_int_equal(status_of("GET", "/own", "Cookie: curb=AAAAAAAAAAAAAAAAAAAAA\r\n", NULL), 401);
}

static void people__pages_lead_to_sign_in(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/own", "Accept: text/html,*/*;q=0.8\r\n",
	                                  NULL);
	assert_int_equal(answer.status, 303);
	assert_string_equal(answer_header(&answer, "Location"), "/signin?back=/own");
	answer_free(&answer);
	assert_int_equal(status_of("GET", "/own", "Accept: */*\r\n", NULL), 401);
}

/* POST /own as the learner, with a cookie, these headers and this body. */
static int post_own(const char *more, const char *body)
{
	char headers[1024];
	(void)snprintf(headers, sizeof headers,
	               "Cookie: curb=%s\r\nContent-Type: application/x-www-form-urlencoded\r\n%s",
	               tokens[LEARNER], more);
	return status_of("POST", "/own", headers, body);
}

static void people__writes_with_a_cookie_need_a_token_and_our_origin(void **unused)
{
	(void)unused;
	char headers[512], token[64], body[128];
	(void)snprintf(headers, sizeof headers, "Cookie: curb=%s\r\n", tokens[LEARNER]);
	struct answer answer = client_ask(server.port, "GET", "/token", headers, NULL);
	(void)snprintf(token, sizeof token, "%s", answer.body);
	answer_free(&answer);
	assert_true(strlen(token) > 20);
	(void)snprintf(body, sizeof body, "note=x&csrf=%s", token);
	assert_int_equal(post_own("", body), 200);
	assert_int_equal(post_own("", "note=x"), 403);
	assert_int_equal(post_own("", "note=x&csrf="), 403);
	assert_int_equal(post_own("", "note=x&csrf=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 403);
	(void)snprintf(headers, sizeof headers, "X-CSRF-Token: %s\r\n", token);
	assert_int_equal(post_own(headers, "note=x"), 200);
	(void)snprintf(headers, sizeof headers, "Origin: http://127.0.0.1:%d\r\n", server.port);
	assert_int_equal(post_own(headers, body), 200);
	assert_int_equal(post_own(headers, "note=x"), 403);
	(void)snprintf(headers, sizeof headers, "Referer: http://127.0.0.1:%d/page\r\n", server.port);
	assert_int_equal(post_own(headers, body), 200);
	assert_int_equal(post_own("Origin: http://learn.example.org\r\n", body), 200);
	assert_int_equal(post_own("Referer: http://learn.example.org/page\r\n", body), 200);
	assert_int_equal(post_own("Origin: http://learn.example.org.evil.example\r\n", body), 403);
	assert_int_equal(post_own("Referer: http://learn.example.org.evil.example/\r\n", body), 403);
	assert_int_equal(post_own("Origin: http://evil.example\r\n", body), 403);
	assert_int_equal(post_own("Origin: null\r\n", body), 403);
	(void)snprintf(headers, sizeof headers, "Referer: http://127.0.0.1:%d.evil.example/\r\n",
	               server.port);
	assert_int_equal(post_own(headers, body), 403);
}

/* A name that somebody lets resolve to this machine. */
static void people__a_host_that_is_no_name_of_this_machine_is_not_ours(void **unused)
{
	(void)unused;
	char text[1024];
	struct client client = client_open(server.port);
	(void)snprintf(text, sizeof text,
	               "POST /own HTTP/1.1\r\nHost: localhost.evil.example\r\nCookie: curb=%s\r\n"
	               "Origin: http://localhost.evil.example\r\nContent-Length: 0\r\n\r\n",
	               tokens[LEARNER]);
	assert_true(client_text(&client, text));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.status, 403);
	assert_non_null(strstr(answer.body, "another site"));
	answer_free(&answer);
	client_close(&client);
}

static void people__json_with_a_cookie_needs_the_token_too(void **unused)
{
	(void)unused;
	char headers[512];
	(void)snprintf(headers, sizeof headers, "Cookie: curb=%s\r\nContent-Type: application/json\r\n",
	               tokens[LEARNER]);
	assert_int_equal(status_of("POST", "/own", headers, "{\"note\":\"x\"}"), 403);
	(void)snprintf(headers, sizeof headers,
	               "Authorization: Bearer %s\r\nContent-Type: application/json\r\n", tokens[LEARNER]);
	struct answer answer = client_ask(server.port, "POST", "/own", headers, "{\"note\":\"x\"}");
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(answer.body, "\"note\":\"x\""));
	answer_free(&answer);
}

static void people__forms_of_nobody(void **unused)
{
	(void)unused;
	const char *form = "Content-Type: application/x-www-form-urlencoded\r\n";
	const char *json = "Content-Type: application/json\r\n";
	assert_int_equal(status_of("POST", "/public", form, "note=x"), 403);
	assert_int_equal(status_of("POST", "/public",
	                           "Content-Type: application/x-www-form-urlencoded\r\n"
	                           "Cookie: curb-form=00000000000000000000000000000000\r\n",
	                           "csrf=0000000000000000000000000000000000000000"),
	                 403);
	assert_int_equal(status_of("POST", "/public", json, "{}"), 200);
	assert_int_equal(status_of("POST", "/public",
	                           "Content-Type: application/json\r\nOrigin: http://evil.example\r\n", "{}"),
	                 403);
}

static void people__cookies(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/cookie", "", NULL);
	assert_string_equal(answer_header(&answer, "Set-Cookie"),
	                    "curb=token; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
	answer_free(&answer);
}

static void people__two_cookies_are_none(void **unused)
{
	(void)unused;
	char headers[256];
	(void)snprintf(headers, sizeof headers, "Cookie: curb=%s; curb=%s\r\n", tokens[LEARNER],
	               tokens[ADMIN]);
	assert_int_equal(status_of("GET", "/own", headers, NULL), 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people__roles_and_reach),
		cmocka_unit_test(people__institutions),
		cmocka_unit_test(people__tokens_that_are_not_good),
		cmocka_unit_test(people__pages_lead_to_sign_in),
		cmocka_unit_test(people__writes_with_a_cookie_need_a_token_and_our_origin),
		cmocka_unit_test(people__a_host_that_is_no_name_of_this_machine_is_not_ours),
		cmocka_unit_test(people__json_with_a_cookie_needs_the_token_too),
		cmocka_unit_test(people__forms_of_nobody),
		cmocka_unit_test(people__cookies),
		cmocka_unit_test(people__two_cookies_are_none),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
