/* Bodies in pieces: ranges, conditions, and readers of every speed. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"
#include "cm.h"
#include "curb/buf.h"
#include "curb/err.h"
#include "server.h"

#define BLOB "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define LARGE "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define NONE "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

enum { LARGE_SIZE = 12 << 20 };

/* "0123456789\n" of two texts and two slices of one blob. */
static int get_eleven(struct curb_req *req, void *state)
{
	(void)state;
	const struct curb_piece pieces[] = {
		{ .bytes = curb_str("012") }, { .blob = curb_str(BLOB), .offset = 3, .length = 4 },
		{ .bytes = curb_str("") },    { .blob = curb_str(BLOB), .offset = 7, .length = 3 },
		{ .bytes = curb_str("\n") },
	};
	const struct curb_body_info info = { .type = "text/plain",
		                             .etag = curb_str("eleven"),
		                             .immutable = true };
	return curb_reply_pieces(req, pieces, 5, &info);
}

static int get_large(struct curb_req *req, void *state)
{
	(void)state;
	const struct curb_piece piece = { .blob = curb_str(LARGE), .offset = 0, .length = LARGE_SIZE };
	const struct curb_body_info info = { .type = "video/mp4", .etag = curb_str("large") };
	return curb_reply_pieces(req, &piece, 1, &info);
}

static int get_missing(struct curb_req *req, void *state)
{
	(void)state;
	const struct curb_piece piece = { .blob = curb_str(NONE), .offset = 0, .length = 1 };
	const struct curb_body_info info = { .type = "video/mp4" };
	return curb_reply_pieces(req, &piece, 1, &info);
}

static int get_beyond(struct curb_req *req, void *state)
{
	(void)state;
	const struct curb_piece piece = { .blob = curb_str(BLOB), .offset = 9, .length = 2 };
	const struct curb_body_info info = { .type = "video/mp4" };
	return curb_reply_pieces(req, &piece, 1, &info);
}

static int get_named(struct curb_req *req, void *state)
{
	(void)state;
	const struct curb_piece piece = { .bytes = curb_str("x") };
	const struct curb_body_info info = { .type = "application/zip",
		                             .filename = curb_str("保健 \"1\".zip") };
	return curb_reply_pieces(req, &piece, 1, &info);
}

/* A reply of many files, more than are kept open at once. */
static int get_many(struct curb_req *req, void *state)
{
	(void)state;
	struct curb_piece pieces[20];
	for (int i = 0; i < 20; i++) {
		const char *name = curb_printf(curb_req_arena(req), "%064d", i);
		pieces[i] = (struct curb_piece){ .blob = curb_str(name), .offset = 0, .length = 2 };
	}
	const struct curb_body_info info = { .type = "text/plain" };
	return curb_reply_pieces(req, pieces, 20, &info);
}

#define OPEN(path, handle)                                                                            \
	{                                                                                             \
		"GET", path, CURB_ANYONE, CURB_SCOPE_PUBLIC, CURB_BODY_NONE, 0, handle, CURB_LANE_ANY \
	}

static const struct curb_route routes[] = {
	OPEN("/eleven", get_eleven),
	OPEN("/large", get_large),
	OPEN("/missing", get_missing),
	OPEN("/beyond", get_beyond),
	OPEN("/named", get_named),
	OPEN("/many", get_many),
	{ 0 },
};

static struct test_server server;
static char *large;

static int start(void **unused)
{
	(void)unused;
	test_server_prepare(&server, routes, NULL);
	server.options.limits = (struct http_limits){ .body_ms = 500, .lowest_rate = 2000 };
	temp_write(&server.folder, BLOB, "0123456789", 10);
	large = malloc(LARGE_SIZE);
	assert_non_null(large);
	for (size_t i = 0; i < LARGE_SIZE; i++)
		large[i] = (char)(i * 2654435761u >> 13);
	temp_write(&server.folder, LARGE, large, LARGE_SIZE);
	for (int i = 0; i < 20; i++) {
		char name[65], text[3];
		(void)snprintf(name, sizeof name, "%064d", i);
		(void)snprintf(text, sizeof text, "%02d", i);
		temp_write(&server.folder, name, text, 2);
	}
	test_server_start(&server);
	return 0;
}

static int stop(void **unused)
{
	(void)unused;
	test_server_stop(&server);
	free(large);
	return 0;
}

