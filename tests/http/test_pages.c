/* Pages for people: sign-in by form, the token of a form, problems told as a page, languages. */
#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "client.h"
#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/words.h"
#include "page.h"
#include "people.h"
#include "server.h"
#include "signin.h"

static int get_fault(struct curb_req *req, void *state)
{
	(void)req;
	(void)state;
	return curb_fail(CURB_ENOTFOUND, "There is nothing at this address");
}

/* The links of a list of ten a page, as "text|previous|next". */
static int get_list(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_value *model = curb_object(curb_req_arena(req));
	int64_t page = 0, total = 0;
	assert_true(curb_str_int(curb_req_query(req, "page"), &page));
	assert_true(curb_str_int(curb_req_query(req, "total"), &total));
	curb_put_pager(req, model, "/list?q=%7Bpage%7D&page={page}#list", page, 10, total);
	const struct curb_value *pager = curb_value_get(model, "pager");
	struct curb_buf out = curb_buf(1024);
	const char *const names[] = { "text", "previous", "next" };
	for (size_t i = 0; i < 3; i++) {
		curb_buf_text(&out, i ? "|" : "");
		curb_buf_str(&out, curb_get_str(pager, names[i]));
	}
	return curb_reply_bytes(req, 200, "text/plain; charset=utf-8", &out);
}

static const struct curb_route routes[] = {
	{ "GET", "/list", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_list, CURB_LANE_ANY },
	{ "GET", "/own", CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_NONE, 0, get_fault, CURB_LANE_ANY },
	{ 0 },
};

static struct test_server server;
static struct signin_options options = { .lan_plain = true };

static int add_person(struct curb_tx *tx, void *arg)
{
	const struct people_new person = { .name = curb_str("20260001"),
		                           .password_hash = arg,
		                           .role = CURB_LEARNER };
	struct curb_id id;
	return people_add(tx, &person, curb_wall_ms(), &id);
}

