/* Nothing gets out of the program that makes forms: the worker's own executable puts it behind walls, and here the program is
 * one that tries to leave. What it needs to do its work it can do. */
#include "cm.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "yard.h"

/* 0 or 1 as the program ended; more when it did not get so far. */
static int attempt(const struct yard *yard, const char *hole, const char *arg)
{
	char what[600], input[512], form[512];
	int status = 0;
	pid_t pid = 0;
	posix_spawn_file_actions_t files;
	const char *const argv[] = {
		"curbcut-worker", "", "form", CURB_PROGRAM_HOLE, "all", "0", "1", "", NULL
	};
	(void)snprintf(what, sizeof what, "%s %s", hole, arg);
	temp_write(&yard->folder, "input", what, strlen(what));
	temp_write(&yard->folder, "file", "text", 4);
	(void)unlink(yard->fresh);
	temp_path(&yard->folder, "input", input);
	temp_path(&yard->folder, "form", form);
	assert_int_equal(posix_spawn_file_actions_init(&files), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&files, 1, form, O_RDWR | O_CREAT, 0600), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&files, 3, input, O_RDONLY, 0), 0);
	assert_int_equal(posix_spawn(&pid, CURB_WORKER, &files, NULL, (char *const *)(uintptr_t)argv, NULL),
	                 0);
	(void)posix_spawn_file_actions_destroy(&files);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGXFSZ ? 1 : 100 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

static void program__does_its_work(void **state)
{
	static const char *const needs[] = { "again", "threads", "write" };
	for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
		int how = attempt(*state, needs[i], "");
		if (how != 0)
			print_message("%s: %d\n", needs[i], how);
		assert_int_equal(how, 0);
	}
}

static void program__opens_nothing_and_reaches_nobody(void **state)
{
	const struct yard *yard = *state;
	const struct {
		const char *hole, *arg;
	} holes[] = {
		{ "open", yard->file },
		{ "open", "/etc/passwd" },
		{ "open", "/proc/self/environ" },
		{ "create", yard->fresh },
		{ "truncate", yard->file },
		{ "unlink", yard->file },
		{ "connect", yard->port },
		{ "exec", "/bin/true" },
		{ "exec", CURB_PROGRAM_HOLE },
		{ "ptrace", "-" },
		{ "fork", "-" },
		{ "signal", "-" },
		{ "memory", "-" },
		{ "descriptors", "-" },
		{ "privileges", "-" },
		{ "input", "" },
		{ "output", "" },
		{ "large", "" },
	};
	for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
		int how = attempt(yard, holes[i].hole, holes[i].arg);
		if (how != 1)
			print_message("%s %s: %d\n", holes[i].hole, holes[i].arg, how);
		assert_int_equal(how, 1);
		assert_int_not_equal(access(yard->fresh, F_OK), 0);
		size_t size = 0;
		free(temp_read(&yard->folder, "file", &size));
		assert_int_equal(size, 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(program__does_its_work, set_up, tear_down),
		cmocka_unit_test_setup_teardown(program__opens_nothing_and_reaches_nobody, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
