#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct tally tally_new(size_t room)
{
	struct tally tally = { .us = calloc(room, sizeof *tally.us), .room = room };
	if (!tally.us)
		abort();
	return tally;
}

void tally_free(struct tally *tally)
{
	free(tally->us);
	tally->us = NULL;
}

void tally_add(struct tally *tally, int64_t us)
{
	if (tally->count < tally->room)
		tally->us[tally->count] = us > 0 ? (uint32_t)us : 0;
	tally->count++;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

int64_t tally_at(struct tally *tally, double share)
{
	size_t kept = tally->count < tally->room ? tally->count : tally->room;
	if (kept == 0)
		return 0;
	qsort(tally->us, kept, sizeof *tally->us, by_size);
	size_t i = (size_t)((double)kept * share);
	return tally->us[i < kept ? i : kept - 1];
}

int64_t tick_us(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t number_of(const char *text)
{
	char *end = NULL;
	long long number = strtoll(text, &end, 10);
	if (end != text && *end == '\0' && number >= 0)
		return number;
	(void)fprintf(stderr, "not a number: %s\n", text);
	exit(2);
}
