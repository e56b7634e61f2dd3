/* bench_guess PORT CONNECTIONS RATE: tries to sign in at a rate that does not wait for answers, until standard input ends.
 * Its first two lines are the Cookie header of a browser and the hidden fields of the form, encoded. Every third try is at
 * "staff", who is there, the others each at a name that is not. It stands for machines elsewhere, so it runs on what
 * processor nobody else wants. Prints {"tries","answered","s","late","statuses":{"401","429","503"}}; late as in
 * bench_paced; an answer with another status ends the program.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "asker.h"
#include "tally.h"

enum { CONNECTIONS_MAX = 1000, LATE_US = 1000000, WRONG = 401, SLOW = 429, BUSY = 503 };

struct flood {
	struct asker *askers;
	size_t *idle; /* last in, first out */
	size_t n, idle_count, tries, late, wrong, slow, busy;
	char cookie[1000], form[2000];
	int64_t rate, began_us, last_us;
	int port;
	bool over;
};

static void read_line(char *to, int room, FILE *from)
{
	if (!fgets(to, room, from)) {
		(void)fprintf(stderr, "standard input has no cookie and no form\n");
		exit(2);
	}
	to[strcspn(to, "\n")] = '\0';
}

static void guess(struct flood *flood, size_t i)
{
	char body[2200], text[4000], name[32] = "staff";
	size_t number = flood->tries++;
	if (number % 3)
		(void)snprintf(name, sizeof name, "nobody%zu", number);
	int len = snprintf(body, sizeof body, "%s&name=%s&password=guess+%zu", flood->form, name, number);
	int all = snprintf(text, sizeof text,
	                   "POST /signin HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: http://127.0.0.1:%d\r\n"
	                   "Accept: text/html\r\nCookie: %s\r\nContent-Length: %d\r\n"
	                   "Content-Type: application/x-www-form-urlencoded\r\n\r\n%s",
	                   flood->port, flood->port, flood->cookie, len, body);
	if (all >= (int)sizeof text || !asker_ask(&flood->askers[i], text, (size_t)all)) {
		perror("send");
		exit(1);
	}
}

static int64_t due_of(const struct flood *flood)
{
	return flood->began_us + (int64_t)flood->tries * 1000000 / flood->rate;
}

static void guess_due(struct flood *flood)
{
	int64_t now_us = tick_us();
	while (!flood->over && flood->idle_count > 0 && due_of(flood) <= now_us) {
		flood->late += now_us - due_of(flood) > LATE_US;
		flood->last_us = now_us;
		guess(flood, flood->idle[--flood->idle_count]);
	}
}

static void hear(struct flood *flood, size_t i)
{
	struct asker *asker = &flood->askers[i];
	enum asker_state state = asker_read(asker, SIZE_MAX);
	if (state == ASKER_WAITS)
		return;
	flood->wrong += asker->status == WRONG;
	flood->slow += asker->status == SLOW;
	flood->busy += asker->status == BUSY;
	if (state == ASKER_BROKEN ||
	    (asker->status != WRONG && asker->status != SLOW && asker->status != BUSY)) {
		(void)fprintf(stderr, "a try was not refused: %s, status %d\n",
		              state == ASKER_BROKEN ? "broken" : "answered", asker->status);
		exit(1);
	}
	flood->idle[flood->idle_count++] = i;
}

static void run(struct flood *flood)
{
	int poll = askers_watch(flood->askers, flood->n);
	struct epoll_event end = { .events = EPOLLIN, .data.u64 = flood->n };
	if (epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &end) != 0) {
		perror("standard input is no pipe");
		exit(2);
	}
	flood->began_us = tick_us();
	while (!flood->over || flood->idle_count < flood->n) {
		guess_due(flood);
		int64_t wait_us = flood->idle_count && !flood->over ? due_of(flood) - tick_us() : LATE_US;
		struct timespec wait = { .tv_sec = wait_us > 0 ? wait_us / 1000000 : 0,
			                 .tv_nsec = wait_us > 0 ? wait_us % 1000000 * 1000 : 0 };
		struct epoll_event events[64];
		int got = epoll_pwait2(poll, events, 64, &wait, NULL);
		for (int k = 0; k < got; k++)
			if (events[k].data.u64 < flood->n) {
				hear(flood, (size_t)events[k].data.u64);
			} else {
				flood->over = true;
				(void)epoll_ctl(poll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
			}
	}
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		(void)fprintf(stderr, "bench_guess PORT CONNECTIONS RATE <COOKIE_AND_FORM\n");
		return 2;
	}
	static struct flood flood;
	flood.port = (int)number_of(argv[1]);
	flood.n = (size_t)number_of(argv[2]);
	flood.rate = number_of(argv[3]);
	flood.askers = calloc(flood.n, sizeof *flood.askers);
	flood.idle = calloc(flood.n, sizeof *flood.idle);
	if (flood.n < 1 || flood.n > CONNECTIONS_MAX || flood.rate < 1 || !flood.askers || !flood.idle)
		return 2;
	(void)setvbuf(stdin, NULL, _IONBF, 0); /* so that its end is seen by the poll */
	read_line(flood.cookie, sizeof flood.cookie, stdin);
	read_line(flood.form, sizeof flood.form, stdin);
	if (sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 }) != 0) {
		perror("sched_setscheduler");
		return 1;
	}
	for (size_t i = 0; i < flood.n; i++) {
		asker_open(&flood.askers[i], flood.port, 0);
		flood.idle[flood.idle_count++] = i;
	}
	run(&flood);
	(void)printf("{\"tries\":%zu,\"s\":%.6f,\"late\":%zu,\"statuses\":{\"401\":%zu,\"429\":%zu,\"503\":%"
	             "zu}}\n",
	             flood.tries, (double)(flood.last_us - flood.began_us) / 1e6, flood.late, flood.wrong,
	             flood.slow, flood.busy);
	return 0;
}
