#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <poll.h>

#include "client.h"
#include "cm.h"

enum { WAIT_MS = 20000, STEP_MS = 5 };

static void step(void)
{
	struct timespec wait = { .tv_nsec = STEP_MS * 1000000 };
	(void)nanosleep(&wait, NULL);
}

static int64_t now_ms(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void process_make(struct process *process, const char *config)
{
	memset(process, 0, sizeof *process);
	process->out = -1;
	process->folder = temp_folder();
	temp_path(&process->folder, "config", process->config);
	temp_path(&process->folder, "log", process->log);
	temp_path(&process->folder, "data", process->data);
	temp_write(&process->folder, "config", config, strlen(config));
	/* A server whose supervisor was killed becomes ours, so that its end can be waited for. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
}

struct process_clock *process_clock(struct process *process)
{
	process->clock_fd = memfd_create("clock", 0); /* handed on: no close-on-exec */
	assert_true(process->clock_fd > 0);
	assert_int_equal(ftruncate(process->clock_fd, sizeof(struct process_clock)), 0);
	struct process_clock *clock = mmap(NULL, sizeof *clock, PROT_READ | PROT_WRITE, MAP_SHARED,
	                                   process->clock_fd, 0);
	assert_ptr_not_equal(clock, MAP_FAILED);
	struct timespec t;
	(void)clock_gettime(CLOCK_REALTIME, &t);
	clock->wall_ms = (int64_t)t.tv_sec * 1000;
	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	clock->boot_ms = (int64_t)t.tv_sec * 1000;
	clock->boot = 1;
	return clock;
}

static void exec_server(const struct process *process)
{
	char number[16];
	(void)snprintf(number, sizeof number, "%d", process->clock_fd);
	const char *argv[] = { "curbcut",
		               "serve",
		               "--config",
		               process->config,
		               "--data",
		               process->data,
		               "--listen",
		               "127.0.0.1:0",
		               "--second-factor",
		               "no",
		               process->clock_fd ? "--clock-fd" : NULL,
		               number,
		               NULL };
	(void)execv(process->clock_fd ? CURB_PROGRAM "-test" : CURB_PROGRAM,
	            (char *const *)(const void *)argv);
}

static void spawn(struct process *process)
{
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	int log = open(process->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	assert_true(log >= 0);
	process->supervisor = fork();
	if (process->supervisor == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)dup2(log, STDERR_FILENO);
		(void)prctl(PR_SET_PDEATHSIG,
		            SIGKILL); /* also when the test fails and never gets to process_end */
		exec_server(process);
		_exit(127);
	}
	assert_true(process->supervisor > 0);
	(void)close(ends[1]);
	(void)close(log);
	process->out = ends[0];
}

static int wait_exit(struct process *process)
{
	int status = 0;
	for (int64_t until = now_ms() + WAIT_MS; now_ms() < until; step())
		if (waitpid(process->supervisor, &status, WNOHANG) == process->supervisor) {
			process->supervisor = 0;
			(void)close(process->out);
			process->out = -1;
			return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
		}
	fail_msg("the supervisor does not end");
	return -1;
}

void process_start(struct process *process)
{
	static const char said[] = "listening on http://127.0.0.1:";
	char line[128] = "";
	spawn(process);
	for (size_t n = 0; n < sizeof line - 1 && !strchr(line, '\n'); n++) {
		struct pollfd wait = { .fd = process->out, .events = POLLIN };
		if (poll(&wait, 1, WAIT_MS) != 1 || read(process->out, line + n, 1) != 1) {
			char *log = process_log(process);
			fail_msg("it did not come up:\n%s", log);
		}
	}
	assert_int_equal(strncmp(line, said, sizeof said - 1), 0);
	process->port = (int)strtol(line + sizeof said - 1, NULL, 10);
}

int process_refused(struct process *process)
{
	spawn(process);
	return wait_exit(process);
}

int process_stop(struct process *process)
{
	assert_int_equal(kill(process->supervisor, SIGTERM), 0);
	return wait_exit(process);
}

/* Also what a test that failed left behind: those whose parents are gone have become ours. */
static void kill_children(void)
{
	char path[64], text[4096] = "";
	(void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	FILE *file = fopen(path, "re");
	size_t n = file ? fread(text, 1, sizeof text - 1, file) : 0;
	text[n] = '\0';
	if (file)
		(void)fclose(file);
	char *at = text;
	for (long pid; (pid = strtol(at, &at, 10)) > 0;)
		(void)kill((pid_t)pid, SIGKILL);
}

static void end_children(void)
{
	for (pid_t ended; (ended = waitpid(-1, NULL, WNOHANG)) >= 0;)
		if (ended == 0) {
			kill_children();
			step();
		}
}

void process_end(struct process *process)
{
	if (process->supervisor > 0) {
		(void)kill(process->supervisor, SIGKILL); /* the server goes with it */
		(void)waitpid(process->supervisor, NULL, 0);
	}
	end_children();
	if (process->out >= 0)
		(void)close(process->out);
	if (process->clock_fd)
		(void)close(process->clock_fd);
	temp_remove(&process->folder);
}

pid_t process_server(const struct process *process)
{
	char path[64], text[32] = "";
	(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)process->supervisor,
	               (int)process->supervisor);
	FILE *file = fopen(path, "re");
	if (file && !fgets(text, sizeof text, file))
		text[0] = '\0';
	if (file)
		(void)fclose(file);
	return (pid_t)strtol(text, NULL, 10);
}

/* The status of GET /healthz; 0 when nobody answers. */
static int health(int port)
{
	static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	char text[16] = "";
	int status = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct timeval wait = { .tv_sec = 5 };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
	if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	    send(fd, request, sizeof request - 1, MSG_NOSIGNAL) > 0 && recv(fd, text, 12, MSG_WAITALL) == 12)
		status = (int)strtol(text + 9, NULL, 10);
	(void)close(fd);
	return status;
}

