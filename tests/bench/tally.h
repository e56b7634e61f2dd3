/* Times of many requests, and what is said of them.
 * The rule: made for at most so many; what comes after is counted and not kept.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stddef.h>
#include <stdint.h>

struct tally {
	uint32_t *us;
	size_t count, room;
};

struct tally tally_new(size_t room); /* yours: tally_free */
void tally_free(struct tally *tally);
void tally_add(struct tally *tally, int64_t us);
/* Sorts. The time that `share` of all (0 to 1) did not exceed; 0 of none. */
int64_t tally_at(struct tally *tally, double share);

/* Microseconds of the monotonic clock. */
int64_t tick_us(void);
/* A number of the command line; ends the program when it is none. */
int64_t number_of(const char *text);

#endif
