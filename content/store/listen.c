/* Listening to a program of others: until it ends, is called off, or its time is over. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/clock.h"
#include "curb/err.h"
#include "inside.h"

enum { LOOK_MS = 250, ENDS_MS = 5000 };

int64_t intake_clock_us(const char *text)
{
	const int64_t most_hours = 1000;
	int64_t seconds = 0;
	char *end = NULL;
	for (int parts = 1;; parts++, text = end + 1) {
		int64_t part = strtol(text, &end, 10);
		if (end == text || part < 0 || part > most_hours)
			return 0;
		seconds = seconds * 60 + part;
		if (*end != ':' || parts == 3)
			return parts > 1 ? seconds * 1000000 : 0;
	}
}

/* What has come aside so far; its end is nobody's business. */
static void overhear(const struct intake_listening *l, struct pollfd *aside)
{
	char bytes[4096];
	ssize_t n = -1;
	while (aside->fd >= 0 && poll(aside, 1, 0) > 0 && (n = read(aside->fd, bytes, sizeof bytes)) > 0)
		l->overhear(l->arg, bytes, (size_t)n);
	if (n == 0)
		aside->fd = -1;
}

int intake_listen(const struct intake_listening *l, int in)
{
	int64_t begun = curb_tick_ms(), heard = begun;
	struct pollfd pipes[] = { { .fd = in, .events = POLLIN },
		                  { .fd = l->aside ? l->aside : -1, .events = POLLIN } };
	for (;;) {
		char bytes[4096];
		if (l->cancelled && l->cancelled(l->cancel_arg))
			return curb_fail(CURB_ECONFLICT, "the import was stopped");
		int64_t now = curb_tick_ms();
		if (now - begun > l->longest_ms || now - heard > l->silent_ms)
			return curb_fail(CURB_EBUSY, "the program takes too long");
		int ready = poll(pipes, 2, LOOK_MS);
		overhear(l, &pipes[1]);
		if (ready <= 0 || !pipes[0].revents)
			continue;
		ssize_t n = read(in, bytes, sizeof bytes);
		if (n < 0 && errno != EINTR)
			return curb_fail(CURB_EINTERNAL, "the program's pipe, errno %d", errno);
		if (n == 0)
			return 0;
		heard = now;
		int err = n > 0 ? l->hear(l->arg, bytes, (size_t)n) : 0;
		if (err)
			return err;
	}
}

int intake_wait(pid_t pid)
{
	CURB_AUTO(fd) int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	if (fd >= 0 && poll(&ended, 1, ENDS_MS) == 0)
		return curb_fail(CURB_EBUSY, "the program takes too long");
	return 0;
}
