/* Time: the only place that asks the operating system for it.
 * The rule: durations come from the boot clock of one boot, never from two wall-clock readings.
 */
#ifndef CURB_CLOCK_H
#define CURB_CLOCK_H

#include <stdint.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Milliseconds since 1970-01-01T00:00:00Z; may step. */
int64_t curb_wall_ms(void);

/* Milliseconds of CLOCK_BOOTTIME: never steps, counts sleep, starts again at each boot. */
int64_t curb_boot_ms(void);

/* Identifies the boot that curb_boot_ms() counts in (36 characters). Static. */
const char *curb_boot_id(void);

/* Microseconds that only grow, for measuring our own work. */
int64_t curb_tick_us(void);
/* The same in milliseconds, for deadlines that no test's clock may move. */
static inline int64_t curb_tick_ms(void)
{
	return curb_tick_us() / 1000;
}

/* The test build's clock: three int64 (wall ms, boot ms, boot number) in a file that the test maps and
 * writes; the product's build has no such function. CURB_EINVAL when the file cannot be mapped. */
#ifdef CURB_TEST_CLOCK
int curb_clock_map(int fd);
#endif

/* "2026-11-21T08:30:00Z" (RFC 3339); `ret_text` has room for 32. */
void curb_time_rfc3339(int64_t wall_ms, char *ret_text);
/* "Sat, 21 Nov 2026 08:30:00 GMT" (RFC 9110, 5.6.7); `ret_text` has room for 32. */
void curb_time_http(int64_t wall_ms, char *ret_text);

#ifdef __cplusplus
}
#endif
#endif
