/* The supervisor: a small process that runs the server under it and starts it again when it dies.
 * The rule: it opens no data, takes no request and loads no plugin, so nothing of theirs can take it down.
 *
 * A deadly signal leaves on the board whose code was at work. A plugin that crashed the server three times in a minute is
 * set aside from the next start on (until the supervisor itself is started anew); an essential one never is: the server
 * waits longer before each start and the log says so at level error. The first three starts after crashes happen at once.
 * A server that was killed from outside (SIGKILL) is started at once, always.
 *
 * SIGTERM and SIGINT: the server drains and stops, the supervisor returns its exit code. SIGHUP: nothing. The server dies
 * with the supervisor.
 */
#ifndef CURB_SUPERVISOR_H
#define CURB_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "board.h"

enum {
	EXIT_REFUSED = 78,     /* the server's exit code when its configuration or data forbid a start */
	SUPERVISOR_STOP_S = 40 /* how long a stop may take before the server is killed */
};

/* Runs the server until it ends by itself or is told to: executes this same program with `args` (NULL-ended, args[0] its
 * name) and "--supervised FD" behind them. Returns the exit code of the process. */
int supervisor_run(char *const *args);

/* For the server: dies with its parent, board of the descriptor in use. NULL on failure. */
struct board *supervisor_join(int board_fd);

/* ---- the rule of crashes, apart from processes ---- */

enum { CRASHES_KEPT = 16 };

struct crash {
	int64_t at_ms;
	char plugin[BOARD_NAME]; /* "" when nobody's code was at work */
};

struct crashes {
	struct crash last[CRASHES_KEPT]; /* a ring */
	unsigned count;
};

struct verdict {
	bool set_aside;   /* the plugin of this crash */
	bool alarm;       /* an essential plugin or the core crashes again and again */
	int64_t delay_ms; /* before the next start */
};

/* Notes a crash of `plugin` ("" for the core) at `now_ms` of a clock that does not step, and judges. */
struct verdict crashes_note(struct crashes *crashes, const char *plugin, bool essential, int64_t now_ms);

#endif
