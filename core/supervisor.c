#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "curb/arena.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "curb/log.h"

/* ---- the rule of crashes ---- */

enum { MINUTE_MS = 60 * 1000, CRASHES_ALLOWED = 3, LONGEST_DELAY_MS = 30 * 1000 };

static unsigned recent(const struct crashes *crashes, const char *plugin, int64_t now_ms)
{
	unsigned kept = crashes->count < CRASHES_KEPT ? crashes->count : CRASHES_KEPT;
	unsigned n = 0;
	for (unsigned i = 0; i < kept; i++) {
		const struct crash *crash = &crashes->last[i];
		n += now_ms - crash->at_ms < MINUTE_MS && (!plugin || strcmp(crash->plugin, plugin) == 0);
	}
	return n;
}

static void forget(struct crashes *crashes, const char *plugin)
{
	for (unsigned i = 0; i < CRASHES_KEPT; i++)
		if (strcmp(crashes->last[i].plugin, plugin) == 0)
			crashes->last[i].at_ms = INT64_MIN / 2;
}

struct verdict crashes_note(struct crashes *crashes, const char *plugin, bool essential, int64_t now_ms)
{
	struct crash *crash = &crashes->last[crashes->count++ % CRASHES_KEPT];
	crash->at_ms = now_ms;
	(void)snprintf(crash->plugin, sizeof crash->plugin, "%s", plugin);
	struct verdict verdict = { .set_aside = false };
	if (plugin[0] && !essential && recent(crashes, plugin, now_ms) >= CRASHES_ALLOWED) {
		verdict.set_aside = true;
		forget(crashes, plugin);
		return verdict;
	}
	unsigned n = recent(crashes, NULL, now_ms);
	if (n <= CRASHES_ALLOWED)
		return verdict;
	verdict.alarm = true;
	unsigned doublings = n - CRASHES_ALLOWED - 1;
	verdict.delay_ms = doublings < 5 ? (int64_t)1000 << doublings : LONGEST_DELAY_MS;
	return verdict;
}

/* ---- the server's side ---- */

struct board *supervisor_join(int board_fd)
{
	(void)fcntl(board_fd, F_SETFD, FD_CLOEXEC);
	struct board *board = board_map(board_fd);
	if (board)
		board_use(board);
	return board;
}

/* ---- the supervisor's side ---- */

struct supervisor {
	struct board *board;
	char **args; /* the server's */
	pid_t child;
	sigset_t waited;
	bool stopping;
	int64_t kill_at_ms; /* when a stop takes too long; 0: none under way */
	struct crashes crashes;
};

static void run_child(const struct supervisor *supervisor, pid_t parent)
{
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before the line above */
		_exit(1);
	(void)execv("/proc/self/exe", supervisor->args);
	_exit(127);
}

static int spawn(struct supervisor *supervisor)
{
	pid_t parent = getpid();
	atomic_store(&supervisor->board->crashed, 0);
	supervisor->child = fork();
	if (supervisor->child == 0)
		run_child(supervisor, parent);
	if (supervisor->child > 0)
		return 0;
	return curb_fail(CURB_EINTERNAL, "the server cannot be started: fork failed");
}

/* Waits until one of our signals comes or `until_ms` (0: for ever) is over. The signal's number, 0 in the end. */
static int wait_signal(const struct supervisor *supervisor, int64_t until_ms)
{
	for (;;) {
		int64_t left_ms = until_ms - curb_tick_us() / 1000;
		if (until_ms && left_ms <= 0)
			return 0;
		struct timespec wait = { left_ms / 1000, left_ms % 1000 * 1000000 };
		int signal_number = until_ms ? sigtimedwait(&supervisor->waited, NULL, &wait) :
		                               sigwaitinfo(&supervisor->waited, NULL);
		if (signal_number > 0)
			return signal_number;
		if (errno == EAGAIN)
			return 0;
	}
}

static void ask_to_stop(struct supervisor *supervisor)
{
	supervisor->stopping = true;
	if (supervisor->child > 0 && !supervisor->kill_at_ms) {
		supervisor->kill_at_ms = curb_tick_us() / 1000 + SUPERVISOR_STOP_S * 1000;
		(void)kill(supervisor->child, SIGTERM);
	}
}

/* The wait status of the server when it has ended. */
static int wait_child(struct supervisor *supervisor)
{
	for (;;) {
		int status;
		if (waitpid(supervisor->child, &status, WNOHANG) == supervisor->child) {
			supervisor->child = 0;
			supervisor->kill_at_ms = 0;
			return status;
		}
		int signal_number = wait_signal(supervisor, supervisor->kill_at_ms);
		if (signal_number == SIGTERM || signal_number == SIGINT)
			ask_to_stop(supervisor);
		else if (signal_number == 0) {
			curb_log(CURB_ERROR, "server_killed reason=\"it did not stop in %d seconds\"",
			         SUPERVISOR_STOP_S);
			(void)kill(supervisor->child, SIGKILL);
			supervisor->kill_at_ms = 0;
		}
	}
}

