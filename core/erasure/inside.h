/* What the files of erasing share. */
#ifndef CURB_CORE_ERASURE_INSIDE_H
#define CURB_CORE_ERASURE_INSIDE_H

#include <pthread.h>

#include "erasure.h"

enum { ERASURE_PARTS = 32, ERASURE_MARK = 64 };

struct erasure {
	struct curb_erasure_api api;
	struct curb_store *store;
	const char *data;
	pthread_mutex_t lock; /* guards parts and count */
	struct curb_erasure_part parts[ERASURE_PARTS];
	size_t count;
};

/* A copy of what is offered now; returns how many. */
size_t erasure_parts(struct erasure *erasure, struct curb_erasure_part ret_parts[static ERASURE_PARTS]);
/* CURB_EBUSY, by name, when a part that was offered once is not there. In any transaction. */
int erasure_all_there(struct erasure *erasure, struct curb_tx *tx);

/* ---- list.c: keyed hashes of the ids of those who were erased, 64 hex digits a line, in keys/erased ---- */
/* Adds one, durable when it returns; nothing when it is there. *ret_lines: how many there are then. */
int list_add(const char *data, struct curb_str mark, int64_t *ret_lines);
/* All of them, sorted; arena. None when there is no file. */
int list_read(const char *data, struct curb_arena *arena, struct curb_str **ret_marks, size_t *ret_n);
bool list_has(const struct curb_str *marks, size_t n, struct curb_str mark);
/* The mark of a person. Arena of tx. */
struct curb_str list_mark(struct curb_tx *tx, const struct curb_id *person);

/* ---- rows.c: in a write function ---- */
/* Destroys what the core keeps about the person, but for the row that says that she is being erased. */
int rows_erase(struct curb_tx *tx, const struct curb_id *person);

#endif
