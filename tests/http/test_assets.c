/* Assets as browsers ask for them: packed and as they are. */
#include <stdio.h>
#include <stdlib.h>

#include "a11y/a11y_api.h"
#include "client.h"
#include "gunzip.h"
#include "page.h"
#include "server.h"

#define SMALL "a few words"
#define ZIPPED "Accept-Encoding: gzip, deflate, br\r\n"

static const struct curb_route routes[] = { { 0 } };

static struct test_server server;
static char sheet[256], small[256];      /* addresses: of what gzip makes smaller, and of what it does not */
static const struct curb_embedded *flat; /* the sheet's row */

static int start(void **unused)
{
	(void)unused;
	static const char text[] =
		"<p><a href=\"{{asset a11y/curb.css}}\">a</a><a href=\"{{asset small.txt}}\">b</a></p>";
	static const struct curb_embedded templates[] = {
		{ "t.html", (const unsigned char *)text, sizeof text - 1 }, { 0 }
	};
	static const struct curb_embedded assets[] = {
		{ "small.txt", (const unsigned char *)SMALL, sizeof SMALL - 1 }, { 0 }
	};
	const struct a11y_api *a11y = a11y_service();
	struct curb_buf out = curb_buf(1024);
	struct curb_arena *arena = curb_arena_new(4096);
	test_server_prepare(&server, routes, NULL);
	pages_free(server.pages);
	server.options.pages = server.pages = pages_new();
	assert_int_equal(pages_add(server.pages, A11Y_OWNER, a11y->templates, a11y->messages, a11y->assets),
	                 0);
	assert_int_equal(pages_add(server.pages, "own", templates, NULL, assets), 0);
	assert_int_equal(pages_seal(server.pages), 0);
	assert_int_equal(pages_render(server.pages, "own", "t", curb_str("en"), curb_object(arena), &out), 0);
	assert_int_equal(sscanf(out.data, "<p><a href=\"%255[^\"]\">a</a><a href=\"%255[^\"]", sheet, small),
	                 2);
	for (flat = a11y->assets; strcmp(flat->name, "curb.css") != 0; flat++)
		assert_non_null(flat[1].name);
	curb_buf_free(&out);
	curb_arena_free(arena);
	test_server_start(&server);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	return 0;
}

static struct answer get(const char *path, const char *headers)
{
	return client_ask(server.port, "GET", path, headers, NULL);
}

static void has(const struct answer *answer, const char *name, const char *value)
{
	assert_string_equal(answer_header(answer, name), value);
}

/* "ETag: …" as the answer says it, for the condition `name`. */
static const char *condition(const struct answer *answer, const char *name)
{
	static char line[128];
	(void)snprintf(line, sizeof line, "%s: %s\r\n", name, answer_header(answer, "ETag"));
	return line;
}

static void assets__travel_packed_to_who_takes_it(void **unused)
{
	(void)unused;
	struct answer plain = get(sheet, ""), packed = get(sheet, ZIPPED);
	char length[24];
	assert_int_equal(plain.status, 200);
	assert_int_equal(packed.status, 200);
	has(&plain, "Content-Encoding", "");
	has(&packed, "Content-Encoding", "gzip");
	for (const struct answer *answer = &plain; answer; answer = answer == &plain ? &packed : NULL) {
		has(answer, "Vary", "Accept-Encoding");
		has(answer, "Content-Type", "text/css; charset=utf-8");
		has(answer, "Cache-Control", "private, max-age=31536000, immutable");
		has(answer, "X-Content-Type-Options", "nosniff");
		(void)snprintf(length, sizeof length, "%zu", answer->len);
		has(answer, "Content-Length", length);
	}
	assert_int_equal(plain.len, flat->size);
	assert_memory_equal(plain.body, flat->bytes, flat->size);
	assert_true(packed.len * 2 < plain.len);
	assert_unpacks(packed.body, packed.len, flat->bytes, flat->size);
	answer_free(&plain);
	answer_free(&packed);
}

static void assets__what_gains_nothing_has_one_form(void **unused)
{
	(void)unused;
	struct answer answer = get(small, ZIPPED);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.body, SMALL);
	has(&answer, "Content-Encoding", "");
	has(&answer, "Vary", "");
	assert_true(answer_header(&answer, "ETag")[0] == '"');
	answer_free(&answer);
}

static void assets__nobody_is_left_without(void **unused)
{
	(void)unused;
	static const char *const refusals[] = { "Accept-Encoding: identity;q=0\r\n",
		                                "Accept-Encoding: *;q=0\r\n",
		                                "Accept-Encoding: br, identity;q=0\r\n" };
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		struct answer answer = get(sheet, refusals[i]);
		assert_int_equal(answer.status, 200);
		has(&answer, "Content-Encoding", "");
		assert_int_equal(answer.len, flat->size);
		answer_free(&answer);
	}
}

