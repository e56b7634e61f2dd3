#include "needs_house.h"

#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "needs_routes.h"
#include "page.h"

struct test_server server;
char tokens[PEOPLE][PEOPLE_TOKEN_SIZE];
struct curb_id ids[PEOPLE];

/* What signing in and out on a device that others use does. */
static int get_enter(struct curb_req *req, void *state)
{
	(void)state;
	int err = http_session_cookie(req, "token", true);
	return err ? err : curb_reply_empty(req, 204);
}

static int get_leave(struct curb_req *req, void *state)
{
	(void)state;
	int err = http_session_cookie(req, NULL, false);
	return err ? err : curb_reply_empty(req, 204);
}

static const struct curb_route routes[] = {
	{ "GET", "/enter", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_enter, CURB_LANE_ANY },
	{ "GET", "/leave", CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, get_leave, CURB_LANE_ANY },
	{ 0 },
};

static int add_one(struct curb_tx *tx, int who, const char *name, uint32_t role, const struct curb_id *where)
{
	const struct people_new person = {
		.name = curb_str(name), .password_hash = "", .role = role, .institution = curb_id_str(where)
	};
	int err = people_add(tx, &person, curb_wall_ms(), &ids[who]);
	return err ? err : people_session_open(tx, &ids[who], false, curb_wall_ms(), tokens[who]);
}

static int add_people(struct curb_tx *tx, void *arg)
{
	struct curb_id here, elsewhere;
	(void)arg;
	int err = people_region_add(tx, curb_str("62"), curb_str(NULL), curb_str("Gansu"));
	if (!err)
		err = people_institution_add(tx, curb_str("62"), curb_str("here"), 1, &here);
	if (!err)
		err = people_institution_add(tx, curb_str("62"), curb_str("elsewhere"), 1, &elsewhere);
	if (!err)
		err = add_one(tx, LEARNER, "li", CURB_LEARNER, &here);
	if (!err)
		err = add_one(tx, FAMILY, "mother", CURB_HELPER, &elsewhere);
	if (!err)
		err = add_one(tx, STAFF, "wang", CURB_STAFF, &here);
	if (!err)
		err = add_one(tx, ELSEWHERE, "zhao", CURB_STAFF, &elsewhere);
	return err ? err : add_one(tx, AUTHOR, "qian", CURB_AUTHOR, &here);
}

int house_open(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	pages_free(server.pages);
	server.pages = pages_new();
	const struct a11y_api *a11y = a11y_service();
	assert_int_equal(pages_add(server.pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets),
	                 0);
	assert_int_equal(pages_add(server.pages, "core", needs_pages_templates, core_page_messages, NULL), 0);
	if (pages_seal(server.pages))
		fail_msg("%s", curb_error_text());
	server.options.pages = server.pages;
	server.tables[1] = (struct http_routes){ &curb_core_host, needs_routes, NULL };
	test_server_start(&server);
	const struct store_write write = { .fn = add_people };
	if (store_write(server.store, &write))
		fail_msg("%s", curb_error_text());
	return 0;
}

int house_close(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

void browser_cookies(const struct browser *b, const char *more, char *ret_headers, size_t room)
{
	(void)snprintf(ret_headers, room, "Accept: text/html\r\n%sCookie: lang=en; curb-form=%s%s%s%s%s\r\n",
	               more, b->form, b->needs[0] ? "; needs=" : "", b->needs, b->who >= 0 ? "; curb=" : "",
	               b->who >= 0 ? tokens[b->who] : "");
}

void browser_take(struct browser *b, const struct answer *answer)
{
	const char *form = answer_cookie(answer, "curb-form");
	if (*form)
		(void)snprintf(b->form, sizeof b->form, "%s", form);
	const char *told = strstr(answer->head, "Set-Cookie: needs=");
	if (told && strstr(told + 1, "Set-Cookie: needs="))
		fail_msg("told twice, and browsers keep the last: %s", answer->head);
	if (told)
		(void)snprintf(b->needs, sizeof b->needs, "%s", answer_cookie(answer, "needs"));
	(void)snprintf(b->place, sizeof b->place, "%s", answer_header(answer, "Location"));
}

int get(struct browser *b, const char *path)
{
	char headers[1024];
	browser_cookies(b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", path, headers, NULL);
	browser_take(b, &answer);
	free(b->page);
	b->page = strdup(answer.body);
	const char *field = strstr(answer.body, "name=\"csrf\" value=\"");
	if (field)
		(void)snprintf(b->token, sizeof b->token, "%.*s", (int)strcspn(field + 19, "\""), field + 19);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

int post_raw(struct browser *b, const char *path, const char *type, const char *more, const char *body)
{
	char headers[1280], lines[256];
	(void)snprintf(lines, sizeof lines, "Content-Type: %s\r\n%s", type, more);
	browser_cookies(b, lines, headers, sizeof headers);
	struct answer answer = client_ask(server.port, "POST", path, headers, body);
	browser_take(b, &answer);
	free(b->page);
	b->page = strdup(answer.body);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

int post(struct browser *b, const char *path, const char *body)
{
	char text[2048];
	(void)snprintf(text, sizeof text, "csrf=%s&%s", b->token, body);
	return post_raw(b, path, "application/x-www-form-urlencoded", "", text);
}

struct browser open_as(int who)
{
	struct browser b = { .who = who };
	assert_int_equal(get(&b, "/needs"), 200);
	return b;
}

void shut(struct browser *b)
{
	free(b->page);
	b->page = NULL;
}

void has(const struct browser *b, const char *text)
{
	if (!strstr(b->page, text))
		fail_msg("not there: %s\n%s", text, b->page);
}

void lacks(const struct browser *b, const char *text)
{
	if (strstr(b->page, text))
		fail_msg("there: %s", text);
}

static int forget(struct curb_tx *tx, void *arg)
{
	static const char *const sql[] = { "DELETE FROM core_needs", "DELETE FROM core_needs_use",
		                           "DELETE FROM core_needs_consent" };
	int err = 0;
	(void)arg;
	for (size_t i = 0; i < sizeof sql / sizeof *sql && !err; i++)
		err = curb_exec(&curb_core_host, tx, sql[i], CURB_NO_BINDS, NULL);
	return err;
}

int house_anew(void **unused)
{
	const struct store_write write = { .fn = forget };
	(void)unused;
	return store_write(server.store, &write);
}
