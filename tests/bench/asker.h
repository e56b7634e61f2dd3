/* One keep-alive connection that asks one thing at a time; what the bodies of replies say is dropped.
 * The rule: replies have a Content-Length; anything else is BROKEN, and the program says so and ends.
 */
#ifndef BENCH_ASKER_H
#define BENCH_ASKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct asker {
	int fd, status;
	char head[4096];
	size_t head_len;
	uint64_t left; /* of the body */
	bool in_body;
	int64_t asked_us, first_us; /* when the question left and the first byte came */
};

enum asker_state { ASKER_WAITS, ASKER_DONE, ASKER_BROKEN };

/* Connects to 127.0.0.1:port, without blocking afterwards; ends the program when it cannot. `buffer` bytes of
 * receive buffer; 0: what the kernel gives. */
void asker_open(struct asker *asker, int port, int buffer);
/* Sends a question, which fits into the socket's buffer since the last one was answered. */
bool asker_ask(struct asker *asker, const char *text, size_t len);
/* Reads what is there, at most `most` bytes of body. */
enum asker_state asker_read(struct asker *asker, size_t most);

/* An epoll descriptor that tells when each of `n` can be read; data is its index. */
int askers_watch(struct asker *askers, size_t n);

#endif
