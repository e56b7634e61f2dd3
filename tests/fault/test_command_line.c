/* Commands that touch data: through the running server, and without one. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "client.h"
#include "cm.h"
#include "process.h"

static const char config[] = "[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS
			     "\nplugins = honest failing\nessential =\n";

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void add_user(const struct process *process, const char *name, int code, const char *says)
{
	char *out = NULL;
	int got = process_command(ARGS("user", "add", "--config", process->config, "--data", process->data,
	                               "--name", name, "--role", "learner"),
	                          "a good password\n", &out);
	if (got != code || !strstr(out, says))
		fail_msg("exit code %d: %s", got, out);
	free(out);
}

static void user_add__with_a_server_and_without(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	add_user(&process, "li", 0, "\"name\":\"li\",\"role\":\"learner\"");
	process_start(&process);
	add_user(&process, "wang", 0, "\"name\":\"wang\"");
	add_user(&process, "li", 1, "curbcut user add: "); /* the same data: she is there already */
	assert_int_equal(process_stop(&process), 0);
	add_user(&process, "wang", 1, "curbcut user add: ");
	process_end(&process);
}

/* Who may write to it runs the server: nobody else is let near. */
static void control__is_for_its_owner_alone(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	process_start(&process);
	char path[600];
	struct stat about;
	(void)snprintf(path, sizeof path, "%s/control.sock", process.data);
	assert_int_equal(stat(path, &about), 0);
	assert_true(S_ISSOCK(about.st_mode));
	assert_int_equal(about.st_mode & 0777, 0600);
	assert_int_equal(stat(process.data, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0700);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void user_add__wrong_input_is_told(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	char *out = NULL;
	assert_int_equal(process_command(ARGS("user", "add", "--data", process.data, "--config",
	                                      process.config, "--name", "li", "--role", "king"),
	                                 "a good password\n", &out),
	                 1);
	assert_non_null(strstr(out, "there is no role king"));
	free(out);
	assert_int_equal(process_command(ARGS("user", "add", "--data", process.data), "x\n", &out), 1);
	assert_non_null(strstr(out, "--name and --role are needed"));
	free(out);
	process_end(&process);
}

static void plugin_list__says_state_and_reason(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	process_start(&process);
	char *out = NULL;
	assert_int_equal(process_command(ARGS("plugin", "list", "--data", process.data), NULL, &out), 0);
	assert_non_null(strstr(out, "{\"name\":\"honest\",\"version\":\"1.2.3\",\"state\":\"running\"}"));
	assert_non_null(strstr(out, "\"state\":\"aside\",\"reason\":\"the well is dry\""));
	free(out);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void routes__of_the_running_server(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	char *out = NULL;
	assert_int_equal(process_command(ARGS("routes", "--data", process.data, "--config", process.config),
	                                 NULL, &out),
	                 1);
	assert_non_null(strstr(out, "curbcut routes: no server runs in this data folder"));
	free(out);
	process_start(&process);
	assert_int_equal(process_command(ARGS("routes", "--data", process.data), NULL, &out), 0);
	assert_non_null(strstr(out, "{\"method\":\"GET\",\"path\":\"/healthz\",\"roles\":[\"anyone\"],"
	                            "\"scope\":\"public\",\"body\":\"none\",\"body_max\":0,"
	                            "\"lane\":\"any\",\"owner\":\"core\"}\n"));
	assert_non_null(
		strstr(out, "\"path\":\"/api/v1/jobs/:id\",\"roles\":[\"signed_in\"],\"scope\":\"own\""));
	assert_non_null(strstr(out, "\"owner\":\"honest\"")); /* plugins' too */
	free(out);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void usage__unknown_command(void **state)
{
	(void)state;
	char *out = NULL;
	assert_int_equal(process_command(ARGS("conquer", "world"), NULL, &out), 2);
	assert_non_null(strstr(out, "curbcut user add"));
	free(out);
}

static void clock__is_driven_in_the_tests_build_only(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, config);
	struct process_clock *clock = process_clock(&process);
	clock->wall_ms = 1893456000000; /* 2030-01-01 */
	process_start(&process);
	char *log = process_log(&process);
	assert_non_null(strstr(log, "time=2030-01-01T00:00:00.000Z level=info event=serving"));
	free(log);
	clock->wall_ms += 86400000;
	free(process_get(&process, "/healthz", 200));
	assert_int_equal(process_stop(&process), 0);
	log = process_log(&process);
	assert_non_null(strstr(log, "time=2030-01-02T"));
	free(log);
	process_end(&process);
	char *out = NULL;
	assert_int_equal(process_command(ARGS("serve", "--clock-fd", "3"), NULL, &out), 2);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(user_add__with_a_server_and_without),
		cmocka_unit_test(control__is_for_its_owner_alone),
		cmocka_unit_test(user_add__wrong_input_is_told),
		cmocka_unit_test(plugin_list__says_state_and_reason),
		cmocka_unit_test(routes__of_the_running_server),
		cmocka_unit_test(usage__unknown_command),
		cmocka_unit_test(clock__is_driven_in_the_tests_build_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
