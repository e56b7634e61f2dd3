/* Loaded before the C library into the server as it is shipped: the wall clock, the boot clock and the number of the boot are those of
 * the file that CURB_CLOCK names, which a test writes (lib/clock.mjs). Every other clock goes on by itself. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

typedef int gettime_fn(clockid_t, struct timespec *);
typedef int open_fn(const char *, int, ...);

static const volatile int64_t *driven; /* wall ms, boot ms, boot number */
static gettime_fn *gettime;
static open_fn *next_open;

static void find(const char *name, void *ret_function)
{
	void *found = dlsym(RTLD_NEXT, name);
	memcpy(ret_function, &found, sizeof found);
}

__attribute__((constructor)) static void map_clock(void)
{
	find("clock_gettime", (void *)&gettime);
	find("open", (void *)&next_open);
	const char *name = getenv("CURB_CLOCK");
	int fd = name ? next_open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return; /* a worker, which sees no files, has no clock of a test */
	void *page = mmap(NULL, 3 * sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED)
		driven = page;
	(void)close(fd);
}

SHOWN int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
	if (!driven || (clock != CLOCK_REALTIME && clock != CLOCK_BOOTTIME))
		return gettime(clock, ret_time);
	int64_t ms = __atomic_load_n(&driven[clock == CLOCK_BOOTTIME], __ATOMIC_ACQUIRE);
	*ret_time = (struct timespec){ .tv_sec = (time_t)(ms / 1000),
		                       .tv_nsec = (long)(ms % 1000) * 1000000 };
	return 0;
}

/* What the kernel says of the boot: as long as its own, and another one behind each boot of the test's. */
static int open_boot_id(void)
{
	char text[38];
	(void)snprintf(text, sizeof text, "00000000-0000-4000-8000-%012lld\n", (long long)driven[2]);
	int fd = memfd_create("boot_id", MFD_CLOEXEC);
	if (fd >= 0 && (write(fd, text, 37) != 37 || lseek(fd, 0, SEEK_SET) != 0)) {
		(void)close(fd);
		fd = -1;
	}
	return fd;
}

SHOWN int open(const char *path, int flags, ...)
{
	if (driven && strcmp(path, BOOT_ID) == 0)
		return open_boot_id();
	va_list more;
	va_start(more, flags);
	mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
	va_end(more);
	return next_open(path, flags, mode);
}

SHOWN int open64(const char *path, int flags, ...) __attribute__((alias("open")));
