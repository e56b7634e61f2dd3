/* In place of a program that writes down speech: what lies in the file PROGRAM.mode, which it must be allowed to read, says what it does. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static char path[4096], mode[32];

static void read_mode(const char *program)
{
	(void)snprintf(path, sizeof path, "%s.mode", program);
	FILE *file = fopen(path, "re");
	if (!file)
		exit(3);
	if (!fgets(mode, sizeof mode, file))
		mode[0] = '\0';
	mode[strcspn(mode, "\n")] = '\0';
	(void)fclose(file);
}

static uint32_t u32(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Seconds of sound; ends with 4 when it is not what was promised. `loud`: the first second in which something is heard. */
static int listen_to(int *ret_loud)
{
	static unsigned char head[44], second[32000];
	int n = 0;
	*ret_loud = -1;
	if (fread(head, 1, sizeof head, stdin) != sizeof head || memcmp(head, "RIFF", 4) != 0 ||
	    memcmp(head + 8, "WAVEfmt ", 8) != 0 || memcmp(head + 20, "\1\0\1\0", 4) != 0 ||
	    u32(head + 24) != 16000 || u32(head + 28) != 32000 || memcmp(head + 32, "\2\0\x10\0data", 8) != 0)
		exit(4);
	uint32_t left = u32(head + 40);
	for (size_t got; (got = fread(second, 1, sizeof second, stdin)) > 0; n++) {
		for (size_t i = 1; i < got && *ret_loud < 0; i += 2)
			if ((signed char)second[i] > 1 || (signed char)second[i] < -2)
				*ret_loud = n;
		left -= (uint32_t)got;
	}
	if (left)
		exit(4);
	return n;
}

static void cue(int from, int to, const char *text)
{
	(void)printf("%02d:%02d.000 --> %02d:%02d.000\n%s\n\n", from / 60, from % 60, to / 60, to % 60, text);
	(void)fflush(stdout);
}

static void write_down(const char *lang)
{
	char text[200];
	int loud = 0, n = listen_to(&loud);
	for (int i = 0; i < n; i++) {
		(void)snprintf(text, sizeof text,
		               "Second %d in %s, heard from %d <script>x</script> a &amp; b", i + 1, lang,
		               loud);
		cue(i, i + 1, text);
	}
}

/* ---- what it must not be able to do ---- */

static int tried;

static void tell(const char *what, int done)
{
	char text[200];
	(void)snprintf(text, sizeof text, "%s: %s", what, done ? "DONE" : "refused");
	cue(tried, tried + 1, text);
	tried++;
}

static int opens(const char *file, int flags)
{
	int fd = open(file, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

static int forks(void)
{
	pid_t pid = fork();
	if (pid == 0)
		for (;;)
			(void)pause();
	return pid > 0;
}

static int connects(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	return fd >= 0;
}

static int executes(const char *program)
{
	char *const argv[] = { (char *)(uintptr_t)program, (char *)"-c", (char *)"echo DONE", NULL };
	char *const none[] = { NULL };
	(void)execve(program, argv, none);
	return 0; /* else its words tell */
}

static void try_all(const char *program)
{
	tell("fork", forks());
	tell("vfork", syscall(SYS_vfork) >= 0);
	tell("internet", connects(AF_INET, SOCK_STREAM));
	tell("internet 6", connects(AF_INET6, SOCK_DGRAM));
	tell("unix", connects(AF_UNIX, SOCK_STREAM));
	tell("netlink", connects(AF_NETLINK, SOCK_RAW));
	tell("passwords", opens("/etc/passwd", O_RDONLY));
	tell("root", opens("/", O_RDONLY | O_DIRECTORY));
	tell("processes", opens("/proc/self/status", O_RDONLY));
	tell("write", opens("/tmp/curbcut-captioner", O_WRONLY | O_CREAT));
	tell("write its own", opens(path, O_WRONLY));
	tell("remove its own", unlink(path) == 0);
	tell("memory file", syscall(SYS_memfd_create, "x", 0) >= 0);
	tell("signal", kill(getppid(), 0) == 0);
	tell("trace", ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == 0);
	tell("session", setsid() >= 0);
	tell("rights", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
	tell("shell", executes("/bin/sh"));
	tell("shell", executes("/usr/bin/env"));
	(void)program;
}

static void wait_for_ever(void)
{
	for (;;)
		(void)pause();
}

static void flood(const char *what)
{
	for (;;)
		(void)fputs(what, stdout);
}

int main(int argc, char **argv)
{
	read_mode(argv[0]);
	if (strcmp(mode, "rubbish") == 0) {
		for (int i = 0; i < 100000; i++)
			(void)putchar((i * 7919) >> 5);
		return 0;
	}
	(void)puts("WEBVTT\n");
	if (strcmp(mode, "good") == 0)
		write_down(argc > 1 ? argv[1] : "?");
	else if (strcmp(mode, "lines") == 0) {
		cue(0, 1, "\xea\xb0\x80\xeb\x82\x98\n\xeb\x8b\xa4\xeb\x9d\xbc"); /* Korean has blanks */
		cue(1, 2, "\xe6\x8c\x89\xe4\xbd\x8f\n\xe8\xbf\x99\xe9\x87\x8c"); /* Chinese has none */
		cue(2, 3, "press\nhere");
	} else if (strcmp(mode, "tries") == 0)
		try_all(argv[0]);
	else if (strcmp(mode, "much") == 0)
		flood("00:00.000 --> 00:01.000\nmuch\n\n");
	else if (strcmp(mode, "line") == 0)
		flood("x");
	else if (strcmp(mode, "fails") == 0) {
		for (int i = 0; i < 200000; i++)
			(void)fputs("loading ", stderr);
		(void)fputs("no model", stderr);
		return 3;
	} else if (strcmp(mode, "dies") == 0)
		abort();
	else if (strcmp(mode, "hangs") == 0) {
		cue(0, 1, "begun");
		wait_for_ever();
	} else if (strcmp(mode, "closes") == 0) {
		(void)fclose(stdout);
		wait_for_ever();
	}
	return 0;
}
