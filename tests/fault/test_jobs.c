/* GET and DELETE /api/v1/jobs/{id} on the real executable: one's own, another's, an admin's. */
#include <stdio.h>
#include <stdlib.h>

#include "client.h"
#include "cm.h"
#include "process.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* The text behind "key":" in JSON. Yours: free(). */
static char *member(const char *json, const char *key)
{
	char mark[64];
	(void)snprintf(mark, sizeof mark, "\"%s\":\"", key);
	const char *from = strstr(json, mark);
	if (!from)
		fail_msg("no %s in %s", key, json);
	from += strlen(mark);
	return strndup(from, strcspn(from, "\""));
}

/* The header that speaks for a new person. Yours: free(). */
static char *sign_in(const struct process *process, const char *name, const char *role)
{
	char *out = NULL, body[128], header[256];
	assert_int_equal(
		process_command(ARGS("user", "add", "--data", process->data, "--name", name, "--role", role),
	                        "a good password\n", &out),
		0);
	free(out);
	(void)snprintf(body, sizeof body, "{\"name\":\"%s\",\"password\":\"a good password\"}", name);
	struct answer answer = client_ask(process->port, "POST", "/api/v1/session",
	                                  "Content-Type: application/json\r\n", body);
	assert_int_equal(answer.status, 201);
	char *token = member(answer.body, "token");
	(void)snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
	free(token);
	answer_free(&answer);
	return strdup(header);
}

/* The body of an answer that must have `status`. Yours: free(). */
static char *ask(const struct process *process, const char *method, const char *path, const char *header,
                 int status)
{
	struct answer answer = client_ask(process->port, method, path, header, NULL);
	if (answer.status != status)
		fail_msg("%s %s answered %d: %s", method, path, answer.status,
		         answer.body ? answer.body : "");
	char *body = strdup(answer.body ? answer.body : "");
	answer_free(&answer);
	return body;
}

static void jobs__for_whom_they_run_and_for_admins(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, "[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS
	                       "\nplugins = honest\nessential =\n");
	process_start(&process);
	char *li = sign_in(&process, "li", "learner"), *wang = sign_in(&process, "wang", "learner"),
	     *admin = sign_in(&process, "chen", "admin");
	char *queued = ask(&process, "GET", "/api/v1/honest/enqueue", li, 202), path[128];
	char *id = member(queued, "job");
	(void)snprintf(path, sizeof path, "/api/v1/jobs/%s", id);
	char *job = ask(&process, "GET", path, li, 200);
	while (!strstr(job, "\"state\":\"done\"")) { /* each answer is a round trip; it runs meanwhile */
		free(job);
		job = ask(&process, "GET", path, li, 200);
	}
	assert_non_null(strstr(job, id));
	assert_non_null(strstr(job, "\"result\":{\"well\":\"done\"}"));
	assert_non_null(strstr(job, "\"progress\":1"));
	free(job);
	free(ask(&process, "GET", path, admin, 200));
	free(ask(&process, "GET", path, wang, 404));
	free(ask(&process, "DELETE", path, wang, 404));
	free(ask(&process, "GET", path, "", 401));
	free(ask(&process, "DELETE", path, li, 409)); /* it has ended */
	free(ask(&process, "GET", "/api/v1/jobs/none", admin, 404));
	free(id);
	free(queued);
	free(li);
	free(wang);
	free(admin);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(jobs__for_whom_they_run_and_for_admins) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