static int start(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	pages_free(server.pages);
	server.pages = pages_new();
	const struct a11y_api *a11y = a11y_service();
	assert_int_equal(pages_add(server.pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets),
	                 0);
	assert_int_equal(pages_add(server.pages, "core", signin_templates, core_page_messages, signin_assets),
	                 0);
	assert_int_equal(pages_seal(server.pages), 0);
	server.options.pages = server.pages;
	server.tables[1] = (struct http_routes){ &curb_core_host, signin_routes, &options };
	test_server_start(&server);
	char hash[PEOPLE_HASH_SIZE];
	assert_int_equal(people_password_hash(curb_str("correct horse"), hash), 0);
	const struct store_write write = { .fn = add_person, .arg = hash };
	assert_int_equal(store_write(server.store, &write), 0);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

/* The value of the hidden field csrf of a page. */
static void token_of(const struct answer *page, char *ret_token, size_t room)
{
	const char *field = strstr(page->body, "name=\"csrf\"");
	assert_non_null(field);
	const char *value = strstr(field, "value=\"");
	assert_non_null(value);
	(void)snprintf(ret_token, room, "%.*s", (int)strcspn(value + 7, "\""), value + 7);
}

struct form {
	char cookie[64], token[64];
};

static struct form open_form(void)
{
	struct form form;
	struct answer page = client_ask(server.port, "GET", "/signin", "Accept: text/html\r\n", NULL);
	assert_int_equal(page.status, 200);
	(void)snprintf(form.cookie, sizeof form.cookie, "%s", answer_cookie(&page, "curb-form"));
	token_of(&page, form.token, sizeof form.token);
	assert_int_equal(strlen(form.cookie), 32);
	assert_int_equal(strlen(form.token), 40);
	answer_free(&page);
	return form;
}

static struct answer send_form(const char *cookie, const char *token, const char *password)
{
	char headers[512], body[512];
	(void)snprintf(headers, sizeof headers,
	               "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	               "Cookie: curb-form=%s; lang=en\r\n",
	               cookie);
	(void)snprintf(body, sizeof body, "name=20260001&password=%s&csrf=%s&back=/own", password, token);
	return client_ask(server.port, "POST", "/signin", headers, body);
}

static void pages__sign_in_by_form(void **unused)
{
	(void)unused;
	struct form form = open_form();
	struct answer answer = send_form(form.cookie, form.token, "correct+horse");
	assert_int_equal(answer.status, 303);
	assert_string_equal(answer_header(&answer, "Location"), "/own");
	char cookie[128], headers[256];
	(void)snprintf(cookie, sizeof cookie, "%s", answer_cookie(&answer, "curb"));
	assert_string_not_equal(cookie, "");
	answer_free(&answer);
	(void)snprintf(headers, sizeof headers, "Accept: text/html\r\nCookie: curb=%s; lang=en\r\n", cookie);
	answer = client_ask(server.port, "GET", "/own", headers, NULL);
	assert_int_equal(answer.status, 404); /* what the handler says, so she was let in */
	answer_free(&answer);
	/* signing out needs the token of the session, not the one of nobody's form */
	char out[400], body[128];
	(void)snprintf(out, sizeof out, "%sContent-Type: application/x-www-form-urlencoded\r\n", headers);
	(void)snprintf(body, sizeof body, "csrf=%s", form.token);
	answer = client_ask(server.port, "POST", "/signout", out, body);
	assert_int_equal(answer.status, 403);
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/signin", headers, NULL);
	token_of(&answer, form.token, sizeof form.token);
	answer_free(&answer);
	(void)snprintf(body, sizeof body, "csrf=%s", form.token);
	answer = client_ask(server.port, "POST", "/signout", out, body);
	assert_int_equal(answer.status, 303);
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/own", headers, NULL);
	assert_int_equal(answer.status, 303);
	answer_free(&answer);
}

static int status_of_own(const char *cookie)
{
	char headers[256];
	(void)snprintf(headers, sizeof headers, "Accept: text/html\r\nCookie: curb=%s; lang=en\r\n", cookie);
	struct answer answer = client_ask(server.port, "GET", "/own", headers, NULL);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

/* On a shared device the next person signs in over the last one, whose session must not live on. */
static void bug_session__the_last_one_ends_at_the_next_sign_in(void **unused)
{
	(void)unused;
	struct form form = open_form();
	struct answer answer = send_form(form.cookie, form.token, "correct+horse");
	char first[128], second[128], headers[512], token[64], body[256];
	(void)snprintf(first, sizeof first, "%s", answer_cookie(&answer, "curb"));
	answer_free(&answer);
	assert_int_equal(status_of_own(first), 404);
	(void)snprintf(headers, sizeof headers,
	               "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	               "Cookie: curb=%s; lang=en\r\n",
	               first);
	answer = client_ask(server.port, "GET", "/signin", headers, NULL);
	token_of(&answer, token, sizeof token);
	answer_free(&answer);
	(void)snprintf(body, sizeof body, "name=20260001&password=correct+horse&csrf=%s", token);
	answer = client_ask(server.port, "POST", "/signin", headers, body);
	assert_int_equal(answer.status, 303);
	(void)snprintf(second, sizeof second, "%s", answer_cookie(&answer, "curb"));
	answer_free(&answer);
	assert_string_not_equal(first, second);
	assert_int_equal(status_of_own(second), 404);
	assert_int_equal(status_of_own(first), 303);
}

static void pages__forms_from_elsewhere_are_refused(void **unused)
{
	(void)unused;
	struct form form = open_form(), other = open_form();
	assert_string_not_equal(form.cookie, other.cookie);
	struct answer answer = send_form(form.cookie, other.token, "correct+horse");
	assert_int_equal(answer.status, 403);
	assert_string_equal(answer_cookie(&answer, "curb"), "");
	assert_string_equal(answer_header(&answer, "Content-Type"), "text/html; charset=utf-8");
	const char *lead = strstr(answer.body, "<p class=\"lead\">"),
		   *end = lead ? strstr(lead, "</p>") : NULL;
	assert_non_null(end);
	assert_int_equal(end[-1], '.'); /* what an error says is a sentence on a page */
	answer_free(&answer);
}

static void pages__a_wrong_password_is_told_on_the_form(void **unused)
{
	(void)unused;
	struct form form = open_form();
	struct answer answer = send_form(form.cookie, form.token, "wrong+horse");
	assert_int_equal(answer.status, 401);
	assert_non_null(strstr(answer.body, "That did not match"));
	assert_string_equal(answer_cookie(&answer, "curb"), "");
	answer_free(&answer);
}

static void pages__problems_are_pages_for_people(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(
		server.port, "GET", "/nowhere",
		"Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nAccept-Language: en\r\n", NULL);
	assert_int_equal(answer.status, 404);
	assert_string_equal(answer_header(&answer, "Content-Type"), "text/html; charset=utf-8");
	assert_non_null(strstr(answer_header(&answer, "Content-Security-Policy"), "frame-ancestors 'none'"));
	assert_non_null(strstr(answer.body, "<h1"));
	assert_non_null(strstr(answer.body, "There is nothing here"));
	assert_non_null(strstr(answer.body, "This page is not here. Your study record is not affected."));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/signout", "Accept: text/html\r\nAccept-Language: en\r\n",
	                    NULL);
	assert_int_equal(answer.status, 405);
	assert_non_null(strstr(answer.body, "it cannot be opened by itself"));
	assert_null(strstr(answer.body, "GET"));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/api/v1/nowhere", "Accept: text/html\r\n", NULL);
	assert_string_equal(answer_header(&answer, "Content-Type"), "application/problem+json");
	answer_free(&answer);
}

static void expect_lang(const char *headers, const char *html)
{
	struct answer answer = client_ask(server.port, "GET", "/signin", headers, NULL);
	assert_int_equal(answer.status, 200);
	if (!strstr(answer.body, html))
		fail_msg("not %s for %s", html, headers);
	answer_free(&answer);
}

static void pages__languages(void **unused)
{
	(void)unused;
	expect_lang("", "lang=\"zh-CN\"");
	expect_lang("Accept-Language: en-GB,en;q=0.9\r\n", "lang=\"en\"");
	expect_lang("Accept-Language: en\r\nCookie: lang=zh-CN\r\n", "lang=\"zh-CN\"");
	expect_lang("Cookie: lang=xx\r\nAccept-Language: en\r\n", "lang=\"en\"");
}

static void pages__the_pages_of_a_list(void **unused)
{
	(void)unused;
	static const struct {
		int page, total;
		const char *lang, *expected;
	} cases[] = {
#define TO(page) "/list?q=%7Bpage%7D&page=" page "#list"
		{ 1, 0, "en", "||" },
		{ 1, 10, "en", "||" },
		{ 1, 11, "en", "Page 1 of 2||" TO("2") },
		{ 2, 11, "en", "Page 2 of 2|" TO("1") "|" },
		{ 2, 30, "en", "Page 2 of 3|" TO("1") "|" TO("3") },
		{ 3, 30, "en", "Page 3 of 3|" TO("2") "|" },
		{ 9, 30, "en", "Page 9 of 3|" TO("3") "|" },
		{ 9, 5, "en", "Page 9 of 1|" TO("1") "|" },
		{ 9, 0, "en", "Page 9 of 1|" TO("1") "|" },
		{ 2, 30, "zh-CN", "第 2 页，共 3 页|" TO("1") "|" TO("3") },
#undef TO
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char path[64], headers[64];
		(void)snprintf(path, sizeof path, "/list?page=%d&total=%d", cases[i].page, cases[i].total);
		(void)snprintf(headers, sizeof headers, "Accept-Language: %s\r\n", cases[i].lang);
		struct answer answer = client_ask(server.port, "GET", path, headers, NULL);
		assert_int_equal(answer.status, 200);
		assert_string_equal(answer.body, cases[i].expected);
		answer_free(&answer);
	}
}

static void pages__assets_are_kept_for_a_year(void **unused)
{
	(void)unused;
	struct answer page = client_ask(server.port, "GET", "/signin", "Accept: text/html\r\n", NULL);
	const char *at = strstr(page.body, "\"/assets/");
	assert_non_null(at);
	char path[256];
	(void)snprintf(path, sizeof path, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
	answer_free(&page);
	struct answer answer = client_ask(server.port, "GET", path, "", NULL);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, max-age=31536000, immutable");
	assert_true(answer.len > 0);
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/assets/a11y/0000/none.css", "", NULL);
	assert_int_equal(answer.status, 404);
	answer_free(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages__sign_in_by_form),
		cmocka_unit_test(bug_session__the_last_one_ends_at_the_next_sign_in),
		cmocka_unit_test(pages__forms_from_elsewhere_are_refused),
		cmocka_unit_test(pages__a_wrong_password_is_told_on_the_form),
		cmocka_unit_test(pages__problems_are_pages_for_people),
		cmocka_unit_test(pages__languages),
		cmocka_unit_test(pages__the_pages_of_a_list),
		cmocka_unit_test(pages__assets_are_kept_for_a_year),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