static void assets__each_form_has_its_tag(void **unused)
{
	(void)unused;
	struct answer forms[2] = { get(sheet, ""), get(sheet, ZIPPED) };
	char tags[2][80];
	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(tags[i], sizeof tags[i], "%s", answer_header(&forms[i], "ETag"));
		assert_true(strlen(tags[i]) > 4 && tags[i][0] == '"');
	}
	assert_string_not_equal(tags[0], tags[1]);
	for (size_t i = 0; i < 4; i++) {
		char headers[256];
		size_t has_form = i / 2, asks_form = i % 2;
		(void)snprintf(headers, sizeof headers, "%s%s", condition(&forms[has_form], "If-None-Match"),
		               asks_form ? ZIPPED : "");
		struct answer answer = get(sheet, headers);
		assert_int_equal(answer.status, has_form == asks_form ? 304 : 200);
		has(&answer, "ETag", tags[asks_form]);
		has(&answer, "Vary", "Accept-Encoding");
		has(&answer, "Cache-Control", "private, max-age=31536000, immutable");
		has(&answer, "Content-Encoding", answer.status == 200 && asks_form ? "gzip" : "");
		answer_free(&answer);
	}
	struct answer answer = get(sheet, condition(&forms[1], "If-Match"));
	assert_int_equal(answer.status, 412);
	has(&answer, "Content-Encoding", "");
	answer_free(&answer);
	answer_free(&forms[0]);
	answer_free(&forms[1]);
}

static void assets__head_says_what_get_would(void **unused)
{
	(void)unused;
	static const char *const names[] = {
		"Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary",
		"Cache-Control",    "Accept-Ranges"
	};
	static const char *const asked[] = { "", ZIPPED };
	for (size_t i = 0; i < 2; i++) {
		struct answer got = get(sheet, asked[i]);
		struct client client = client_open(server.port);
		char request[1024], expected[256];
		(void)snprintf(request, sizeof request, "HEAD %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n",
		               sheet, asked[i]);
		assert_true(client_text(&client, request));
		struct answer head = client_read(&client, true);
		assert_int_equal(head.status, 200);
		assert_int_equal(head.len, 0);
		for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
			(void)snprintf(expected, sizeof expected, "%s", answer_header(&got, names[k]));
			has(&head, names[k], expected);
		}
		answer_free(&head);
		answer_free(&got);
		client_close(&client);
	}
}

/* A load that broke off goes on where it stopped, in the form it began in. */
static void assets__ranges_are_of_the_form_that_is_sent(void **unused)
{
	(void)unused;
	struct answer whole = get(sheet, ZIPPED), plain = get(sheet, "");
	char headers[256], place[64];
	(void)snprintf(headers, sizeof headers, ZIPPED "Range: bytes=100-199\r\n%s",
	               condition(&whole, "If-Range"));
	struct answer part = get(sheet, headers);
	assert_int_equal(part.status, 206);
	has(&part, "Content-Encoding", "gzip");
	has(&part, "Vary", "Accept-Encoding");
	(void)snprintf(place, sizeof place, "bytes 100-199/%zu", whole.len);
	has(&part, "Content-Range", place);
	assert_int_equal(part.len, 100);
	assert_memory_equal(part.body, whole.body + 100, 100);
	answer_free(&part);
	(void)snprintf(headers, sizeof headers, "Range: bytes=100-199\r\n%s", condition(&whole, "If-Range"));
	part = get(sheet, headers);
	assert_int_equal(part.status, 200);
	assert_int_equal(part.len, plain.len);
	answer_free(&part);
	part = get(sheet, "Range: bytes=100-199\r\n");
	assert_int_equal(part.status, 206);
	has(&part, "Content-Encoding", "");
	assert_memory_equal(part.body, plain.body + 100, 100);
	answer_free(&part);
	answer_free(&whole);
	answer_free(&plain);
}

static void assets__several_ranges_of_the_packed_form_are_all_of_it(void **unused)
{
	(void)unused;
	struct answer answer = get(sheet, ZIPPED "Range: bytes=0-9,20-29\r\n");
	assert_int_equal(answer.status, 200);
	assert_unpacks(answer.body, answer.len, flat->bytes, flat->size);
	answer_free(&answer);
	answer = get(sheet, "Range: bytes=0-9,20-29\r\n");
	assert_int_equal(answer.status, 206);
	answer_free(&answer);
	answer = get(sheet, ZIPPED "Range: bytes=9999999-\r\n");
	assert_int_equal(answer.status, 416);
	has(&answer, "Content-Encoding", "");
	answer_free(&answer);
}

static void assets__the_packed_row_has_no_address(void **unused)
{
	(void)unused;
	char path[300];
	(void)snprintf(path, sizeof path, "%s.gz", sheet);
	struct answer answer = get(path, ZIPPED);
	assert_int_equal(answer.status, 404);
	answer_free(&answer);
}

/* Secrets and what was typed stand in them side by side. */
static void assets__pages_are_never_packed(void **unused)
{
	(void)unused;
	static const char *const paths[] = { "/nothing", "/healthz" };
	for (size_t i = 0; i < 2; i++) {
		struct answer answer = get(paths[i], ZIPPED "Accept: text/html\r\n");
		assert_true(answer.len > 0);
		has(&answer, "Content-Encoding", "");
		answer_free(&answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assets__travel_packed_to_who_takes_it),
		cmocka_unit_test(assets__what_gains_nothing_has_one_form),
		cmocka_unit_test(assets__nobody_is_left_without),
		cmocka_unit_test(assets__each_form_has_its_tag),
		cmocka_unit_test(assets__head_says_what_get_would),
		cmocka_unit_test(assets__ranges_are_of_the_form_that_is_sent),
		cmocka_unit_test(assets__several_ranges_of_the_packed_form_are_all_of_it),
		cmocka_unit_test(assets__the_packed_row_has_no_address),
		cmocka_unit_test(assets__pages_are_never_packed),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
