/* A worker that has been taken over: it tries to get out. Linked in place of the reader of packages.
 * Exit 0: it got out. Exit 1: the call was refused. The walls may also end it by a signal. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reader.h"

static bool try_open(const char *arg)
{
	return open(arg, O_RDONLY) >= 0;
}

static bool try_create(const char *arg)
{
	return open(arg, O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0;
}

static bool try_truncate(const char *arg)
{
	return truncate(arg, 0) == 0;
}

static bool try_unlink(const char *arg)
{
	return unlink(arg) == 0;
}

static bool try_connect(const char *arg)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(arg, NULL, 10)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
}

static bool try_exec(const char *arg)
{
	char *const argv[] = { (char *)(uintptr_t)arg, NULL }, *const envp[] = { NULL };
	(void)execve(arg, argv, envp); /* /bin/true ends with 0 */
	return false;
}

static bool try_ptrace(const char *arg)
{
	(void)arg;
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool try_fork(const char *arg)
{
	(void)arg;
	pid_t pid = fork();
	if (pid == 0)
		_exit(1);
	return pid > 0;
}

static bool try_code(const char *arg)
{
	(void)arg;
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	       MAP_FAILED;
}

static bool try_more_code(const char *arg)
{
	(void)arg;
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

static bool try_signal(const char *arg)
{
	(void)arg;
	return kill(getppid(), 0) == 0;
}

static bool try_memory(const char *arg)
{
	const size_t size = (size_t)8 << 30;
	(void)arg;
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) !=
	       MAP_FAILED;
}

static bool try_big_file(const char *arg)
{
	const off_t far = (off_t)17 << 30;
	(void)arg;
	return pwrite(WIRE_SCRATCH_FD, "x", 1, far) == 1;
}

static bool try_descriptors(const char *arg)
{
	enum { MANY = 100 };
	(void)arg;
	for (int i = 0; i < MANY; i++)
		if (dup(WIRE_UPLOAD_FD) < 0)
			return false;
	return true;
}

static bool try_privileges(const char *arg)
{
	(void)arg;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

static const struct {
	const char *name;
	bool (*attempt)(const char *arg);
} holes[] = {
	{ "open", try_open },
	{ "create", try_create },
	{ "truncate", try_truncate },
	{ "unlink", try_unlink },
	{ "connect", try_connect },
	{ "exec", try_exec },
	{ "ptrace", try_ptrace },
	{ "fork", try_fork },
	{ "code", try_code },
	{ "more-code", try_more_code },
	{ "signal", try_signal },
	{ "memory", try_memory },
	{ "big-file", try_big_file },
	{ "descriptors", try_descriptors },
	{ "privileges", try_privileges },
};

/* `name` is "hole argument". */
void package_read(struct wire *wire, const struct reader_tools *tools, const char *name)
{
	enum { UNKNOWN = 99 };
	(void)wire;
	(void)tools;
	for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
		size_t n = strlen(holes[i].name);
		if (strncmp(name, holes[i].name, n) == 0 && name[n] == ' ')
			_exit(holes[i].attempt(name + n + 1) ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	_exit(UNKNOWN);
}