static struct answer get(const char *path, const char *headers)
{
	return client_ask(server.port, "GET", path, headers, NULL);
}

static void replies__whole(void **unused)
{
	(void)unused;
	struct answer answer = get("/eleven", "");
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.body, "0123456789\n");
	assert_string_equal(answer_header(&answer, "Accept-Ranges"), "bytes");
	assert_string_equal(answer_header(&answer, "ETag"), "\"eleven\"");
	assert_string_equal(answer_header(&answer, "Cache-Control"), "private, max-age=31536000, immutable");
	answer_free(&answer);
}

/* The cases of net/http's file server, as they come out of the socket. */
static const struct {
	const char *range;
	int status;
	const char *content_range, *body;
} cases[] = {
	{ "", 200, "", "0123456789\n" },
	{ "Range: bytes=0-4\r\n", 206, "bytes 0-4/11", "01234" },
	{ "Range: bytes=2-\r\n", 206, "bytes 2-10/11", "23456789\n" },
	{ "Range: bytes=-5\r\n", 206, "bytes 6-10/11", "6789\n" },
	{ "Range: bytes=3-7\r\n", 206, "bytes 3-7/11", "34567" },
	{ "Range: bytes=5-1000\r\n", 206, "bytes 5-10/11", "56789\n" },
	{ "Range: bytes=0-,1-,2-,3-,4-\r\n", 200, "", "0123456789\n" },
	{ "Range: bytes=0-9\r\n", 206, "bytes 0-9/11", "0123456789" },
	{ "Range: bytes=0-10\r\n", 206, "bytes 0-10/11", "0123456789\n" },
	{ "Range: bytes=0-11\r\n", 206, "bytes 0-10/11", "0123456789\n" },
	{ "Range: bytes=10-11\r\n", 206, "bytes 10-10/11", "\n" },
	{ "Range: bytes=10-\r\n", 206, "bytes 10-10/11", "\n" },
	{ "Range: bytes=11-\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=11-12\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=12-12\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=11-100\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=12-100\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=100-\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=100-1000\r\n", 416, "bytes */11", "" },
	{ "Range: bytes=0-4\r\nIf-Range: \"eleven\"\r\n", 206, "bytes 0-4/11", "01234" },
	{ "Range: bytes=0-4\r\nIf-Range: \"twelve\"\r\n", 200, "", "0123456789\n" },
	{ "Range: bytes=0-4\r\nIf-Range: Sat, 21 Nov 2026 08:30:00 GMT\r\n", 200, "", "0123456789\n" },
	{ "Range: bytes=0-4\r\nIf-None-Match: \"eleven\"\r\n", 304, "", "" },
	{ "Range: bytes=0-4\r\nIf-Match: \"eleven\"\r\n", 206, "bytes 0-4/11", "01234" },
};

static void replies__ranges(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct answer answer = get("/eleven", cases[i].range);
		if (answer.status != cases[i].status || strcmp(answer.body, cases[i].body) != 0)
			fail_msg("%s: %d \"%s\"", cases[i].range, answer.status, answer.body);
		assert_string_equal(answer_header(&answer, "Content-Range"), cases[i].content_range);
		answer_free(&answer);
	}
	struct answer answer = get("/eleven", "If-Match: \"twelve\"\r\n");
	assert_int_equal(answer.status, 412);
	answer_free(&answer);
}

static void replies__several_ranges(void **unused)
{
	(void)unused;
	static const char *const ranges[] = { "0-0,-2", "0-1,5-8", "0-1,5-" };
	static const char *const parts[][2] = { { "0", "9\n" }, { "01", "5678" }, { "01", "56789\n" } };
	static const char *const places[][2] = { { "0-0", "9-10" }, { "0-1", "5-8" }, { "0-1", "5-10" } };
	for (size_t i = 0; i < 3; i++) {
		char header[64], expected[1024], boundary[64];
		(void)snprintf(header, sizeof header, "Range: bytes=%s\r\n", ranges[i]);
		struct answer answer = get("/eleven", header);
		assert_int_equal(answer.status, 206);
		assert_string_equal(answer_header(&answer, "Content-Range"), "");
		assert_int_equal(sscanf(answer_header(&answer, "Content-Type"),
		                        "multipart/byteranges; boundary=%63s", boundary),
		                 1);
		(void)snprintf(expected, sizeof expected,
		               "\r\n--%s\r\nContent-Type: text/plain\r\nContent-Range: bytes %s/11\r\n\r\n%s"
		               "\r\n--%s\r\nContent-Type: text/plain\r\nContent-Range: bytes %s/11\r\n\r\n%s"
		               "\r\n--%s--\r\n",
		               boundary, places[i][0], parts[i][0], boundary, places[i][1], parts[i][1],
		               boundary);
		assert_string_equal(answer.body, expected);
		assert_int_equal(answer.len, strlen(expected));
		answer_free(&answer);
	}
}

