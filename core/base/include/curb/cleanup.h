/* Cleanup of what is not arena memory, at the end of the block.
 * The rule: `CURB_AUTO(file) FILE *f = …` needs a function curb_auto_file(FILE **).
 */
#ifndef CURB_CLEANUP_H
#define CURB_CLEANUP_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "curb/arena.h"
#include "curb/buf.h"

#define CURB_AUTO(kind) __attribute__((cleanup(curb_auto_##kind)))

static inline void curb_auto_file(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

static inline void curb_auto_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void curb_auto_mem(char **memory)
{
	free(*memory);
}
static inline void curb_auto_buf(struct curb_buf *buf)
{
	curb_buf_free(buf);
}
static inline void curb_auto_arena(struct curb_arena **arena)
{
	curb_arena_free(*arena);
}

static inline pthread_mutex_t *curb_locked(pthread_mutex_t *mutex)
{
	(void)pthread_mutex_lock(mutex);
	return mutex;
}
static inline void curb_auto_lock(pthread_mutex_t **mutex)
{
	(void)pthread_mutex_unlock(*mutex);
}

/* Holds `mutex` to the end of the block. */
#define CURB_LOCKED(name, mutex) \
	CURB_AUTO(lock) __attribute__((unused)) pthread_mutex_t *name = curb_locked(mutex)

#define CURB_CONTAINER_OF(pointer, type, member) \
	((type *)(void *)((char *)(uintptr_t)(pointer)-offsetof(type, member)))

#endif
