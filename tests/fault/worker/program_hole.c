/* A program that makes forms and has been taken over: its input (descriptor 3) says what it tries, as "hole argument". Exit 0: it
 * got out, or could do what it must be able to do. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "reader.h"

static int read_again(void)
{
	char bytes[8] = "";
	int fd = open("/proc/self/fd/3", O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, bytes, 5) == 5 && strcmp(bytes, "again") == 0 ? 0 : 1;
}

static void *nothing(void *arg)
{
	return arg;
}

static int have_threads(void)
{
	pthread_t thread;
	return pthread_create(&thread, NULL, nothing, NULL) || pthread_join(thread, NULL);
}

int main(void)
{
	char what[600] = "";
	if (pread(3, what, sizeof what - 1, 0) <= 0)
		return 97;
	if (strcmp(what, "again ") == 0)
		return read_again();
	if (strcmp(what, "threads ") == 0)
		return have_threads();
	if (strcmp(what, "write ") == 0)
		return write(1, "form", 4) == 4 ? 0 : 1;
	if (strcmp(what, "input ") == 0)
		return open("/proc/self/fd/3", O_RDWR | O_CLOEXEC) >= 0 ? 0 : 1;
	if (strcmp(what, "output ") == 0)
		return open("/proc/self/fd/1", O_RDONLY | O_CLOEXEC) >= 0 ? 0 : 1;
	if (strcmp(what, "large ") == 0)
		return pwrite(1, "x", 1, (off_t)17 << 30) == 1 ? 0 : 1;
	package_read(NULL, NULL, what); /* of hole.c */
	return 98;
}
