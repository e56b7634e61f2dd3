/* Starting the worker: named descriptors, no environment, a process group of its own. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

enum { FD_UPLOAD = 3, FD_PIPE = 4, FD_SCRATCH = 5, FD_FORM = 6, FD_ANSWERS = 7, FD_LOW = 16 };

/* Descriptors are first moved out of the way of the numbers they will get. */
int intake_lift(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_LOW);
	if (fd >= 0)
		(void)close(fd);
	return high;
}

int intake_reopen(int fd)
{
	char path[40];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return intake_lift(open(path, O_RDONLY | O_CLOEXEC));
}

int intake_pipe(int *ret_in, int *ret_out)
{
	enum { PIPE_ROOM = 1024 * 1024 };
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) < 0)
		return curb_fail(CURB_EINTERNAL, "worker: no pipe, errno %d", errno);
	*ret_out = intake_lift(ends[1]);
	*ret_in = intake_lift(ends[0]);
	(void)fcntl(*ret_out, F_SETPIPE_SZ, PIPE_ROOM);
	return 0;
}

/* ---- a process with these descriptors ---- */

static int plan_file(posix_spawn_file_actions_t *files, const struct intake_give *gives, size_t n, int fd)
{
	for (size_t i = 0; i < n; i++)
		if (gives[i].as == fd)
			return posix_spawn_file_actions_adddup2(files, gives[i].fd, fd);
	return posix_spawn_file_actions_addopen(files, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
}

/* Those that are given; what is missing among the first three is /dev/null, and no other is open. */
static int plan_files(posix_spawn_file_actions_t *files, const struct intake_give *gives, size_t n)
{
	int last = STDERR_FILENO, failed = 0;
	for (size_t i = 0; i < n; i++)
		last = gives[i].as > last ? gives[i].as : last;
	for (int fd = STDIN_FILENO; !failed && fd <= last; fd++)
		failed = plan_file(files, gives, n, fd);
	return failed ? failed : posix_spawn_file_actions_addclosefrom_np(files, last + 1);
}

static int spawn(const char *path, char *const argv[], const posix_spawn_file_actions_t *files,
                 pid_t *ret_pid)
{
	char *const envp[] = { NULL };
	posix_spawnattr_t attributes;
	sigset_t none, all;
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	int failed = posix_spawnattr_init(&attributes);
	if (failed)
		return failed;
	failed = posix_spawnattr_setpgroup(&attributes, 0) ||
	         posix_spawnattr_setsigmask(&attributes, &none) ||
	         posix_spawnattr_setsigdefault(&attributes, &all) ||
	         posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
	                                                       POSIX_SPAWN_SETSIGDEF);
	failed = failed ? ENOMEM : posix_spawn(ret_pid, path, files, &attributes, argv, envp);
	(void)posix_spawnattr_destroy(&attributes);
	return failed;
}

int intake_spawn(const char *path, char *const argv[], const struct intake_give *gives, size_t n,
                 pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	for (size_t i = 0; i < n; i++)
		if (gives[i].fd < 0)
			return curb_fail(CURB_EINTERNAL, "worker: no descriptor is free");
	int failed = posix_spawn_file_actions_init(&files);
	if (!failed) {
		failed = plan_files(&files, gives, n) ? ENOMEM : spawn(path, argv, &files, ret_pid);
		(void)posix_spawn_file_actions_destroy(&files);
	}
	return failed ? curb_fail(CURB_EINTERNAL, "worker: %s cannot be started, errno %d", path, failed) : 0;
}

/* ---- the worker ---- */

static int open_scratch(const struct intake_job *job, int *ret_fd)
{
	int low = -1, err = blobs_scratch(job->blobs, &low);
	if (!err)
		*ret_fd = intake_lift(low);
	return err;
}

/* What a worker that may ask for forms has besides: where they lie, and where it is answered. */
static int open_forms(const struct intake_job *job, struct intake_process *process, int *ret_form,
                      int *ret_answers)
{
	int ends[2], err = open_scratch(job, &process->form);
	if (err)
		return err;
	*ret_form = intake_reopen(process->form);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return curb_fail(CURB_EINTERNAL, "worker: descriptors, errno %d", errno);
	process->answers = intake_lift(ends[0]);
	*ret_answers = intake_lift(ends[1]);
	return 0;
}

static int start(const struct intake_job *job, struct intake_process *process)
{
	CURB_AUTO(fd) int out = -1;
	CURB_AUTO(fd) int form = -1;
	CURB_AUTO(fd) int answers = -1;
	int err = open_scratch(job, &process->scratch);
	if (!err)
		err = intake_pipe(&process->pipe, &out);
	if (!err && job->program)
		err = open_forms(job, process, &form, &answers);
	if (err)
		return err;
	process->upload = intake_reopen(job->upload);
	const char *how = job->captions ? job->captions : job->rendition;
	const char *task = job->table     ? "table" :
	                   job->captions  ? "captions" :
	                   job->rendition ? "rendition" :
	                   job->program   ? "forms" :
	                                    NULL;
	char *const argv[] = { (char *)"curbcut-worker", (char *)(uintptr_t)job->name,
		               (char *)(uintptr_t)task, (char *)(uintptr_t)how, NULL };
	struct intake_give gives[6] = { { process->upload, FD_UPLOAD },
		                        { out, FD_PIPE },
		                        { process->scratch, FD_SCRATCH } };
	size_t n = 3;
	if (job->program) {
		gives[n++] = (struct intake_give){ form, FD_FORM };
		gives[n++] = (struct intake_give){ answers, FD_ANSWERS };
	}
	if (job->errors_fd >= 0)
		gives[n++] = (struct intake_give){ job->errors_fd, STDERR_FILENO };
	return intake_spawn(job->worker, argv, gives, n, &process->pid);
}

static void shut(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static void shut_all(struct intake_process *process)
{
	shut(&process->pipe);
	shut(&process->upload);
	shut(&process->scratch);
	shut(&process->form);
	shut(&process->answers);
}

int intake_start(const struct intake_job *job, struct intake_process *ret_process)
{
	*ret_process =
		(struct intake_process){ .pipe = -1, .upload = -1, .scratch = -1, .form = -1, .answers = -1 };
	int err = start(job, ret_process);
	if (err)
		shut_all(ret_process);
	return err;
}

void intake_end(pid_t pid, bool kill_it, int *ret_status)
{
	if (kill_it)
		(void)kill(-pid, SIGKILL);
	while (waitpid(pid, ret_status, 0) < 0 && errno == EINTR)
		;
}

void intake_stop(struct intake_process *process, bool kill_it, int *ret_status)
{
	intake_end(process->pid, kill_it, ret_status);
	shut_all(process);
}
