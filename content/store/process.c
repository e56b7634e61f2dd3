/* Starting the worker: three descriptors, no environment, a process group of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { FD_UPLOAD = 3, FD_PIPE = 4, FD_SCRATCH = 5, FD_LOW = 16 };

/* Descriptors are first moved out of the way of the numbers they will get. */
static int lift(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_LOW);
	if (fd >= 0)
		(void)close(fd);
	return high;
}

/* A fresh, read-only opening: the worker shares neither our position nor our right to write. */
static int reopen(int fd)
{
	char path[40];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return lift(open(path, O_RDONLY | O_CLOEXEC));
}

static int spawn(const struct intake_job *job, int upload, int pipe, int scratch, pid_t *ret_pid)
{
	const char *what = job->table ? "table" : job->captions ? "captions" : NULL;
	char *const argv[] = { (char *)"curbcut-worker", (char *)(uintptr_t)job->name,
		               (char *)(uintptr_t)what, (char *)(uintptr_t)job->captions, NULL };
	char *const envp[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	int failed = posix_spawn_file_actions_init(&files);
	if (failed)
		return failed;
	failed = posix_spawnattr_init(&attributes);
	if (failed) {
		(void)posix_spawn_file_actions_destroy(&files);
		return failed;
	}
	if (job->errors_fd >= 0)
		failed = posix_spawn_file_actions_adddup2(&files, job->errors_fd, STDERR_FILENO);
	else
		failed = posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	failed = failed || posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
	         posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ||
	         posix_spawn_file_actions_adddup2(&files, upload, FD_UPLOAD) ||
	         posix_spawn_file_actions_adddup2(&files, pipe, FD_PIPE) ||
	         posix_spawn_file_actions_adddup2(&files, scratch, FD_SCRATCH) ||
	         posix_spawn_file_actions_addclosefrom_np(&files, FD_SCRATCH + 1) ||
	         posix_spawnattr_setpgroup(&attributes, 0) ||
	         posix_spawnattr_setsigmask(&attributes, &none) ||
	         posix_spawnattr_setsigdefault(&attributes, &all) ||
	         posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
	                                                       POSIX_SPAWN_SETSIGDEF);
	failed = failed ? ENOMEM : posix_spawn(ret_pid, job->worker, &files, &attributes, argv, envp);
	(void)posix_spawnattr_destroy(&attributes);
	(void)posix_spawn_file_actions_destroy(&files);
	return failed;
}

int intake_start(const struct intake_job *job, struct intake_process *ret_process)
{
	enum { PIPE_ROOM = 1024 * 1024 };
	int ends[2], scratch_low = -1;
	int err = blobs_scratch(job->blobs, &scratch_low);
	if (err)
		return err;
	CURB_AUTO(fd) int scratch = lift(scratch_low);
	CURB_AUTO(fd) int upload = reopen(job->upload);
	if (scratch < 0 || upload < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return curb_fail(CURB_EINTERNAL, "worker: descriptors, errno %d", errno);
	CURB_AUTO(fd) int out = lift(ends[1]);
	int in = lift(ends[0]);
	(void)fcntl(out, F_SETPIPE_SZ, PIPE_ROOM);
	int failed = in < 0 || out < 0 ? EMFILE : spawn(job, upload, out, scratch, &ret_process->pid);
	if (failed) {
		if (in >= 0)
			(void)close(in);
		return curb_fail(CURB_EINTERNAL, "worker: %s cannot be started, errno %d", job->worker,
		                 failed);
	}
	ret_process->pipe = in;
	return 0;
}

void intake_stop(struct intake_process *process, bool kill_it, int *ret_status)
{
	if (kill_it)
		(void)kill(-process->pid, SIGKILL);
	while (waitpid(process->pid, ret_status, 0) < 0 && errno == EINTR)
		;
	(void)close(process->pipe);
}