int process_wait_up(const struct process *process)
{
	int64_t from = now_ms();
	for (; now_ms() < from + WAIT_MS; step())
		if (health(process->port) == 200)
			return (int)(now_ms() - from);
	char *log = process_log(process);
	fail_msg("it did not come up again:\n%s", log);
	return -1;
}

char *process_get(const struct process *process, const char *path, int status)
{
	struct answer answer = client_ask(process->port, "GET", path, "", NULL);
	if (answer.status != status)
		fail_msg("%s answered %d: %s", path, answer.status, answer.body ? answer.body : "");
	char *body = strdup(answer.body ? answer.body : "");
	answer_free(&answer);
	return body;
}

char *process_log(const struct process *process)
{
	size_t size = 0;
	char *text = temp_read(&process->folder, "log", &size);
	return text ? text : strdup("");
}

int process_command(const char *const *args, const char *input, char **ret_out)
{
	const char *argv[32] = { "curbcut" };
	for (size_t i = 0; args[i] && i < 30; i++)
		argv[i + 1] = args[i];
	int in[2], out[2];
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid_t child = fork();
	if (child == 0) {
		(void)dup2(in[0], STDIN_FILENO);
		(void)dup2(out[1], STDOUT_FILENO);
		(void)dup2(out[1], STDERR_FILENO);
		(void)execv(CURB_PROGRAM, (char *const *)(const void *)argv);
		_exit(127);
	}
	(void)close(in[0]);
	(void)close(out[1]);
	if (input)
		assert_int_equal(write(in[1], input, strlen(input)), (ssize_t)strlen(input));
	(void)close(in[1]);
	char *text = calloc(1, 65536);
	ssize_t n;
	for (size_t len = 0; len < 65535 && (n = read(out[0], text + len, 65535 - len)) > 0;)
		len += (size_t)n;
	(void)close(out[0]);
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	*ret_out = text;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}
