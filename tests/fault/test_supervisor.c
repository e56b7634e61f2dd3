/* What the supervisor promises, on the real executable. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "client.h"
#include "cm.h"
#include "process.h"

#define CONFIG(plugins) \
	"[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS "\nplugins = " plugins "\nessential =\n"

static void start(struct process *process, const char *config)
{
	process_make(process, config);
	process_start(process);
	(void)process_wait_up(process);
}

/* Waits until another server than `old` is there and serves. */
static int wait_for_another(const struct process *process, pid_t old)
{
	int ms = process_wait_up(process);
	assert_int_not_equal(process_server(process), old);
	return ms;
}

static void assert_logged(const struct process *process, const char *text)
{
	char *log = process_log(process);
	if (!strstr(log, text))
		fail_msg("not logged: %s\n%s", text, log);
	free(log);
}

static void kill__server_is_up_again_within_a_second(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	int best = 1000000;
	for (int i = 0; i < 5; i++) { /* also more often than a crash may happen without a wait */
		pid_t server = process_server(&process);
		assert_int_equal(kill(server, SIGKILL), 0);
		int ms = wait_for_another(&process, server);
		best = ms < best ? ms : best;
	}
	assert_true(best < 1000);
	assert_logged(&process, "event=server_killed from=outside");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void stop__ends_both_with_code_0(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	pid_t server = process_server(&process);
	assert_int_equal(process_stop(&process), 0);
	assert_int_equal(kill(server, 0), -1);
	assert_logged(&process, "event=stopping reason=\"asked to\"");
	process_end(&process);
}

static void hangup__does_nothing(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	pid_t server = process_server(&process);
	assert_int_equal(kill(process.supervisor, SIGHUP), 0);
	assert_int_equal(kill(server, SIGHUP), 0);
	(void)process_wait_up(&process);
	assert_int_equal(process_server(&process), server);
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void supervisor_killed__takes_the_server_along(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	pid_t server = process_server(&process);
	assert_int_equal(kill(process.supervisor, SIGKILL), 0);
	assert_int_equal(waitpid(process.supervisor, NULL, 0), process.supervisor);
	process.supervisor = 0;
	int status = 0;
	assert_int_equal(waitpid(server, &status, 0), server); /* it became ours, and ended */
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	process_end(&process);
}

/* As a test that failed leaves it: nobody knows of it any more. */
static void process_end__ends_what_was_left_behind(void **state)
{
	(void)state;
	struct process process, lost;
	start(&lost, CONFIG("honest"));
	pid_t supervisor = lost.supervisor, server = process_server(&lost);
	start(&process, CONFIG("honest"));
	process_end(&process);
	assert_int_equal(kill(supervisor, 0), -1);
	assert_int_equal(kill(server, 0), -1);
	lost.supervisor = 0;
	process_end(&lost);
}

static void crash_of(struct process *process, const char *path)
{
	pid_t server = process_server(process);
	struct answer answer = client_ask(process->port, "GET", path, "", NULL);
	assert_int_equal(answer.status, 0);
	answer_free(&answer);
	(void)wait_for_another(process, server);
}

static void crash__plugin_is_set_aside_after_the_third(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("crashing honest"));
	for (int i = 0; i < 3; i++)
		crash_of(&process, "/api/v1/crashing/crash");
	free(process_get(&process, "/api/v1/crashing", 404));
	free(process_get(&process, "/api/v1/honest", 200));
	char *health = process_get(&process, "/healthz", 200);
	assert_non_null(strstr(health, "\"name\":\"crashing\""));
	assert_non_null(strstr(
		health, "\"state\":\"aside\",\"reason\":\"it crashed the server three times in a minute\""));
	free(health);
	assert_logged(&process, "plugin=crashing at=\"GET /api/v1/crashing/crash\"");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void crash__stack_overflow_is_the_plugins_too(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	crash_of(&process, "/api/v1/honest/overflow");
	assert_logged(&process, "plugin=honest at=\"GET /api/v1/honest/overflow\"");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void crash__in_a_job_is_the_plugins_too(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("crashingjob honest"));
	struct answer asked = client_ask(process.port, "GET", "/api/v1/crashingjob/enqueue", "", NULL);
	assert_true(asked.status == 202 ||
	            asked.status == 0); /* the job may end the server before its answer is out */
	answer_free(&asked);
	(void)process_wait_up(&process);
	bool aside = false;
	for (int i = 0; i < 4 && !aside; i++) { /* its tries wait for their backoff */
		pid_t server = process_server(&process);
		while (process_server(&process) == server && kill(server, 0) == 0)
			(void)process_wait_up(&process);
		(void)process_wait_up(&process);
		char *health = process_get(&process, "/healthz", 200);
		aside = strstr(health, "\"state\":\"aside\",\"reason\":\"it crashed") != NULL;
		free(health);
	}
	assert_true(aside);
	free(process_get(&process, "/api/v1/honest", 200));
	assert_logged(&process, "plugin=crashingjob at=\"job ");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void crash__essential_is_never_set_aside(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, "[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS
	                       "\nplugins = crashing honest\nessential = crashing\n");
	process_start(&process);
	(void)process_wait_up(&process);
	for (int i = 0; i < 4; i++)
		crash_of(&process, "/api/v1/crashing/crash");
	free(process_get(&process, "/api/v1/crashing", 200));
	assert_logged(&process, "event=alarm reason=\"crashing crashes again and again");
	assert_logged(&process, "restart_ms=1000");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

static void start__refused_names_the_essential_plugin(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, "[curbcut]\nthreads = 32\nplugin_folder = " CURB_LIARS
	                       "\nplugins = failing honest\nessential = failing\n");
	assert_int_equal(process_refused(&process), 78);
	assert_logged(&process, "failing cannot be left out, and it was: the well is dry");
	process_end(&process);
}

static void start__refused_names_the_line_of_the_configuration(void **state)
{
	(void)state;
	struct process process;
	process_make(&process, CONFIG("honest") "[honest]\ntimes = 4\ntims = 5\n");
	assert_int_equal(process_refused(&process), 78);
	assert_logged(&process, "line 8 of the configuration: [honest] has no setting tims");
	process_end(&process);
}

static void start__one_server_a_folder(void **state)
{
	(void)state;
	struct process process;
	start(&process, CONFIG("honest"));
	struct process second = process;
	second.supervisor = 0;
	assert_int_equal(process_refused(&second), 78);
	assert_logged(&process, "another process works in");
	assert_int_equal(process_stop(&process), 0);
	process_end(&process);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kill__server_is_up_again_within_a_second),
		cmocka_unit_test(stop__ends_both_with_code_0),
		cmocka_unit_test(hangup__does_nothing),
		cmocka_unit_test(supervisor_killed__takes_the_server_along),
		cmocka_unit_test(process_end__ends_what_was_left_behind),
		cmocka_unit_test(crash__plugin_is_set_aside_after_the_third),
		cmocka_unit_test(crash__stack_overflow_is_the_plugins_too),
		cmocka_unit_test(crash__in_a_job_is_the_plugins_too),
		cmocka_unit_test(crash__essential_is_never_set_aside),
		cmocka_unit_test(start__refused_names_the_essential_plugin),
		cmocka_unit_test(start__refused_names_the_line_of_the_configuration),
		cmocka_unit_test(start__one_server_a_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