static bool is_essential(const struct board *board, const char *plugin)
{
	for (unsigned i = 0; i < board->essential_count && i < BOARD_NAMES; i++)
		if (strncmp(board->essential[i], plugin, BOARD_NAME) == 0)
			return true;
	return false;
}

/* Whose code was at work; "" for the core's or when nobody knows. Bounded: the board was written by what has crashed. */
static void blame(const struct board *board, char ret_plugin[static BOARD_NAME], char ret_what[static 192])
{
	unsigned line = atomic_load(&board->crashed);
	ret_plugin[0] = ret_what[0] = '\0';
	if (!line || line > BOARD_LINES)
		return;
	(void)snprintf(ret_plugin, BOARD_NAME, "%.*s", BOARD_NAME - 1, board->line[line - 1].plugin);
	(void)snprintf(ret_what, 192, "%.*s", 191, board->line[line - 1].what);
}

static void set_aside(struct board *board, const char *plugin)
{
	if (board->aside_count == BOARD_NAMES)
		return;
	struct board_aside *aside = &board->aside[board->aside_count++];
	(void)snprintf(aside->name, sizeof aside->name, "%s", plugin);
	(void)snprintf(aside->reason, sizeof aside->reason, "it crashed the server three times in a minute");
}

/* After a crash: how long to wait before the next start. */
static int64_t judge(struct supervisor *supervisor, int status)
{
	struct board *board = supervisor->board;
	char plugin[BOARD_NAME], what[192];
	blame(board, plugin, what);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && atomic_load(&board->served)) {
		curb_log(CURB_WARN, "server_killed from=outside");
		return 0;
	}
	bool core = !plugin[0] || strcmp(plugin, "core") == 0;
	struct verdict verdict = crashes_note(&supervisor->crashes, core ? "" : plugin,
	                                      !core && is_essential(board, plugin), curb_tick_us() / 1000);
	curb_log(CURB_ERROR, "server_died signal=%d exit=%d plugin=%s at=\"%s\" restart_ms=%lld",
	         WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status) ? WEXITSTATUS(status) : 0,
	         plugin[0] ? plugin : "-", what, (long long)verdict.delay_ms);
	if (verdict.set_aside)
		set_aside(board, plugin);
	if (verdict.alarm)
		curb_log(CURB_ERROR, "alarm reason=\"%s crashes again and again and cannot be left out\"",
		         core ? "the server" : plugin);
	return verdict.delay_ms;
}

/* False when we are told to stop meanwhile. */
static bool pause_ms(struct supervisor *supervisor, int64_t delay_ms)
{
	int64_t until_ms = curb_tick_us() / 1000 + delay_ms;
	while (delay_ms && !supervisor->stopping) {
		int signal_number = wait_signal(supervisor, until_ms);
		if (signal_number == SIGTERM || signal_number == SIGINT)
			supervisor->stopping = true;
		if (signal_number == 0)
			break;
	}
	return !supervisor->stopping;
}

/* The exit code when this was the last run of the server; -1: start it again. */
static int after(struct supervisor *supervisor, int status)
{
	bool exited = WIFEXITED(status);
	bool served = atomic_load(&supervisor->board->served);
	if (exited && (supervisor->stopping || WEXITSTATUS(status) == 0 || !served))
		return WEXITSTATUS(status);
	if (supervisor->stopping)
		return 1;
	return pause_ms(supervisor, judge(supervisor, status)) ? -1 : 0;
}

static int run(struct supervisor *supervisor)
{
	for (;;) {
		if (spawn(supervisor)) {
			curb_log(CURB_ERROR, "supervisor reason=\"%s\"", curb_error_text());
			return 1;
		}
		int code = after(supervisor, wait_child(supervisor));
		if (code >= 0)
			return code;
	}
}

int supervisor_run(char *const *args)
{
	struct supervisor supervisor = { .child = 0 };
	int fd = -1;
	supervisor.board = board_new(&fd);
	if (!supervisor.board) {
		curb_log(CURB_ERROR, "supervisor reason=\"no shared memory\"");
		return 1;
	}
	size_t n = 0;
	while (args[n])
		n++;
	char number[16];
	(void)snprintf(number, sizeof number, "%d", fd);
	supervisor.args = curb_xcalloc(n + 3, sizeof *supervisor.args);
	memcpy((void *)supervisor.args, (const void *)args, n * sizeof *args);
	supervisor.args[n] = (char[]){ "--supervised" };
	supervisor.args[n + 1] = number;
	(void)sigemptyset(&supervisor.waited);
	(void)sigaddset(&supervisor.waited, SIGCHLD);
	(void)sigaddset(&supervisor.waited, SIGTERM);
	(void)sigaddset(&supervisor.waited, SIGINT);
	(void)sigaddset(&supervisor.waited, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &supervisor.waited, NULL);
	int code = run(&supervisor);
	free((void *)supervisor.args);
	return code;
}
