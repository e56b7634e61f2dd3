#include "curb/clock.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "curb/err.h"

static int64_t read_ms(clockid_t clock)
{
	struct timespec t;
	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t curb_tick_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

#ifdef CURB_TEST_CLOCK

/* wall ms, boot ms, boot number; NULL until a test maps its file */
static const volatile int64_t *driven;

int curb_clock_map(int fd)
{
	void *page = mmap(NULL, 3 * sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return curb_fail(CURB_EINVAL, "the clock's descriptor %d cannot be mapped", fd);
	driven = page;
	return 0;
}

static bool driven_ms(int which, int64_t *ret_ms)
{
	if (!driven)
		return false;
	*ret_ms = __atomic_load_n(&driven[which], __ATOMIC_ACQUIRE);
	return true;
}

#else

static bool driven_ms(int which, int64_t *ret_ms)
{
	(void)which;
	(void)ret_ms;
	return false;
}

#endif

int64_t curb_wall_ms(void)
{
	int64_t ms;
	return driven_ms(0, &ms) ? ms : read_ms(CLOCK_REALTIME);
}

int64_t curb_boot_ms(void)
{
	int64_t ms;
	return driven_ms(1, &ms) ? ms : read_ms(CLOCK_BOOTTIME);
}

static char boot_text[37];

static void read_boot_id(void)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, boot_text, 36) != 36)
		(void)snprintf(boot_text, sizeof boot_text, "unknown");
	if (fd >= 0)
		(void)close(fd);
}

const char *curb_boot_id(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	(void)pthread_once(&once, read_boot_id);
	int64_t number;
	static _Thread_local char text[37];
	if (!driven_ms(2, &number))
		return boot_text;
	(void)snprintf(text, sizeof text, "test-boot-%lld", (long long)number);
	return text;
}

void curb_time_rfc3339(int64_t wall_ms, char *ret_text)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm parts;
	(void)gmtime_r(&seconds, &parts);
	(void)strftime(ret_text, 32, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

void curb_time_http(int64_t wall_ms, char *ret_text)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm t;
	(void)gmtime_r(&seconds, &t);
	(void)snprintf(ret_text, 32, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + (size_t)t.tm_wday * 3,
	               t.tm_mday, months + (size_t)t.tm_mon * 3, (t.tm_year + 1900) % 10000, t.tm_hour,
	               t.tm_min, t.tm_sec);
}
