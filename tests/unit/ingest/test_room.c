/* A package that does not fit on the disk is refused when it is announced, not when much of it was sent. */
#include <stdio.h>
#include <string.h>

#include "blobs.h"
#include "client.h"
#include "cm.h"
#include "ingest.h"
#include "people.h"
#include "server.h"
#include "work.h"

static struct test_server server;
static struct blobs *blobs;
static struct ingest *ingest;
static char token[PEOPLE_TOKEN_SIZE];

/* A server whose disk keeps so many bytes free for hours. */
static void open_house(uint64_t keep_free)
{
	char path[512], uploads[512];
	test_server_prepare(&server, ingest_routes, NULL);
	assert_int_equal(store_migrate_part(server.store, &curb_core_host, "work", work_migrations), 0);
	assert_int_equal(store_migrate_part(server.store, &curb_core_host, "ingest", ingest_migrations), 0);
	temp_path(&server.folder, "blobs", path);
	temp_path(&server.folder, "uploads", uploads);
	assert_int_equal(blobs_open(path, &blobs), 0);
	const struct ingest_options options = {
		.store = server.store, .blobs = blobs, .upload_folder = uploads, .worker = "/nowhere"
	};
	assert_int_equal(ingest_open(&options, &ingest), 0);
	server.tables[0].state = ingest;
	server.options.keep_free = keep_free;
	test_server_start(&server);
	test_server_person(&server, "author", CURB_AUTHOR, false, token, NULL);
}

static void close_house(void)
{
	http_stop(server.http);
	server.http = NULL;
	ingest_close(ingest);
	blobs_close(blobs);
	test_server_stop(&server);
}

static struct answer ask(const char *method, const char *path, const char *headers)
{
	char lines[512];
	(void)snprintf(lines, sizeof lines, "Authorization: Bearer %s\r\nTus-Resumable: 1.0.0\r\n%s", token,
	               headers);
	return client_ask(server.port, method, path, lines, NULL);
}

static size_t files_of_uploads(void)
{
	struct temp_folder uploads;
	(void)snprintf(uploads.path, sizeof uploads.path, "%s/uploads", server.folder.path);
	return temp_count(&uploads);
}

/* 507, and how many megabytes are missing: those that are kept free, nearly all of them, and twice what would come. */
static void assert_refused(struct answer answer)
{
	unsigned long long missing = 0;
	assert_int_equal(answer.status, 507);
	const char *told = strstr(answer.body, "what you send: ");
	assert_non_null(told);
	assert_int_equal(sscanf(told, "what you send: %llu MB are missing", &missing), 1);
	assert_in_range(missing, UINT64_C(1) << 39, (UINT64_C(1) << 40) + 2 * 1000 + 1);
	answer_free(&answer);
}

static void room__an_upload_is_refused_when_it_is_announced(void **unused)
{
	(void)unused;
	open_house(UINT64_C(1) << 60);
	assert_refused(ask("POST", "/files", "Upload-Length: 1048576000\r\n"));
	assert_int_equal(files_of_uploads(), 0);
	close_house();
}

static void room__a_form_is_refused_before_its_file_is_sent(void **unused)
{
	char head[512];
	(void)unused;
	open_house(UINT64_C(1) << 60);
	(void)snprintf(head, sizeof head,
	               "POST /packages/new HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
	               "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1048576000\r\n"
	               "Accept: application/json\r\nExpect: 100-continue\r\n\r\n",
	               token);
	struct client client = client_open(server.port);
	assert_true(client_text(&client, head));
	struct answer answer = client_read(&client, false);
	assert_int_equal(answer.continues, 0);
	assert_refused(answer);
	assert_true(client_closed(&client));
	client_close(&client);
	close_house();
}

static void room__what_fits_is_taken(void **unused)
{
	(void)unused;
	open_house(1);
	struct answer answer = ask("POST", "/files", "Upload-Length: 1048576\r\n");
	assert_int_equal(answer.status, 201);
	assert_int_equal(files_of_uploads(), 1);
	answer_free(&answer);
	close_house();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(room__an_upload_is_refused_when_it_is_announced),
		cmocka_unit_test(room__a_form_is_refused_before_its_file_is_sent),
		cmocka_unit_test(room__what_fits_is_taken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
