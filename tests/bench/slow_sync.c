/* Loaded with LD_PRELOAD: each fsync and fdatasync takes 2 ms more, as on a disk without a write cache.
 */
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>

/* POSIX's own way from dlsym to a function. */
static int call(const char *name, int fd)
{
	const struct timespec more = { .tv_nsec = 2000000 };
	int (*real)(int fd);
	*(void **)(void *)&real = dlsym(RTLD_NEXT, name);
	(void)nanosleep(&more, NULL);
	return real(fd);
}

int fsync(int fd)
{
	return call("fsync", fd);
}

int fdatasync(int fd)
{
	return call("fdatasync", fd);
}
