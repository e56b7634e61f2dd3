/* CivetWeb does not tell a connection's socket: it is found among our descriptors by both of its ends. While a thread is
 * inside our callback the descriptor cannot be closed or given to somebody else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "inside.h"

static int port_of(const struct sockaddr_storage *address)
{
	if (address->ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
	if (address->ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)(const void *)address)->sin6_port);
	return -1;
}

static bool is_it(int fd, const struct tuple *tuple)
{
	struct sockaddr_storage peer, own;
	socklen_t len = sizeof peer;
	if (getpeername(fd, (struct sockaddr *)&peer, &len) != 0 || port_of(&peer) != tuple->port)
		return false;
	len = sizeof own;
	if (getsockname(fd, (struct sockaddr *)&own, &len) != 0 || port_of(&own) != tuple->server_port)
		return false;
	char text[INET6_ADDRSTRLEN] = "";
	const void *bytes = peer.ss_family == AF_INET ?
	                            (const void *)&((struct sockaddr_in *)(void *)&peer)->sin_addr :
	                            (const void *)&((struct sockaddr_in6 *)(void *)&peer)->sin6_addr;
	return inet_ntop(peer.ss_family, bytes, text, sizeof text) && strcmp(text, tuple->address) == 0;
}

static int most_descriptors(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? (int)limit.rlim_cur : 65536;
}

/* Descriptors are given lowest first, so a long run of empty ones is the end of them. */
enum { END_AFTER = 4096 };

int socket_find(const struct tuple *tuple)
{
	int most = most_descriptors();
	for (int fd = 3, empty = 0; fd < most && empty < END_AFTER; fd++) {
		errno = 0;
		if (is_it(fd, tuple))
			return fd;
		empty = errno == EBADF ? empty + 1 : 0;
	}
	return -1;
}

void socket_end_reading(int server_port)
{
	int most = most_descriptors();
	for (int fd = 3, empty = 0; fd < most && empty < END_AFTER; fd++) {
		struct sockaddr_storage own;
		socklen_t len = sizeof own;
		errno = 0;
		if (getsockname(fd, (struct sockaddr *)&own, &len) == 0 && port_of(&own) == server_port)
			(void)shutdown(fd, SHUT_RD);
		empty = errno == EBADF ? empty + 1 : 0;
	}
}
