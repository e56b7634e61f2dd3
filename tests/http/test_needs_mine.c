/* What belongs to the person alone, through the socket: helpers with her consent, who used it, copies, forgetting. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/buf.h"
#include "needs_house.h"

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
	struct answer nobody = client_ask(server.port, "PUT", "/api/v1/needs",
	                                  "Content-Type: application/json\r\n", "{}");
	assert_int_equal(nobody.status, 401);
	answer_free(&nobody);
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

#define TEST(name) cmocka_unit_test_setup(name, house_anew)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(needs__a_helper_sets_it_with_consent_and_is_seen),
		TEST(needs__a_helper_who_signed_in_for_her_is_seen_and_says_yes_for_nobody),
		TEST(needs__who_can_be_no_helper_is_told_at_the_field),
		TEST(needs__json_out_and_in),
		TEST(needs__a_download_has_a_name),
		TEST(needs__bad_json_is_refused_with_what_to_mend),
		TEST(needs__a_copy_is_pasted_and_its_mistakes_are_told_at_the_field),
		TEST(needs__a_megabyte_in_a_field_is_told_at_the_field),
		TEST(needs__forgetting_is_asked_for_twice),
	};
	return cmocka_run_group_tests(tests, house_open, house_close);
}
