/* What helps a person, through the socket: chosen signed out and in, followed by pages, set by a helper with consent. */
#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "client.h"
#include "cm.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "needs_routes.h"
#include "page.h"
#include "people.h"
#include "server.h"

enum { LEARNER, FAMILY, STAFF, ELSEWHERE, AUTHOR, PEOPLE };

static struct test_server server;
static char tokens[PEOPLE][PEOPLE_TOKEN_SIZE];
static struct curb_id ids[PEOPLE];

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

static int start(void **unused)
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

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

/* ---- a browser: who is signed in, what it was told, the cookie of its forms ---- */

struct browser {
	int who; /* -1: nobody */
	char needs[128], form[64], token[64], place[512];
	char *page;
};

static void cookies(const struct browser *b, const char *more, char *ret_headers, size_t room)
{
	(void)snprintf(ret_headers, room, "Accept: text/html\r\n%sCookie: lang=en; curb-form=%s%s%s%s%s\r\n",
	               more, b->form, b->needs[0] ? "; needs=" : "", b->needs, b->who >= 0 ? "; curb=" : "",
	               b->who >= 0 ? tokens[b->who] : "");
}

static void take_cookies(struct browser *b, const struct answer *answer)
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

static int get(struct browser *b, const char *path)
{
	char headers[1024];
	cookies(b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", path, headers, NULL);
	take_cookies(b, &answer);
	free(b->page);
	b->page = strdup(answer.body);
	const char *field = strstr(answer.body, "name=\"csrf\" value=\"");
	if (field)
		(void)snprintf(b->token, sizeof b->token, "%.*s", (int)strcspn(field + 19, "\""), field + 19);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

static int post_raw(struct browser *b, const char *path, const char *type, const char *more, const char *body)
{
	char headers[1280], lines[256];
	(void)snprintf(lines, sizeof lines, "Content-Type: %s\r\n%s", type, more);
	cookies(b, lines, headers, sizeof headers);
	struct answer answer = client_ask(server.port, "POST", path, headers, body);
	take_cookies(b, &answer);
	free(b->page);
	b->page = strdup(answer.body);
	int status = answer.status;
	answer_free(&answer);
	return status;
}

/* `body` with the token of the page that was opened last. */
static int post(struct browser *b, const char *path, const char *body)
{
	char text[2048];
	(void)snprintf(text, sizeof text, "csrf=%s&%s", b->token, body);
	return post_raw(b, path, "application/x-www-form-urlencoded", "", text);
}

static struct browser open_as(int who)
{
	struct browser b = { .who = who };
	assert_int_equal(get(&b, "/needs"), 200);
	return b;
}

static void shut(struct browser *b)
{
	free(b->page);
	b->page = NULL;
}

static void has(const struct browser *b, const char *text)
{
	if (!strstr(b->page, text))
		fail_msg("not there: %s\n%s", text, b->page);
}

static void lacks(const struct browser *b, const char *text)
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

static int anew(void **unused)
{
	const struct store_write write = { .fn = forget };
	(void)unused;
	return store_write(server.store, &write);
}

/* ---- tests ---- */

static void needs__signed_out_a_small_cookie_without_an_id(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	lacks(&b, "data-text=");
	assert_int_equal(post(&b, "/needs", "largePrint=yes&calm=yes&back=/courses%3Fq%3Da"), 303);
	assert_string_equal(b.place, "/needs?done=yes&back=/courses%3Fq%3Da");
	assert_true(strlen(b.needs) > 20 && strlen(b.needs) < 80);
	assert_int_equal(strspn(b.needs, "0123456789abcdef."), strlen(b.needs));
	assert_int_equal(get(&b, b.place), 200);
	has(&b, "<html lang=\"en\" dir=\"ltr\" data-colours=\"contrast\" data-text=\"150\" "
	        "data-motion=\"less\">");
	has(&b, "href=\"/courses?q=a\"");
	has(&b, "name=\"largePrint\" value=\"yes\" checked");
	lacks(&b, "name=\"captions\" value=\"yes\" checked");
	/* every other page too, also one that is not there */
	assert_int_equal(get(&b, "/nothing"), 404);
	has(&b, "data-text=\"150\"");
	shut(&b);
}

static void needs__the_cookie_is_for_this_server_alone(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	char headers[1024], body[256];
	cookies(&b, "Content-Type: application/x-www-form-urlencoded\r\n", headers, sizeof headers);
	(void)snprintf(body, sizeof body, "csrf=%s&captions=yes", b.token);
	struct answer answer = client_ask(server.port, "POST", "/needs", headers, body);
	const char *line = strstr(answer.head, "Set-Cookie: needs=");
	assert_non_null(line);
	assert_non_null(strstr(line, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000\r\n"));
	answer_free(&answer);
	shut(&b);
}

static void needs__a_cookie_that_is_not_ours_is_none(void **unused)
{
	(void)unused;
	struct browser b = { .who = -1, .needs = "1.ffffffff.9999999999999.00000000.0000000000000.0" };
	assert_int_equal(get(&b, "/needs"), 200);
	has(&b, "<html lang=\"en\" dir=\"ltr\">");
	shut(&b);
}

static void needs__signed_in_it_is_kept_with_the_person(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER), other = { .who = LEARNER };
	assert_int_equal(post(&b, "/needs", "simplified=yes"), 303);
	assert_string_equal(b.needs, "");
	assert_int_equal(get(&other, "/needs"), 200); /* another device */
	has(&other, "data-spacing=\"wide\" data-layout=\"simple\"");
	assert_int_equal(get(&other, "/nothing"), 404); /* a page that is not here is hers too */
	has(&other, "data-layout=\"simple\"");
	has(&other, "Signed in as li");
	assert_int_equal(get(&other, "/enter"), 204);
	struct browser nobody = open_as(STAFF);
	lacks(&nobody, "data-layout");
	shut(&b);
	shut(&other);
	shut(&nobody);
}

static void needs__each_thing_by_itself_goes_first(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	assert_int_equal(get(&b, "/needs/details"), 200);
	has(&b, "As chosen on the first page: Half as large again");
	assert_int_equal(post(&b, "/needs/details", "fontSize=200&colourTheme=dark&captions="), 303);
	assert_int_equal(get(&b, "/needs/details"), 200);
	has(&b, "data-colours=\"dark\" data-text=\"200\"");
	has(&b, "<option value=\"200\" selected>");
	/* the first page changes the presets alone */
	assert_int_equal(post(&b, "/needs", "captions=yes"), 303);
	assert_int_equal(get(&b, "/needs/details"), 200);
	has(&b, "data-colours=\"dark\" data-text=\"200\"");
	assert_int_equal(post(&b, "/needs/details", "fontSize=&colourTheme="), 303);
	assert_int_equal(get(&b, "/needs"), 200);
	lacks(&b, "data-text=");
	shut(&b);
}

static void needs__as_before(void **unused)
{
	(void)unused;
	static const int people[] = { LEARNER, -1 };
	for (size_t i = 0; i < 2; i++) {
		struct browser b = open_as(people[i]);
		lacks(&b, "/needs/undo");
		assert_int_equal(post(&b, "/needs/undo", ""), 404);
		assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
		assert_int_equal(post(&b, "/needs", "simplified=yes"), 303);
		assert_int_equal(post(&b, "/needs", "simplified=yes"), 303); /* pressed twice */
		assert_int_equal(get(&b, "/needs"), 200);
		has(&b, "/needs/undo");
		assert_int_equal(post(&b, "/needs/undo", "back=/record"), 303);
		assert_string_equal(b.place, "/needs?done=yes&back=/record");
		assert_int_equal(get(&b, "/needs"), 200);
		has(&b, "data-text=\"150\"");
		lacks(&b, "data-layout");
		shut(&b);
	}
}

static void needs__a_form_of_somebody_else_changes_nothing(void **unused)
{
	(void)unused;
	static const char *const paths[] = { "/needs",       "/needs/details", "/needs/undo",
		                             "/needs/keep",  "/needs/helpers", "/needs/copy",
		                             "/needs/forget" };
	struct browser b = open_as(LEARNER), nobody = open_as(-1);
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		assert_int_equal(post_raw(&b, paths[i], "application/x-www-form-urlencoded", "",
		                          "largePrint=yes&sure=yes&helper=mother&until=day&csrf=x"),
		                 403);
	char body[256];
	(void)snprintf(body, sizeof body, "csrf=%s&largePrint=yes", b.token);
	assert_int_equal(post_raw(&b, "/needs", "application/x-www-form-urlencoded",
	                          "Origin: http://evil.example\r\n", body),
	                 403);
	assert_int_equal(
		post_raw(&nobody, "/needs", "application/x-www-form-urlencoded", "", "largePrint=yes"), 403);
	assert_string_equal(nobody.needs, "");
	assert_int_equal(get(&b, "/needs"), 200);
	lacks(&b, "data-text=");
	shut(&b);
	shut(&nobody);
}

static void needs__back_leads_to_this_server_alone(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	assert_int_equal(post(&b, "/needs", "captions=yes&back=//evil.example"), 303);
	assert_string_equal(b.place, "/needs?done=yes&back=/");
	assert_int_equal(get(&b, "/needs?back=https://evil.example"), 200);
	lacks(&b, "\"https://evil.example");
	has(&b, "name=\"back\" value=\"/\"");
	assert_int_equal(get(&b, "/needs?back=/videos/7%3Ffrom%3D12%26a%3Db"), 200);
	has(&b, "value=\"/videos/7?from=12&amp;a=b\"");
	/* from this page to itself the way back does not grow */
	has(&b, "href=\"/needs?back=%2Fvideos%2F7%3Ffrom%3D12%26a%3Db\" aria-current=\"page\"");
	shut(&b);
}

static void needs__what_the_browser_was_told_is_offered_and_overwrites_nothing(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	lacks(&b, "/needs/keep");
	b.who = LEARNER; /* signs in: nothing is kept with her, so pages follow what was chosen */
	assert_int_equal(get(&b, "/needs"), 200);
	has(&b, "data-text=\"150\"");
	has(&b, "action=\"/needs/keep\"");
	has(&b, "Keep it with you");
	struct browser elsewhere = open_as(LEARNER);
	lacks(&elsewhere, "data-text");
	assert_int_equal(post(&b, "/needs/keep", "answer=keep&back=/record"), 303);
	assert_string_equal(b.place, "/record");
	assert_int_equal(get(&elsewhere, "/needs"), 200);
	has(&elsewhere, "data-text=\"150\"");
	assert_int_equal(get(&b, "/needs"), 200);
	lacks(&b, "/needs/keep");
	shut(&b);
	shut(&elsewhere);
}

static void needs__what_is_kept_goes_before_the_browser(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs", "simplified=yes"), 303);
	struct browser other = open_as(-1);
	assert_int_equal(post(&other, "/needs", "largePrint=yes"), 303);
	other.who = LEARNER;
	assert_int_equal(get(&other, "/needs"), 200);
	has(&other, "data-layout=\"simple\"");
	lacks(&other, "data-text");
	has(&other, "was set to something else");
	assert_int_equal(post(&other, "/needs/keep", "answer=no"), 303);
	assert_int_equal(get(&other, "/needs"), 200);
	has(&other, "data-layout=\"simple\"");
	lacks(&other, "/needs/keep");
	other.who = -1; /* signed out again the device is as it was told */
	assert_int_equal(get(&other, "/needs"), 200);
	has(&other, "data-text=\"150\"");
	other.who = LEARNER;
	assert_int_equal(post(&b, "/needs/keep", "answer=perhaps"), 400);
	shut(&b);
	shut(&other);
}

static void needs__a_device_that_others_use_keeps_nothing(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	char headers[512];
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	cookies(&b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", "/leave", headers, NULL);
	assert_null(strstr(answer.head, "Set-Cookie: needs=")); /* her own device */
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/enter", headers, NULL);
	const char *line = strstr(answer.head, "Set-Cookie: needs=");
	assert_non_null(line);
	assert_null(strstr(line, "SameSite=Lax; Max-Age")); /* ends with the browser */
	take_cookies(&b, &answer);
	answer_free(&answer);
	cookies(&b, "", headers, sizeof headers);
	answer = client_ask(server.port, "GET", "/leave", headers, NULL);
	assert_non_null(strstr(answer.head, "Set-Cookie: needs=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
	answer_free(&answer);
	shut(&b);
}

static void consent(struct browser *b, const char *helper)
{
	char body[128];
	(void)snprintf(body, sizeof body, "helper=%s&until=day", helper);
	if (post(b, "/needs/helpers", body) != 303)
		fail_msg("%s: %s", helper, b->page);
}

static void needs__a_helper_sets_it_with_consent_and_is_seen(void **unused)
{
	(void)unused;
	char path[80], end[120];
	(void)snprintf(path, sizeof path, "/needs/for/%s", ids[LEARNER].text);
	struct browser b = open_as(LEARNER), family = open_as(FAMILY), staff = open_as(STAFF),
		       elsewhere = open_as(ELSEWHERE), author = open_as(AUTHOR);
	assert_int_equal(get(&family, path), 404);
	assert_int_equal(post(&family, path, "largePrint=yes"), 404);
	consent(&b, "mother");
	consent(&b, "wang");
	assert_int_equal(get(&family, path), 200);
	has(&family, "You set this for li");
	assert_int_equal(post(&family, path, "largePrint=yes"), 303);
	assert_int_equal(get(&family, family.place), 200);
	lacks(&family, "data-text"); /* hers, not the helper's */
	assert_int_equal(get(&staff, path), 200);
	has(&staff, "name=\"largePrint\" value=\"yes\" checked");
	assert_int_equal(get(&elsewhere, path), 404);
	assert_int_equal(get(&author, path), 403);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	has(&b, "data-text=\"150\"");
	has(&b, ": mother changed it");
	has(&b, ": wang looked at it");
	has(&b, "mother may set it, until");
	const char *action = strstr(b.page, "action=\"/needs/helpers/");
	assert_non_null(action);
	(void)snprintf(end, sizeof end, "%.*s", (int)strcspn(action + 8, "\""), action + 8);
	assert_int_equal(post(&staff, end, ""), 404); /* another person cannot take it back */
	assert_int_equal(post(&b, end, ""), 303);
	assert_int_equal(get(&family, path), 404);
	assert_int_equal(post(&family, path, "calm=yes"), 404);
	assert_int_equal(get(&staff, path), 200);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	has(&b, ": mother is not allowed to set it any more");
	struct browser *all[] = { &b, &family, &staff, &elsewhere, &author };
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		shut(all[i]);
}

static int sit_down(struct curb_tx *tx, void *arg)
{
	return curb_exec(&curb_core_host, tx, "UPDATE core_session SET helper = $1 WHERE person = $2",
	                 CURB_BINDS(curb_bind_id(arg), curb_bind_id(&ids[LEARNER])), NULL);
}

static int stand_up(struct curb_tx *tx, void *arg)
{
	(void)arg;
	return curb_exec(&curb_core_host, tx, "UPDATE core_session SET helper = NULL", CURB_NO_BINDS, NULL);
}

static void needs__a_helper_who_signed_in_for_her_is_seen_and_says_yes_for_nobody(void **unused)
{
	(void)unused;
	struct store_write write = { .fn = sit_down, .arg = &ids[FAMILY] };
	assert_int_equal(store_write(server.store, &write), 0);
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs", "calm=yes"), 303);
	assert_int_equal(post(&b, "/needs/helpers", "helper=wang&until=day"), 403);
	assert_int_equal(post(&b, "/needs/forget", "sure=yes"), 403);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	has(&b, ": mother changed it");
	lacks(&b, ": You changed it");
	has(&b, "Nobody but you");
	write = (struct store_write){ .fn = stand_up };
	assert_int_equal(store_write(server.store, &write), 0);
	shut(&b);
}

static void needs__who_can_be_no_helper_is_told_at_the_field(void **unused)
{
	(void)unused;
	static const char *const numbers[] = { "zhao", "qian", "li", "nobody", "", "%3Cb%3E" };
	struct browser b = open_as(LEARNER);
	char body[512];
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		(void)snprintf(body, sizeof body, "helper=%s&until=month", numbers[i]);
		int status = post(&b, "/needs/helpers", body);
		if (status != 400)
			fail_msg("%s: %d", numbers[i], status);
		has(&b, "id=\"helper-error\"");
		has(&b, "<option value=\"month\" selected>");
		lacks(&b, "<b>");
	}
	assert_int_equal(post(&b, "/needs/helpers", "helper=mother&until=ever"), 400);
	has(&b, "id=\"until-error\"");
	has(&b, "value=\"mother\"");
	shut(&b);
}

static int ask_json(int who, const char *method, const char *path, const char *body, char *ret_body,
                    size_t room)
{
	char headers[256];
	(void)snprintf(headers, sizeof headers,
	               "Authorization: Bearer %s\r\nAccept-Language: en\r\n"
	               "Content-Type: application/json\r\n",
	               tokens[who]);
	struct answer answer = client_ask(server.port, method, path, headers, body);
	(void)snprintf(ret_body, room, "%s", answer.body ? answer.body : "");
	int status = answer.status;
	answer_free(&answer);
	return status;
}

static void needs__json_out_and_in(void **unused)
{
	(void)unused;
	char copy[2048], again[2048];
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs", "screenReader=yes&saveData=yes"), 303);
	assert_int_equal(post(&b, "/needs/details", "fontSize=125&captionsLanguage=en"), 303);
	assert_int_equal(ask_json(LEARNER, "GET", "/api/v1/needs", NULL, copy, sizeof copy), 200);
	assert_non_null(strstr(copy, "\"helps\":[\"screenReader\",\"saveData\"],\"preferences\":"
	                             "{\"fontSize\":125,\"captionsLanguage\":\"en\"}"));
	assert_int_equal(ask_json(STAFF, "PUT", "/api/v1/needs", copy, again, sizeof again), 200);
	assert_string_equal(copy, again);
	assert_int_equal(ask_json(STAFF, "GET", "/api/v1/needs", NULL, again, sizeof again), 200);
	assert_string_equal(copy, again);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	has(&b, ": You took a copy");
	b.who = -1;
	assert_int_equal(get(&b, "/api/v1/needs?download=yes"), 200);
	has(&b, "\"helps\":[]");
	shut(&b);
}

static void needs__a_download_has_a_name(void **unused)
{
	(void)unused;
	struct answer answer = client_ask(server.port, "GET", "/api/v1/needs?download=yes", "", NULL);
	assert_string_equal(answer_header(&answer, "Content-Disposition"),
	                    "attachment; filename=\"what-helps-me.json\"");
	answer_free(&answer);
}

static void needs__bad_json_is_refused_with_what_to_mend(void **unused)
{
	(void)unused;
	static const char *const bodies[] = { "{\"helps\":[\"deaf\"]}",
		                              "{\"preferences\":{\"fontSize\":1}}",
		                              "{\"helps\":[\"\xd0\xd0\"]}",
		                              "[]",
		                              "{",
		                              "\"x\"" };
	char told[2048];
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		assert_int_equal(ask_json(LEARNER, "PUT", "/api/v1/needs", bodies[i], told, sizeof told),
		                 400);
	assert_int_equal(ask_json(LEARNER, "PUT", "/api/v1/needs", bodies[0], told, sizeof told), 400);
	assert_non_null(strstr(told, "Take it out, or write one of: screenReader, largePrint"));
	assert_int_equal(ask_json(LEARNER, "GET", "/api/v1/needs", NULL, told, sizeof told), 200);
	assert_non_null(strstr(told, "\"helps\":[]"));
	char *large = curb_xcalloc(1, (1 << 20) + 64);
	(void)snprintf(large, 64, "{\"helps\":[\"");
	memset(large + 11, 'a', 1 << 20);
	memcpy(large + 11 + (1 << 20), "\"]}", 4);
	assert_int_equal(ask_json(LEARNER, "PUT", "/api/v1/needs", large, told, sizeof told), 413);
	free(large);
	assert_int_equal(
		client_ask(server.port, "PUT", "/api/v1/needs", "Content-Type: application/json\r\n", "{}")
			.status,
		401);
}

static void needs__a_copy_is_pasted_and_its_mistakes_are_told_at_the_field(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs/copy", "copy=%7B%22helps%22%3A%5B%22calm%22%5D%7D"), 303);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	has(&b, "data-motion=\"less\"");
	assert_int_equal(post(&b, "/needs/copy", "copy=%7B%22helps%22%3A%5B%22blind%22%5D%7D"), 400);
	has(&b, "id=\"copy-error\"");
	has(&b, "is not known. Take it out");
	has(&b, "{&#34;helps&#34;:[&#34;blind&#34;]}</textarea>"); /* nothing typed is lost */
	has(&b, "data-motion=\"less\"");
	assert_int_equal(post(&b, "/needs/copy", "copy=+"), 400);
	has(&b, "id=\"copy-error\"");
	shut(&b);
}

static void needs__a_megabyte_in_a_field_is_told_at_the_field(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	size_t room = (1 << 20) + 256;
	char *body = curb_xcalloc(1, room);
	static const char *const fields[] = { "copy", "helper" };
	for (size_t i = 0; i < 2; i++) {
		int n = snprintf(body, room, "csrf=%s&until=day&%s=", b.token, fields[i]);
		memset(body + n, 'x', 1 << 20);
		body[n + (1 << 20)] = '\0';
		char path[32], error[32];
		(void)snprintf(path, sizeof path, "/needs/%s", i ? "helpers" : "copy");
		(void)snprintf(error, sizeof error, "id=\"%s-error\"", fields[i]);
		int status = post_raw(&b, path, "application/x-www-form-urlencoded", "", body);
		assert_true(status == 400 || status == 413);
		has(&b, error);
		has(&b, "too long");
	}
	free(body);
	shut(&b);
}

static void needs__a_choice_that_is_none_is_told_at_the_field(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs/details", "fontSize=999&colourTheme=dark"), 400);
	has(&b, "id=\"fontSize-error\"");
	has(&b, "<option value=\"dark\" selected>"); /* the rest of the form is as it was sent */
	assert_int_equal(get(&b, "/needs"), 200);
	lacks(&b, "data-colours");
	assert_int_equal(post(&b, "/needs", "largePrint=no&calm=%FF"), 400);
	assert_int_equal(get(&b, "/needs"), 200);
	lacks(&b, "data-text");
	shut(&b);
}

static void needs__forgetting_is_asked_for_twice(void **unused)
{
	(void)unused;
	struct browser b = open_as(LEARNER);
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	assert_int_equal(post(&b, "/needs/forget", ""), 400);
	has(&b, "id=\"sure-error\"");
	has(&b, "data-text=\"150\"");
	assert_int_equal(post(&b, "/needs/forget", "sure=yes"), 303);
	assert_int_equal(get(&b, "/needs/mine"), 200);
	lacks(&b, "data-text");
	has(&b, ": You had it forgotten");
	shut(&b);
}

static void needs__pages_are_never_another_person_s(void **unused)
{
	(void)unused;
	char headers[1024], tag[128];
	struct browser b = open_as(LEARNER);
	cookies(&b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", "/needs", headers, NULL);
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, no-cache");
	assert_non_null(strstr(answer_header(&answer, "Vary"), "Cookie"));
	(void)snprintf(tag, sizeof tag, "%s", answer_header(&answer, "ETag"));
	answer_free(&answer);
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	char more[256];
	(void)snprintf(more, sizeof more, "If-None-Match: %s\r\n", tag);
	cookies(&b, tag[0] ? more : "", headers, sizeof headers);
	answer = client_ask(server.port, "GET", "/needs", headers, NULL);
	assert_int_equal(answer.status, 200); /* not the page as it was */
	assert_non_null(strstr(answer.body, "data-text=\"150\""));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/api/v1/needs", headers, NULL);
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, no-cache");
	answer_free(&answer);
	shut(&b);
}

#define TEST(name) cmocka_unit_test_setup(name, anew)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(needs__signed_out_a_small_cookie_without_an_id),
		TEST(needs__the_cookie_is_for_this_server_alone),
		TEST(needs__a_cookie_that_is_not_ours_is_none),
		TEST(needs__signed_in_it_is_kept_with_the_person),
		TEST(needs__each_thing_by_itself_goes_first),
		TEST(needs__as_before),
		TEST(needs__a_form_of_somebody_else_changes_nothing),
		TEST(needs__back_leads_to_this_server_alone),
		TEST(needs__what_the_browser_was_told_is_offered_and_overwrites_nothing),
		TEST(needs__what_is_kept_goes_before_the_browser),
		TEST(needs__a_device_that_others_use_keeps_nothing),
		TEST(needs__a_helper_sets_it_with_consent_and_is_seen),
		TEST(needs__a_helper_who_signed_in_for_her_is_seen_and_says_yes_for_nobody),
		TEST(needs__who_can_be_no_helper_is_told_at_the_field),
		TEST(needs__json_out_and_in),
		TEST(needs__a_download_has_a_name),
		TEST(needs__bad_json_is_refused_with_what_to_mend),
		TEST(needs__a_copy_is_pasted_and_its_mistakes_are_told_at_the_field),
		TEST(needs__a_megabyte_in_a_field_is_told_at_the_field),
		TEST(needs__a_choice_that_is_none_is_told_at_the_field),
		TEST(needs__forgetting_is_asked_for_twice),
		TEST(needs__pages_are_never_another_person_s),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
