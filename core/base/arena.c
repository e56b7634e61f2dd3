#include "curb/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "curb/err.h"

enum { FIRST_CHUNK = 16 * 1024, MAX_CHUNK = 1024 * 1024 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char bytes[];
};

struct curb_arena {
	struct chunk *newest; /* the chunk we cut from; the first one is at the end of the list */
	size_t max, used;
};

void *curb_xcalloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size ? size : 1);
	CURB_ASSERT(memory);
	return memory;
}

char *curb_xstrdup(const char *text)
{
	char *copy = strdup(text);
	CURB_ASSERT(copy);
	return copy;
}

static struct chunk *chunk_new(size_t size)
{
	struct chunk *chunk = malloc(sizeof *chunk + size);
	CURB_ASSERT(chunk);
	*chunk = (struct chunk){ .size = size };
	return chunk;
}

struct curb_arena *curb_arena_new(size_t max)
{
	struct curb_arena *arena = curb_xcalloc(1, sizeof *arena);
	arena->max = max;
	arena->newest = chunk_new(FIRST_CHUNK);
	return arena;
}

static void free_down_to(struct curb_arena *arena, const struct chunk *stop)
{
	while (arena->newest != stop) {
		struct chunk *next = arena->newest->next;
		free(arena->newest);
		arena->newest = next;
	}
}

void curb_arena_free(struct curb_arena *arena)
{
	if (!arena)
		return;
	free_down_to(arena, NULL);
	free(arena);
}

void curb_arena_reset(struct curb_arena *arena)
{
	const struct chunk *first = arena->newest;
	while (first->next)
		first = first->next;
	free_down_to(arena, first);
	arena->newest->used = 0;
	arena->used = 0;
}

struct curb_arena_mark curb_arena_mark(const struct curb_arena *arena)
{
	return (struct curb_arena_mark){ arena->newest, arena->newest->used, arena->used };
}

void curb_arena_rewind(struct curb_arena *arena, const struct curb_arena_mark *mark)
{
	free_down_to(arena, mark->chunk);
	arena->newest->used = mark->cut;
	arena->used = mark->used;
}

static void add_chunk(struct curb_arena *arena, size_t need)
{
	size_t size = arena->newest->size * 2;
	if (size > MAX_CHUNK)
		size = MAX_CHUNK;
	struct chunk *chunk = chunk_new(size < need ? need : size);
	chunk->next = arena->newest;
	arena->newest = chunk;
}

void *curb_alloc(struct curb_arena *arena, size_t size)
{
	CURB_ASSERT(size <= arena->max && arena->used <= arena->max - size);
	size_t whole = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (arena->newest->size - arena->newest->used < whole)
		add_chunk(arena, whole);
	void *memory = arena->newest->bytes + arena->newest->used;
	arena->newest->used += whole;
	arena->used += whole;
	return memset(memory, 0, whole);
}

void *curb_alloc_n(struct curb_arena *arena, size_t count, size_t size)
{
	size_t whole = 0;
	CURB_ASSERT(!__builtin_mul_overflow(count, size, &whole));
	return curb_alloc(arena, whole);
}

struct curb_str curb_dup(struct curb_arena *arena, struct curb_str s)
{
	if (!s.ptr)
		return s;
	char *copy = curb_alloc(arena, s.len + 1);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return curb_str_n(copy, s.len);
}

const char *curb_cstr(struct curb_arena *arena, struct curb_str s)
{
	return s.ptr ? curb_dup(arena, s).ptr : "";
}

const char *curb_vprintf(struct curb_arena *arena, const char *format, va_list args)
{
	char small[256]; /* nearly always enough: then the text is made once */
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(small, sizeof small, format, again);
	va_end(again);
	CURB_ASSERT(n >= 0);
	char *text = curb_alloc(arena, (size_t)n + 1);
	if ((size_t)n < sizeof small)
		memcpy(text, small, (size_t)n);
	else
		(void)vsnprintf(text, (size_t)n + 1, format, args);
	return text;
}

const char *curb_printf(struct curb_arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *text = curb_vprintf(arena, format, args);
	va_end(args);
	return text;
}

size_t curb_arena_used(const struct curb_arena *arena)
{
	return arena->used;
}

size_t curb_arena_left(const struct curb_arena *arena)
{
	return arena->used < arena->max ? arena->max - arena->used : 0;
}

const char *curb_encoded(struct curb_arena *arena, struct curb_str text, const char *also)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = curb_alloc(arena, text.len * 3 + 1);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		             (c && (strchr("-._~", c) || strchr(also, c)));
		if (plain) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return out;
}
