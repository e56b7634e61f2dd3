/* bench_slow PORT READERS PATH TOKEN: holds connections that read 8 MB at 16 KB a second, over and over, until it is
 * ended. Prints "ready" when each has its first byte.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asker.h"
#include "tally.h"

enum { READERS_MAX = 1000, BUFFER = 32768, BITE = 4096, BITE_MS = 250 };

static struct asker readers[READERS_MAX];
static char question[1200];

static void ask(struct asker *reader)
{
	if (asker_ask(reader, question, strlen(question)))
		return;
	perror("send");
	exit(1);
}

static size_t bite(size_t n)
{
	size_t begun = 0;
	for (size_t i = 0; i < n; i++) {
		enum asker_state state = asker_read(&readers[i], BITE);
		begun += readers[i].first_us != 0;
		if (state == ASKER_BROKEN || (readers[i].in_body && readers[i].status != 206)) {
			(void)fprintf(stderr, "reader %zu: status %d\n", i, readers[i].status);
			exit(1);
		}
		if (state == ASKER_DONE)
			ask(&readers[i]);
	}
	return begun;
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		(void)fprintf(stderr, "bench_slow PORT READERS PATH TOKEN\n");
		return 2;
	}
	int port = (int)number_of(argv[1]);
	size_t n = (size_t)number_of(argv[2]);
	if (n > READERS_MAX)
		return 2;
	(void)snprintf(question, sizeof question,
	               "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
	               "Range: bytes=0-8388607\r\n\r\n",
	               argv[3], port, argv[4]);
	for (size_t i = 0; i < n; i++) {
		asker_open(&readers[i], port, BUFFER);
		ask(&readers[i]);
	}
	for (bool ready = false;; (void)poll(NULL, 0, BITE_MS)) {
		bool all = bite(n) == n;
		if (all && !ready) {
			(void)puts("ready");
			(void)fflush(stdout);
		}
		ready = ready || all;
	}
}
