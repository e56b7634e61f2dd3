/* The server asks itself before anybody else does: that it answers, and that its threads have the stacks that handlers
 * need (stack.c).
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "curb/cleanup.h"
#include "curb/err.h"
#include "inside.h"

static int probe_exchange(const struct http *http, char *ret_text, size_t room)
{
	CURB_AUTO(fd) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http->port) };
	char host[64];
	(void)snprintf(host, sizeof host, "%.*s", (int)strcspn(http->o.listen, ":"), http->o.listen);
	if (inet_pton(AF_INET, host, &to.sin_addr) != 1 || to.sin_addr.s_addr == INADDR_ANY)
		to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	struct timeval patience = { .tv_sec = 10 };
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	char text[128];
	int len = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: probe\r\n\r\n", http->probe);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
	    send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		return -1;
	ssize_t n = recv(fd, ret_text, room - 1, 0);
	ret_text[n > 0 ? n : 0] = '\0';
	return n > 0 ? 0 : -1;
}

int probe_own(struct http *http)
{
	char reply[1024] = "";
	int failed = probe_exchange(http, reply, sizeof reply);
	atomic_store(&http->probing, false);
	if (failed || strncmp(reply, "HTTP/1.1 200", 12) != 0)
		return curb_fail(CURB_EINTERNAL, "the server does not answer itself: \"%.60s\"", reply);
	if (!strstr(reply, "stack ok"))
		return curb_fail(CURB_EINTERNAL,
		                 "the server's threads have small stacks: pthread_attr_setstacksize of the "
		                 "executable is not seen by libcivetweb");
	return 0;
}
