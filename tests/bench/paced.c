/* bench_paced PORT CONNECTIONS RATE SECONDS: questions at a rate that does not wait for answers.
 * Standard input has a line a question: PATH TOKEN RANGE, "-" for no token or no range; they are asked in order, round
 * and round. A time runs from when a question was due, so one that had to wait for a free connection or for this
 * program counts its wait. Prints {"done","s","p50_us","p99_us","max_us","first_p99_us","late"}; late: not sent in time
 * by more than a second, for which there should be none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "asker.h"
#include "tally.h"

enum { CONNECTIONS_MAX = 4000, TIMES_MAX = 4000000, LATE_US = 1000000 };

struct question {
	char *text;
	size_t len;
};

struct load {
	struct asker *askers;
	int64_t *due_us; /* of the question each asks */
	size_t *idle;    /* first in, first out */
	size_t n, idle_first, idle_count;
	struct question *questions;
	size_t question_count, asked, done, late;
	struct tally whole, first;
	int64_t rate, began_us;
};

static void add_question(struct load *load, const char *path, const char *token, const char *range, int port)
{
	char text[1200];
	int len = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n", path, port);
	if (strcmp(token, "-") != 0)
		len += snprintf(text + len, sizeof text - (size_t)len, "Authorization: Bearer %s\r\n", token);
	if (strcmp(range, "-") != 0)
		len += snprintf(text + len, sizeof text - (size_t)len, "Range: bytes=%s\r\n", range);
	len += snprintf(text + len, sizeof text - (size_t)len, "\r\n");
	load->questions = realloc(load->questions, (load->question_count + 1) * sizeof *load->questions);
	if (!load->questions)
		abort();
	load->questions[load->question_count++] = (struct question){ strdup(text), (size_t)len };
}

static void read_questions(struct load *load, int port)
{
	char path[400], token[100], range[100];
	while (scanf("%399s %99s %99s", path, token, range) == 3)
		add_question(load, path, token, range, port);
	if (load->question_count)
		return;
	(void)fprintf(stderr, "no questions on standard input\n");
	exit(2);
}

static int64_t due_of(const struct load *load, size_t i)
{
	return load->began_us + (int64_t)i * 1000000 / load->rate;
}

static void ask_due(struct load *load, int64_t now_us, int64_t until_us)
{
	while (load->idle_count > 0) {
		int64_t due = due_of(load, load->asked);
		if (due > now_us || due >= until_us)
			return;
		size_t i = load->idle[load->idle_first];
		load->idle_first = (load->idle_first + 1) % load->n;
		load->idle_count--;
		const struct question *q = &load->questions[load->asked++ % load->question_count];
		load->late += now_us - due > LATE_US;
		load->due_us[i] = due;
		if (!asker_ask(&load->askers[i], q->text, q->len)) {
			perror("send");
			exit(1);
		}
	}
}

static void hear(struct load *load, size_t i)
{
	struct asker *asker = &load->askers[i];
	enum asker_state state = asker_read(asker, SIZE_MAX);
	if (state == ASKER_WAITS)
		return;
	if (state == ASKER_BROKEN || asker->status / 100 != 2) {
		(void)fprintf(stderr, "question %zu: %s, status %d\n", load->done,
		              state == ASKER_BROKEN ? "broken" : "refused", asker->status);
		exit(1);
	}
	tally_add(&load->whole, tick_us() - load->due_us[i]);
	tally_add(&load->first, asker->first_us - load->due_us[i]);
	load->done++;
	load->idle[(load->idle_first + load->idle_count++) % load->n] = i;
}

static void run(struct load *load, int64_t seconds)
{
	int poll = askers_watch(load->askers, load->n);
	load->began_us = tick_us();
	int64_t until_us = load->began_us + seconds * 1000000;
	for (;;) {
		int64_t now_us = tick_us();
		ask_due(load, now_us, until_us);
		int64_t due = due_of(load, load->asked);
		if (due >= until_us && load->idle_count == load->n)
			break;
		int64_t wait_us = load->idle_count && due < until_us ? due - now_us : LATE_US;
		struct timespec wait = { .tv_sec = wait_us > 0 ? wait_us / 1000000 : 0,
			                 .tv_nsec = wait_us > 0 ? wait_us % 1000000 * 1000 : 0 };
		struct epoll_event events[256];
		int got = epoll_pwait2(poll, events, 256, &wait, NULL);
		for (int k = 0; k < got; k++)
			hear(load, (size_t)events[k].data.u64);
	}
}

static void tell(struct load *load)
{
	double s = (double)(tick_us() - load->began_us) / 1e6;
	(void)printf("{\"done\":%zu,\"s\":%.6f,\"p50_us\":%lld,\"p99_us\":%lld,\"max_us\":%lld,"
	             "\"first_p99_us\":%lld,\"late\":%zu}\n",
	             load->done, s, (long long)tally_at(&load->whole, 0.5),
	             (long long)tally_at(&load->whole, 0.99), (long long)tally_at(&load->whole, 1.0),
	             (long long)tally_at(&load->first, 0.99), load->late);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		(void)fprintf(stderr, "bench_paced PORT CONNECTIONS RATE SECONDS <QUESTIONS\n");
		return 2;
	}
	int port = (int)number_of(argv[1]);
	struct load load = { .n = (size_t)number_of(argv[2]),
		             .rate = number_of(argv[3]),
		             .whole = tally_new(TIMES_MAX),
		             .first = tally_new(TIMES_MAX) };
	if (load.n < 1 || load.n > CONNECTIONS_MAX || load.rate < 1)
		return 2;
	load.askers = calloc(load.n, sizeof *load.askers);
	load.due_us = calloc(load.n, sizeof *load.due_us);
	load.idle = calloc(load.n, sizeof *load.idle);
	if (!load.askers || !load.due_us || !load.idle)
		abort();
	read_questions(&load, port);
	for (size_t i = 0; i < load.n; i++) {
		asker_open(&load.askers[i], port, 0);
		load.idle[load.idle_count++] = i;
	}
	run(&load, number_of(argv[4]));
	tell(&load);
	return 0;
}
