#include "asker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tally.h"

static void end(const char *what)
{
	perror(what);
	exit(1);
}

void asker_open(struct asker *asker, int port, int buffer)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		                  .sin_port = htons((uint16_t)port),
		                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int yes = 1;
	*asker = (struct asker){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	if (asker->fd < 0)
		end("socket");
	if (buffer)
		(void)setsockopt(asker->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	(void)setsockopt(asker->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	if (connect(asker->fd, (struct sockaddr *)&to, sizeof to) != 0)
		end("connect");
	if (fcntl(asker->fd, F_SETFL, O_NONBLOCK) != 0)
		end("fcntl");
}

bool asker_ask(struct asker *asker, const char *text, size_t len)
{
	asker->head_len = 0;
	asker->in_body = false;
	asker->first_us = 0;
	asker->asked_us = tick_us();
	return send(asker->fd, text, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* Status and length of a head that is whole, NUL-ended. */
static bool read_head(struct asker *asker)
{
	char *line = asker->head, *end_of;
	bool found = false;
	if (strncmp(line, "HTTP/1.1 ", 9) != 0)
		return false;
	asker->status = (int)strtol(line + 9, &end_of, 10);
	while ((line = strstr(line, "\r\n")) != NULL) {
		line += 2;
		if (strncasecmp(line, "Content-Length:", 15) != 0)
			continue;
		asker->left = strtoull(line + 15, &end_of, 10);
		found = true;
	}
	return found || asker->status == 204 || asker->status == 304;
}

/* BROKEN until the head is whole and read: then WAITS. */
static enum asker_state take_head(struct asker *asker, size_t fresh)
{
	size_t from = asker->head_len > 3 ? asker->head_len - 3 : 0;
	asker->head_len += fresh;
	char *stop = memmem(asker->head + from, asker->head_len - from, "\r\n\r\n", 4);
	if (!stop)
		return asker->head_len + 1 < sizeof asker->head ? ASKER_WAITS : ASKER_BROKEN;
	size_t body = (size_t)(asker->head + asker->head_len - (stop + 4));
	stop[2] = '\0';
	asker->left = 0;
	if (!read_head(asker) || body > asker->left)
		return ASKER_BROKEN;
	asker->in_body = true;
	asker->left -= body;
	return asker->left ? ASKER_WAITS : ASKER_DONE;
}

enum asker_state asker_read(struct asker *asker, size_t most)
{
	for (;;) {
		size_t room = asker->in_body ? (asker->left < most ? (size_t)asker->left : most) :
		                               sizeof asker->head - 1 - asker->head_len;
		/* TCP drops bytes instead of copying them when it is asked to. */
		ssize_t n = asker->in_body ? recv(asker->fd, NULL, room, MSG_TRUNC) :
		                             recv(asker->fd, asker->head + asker->head_len, room, 0);
		if (n < 0 && errno == EAGAIN)
			return ASKER_WAITS;
		if (n <= 0)
			return ASKER_BROKEN;
		if (!asker->first_us)
			asker->first_us = tick_us();
		if (!asker->in_body) {
			enum asker_state state = take_head(asker, (size_t)n);
			if (state != ASKER_WAITS)
				return state;
			continue;
		}
		asker->left -= (size_t)n;
		if (!asker->left)
			return ASKER_DONE;
		most -= (size_t)n;
		if (!most)
			return ASKER_WAITS;
	}
}

int askers_watch(struct asker *askers, size_t n)
{
	int poll = epoll_create1(EPOLL_CLOEXEC);
	if (poll < 0)
		end("epoll_create1");
	for (size_t i = 0; i < n; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u64 = i };
		if (epoll_ctl(poll, EPOLL_CTL_ADD, askers[i].fd, &event) != 0)
			end("epoll_ctl");
	}
	return poll;
}
