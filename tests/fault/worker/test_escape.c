/* Nothing gets out of the worker, and each wall alone stops what it is there for: with no wall the same attempts succeed,
 * so the tests are not blind. */
#include "cm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox.h"
#include "yard.h"

enum { ESCAPED = 0, REFUSED = 1, KILLED = 2 };
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define WATCHED 1
#endif
#endif
#ifndef WATCHED
#define WATCHED 0
#endif

static int wait_for(pid_t pid)
{
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS || WTERMSIG(status) == SIGXFSZ ? KILLED :
		                                                                   100 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

/* Runs a program with the worker's descriptors and one variable; tells how the attempt ended. */
static int run(const struct yard *yard, const char *program, const char *attempt, const char *variable)
{
	const char *const argv[] = { program, attempt, NULL }, *const env[] = { variable, NULL };
	char scratch[512];
	pid_t pid = 0;
	posix_spawn_file_actions_t files;
	temp_path(&yard->folder, "scratch", scratch);
	assert_int_equal(posix_spawn_file_actions_init(&files), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&files, 3, "/dev/null", O_RDONLY, 0), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&files, 4, "/dev/null", O_WRONLY, 0), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&files, 5, scratch, O_RDWR | O_CREAT, 0600), 0);
	assert_int_equal(posix_spawn(&pid, program, &files, NULL, (char *const *)(uintptr_t)argv,
	                             (char *const *)(uintptr_t)env),
	                 0);
	(void)posix_spawn_file_actions_destroy(&files);
	return wait_for(pid);
}

/* What is tried on: made anew for each attempt. */
static void attempt_text(const struct yard *yard, const char *hole, char *ret_text, size_t room)
{
	const char *arg = "-";
	temp_write(&yard->folder, "file", "text", 4);
	(void)unlink(yard->fresh);
	if (strcmp(hole, "open") == 0 || strcmp(hole, "truncate") == 0 || strcmp(hole, "unlink") == 0)
		arg = yard->file;
	else if (strcmp(hole, "create") == 0)
		arg = yard->fresh;
	else if (strcmp(hole, "connect") == 0)
		arg = yard->port;
	else if (strcmp(hole, "exec") == 0)
		arg = "/bin/true";
	(void)snprintf(ret_text, room, "%s %s", hole, arg);
}

static int with_walls(const struct yard *yard, uint32_t walls, const char *hole)
{
	char some[32], text[600];
	(void)snprintf(some, sizeof some, "CURB_WALLS=%u", walls);
	attempt_text(yard, hole, text, sizeof text);
	return run(yard, CURB_SOME_WALLS, text, some);
}

static const char *const all_holes[] = { "open",   "create",   "truncate",    "unlink",    "connect",
	                                 "exec",   "ptrace",   "fork",        "code",      "more-code",
	                                 "signal", "big-file", "descriptors", "privileges" };

static void escape__nothing_gets_out_of_the_product(void **state)
{
	struct yard *yard = *state;
	for (size_t i = 0; i < sizeof all_holes / sizeof *all_holes; i++) {
		char text[600];
		attempt_text(yard, all_holes[i], text, sizeof text);
		int how = run(yard, CURB_HOLE, text, NULL);
		if (how != REFUSED && how != KILLED)
			print_message("%s: %d\n", text, how);
		assert_true(how == REFUSED || how == KILLED);
		assert_int_not_equal(access(yard->fresh, F_OK), 0);
		size_t size = 0;
		char *bytes = temp_read(&yard->folder, "file", &size);
		assert_int_equal(size, 4);
		free(bytes);
	}
}

static void escape__without_walls_all_get_out(void **state)
{
	for (size_t i = 0; i < sizeof all_holes / sizeof *all_holes; i++) {
		int how = with_walls(*state, 0, all_holes[i]);
		if (how != ESCAPED)
			print_message("%s: %d\n", all_holes[i], how);
		assert_int_equal(how, ESCAPED);
	}
}

/* One of the walls that the worker raises stands and stops the attempt; take it away, and the same attempt succeeds. (With all
 * walls up several stop the same things, so they are looked at one by one.) */
static void stops(const struct yard *yard, enum sandbox_wall wall, const char *const holes[])
{
	for (; *holes; holes++) {
		int how = with_walls(yard, wall, *holes);
		if (how != REFUSED && how != KILLED)
			print_message("%s: %d\n", *holes, how);
		assert_true(how == REFUSED || how == KILLED);
		assert_int_equal(with_walls(yard, 0, *holes), ESCAPED);
	}
}

static void escape__the_call_filter_stops_calls(void **state)
{
	stops(*state, SANDBOX_CALLS,
	      (const char *const[]){ "open", "create", "truncate", "unlink", "connect", "exec", "ptrace",
	                             "fork", "code", "more-code", "signal", "descriptors", NULL });
}

static void escape__landlock_stops_files(void **state)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1) {
		print_message("skipped: this kernel has no Landlock\n");
		skip();
	}
	stops(*state, SANDBOX_LANDLOCK, (const char *const[]){ "open", "create", "unlink", "exec", NULL });
	if (abi >= 3)
		stops(*state, SANDBOX_LANDLOCK, (const char *const[]){ "truncate", NULL });
	if (abi >= 4)
		stops(*state, SANDBOX_LANDLOCK, (const char *const[]){ "connect", NULL });
}

static bool namespaces_allowed(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 || unshare(CLONE_NEWNET) == 0 ? 0 : 1);
	return wait_for(pid) == 0;
}

static void escape__namespaces_stop_the_network(void **state)
{
	if (!namespaces_allowed()) {
		print_message("skipped: no namespaces here\n");
		skip();
	}
	stops(*state, SANDBOX_NAMESPACES, (const char *const[]){ "connect", NULL });
}

static void escape__limits_stop_greed(void **state)
{
	stops(*state, SANDBOX_LIMITS, (const char *const[]){ "big-file", "descriptors", NULL });
	if (WATCHED)
		return; /* sanitizers need the addresses */
	stops(*state, SANDBOX_LIMITS, (const char *const[]){ "memory", NULL });
}

static void escape__privileges_stay_down(void **state)
{
	stops(*state, SANDBOX_PRIVILEGES, (const char *const[]){ "privileges", NULL });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(escape__nothing_gets_out_of_the_product, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__without_walls_all_get_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__the_call_filter_stops_calls, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__landlock_stops_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__namespaces_stop_the_network, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__limits_stop_greed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(escape__privileges_stay_down, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