static void replies__head_has_no_body(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	assert_true(client_text(&client, "HEAD /eleven HTTP/1.1\r\nHost: h\r\nRange: bytes=0-4\r\n\r\n"
	                                 "HEAD /eleven HTTP/1.1\r\nHost: h\r\n\r\n"
	                                 "GET /eleven HTTP/1.1\r\nHost: h\r\n\r\n"));
	struct answer answer = client_read(&client, true);
	assert_int_equal(answer.status, 206);
	assert_string_equal(answer_header(&answer, "Content-Length"), "5");
	answer_free(&answer);
	answer = client_read(&client, true);
	assert_string_equal(answer_header(&answer, "Content-Length"), "11");
	answer_free(&answer);
	answer = client_read(&client, false);
	assert_string_equal(answer.body, "0123456789\n");
	answer_free(&answer);
	client_close(&client);
}

static void replies__large_files_arrive_whole(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	for (int i = 0; i < 2; i++) {
		assert_true(client_text(&client, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"));
		struct answer answer = client_read(&client, false);
		assert_int_equal(answer.len, LARGE_SIZE);
		assert_memory_equal(answer.body, large, LARGE_SIZE);
		answer_free(&answer);
	}
	assert_true(client_text(&client,
	                        "GET /large HTTP/1.1\r\nHost: h\r\nRange: bytes=5000000-6999999\r\n\r\n"));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.len, 2000000);
	assert_memory_equal(answer.body, large + 5000000, 2000000);
	answer_free(&answer);
	client_close(&client);
}

static void replies__files_of_many_blobs(void **unused)
{
	(void)unused;
	struct answer answer = get("/many", "Range: bytes=13-28\r\n");
	assert_int_equal(answer.status, 206);
	assert_string_equal(answer.body, "6070809101112131");
	answer_free(&answer);
}

static void replies__blobs_that_are_not_there(void **unused)
{
	(void)unused;
	struct answer answer = get("/missing", "");
	assert_int_equal(answer.status, 404);
	answer_free(&answer);
	answer = get("/beyond", "");
	assert_int_equal(answer.status, 500);
	answer_free(&answer);
}

static void replies__names_of_downloads(void **unused)
{
	(void)unused;
	struct answer answer = get("/named", "");
	assert_string_equal(answer_header(&answer, "Content-Disposition"),
	                    "attachment; filename=\"______ _1_.zip\"; "
	                    "filename*=UTF-8''%E4%BF%9D%E5%81%A5%20%221%22.zip");
	answer_free(&answer);
}

static void replies__readers_that_do_not_read_are_cut(void **unused)
{
	(void)unused;
	struct client client = client_open(server.port);
	int small = 4096;
	assert_int_equal(setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
	assert_true(client_text(&client, "GET /large HTTP/1.1\r\nHost: h\r\n\r\n"));
	/* reads nothing until the server has counted the cut */
	long cut = 0;
	while (cut == 0) {
		struct answer answer = client_ask(server.port, "GET", "/metrics", "", NULL);
		const char *line = strstr(answer.body, "\ncurbcut_http_cut_total ");
		assert_non_null(line);
		cut = strtol(line + strlen("\ncurbcut_http_cut_total "), NULL, 10);
		answer_free(&answer);
	}
	client_close(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replies__whole),
		cmocka_unit_test(replies__ranges),
		cmocka_unit_test(replies__several_ranges),
		cmocka_unit_test(replies__head_has_no_body),
		cmocka_unit_test(replies__large_files_arrive_whole),
		cmocka_unit_test(replies__files_of_many_blobs),
		cmocka_unit_test(replies__blobs_that_are_not_there),
		cmocka_unit_test(replies__names_of_downloads),
		cmocka_unit_test(replies__readers_that_do_not_read_are_cut),
	};
	return cmocka_run_group_tests(tests, start, stop);
}
