/* What helps a person, through the socket: chosen signed out and in, followed by pages, never overwritten. */
#include <stdio.h>
#include <stdlib.h>

#include "cm.h"
#include "curb/buf.h"
#include "needs_house.h"

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
	browser_cookies(&b, "Content-Type: application/x-www-form-urlencoded\r\n", headers, sizeof headers);
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

static void needs__a_refused_form_shows_each_box_as_it_was_left(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	char body[512], own[64];
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	assert_int_equal(get(&b, "/needs"), 200);
	has(&b, "name=\"form_boxes[]\" value=\"largePrint\"");
	has(&b, "name=\"largePrint\" value=\"yes\" checked");
	/* unticked, another ticked, and something in it that is no text */
	(void)snprintf(own, sizeof own, "Origin: http://127.0.0.1:%d\r\n", server.port);
	(void)snprintf(body, sizeof body,
	               "csrf=%s&form_page=/needs&form_boxes[]=largePrint&form_boxes[]=captions&captions=yes&"
	               "back=%%FF",
	               b.token);
	assert_int_equal(post_raw(&b, "/needs", "application/x-www-form-urlencoded", own, body), 400);
	has(&b, "name=\"captions\" value=\"yes\" checked");
	lacks(&b, "name=\"largePrint\" value=\"yes\" checked");
	shut(&b);
}

static void needs__links_that_lead_away_do_not_hold_each_other(void **unused)
{
	(void)unused;
	struct browser b = open_as(-1);
	assert_int_equal(get(&b, "/needs?back=/videos/7%3Ffrom%3D12"), 200);
	has(&b, "href=\"/signin?back=%2Fvideos%2F7%3Ffrom%3D12\"");
	assert_int_equal(get(&b, "/needs/details?back=/record"), 200);
	has(&b, "href=\"/signin?back=%2Frecord\"");
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
	has(&other, "What is set on this device is not what you kept"); /* in easy words, as she reads */
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
	browser_cookies(&b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", "/leave", headers, NULL);
	assert_null(strstr(answer.head, "Set-Cookie: needs=")); /* her own device */
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/enter", headers, NULL);
	const char *line = strstr(answer.head, "Set-Cookie: needs=");
	assert_non_null(line);
	assert_null(strstr(line, "SameSite=Lax; Max-Age")); /* ends with the browser */
	browser_take(&b, &answer);
	answer_free(&answer);
	browser_cookies(&b, "", headers, sizeof headers);
	answer = client_ask(server.port, "GET", "/leave", headers, NULL);
	assert_non_null(strstr(answer.head, "Set-Cookie: needs=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
	answer_free(&answer);
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

static void needs__pages_are_never_another_person_s(void **unused)
{
	(void)unused;
	char headers[1024], tag[128];
	struct browser b = open_as(LEARNER);
	browser_cookies(&b, "", headers, sizeof headers);
	struct answer answer = client_ask(server.port, "GET", "/needs", headers, NULL);
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, no-cache");
	assert_non_null(strstr(answer_header(&answer, "Vary"), "Cookie"));
	(void)snprintf(tag, sizeof tag, "%s", answer_header(&answer, "ETag"));
	answer_free(&answer);
	assert_int_equal(post(&b, "/needs", "largePrint=yes"), 303);
	char more[256];
	(void)snprintf(more, sizeof more, "If-None-Match: %s\r\n", tag);
	browser_cookies(&b, tag[0] ? more : "", headers, sizeof headers);
	answer = client_ask(server.port, "GET", "/needs", headers, NULL);
	assert_int_equal(answer.status, 200); /* not the page as it was */
	assert_non_null(strstr(answer.body, "data-text=\"150\""));
	answer_free(&answer);
	answer = client_ask(server.port, "GET", "/api/v1/needs", headers, NULL);
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, no-cache");
	answer_free(&answer);
	shut(&b);
}

#define TEST(name) cmocka_unit_test_setup(name, house_anew)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(needs__signed_out_a_small_cookie_without_an_id),
		TEST(needs__the_cookie_is_for_this_server_alone),
		TEST(needs__a_cookie_that_is_not_ours_is_none),
		TEST(needs__signed_in_it_is_kept_with_the_person),
		TEST(needs__each_thing_by_itself_goes_first),
		TEST(needs__as_before),
		TEST(needs__a_refused_form_shows_each_box_as_it_was_left),
		TEST(needs__links_that_lead_away_do_not_hold_each_other),
		TEST(needs__a_form_of_somebody_else_changes_nothing),
		TEST(needs__back_leads_to_this_server_alone),
		TEST(needs__what_the_browser_was_told_is_offered_and_overwrites_nothing),
		TEST(needs__what_is_kept_goes_before_the_browser),
		TEST(needs__a_device_that_others_use_keeps_nothing),
		TEST(needs__a_choice_that_is_none_is_told_at_the_field),
		TEST(needs__pages_are_never_another_person_s),
	};
	return cmocka_run_group_tests(tests, house_open, house_close);
}
