/* An HTTP client that sends the bytes it is told to, right or wrong, and reads what comes back.
 * The rule: one answer at a time; every wait ends after ten seconds with a failed test.
 */
#ifndef CURB_TESTS_CLIENT_H
#define CURB_TESTS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct client {
	int fd;
	char *rest; /* bytes behind the last answer */
	size_t rest_len, rest_room;
};

/* An answer; 1xx answers before it are counted. `status` 0: the connection was closed instead. */
struct answer {
	int status, continues;
	char *head; /* status line and headers, NUL-ended */
	char *body; /* NUL-ended behind `len` */
	size_t len;
};

struct client client_open(int port);
void client_close(struct client *client);

/* Sends bytes as they are; false when the other side has gone. */
bool client_send(struct client *client, const void *bytes, size_t len);
bool client_text(struct client *client, const char *text);

/* Reads one answer. `to_head`: it answers HEAD and has no body. Yours: answer_free. */
struct answer client_read(struct client *client, bool to_head);
void answer_free(struct answer *answer);

/* The value of a header, letters folded; "" when it is not there. Valid until the next call. */
const char *answer_header(const struct answer *answer, const char *name);
/* The value of a cookie that the answer sets; "" when it sets none. Valid until the next call. */
const char *answer_cookie(const struct answer *answer, const char *name);

/* True when the server has closed the connection and sent nothing more. */
bool client_closed(struct client *client);

/* One request on a connection of its own. `headers`: whole lines or "". `body` NULL: none; else its Content-Length is
 * added. */
struct answer client_ask(int port, const char *method, const char *path, const char *headers,
                         const char *body);

#endif
