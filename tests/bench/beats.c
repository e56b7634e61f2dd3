/* bench_beats PORT SECONDS FIRST [END]: trainees at once, each sends a beat as soon as the last one is acknowledged.
 * Standard input has a line "TOKEN PLAY" a trainee. Beat number n says that second n was played; FIRST is the first n, and at
 * END a trainee is done.
 * Prints {"acked","s","p99_us","max_us","next"}; a beat that is not answered with 200 ends the program.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "asker.h"
#include "tally.h"

enum { TRAINEES_MAX = 1000, TIMES_MAX = 4000000 };

struct trainee {
	char token[64], play[40];
	int64_t seq;
};

static struct trainee trainees[TRAINEES_MAX];
static struct asker askers[TRAINEES_MAX];

static size_t read_trainees(int64_t first)
{
	size_t n = 0;
	while (n < TRAINEES_MAX && scanf("%63s %39s", trainees[n].token, trainees[n].play) == 2)
		trainees[n++].seq = first;
	return n;
}

static void beat(size_t i, int port)
{
	struct trainee *t = &trainees[i];
	char body[160], text[600];
	long long n = (long long)t->seq;
	int len = snprintf(body, sizeof body,
	                   "{\"seq\":%lld,\"played\":[[%lld,%lld]],\"rate\":1,\"position\":%lld}", n, n,
	                   n + 1, n + 1);
	int all = snprintf(text, sizeof text,
	                   "POST /api/v1/plays/%s/beats HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	                   "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
	                   "Content-Length: %d\r\n\r\n%s",
	                   t->play, port, t->token, len, body);
	if (!asker_ask(&askers[i], text, (size_t)all)) {
		perror("send");
		exit(1);
	}
	t->seq++;
}

static void hear(size_t i, struct tally *tally, int64_t *acked)
{
	enum asker_state state = asker_read(&askers[i], SIZE_MAX);
	if (state == ASKER_WAITS)
		return;
	if (state == ASKER_BROKEN || askers[i].status != 200) {
		(void)fprintf(stderr, "beat %lld of trainee %zu: %s, status %d\n",
		              (long long)trainees[i].seq - 1, i, state == ASKER_BROKEN ? "broken" : "refused",
		              askers[i].status);
		exit(1);
	}
	tally_add(tally, tick_us() - askers[i].asked_us);
	(*acked)++;
	askers[i].asked_us = 0;
}

static void run(size_t n, int port, int64_t seconds, int64_t end, struct tally *tally)
{
	int poll = askers_watch(askers, n);
	int64_t acked = 0, began = tick_us(), until = began + seconds * 1000000, next = 0;
	size_t open = n;
	for (size_t i = 0; i < n; i++)
		beat(i, port);
	while (open > 0) {
		struct epoll_event events[256];
		int got = epoll_wait(poll, events, 256, 1000);
		for (int k = 0; k < got; k++) {
			size_t i = (size_t)events[k].data.u64;
			hear(i, tally, &acked);
			if (askers[i].asked_us)
				continue;
			if (tick_us() < until && trainees[i].seq < end)
				beat(i, port);
			else
				open--;
		}
	}
	int64_t ended = tick_us();
	for (size_t i = 0; i < n; i++)
		next = trainees[i].seq > next ? trainees[i].seq : next;
	(void)printf("{\"acked\":%lld,\"s\":%.6f,\"p99_us\":%lld,\"max_us\":%lld,\"next\":%lld}\n",
	             (long long)acked, (double)(ended - began) / 1e6, (long long)tally_at(tally, 0.99),
	             (long long)tally_at(tally, 1.0), (long long)next);
}

int main(int argc, char **argv)
{
	if (argc != 4 && argc != 5) {
		(void)fprintf(stderr, "bench_beats PORT SECONDS FIRST [END] <TRAINEES\n");
		return 2;
	}
	int port = (int)number_of(argv[1]);
	struct tally tally = tally_new(TIMES_MAX);
	size_t n = read_trainees(number_of(argv[3]));
	for (size_t i = 0; i < n; i++)
		asker_open(&askers[i], port, 0);
	run(n, port, number_of(argv[2]), argc == 5 ? number_of(argv[4]) : INT64_MAX, &tally);
	tally_free(&tally);
	return n == 0;
}
