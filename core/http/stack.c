/* CivetWeb asks for stacks of 100 KB, a quarter of which is gone when a handler is called; an overflow ends the process.
 * Defined in the executable, this function stands before libc's and gives each thread at least half a megabyte. What is
 * never touched costs address space alone. The start of the server checks in a request that it took effect.
 */
#include <dlfcn.h>
#include <pthread.h>

enum { LEAST = 512 * 1024 };

typedef int (*set_size_fn)(pthread_attr_t *, size_t);

__attribute__((visibility("default"))) int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
	static _Atomic(set_size_fn) libc_function;
	set_size_fn set_size = libc_function;
	if (!set_size) {
		void *symbol = dlsym(RTLD_NEXT, "pthread_attr_setstacksize");
		/* POSIX promises that the address of a function fits a pointer to data; ISO C has no cast for it. */
		__builtin_memcpy(&set_size, &symbol, sizeof set_size);
		libc_function = set_size;
	}
	return set_size(attr, size < LEAST ? LEAST : size);
}
