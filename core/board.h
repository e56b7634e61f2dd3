/* The board: shared memory between supervisor and server, with a line for each thread that says at what it works.
 * The rule: a thread writes its own line only; the supervisor reads after the server has died.
 */
#ifndef CURB_BOARD_H
#define CURB_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { BOARD_LINES = 8192, BOARD_NAMES = 64, BOARD_NAME = 64, BOARD_TEXT = 160 };

struct board_line {
	char plugin[BOARD_NAME]; /* "" when idle */
	char what[192];
};

struct board_aside {
	char name[BOARD_NAME], reason[BOARD_TEXT];
};

struct board {
	atomic_int port;     /* that the server listens on; kept over restarts when the configured one is 0 */
	atomic_bool served;  /* the server has once got as far as serving */
	atomic_uint crashed; /* 1 + the line of the thread that got a deadly signal; 0: none did */
	atomic_uint lines;   /* handed out so far, never more than BOARD_LINES are used */
	unsigned aside_count, essential_count;
	struct board_aside aside[BOARD_NAMES];   /* written by the supervisor */
	char essential[BOARD_NAMES][BOARD_NAME]; /* written by the server, from the configuration */
	struct board_line line[BOARD_LINES];
};

/* A new board and the descriptor that hands it on to a child (it stays open over exec). NULL on failure. */
struct board *board_new(int *ret_fd);
/* The board of a descriptor. NULL on failure. */
struct board *board_map(int fd);

/* From here on board_at_work writes to `board`, and a deadly signal leaves a mark. Once a process. */
void board_use(struct board *board);

/* This thread works at `what` of `plugin`; NULL: at nothing. Copies. Cheap. Also tells the log and assertions. Fits
 * curb_at_work_fn. */
void board_at_work(void *arg, const char *plugin, const char *what);

#endif
