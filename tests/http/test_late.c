/* The server is so busy that a request whose write stands finds no permit again: its answer says what is true. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "curb/arena.h"
#include "curb/buf.h"
#include "curb/db.h"
#include "curb/err.h"
#include "people.h"
#include "server.h"

static const struct curb_migration migrations[] = {
	{ 1, "late", "CREATE TABLE core_late (id TEXT PRIMARY KEY){STRICT};" },
	{ 0 },
};

struct gate {
	sem_t writing, write, inside, leave;
};

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0)
		continue;
}

struct putting {
	struct gate *gate;
	bool refused;
};

static int put(struct curb_tx *tx, void *arg)
{
	const struct putting *putting = arg;
	(void)sem_post(&putting->gate->writing);
	wait_for(&putting->gate->write);
	if (putting->refused)
		return curb_fail(CURB_ECONFLICT, "this one is refused");
	return curb_exec(&curb_core_host, tx, "INSERT INTO core_late (id) VALUES ('it')", CURB_NO_BINDS,
	                 NULL);
}

static int answer_put(struct curb_req *req, void *arg)
{
	(void)arg;
	struct curb_buf body = curb_buf(64);
	curb_buf_text(&body, "{\"put\":true}");
	int err = curb_reply_json(req, 201, &body);
	curb_buf_free(&body);
	return err;
}

static int post_put(struct curb_req *req, void *state)
{
	struct putting putting = { state, false };
	return curb_write_reply(req, curb_str(NULL), put, answer_put, &putting);
}

static int post_refused(struct curb_req *req, void *state)
{
	struct putting putting = { state, true };
	return curb_write_reply(req, curb_str(NULL), put, answer_put, &putting);
}

static int sleep_through(void *arg)
{
	struct gate *gate = arg;
	(void)sem_post(&gate->writing);
	wait_for(&gate->write);
	return 0;
}

static int post_hash(struct curb_req *req, void *state)
{
	int err = http_without_permit(req, sleep_through, state);
	return err ? err : curb_reply_empty(req, 204);
}

/* Has the only permit, and keeps it. */
static int get_gate(struct curb_req *req, void *state)
{
	struct gate *gate = state;
	(void)sem_post(&gate->inside);
	wait_for(&gate->leave);
	return curb_reply_empty(req, 204);
}

#define ROW(method, path, handle)                                                                     \
	{                                                                                             \
		method, path, CURB_SIGNED_IN, CURB_SCOPE_OWN, CURB_BODY_ANY, 0, handle, CURB_LANE_ANY \
	}
static const struct curb_route routes[] = {
	ROW("POST", "/put", post_put),
	ROW("POST", "/refused", post_refused),
	ROW("POST", "/hash", post_hash),
	ROW("GET", "/gate", get_gate),
	{ 0 },
};

struct scene {
	struct test_server server;
	struct gate gate;
	char token[PEOPLE_TOKEN_SIZE];
};

static int start(void **state)
{
	struct scene *scene = curb_xcalloc(1, sizeof *scene);
	sem_t *sems[] = { &scene->gate.writing, &scene->gate.write, &scene->gate.inside, &scene->gate.leave };
	for (size_t i = 0; i < 4; i++)
		(void)sem_init(sems[i], 0, 0);
	test_server_prepare(&scene->server, routes, &scene->gate);
	assert_int_equal(store_migrate_part(scene->server.store, &curb_core_host, "late", migrations), 0);
	scene->server.options.permits = 1;
	scene->server.options.permits_for_hours = 0;
	scene->server.options.limits.permit_ms = 40;
	test_server_start(&scene->server);
	test_server_person(&scene->server, "ann", CURB_LEARNER, false, scene->token, NULL);
	*state = scene;
	return 0;
}

static int stop(void **state)
{
	struct scene *scene = *state;
	test_server_stop(&scene->server);
	free(scene);
	return 0;
}

struct sent {
	struct scene *scene;
	const char *method, *path, *headers;
	pthread_t thread;
	struct answer answer;
};

static void *send_one(void *arg)
{
	struct sent *sent = arg;
	char headers[512];
	(void)snprintf(headers, sizeof headers, "Authorization: Bearer %s\r\n%s", sent->scene->token,
	               sent->headers);
	sent->answer = client_ask(sent->scene->server.port, sent->method, sent->path, headers, "");
	return NULL;
}

/* The answer of a request whose permit went to somebody who keeps it until it is here. */
static struct answer late_answer(struct scene *scene, const char *path, const char *headers)
{
	struct sent it = { scene, "POST", path, headers, 0, { 0 } },
		    other = { scene, "GET", "/gate", "", 0, { 0 } };
	assert_int_equal(pthread_create(&it.thread, NULL, send_one, &it), 0);
	wait_for(&scene->gate.writing);
	assert_int_equal(pthread_create(&other.thread, NULL, send_one, &other), 0);
	wait_for(&scene->gate.inside);
	(void)sem_post(&scene->gate.write);
	assert_int_equal(pthread_join(it.thread, NULL), 0);
	(void)sem_post(&scene->gate.leave);
	assert_int_equal(pthread_join(other.thread, NULL), 0);
	assert_int_equal(other.answer.status, 204);
	answer_free(&other.answer);
	return it.answer;
}

static void late__a_write_that_stands_says_so(void **state)
{
	struct answer answer = late_answer(*state, "/put", "Accept: application/json\r\n");
	assert_int_equal(answer.status, 503);
	assert_non_null(strstr(answer.body, "What you sent was taken in."));
	assert_string_equal(answer_header(&answer, "Retry-After"), ""); /* nobody is asked to send it again */
	answer_free(&answer);
}

static void late__a_page_says_so(void **state)
{
	struct answer answer = late_answer(*state, "/put", "Accept: text/html\r\n");
	assert_int_equal(answer.status, 503);
	assert_non_null(strstr(answer.body, "What you sent was taken in."));
	assert_null(strstr(answer.body, "not taken in"));
	assert_string_equal(answer_header(&answer, "Retry-After"), "");
	answer_free(&answer);
}

static void late__an_answer_made_with_the_write_is_given(void **state)
{
	struct answer answer = late_answer(*state, "/put", "Idempotency-Key: k\r\n");
	assert_int_equal(answer.status, 201);
	assert_string_equal(answer.body, "{\"put\":true}");
	answer_free(&answer);
}

static void late__what_does_not_stand_may_be_sent_again(void **state)
{
	static const char *const paths[] = { "/refused", "/hash" };
	for (size_t i = 0; i < 2; i++) {
		struct answer answer = late_answer(*state, paths[i], "Accept: application/json\r\n");
		assert_int_equal(answer.status, 503);
		assert_null(strstr(answer.body, "taken in"));
		assert_non_null(strstr(answer.body, "try again in a moment"));
		assert_string_equal(answer_header(&answer, "Retry-After"), "2");
		answer_free(&answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(late__a_write_that_stands_says_so, start, stop),
		cmocka_unit_test_setup_teardown(late__a_page_says_so, start, stop),
		cmocka_unit_test_setup_teardown(late__an_answer_made_with_the_write_is_given, start, stop),
		cmocka_unit_test_setup_teardown(late__what_does_not_stand_may_be_sent_again, start, stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
