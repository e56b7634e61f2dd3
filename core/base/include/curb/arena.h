/* Arena: memory of a request or a job, given back all at once.
 * The rule: what is "arena" is never freed by hand and never outlives the reply or the job.
 */
#ifndef CURB_ARENA_H
#define CURB_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "curb/str.h"

#ifdef __cplusplus
extern "C" {
#endif

struct curb_arena;

/* A new arena that may hold at most `max` bytes. Yours: curb_arena_free. Not thread-safe. */
struct curb_arena *curb_arena_new(size_t max);
void curb_arena_free(struct curb_arena *arena);

/* Gives everything back but keeps the first chunk (16 KB) for the next user. */
void curb_arena_reset(struct curb_arena *arena);

/* What is in it now; and giving back what was cut since then. Marks are given back newest first; a reset ends all of them. */
struct curb_arena_mark {
	void *chunk;
	size_t cut, used;
};
struct curb_arena_mark curb_arena_mark(const struct curb_arena *arena);
void curb_arena_rewind(struct curb_arena *arena, const struct curb_arena_mark *mark);

/* Zeroed memory, aligned for any type. Never NULL: past `max` it aborts, so what comes from outside is
 * bounded before it gets here (body limits, curb_buf). */
void *curb_alloc(struct curb_arena *arena, size_t size);
void *curb_alloc_n(struct curb_arena *arena, size_t count, size_t size); /* checks the product */

/* Copies, NUL-ended behind the length. */
struct curb_str curb_dup(struct curb_arena *arena, struct curb_str s);
const char *curb_cstr(struct curb_arena *arena, struct curb_str s);

/* `text` for the query of an address: all but letters, digits, "-._~" and what `also` names as %XX. */
const char *curb_encoded(struct curb_arena *arena, struct curb_str text, const char *also);
const char *curb_printf(struct curb_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *curb_vprintf(struct curb_arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Bytes handed out since the last reset, and how many more it may hand out. */
size_t curb_arena_used(const struct curb_arena *arena);
size_t curb_arena_left(const struct curb_arena *arena);

/* calloc that aborts when memory is out: for small things of bounded size. Yours: free(). */
void *curb_xcalloc(size_t count, size_t size);
char *curb_xstrdup(const char *text);

#ifdef __cplusplus
}
#endif
#endif
