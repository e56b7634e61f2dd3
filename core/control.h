/* control.sock: how the other commands reach the server that runs in a data folder.
 * The rule: one request, lines of answer, one line that says how it ended. Only the owner of the folder can connect.
 *
 * Request: one line of JSON {"command":NAME, …}, with descriptors attached when the command takes files. Answer: lines of
 * JSON as the command makes them, then {"end":ERR,"text":…}. Each call has a thread of its own; those that take
 * long (imports) wait for each other, and look at `cancelled` meanwhile.
 */
#ifndef CURB_CONTROL_H
#define CURB_CONTROL_H

#include <stdbool.h>

#include "curb/json.h"

struct app;
struct control;

enum { CONTROL_FDS = 8, CONTROL_REQUEST_MAX = 1 << 20 };

/* One call, on the side that has the data: in the server, or in a command that took the lock itself. */
struct control_call {
	struct app *app;
	struct curb_arena *arena;
	const struct curb_value *request; /* arena */
	int fds[CONTROL_FDS];             /* the call's; closed behind it */
	int fd_count;
	/* Sends one line of JSON (without the newline) to whoever asked. */
	void (*line)(struct control_call *call, struct curb_str json);
	bool (*cancelled)(const struct control_call *call); /* the asker has gone, or the server stops */
	void *arg;
};

/* Listens on DATA/control.sock. Yours: control_stop, which ends a call under way and its thread. */
int control_start(struct app *app, struct control **ret_control);
void control_stop(struct control *control); /* NULL is fine */

/* ---- the asking side ---- */
struct control_ask {
	const char *config_file; /* NULL: none */
	const char *data;        /* NULL: the configuration's */
	struct curb_str request; /* {"command":…} */
	const int *fds;
	int fd_count;
	bool looking; /* without a server it is looked at the folder as it is: app.h */
	void (*line)(void *arg, struct curb_str json);
	void *arg;
};
/* Asks the server of the data folder; when none runs, takes the lock and serves the call in this process. Returns what
 * the command returned; its text is the thread's error text. */
int control_do(const struct control_ask *ask);
/* True when a server answers for this data folder. */
bool control_is_served(const char *data);

/* The thread's error text behind an end line that says `err`. Runs the row of cli/commands.h named by the request. */
int control_serve(struct control_call *call);
/* The row named by the request is one that takes long. */
bool control_takes_long(const struct control_call *call);

#endif
