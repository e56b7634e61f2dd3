#include "client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cm.h"

enum { PATIENCE_MS = 10000, ROOM = 64 << 20 };

struct client client_open(int port)
{
	struct client client = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(client.fd >= 0);
	assert_int_equal(connect(client.fd, (struct sockaddr *)&to, sizeof to), 0);
	return client;
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		(void)close(client->fd);
	free(client->rest);
	*client = (struct client){ .fd = -1 };
}

bool client_send(struct client *client, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		struct pollfd p = { .fd = client->fd, .events = POLLOUT };
		assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
		ssize_t n = send(client->fd, at, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool client_text(struct client *client, const char *text)
{
	return client_send(client, text, strlen(text));
}

/* Adds what comes; false at the end of the connection. */
static bool more(struct client *client)
{
	struct pollfd p = { .fd = client->fd, .events = POLLIN };
	if (poll(&p, 1, PATIENCE_MS) != 1)
		fail_msg("no answer within ten seconds");
	char block[65536];
	ssize_t n = recv(client->fd, block, sizeof block, 0);
	if (n <= 0)
		return false;
	assert_true(client->rest_len + (size_t)n < ROOM);
	if (client->rest_len + (size_t)n >= client->rest_room) {
		client->rest_room = (client->rest_len + (size_t)n) * 2;
		client->rest = realloc(client->rest, client->rest_room);
		assert_non_null(client->rest);
	}
	memcpy(client->rest + client->rest_len, block, (size_t)n);
	client->rest_len += (size_t)n;
	client->rest[client->rest_len] = '\0';
	return true;
}

/* Cuts `len` bytes off the front. Yours: free(). */
static char *take(struct client *client, size_t len)
{
	char *part = calloc(1, len + 1);
	assert_non_null(part);
	if (len)
		memcpy(part, client->rest, len);
	client->rest_len -= len;
	if (client->rest)
		memmove(client->rest, client->rest + len, client->rest_len + 1);
	return part;
}

static bool read_head(struct client *client, struct answer *answer)
{
	char *end = NULL;
	while (!client->rest || !(end = memmem(client->rest, client->rest_len, "\r\n\r\n", 4)))
		if (!more(client))
			return false;
	answer->head = take(client, (size_t)(end - client->rest) + 4);
	assert_int_equal(sscanf(answer->head, "HTTP/1.1 %d", &answer->status), 1);
	return true;
}

struct answer client_read(struct client *client, bool to_head)
{
	struct answer answer = { 0 };
	if (!read_head(client, &answer))
		return answer;
	while (answer.status < 200) {
		answer.continues++;
		free(answer.head);
		answer.head = NULL;
		answer.status = 0;
		if (!read_head(client, &answer))
			return answer;
	}
	const char *length = answer_header(&answer, "Content-Length");
	size_t want = to_head || answer.status == 304 || answer.status == 204 ? 0 : strtoul(length, NULL, 10);
	if (!to_head && answer.status != 304 && answer.status != 204)
		assert_string_not_equal(length, "");
	while (client->rest_len < want)
		if (!more(client))
			break;
	answer.len = client->rest_len < want ? client->rest_len : want;
	answer.body = take(client, answer.len);
	return answer;
}

void answer_free(struct answer *answer)
{
	free(answer->head);
	free(answer->body);
	*answer = (struct answer){ 0 };
}

const char *answer_header(const struct answer *answer, const char *name)
{
	static _Thread_local char value[4096];
	size_t len = strlen(name);
	value[0] = '\0';
	const char *line = answer->head ? strstr(answer->head, "\r\n") : NULL;
	for (; line; line = strstr(line + 2, "\r\n"))
		if (strncasecmp(line + 2, name, len) == 0 && line[2 + len] == ':') {
			const char *from = line + 3 + len + strspn(line + 3 + len, " ");
			(void)snprintf(value, sizeof value, "%.*s", (int)strcspn(from, "\r"), from);
			break;
		}
	return value;
}

const char *answer_cookie(const struct answer *answer, const char *name)
{
	static _Thread_local char value[512];
	char start[128];
	(void)snprintf(start, sizeof start, "\r\nSet-Cookie: %s=", name);
	const char *at = answer->head ? strstr(answer->head, start) : NULL;
	value[0] = '\0';
	if (at)
		(void)snprintf(value, sizeof value, "%.*s", (int)strcspn(at + strlen(start), ";\r"),
		               at + strlen(start));
	return value;
}

bool client_closed(struct client *client)
{
	return client->rest_len == 0 && !more(client);
}

struct answer client_ask(int port, const char *method, const char *path, const char *headers,
                         const char *body)
{
	struct client client = client_open(port);
	size_t room = strlen(path) + strlen(headers) + (body ? strlen(body) : 0) + 256;
	char *text = calloc(1, room), length[64] = "";
	assert_non_null(text);
	if (body)
		(void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
	(void)snprintf(text, room, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s\r\n%s", method, path, port,
	               headers, length, body ? body : "");
	assert_true(client_text(&client, text));
	struct answer answer = client_read(&client, strcmp(method, "HEAD") == 0);
	free(text);
	client_close(&client);
	return answer;
}
